"""Official documents as Word files, laid out by GB/T 9704-2012.

A4; margins 37/35/28/26 mm (top/bottom/left/right); title 2号 小标宋 centred; body 3号 仿宋, 28 pt lines,
so 22 lines of 28 characters; headings 一、黑体, （一）楷体; page number 4号 as — 1 —, outside edge.
Commercial fonts are named, never shipped: the font table lists free fallbacks under each name.
"""

import datetime
import io
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
from django.utils.translation import gettext as _
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from .content import Appendix, Block, Document, Heading, Table, numbered

TITLE, SONG, FANGSONG, HEI, KAI = "方正小标宋简体", "宋体", "仿宋", "黑体", "楷体"
LATIN = "Times New Roman"
FALLBACKS = {
    TITLE: "小标宋,FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif SC",
    SONG: "SimSun,STSong,Noto Serif SC",
    FANGSONG: "仿宋_GB2312,FangSong,STFangsong,FandolFang,Noto Serif SC",
    HEI: "SimHei,STHeiti,Noto Sans SC",
    KAI: "楷体_GB2312,KaiTi,STKaiti,LXGW WenKai,Noto Serif SC",
}
ER, SAN, SI, WU = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 2号, 3号, 4号, 5号
LINE = Pt(28)
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # the file's own date: its text says the real one
LINE_PITCH_TWIPS = 579  # 225 mm / 22 lines
CHARACTER_SPACE = (
    -5
)  # 1/20 pt: 28 characters of 15.75 pt in 156 mm; a character grid would print apart in LibreOffice
HEADING_FONTS = {1: HEI, 2: KAI, 3: FANGSONG, 4: FANGSONG}


def word_file(document: Document) -> bytes:
    word = docx.Document()
    _lay_out_page(word)
    _set_normal_font(word)
    name_fallback_fonts(word)
    _number_pages(word)
    _title(word, document.title)
    if document.number:
        _centred(word, document.number, FANGSONG, SAN)
    _empty_line(word)
    _blocks(word, document.blocks)
    if document.appendix:
        _empty_line(word)
        _text(word, _("Attachment: %(title)s") % {"title": document.appendix.title})
    _signature(word, document)
    if document.appendix:
        _appendix(word, document.appendix)
    word.core_properties.title = " ".join(document.title.splitlines())
    word.core_properties.author = document.issuer
    word.core_properties.comments = ""
    word.core_properties.created = word.core_properties.modified = MADE
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


def same_every_time(packed: io.BytesIO) -> bytes:
    """The same content gives the same bytes: the package's own times are set to a fixed one."""
    target = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _lay_out_page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(element("w:docGrid", type="lines", linePitch=LINE_PITCH_TWIPS))


def _set_normal_font(word: Any) -> None:
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, SAN
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANGSONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)


def name_fallback_fonts(word: Any) -> None:
    """Write the font table: what a computer without a named font may use instead."""
    entries = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{namespace}">{entries}</w:fonts>'
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = table.encode()


def _number_pages(word: Any) -> None:
    """— 1 — on the outside edge, one character in: odd pages right, even pages left."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        _indent(line, **{f"{side}Chars": 100, side: 280})
        add_run(line, "— ", SONG, SI)
        for kind, code in (("begin", ""), ("", " PAGE "), ("end", "")):
            run = add_run(line, "", SONG, SI)
            if kind:
                run._r.append(element("w:fldChar", fldCharType=kind))
            else:
                instruction = OxmlElement("w:instrText")
                instruction.set(qn("xml:space"), "preserve")
                instruction.text = code
                run._r.append(instruction)
        add_run(line, " —", SONG, SI)


def element(tag: str, **values: object) -> Any:
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def add_run(line: WordParagraph, text: str, font: str, size: Any) -> Any:
    run = line.add_run(text)
    run.font.size = size
    run.font.name = LATIN
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # quotes, dashes and “·” are Chinese here
    return run


def _indent(line: WordParagraph, **values: int) -> None:
    properties = line._p.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    for name, value in values.items():
        indent.set(qn(f"w:{name}"), str(value))


def _line(word: Any, text: str, font: str = FANGSONG, size: Any = SAN, spacing: Any = LINE) -> WordParagraph:
    line = word.add_paragraph()
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = spacing
    add_run(line, text, font, size)
    return line


def _empty_line(word: Any) -> None:
    _line(word, "")


def _title(word: Any, text: str) -> None:
    for line in text.splitlines():
        _centred(word, line, TITLE, ER, Pt(35))


def _centred(word: Any, text: str, font: str, size: Any, spacing: Any = LINE) -> None:
    _line(word, text, font, size, spacing).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _text(word: Any, text: str, font: str = FANGSONG) -> WordParagraph:
    """A paragraph whose first line stands in by two characters."""
    line = _line(word, text, font)
    for run in line.runs:
        run._r.get_or_add_rPr().find(qn("w:sz")).addprevious(element("w:spacing", val=CHARACTER_SPACE))
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(line, firstLineChars=200, firstLine=630)
    return line


def _blocks(word: Any, blocks: tuple[Block, ...]) -> None:
    for _kind, text, block in numbered(blocks):
        if isinstance(block, Heading):
            line = _text(word, text, HEADING_FONTS[block.level])
            line.paragraph_format.keep_with_next = True
            line._p.get_or_add_pPr().append(element("w:outlineLvl", val=block.level - 1))
        elif isinstance(block, Table):
            _table(word, block)
        else:
            _text(word, text)


def _table(word: Any, table: Table) -> None:
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.header), style="Table Grid")
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    unit = 156 / sum(table.widths)
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(unit * width)
    for number, texts in enumerate((table.header, *table.rows)):
        row = grid.rows[number]
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, text, width in zip(row.cells, texts, table.widths, strict=True):
            cell.width = Mm(unit * width)
            line = cell.paragraphs[0]
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            line.paragraph_format.line_spacing = Pt(16)
            line._p.pPr.find(qn("w:spacing")).addprevious(element("w:snapToGrid", val=0))
            add_run(line, text, HEI if number == 0 else SONG, WU)
            if number == 0:
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    grid.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))


def _signature(word: Any, document: Document) -> None:
    """Issuer and date, the date four characters in from the right; the seal's place stays empty."""
    _empty_line(word)
    for text, characters in ((document.issuer, 2), (document.dated_text, 4)):
        line = _line(word, text)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _indent(line, rightChars=characters * 100, right=characters * 316)


def _appendix(word: Any, appendix: Appendix) -> None:
    first = _line(word, _("Attachment"), HEI)
    first.paragraph_format.page_break_before = True
    _empty_line(word)
    _title(word, appendix.title)
    _empty_line(word)
    _blocks(word, appendix.blocks)
