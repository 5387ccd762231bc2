"""What meetings decided, for the colleague who sees to it."""

from django.db.models import QuerySet

from tongxing.ground.kernel.actor import Actor

from .models_meetings import Decision


def mine(actor: Actor) -> QuerySet[Decision]:
    """What this colleague was asked to see to and has not said to be done."""
    waiting = Decision.objects.waiting().filter(person__user=actor.user_id, person__user__isnull=False)
    return waiting.select_related("meeting")
