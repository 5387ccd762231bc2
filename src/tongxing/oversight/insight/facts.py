"""The facts of a school and term at one moment, read once: everything on the overview and in the summary is
counted from this value, so the two never differ. The number of queries does not grow with the rows.

Invariants:
- nothing here lies outside what the actor may see; a class has the same figures for its teacher and for the head;
- whether the school keeps a register, pairs, rounds and contacts at all is asked of the school, not of the reader;
- what was recorded, or ended, after `as_of` has not happened yet.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongxing.care.contacts.queries import Evidence, evidence
from tongxing.care.pairing.models import SLIP, Pair
from tongxing.care.programme import facts as programme
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.queries import obligations
from tongxing.care.programme.rules import Commitment as Rule
from tongxing.care.programme.rules import Obligation
from tongxing.care.screening.models import Looked, Round
from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import ClassMembership, Registration, SchoolClass, Student, Term
from tongxing.ground.people.queries import term_calendar

VIEW = "overview.view"
SILENT_DAYS = 14
#: What single students were promised besides, in their own plans, counted together.
PLANS = "plans"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Registered:
    """A student on the register on the day of `as_of`; `since` is when the student first came on it."""

    student_id: int
    level: str
    since: datetime.date


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment of the school's programme; `rules` are its versions, as it may have changed in the term."""

    code: str
    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """`looked`, `registered`, `pairs`: None where the school has no such record yet, so nothing can be counted."""

    as_of: datetime.datetime
    calendar: TermCalendar
    classes: tuple[SchoolClass, ...]
    class_of: Mapping[int, int]
    enrolled: frozenset[int]
    looked: frozenset[int] | None
    registered: tuple[Registered, ...] | None
    pairs: tuple[tuple[int, int], ...] | None
    """(student, helper) of the pairs that hold."""
    contacts: tuple[Evidence, ...] | None
    promises: tuple[Promised, ...]
    obligations: tuple[Obligation, ...]
    before: tuple[Evidence, ...] = ()
    """Contacts before the term that the last 14 days still reach into."""

    @property
    def day(self) -> datetime.date:
        return day_of(self.as_of)

    def codes(self, wanted: Callable[[Rule], bool]) -> frozenset[str]:
        """The commitments of a certain shape: duties are told apart by what they ask, never by their name."""
        return frozenset(promise.code for promise in self.promises if any(map(wanted, promise.rules)))

    def of_class(self, class_id: int) -> "SchoolFacts":
        """The facts of the students who were in this class on the day of `as_of`."""
        members = frozenset(student for student, one in self.class_of.items() if one == class_id)
        return replace(
            self,
            classes=tuple(one for one in self.classes if one.pk == class_id),
            class_of=dict.fromkeys(members, class_id),
            enrolled=self.enrolled & members,
            looked=None if self.looked is None else self.looked & members,
            registered=_of(members, self.registered, lambda one: one.student_id),
            pairs=_of(members, self.pairs, lambda one: one[0]),
            contacts=_of(members, self.contacts, lambda one: one.student_id),
            obligations=tuple(one for one in self.obligations if one.student_id in members),
            before=tuple(one for one in self.before if one.student_id in members),
        )


def _of(
    members: frozenset[int], rows: tuple[Row, ...] | None, student: Callable[[Row], int]
) -> tuple[Row, ...] | None:
    return None if rows is None else tuple(row for row in rows if student(row) in members)


def facts_for(
    actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime, class_id: int | None = None
) -> SchoolFacts:
    """The school's facts for those who lead it; those of one class for whoever answers for it, too."""
    if class_id is None:
        if not actor.may_all(VIEW, school_id=school.pk):
            raise NotAllowed(VIEW)
        return school_facts(actor, school, term, as_of)
    if not classes_for(actor, VIEW, term).filter(pk=class_id).exists():
        raise NotAllowed(VIEW)
    return school_facts(actor, school, term, as_of).of_class(class_id)


def school_facts(actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime) -> SchoolFacts:
    actor.require(VIEW, school_id=school.pk)
    day = day_of(as_of)
    calendar = term_calendar(term)
    members = ClassMembership.objects.visible_to(actor).on(day).filter(school=school)
    enrolled, promised = _enrolled(actor, school, day), promises(term, calendar.until)
    registered = _registered(actor, school, as_of, enrolled)
    return SchoolFacts(
        as_of=as_of,
        calendar=calendar,
        classes=tuple(SchoolClass.objects.visible_to(actor).filter(school=school, year_id=term.year_id)),
        class_of=dict(members.values_list("student_id", "school_class_id")),
        enrolled=enrolled,
        looked=_looked(actor, term, as_of),
        registered=registered,
        pairs=_pairs(actor, school, as_of),
        contacts=_contacts(actor, school, term, calendar.until, as_of),
        promises=promised,
        obligations=counted(obligations(actor, term, as_of, calendar=calendar), promised),
        before=_just_before(term, registered or (), as_of),
    )


