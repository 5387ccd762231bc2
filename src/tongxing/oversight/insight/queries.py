"""The overview of a school, the facts of its term summary, and the records behind a figure.

Both come from one reading of the school's facts: for the same moment their figures are equal.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import Registration, Responsibility, Staff, Student, Term

from .counts import overview_figures, term_figures
from .definitions import CONTACT, STAFF, STUDENT
from .facts import school_facts
from .figures import Figure, Figures
from .term_facts import Promise, TermFacts
from .weekmap import WeekMap, week_map

LEADING = ("head", "party_secretary", "deputy", "coordinator")
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """`silent` and `waiting` are the first names behind those figures, for readers who may see them."""

    as_of: datetime.datetime
    week: Week | None
    figures: Figures
    map: WeekMap
    silent: tuple[str, ...]
    waiting: tuple[str, ...]


def overview(actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime) -> Overview:
    facts = school_facts(actor, school, term, as_of)
    figures = overview_figures(facts)
    behind = {
        code: [number for _model, number in figures[code].records]
        for code in ("silent", "week_talks_waiting")
    }
    names = dict(
        Student.objects.visible_to(actor)
        .filter(pk__in={number for numbers in behind.values() for number in numbers})
        .order_by("pinyin", "pk")
        .values_list("pk", "name")
    )
    first = {
        code: tuple(name for number, name in names.items() if number in set(numbers))[:NAMES_SHOWN]
        for code, numbers in behind.items()
    }
    return Overview(
        as_of,
        facts.calendar.week_of(facts.day),
        figures,
        week_map(facts),
        first["silent"],
        first["week_talks_waiting"],
    )


def term_summary_facts(
    actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime, next_steps: str = ""
) -> TermFacts:
    facts = school_facts(actor, school, term, as_of)
    return TermFacts(
        school=school.name,
        term=term_name(term),
        as_of=as_of,
        posts=_leading(actor, school, day_of(as_of)),
        promises=tuple(Promise(promise.code, promise.name) for promise in facts.promises),
        figures=term_figures(facts),
        next_steps=next_steps,
    )


def term_name(term: Term) -> str:
    """2026—2027学年第一学期, as it stands in official documents."""
    first, second = term.year.starts_on.year, term.year.ends_on.year
    return _("%(first)s—%(second)s school year, %(term)s") % {
        "first": first, "second": second, "term": term.get_number_display(),
    }  # fmt: skip


def _leading(actor: Actor, school: Organisation, day: datetime.date) -> tuple[tuple[str, str], ...]:
    """Who leads the school and organises its support, one line per post."""
    holders = (
        Responsibility.objects.visible_to(actor)
        .on(day)
        .filter(school=school, post__in=LEADING)
        .order_by("staff__pinyin", "staff_id")
        .values_list("post", "staff__name")
    )
    by_post: dict[str, list[str]] = {}
    for post, name in holders:
        by_post.setdefault(post, []).append(name)
    labels = dict(Responsibility.Post.choices)
    return tuple((str(labels[post]), _(", ").join(by_post[post])) for post in LEADING if post in by_post)


def figure(
    actor: Actor, school: Organisation, term: Term, code: str, as_of: datetime.datetime
) -> Figure | None:
    """One figure of the overview or the summary by its code."""
    return term_figures(school_facts(actor, school, term, as_of)).get(code)


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a figure, as far as this actor may see them; `times` counts a student's duties."""

    students: tuple[tuple[Student, int], ...] = ()
    staff: tuple[Staff, ...] = ()
    contacts: tuple[Contact, ...] = ()
    key: frozenset[int] = frozenset()

    @property
    def shown(self) -> int:
        return sum(times for _student, times in self.students) + len(self.staff) + len(self.contacts)


def behind(actor: Actor, figure: Figure) -> Behind:
    """Three queries at most, whatever the figure counts. No text of any contact is read."""
    times: dict[int, int] = {}
    for _model, number in figure.records:
        times[number] = times.get(number, 0) + 1
    model = figure.records[0][0] if figure.records else ""
    day = day_of(figure.as_of)
    if model == STAFF:
        return Behind(
            staff=tuple(Staff.objects.visible_to(actor).filter(pk__in=times).order_by("pinyin", "pk"))
        )
    if model == CONTACT:
        contacts = Contact.objects.visible_to(actor).filter(pk__in=times).select_related("student", "staff")
        return Behind(contacts=tuple(contacts.order_by("-happened_at", "-pk")))
    if model != STUDENT:
        return Behind()
    students = Student.objects.visible_to(actor).filter(pk__in=times).with_class(day)
    registered = Registration.objects.visible_to(actor).on(day).filter(student__in=times, level="key")
    return Behind(
        students=tuple(
            (student, times[student.pk])
            for student in students.order_by("class_grade", "class_number", "pinyin", "pk")
        ),
        key=frozenset(registered.values_list("student_id", flat=True)),
    )
