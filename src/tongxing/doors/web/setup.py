"""The way to the first day: what a school needs before it can begin, step by step, read from the records.

Nothing about the steps is stored: a step is done when its facts are there, and open again when they are gone.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.programme.models import Commitment
from tongxing.care.safety.queries import line
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, StartCode
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import (
    ClassMembership,
    Registration,
    SchoolClass,
    Staff,
    Student,
    Term,
)

from .page import page


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there. `leaders` and `coordinators` are names; `waiting` colleagues have neither slip nor password."""

    term: Term | None
    classes: int
    leaders: tuple[str, ...]
    coordinators: tuple[str, ...]
    staff: int
    waiting: int
    students: int
    without_class: int
    promises: int
    responders: tuple[str, ...]
    registered: int


@dataclass(frozen=True, slots=True)
class Step:
    """`now`: the first one that is not done. `can`: the ability its action needs."""

    code: str
    title: str
    why: str
    stands: str  # how far it is, in words
    done: bool
    to: str
    label: str
    can: str
    now: bool = False

    @property
    def href(self) -> str:
        return reverse(self.to)


def facts(school: Organisation) -> Facts:
    """In ten queries, whatever the size of the school."""
    today = clock.today()
    term = Term.objects.filter(school=school, ends_on__gte=today).select_related("year").first()
    has_slip = StartCode.objects.open().filter(user=OuterRef("user"))
    without_password = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__is_active=True)
    staff = Staff.objects.active(today).filter(school=school).annotate(has_slip=Exists(has_slip))
    people = staff.aggregate(
        all=Count("pk"), waiting=Count("pk", filter=without_password & Q(has_slip=False))
    )
    enrolled = Student.objects.enrolled().filter(school=school)
    in_class = ClassMembership.objects.on(today).filter(student=OuterRef("pk"))
    children = enrolled.aggregate(all=Count("pk"), outside=Count("pk", filter=~Exists(in_class)))
    posts = Grant.objects.on(today).filter(school=school, user__is_active=True)
    posts = posts.filter(role__in=(Role.HEAD, Role.DEPUTY, Role.COORDINATOR)).order_by("pk")
    named = list(posts.values_list("role", "user__name"))
    return Facts(
        term=term,
        classes=SchoolClass.objects.filter(year=term.year).count() if term else 0,
        leaders=tuple(name for role, name in named if role != Role.COORDINATOR),
        coordinators=tuple(name for role, name in named if role == Role.COORDINATOR),
        staff=people["all"],
        waiting=people["waiting"],
        students=children["all"],
        without_class=children["outside"],
        promises=Commitment.objects.filter(school=school).open().count(),
        responders=tuple(user.name for user in line(school).responders),
        registered=Registration.objects.on(today).filter(school=school).count(),
    )


def steps(known: Facts) -> list[Step]:
    """The steps in the order in which they help each other, the next one marked."""
    found = [*_of_the_school(known), *_of_the_people(known), *_of_the_care(known)]
    following = next((step.code for step in found if not step.done), "")
    return [replace(step, now=step.code == following) for step in found]


def _of_the_school(known: Facts) -> list[Step]:
    return [
        Step(
            "calendar",
            _("The calendar"),
            _("Weeks, reminders and every figure count from the term's days."),
            str(known.term) if known.term else _("No term from today on is noted yet."),
            known.term is not None,
            "settings-calendar",
            _("Set the term's days"),
            "settings.manage",
        ),
        Step(
            "leaders",
            _("Who leads and who looks at every child"),
            _("The office prepares, the head decides: nobody is put on the register by one person alone."),
            _(", ").join((*known.leaders, *known.coordinators)) or _("Nobody has been named yet."),
            bool(known.leaders and known.coordinators),
            "settings-accounts",
            _("Name the head and the coordinator"),
            "account.manage",
        ),
        Step(
            "classes",
            _("The classes"),
            _("Every child belongs to a class; the class teacher sees the own class and no other."),
            ngettext("%(n)s class this school year", "%(n)s classes this school year", known.classes)
            % {"n": known.classes},
            known.classes > 0,
            "classes",
            _("Note the classes"),
            "settings.manage",
        ),
    ]


def _of_the_people(known: Facts) -> list[Step]:
    waiting = ngettext(
        "%(n)s colleague has neither slip nor password",
        "%(n)s colleagues have neither slip nor password",
        known.waiting,
    ) % {"n": known.waiting}
    outside = ngettext("%(n)s is in no class", "%(n)s are in no class", known.without_class) % {
        "n": known.without_class
    }
    students = ngettext("%(n)s student", "%(n)s students", known.students) % {"n": known.students}
    return [
        Step(
            "staff",
            _("The colleagues"),
            _("Every teacher can look after one child, so everyone stands on the list."),
            ngettext("%(n)s colleague", "%(n)s colleagues", known.staff) % {"n": known.staff},
            known.staff > 1,
            "staff",
            _("Import or add colleagues"),
            "account.manage",
        ),
        Step(
            "slips",
            _("Slips to start with"),
            _("A slip of paper is enough to begin: no e-mail, no phone number."),
            waiting if known.waiting else _("Everyone has a slip or a password"),
            known.staff > 1 and not known.waiting,
            "slips",
            _("Print the slips"),
            "account.manage",
        ),
        Step(
            "students",
            _("The students"),
            _("Only who is on the roster can be looked at; nobody is missed by a list that is not there."),
            f"{students} · {outside}" if known.without_class else students,
            known.students > 0,
            "import",
            _("Import a list"),
            "import.run",
        ),
    ]


def _of_the_care(known: Facts) -> list[Step]:
    return [
        Step(
            "programme",
            _("What the school promises"),
            _("Talks, visits and calls are asked as the school's own plan says, no more and no less."),
            ngettext("%(n)s promise holds", "%(n)s promises hold", known.promises) % {"n": known.promises},
            known.promises > 0,
            "settings-commitments",
            _("Look at the promises"),
            "settings.manage",
        ),
        Step(
            "safety",
            _("Who is asked when a child may be in danger"),
            _("On the day it matters nobody should have to look for a name."),
            _(", ").join(known.responders) or _("Nobody has been named yet."),
            bool(known.responders),
            "settings-safety",
            _("Name the colleagues"),
            "safety.name",
        ),
        Step(
            "screening",
            _("Look at every child"),
            _("Only when every child has been looked at can one say that nobody was missed."),
            ngettext("%(n)s student on the register", "%(n)s students on the register", known.registered)
            % {"n": known.registered},
            known.registered > 0,
            "screening",
            _("Begin"),
            "screening.view",
        ),
    ]


@page(can="settings.manage")
def setup(request: Any) -> HttpResponse:
    found = steps(facts(request.school))
    allowed = {step.code for step in found if request.actor.may(step.can, school_id=request.school.pk)}
    done = sum(step.done for step in found)
    return render(request, "setup/steps.html", {"steps": found, "allowed": allowed, "done": done})


urlpatterns = [path("setup/", setup, name="setup")]
