"""A round as a whole: open, run, approve."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import register_all
from tongxing.ground.people.models import Student, Term

from ..facts import Facts, gather
from ..models import Looked, Round, RuleVersion
from ..rules import Finding, Screening, as_json, screen
from ..ruleset import RuleSet, default_rules
from .holding import BATCH, LEVELS, hold, newest
from .messages import tell_class_teachers
from .nominations import take_open

_FOUND = ("outcome", "reasons", "basis", "level", "decision", "decided_by", "decided_at")


@transaction.atomic
def open_round(
    actor: Actor, *, term: Term, number: int, rules: RuleSet | None = None, as_of: date | None = None
) -> Round:
    """Open round `number` of the term and look at everyone; opened twice, it is the same round.

    A later round opens when the one before is approved. Without `rules` it takes those in force.
    """
    actor.require("screening.manage", school_id=term.school_id)
    last = newest(term)
    if last is not None and number > last.number and last.state != Round.State.APPROVED:
        raise Refused(_("Round %(n)s is not approved yet. Please finish it first.") % {"n": last.number})
    if number != (last.number if last else 0) + 1 and number != (last.number if last else 1):
        raise Refused(_("The list has changed in the meantime. Please look again."))
    moment = clock.now()
    round, opened = Round.objects.get_or_create(
        term=term,
        number=number,
        defaults={
            "school_id": term.school_id,
            "rules": (rules or rules_in_force(term.school)).as_json(),
            "opened_by_id": actor.user_id,
            "opened_at": moment,
            "ran_at": moment,
        },
    )
    if opened:
        _run(actor, round, as_of or clock.today(), opened=True)
    return round


@transaction.atomic
def run_round(actor: Actor, *, term: Term, rules: RuleSet | None = None, as_of: date | None = None) -> Round:
    """Look again at every enrolled student in the term's newest round; the first is opened by this.

    Decisions, students named by a person and those looked at in person stay as they are.
    """
    actor.require("screening.manage", school_id=term.school_id)
    round = newest(term)
    if round is None:
        return open_round(actor, term=term, number=1, rules=rules, as_of=as_of)
    if rules:
        round.rules = rules.as_json()
    _run(actor, round, as_of or clock.today(), opened=False)
    return round


def rules_in_force(school: Organisation, round: Round | None = None) -> RuleSet:
    """Those of an open round, else the ones saved last, else those of the last round, else the defaults."""
    if round is not None and round.state == Round.State.OPEN:
        return round.rule_set
    saved = RuleVersion.objects.filter(school=school).order_by("-number").first()
    last = saved or Round.objects.filter(school=school).newest_first().first()
    return last.rule_set if last else default_rules(school.stage)


def _run(actor: Actor, round: Round, day: date, *, opened: bool) -> None:
    facts = gather(round.term, day, registered_before=None if opened else round.opened_at)
    result = screen(facts.students, round.rule_set, facts.school_days)
    _write_findings(round, result)
    if opened:
        take_open(actor, round)
        tell_class_teachers(round)
    round.ran_at, round.sources = clock.now(), _sources(day, facts, result)
    _reopen_if_waiting(round)
    round.save()
    audit.record(
        actor,
        "screening.run",
        school_id=round.school_id,
        subject=("round", round.pk),
        detail={"students": len(facts.students), "opened": opened, "number": round.number},
    )


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
                row = Looked(
                    round=round, school_id=round.school_id, student_id=student_id, looked_at=clock.now()
                )
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
        "reasons": [*(as_json(reason) for reason in finding.reasons), *named],
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


def _reopen_if_waiting(round: Round) -> None:
    if round.looked.filter(decision=Looked.Decision.PENDING).exists():
        round.state = Round.State.OPEN


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval wrote: new entries, changed levels, confirmed students who stay as they are."""

    entered: int
    changed: int
    kept: int


@transaction.atomic
def approve(actor: Actor, *, round: Round, on: date | None = None) -> Approved:
    """The head's or deputy's yes: confirmed students enter the register from `on` (today), or change level.

    Refused while someone waits for a decision or has not been looked at. Nobody is taken off the register.
    Approved again, only what was decided since is written: who has left the register or changed level meanwhile
    by a step of its own stays so, until someone decides anew.
    """
    actor.require("screening.approve", school_id=round.school_id)
    hold(round)
    round.refresh_from_db(fields=["approved_at"])
    _check_complete(round)
    decided = {str(decision): level for level, decision in LEVELS.items()}
    confirmed = Looked.objects.filter(round=round, decision__in=decided, student__status="enrolled")
    rows = confirmed.filter(decided_at__gt=round.approved_at) if round.approved_at else confirmed
    levels = {
        student: decided[decision]
        for student, decision in rows.order_by("student_id").values_list("student_id", "decision")
    }
    counts = register_all(actor, school=round.school, levels=levels, starts_on=on)
    counts["kept"] += confirmed.count() - len(levels)
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
