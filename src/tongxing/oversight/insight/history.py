"""The records of a school and term with their moments: read once, then standing at any moment up to then.

Invariants:
- the number of queries grows neither with the rows nor with the moments that are looked at;
- what was recorded, ended, corrected or withdrawn after a moment has not happened yet at that moment;
- rows about students are the actor's own; that a school keeps such records at all is asked of the school.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Min, Q

from tongxing.care.contacts.queries import Revised, revised, standing_at
from tongxing.care.contacts.rules import Evidence
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import Looked, Round
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import DAY, TermCalendar
from tongxing.ground.people.models import ClassMembership, Registration, SchoolClass, Student, Term
from tongxing.ground.people.queries import term_calendar

from .holding import holds
from .school import SILENT_DAYS, Registered, SchoolFacts


class Held(NamedTuple):
    """A dated row: of whom, what (a level, a helper, a class), which days, when it was recorded and ended."""

    student_id: int
    what: str | int
    starts_on: datetime.date
    ends_on: datetime.date | None
    recorded_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None

    def holds(self, as_of: datetime.datetime) -> bool:
        """Whether it held on the day of that moment, as far as was recorded by then."""
        return holds(self, as_of)

    def was_a_slip(self, as_of: datetime.datetime) -> bool:
        """Ended on its first day, and that was recorded."""
        ended = self.ended_at is not None and self.ended_at <= as_of
        return ended and self.ends_on == self.starts_on


def later(moment: datetime.datetime | None, than: datetime.datetime) -> bool:
    return moment is not None and moment > than


class Sight(NamedTuple):
    """A student looked at in a round."""

    student_id: int
    round_id: int
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class History:
    """`rounds`: (id, opened at), the newest last. `registrations`: of the whole school; those in `mine` are the
    reader's. `first_pair`: since when the school keeps pairs at all."""

    term: Term
    calendar: TermCalendar
    classes: tuple[SchoolClass, ...]
    members: tuple[Held, ...]
    students: tuple[tuple[int, datetime.date | None, datetime.date | None, bool], ...]
    rounds: tuple[tuple[int, datetime.datetime], ...]
    looked: tuple[Sight, ...]
    registrations: tuple[Held, ...]
    mine: frozenset[int]
    pairs: tuple[Held, ...]
    first_pair: datetime.datetime | None
    revisions: tuple[Revised, ...]

    def at(self, as_of: datetime.datetime) -> SchoolFacts:
        """As it stood; without what was promised and asked, which `facts.with_duties` adds."""
        day, enrolled = day_of(as_of), self._enrolled(day_of(as_of))
        registered = self._registered(as_of, enrolled)
        return SchoolFacts(
            as_of=as_of,
            calendar=self.calendar,
            classes=self.classes,
            class_of={
                one.student_id: int(one.what)
                for one in self.members
                if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
            },
            enrolled=enrolled,
            looked=self._looked(as_of),
            registered=registered,
            pairs=self._pairs(as_of),
            contacts=self._contacts(as_of),
            before=self._just_before(registered or (), as_of),
        )

    def _enrolled(self, day: datetime.date) -> frozenset[int]:
        return frozenset(
            pk
            for pk, came, left, stays in self.students
            if (came is None or came <= day) and (stays or (left is not None and left > day))
        )

    def _looked(self, as_of: datetime.datetime) -> frozenset[int] | None:
        """Everyone the term's newest round at that moment had looked at. What came of it is not read: that a child
        was looked at may be known by whoever sees the child."""
        opened = [pk for pk, at in self.rounds if at <= as_of]
        if not opened:
            return None
        return frozenset(
            one.student_id for one in self.looked if one.round_id == opened[-1] and one.at <= as_of
        )

    def _registered(
        self, as_of: datetime.datetime, enrolled: frozenset[int]
    ) -> tuple[Registered, ...] | None:
        known = [one for one in self.registrations if not later(one.recorded_at, as_of)]
        if not known:
            return None
        own = [one for one in known if one.student_id in self.mine]
        first: dict[int, datetime.date] = {}
        levels: dict[int, str] = {}
        for one in own:  # by their first day
            first.setdefault(one.student_id, one.starts_on)
            if one.student_id in enrolled and one.holds(as_of):
                levels[one.student_id] = str(one.what)
        return tuple(Registered(pk, levels[pk], first[pk]) for pk in sorted(levels))

    def _pairs(self, as_of: datetime.datetime) -> tuple[tuple[int, int], ...] | None:
        if self.first_pair is None or self.first_pair > as_of:
            return None
        holding = (one for one in self.pairs if one.holds(as_of) and not one.was_a_slip(as_of))
        return tuple((one.student_id, int(one.what)) for one in holding)

    def _contacts(self, as_of: datetime.datetime) -> tuple[Evidence, ...] | None:
        """With students who are, or were this term, on the register; None: nobody wrote one yet."""
        supported = {
            one.student_id
            for one in self.registrations
            if not later(one.recorded_at, as_of)
            if one.ends_on is None or one.ends_on >= self.term.starts_on
        }
        found = standing_at(self.revisions, self.term.starts_on, self.calendar.until, as_of)
        of_school = [one for one in found if one.student_id in supported]
        return tuple(one for one in of_school if one.student_id in self.mine) if of_school else None

    def _just_before(
        self, registered: Iterable[Registered], as_of: datetime.datetime
    ) -> tuple[Evidence, ...]:
        """A call of the break still counts as heard of in the first days of the next term."""
        first = day_of(as_of) - (SILENT_DAYS - 1) * DAY
        if first >= self.term.starts_on:
            return ()
        students = {one.student_id for one in registered}
        found = standing_at(self.revisions, first, self.term.starts_on - DAY, as_of)
        return tuple(one for one in found if one.student_id in students)