def _just_before(
    term: Term, registered: Iterable[Registered], as_of: datetime.datetime
) -> tuple[Evidence, ...]:
    """A call of the break still counts as heard of in the first days of the next term."""
    first = day_of(as_of) - datetime.timedelta(days=SILENT_DAYS - 1)
    if first >= term.starts_on:
        return ()
    last = term.starts_on - datetime.timedelta(days=1)
    return tuple(evidence([one.student_id for one in registered], first, last, as_of))


def there_on(day: datetime.date) -> Q:
    """The students who were enrolled on that day, also if they have left since."""
    came = Q(enrolled_on=None) | Q(enrolled_on__lte=day)
    return came & (Q(status=Student.Status.ENROLLED) | Q(left_on__gt=day))


def _enrolled(actor: Actor, school: Organisation, day: datetime.date) -> frozenset[int]:
    students = Student.objects.visible_to(actor).filter(there_on(day), school=school)
    return frozenset(students.values_list("pk", flat=True))


def _looked(actor: Actor, term: Term, as_of: datetime.datetime) -> frozenset[int] | None:
    """Everyone the term's newest round at that moment had looked at. What came of it is not read: that a child
    was looked at may be known by whoever sees the child."""
    if not Round.objects.filter(term=term, opened_at__lte=as_of).exists():
        return None
    mine = Student.objects.visible_to(actor).values("pk")
    looked = Looked.objects.in_newest_round(as_of).filter(round__term=term, student__in=mine)
    return frozenset(looked.values_list("student_id", flat=True))


def held(rows: QuerySet, as_of: datetime.datetime, recorded: str) -> QuerySet:
    """The dated rows that held on the day of `as_of`, as far as was recorded by then."""
    day = day_of(as_of)
    holds = Q(ends_on=None) | Q(ends_on__gte=day) | Q(ended_at__gt=as_of)
    return rows.filter(holds, starts_on__lte=day, **{f"{recorded}__lte": as_of})


def held_pairs(pairs: QuerySet, as_of: datetime.datetime) -> QuerySet:
    """The pairs that held at that moment; one ended on its first day is known to be a slip once that is recorded."""
    return held(pairs, as_of, "confirmed_at").exclude(SLIP, ended_at__lte=as_of)


def _registered(
    actor: Actor, school: Organisation, as_of: datetime.datetime, enrolled: frozenset[int]
) -> tuple[Registered, ...] | None:
    of_school = Registration.objects.filter(school=school, recorded_at__lte=as_of)
    if not of_school.exists():
        return None
    entries = of_school.visible_to(actor)
    first: dict[int, datetime.date] = {}
    for student, since in entries.order_by("-starts_on").values_list("student_id", "starts_on"):
        first[student] = since
    rows = held(entries, as_of, "recorded_at").filter(student__in=enrolled).order_by("starts_on")
    levels = dict(rows.values_list("student_id", "level"))
    return tuple(Registered(student, levels[student], first[student]) for student in sorted(levels))


def _pairs(
    actor: Actor, school: Organisation, as_of: datetime.datetime
) -> tuple[tuple[int, int], ...] | None:
    pairs = Pair.objects.filter(school=school)
    mine = held_pairs(pairs.visible_to(actor), as_of)
    found = tuple(mine.values_list("student_id", "helper_id").order_by("pk"))
    if not found and not pairs.filter(confirmed_at__lte=as_of).exists():
        return None
    return found


def promises(term: Term, until: datetime.date) -> tuple[Promised, ...]:
    """What the school promised this term and in its break, in its order; a changed commitment is one, with its versions.

    What single students were promised besides counts together, under one name that tells nothing about them.
    """
    versions: dict[str, list[Commitment]] = {}
    for row in programme.promises(term, until):
        versions.setdefault(row.code, []).append(row)
    found = [
        Promised(
            code,
            _("%(what)s (%(whom)s)") % {"what": rows[-1].label, "whom": rows[-1].get_to_display()},
            tuple(row.rule for row in rows),
        )
        for code, rows in versions.items()
    ]
    if any(item.code not in versions for item in programme.plans(term, until)):
        found.append(Promised(PLANS, _("Besides, in students’ own plans"), ()))
    return tuple(found)


def counted(duties: Iterable[Obligation], promised: Iterable[Promised]) -> tuple[Obligation, ...]:
    """The duties by what they are counted as: those of a promise to one student alone together."""
    codes = {promise.code for promise in promised}
    return tuple(one if one.commitment in codes else one._replace(commitment=PLANS) for one in duties)


def _contacts(
    actor: Actor, school: Organisation, term: Term, until: datetime.date, as_of: datetime.datetime
) -> tuple[Evidence, ...] | None:
    """The contacts of this term and its break with students who are, or were this term, on the register; None: not one."""
    entries = Registration.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=term.starts_on), school=school, recorded_at__lte=as_of
    )
    everyone = set(entries.values_list("student_id", flat=True))
    mine = set(entries.visible_to(actor).values_list("student_id", flat=True))
    found = tuple(evidence(mine, term.starts_on, until, as_of))
    if not found and not evidence(everyone - mine, term.starts_on, until, as_of):
        return None
    return found
