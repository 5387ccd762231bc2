"""Keeping the signed sheet with an application that was keyed in from paper, and looking at it again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.actions import content_of, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..models import Application, SignedPaper
from ..models_rounds import REVIEW
from .applications import held_now, log
from .rounds import person

MOST_PAPERS = 4


@transaction.atomic
def add_papers(actor: Actor, *, application: Application, contents: Sequence[bytes]) -> list[SignedPaper]:
    """Photos or PDFs of the sheet that the family signed; what was told at the door has no sheet."""
    user_id = person(actor, REVIEW, application.school_id, application.student_id)
    kept = [examine(content) for content in contents]
    application = held_now(application)
    if application.source != Application.Source.PAPER:
        raise Refused(_("This was told at the family's door: there is no paper of it."), field="files")
    if application.papers.count() + len(kept) > MOST_PAPERS:
        raise Refused(_("An application can hold up to %(n)d files.") % {"n": MOST_PAPERS}, field="files")
    added = [
        SignedPaper.objects.create(
            school_id=application.school_id,
            application=application,
            file=keep(school=application.school, key=application.student.key, kept=one),
            added_by_id=user_id,
            added_at=clock.now(),
        )
        for one in kept
    ]
    if added:
        log(actor, "hardship.paper_added", application, {"files": len(added)})
    return added


@transaction.atomic
def open_paper(actor: Actor, *, paper: SignedPaper) -> tuple[bytes, str]:
    """Content and type of one sheet, for whoever may open the application; the opening is logged."""
    application = paper.application
    if not Application.objects.visible_to(actor).filter(pk=application.pk).exists():
        raise NotAllowed(REVIEW)
    content = content_of(paper.file)
    log(actor, "hardship.paper", application, {"paper": paper.pk})
    return content, paper.file.media_type
