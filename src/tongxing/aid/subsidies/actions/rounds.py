"""A project in a term: opened, decided child by child, closed.

Invariants:
- what the rules suggest is granted by a person; other amounts and other children ask for a reason;
- what two schools share (a part of a term, the same granted elsewhere) is decided child by child;
- help in an emergency is granted by two people on the same day;
- what stands on a list is not taken back before the list is.
"""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.people.models import Student, Term

from .. import rules
from ..models import PayLine, Project, Round, Subsidy
from ..models_projects import MANAGE, NAME, WORDS
from ..models_rounds import REASON
from ..queries.eligible import suggestion_for, suggestions
from .projects import log, person, projects_for


@transaction.atomic
def open_round(
    actor: Actor, *, school: Organisation, project: Project, term: Term, paper: str = "", what: str = ""
) -> Round:
    """`paper`: number and date of the paper that gives the money. A second click finds the round."""
    user_id = person(actor, MANAGE, school.pk)
    paper, what = " ".join(paper.split())[:WORDS], " ".join(what.split())[:NAME]
    if project.kind == Project.Kind.IN_KIND and not what:
        raise Refused(_("Please write what each child gets."), field="what")
    if term.school_id != school.pk or not projects_for(school).filter(pk=project.pk).exists():
        raise Refused(_("Please choose one of the projects."), field="project")
    facts = {"paper": paper, "what": what, "opened_by_id": user_id, "opened_at": clock.now()}
    made, new = Round.objects.get_or_create(school=school, project=project, term=term, defaults=facts)
    if new:
        log(actor, "subsidy.open", school.pk, ("subsidy_round", made.pk))
    return made


@transaction.atomic
def close_round(actor: Actor, *, round: Round) -> None:
    user_id = person(actor, MANAGE, round.school_id)
    round = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if round.closed_at:
        return
    if to_list(round).exists():
        raise Refused(_("Somebody was granted something that stands on no list yet."))
    round.closed_at, round.closed_by_id = clock.now(), user_id
    round.save(update_fields=["closed_at", "closed_by"])
    log(actor, "subsidy.close", round.school_id, ("subsidy_round", round.pk))


@transaction.atomic
def reopen_round(actor: Actor, *, round: Round) -> None:
    """It was closed too early."""
    person(actor, MANAGE, round.school_id)
    round = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if round.closed_at is None:
        return
    round.closed_at = round.closed_by = None
    round.save(update_fields=["closed_at", "closed_by"])
    log(actor, "subsidy.reopen", round.school_id, ("subsidy_round", round.pk))


def to_list(round: Round):
    """Granted, and on no list that stands."""
    listed = PayLine.objects.standing().filter(subsidy__round=round)
    return Subsidy.objects.granted().filter(round=round).exclude(pk__in=listed.values("subsidy"))


@transaction.atomic
def grant_suggested(actor: Actor, *, round: Round, students: Collection[int]) -> int:
    """Grant to these children what is suggested now. Left out: those decided about or no longer suggested, and those
    whom two schools share, who are decided alone (`rules.Suggestion.is_singly`)."""
    user_id = person(actor, MANAGE, round.school_id)
    round = _open(round)
    mine = Student.objects.visible_to(actor, "hardship").filter(pk__in=students, school=round.school_id)
    pks = sorted(mine.select_for_update().values_list("pk", flat=True))
    done = set(Subsidy.objects.standing().filter(round=round).values_list("student_id", flat=True))
    now, found, made = clock.now(), suggestions(round), []
    for pk in pks:
        one = found.get(pk)
        if one and one.fits and not one.is_singly and pk not in done:
            made.append(_row(round, pk, True, one.amount, one, user_id, now))
    Subsidy.objects.bulk_create(made)
    if made:
        pks = [one.student_id for one in made]
        log(actor, "subsidy.grant", round.school_id, ("subsidy_round", round.pk), students=pks)
    return len(made)


