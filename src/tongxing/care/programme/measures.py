"""Measures of plans that a colleague beside helper and class teacher answers for: of whom each is asked now, how it
stands, what was said about it. Asked by the same rules as every obligation; nothing is stored for it.

Invariants:
- only a plan in force asks, and only while the child is on the register;
- whoever answers for a measure sees that measure and the child's name and class, nothing else of the plan;
- what was done counts for the measure, whoever it is asked of today.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.care.contacts.rules import Evidence
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import Registration, Staff, Student, Term
from tongxing.ground.people.queries import staff_of, term_calendar

from . import facts, rules
from .models import MeasureHandover, MeasureOutcome, PlanItem, PlanMeasure, PlanVersion, TermPlan
from .models_measures import WORDS
from .queries import RHYTHM, Duty, duties_from
from .rules import Span
from .term_plan_rules import Measure
from .term_plan_texts import measure_of
from .versions import FEWEST_DAYS, USUAL_FEWEST
from .windows import Cadence

ONE_DAY = datetime.timedelta(days=1)
NOON = datetime.timedelta(hours=12)
State = PlanVersion.State


@dataclass(frozen=True, slots=True)
class Said:
    """One outcome, opened."""

    outcome: MeasureOutcome
    words: str


@dataclass(frozen=True, slots=True)
class Held:
    """A measure in a colleague's hands. `has_left`: that colleague is no longer at the school."""

    row: PlanMeasure
    plan: TermPlan
    student: Student
    measure: Measure
    holder: Staff
    has_left: bool
    duties: tuple[Duty, ...]
    said: tuple[Said, ...]

    @property
    def waits(self) -> bool:
        return any(duty.waits for duty in self.duties)

    @property
    def is_open(self) -> bool:
        """Something is still asked for now."""
        return any(duty.state in {"due", "overdue"} for duty in self.duties)


def of_colleague(actor: Actor, term: Term | None) -> list[Held]:
    """What this person answers for now, what waits first. Nobody else's measure, whatever the role."""
    staff = staff_of(actor.user_id)
    if staff is None or term is None or term.school_id not in actor.organisations:
        return []
    if staff.school_id != term.school_id:
        return []
    found = [one for one in held(TermPlan.objects.filter(_named(staff)), term) if one.holder.pk == staff.pk]
    return [one for one in found if not one.has_left]


def held_by(actor: Actor, staff: Staff, term: Term | None) -> list[Held]:
    """What is in this colleague's hands, of the children whose plans the actor reads: to hand it on."""
    if term is None:
        return []
    plans = TermPlan.objects.visible_to(actor).filter(_named(staff))
    return [one for one in held(plans, term) if one.holder.pk == staff.pk]


def without_anybody(actor: Actor, term: Term, students: Iterable[int]) -> list[Held]:
    """Measures of these children whose colleague has left: somebody has to go on."""
    plans = TermPlan.objects.visible_to(actor).filter(student__in=list(students))
    gone = Q(versions__measures__person__ends_on__lt=clock.today())
    gone |= Q(handovers__to__ends_on__lt=clock.today())
    return [one for one in held(plans.filter(gone), term) if one.has_left]


def _named(staff: Staff) -> Q:
    return Q(versions__measures__person=staff) | Q(handovers__to=staff)


def held(plans: Iterable[TermPlan], term: Term) -> list[Held]:
    """The colleagues' measures of these plans (chosen for the actor before), what waits first. The number of queries
    does not grow with them."""
    ids = {plan.pk for plan in plans if plan.term_id == term.pk and plan.ended_at is None}
    rows: defaultdict[tuple[int, UUID], list[PlanMeasure]] = defaultdict(list)
    for row in _rows(ids):
        rows[row.version.plan_id, row.key].append(row)
    current = {at: found for at, found in rows.items() if found[-1].version.state == State.APPROVED}
    students = {found[-1].version.plan.student_id for found in current.values()}
    if not students:
        return []
    day, calendar = clock.today(), term_calendar(term)
    case = _Case(term, calendar, day, students, ids)
    found = [case.of(at, rows) for at, rows in current.items() if rows[-1].version.plan.student_id in case.on]
    return sorted(found, key=lambda one: (not one.waits, one.student.pinyin, one.plan.pk, one.row.position))


def _rows(plan_ids: set[int]) -> Iterable[PlanMeasure]:
    """Each measure of a colleague in every approved version, the oldest version first."""
    approved = PlanMeasure.objects.filter(by=PlanMeasure.By.COLLEAGUE, version__plan__in=plan_ids)
    approved = approved.exclude(version__approved_at=None).exclude(every="")
    return approved.select_related("version__plan", "person").order_by("version__number", "position")


