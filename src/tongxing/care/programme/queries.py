"""What is asked of whom, read from the records: for a page, a file or a figure. Always by `rules.obligations`.

Invariants:
- one definition: nobody decides elsewhere what is due, done, recorded later, overdue or exempt;
- the number of queries depends neither on the number of students nor on that of their contacts.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tongxing.care.contacts.agreed import Appointment, appointments
from tongxing.care.contacts.queries import LastTime, evidence, last_times
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.calendar import Season, TermCalendar, Week
from tongxing.ground.people.models import Guardian, Registration, Staff, Student, Term
from tongxing.ground.people.queries import term_calendar

from . import facts, rules
from .models import Commitment, Exemption, PlanItem
from .rules import Obligation
from .windows import OF_THE_BREAK

#: Promises that come round every week or every few weeks.
RHYTHM = {"week", "weeks", "break_weeks"}


def obligations(
    actor: Actor,
    term: Term,
    as_of: datetime.datetime,
    students: Iterable[int] | None = None,
    calendar: TermCalendar | None = None,
) -> list[Obligation]:
    """Every obligation of the term and its break for the students that the actor sees, as it stood at that moment."""
    calendar = calendar or term_calendar(term)
    asked = [one.rule for one in standing(term, calendar, students)]
    return _obligations(actor, term, asked, as_of, students, calendar)


def standing(
    term: Term, calendar: TermCalendar, students: Iterable[int] | None = None
) -> list[Commitment | PlanItem]:
    """Every version of every promise of the term, the school's and those in the plans of these students."""
    until = calendar.until
    return [*facts.promises(term, until), *facts.plans(term, until, students)]


def _obligations(
    actor: Actor,
    term: Term,
    asked: list[rules.Commitment],
    as_of: datetime.datetime,
    students: Iterable[int] | None,
    calendar: TermCalendar,
) -> list[Obligation]:
    until = calendar.until
    people = facts.supported(actor, term, until, asked, students)
    ids = [person.student_id for person in people]
    if not ids or not asked:
        return []
    contacts = evidence(ids, term.starts_on, until, as_of)
    return rules.obligations(asked, people, calendar, contacts, facts.exempted(term, until, ids), as_of)


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation as a person reads it. `weeks_left` counts weeks from now, this one included: teaching weeks,
    or (`season`) weeks of that break."""

    obligation: Obligation
    promise: Commitment | PlanItem
    weeks_left: int
    is_talk: bool
    this_week: bool
    season: Season | None = None

    @property
    def state(self) -> str:
        return self.obligation.state

    @property
    def label(self) -> str:
        return self.promise.label

    @property
    def waits(self) -> bool:
        """Somebody waits for it now: it ends with this week or comes round every few weeks, and is still open."""
        return self.this_week and self.state in {"due", "overdue"}


@dataclass(frozen=True, slots=True)
class Card:
    """A student and what is asked for now, what waits first. `helper`: the colleague who accompanies, if any;
    `away`: the guardian who works elsewhere, the first of them; `agreed`: the next time that still stands;
    `as_proxy`: seen by the child's proxy parent, with what is asked of that person alone."""

    student: Student
    is_key: bool
    duties: tuple[Duty, ...]
    last: LastTime | None
    helper: Staff | None
    away: Guardian | None = None
    agreed: Appointment | None = None
    agreed_waits: bool = False
    as_proxy: bool = False

    @property
    def waits(self) -> bool:
        return self.agreed_waits or any(duty.waits for duty in self.duties)

    @property
    def wants_talk(self) -> bool:
        return any(duty.waits and duty.is_talk for duty in self.duties)

    @property
    def next(self) -> Duty | None:
        """What the card's main button is about: what waits first, else the talk."""
        open_ones = [duty for duty in self.duties if duty.state in {"overdue", "due"}]
        return next(iter(open_ones), None)

    @property
    def shown(self) -> tuple[Duty, ...]:
        """What fits on a card: of several talks with the student the one that waits first, and what is open."""
        talks = [duty for duty in self.duties if duty.is_talk and duty.state != "overdue"]
        return tuple(duty for duty in self.duties if duty not in talks[1:])

    @property
    def met_first(self) -> tuple[Duty, ...]:
        return tuple(sorted(self.shown, key=lambda duty: not duty.obligation.met))


