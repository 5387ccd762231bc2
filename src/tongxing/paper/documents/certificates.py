"""Certificates (奖状) to print, and the stories of a title as a file. Only who holds it with a yes that stands today.

Invariants:
- a certificate says who, for what and by whom, and nothing more: no figure, nothing about a child's family;
- the seal is left blank; the border is drawn, no picture from elsewhere;
- making them leaves one row in the trail; the stories ask for the purpose.
"""

import io
from collections.abc import Sequence
from typing import Any

import docx
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.recognition import rules
from tongxing.oversight.recognition.models import Commendation, Scheme
from tongxing.oversight.recognition.models_schemes import MANAGE
from tongxing.oversight.recognition.queries import with_title

from .content import Document, Paragraph, dated_text
from .pdf import compile_pdf
from .word import FANGSONG, KAI, TITLE, add_run, name_fallback_fonts, same_every_time, word_file

SIZES = [("a4", gettext_lazy("A4, across")), ("a5", gettext_lazy("A5, across"))]
FEWEST_SIGNS = 2  # of a purpose


@transaction.atomic
def certificates(
    actor: Actor,
    *,
    scheme: Scheme,
    rows: Sequence[Commendation],
    size: str,
    number: str = "",
    kind: str = "pdf",
) -> bytes:
    """One page for each, in one file. `number`: the school's own document number, `kind`: pdf or docx."""
    actor.require(MANAGE, school_id=scheme.school_id)
    holds = set(with_title(actor, scheme).values_list("pk", flat=True))
    if not rows or not {one.pk for one in rows} <= holds:
        raise Refused(_("A certificate is made once the title is given, and while the yes stands."))
    if size not in dict(SIZES) or kind not in ("pdf", "docx"):
        raise Refused(_("There is no such form."))
    content = {
        "title": _("Certificates"),
        "size": size,
        "certificates": [_told(one, " ".join(number.split())) for one in rows],
    }
    file = compile_pdf("certificate.typ", content) if kind == "pdf" else _word(content)
    _log(actor, "certificate.make", scheme, kind=kind, size=size, proposals=[one.pk for one in rows])
    return file


def _told(one: Commendation, number: str) -> dict[str, str]:
    assert one.awarded_on is not None and one.number is not None
    own = _("No. %(n)s") % {"n": f"{one.number:03d}"}
    of_people = one.scheme.kind in (rules.GROUP, rules.COLLEAGUE)
    heading = (
        pgettext("certificate", "Certificate of honour") if of_people else pgettext("certificate", "Award")
    )
    return {
        "heading": heading,
        "to": _to(one),
        "words": _words(one),
        "from": one.school.name,
        "closing": _("With this certificate the school says thank you and goes on with you."),
        "number": f"{number} {own}".strip(),
        "dated": dated_text(one.awarded_on),
    }


def _to(one: Commendation) -> str:
    name = {"name": one.label}
    if one.scheme.kind == rules.COLLEAGUE:
        return pgettext("certificate to a colleague", "%(name)s:") % name
    if one.students:
        return pgettext("certificate to a student", "%(name)s:") % name
    return pgettext("certificate to a group", "%(name)s:") % name


def _words(one: Commendation) -> str:
    told = {"year": one.scheme.year.name, "title": one.scheme.name}
    if one.scheme.kind == rules.PROGRESS:
        return _("In the school year %(year)s you grew beyond what you were before. You are honoured as “%(title)s”.") % told  # fmt: skip
    if one.scheme.kind == rules.PARTNERS:
        return _("In the school year %(year)s the two of you went together and were glad for each other. You are honoured as “%(title)s”.") % told  # fmt: skip
    if one.scheme.kind == rules.COLLEAGUE:
        return _("In the school year %(year)s you looked after children with heart and kept what you had promised. You are honoured as “%(title)s”.") % told  # fmt: skip
    return _("In the school year %(year)s you stood by each other and by those who need it. You are honoured as “%(title)s”.") % told  # fmt: skip


def _word(content: dict[str, Any]) -> bytes:
    """The same words, to print on ready certificate paper: one page across for each, without a border."""
    word = docx.Document()
    name_fallback_fonts(word)
    section = word.sections[0]
    width, height = (297, 210) if content["size"] == "a4" else (210, 148)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(width / 7)
    section.top_margin = section.bottom_margin = Mm(height / 7)
    scale = width / 297
    for place, one in enumerate(content["certificates"]):
        title = _line(word, one["heading"], TITLE, 44 * scale, WD_ALIGN_PARAGRAPH.CENTER)
        title.paragraph_format.page_break_before = place > 0
        _line(word, one["to"], KAI, 26 * scale)
        for text in (one["words"], one["closing"]):
            _line(word, text, FANGSONG, 22 * scale).paragraph_format.first_line_indent = Pt(44 * scale)
        for text in (one["from"], one["dated"], one["number"]):
            _line(word, text, FANGSONG, 16 * scale, WD_ALIGN_PARAGRAPH.RIGHT)
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


def _line(word: Any, text: str, font: str, size: float, align: Any = None) -> Any:
    paragraph = word.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(size / 2)
    add_run(paragraph, text, font, Pt(round(size)))
    return paragraph


@transaction.atomic
def stories(actor: Actor, *, scheme: Scheme, purpose: str) -> bytes:
    """Who holds the title and what they did, as a Word file; the purpose is kept in the trail."""
    actor.require(MANAGE, school_id=scheme.school_id)
    why = " ".join(purpose.split())
    if len(why) < FEWEST_SIGNS:
        raise Refused(_("Please say what you need it for."), field="purpose")
    rows = list(with_title(actor, scheme))
    if not rows:
        raise Refused(_("No title has been given yet."), field="purpose")
    blocks = [Paragraph(f"{one.label}：{one.story}") for one in rows]  # not numbered: nobody stands first
    title = f"{scheme.year.name}\n{scheme.name}"
    file = word_file(
        Document(title, (Paragraph(scheme.about), *blocks), issuer=scheme.school.name, dated=clock.today())
    )
    _log(actor, "honour.export", scheme, purpose=why, proposals=[one.pk for one in rows])
    return file


def _log(actor: Actor, action: str, scheme: Scheme, purpose: str = "", **detail: object) -> None:
    audit.record(
        actor, action, school_id=scheme.school_id, subject=("honour-scheme", scheme.pk), detail=detail,
        purpose=purpose,
    )  # fmt: skip