class _Case:
    """What all these measures are judged by, read once."""

    def __init__(
        self, term: Term, calendar: TermCalendar, day: datetime.date, students: set[int], plans: set[int]
    ) -> None:
        self.calendar, self.day = calendar, day
        self.handed: defaultdict[tuple[int, UUID], list[MeasureHandover]] = defaultdict(list)
        for one in MeasureHandover.objects.filter(plan__in=plans).select_related("to"):
            self.handed[one.plan_id, one.key].append(one)
        self.outcomes: defaultdict[tuple[int, UUID], list[MeasureOutcome]] = defaultdict(list)
        for said in MeasureOutcome.objects.standing().filter(plan__in=plans).select_related("staff"):
            self.outcomes[said.plan_id, said.key].append(said)
        named = Student.objects.filter(pk__in=students).with_class(day).select_related("key")
        self.students = named.in_bulk()
        self.on: set[int] = set()
        self.levels: defaultdict[int, list[Span]] = defaultdict(list)
        for entry in Registration.objects.filter(student__in=students).exclude(ends_on__lt=term.starts_on):
            span = Span(entry.level, entry.starts_on, entry.ends_on, entry.recorded_at, entry.ended_at)
            self.levels[entry.student_id].append(span)
            if span.holds(day):
                self.on.add(entry.student_id)
        self.exempted = facts.exempted(term, calendar.until, students)

    def of(self, at: tuple[int, UUID], rows: list[PlanMeasure]) -> Held:
        row, plan = rows[-1], rows[-1].version.plan
        student = self.students[plan.student_id]
        holders = _holders(rows, self.handed[at])
        holder = next(who for who, since in reversed(holders) if since <= self.day)
        outcomes = self.outcomes[at]
        item = _as_promise(rows, student)
        rule = replace(_rule(item, rows), holders=_spans(holders))
        obligations = rules.obligations(
            [rule],
            [rules.Supported(student.pk, self.levels[student.pk])],
            self.calendar,
            [_evidence(one, item.code) for one in outcomes],
            [one for one in self.exempted if one.student_id == student.pk],
            clock.now(),
        )
        duties = duties_from(obligations, [item], self.calendar, self.day).get(student.pk, [])
        return Held(
            row,
            plan,
            student,
            measure_of(student.key, row),
            holder,
            holder.ends_on is not None and holder.ends_on < self.day,
            tuple(duties),
            tuple(Said(one, unseal(student.key, one.words_sealed, WORDS)) for one in reversed(outcomes)),
        )


def _holders(rows: list[PlanMeasure], handed: list[MeasureHandover]) -> list[tuple[Staff, datetime.date]]:
    """Of whom it was asked, and since when. A new version that names the same colleague as the one before leaves what
    was handed on in between."""
    steps: list[tuple[datetime.datetime, datetime.date, Staff]] = []
    before = None
    for row in rows:
        assert row.person and row.version.approved_at  # a colleague's measure of an approved version
        if row.person_id != before:
            steps.append((row.version.approved_at, clock.day_of(row.version.approved_at), row.person))
        before = row.person_id
    steps += [(one.recorded_at, one.on, one.to) for one in handed]
    return [(who, since) for _at, since, who in sorted(steps, key=lambda step: step[:2])]


def _spans(holders: list[tuple[Staff, datetime.date]]) -> tuple[Span, ...]:
    last = [since - ONE_DAY for _who, since in holders[1:]]
    return tuple(
        Span(who.pk, since, until) for (who, since), until in zip(holders, [*last, None], strict=True)
    )


def _as_promise(rows: list[PlanMeasure], student: Student) -> PlanItem:
    """The measure as a promise to this one student, never saved: what is said about it is said in the same words."""
    row, label = rows[-1], _("As agreed")
    return PlanItem(
        school_id=row.school_id,
        student=student,
        code=f"measure-{row.key.hex[:20]}",
        label_zh=label,
        label_en=label,
        every="span" if row.every == "term" else row.every,
        n=row.n,
        min_days=1 if row.every == "term" else FEWEST_DAYS.get(row.every, USUAL_FEWEST),
    )


def _rule(item: PlanItem, rows: list[PlanMeasure]) -> rules.Commitment:
    first, last = rows[-1], rows[-1]
    for earlier, later in reversed(list(pairwise(rows))):
        goes_on = (earlier.every, earlier.n) == (
            later.every,
            later.n,
        ) and earlier.version.sent_back_at is None
        if not goes_on:
            break
        first = earlier
    assert first.version.approved_at  # see `_rows`
    starts = max(first.version.starts_on, first.starts_on or datetime.date.min)
    until = min(last.version.until, last.until or datetime.date.max)
    starts = max(starts, clock.day_of(first.version.approved_at))
    if item.every in RHYTHM:
        starts += -starts.weekday() % 7 * ONE_DAY  # from the next Monday on, as other promises of a plan
    return rules.Commitment(
        item.code,
        Cadence("span") if item.every == "span" else item.cadence,
        by="colleague",
        topics=frozenset({item.code}),
        min_days=item.min_days,
        holds=Span(None, starts, until),
        student_id=item.student_id,
    )


def _evidence(one: MeasureOutcome, code: str) -> Evidence:
    moment = min(clock.start_of(one.happened_on) + NOON, one.recorded_at)
    made = one.outcome != MeasureOutcome.Outcome.NOT
    return Evidence(one.pk, one.student_id, moment, one.recorded_at, made, "", frozenset(), frozenset({code}))