@dataclass(frozen=True, slots=True)
class MyWeek:
    """`mine`: students whose first helper or proxy parent this colleague is; `also`: whom they also help, without being
    asked for the promises; `of_class`: the other registered ones of the own class.

    `week`: the teaching week or, where `season` says so, the week of that break.
    """

    term: Term
    day: datetime.date
    week: Week | None
    season: Season | None
    mine: tuple[Card, ...]
    also: tuple[Card, ...]
    of_class: tuple[Card, ...]

    @property
    def accompanied(self) -> tuple[Card, ...]:
        """Those whose first helper this colleague is."""
        return tuple(card for card in self.mine if not card.as_proxy)

    @property
    def waiting(self) -> tuple[Card, ...]:
        return tuple(card for card in self.mine if card.waits)

    @property
    def to_talk_with(self) -> list[Student]:
        """With whom a talk is due now, who waits longest first."""
        return [card.student for card in self.waiting if card.wants_talk or card.agreed_waits]

    @property
    def calm(self) -> tuple[Card, ...]:
        return tuple(card for card in self.mine if not card.waits)


def my_week(actor: Actor, staff: Staff, term: Term, as_of: datetime.datetime) -> MyWeek:
    """What now: the students whom this colleague accompanies, who needs something first; then the own class."""
    day, calendar = clock.day_of(as_of), term_calendar(term)
    students = registered_students(actor, staff, day)
    cards = cards_of(actor, term, students, as_of, calendar)
    helped, proxied = facts.also_helped_by(staff, day), facts.proxied_by(staff)
    mine = [_asked_of(staff, card, proxied) for card in cards if _is_mine(staff, card, proxied)]
    taken = {card.student.pk for card in mine}
    also = [card for card in cards if card.student.pk in helped - taken]
    others = [card for card in cards if card.student.pk not in helped | taken]
    recess = calendar.recess if day > calendar.ends_on else None
    week = (recess or calendar).week_of(day)
    return MyWeek(term, day, week, recess.season if recess else None, tuple(mine), tuple(also), tuple(others))


def _is_mine(staff: Staff, card: Card, proxied: set[int]) -> bool:
    return card.student.pk in proxied or bool(card.helper and card.helper.pk == staff.pk)


def _asked_of(staff: Staff, card: Card, proxied: set[int]) -> Card:
    """The first helper is asked for all but what the proxy parent is asked for, the proxy parent for that alone."""
    as_proxy = card.student.pk in proxied and not (card.helper and card.helper.pk == staff.pk)
    own = tuple(
        duty
        for duty in card.duties
        if duty.obligation.helper_id == staff.pk
        or not (as_proxy or duty.promise.by == Commitment.By.PROXY_PARENT)
    )
    card = replace(card, duties=own, as_proxy=as_proxy)
    return replace(card, agreed=None, agreed_waits=False) if as_proxy else card


def registered_students(actor: Actor, staff: Staff, day: datetime.date) -> list[Student]:
    """The registered students whom this colleague accompanies or is proxy parent of, and those of the own classes."""
    entries = Registration.objects.visible_to(actor).on(day).filter(school_id=staff.school_id)
    return list(
        Student.objects.visible_to(actor)
        .filter(pk__in=entries.filter(facts.cared_for_by(staff, day)).values("student_id"))
        .with_class(day)
        .order_by("class_grade", "class_number", "pinyin", "pk")
    )


def cards_of(
    actor: Actor, term: Term, students: list[Student], as_of: datetime.datetime, calendar: TermCalendar
) -> list[Card]:
    """One card per student, who needs something first. Students are already chosen for this actor."""
    ids, day = [student.pk for student in students], clock.day_of(as_of)
    duties = duties_of(actor, term, ids, as_of, calendar)
    helpers, keys, last = facts.helpers_on(ids, day), facts.keys_on(ids, day), last_times(actor, ids)
    away, agreed = facts.away(actor, ids), appointments(actor, ids)
    cards = [
        Card(
            student,
            student.pk in keys,
            _own(duties.get(student.pk, ()), helpers.get(student.pk)),
            last.get(student.pk),
            helpers.get(student.pk),
            away.get(student.pk),
            one := agreed.get(student.pk),
            bool(one and one.waits(day)),
        )
        for student in students
    ]
    return sorted(cards, key=lambda card: (not card.wants_talk, not card.waits, not card.is_key))


