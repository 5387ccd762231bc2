"""Levels of outside questionnaires, referrals to a hospital or the county's centre, and what the family was told."""

import datetime
import json
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger, raise_flag
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Consent, Student

from ..models import GuardianTold, OutsideReferral, Tool, ToolResult
from ..models_outside import LEVEL, OUTSIDE, OUTSIDE_AFTER, OUTSIDE_REPLY, TOLD
from .checking import held, no_diagnosis, note, require_keeper

FROM_RESULT, FROM_OUTSIDE = "counselling_result", "counselling_outside"


@transaction.atomic
def note_result(
    actor: Actor, *, student: Student, client_id: UUID, tool: Tool, level: str, done_on: datetime.date
) -> ToolResult:
    """Level and day of the county's questionnaire. Refused without the family's consent of today.

    A level on which to act the same day raises a flag, which tells that there is one and not which.
    """
    user_id = require_keeper(actor, student)
    if tool.school_id != student.school_id or tool.ended_at is not None or level not in tool.levels:
        raise Refused(_("Please choose a level."), field="level")
    if done_on > clock.today():
        raise Refused(_("The day lies ahead."), field="done_on")
    consent = Consent.objects.standing().filter(student=student, purpose="screening").first()
    if consent is None:
        raise Refused(_("The family has not agreed to a questionnaire. Please ask first and note it."))

    def make() -> ToolResult:
        made = ToolResult.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            counsellor_id=user_id,
            tool=tool,
            level_sealed=seal(student.key, level, LEVEL),
            done_on=done_on,
            recorded_at=clock.now(),
            consent=consent,
        )
        note(actor, "result", made, tool=tool.pk)
        if level in tool.act_today:
            made.flag = raise_flag(
                actor,
                student=student,
                categories=["self_harm"],
                source=(FROM_RESULT, made.pk),
                brief=_("A questionnaire from outside asks that somebody looks after the child today."),
            )
            made.save(update_fields=["flag"])
        return made

    same = ToolResult.objects.filter(school_id=student.school_id, client_id=client_id, student=student)
    return once(same.filter(counsellor_id=user_id).first, make)


@dataclass(frozen=True, slots=True)
class Outside:
    """`why`: in words that the family and the other side may read. `agreed_by`: name and relation."""

    to_whom: str
    why: str
    agreed_by: str = ""


@transaction.atomic
def refer_outside(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    outside: Outside,
    follow_up_on: datetime.date,
    agreed_on: datetime.date | None = None,
    urgent: bool = False,
) -> OutsideReferral:
    """Refer a child to a hospital or the county's centre; with the family's consent, or at once to protect the child."""
    user_id = require_keeper(actor, student)
    _check(outside, follow_up_on, agreed_on, urgent)

    def make() -> OutsideReferral:
        made = OutsideReferral.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            counsellor_id=user_id,
            text_sealed=seal(student.key, json.dumps(asdict(outside), ensure_ascii=False), OUTSIDE),
            urgent=urgent,
            agreed_on=agreed_on,
            referred_on=clock.today(),
            recorded_at=clock.now(),
            follow_up_on=follow_up_on,
        )
        note(actor, "outside", made, urgent=urgent)
        look_for_danger(actor, student=student, text=outside.why, source=(FROM_OUTSIDE, made.pk))
        return made

    same = OutsideReferral.objects.filter(school_id=student.school_id, client_id=client_id, student=student)
    return once(same.filter(counsellor_id=user_id).first, make)


def _check(
    outside: Outside, follow_up_on: datetime.date, agreed_on: datetime.date | None, urgent: bool
) -> None:
    if not outside.to_whom.strip():
        raise Refused(_("Please write to whom."), field="to_whom")
    if not outside.why.strip():
        raise Refused(_("Please write why, in words the family may read."), field="why")
    no_diagnosis(why=outside.why)
    if follow_up_on < clock.today():
        raise Refused(_("The day to ask again lies behind us."), field="follow_up_on")
    if agreed_on and agreed_on > clock.today():
        raise Refused(_("The day lies ahead."), field="agreed_on")
    if not urgent and (agreed_on is None or not outside.agreed_by.strip()):
        raise Refused(
            _(
                "Who of the family agreed, and when? Without them only if the child must be protected at once."
            ),
            field="agreed_by",
        )


@transaction.atomic
def note_reply(actor: Actor, *, referral: OutsideReferral, reply: str) -> OutsideReferral:
    """What came back: how to be with the child at school, never a diagnosis."""
    found = _own(actor, referral)
    if not reply.strip():
        raise Refused(_("Please write what came back."), field="reply")
    no_diagnosis(reply=reply)
    if found.replied_at is not None:
        raise Refused(_("A reply is noted already."), field="reply")
    found.reply_sealed, found.replied_at = seal(found.student.key, reply.strip(), OUTSIDE_REPLY), clock.now()
    found.save(update_fields=["reply_sealed", "replied_at"])
    note(actor, "outside-reply", found)
    look_for_danger(actor, student=found.student, text=reply, source=(FROM_OUTSIDE, found.pk))
    return found


@transaction.atomic
def follow_up(actor: Actor, *, referral: OutsideReferral, words: str) -> OutsideReferral:
    """How the child is now: the referral rests."""
    found = _own(actor, referral)
    if not words.strip():
        raise Refused(_("Please write how the child is now."), field="words")
    no_diagnosis(words=words)
    if found.followed_up_at is None:
        found.after_sealed = seal(found.student.key, words.strip(), OUTSIDE_AFTER)
        found.followed_up_at = clock.now()
        found.save(update_fields=["after_sealed", "followed_up_at"])
        note(actor, "outside-after", found)
        look_for_danger(actor, student=found.student, text=words, source=(FROM_OUTSIDE, found.pk))
    return found


def _own(actor: Actor, referral: OutsideReferral) -> OutsideReferral:
    require_keeper(actor, referral.student)
    found: OutsideReferral = held(OutsideReferral.objects.visible_to(actor), referral.pk)
    return found


@transaction.atomic
def tell_guardian(
    actor: Actor,
    *,
    flag: RiskFlag,
    client_id: UUID,
    words: str,
    told_at: datetime.datetime | None = None,
    why_not: str = "",
) -> GuardianTold:
    """Whom of the family one told about a danger and when, or why not. `words`: name and relation, or the reason.

    Where the family may be the danger nobody is told before somebody has taken the flag on.
    """
    user_id = require_keeper(actor, flag.student)
    if flag.raised_by_id != user_id:
        raise NotAllowed("counselling.keep")
    if why_not not in GuardianTold.WhyNot.values:
        raise Refused(_("Please choose."), field="why_not")
    if not words.strip():
        raise Refused(_("Please write who was told, or why nobody."), field="words")
    if not why_not and flag.family_later and flag.state == RiskFlag.State.RAISED:
        raise Refused(
            _("The family may be the danger: first talk with whoever takes it in, then tell them."),
            field="why_not",
        )
    now = clock.now()
    if told_at and told_at > now:
        raise Refused(_("This moment lies ahead."), field="told_at")

    def make() -> GuardianTold:
        made = GuardianTold.objects.create(
            school_id=flag.school_id,
            client_id=client_id,
            student=flag.student,
            counsellor_id=user_id,
            flag=flag,
            told_at=None if why_not else told_at or now,
            why_not=why_not,
            text_sealed=seal(flag.student.key, words.strip(), TOLD),
            recorded_at=now,
        )
        note(actor, "told", made, flag=flag.pk, why_not=why_not)
        return made

    return once(GuardianTold.objects.filter(client_id=client_id, flag=flag).first, make)
