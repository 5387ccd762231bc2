"""Breaking the glass: head or safety responder open one child's notes for a day; others learn of it at once.

Everything else stays closed: other children, and after a day this one again.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Student

from .. import rules
from ..models import GlassOpening, Note
from ..models_glass import GLASS_REASON, GLASS_REVIEW
from .asking import counsellors
from .checking import held

OPENED = gettext_lazy("Counselling notes were opened in an emergency. Please look at it.")
YOURS = gettext_lazy("Counselling notes of a child you see were opened in an emergency.")


@transaction.atomic
def break_glass(actor: Actor, *, student: Student, client_id: UUID, reason: str) -> GlassOpening:
    """Open one child's counselling notes for 24 hours. `reason`: why safety asks for it, 20 characters at least.

    Refused: without a reason, with a reason that was used before, to whoever a danger to this child is kept from.
    """
    actor.require("counselling.emergency", school_id=student.school_id, student_id=student.pk)
    if actor.user_id is None or RiskFlag.objects.filter(student=student, kept_from=actor.user_id).exists():
        raise NotAllowed("counselling.emergency")
    words = " ".join(reason.split())
    if len(words) < rules.SHORTEST_REASON:
        raise Refused(
            _("Please say in a sentence (at least %(n)s characters) why the child’s safety asks for it.")
            % {"n": rules.SHORTEST_REASON},
            field="reason",
        )
    opening = GlassOpening(
        school_id=student.school_id,
        client_id=client_id,
        student=student,
        opened_by_id=actor.user_id,
        opened_at=clock.now(),
        until=clock.now() + rules.GLASS_OPEN,
        reason_sealed=seal(student.key, words, GLASS_REASON),
        reason_index=blind_index(words, GLASS_REASON),
    )
    same = GlassOpening.objects.filter(school_id=student.school_id, client_id=client_id, student=student)
    return once(same.filter(opened_by_id=actor.user_id).first, lambda: _opened(actor, opening))


def _opened(actor: Actor, opening: GlassOpening) -> GlassOpening:
    try:
        with transaction.atomic():
            opening.save(force_insert=True)
    except IntegrityError:
        if GlassOpening.objects.filter(client_id=opening.client_id).exists():
            raise  # the same form, sent twice at once
        raise Refused(
            _("With this reason you have opened the notes before. What is it about today?"), field="reason"
        ) from None
    _log(actor, "open", opening)
    _alarm(actor, opening)
    return opening


def _alarm(actor: Actor, opening: GlassOpening) -> None:
    """The head at once; when the head opens, the deputy; the counsellor in any case. Nobody who may be the danger."""
    flags = RiskFlag.objects.filter(student=opening.student)
    kept = set(flags.exclude(kept_from=None).values_list("kept_from", flat=True))
    past = {*kept, actor.user_id}
    for user in _overseers(actor, opening):
        if user.pk not in past:
            _send(user, opening, OPENED, ("counselling-openings", []))
    writers = set(Note.objects.filter(student=opening.student).values_list("counsellor_id", flat=True))
    for user in counsellors(opening.student.school):
        if user.pk not in past and (not writers or user.pk in writers):
            _send(user, opening, YOURS, ("counselling-student", [opening.student_id]))


def _overseers(actor: Actor, opening: GlassOpening) -> list[User]:
    is_head = any(
        scope.role == Role.HEAD and scope.organisation == opening.school_id for scope in actor.scopes
    )
    role = Role.DEPUTY if is_head else Role.HEAD
    grants = Grant.objects.on(clock.today()).filter(school=opening.school_id, role=role, user__is_active=True)
    return [grant.user for grant in grants.select_related("user").order_by("pk")]


def _send(user: User, opening: GlassOpening, words: str | Promise, link: tuple[str, list[int]]) -> None:
    send(
        to=user,
        school=opening.student.school,
        code="counselling.glass",
        subject=words,
        link=link,
        key=f"counselling.glass:{opening.pk}",
        urgent=True,
    )


@transaction.atomic
def read_through(actor: Actor, *, opening: GlassOpening) -> GlassOpening:
    """Reading what the glass covered: only for whoever broke it, while it is open; each reading is logged."""
    actor.require("counselling.emergency", school_id=opening.school_id, student_id=opening.student_id)
    found = GlassOpening.objects.open_to(actor, clock.now()).filter(pk=opening.pk)
    row = found.select_related("student__key", "student__school").first()
    if row is None:
        raise NotAllowed("counselling.emergency")
    _log(actor, "read", row)
    return row


@transaction.atomic
def review(actor: Actor, *, opening: GlassOpening, verdict: str, words: str = "") -> GlassOpening:
    """Somebody else looks at it again and says whether it was needed."""
    actor.require("counselling.review", school_id=opening.school_id)
    found: GlassOpening = held(GlassOpening.objects.visible_to(actor), opening.pk)
    if found.opened_by_id == actor.user_id:
        raise Refused(_("Somebody else looks at it again: you have opened it yourself."))
    if verdict not in GlassOpening.Verdict.values or not verdict:
        raise Refused(_("Please choose."), field="verdict")
    if verdict == GlassOpening.Verdict.NOT_NEEDED and not words.strip():
        raise Refused(_("Please write what you agreed for next time."), field="words")
    if found.reviewed_at is None:
        found.verdict, found.reviewed_at, found.reviewed_by_id = verdict, clock.now(), actor.user_id
        found.review_sealed = seal(found.student.key, words.strip(), GLASS_REVIEW)
        found.save()
        _log(actor, "review", found)
    return found


def _log(actor: Actor, action: str, opening: GlassOpening) -> None:
    """The child's id stands here on purpose: who opened whose notes is what the trail is for."""
    audit.record(
        actor,
        f"counselling.glass-{action}",
        school_id=opening.school_id,
        subject=("student", opening.student_id),
        detail={"opening": opening.pk},
    )
