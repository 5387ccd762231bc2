"""Signing in and out, the first page after it, choosing a language or a school, setting a password."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from tongxing.ground.access.roles import TABLE, Role
from tongxing.ground.accounts.actions import set_password, sign_in
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import has_begun

from . import demo
from .page import apply_refusal, page, say


class SignInForm(forms.Form):
    login = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    """A new password, typed twice. `user` is whose it will be."""

    new = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") != data.get("again"):
            raise ValidationError({"again": _("The two passwords differ.")})
        validate_password(data.get("new", ""), self.user)
        return data


@page(public=True)
def sign_in_page(request: Any) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = sign_in(**form.cleaned_data, address=request.META["REMOTE_ADDR"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            login(request, user)
            return redirect(_next(request))
    status = 422 if form.errors else 200
    elsewhere = list(demo.people_elsewhere().items())
    context = {
        "form": form,
        "next": _next(request),
        "demo_people": demo.people(),
        "demo_elsewhere": elsewhere,
    }
    return render(request, "signin/sign_in.html", context, status=status)


def _next(request: Any) -> str:
    """Where the person wanted to go, never another site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else reverse("home")


@require_POST
@page(signed_in=True)
def sign_out(request: Any) -> HttpResponse:
    """Families and students come in at a door of their own."""
    at_door = request.actor.may("door.family") or request.actor.may("door.student")
    list(messages.get_messages(request))  # what was not read yet is for nobody else
    logout(request)
    return redirect("door" if at_door and not request.actor.may("week.view") else "sign-in")


@page(signed_in=True)
def home(request: Any) -> HttpResponse:
    """The first page: where this person's work is, or in words what their role opens."""
    actor = request.actor
    sets_up = request.school and actor.may("settings.manage", school_id=request.school.pk)
    if sets_up and not has_begun(request.school):
        return redirect("setup")
    if request.school and actor.may_all("overview.view", school_id=request.school.pk):
        return redirect("overview")
    for ability, name in (
        ("week.view", "week"),
        ("county.view", "county"),
        ("county.needs", "county-needs"),
        ("counselling.keep", "counselling"),
        ("ledger.view", "ledger"),
    ):
        if actor.may(ability):
            return redirect(name)
    roles = [Role(scope.role) for scope in actor.scopes if scope.role in Role.values]
    students = Student.objects.visible_to(actor).select_related("school").order_by("pk")[:20]
    if not actor.roles & {
        Role.GUARDIAN,
        Role.STUDENT,
    }:  # what the county opens for hours stands on its own page
        students = students.none()
    if any(TABLE[role].reach == "school" for role in roles):
        return redirect("students")
    if actor.may("settings.manage"):
        return redirect("settings")
    if actor.may("highlight.write"):
        return redirect("highlights")
    for ability, name in (("door.family", "family-home"), ("door.student", "mine")):
        if actor.may(ability):
            return redirect(name)
    return render(request, "signin/home.html", {"roles": roles, "students": students})


@require_POST
@page(public=True)
def language(request: Any) -> HttpResponse:
    return set_language(request)


@require_POST
@page(public=True)
def theme(request: Any) -> HttpResponse:
    """Light or dark, kept in a cookie."""
    response = redirect(_next(request))
    if request.POST.get("theme") in {"light", "dark"}:
        response.set_cookie(
            "theme", request.POST["theme"], max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
        )
    return response


@require_POST
@page(signed_in=True)
def school(request: Any) -> HttpResponse:
    """Work in another of one's organisations."""
    chosen = request.POST.get("school", "")
    if not chosen.isdecimal() or int(chosen) not in request.actor.organisations:
        raise Http404
    request.session["school"] = int(chosen)
    return redirect("home")


@page(signed_in=True)
def password(request: Any) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        set_password(request.user, form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        say(request, _("Your new password holds from now on."))
        return redirect("home")
    return render(request, "signin/password.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", sign_in_page, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("language/", language, name="language"),
    path("theme/", theme, name="theme"),
    path("school/", school, name="choose-school"),
    path("password/", password, name="password"),
]