@transaction.atomic
def decide(
    actor: Actor, *, round: Round, student: Student, granted: bool, amount: int, reason: str = ""
) -> Subsidy:
    """What people decide about one child. `amount` in fen. Where it differs from what is suggested, they say why."""
    user_id = person(actor, MANAGE, round.school_id, student.pk)
    round = _open(round)
    student = Student.objects.select_for_update(of=("self",)).select_related("key").get(pk=student.pk)
    if student.school_id != round.school_id:
        raise Refused(_("This child is not at this school."))
    amount = amount if granted else 0
    if granted and amount <= 0:
        raise Refused(_("An amount is more than nothing."), field="amount")
    same = Subsidy.objects.standing().filter(round=round, student=student).first()
    if same and (same.granted, same.amount) == (granted, amount):
        return same  # the same form again
    if same:
        raise Refused(_("This has been decided already. It can be taken back and decided anew."))
    suggestion = suggestion_for(round, student.pk)
    reason = " ".join(reason.split())
    if granted and suggestion.elsewhere and not reason:
        raise Refused(
            _(
                "Another school of the county grants this child the same. Please agree with it, and say what you agreed."
            ),
            field="reason",
        )
    if (round.project.is_emergency or rules.differs(granted, amount, suggestion)) and not reason:
        raise Refused(_("Please say why: it differs from what is suggested."), field="reason")
    if len(reason) > WORDS:
        raise Refused(_("At most %(n)s characters.") % {"n": WORDS}, field="reason")
    made = _row(round, student.pk, granted, amount, suggestion, user_id, clock.now())
    made.reason_sealed = seal(student.key, reason, REASON) if reason else b""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("This child has something this term already that excludes this project. Take that back first.")
        ) from error
    log(actor, "subsidy.decide", round.school_id, ("student", student.pk), subsidy=made.pk, granted=granted)
    return made


def _row(
    round: Round, student_id: int, granted: bool, amount: int, said: rules.Suggestion, user_id: int, now
) -> Subsidy:
    return Subsidy(
        school_id=round.school_id, round=round, project_id=round.project_id, term_id=round.term_id,
        apart=round.project.apart, student_id=student_id, granted=granted, amount=amount,
        suggested=said.amount, grounds=list(said.reasons), decided_by_id=user_id, decided_at=now,
    )  # fmt: skip


def _open(round: Round) -> Round:
    held = Round.objects.select_for_update(of=("self",)).select_related("project", "term", "school")
    round = held.get(pk=round.pk)
    if round.closed_at:
        raise Refused(_("This is closed for the term."))
    return round


@transaction.atomic
def agree(actor: Actor, *, subsidy: Subsidy) -> Subsidy:
    """The second of the two people, on the day of the first."""
    user_id = person(actor, MANAGE, subsidy.school_id, subsidy.student_id)
    subsidy = _held(subsidy)
    if subsidy.agreed_at:
        return subsidy
    if not subsidy.round.project.is_emergency or not subsidy.granted:
        raise Refused(_("Only help in an emergency is decided by two people."))
    if subsidy.ended_at:
        raise Refused(_("This was taken back."))
    if subsidy.decided_by_id == user_id:
        raise Refused(_("Somebody else than whoever asked for it agrees."))
    if clock.day_of(subsidy.decided_at) != clock.today():
        raise Refused(_("Both decide on the same day. Please take it back and ask anew."))
    subsidy.agreed_by_id, subsidy.agreed_at = user_id, clock.now()
    subsidy.save(update_fields=["agreed_by", "agreed_at"])
    log(actor, "subsidy.agree", subsidy.school_id, ("student", subsidy.student_id), subsidy=subsidy.pk)
    return subsidy


@transaction.atomic
def take_back(actor: Actor, *, subsidy: Subsidy, reason: str) -> Subsidy:
    """What was decided no longer counts; it can be decided anew while the round is open."""
    user_id = person(actor, MANAGE, subsidy.school_id, subsidy.student_id)
    subsidy = _held(subsidy)
    if subsidy.ended_at:
        return subsidy
    if PayLine.objects.standing().filter(subsidy=subsidy).exists():
        raise Refused(_("It stands on a list. Take the list back, or note that the money came back, first."))
    subsidy.ended_at, subsidy.ended_by_id = clock.now(), user_id
    subsidy.ended_reason = few_words(reason, most=WORDS, field="reason")
    subsidy.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "subsidy.back", subsidy.school_id, ("student", subsidy.student_id), subsidy=subsidy.pk)
    return subsidy


def _held(subsidy: Subsidy) -> Subsidy:
    """Its round first, as whoever makes a list or closes the round does: nobody is listed while taken back."""
    Round.objects.select_for_update().get(pk=subsidy.round_id)
    held = Subsidy.objects.select_for_update(of=("self",)).select_related("round__project")
    return held.get(pk=subsidy.pk)
