"""What every step of a request leaves: a dated step, a row in the audit trail, a message to whoever's turn it is."""

from typing import Any

from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.outbox.actions import send

from .models import STEP, HelpRequest, RequestStep

ASKED = gettext_lazy("Somebody has asked for help and hopes for you. Please open this.")
ASKED_URGENT = gettext_lazy("Somebody has asked for help and cannot wait long. Please open this today.")


def step(
    actor: Actor,
    request: HelpRequest,
    kind: str,
    text: str = "",
    *,
    to: User | None = None,
    told: bool = False,
) -> RequestStep:
    return RequestStep.objects.create(
        school_id=request.school_id,
        request=request,
        kind=kind,
        at=clock.now(),
        by_id=actor.user_id,
        to=to,
        told=told and bool(text.strip()),
        text_sealed=encryption.seal(request.key, text.strip(), STEP),
    )


def record(actor: Actor, action: str, request: HelpRequest, **detail: Any) -> None:
    """The row of one action; ids alone."""
    audit.record(
        actor, action, school_id=request.school_id, subject=("help request", request.pk), detail=detail
    )


def tell_holder(request: HelpRequest, *, again: str = "") -> None:
    """A message to whoever answers it now; it names nobody."""
    if request.holder is None or not request.holder.is_active:
        return
    send(
        to=request.holder,
        school=request.school,
        code="request",
        subject=ASKED_URGENT if request.urgent else ASKED,
        link=("request", [request.pk]),
        key=f"request:{request.pk}:{request.holder_id}{again}",
        urgent=request.urgent,
    )


def text_of(one: RequestStep, request: HelpRequest) -> str:
    """The words of a step, opened."""
    return encryption.unseal(request.key, one.text_sealed, STEP)
