"""Stories of thanks with consent, and who of a class helps with what."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.kernel.once import once
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student

from .. import rules
from ..models import Campaign, HelpOffer, Honour
from ..models_campaigns import MANAGE, NAME, WORDS
from ..models_thanks import GUEST, PRAISE, STORY
from .campaigns import end, held, log, person, tidy

KEEP = "mutual.keep"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside: a former student, a neighbour. Nothing but the name is kept, sealed."""

    name: str


Who = SchoolClass | Student | Staff | Guest


@transaction.atomic
def thank(
    actor: Actor,
    *,
    campaign: Campaign,
    client_id: UUID,
    who: Who,
    story: str,
    asked: bool = False,
) -> Honour:
    """Say what somebody did for others. Refused: amounts and shares, and a name without its consent."""
    user_id = person(actor, MANAGE, campaign.school_id)
    campaign = held(campaign)

    def make() -> Honour:
        told = _told(campaign, who, story, asked)
        key = who.key if isinstance(who, Student) else new_key()
        if key.pk is None:
            key.save()
        honour = Honour.objects.create(
            school=campaign.school, client_id=client_id, campaign=campaign, day=clock.today(), key=key,
            story_sealed=seal(key, told, STORY), asked=asked, entered_by_id=user_id, entered_at=clock.now(),
            **_whom(who, key),
        )  # fmt: skip
        log(actor, "donation.thank", campaign.school_id, "honour", honour.pk)
        return honour

    return once(lambda: Honour.objects.filter(school=campaign.school, client_id=client_id).first(), make)


def _whom(who: Who, key: SubjectKey) -> dict[str, object]:
    """The columns that say whom a story is about."""
    if isinstance(who, Guest):
        return {"guest_sealed": seal(key, tidy(who.name, NAME, "guest"), GUEST)}
    kinds = {SchoolClass: "school_class", Student: "student", Staff: "staff"}
    return {kinds[type(who)]: who}


def _told(campaign: Campaign, who: Who, story: str, asked: bool) -> str:
    if isinstance(who, Guest):
        if rules.tells_money(tidy(who.name, NAME, "guest")):
            raise Refused(_("A name tells no amount."), field="guest")
    elif who.school_id != campaign.school_id:
        raise NotAllowed(MANAGE)
    told = tidy(story, WORDS, "story")
    if rules.tells_money(told):
        raise Refused(
            _("Thanks tell what somebody did, without amounts, shares or places among others."), field="story"
        )
    if isinstance(who, Student) and not with_consent([who.pk], PRAISE):
        raise Refused(
            _(
                "The family has not agreed to praise by name. Please ask first; the class can be thanked instead."
            ),
            field="who",
        )
    if isinstance(who, Staff) and not asked:
        raise Refused(_("Please ask the colleague first."), field="asked")
    if isinstance(who, Guest) and not asked:
        raise Refused(_("Please ask whoever is to be named first."), field="asked")
    return told


@transaction.atomic
def end_thanks(actor: Actor, *, honour: Honour, reason: str = "") -> None:
    """It is shown no longer: somebody would rather not, or it is long ago."""
    user_id = person(actor, MANAGE, honour.school_id)
    honour = Honour.objects.select_for_update(of=("self",)).get(pk=honour.pk)
    if honour.ended_at is None:
        end(honour, user_id, reason or _("no longer shown"))
        log(actor, "donation.thank-end", honour.school_id, "honour", honour.pk)


@transaction.atomic
def offer_help(
    actor: Actor, *, school_class: SchoolClass, student: Student, kind: str, on: datetime.date | None = None
) -> HelpOffer:
    """A child of the class offers one kind of help. The same again is the same offer."""
    actor.require(KEEP, school_id=student.school_id, student_id=student.pk)
    day = on or clock.today()
    if kind not in HelpOffer.Kind.values:
        raise Refused(_("Please choose what the child helps with."), field="kind")
    members = ClassMembership.objects.on(day).filter(student=student, school_class=school_class)
    if not members.exists():
        raise Refused(_("Please choose a child of this class."), field="student")
    Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if found := HelpOffer.objects.filter(student=student, kind=kind, ends_on=None).first():
        return found
    offer = HelpOffer.objects.create(
        school_id=student.school_id, school_class=school_class, student=student, kind=kind, starts_on=day,
        recorded_at=clock.now(),
    )  # fmt: skip
    _log_help(actor, "mutual.offer", offer)
    return offer


@transaction.atomic
def end_help(actor: Actor, *, offer: HelpOffer) -> None:
    """The child would rather not any more; nobody asks why."""
    actor.require(KEEP, school_id=offer.school_id, student_id=offer.student_id)
    offer = HelpOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.ends_on is None:
        offer.ends_on = max(clock.today(), offer.starts_on)
        offer.save(update_fields=["ends_on"])
        _log_help(actor, "mutual.end", offer)


def _log_help(actor: Actor, action: str, offer: HelpOffer) -> None:
    audit.record(
        actor,
        action,
        school_id=offer.school_id,
        subject=("student", offer.student_id),
        detail={"offer": offer.pk, "kind": str(offer.kind)},
    )
