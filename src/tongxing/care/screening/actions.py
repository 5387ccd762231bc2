"""Changing a round: run, decide, add, look in person, approve.

Invariants:
- a run never undoes what a person decided, and never takes anyone off the register;
- only an approved round writes to the register, through `people.actions.register_all`;
- nothing is approved while a child waits for a decision or has not been looked at;
- whoever changes a round holds its row, so that a run and a decision at the same moment lose nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import register_all
from tongxing.ground.people.models import Student, Term

from .facts import Facts, gather
from .models import Looked, Round, weigh
from .rules import Finding, Reason, Screening, screen
from .ruleset import RuleSet, default_rules

BATCH = 400
LEVELS = {"normal": Looked.Decision.NORMAL, "key": Looked.Decision.KEY}
_FOUND = ("outcome", "reasons", "basis", "level", "decision", "decided_by", "decided_at")


@transaction.atomic
def run_round(actor: Actor, *, term: Term, rules: RuleSet | None = None, as_of: date | None = None) -> Round:
    """Look at every enrolled student by the rules; the term's round is opened or run again.

    Decisions, students named by a person and those looked at in person stay as they are.
    """
    actor.require("screening.manage", school_id=term.school_id)
    day, moment = as_of or clock.today(), clock.now()
    round, opened = Round.objects.select_for_update().get_or_create(
        term=term,
        defaults={
            "school_id": term.school_id,
            "rules": (rules or default_rules(term.school.stage)).as_json(),
            "opened_by_id": actor.user_id,
            "opened_at": moment,
            "ran_at": moment,
        },
    )
    if rules and not opened:
        round.rules = rules.as_json()
    facts = gather(term, day, registered_before=None if opened else round.opened_at)
    result = screen(facts.students, round.rule_set, facts.school_days)
    _write_findings(round, result)
    round.ran_at, round.sources = moment, _sources(day, facts, result)
    _reopen_if_waiting(round)
    round.save()
    audit.record(
        actor,
        "screening.run",
        school_id=term.school_id,
        subject=("round", round.pk),
        detail={"students": len(facts.students), "opened": opened},
    )
    return round


def _sources(day: date, facts: Facts, result: Screening) -> dict[str, Any]:
    """What this run could see, so that “cleared” never claims more than was known."""
    bases = [finding.basis for finding in result.findings.values()]
    return {
        "as_of": day.isoformat(),
        "exams": list(facts.exams),
        "school_days": len(facts.school_days),
        "without_marks": sum("study" not in basis for basis in bases),
        "attendance": any("attendance" in basis for basis in bases),
        "absences": any("absences" in basis for basis in bases),
        "unclear_papers": sorted({subject for subject, _paper in result.unclear_papers}),
    }


def _write_findings(round: Round, result: Screening) -> None:
    before = {row.student_id: row for row in round.looked.all()}
    new, changed, gone = [], [], []
    for student_id, finding in result.findings.items():
        row = before.get(student_id)
        if row is None:
            if finding.outcome != "unseen":
                row = Looked(round=round, school_id=round.school_id, student_id=student_id)
                _merge(row, finding)
                new.append(row)
        elif finding.outcome == "unseen" and row.decided_by_id is None and row.origin == Looked.Origin.RULES:
            gone.append(row.pk)
        elif _merge(row, finding):
            changed.append(row)
    Looked.objects.bulk_create(new, batch_size=BATCH)
    Looked.objects.bulk_update(changed, _FOUND, batch_size=BATCH)
    Looked.objects.filter(pk__in=gone).delete()


def _merge(row: Looked, finding: Finding) -> bool:
    """Put a finding into a row, keeping what a person did; tells whether anything changed."""
    named = [reason for reason in row.reasons if reason["code"] == "added"]
    values: dict[str, Any] = {
        "reasons": [*(_as_json(reason) for reason in finding.reasons), *named],
        "basis": sorted(finding.basis),
        "level": finding.level or (row.level if named else ""),
    }
    if not row.is_decided and not named:
        if finding.outcome == "candidate":
            values |= {"outcome": Looked.Outcome.CANDIDATE, "decision": Looked.Decision.PENDING}
            values |= {"decided_by_id": None, "decided_at": None}
        else:
            values |= {"outcome": Looked.Outcome.CLEARED, "decision": Looked.Decision.NONE}
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def _as_json(reason: Reason) -> dict[str, Any]:
    return {**asdict(reason), "sources": [list(source) for source in reason.sources]}


def _reopen_if_waiting(round: Round) -> None:
    if round.looked.filter(decision=Looked.Decision.PENDING).exists():
        round.state = Round.State.OPEN


@transaction.atomic
def confirm(actor: Actor, *, round: Round, levels: Mapping[int, str]) -> int:
    """Confirm candidates: `levels` names normal or key per student id. One student or a whole class list."""
    actor.require("screening.manage", school_id=round.school_id)
    if not levels:
        raise Refused(_("Please choose at least one student."))
    if set(levels.values()) - set(LEVELS):
        raise Refused(_("Please choose normal or key support."), field="level")
    _hold(round)
    rows = _candidates(round, levels)
    for row in rows:
        _decide(row, actor, LEVELS[levels[row.student_id]], note="")
    return _decided(actor, "screening.confirm", round, rows)


@transaction.atomic
def set_aside(actor: Actor, *, round: Round, student: Student, reason: str) -> None:
    """No support for now, with the reason why. Nobody leaves the register by this."""
    actor.require("screening.manage", school_id=round.school_id, student_id=student.pk)
    if len(reason.strip()) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="reason")
    _hold(round)
    rows = _candidates(round, [student.pk])
    _decide(rows[0], actor, Looked.Decision.SET_ASIDE, note=reason)
    _decided(actor, "screening.set-aside", round, rows)


@transaction.atomic
def add(actor: Actor, *, round: Round, student: Student, reason: str, level: str = "normal") -> Looked:
    """Name a student whom the rules did not find; a decision is still to be made."""
    actor.require("screening.manage", school_id=round.school_id, student_id=student.pk)
    _check_enrolled(round, student)
    if len(reason.strip()) < 2:
        raise Refused(_("Please write down what you have noticed."), field="reason")
    if level not in LEVELS:
        raise Refused(_("Please choose normal or key support."), field="level")
    _hold(round)
    row = Looked.objects.filter(round=round, student=student).first() or Looked(
        round=round, school_id=round.school_id, student=student
    )
    if row.outcome == Looked.Outcome.CANDIDATE:
        raise Refused(_("This student is on the list already."), field="student")
    named = Reason("added", "notable")
    row.outcome, row.origin, row.decision = (
        Looked.Outcome.CANDIDATE,
        Looked.Origin.PERSON,
        Looked.Decision.PENDING,
    )
    row.reasons, row.level = [*row.reasons, _as_json(named)], level
    row.note, row.decided_by_id, row.decided_at = reason.strip()[:200], actor.user_id, clock.now()
    row.save()
    _decided(actor, "screening.add", round, [row])
    return row


@transaction.atomic
def look_at(actor: Actor, *, round: Round, students: Iterable[Student], note: str = "") -> int:
    """Someone looked in person at students of whom the records say nothing, and needs nothing more."""
    actor.require("screening.manage", school_id=round.school_id)
    wanted = list(students)
    if not wanted:
        raise Refused(_("Please choose at least one student."))
    for student in wanted:
        _check_enrolled(round, student)
    _hold(round)
    seen = set(Looked.objects.filter(round=round, student__in=wanted).values_list("student_id", flat=True))
    rows = [
        Looked(
            round=round,
            school_id=round.school_id,
            student=student,
            outcome=Looked.Outcome.CLEARED,
            origin=Looked.Origin.PERSON,
            note=note.strip()[:200],
            decided_by_id=actor.user_id,
            decided_at=clock.now(),
        )
        for student in wanted
        if student.pk not in seen
    ]
    Looked.objects.bulk_create(rows, batch_size=BATCH)
    _log(actor, "screening.look", round, len(rows))
    return len(rows)


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval wrote: new entries, changed levels, entries that stay as they are."""

    entered: int
    changed: int
    kept: int


