"""Who may decide about two classmates, and their row as it stands now."""

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Student

from .models import Together

CAN = "peer.pair"
LONGEST = 200  # characters


def require_both(actor: Actor, student: Student, partner: Student) -> None:
    for child in (student, partner):
        actor.require(CAN, school_id=child.school_id, student_id=child.pk)
    if student.school_id != partner.school_id:
        raise NotAllowed(CAN)


def held(actor: Actor, together: Together) -> Together:
    """The row as it stands now, locked, for somebody who may decide about both children."""
    rows = Together.objects.select_for_update(of=("self",)).with_both()
    found = rows.get(pk=together.pk)
    require_both(actor, found.student, found.partner)
    return found
