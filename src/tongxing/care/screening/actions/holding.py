"""The round's row, held by whoever changes it; and what every change of a round shares."""

from django.utils.translation import gettext as _

from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Term

from ..models import Looked, Round

BATCH = 400
LEVELS = {"normal": Looked.Decision.NORMAL, "key": Looked.Decision.KEY}


def newest(term: Term) -> Round | None:
    """The term's round that people work in, held."""
    return Round.objects.select_for_update().filter(term=term).order_by("-number").first()


def hold(round: Round) -> None:
    """Hold the round's row; a round behind a later one is history and stays as it was."""
    Round.objects.select_for_update().get(pk=round.pk)
    if Round.objects.filter(term=round.term_id, number__gt=round.number).exists():
        raise Refused(_("A later round has been opened since; this one stays as it was."))


def reopen(round: Round) -> None:
    """What was decided after the approval asks for a new one."""
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)
    round.state = Round.State.OPEN
