"""The public side of the family's and the student's door: the code, the question, the PIN; and the quick way out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongxing.care.family.models import CHILD
from tongxing.ground.access import coming_in
from tongxing.ground.access.models import Invitation
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.actions import sign_in
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import PUBLIC
from tongxing.ground.kernel.errors import Refused

from .door_frame import FEW_WORDS, render_door
from .page import apply_refusal, page, say
from .slips import CodeForm

#: Which family's account came in on this device last; it names the account and opens nothing without the PIN.
DEVICE, DEVICE_LASTS = "door", 400 * 86_400
#: A student's session ends with a lesson in the computer room.
LESSON = 45 * 60
PIN_INPUT = {"autocomplete": "current-password", "inputmode": "text"}


class PinForm(forms.Form):
    """`login` is asked where nobody is known yet."""

    login = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    secret = forms.CharField(label=gettext_lazy("Your PIN"), widget=forms.PasswordInput(PIN_INPUT))

    def __init__(self, *args: Any, known: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["login"]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("The birthday, or the last four digits of the phone"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class ChooseForm(forms.Form):
    secret = forms.CharField(
        label=gettext_lazy("Your new PIN"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("Six digits that only you know. Not a birthday, not the phone number."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("secret"):
            raise forms.ValidationError(_("The two are different. Please type them once more."))
        return self.cleaned_data["again"]


@never_cache
@page(public=True)
def door(request: Any) -> HttpResponse:
    """The code of a slip (POST; the square brings it along), or one's PIN."""
    if "code" in request.GET:
        request.session["brought"] = request.GET["code"][:40]
        answered = redirect("door")  # no code stays in an address
        answered["Referrer-Policy"] = "no-referrer"
        return answered
    brought = request.session.pop("brought", "") if request.method == "GET" else ""
    given = request.POST or ({"code": brought} if brought else None)
    form = CodeForm(given)
    if given and form.is_valid() and (leads := _tried(request, form)):
        return leads
    return _door(request, form, status=422 if form.errors else 200)


def _tried(request: Any, form: CodeForm) -> HttpResponse | None:
    """Where this code leads; nothing is used up by it."""
    try:
        found = coming_in.find(form.cleaned_data["code"], address=request.META["REMOTE_ADDR"])
        request.session.cycle_key()
        if account := coming_in.account_of(found):
            request.session["door_account"] = account.pk
            return redirect("door")
        coming_in.check(found)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return None
    request.session["door"] = {"invitation": found.pk, "answered": False}
    return redirect("door-answer")


def _door(request: Any, form: CodeForm, pin: PinForm | None = None, *, status: int = 200) -> HttpResponse:
    known, is_own_device = _known(request)
    context = {
        "form": form,
        "pin": pin or PinForm(None, known=known),
        "known": known,
        "is_own_device": is_own_device,
    }
    return render_door(request, "door/door.html", context, status=status)


def _known(request: Any) -> tuple[User | None, bool]:
    """The account that the slip in hand or this device names, and whether it is the device's own."""
    device = request.get_signed_cookie(DEVICE, default="", max_age=DEVICE_LASTS)
    named = str(request.session.get("door_account", "") or device)
    user = User.objects.filter(pk=named, is_active=True).first() if named.isdecimal() else None
    return user, user is not None and named == device


@never_cache
@require_POST
@page(public=True)
def pin(request: Any) -> HttpResponse:
    known, _own = _known(request)
    form = PinForm(request.POST, known=known)
    if form.is_valid():
        name = known.login if known else "".join(form.cleaned_data["login"].split())
        try:
            user = sign_in(name, form.cleaned_data["secret"], address=request.META["REMOTE_ADDR"])
        except Refused as refusal:
            form.add_error("secret", refusal.message)
        else:
            return _enter(request, user)
    return _door(request, CodeForm(), form, status=422)


