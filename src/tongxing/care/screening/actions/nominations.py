"""What people say about a child: written down at once, taken up by a round or answered, never lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student, Term
from tongxing.ground.people.queries import current_term

from ..models import ClassVisit, Looked, Nomination, Round
from ..rules import Reason, as_json
from .holding import BATCH, LEVELS, hold, newest, reopen
from .messages import tell_of_request, tell_the_writer

SOURCE_OF_ROLE = {
    "guardian": Nomination.Source.GUARDIAN,
    "helper": Nomination.Source.HELPER,
    "counsellor": Nomination.Source.COUNSELLOR,
    "class_teacher": Nomination.Source.CLASS_TEACHER,
    "subject_teacher": Nomination.Source.SUBJECT_TEACHER,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. `source` and `by` count from those only who key in for others; the rest speak for themselves."""

    words: str
    level: str = "normal"
    source: str = ""
    by: str = ""
    on: date | None = None
    client_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def nominate(actor: Actor, *, student: Student, said: Said) -> Nomination | None:
    """Someone asks that a child be looked at. An open round takes it up at once; sent twice it is one.

    Words that speak of danger go to those who answer for safety, today, and stand on no list: then None.
    """
    actor.require("screening.request", school_id=student.school_id, student_id=student.pk)
    if (known := _sent_before(student, said)) is not None:
        return known
    _check(student, said)
    if look_for_danger(actor, student=student, text=said.words):
        return None
    return once(lambda: _sent_before(student, said), lambda: _nominate(actor, student, said))


def _sent_before(student: Student, said: Said) -> Nomination | None:
    return Nomination.objects.filter(client_id=said.client_id, student=student).first()


def _nominate(actor: Actor, student: Student, said: Said) -> Nomination:
    nomination = write(actor, student, said)
    take_if_open(actor, student.school, [nomination])
    if nomination.is_open:
        tell_of_request(nomination)
    audit.record(
        actor,
        "screening.nominate",
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"nomination": nomination.pk, "source": nomination.source},
    )
    return nomination


def _check(student: Student, said: Said) -> None:
    if student.status != Student.Status.ENROLLED:
        raise Refused(_("Only students who are enrolled can be registered."), field="student")
    if len(said.words.strip()) < 2:
        raise Refused(_("Please write down what you have noticed."), field="words")
    if said.level not in LEVELS:
        raise Refused(_("Please choose normal or key support."), field="level")
    day = said.on or clock.today()
    if not clock.today() - timedelta(days=366) <= day <= clock.today():
        raise Refused(_("This day cannot be right."), field="on")


def take_if_open(actor: Actor, school: Organisation, nominations: list[Nomination]) -> None:
    """An open round takes them up at once; otherwise they wait."""
    term = current_term(school, clock.today())
    round = newest(term) if term else None
    if round is not None and round.state == Round.State.OPEN:
        take(actor, round, nominations)


def write(actor: Actor, student: Student, said: Said, visit: ClassVisit | None = None) -> Nomination:
    """The row itself, for an action that has checked and audits; words of danger are kept off the list."""
    return Nomination.objects.create(
        school_id=student.school_id,
        student=student,
        source=_source(actor, student, said.source),
        said_by=said.by.strip()[:60],
        said_on=said.on or clock.today(),
        words=without_danger(actor, student, said.words)[:300],
        level=said.level,
        visit=visit,
        client_id=said.client_id,
        written_by_id=actor.user_id,
        written_at=clock.now(),
    )


def without_danger(actor: Actor, student: Student, words: str) -> str:
    """The words as they may stand on a list. Those that speak of danger go to whoever answers for safety, today;
    here stands something neutral, since the class teacher reads it too."""
    if look_for_danger(actor, student=student, text=words):
        return _("Asks that this child be looked at.")
    return words.strip()


def about_one_child() -> str:
    return _(
        "These words speak of danger to a child. Please write them beside that one child’s name, so that somebody"
        " looks after the child today. If you do not know who it is, please tell the head in person, now."
    )


