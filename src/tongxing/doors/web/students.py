"""Finding a student, and the one page that tells who this child is, what is due and what was done."""

import datetime
from collections import defaultdict
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts.agreed import appointments
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.queries import Entry, timeline
from tongxing.care.contacts.rules import monday_of
from tongxing.care.pairing.models import Pair
from tongxing.care.pairing.queries import visits_by_same_sex
from tongxing.care.profiles.models import Trait
from tongxing.care.profiles.queries import traits_of
from tongxing.care.programme import wording
from tongxing.care.programme.promises import plan_lines
from tongxing.care.programme.queries import duties_of
from tongxing.care.safety.models import RiskFlag
from tongxing.care.screening.why import why
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import actions as people
from tongxing.ground.people.models import (
    Circumstance,
    Guardian,
    Registration,
    Responsibility,
    SchoolClass,
    Student,
)
from tongxing.ground.people.queries import likely_same, term_calendar
from tongxing.ground.people.search import find_students

from .around import card
from .duties import agreed_chip, chips
from .highlights import tapping
from .page import page
from .ways import ways

PER_PAGE = 50
#: What can be revealed about the student, and the masked form that says whether there is anything.
OWN_DETAILS = {"phone": "phone_masked", "address": "address_masked", "id_number": "id_number_masked"}


@page(can="student.view")
def students(request: Any) -> HttpResponse:
    """The students this person may see, narrowed by a search and two filters."""
    today = clock.today()
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    classes = list(classes_of(request, mine))
    wanted = request.GET.get("q", "").strip()[:60]
    found = find_students(mine, wanted, classes=classes, on=today) if wanted else mine.enrolled()
    shown = Paginator(_narrowed(request, found.with_class(today), classes), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": shown,
        "wanted": wanted,
        "classes": classes,
        "chosen": {name: request.GET.get(name, "") for name in ("class", "registered")},
        "sees_register": any("care" in scope.zones for scope in request.actor.scopes),
        "helpers": _helpers(request, [student.pk for student in shown]),
        "keep": kept_query(request),
    }
    return render(request, "students/list.html", context)


def classes_of(request: Any, mine: QuerySet[Student]) -> QuerySet[SchoolClass]:
    """The classes of today in which this person sees somebody."""
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    if request.term:
        classes = classes.filter(year=request.term.year)
    return classes.filter(memberships__student__in=mine).distinct()


def _narrowed(request: Any, found: Any, classes: list[SchoolClass]) -> QuerySet[Student]:
    today = clock.today()
    levels = Registration.objects.visible_to(request.actor).on(today).filter(student=OuterRef("pk"))
    found = found.annotate(level=Subquery(levels.values("level")[:1]))
    if request.GET.get("class") in {str(school_class.pk) for school_class in classes}:
        found = found.filter(class_id=request.GET["class"])
    wanted = {"registered": ["normal", "key"], "key": ["key"]}.get(request.GET.get("registered", ""))
    if wanted:
        found = found.filter(level__in=wanted)
    return found.order_by("status", "class_grade", "class_number", "pinyin", "name", "pk")


def kept_query(request: Any) -> str:
    """The search as it stands, for the links to other pages of the list."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _helpers(request: Any, student_ids: list[int]) -> dict[int, list[str]]:
    pairs = Pair.objects.visible_to(request.actor).on(clock.today()).filter(student__in=student_ids)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for student_id, name in pairs.order_by("-role", "starts_on").values_list("student_id", "helper__name"):
        names[student_id].append(name)
    return names


def _student(request: Any, student_id: int) -> Student:
    """The student, for whoever looks after this very one: a child that a teacher is guardian of is not among them."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school).with_class(clock.today())
    found = get_object_or_404(mine.select_related("key"), pk=student_id)
    request.actor.require("student.view", school_id=found.school_id, student_id=found.pk)
    return found


@page(can="student.view")
def student(request: Any, student_id: int) -> HttpResponse:
    return _page(request, _student(request, student_id))


