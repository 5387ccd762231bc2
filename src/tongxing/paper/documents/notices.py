"""公示: the sheet to hang up inside the school. Names and classes, the level where the school says so, and nothing else."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.publicity.models import PUBLISH, Notice
from tongxing.ground.publicity.queries import Named, named

from .content import Document, Paragraph, Table, dated_text
from .writers import WRITERS


@transaction.atomic
def notice_sheet(actor: Actor, *, notice: Notice, kind: str) -> bytes:
    """`kind`: pdf or docx."""
    actor.require(PUBLISH, school_id=notice.school_id)
    if not Notice.objects.visible_to(actor).filter(pk=notice.pk).exists():
        raise NotAllowed(PUBLISH)
    if kind not in WRITERS:
        raise Refused(_("There is no such form."))
    if not notice.is_to_be_read(clock.today()):
        raise Refused(_("This notice is over: nothing of it is printed any more."))
    file = WRITERS[kind](document(notice, named(notice)))
    audit.record(
        actor,
        "notice.sheet",
        school_id=notice.school_id,
        subject=("notice", notice.pk),
        detail={"kind": kind},
    )
    return file


def level_word(notice: Notice) -> str:
    """What stands above the levels: of hardship, or the title that is given."""
    is_honour = notice.kind == Notice.Kind.HONOUR
    return pgettext("notice", "Honour") if is_honour else pgettext("hardship", "Level")


def document(notice: Notice, lines: list[Named]) -> Document:
    is_honour = notice.kind == Notice.Kind.HONOUR  # nobody is numbered there: it is no order of people
    with_level = [level_word(notice)] if notice.with_level else []
    header = [*([] if is_honour else [_("No.")]), _("Name"), _("Class"), *with_level]
    rows = tuple(
        (
            *(() if is_honour else (str(number),)),
            *(one.name, one.class_name),
            *([one.level] if with_level else []),
        )
        for number, one in enumerate(lines, 1)
    )
    until = _(
        "This notice hangs from %(first)s to %(last)s (%(n)s working days) and is taken down after it."
    ) % {
        "first": dated_text(notice.first_day),
        "last": dated_text(notice.last_day),
        "n": notice.working_days,
    }
    widths: tuple[int, ...] = (10, 30, 40, 20) if notice.with_level else (12, 38, 50)
    widths = widths[1:] if is_honour else widths
    blocks = (Paragraph(notice.words), Paragraph(until), Table(tuple(header), rows, widths))
    return Document(notice.title, blocks, issuer=notice.school.name, dated=notice.first_day)
