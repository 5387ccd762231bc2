"""Looking at the own work, proposing, what the committee says, standing back, and what follows from it."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Staff
from tongxing.ground.people.queries import staff_of
from tongxing.ground.publicity.actions import for_everybody

from . import rules
from .models import Commendation, Criterion, Review, Scheme, SelfCheck, StoodBack
from .models_schemes import MANAGE, PROPOSE, VIEW
from .models_way import CHECK, SAID, STORY, WORDS
from .near import able, stands_back
from .queries import own_parts
from .schemes import open_now, person
from .whom import Whom


@transaction.atomic
def check_self(actor: Actor, *, scheme: Scheme, whom: Whom, client_id: UUID, words: str = "") -> SelfCheck:
    """“Please look at us, too”, with a sentence or without; for oneself, the own office or the own class."""
    user_id = person(actor, VIEW, scheme.school_id)
    scheme = open_now(scheme)
    if whom.code not in {one.code for one in own_parts(actor, scheme)}:
        raise NotAllowed(VIEW)
    words = _told(words, "words") if words.strip() else ""
    found = SelfCheck.objects.filter(school=scheme.school, client_id=client_id)

    def written() -> SelfCheck:
        same = SelfCheck.objects.filter(scheme=scheme, code=whom.code, entered_by=user_id, ended_at=None)
        for one in same.select_for_update(of=("self",)):
            one.end(user_id, _("written anew"))
        key = whom.key()
        columns = {name: value for name, value in whom.columns.items() if name not in ("together", "student")}
        made = SelfCheck.objects.create(
            school=scheme.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            scheme=scheme, key=key, words_sealed=seal(key, words, CHECK), **columns,
        )  # fmt: skip
        detail = {"scheme": scheme.pk}
        audit.record(
            actor, "honour.check", school_id=scheme.school_id, subject=("self-check", made.pk), detail=detail
        )
        return made

    return once(found.first, written)


@transaction.atomic
def propose(actor: Actor, *, scheme: Scheme, whom: Whom, client_id: UUID, story: str) -> Commendation:
    """Put somebody forward, with the story of what they did. Nobody proposes the own person."""
    scheme = open_now(scheme)
    if not whom.fits(scheme.kind, scheme.school_id):
        raise Refused(_("Please choose who is to be honoured."), field="whom")
    user_id = person(actor, PROPOSE, scheme.school_id)
    for student in whom.students:
        person(actor, PROPOSE, scheme.school_id, student.pk)
    if whom.staff and whom.staff.user_id == user_id:
        raise Refused(
            _(
                "Colleagues are proposed by colleagues. A self-check says that you would like to be looked at."
            ),
            field="whom",
        )
    story = _told(story, "story")
    found = Commendation.objects.filter(school=scheme.school, client_id=client_id)

    def proposed() -> Commendation:
        if Commendation.objects.standing().filter(scheme=scheme, code=whom.code).exists():
            raise Refused(_("This proposal is there already."), field="whom")
        key = whom.key()
        made = Commendation.objects.create(
            school=scheme.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            scheme=scheme, key=key, story_sealed=seal(key, story, STORY), **whom.columns,
        )  # fmt: skip
        log(actor, "honour.propose", made)
        for student in whom.students:
            look_for_danger(actor, student=student, text=story)
        return made

    return once(found.first, proposed)


def _told(text: str, field: str) -> str:
    """What somebody did, in words that many may read: no amounts, shares or places among others, no numbers of a person."""
    words = for_everybody(text.strip(), field=field)
    if not words or len(words) > WORDS:
        raise Refused(_("Please write what they did, at most %(n)s characters.") % {"n": WORDS}, field=field)
    if rules.measures(words):
        raise Refused(
            _("A story tells what somebody did, without marks, amounts or places among others."), field=field
        )
    return words


@transaction.atomic
def say(
    actor: Actor, *, commendation: Commendation, meets: bool, met: Collection[Criterion], words: str
) -> Review:
    """One of the committee: meets or not yet, which criteria are met, and why. Until it is concluded it may be changed."""
    one = _open(commendation)
    staff = _looks_at(actor, one)
    words = words.strip()
    if not words or len(words) > WORDS:
        raise Refused(_("Please say why, at most %(n)s characters.") % {"n": WORDS}, field="words")
    weights = {criterion.pk: criterion.weight for criterion in one.scheme.criteria.all()}
    chosen = {criterion.pk for criterion in met}
    if not chosen <= weights.keys():
        raise Refused(_("This belongs to another scheme."), field="met")
    if meets and not rules.carries(weights, chosen):
        raise Refused(
            _("You find less than half of what matters met. Tick what is met, or choose “not yet”."),
            field="met",
        )
    said, _fresh = Review.objects.update_or_create(
        commendation=one,
        staff=staff,
        defaults={
            "school_id": one.school_id,
            "meets": meets,
            "words_sealed": seal(one.key, words, SAID),
            "said_by_id": staff.user_id,
            "said_at": clock.now(),
        },
    )
    said.met.set(chosen)
    log(actor, "honour.say", one)
    for student in one.students:
        look_for_danger(actor, student=student, text=words)
    return said


def _looks_at(actor: Actor, one: Commendation) -> Staff:
    """The member of the committee behind this actor, who is not near."""
    staff = staff_of(actor.user_id)
    sits = staff and one.scheme.committee.filter(staff=staff, ended_at=None).exists()
    if staff is None or not sits or not actor.may(VIEW, school_id=one.school_id):
        raise NotAllowed(VIEW)
    _not_near(actor, stands_back(one))
    return staff


@transaction.atomic
def stand_back(actor: Actor, *, commendation: Commendation) -> None:
    """A relative, a friend: nobody asks which. What this person had said counts no more."""
    one = _open(commendation)
    staff = _looks_at(actor, one)
    StoodBack.objects.create(
        school_id=one.school_id,
        commendation=one,
        staff=staff,
        noted_by_id=staff.user_id,
        noted_at=clock.now(),
    )
    log(actor, "honour.stand-back", one, staff=staff.pk)


@transaction.atomic
def come_back(actor: Actor, *, commendation: Commendation) -> None:
    """Stood back by mistake a moment ago."""
    one = _open(commendation)
    standing = one.stood_back.filter(ended_at=None, staff__user__isnull=False)
    mine = standing.filter(staff__user=actor.user_id).first()
    if mine is None:
        return
    if not is_recent(mine.noted_at):
        raise Refused(_("This was a while ago. Somebody else looks at it."))
    mine.ended_at = clock.now()
    mine.save(update_fields=["ended_at"])
    log(actor, "honour.come-back", one, staff=mine.staff_id)


@transaction.atomic
def conclude(actor: Actor, *, commendation: Commendation) -> rules.Outcome:
    """What follows from what the committee said, once enough have spoken."""
    user_id = person(actor, MANAGE, commendation.school_id)
    one = _open(commendation)
    near = stands_back(one)
    _not_near(actor, near)
    allowed = able(one, near)
    said = list(one.reviews.filter(staff__in=allowed).values_list("meets", flat=True))
    outcome = rules.outcome(said, len(allowed))
    if outcome == "open":
        raise Refused(_("More than half of the committee, and at least two, say something first."))
    one.outcome, one.concluded_by_id, one.concluded_at = outcome, user_id, clock.now()
    one.save(update_fields=["outcome", "concluded_by", "concluded_at"])
    log(actor, "honour.conclude", one, outcome=outcome)
    return outcome


def _not_near(actor: Actor, near: Collection[int]) -> None:
    staff = staff_of(actor.user_id)
    if staff is not None and staff.pk in near:
        raise Refused(_("You stand back from this one: it is near to you. Others look at it."))


@transaction.atomic
def look_again(actor: Actor, *, commendation: Commendation) -> None:
    """Concluded by mistake a moment ago, and nobody has been asked yet; or, without a limit, “not yet” is looked at anew."""
    person(actor, MANAGE, commendation.school_id)
    one = held(commendation)
    if not one.outcome or one.concluded_at is None:
        return
    _not_near(actor, stands_back(one))
    meets = one.outcome == Commendation.Outcome.MEETS
    if meets and (one.asked.exists() or not is_recent(one.concluded_at)):
        raise Refused(_("The way has gone on. Withdraw it with its reason instead."))
    one.outcome, one.concluded_by, one.concluded_at = "", None, None
    one.save(update_fields=["outcome", "concluded_by", "concluded_at"])
    log(actor, "honour.look-again", one)


def held(commendation: Commendation) -> Commendation:
    """As it stands now, held; refused once it is withdrawn."""
    found = Commendation.objects.with_whom().select_for_update(of=("self",)).get(pk=commendation.pk)
    if found.ended_at is not None:
        raise Refused(_("This proposal was withdrawn."))
    return found


def _open(commendation: Commendation) -> Commendation:
    one = held(commendation)
    if one.outcome:
        raise Refused(_("The committee has said its word already."))
    return one


def log(actor: Actor, action: str, one: Commendation, **detail: object) -> None:
    audit.record(
        actor, action, school_id=one.school_id, subject=("commendation", one.pk),
        detail={"scheme": one.scheme_id, **detail},
    )  # fmt: skip