def history(actor: Actor, school: Organisation, term: Term, until: datetime.datetime) -> History:
    """Everything recorded by `until`. A dozen queries."""
    calendar, begins = term_calendar(term), min(term.starts_on, day_of(until))
    students = Student.objects.visible_to(actor).filter(school=school)
    members = ClassMembership.objects.visible_to(actor).filter(school=school)
    members = members.filter(Q(ends_on=None) | Q(ends_on__gte=begins))
    rounds = Round.objects.filter(term=term, opened_at__lte=until).order_by("number")
    looked = Looked.objects.filter(round__in=rounds, student__in=students.values("pk"), looked_at__lte=until)
    entries = Registration.objects.filter(school=school, recorded_at__lte=until)
    registrations = _held(entries.order_by("starts_on", "pk"), "level", "recorded_at")
    pairs = Pair.objects.filter(school=school, confirmed_at__lte=until)
    known = {one.student_id for one in registrations}
    return History(
        term=term,
        calendar=calendar,
        classes=tuple(SchoolClass.objects.visible_to(actor).filter(school=school, year_id=term.year_id)),
        members=tuple(
            Held(*row) for row in members.values_list("student_id", "school_class_id", "starts_on", "ends_on")
        ),
        students=tuple(
            (pk, came, left, status == Student.Status.ENROLLED)
            for pk, came, left, status in students.values_list("pk", "enrolled_on", "left_on", "status")
        ),
        rounds=tuple(rounds.values_list("pk", "opened_at")),
        looked=tuple(Sight(*row) for row in looked.values_list("student_id", "round_id", "looked_at")),
        registrations=registrations,
        mine=frozenset(entries.visible_to(actor).values_list("student_id", flat=True)),
        pairs=_held(pairs.visible_to(actor).order_by("pk"), "helper_id", "confirmed_at"),
        first_pair=pairs.aggregate(first=Min("confirmed_at"))["first"],
        revisions=tuple(revised(known, begins - SILENT_DAYS * DAY, calendar.until, until)),
    )


def _held(rows, what: str, recorded: str) -> tuple[Held, ...]:
    found = rows.values_list("student_id", what, "starts_on", "ends_on", recorded, "ended_at")
    return tuple(Held(*row) for row in found)
