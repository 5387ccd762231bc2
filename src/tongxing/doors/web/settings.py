"""Settings: accounts and roles, and the audit trail."""

from collections.abc import Collection
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings as django_settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access import actions as access
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import colleagues
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import add_staff
from tongxing.ground.people.models import SchoolClass, Student

from .page import apply_refusal, page, say
from .trail_words import ACTIONS

#: What the head and the administrator look at first: sensitive reads, and who was given a role or a way in.
SENSITIVE = (
    "student.reveal",
    "contact.open",
    "counselling.glass-open",
    "document.make",
    "access.grant",
    "account.activation",
)
#: Roles given by hand; a helper's come from pairing, a safety responder's with the post, a guardian's and a student's with their own doors.
GIVEN_BY_HAND = [
    (role.value, role.label)
    for role in Role
    if role not in {Role.HELPER, Role.SAFETY, Role.GUARDIAN, Role.STUDENT, Role.COUNTY_NAMED}
    and not role.value.startswith("county")
]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ColleagueForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    code = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)
    login = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example the name in pinyin. Left empty, the staff number is part of it."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=GIVEN_BY_HAND)
    school_class = forms.ModelChoiceField(
        label=gettext_lazy("Class (for class teachers)"),
        queryset=SchoolClass.objects.none(),
        required=False,
        empty_label="—",
    )

    def __init__(self, *args: Any, classes: Any, above: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [(role, name) for role, name in GIVEN_BY_HAND if role not in above]
        cast(forms.ChoiceField, self.fields["role"]).choices = given
        cast(forms.ModelChoiceField, self.fields["school_class"]).queryset = classes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_class_teacher = data.get("role") == Role.CLASS_TEACHER
        if is_class_teacher and not data.get("school_class"):
            self.add_error("school_class", _("Which class?"))
        if not is_class_teacher:
            data["school_class"] = None
        return data


@page(can="settings.manage")
def index(request: Any) -> HttpResponse:
    return render(request, "settings/index.html", {"first_visit": django_settings.LAN})


@page(can="account.manage")
def accounts(request: Any) -> HttpResponse:
    found = colleagues(request.school)
    wanted = request.GET.get("q", "").strip()
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(login__icontains=wanted))
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "settings/accounts.html", {"page": shown, "wanted": wanted})


@page(can="account.manage")
def add_colleague(request: Any) -> HttpResponse:
    """A colleague by hand; rosters come through the import."""
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            staff = add_staff(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The colleague is added. Now give a role and print the slip."))
            return redirect("settings-account", staff.user_id)
    return render(request, "settings/add_colleague.html", {"form": form}, status=422 if form.errors else 200)


@page(can="account.manage")
def account(request: Any, user_id: int) -> HttpResponse:
    """One colleague's account: give a role (POST) or look."""
    user = get_object_or_404(colleagues(request.school), pk=user_id)
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    above = access.roles_above(request.actor, request.school.pk)
    form = RoleForm(request.POST or None, classes=classes, above=above)
    if request.method == "POST" and form.is_valid():
        try:
            access.grant(request.actor, school=request.school, user=user, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The role is given."))
            return redirect("settings-account", user.pk)
    return _account(request, user, form)


def _account(request: Any, user: User, form: RoleForm) -> HttpResponse:
    grants = Grant.objects.on(clock.today()).filter(user=user, school=request.school)
    grants = grants.select_related("school_class").order_by("pk")
    context = {
        "whose": user,
        "form": form,
        "grants": grants,
        "above": access.roles_above(request.actor, request.school.pk),
        "why_not": access.out_of_reach(request.actor, school=request.school, users=[user.pk]).get(
            user.pk, ""
        ),
        "batch": uuid4(),
    }
    return render(request, "settings/account.html", context, status=422 if form.errors else 200)


@require_POST
@page(can="account.manage")
def end_role(request: Any, user_id: int, grant_id: int) -> HttpResponse:
    grants = (
        Grant.objects.on(clock.today()).filter(school=request.school, user=user_id).exclude(role=Role.HELPER)
    )
    access.end_grant(request.actor, grant=get_object_or_404(grants, pk=grant_id))
    say(request, _("The role is ended."))
    return redirect("settings-account", user_id)


@require_POST
@page(can="account.manage")
def set_active(request: Any, user_id: int) -> HttpResponse:
    user = get_object_or_404(colleagues(request.school), pk=user_id)
    active = request.POST.get("active") == "1"
    access.set_active(request.actor, school=request.school, user=user, active=active)
    undo = f"{request.path}?active={int(not active)}"
    say(request, _("The account is open.") if active else _("The account is closed."), undo=undo)
    return redirect("settings-account", user.pk)


@page(can="audit.verify")
def trail(request: Any) -> HttpResponse:
    """The audit trail of this school: who opened what; whole or not, when asked (POST).

    A purpose is written in a person's own words and may tell of a child: it is read by those who lead the school.
    """
    entries = AuditEntry.objects.filter(school_id=request.school.pk).order_by("-pk")
    if not request.actor.may("safety.respond", school_id=request.school.pk):
        entries = entries.exclude(action__startswith="safety.")  # not even how many there are
    kept = RiskFlag.objects.filter(kept_from=request.user)
    entries = entries.exclude(subject="flag", subject_id__in=kept.values("pk"))
    entries = entries.exclude(action__startswith="counselling.glass", subject_id__in=kept.values("student"))
    if request.GET.get("all") != "1":
        entries = entries.filter(action__in=SENSITIVE)
    shown = Paginator(entries, 50).get_page(request.GET.get("page"))
    names = dict(User.objects.filter(pk__in={e.user_id for e in shown}).values_list("pk", "name"))
    about = {e.subject_id for e in shown if e.subject == "student"}
    students = Student.objects.visible_to(request.actor).filter(pk__in=about).values_list("pk", "name")
    verdict = audit.verify() if request.method == "POST" else None
    context = {
        "page": shown,
        "names": names,
        "verdict": verdict,
        "words": ACTIONS,
        "students": dict(students),
    }
    leads = request.actor.may_all("overview.view", school_id=request.school.pk)
    return render(request, "settings/trail.html", context | {"reads_purposes": leads})


urlpatterns = [
    path("settings/", index, name="settings"),
    path("settings/accounts/", accounts, name="settings-accounts"),
    path("settings/accounts/new/", add_colleague, name="settings-add-colleague"),
    path("settings/accounts/<int:user_id>/", account, name="settings-account"),
    path("settings/accounts/<int:user_id>/roles/<int:grant_id>/end/", end_role, name="settings-end-role"),
    path("settings/accounts/<int:user_id>/active/", set_active, name="settings-active"),
    path("settings/audit/", trail, name="settings-audit"),
]