def _source(actor: Actor, student: Student, wanted: str) -> str:
    """Whoever decides about the child keys in for anybody; others speak for themselves, whatever was sent."""
    if actor.may("screening.nominate", school_id=student.school_id, student_id=student.pk):
        if wanted in Nomination.Source.values:
            return wanted
        if actor.may("screening.manage", school_id=student.school_id):
            return Nomination.Source.LEADER
    for role, source in SOURCE_OF_ROLE.items():
        if any(scope.role == role and scope.reaches(student.school_id, student.pk) for scope in actor.scopes):
            return source
    raise NotAllowed("screening.request")


def take(actor: Actor, round: Round, nominations: Iterable[Nomination]) -> list[Looked]:
    """Their students are candidates of the round now, the words stand among the reasons.

    Whom someone set aside is to be decided again: a new voice asks. A confirmed student stays confirmed.
    """
    nominations = list(nominations)
    rows = {
        row.student_id: row
        for row in Looked.objects.select_for_update().filter(
            round=round, student__in=[one.student_id for one in nominations]
        )
    }
    for one in nominations:
        row = rows.setdefault(
            one.student_id,
            Looked(round=round, school_id=round.school_id, student_id=one.student_id, looked_at=clock.now()),
        )
        _name(row, one)
        one.round, one.decided_by_id, one.decided_at = round, actor.user_id, clock.now()
    Looked.objects.bulk_create([row for row in rows.values() if row.pk is None], batch_size=BATCH)
    Looked.objects.bulk_update(
        [row for row in rows.values() if row.pk is not None],
        ["reasons", "outcome", "origin", "decision", "level"],
        batch_size=BATCH,
    )
    Nomination.objects.bulk_update(nominations, ["round", "decided_by", "decided_at"], batch_size=BATCH)
    return list(rows.values())


def _name(row: Looked, one: Nomination) -> None:
    figures = {"source": one.source, "by": one.said_by, "words": one.words, "nomination": one.pk}
    reason = Reason("added", "notable", figures, (("screening.Nomination", one.pk),))
    row.reasons = [*row.reasons, as_json(reason)]
    if row.decision in {Looked.Decision.NONE, Looked.Decision.SET_ASIDE}:
        row.outcome, row.origin, row.decision = (
            Looked.Outcome.CANDIDATE,
            Looked.Origin.PERSON,
            Looked.Decision.PENDING,
        )
    row.level = "key" if "key" in {row.level, one.level} else one.level


def take_open(actor: Actor, round: Round) -> int:
    """What people said before the round was opened."""
    waiting = Nomination.objects.open().filter(school_id=round.school_id, student__status="enrolled")
    return len(take(actor, round, waiting.select_for_update()))


@transaction.atomic
def take_up(actor: Actor, *, nomination: Nomination) -> None:
    """Put the child on the list of this term's newest round, which is then to be approved again."""
    one = _held(actor, nomination)
    term: Term | None = current_term(one.school, clock.today())
    round = newest(term) if term else None
    if round is None:
        raise Refused(_("There is no round this term yet. The first one takes it up by itself."))
    hold(round)
    take(actor, round, [one])
    reopen(round)
    _log(actor, "screening.take-up", one)
    tell_the_writer(one)


@transaction.atomic
def answer(actor: Actor, *, nomination: Nomination, words: str) -> None:
    """Not now, with a word that whoever asked can read."""
    one = _held(actor, nomination)
    if len(words.strip()) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="words")
    one.answer, one.decided_by_id, one.decided_at = words.strip()[:200], actor.user_id, clock.now()
    one.save(update_fields=["answer", "decided_by", "decided_at"])
    _log(actor, "screening.answer", one)
    tell_the_writer(one)


def _held(actor: Actor, nomination: Nomination) -> Nomination:
    actor.require("screening.manage", school_id=nomination.school_id, student_id=nomination.student_id)
    one = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if not one.is_open:
        raise Refused(_("Somebody has answered this already."))
    return one


def _log(actor: Actor, action: str, one: Nomination) -> None:
    audit.record(
        actor,
        action,
        school_id=one.school_id,
        subject=("student", one.student_id),
        detail={"nomination": one.pk},
    )