def _enter(request: Any, user: User) -> HttpResponse:
    """Signed in: a family's device remembers whose it is, a student's session lasts a lesson and leaves nothing."""
    login(request, user)
    for key in ("door", "door_account"):
        request.session.pop(key, None)
    came = redirect("home")
    if actor_for(user).may(CHILD):
        request.session.set_expiry(LESSON)
        came.delete_cookie(DEVICE)
    elif coming_in.is_family(user):
        came.set_signed_cookie(
            DEVICE, str(user.pk), max_age=DEVICE_LASTS, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
    return came


@require_POST
@page(public=True)
def forget(request: Any) -> HttpResponse:
    """“That is not me”: this device names nobody any more."""
    request.session.pop("door_account", None)
    forgotten = redirect("door")
    forgotten.delete_cookie(DEVICE)
    return forgotten


def _invitation(request: Any, *, answered: bool) -> Invitation | None:
    held = request.session.get("door") or {}
    if answered and not held.get("answered"):
        return None
    rows = Invitation.objects.select_related("school", "student__key", "student__user", "guardian__user")
    return rows.filter(pk=held.get("invitation")).first()


@never_cache
@page(public=True)
def answer(request: Any) -> HttpResponse:
    """One question: something this family knows."""
    invitation = _invitation(request, answered=False)
    if invitation is None:
        return redirect("door")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            coming_in.answer(invitation, form.cleaned_data["answer"], address=request.META["REMOTE_ADDR"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            request.session.cycle_key()
            request.session["door"] = {"invitation": invitation.pk, "answered": True}
            return redirect("door-choose")
    context = {"form": form, "invitation": invitation}
    return render_door(request, "door/answer.html", context, status=422 if form.errors else 200)


@never_cache
@page(public=True)
def choose(request: Any) -> HttpResponse:
    """The answer was right: a PIN, and in. Who has one already comes in with it, and the child is added."""
    invitation = _invitation(request, answered=True)
    if invitation is None:
        return redirect("door")
    account = coming_in.known_account(invitation) or _signed_in_family(request, invitation)
    form: forms.Form = (
        PinForm(request.POST or None, known=account) if account else ChooseForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        try:
            user = _come_in(request, invitation, account, form.cleaned_data["secret"])
        except Refused as refusal:
            form.add_error("secret", refusal.message)
        else:
            say(request, _("Welcome. You come in with “%(name)s” and your PIN.") % {"name": user.login})
            return _enter(request, user)
    context = {"form": form, "invitation": invitation, "account": account}
    return render_door(request, "door/choose.html", context, status=422 if form.errors else 200)


def _signed_in_family(request: Any, invitation: Invitation) -> User | None:
    """Whoever is in already on this device and holds a second slip."""
    fresh = invitation.guardian is not None and invitation.guardian.user_id is None
    return request.user if fresh and coming_in.is_family(request.user) else None


def _come_in(request: Any, invitation: Invitation, account: User | None, secret: str) -> User:
    if account is None:
        return coming_in.come_in(invitation, secret=secret)
    user = sign_in(account.login, secret, address=request.META["REMOTE_ADDR"])
    coming_in.join(invitation, user=user)
    return user


@page(signed_in=True)
def another_pin(request: Any) -> HttpResponse:
    """A new PIN for one's own door. Colleagues have a password and a page of their own for it."""
    if not request.actor.roles <= {Role.GUARDIAN, Role.STUDENT}:
        return redirect("password")
    form = ChooseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            coming_in.change_secret(request.user, form.cleaned_data["secret"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            update_session_auth_hash(request, request.user)
            say(request, _("Your new PIN holds from now on."))
            return redirect("home")
    return render_door(request, "door/secret.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@page(public=True)
def few_words(request: Any) -> HttpResponse:
    """Icons and few words, or everything; kept on this device."""
    back = redirect(
        request.POST.get("next") if request.POST.get("next", "").startswith("/family/") else "home"
    )
    back.set_cookie(
        FEW_WORDS, "1" if request.POST.get("wanted") == "1" else "0", max_age=DEVICE_LASTS, samesite="Lax"
    )
    return back


@never_cache
@page(public=True)
def away(request: Any) -> HttpResponse:
    """A harmless page; whoever comes from the student's door is signed out by it."""
    list(messages.get_messages(request))  # what was not read yet is for nobody else
    if request.actor.may(CHILD):
        logout(request)
        request.actor = PUBLIC
    return render_door(request, "door/away.html", {"back": reverse("sign-in")})


urlpatterns = [
    path("door/", door, name="door"),
    path("door/pin/", pin, name="door-pin"),
    path("door/forget/", forget, name="door-forget"),
    path("door/answer/", answer, name="door-answer"),
    path("door/choose/", choose, name="door-choose"),
    path("door/secret/", another_pin, name="door-secret"),
    path("door/few-words/", few_words, name="door-few-words"),
    path("today/", away, name="away"),
]
