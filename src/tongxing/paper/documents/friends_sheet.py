"""The sheet on which classmates sign up as friends (知心朋友): empty lines for whoever likes, as many as the class is
large. No name stands on it beforehand, so that nobody is seen not to have written."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.peers.friends import CAN
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass

from .form_file import form_pdf
from .forms import Form, line

#: Lines of one page that a child's hand can write in.
LINES = 25


@transaction.atomic
def friends_sheet(actor: Actor, *, school_class: SchoolClass, size: int) -> bytes:
    """`size`: how many children the class has. As PDF."""
    actor.require(CAN, school_id=school_class.school_id)
    pages = max(1, -(-size // LINES))
    detail = {"kind": "friends", "pages": pages}
    subject = ("class", school_class.pk)
    audit.record(actor, "document.make", school_id=school_class.school_id, subject=subject, detail=detail)
    return form_pdf([sheet(school_class.name)] * pages)


def sheet(class_name: str) -> Form:
    over = _("For everybody. Write or do not write, both are fine.")
    row = line((_("Name"), ""), (_("I would like to …"), ""))
    return Form(
        _("Who would like to do something together?"),
        f"{class_name}  {over}",
        (row,) * LINES,
        _(
            "Play, read, walk home, learn: whatever you like. It begins only when both and both families agree."
        ),
    )
