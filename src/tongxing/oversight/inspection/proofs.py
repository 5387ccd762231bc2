"""A file beside a finding, by whoever was asked or inspects, while the month is open."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.beside import opened, put_beside, taken_away
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .models import MANAGE, Finding, Proof

MOST = 4


@transaction.atomic
def add(actor: Actor, *, finding: Finding, label: str, content: bytes) -> Proof:
    held = _open(actor, finding)
    made = put_beside(
        Proof, actor.user_id, label=label, content=content, most=MOST, school=held.school, finding=held
    )
    _log(actor, "inspection.proof", made)
    return made


@transaction.atomic
def open_file(actor: Actor, *, proof: Proof) -> tuple[bytes, str]:
    return opened(Proof.objects.visible_to(actor).standing().select_related("file__key").get(pk=proof.pk))


@transaction.atomic
def take_away(actor: Actor, *, proof: Proof) -> None:
    """Gone for good, its key with it."""
    _open(actor, proof.finding)
    held = Proof.objects.select_for_update(of=("self",)).select_related("key", "file").get(pk=proof.pk)
    if taken_away(held, actor.user_id):
        _log(actor, "inspection.proof-away", held)


def adds(actor: Actor, finding: Finding) -> bool:
    """Whether this actor puts files beside it."""
    is_mine = actor.user_id is not None and finding.person.user_id == actor.user_id
    may = is_mine or actor.user_id is not None and actor.may(MANAGE, school_id=finding.school_id)
    return may and not finding.outcome and not finding.inspection.is_closed


def _open(actor: Actor, finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("school", "person", "inspection")
    held = rows.get(pk=finding.pk)
    if not Finding.objects.visible_to(actor).filter(pk=held.pk).exists():
        raise NotAllowed("inspection.proof")
    if not adds(actor, held):
        raise Refused(_("This has been looked at already."))
    return held


def _log(actor: Actor, action: str, proof: Proof) -> None:
    audit.record(actor, action, school_id=proof.school_id, subject=("proof", proof.pk))