@transaction.atomic
def approve(actor: Actor, *, round: Round, on: date | None = None) -> Approved:
    """The head's or deputy's yes: confirmed students enter the register from `on` (today), or change level.

    Refused while someone waits for a decision or has not been looked at. Nobody is taken off the register.
    """
    actor.require("screening.approve", school_id=round.school_id)
    _hold(round)
    _check_complete(round)
    decided = {str(decision): level for level, decision in LEVELS.items()}
    rows = Looked.objects.filter(round=round, decision__in=decided, student__status="enrolled")
    levels = {
        student: decided[decision]
        for student, decision in rows.order_by("student_id").values_list("student_id", "decision")
    }
    counts = register_all(actor, school=round.school, levels=levels, starts_on=on)
    round.state, round.approved_by_id, round.approved_at = (
        Round.State.APPROVED,
        actor.user_id,
        clock.now(),
    )
    round.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record(
        actor,
        "screening.approve",
        school_id=round.school_id,
        subject=("round", round.pk),
        detail=counts,
    )
    return Approved(**counts)


def _hold(round: Round) -> None:
    Round.objects.select_for_update().get(pk=round.pk)


def _check_complete(round: Round) -> None:
    waiting = round.looked.filter(decision=Looked.Decision.PENDING, student__status="enrolled").count()
    if waiting:
        raise Refused(
            ngettext(
                "%(n)s student still waits for a decision.",
                "%(n)s students still wait for a decision.",
                waiting,
            )
            % {"n": waiting}
        )
    looked = Looked.objects.filter(round=round).values("student")
    unseen = Student.objects.filter(school_id=round.school_id).enrolled().exclude(pk__in=looked).count()
    if unseen:
        raise Refused(
            ngettext(
                "%(n)s student has not been looked at yet.",
                "%(n)s students have not been looked at yet.",
                unseen,
            )
            % {"n": unseen}
        )


def _check_enrolled(round: Round, student: Student) -> None:
    if student.school_id != round.school_id or student.status != Student.Status.ENROLLED:
        raise Refused(_("Only students who are enrolled can be registered."), field="student")


def _candidates(round: Round, student_ids: Iterable[int]) -> list[Looked]:
    wanted = set(student_ids)
    rows = list(
        Looked.objects.select_for_update().filter(
            round=round, student__in=wanted, outcome=Looked.Outcome.CANDIDATE
        )
    )
    if len(rows) != len(wanted):
        raise Refused(_("The list has changed in the meantime. Please look again."))
    return rows


def _decide(row: Looked, actor: Actor, decision: str, note: str) -> None:
    row.decision, row.decided_by_id, row.decided_at = decision, actor.user_id, clock.now()
    row.weighed = weigh(row.reasons)
    if note:
        row.note = note.strip()[:200]
    row.save(update_fields=["decision", "decided_by", "decided_at", "weighed", "note"])


def _decided(actor: Actor, action: str, round: Round, rows: list[Looked]) -> int:
    """A decision after the approval asks for a new one."""
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)
    round.state = Round.State.OPEN
    _log(actor, action, round, len(rows), [row.student_id for row in rows])
    return len(rows)


def _log(actor: Actor, action: str, round: Round, count: int, students: list[int] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=round.school_id,
        subject=("round", round.pk),
        detail={"count": count, "students": students or []},
    )
