"""Slips with one-time codes: making and printing them, and the public page where the code is typed."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import segno
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongxing.ground.access.queries import colleagues
from tongxing.ground.access.slips import Slip, make_slips, starting
from tongxing.ground.accounts import actions
from tongxing.ground.accounts.models import StartCode, User
from tongxing.ground.kernel.errors import Refused

from .fields import offer_rows
from .page import apply_refusal, page, say
from .signin import PasswordForm

ONLY_HERE = {"localhost", "127.0.0.1", "[::1]"}


class SlipsForm(forms.Form):
    """Whose slips; `batch` names the page of slips, so that loading it again makes no new codes."""

    users = forms.ModelMultipleChoiceField(
        User.objects.none(),
        error_messages={"required": gettext_lazy("Please choose at least one colleague.")},
    )
    batch = forms.UUIDField()
    even_so = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("The slips would carry an address that works on this computer alone.")
        },
    )

    def __init__(self, *args: Any, whose: Any, only_here: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not only_here:
            del self.fields["even_so"]
        offer_rows(self, "users", whose)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code on your slip"),
        max_length=40,
        help_text=gettext_lazy("Capitals and hyphens do not matter."),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class StartForm(PasswordForm):
    """A password, and the first time a sign-in name."""

    login = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=60,
        help_text=gettext_lazy("For example your name in pinyin. You need it every time you sign in."),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order = ("login", "new", "again")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        staff = getattr(user, "staff", None)
        kwargs.setdefault("initial", {"login": staff.pinyin if staff else user.login})
        super().__init__(*args, user=user, **kwargs)
        if user.last_login is not None:
            del self.fields["login"]


@page(can="account.manage")
def slips(request: Any) -> HttpResponse:
    """Who has started, who waits for a slip: choose and print."""
    return _slips(request, _form(request))


def _form(request: Any) -> SlipsForm:
    only_here = request.get_host().rsplit(":", 1)[0] in ONLY_HERE
    return SlipsForm(request.POST or None, whose=colleagues(request.school), only_here=only_here)


def _slips(request: Any, form: SlipsForm) -> HttpResponse:
    rows = starting(request.actor, request.school)
    wanted = (request.POST or request.GET).get("q", "").strip()[:60]
    context = {
        "form": form,
        "rows": [row for row in rows if wanted in row.user.name],
        "wanted": wanted,
        "ticked": request.POST.getlist("users") if form.is_bound else None,
        "waiting": sum(row.waits for row in rows),
        "batch": uuid4(),
    }
    return render(request, "slips/choose.html", context, status=422 if form.errors else 200)


@require_POST
@page(can="account.manage")
def print_slips(request: Any) -> HttpResponse:
    """The page to print. The codes are shown this once; loading it again shows the same ones."""
    form = _form(request)
    if form.is_valid():
        chosen, batch = list(form.cleaned_data["users"]), form.cleaned_data["batch"]
        try:
            made = make_slips(request.actor, school=request.school, users=chosen, batch=batch)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return _printed(request, made)
    return _slips(request, form)


def _printed(request: Any, made: list[Slip]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("start"))
    cards = [(slip, square(f"{address}?{urlencode({'code': slip.code})}")) for slip in made]
    context = {
        "cards": cards,
        "address": as_typed(address),
        "many": len(cards) > 1,
        "first_visit": settings.LAN,
    }
    return render(request, "slips/print.html", context)


def as_typed(address: str) -> str:
    """The address as one types it; without its s, one of `--lan` does not answer."""
    return (address if settings.LAN else address.split("://", 1)[1]).rstrip("/")


def square(address: str) -> str:
    """The address as a QR code, drawn in place."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=2, border=1, svgclass="qr", omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308  # drawn here from an address of our own, nothing of it is text


@never_cache
@page(public=True)
def start(request: Any) -> HttpResponse:
    """Type the code; the square on the slip brings it along. Only sending it tries it."""
    if "code" in request.GET:
        return _take_along(request)
    brought = request.session.pop("brought", "") if request.method == "GET" else ""
    form = CodeForm(request.POST or None, initial={"code": brought})
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.find_start_code(form.cleaned_data["code"], address=request.META["REMOTE_ADDR"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            request.session.cycle_key()
            request.session["start"] = found.pk
            return redirect("start-choose")
    return render(request, "slips/start.html", {"form": form}, status=422 if form.errors else 200)


def _take_along(request: Any) -> HttpResponse:
    """No code stays in an address, where history and other sites could read it."""
    request.session["brought"] = request.GET["code"][:40]
    answer = redirect("start")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@page(public=True)
def choose(request: Any) -> HttpResponse:
    """The code was right: choose a sign-in name and a password, and come in."""
    code = (
        StartCode.objects.open()
        .filter(pk=request.session.get("start"))
        .select_related("user", "school")
        .first()
    )
    if code is None:
        return redirect("start")
    form = StartForm(request.POST or None, user=code.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            user = actions.start(code, password=chosen["new"], login=chosen.get("login", ""))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            login(request, user)
            say(
                request,
                _("Welcome. From now on you sign in with “%(login)s” and your password.")
                % {"login": user.login},
            )
            return redirect("home")
    return render(
        request,
        "slips/choose_password.html",
        {"form": form, "code": code},
        status=422 if form.errors else 200,
    )


urlpatterns = [
    path("settings/slips/", slips, name="slips"),
    path("settings/slips/print/", print_slips, name="slips-print"),
    path("start/", start, name="start"),
    path("start/choose/", choose, name="start-choose"),
]