def _page(request: Any, student: Student, **more: Any) -> HttpResponse:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    today = clock.today()
    about = {"student": student}
    registrations = Registration.objects.visible_to(request.actor).on(today).filter(**about)
    context = {
        **about,
        "level": registrations.values_list("level", flat=True).first(),
        "helpers": _helpers(request, [student.pk]).get(student.pk, []),
        "visits_by_same_sex": visits_by_same_sex(request.actor, student, today),
        "class_teachers": _class_teachers(student, today),
        "guardians": Guardian.objects.visible_to(request.actor).filter(**about),
        "circumstances": Circumstance.objects.visible_to(request.actor).valid_on(today).filter(**about),
        "facts": _facts(student, today),
        "details": _details(request, student),
        "may_reveal": request.actor.may("reveal", **ids) and request.actor.sees("contact", **ids),
        "may_write": request.actor.may("contact.write", **ids),
        "may_family": request.actor.may("family.write", **ids) and request.actor.sees("contact", **ids),
        "twins": likely_same(student) if request.actor.may("student.manage", **ids) else [],
        "traits": traits_of(request.actor, student),
        "trait_kinds": Trait.Kind.choices,
        "may_note_traits": request.actor.may("contact.write", **ids) and request.actor.sees("care", **ids),
        "trait_id": uuid4(),
        "may_note": student.status == Student.Status.ENROLLED and request.actor.may("highlight.write", **ids),
        "kinds": [kind for kind in KINDS.values() if not kind.restricted],
        "weeks": _by_week(timeline(request.actor, student)),
        "week_names": _week_names(request),
        "rhythm": wording.rhythm,
        "today": today,
        "purposes": [_("Reaching the family"), _("Finding the way for a home visit"), _("An urgent matter")],
        "due": _due(request, student),
        "differs": plan_lines(request.actor, student, today),
        "may_plan": bool(registrations) and request.actor.may("programme.plan", **ids),
        "may_exempt": bool(registrations) and request.actor.may("programme.exempt", **ids),
        "flags": RiskFlag.objects.visible_to(request.actor).not_done().filter(**about),
        "may_raise": request.actor.may("safety.raise", school_id=student.school_id),
        "ways": ways(request, student),
        "around": card(request, student),
        "why": _why(request, student) if registrations else (),
        "reveal_what": "",
        "reveal_error": "",
    } | tapping(request)
    return render(request, "students/student.html", context | more, status=422 if more else 200)


def _why(request: Any, student: Student) -> tuple[str, ...]:
    return why(request.actor, request.term, [student]).get(student.pk, ()) if request.term else ()


def _due(request: Any, student: Student) -> list[tuple[str, str]]:
    """What the school has promised this student and how it stands, what waits first."""
    agreed = appointments(request.actor, [student.pk]).get(student.pk)
    first = [agreed_chip(agreed)] if agreed else []
    if request.term is None:
        return first
    return first + chips(
        duties_of(request.actor, request.term, [student.pk], clock.now()).get(student.pk, [])
    )


def _facts(student: Student, on: datetime.date) -> list[str]:
    """What everyone near the child may know at a glance."""
    facts = [student.get_sex_display() if student.sex else ""]
    if student.birth_date:
        born = student.birth_date
        facts.append(
            _("%(n)d years old") % {"n": on.year - born.year - ((on.month, on.day) < (born.month, born.day))}
        )
    if student.boarding is not None:
        facts.append(_("boards at school") if student.boarding else _("day pupil"))
    if student.status == Student.Status.LEFT:
        facts.append(student.get_status_display())
    return [fact for fact in facts if fact]


def _week_names(request: Any) -> dict[datetime.date, str]:
    weeks = term_calendar(request.term).weeks if request.term else ()
    return {week.monday: _("Teaching week %(n)d") % {"n": week.number} for week in weeks}


def _class_teachers(student: Any, on: datetime.date) -> list[str]:
    if student.class_id is None:
        return []
    posts = Responsibility.objects.on(on).filter(post=Responsibility.Post.CLASS_TEACHER)
    return list(posts.filter(school_class=student.class_id).values_list("staff__name", flat=True))


def _details(request: Any, student: Student) -> list[tuple[str, str, str]]:
    """What can be revealed about the student itself: (field, what it is, its masked form)."""
    if not request.actor.sees("contact", school_id=student.school_id, student_id=student.pk):
        return []
    labels = {"phone": _("Phone"), "address": _("Address"), "id_number": _("ID number")}
    masked = [(field, labels[field], getattr(student, name)) for field, name in OWN_DETAILS.items()]
    return [detail for detail in masked if detail[2]]


def _by_week(entries: list[Entry]) -> list[tuple[datetime.date, list[Entry]]]:
    weeks: defaultdict[datetime.date, list[Entry]] = defaultdict(list)
    for entry in entries:
        weeks[monday_of(entry.contact.happened_at)].append(entry)
    return sorted(weeks.items(), reverse=True)


@page(can="reveal")
@require_POST
def reveal(request: Any, student_id: int) -> HttpResponse:
    """A phone, an address or an ID number, shown once after saying what for; the purpose is logged."""
    student = _student(request, student_id)
    what = request.POST.get("what", "")
    guardian = _guardian(request, student, what)
    field = "phone" if guardian else what
    if field not in OWN_DETAILS:
        raise Http404
    try:
        purpose = request.POST.get("own_words", "").strip() or request.POST.get("purpose", "")
        value = people.reveal(request.actor, student=student, field=field, purpose=purpose, guardian=guardian)
    except Refused as refusal:
        return _page(request, student, reveal_error=refusal.message, reveal_what=what)
    may_write = request.actor.may("contact.write", school_id=student.school_id, student_id=student.pk)
    context = {
        "student": student,
        "field": field,
        "guardian": guardian,
        "value": value,
        "may_write": may_write,
    }
    return render(request, "students/revealed.html", context)


def _guardian(request: Any, student: Student, what: str) -> Guardian | None:
    if not what.startswith("g") or not what[1:].isdecimal():
        return None
    return get_object_or_404(
        Guardian.objects.visible_to(request.actor).filter(student=student), pk=int(what[1:])
    )


urlpatterns = [
    path("students/", students, name="students"),
    path("students/<int:student_id>/", student, name="student"),
    path("students/<int:student_id>/reveal/", reveal, name="student-reveal"),
]