def duties_of(
    actor: Actor,
    term: Term,
    students: Iterable[int],
    as_of: datetime.datetime,
    calendar: TermCalendar | None = None,
) -> dict[int, list[Duty]]:
    """What is asked for now, per student, what waits first: the strip of a card and of the student's page."""
    calendar = calendar or term_calendar(term)
    students = list(students)
    versions = standing(term, calendar, students)
    found = _obligations(actor, term, [one.rule for one in versions], as_of, students, calendar)
    return duties_from(found, versions, calendar, clock.day_of(as_of))


def duties_from(
    found: Iterable[Obligation],
    versions: Iterable[Commitment | PlanItem],
    calendar: TermCalendar,
    day: datetime.date,
) -> dict[int, list[Duty]]:
    """Of these obligations what is asked for on that day, per student. `versions`: the promises behind them."""
    promises = _Promises(versions)
    per_student: defaultdict[int, list[Obligation]] = defaultdict(list)
    for one in found:
        per_student[one.student_id].append(one)
    in_break = day > calendar.ends_on
    return {
        student: sorted(
            (
                _duty(one, promises.of(one), calendar, day)
                for one in _now(asked, day, promises)
                if _is_shown(one, promises.of(one), in_break)
            ),
            key=_urgency,
        )
        for student, asked in per_student.items()
    }


def exemptions_of(actor: Actor, student: Student, day: datetime.date) -> list[Exemption]:
    """What rests for this student, now or later."""
    return list(Exemption.objects.visible_to(actor).standing(day).filter(student=student))


def _own(duties: Iterable[Duty], helper: Staff | None) -> tuple[Duty, ...]:
    """A helper who took over is not asked for what was left open before."""
    return tuple(
        duty
        for duty in duties
        if duty.state != "overdue"
        or helper is None
        or duty.obligation.helper_id == helper.pk
        or duty.promise.by == Commitment.By.PROXY_PARENT
    )


class _Promises:
    """The promise behind an obligation: the student's own while it holds, else the school's; the latest version."""

    def __init__(self, versions: Iterable[Commitment | PlanItem]) -> None:
        self.known = {(getattr(one, "student_id", None), one.code): one for one in versions}

    def of(self, one: Obligation) -> Commitment | PlanItem:
        own = self.known.get((one.student_id, one.commitment))
        schools = self.known.get((None, one.commitment))
        if own and (schools is None or own.ends_on is None or own.ends_on >= one.starts):
            return own
        return schools or self.known[one.student_id, one.commitment]


def _now(found: list[Obligation], day: datetime.date, promises: _Promises) -> list[Obligation]:
    """Per promise the window of today (or the next, or the last one); of talks also an unrecorded one before."""
    by_promise: defaultdict[str, list[Obligation]] = defaultdict(list)
    for one in found:
        by_promise[one.commitment].append(one)
    chosen: list[Obligation] = []
    for windows in by_promise.values():
        begun = [one for one in windows if one.starts <= day]
        current = begun[-1] if begun else windows[0]
        if current.ends < day and current.met and len(begun) < len(windows):
            current = windows[len(begun)]
        chosen.append(current)
        if promises.of(current).every in RHYTHM and len(begun) > 1 and not current.met:
            chosen += [before for before in begun[-2:-1] if before.state == "overdue"]
    return chosen


def _is_shown(one: Obligation, promise: Commitment | PlanItem, in_break: bool) -> bool:
    """In the term its own promises, in the break those of the break and what of the term is still open."""
    of_the_break = promise.every in OF_THE_BREAK
    return of_the_break == in_break or (in_break and one.state == "overdue")


def _duty(
    one: Obligation, promise: Commitment | PlanItem, calendar: TermCalendar, day: datetime.date
) -> Duty:
    in_break = promise.every in OF_THE_BREAK
    stretch = (calendar.recess if in_break else calendar) or calendar
    week = stretch.week_of(day)
    sunday = week.sunday if week else day
    left = [w for w in stretch.weeks if w.school_days and w.sunday >= day and w.monday <= one.ends]
    is_talk = "student" in promise.reached and "talk" in promise.topics
    this_week = in_break == (day > calendar.ends_on) and (
        promise.every in RHYTHM or day <= one.ends <= sunday
    )
    season = calendar.recess.season if in_break and calendar.recess else None
    return Duty(one, promise, len(left), is_talk, this_week, season)


def _urgency(duty: Duty) -> tuple:
    order = ("due", "overdue", "upcoming", "recorded_later", "done_late", "done", "exempt")
    return (
        not duty.waits,
        order.index(duty.state),
        not duty.is_talk,
        duty.obligation.ends,
        getattr(duty.promise, "position", 0),
    )
