"""What the addresses of a school's own papers name."""

import io
from typing import Any
from uuid import UUID

import docx

from tongxing.ground.accounts.models import Organisation
from tongxing.paper.documents.models import WordTemplate
from tongxing.paper.documents.templates import Handed, hand_in
from tongxing.paper.exchange.models import SheetMade

from ..cast import NOW, Cast
from . import rows


def template_file(*lines: str, row: tuple[str, ...] = ()) -> bytes:
    """A Word file with these paragraphs, and a table whose second row is this one."""
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    if row:
        table = word.add_table(rows=2, cols=len(row))
        for cell, text in zip(table.rows[1].cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def template(cast: Cast, school: Organisation) -> WordTemplate:
    """For one student."""
    who = "coordinator" if school == cast.school else "outsider"
    handed = Handed("告家长书", "student", template_file("{{姓名}}同学的家长："))
    return hand_in(cast.actor(who), school=school, client_id=UUID(int=60_000 + school.pk), handed=handed)


def sheet(cast: Cast, school: Organisation) -> SheetMade:
    """A sheet for another system that was made today."""
    user = cast.users["head" if school == cast.school else "outsider"]
    facts = {"school": school, "code": "xueji-students", "rows": 3, "contact": False, "purpose": "核对学籍"}
    facts |= {"approved_by": user, "made_by": user, "made_at": NOW, "use_until": NOW.date()}
    return SheetMade.objects.create(**facts)


EXAMPLES: dict[str, Any] = {
    "sheet_id": lambda cast: rows.of_schools(cast, lambda school: sheet(cast, school).pk),
    "word_template_id": lambda cast: rows.of_schools(cast, lambda school: template(cast, school).pk),
}
