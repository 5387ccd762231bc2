"""A circular as an official document (实施方案, 考核细则, 倡议书) in Word, for the notice board and the files."""

from django.db import transaction

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.oversight.notices.models import Circular

from .content import Document, Paragraph
from .word import word_file


@transaction.atomic
def circular_word(actor: Actor, circular: Circular) -> bytes:
    """The newest version, for whoever reads it; a paragraph for each line."""
    if not Circular.objects.visible_to(actor).filter(pk=circular.pk).exists():
        raise NotAllowed("circular.word")
    now = circular.current
    lines = (line.strip() for line in now.text.splitlines())
    blocks = tuple(Paragraph(line) for line in lines if line)
    file = word_file(Document(now.title, blocks, issuer=circular.school.name, dated=day_of(now.written_at)))
    detail = {"number": now.number}
    audit.record(
        actor, "circular.word", school_id=circular.school_id, subject=("circular", circular.pk), detail=detail
    )
    return file
