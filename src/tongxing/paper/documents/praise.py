"""What the log of recognition lets a document say: day, office and what was praised, nothing else."""

import datetime

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term
from tongxing.oversight.review.queries import praise_of

from .content import dated_text


def praise_lines(actor: Actor, term: Term, as_of: datetime.datetime) -> tuple[tuple[str, str, str], ...]:
    """Of this term, as far as it was written down by then."""
    rows = praise_of(actor, term).filter(entered_at__lte=as_of)
    return tuple((dated_text(one.day), one.from_whom, one.text) for one in rows)
