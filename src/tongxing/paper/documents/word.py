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
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from .content import Appendix, Block, Document, Head, Heading, Table, numbered

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
HEAD_ROOM, LOGO = Mm(35), Mm(14)
TEXT_WIDTH_PT = 442  # 156 mm
RULE_BELOW = 11  # pt: 4 mm
#: What follows a paragraph's border among its properties, in the order of the format.
AFTER_BORDER = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
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
    if document.head:
        _head(word, document.head, document.number)
    _title(word, document.title)
    if document.number and not document.head:
        _centred(word, document.number, FANGSONG, SAN)
    _empty_line(word)
    if document.salutation:
        _line(word, document.salutation)
    _blocks(word, document.blocks)
    if document.appendix:
        _empty_line(word)
        _text(word, _("Attachment: %(title)s") % {"title": document.appendix.title})
    _signature(word, document)
    if document.appendix:
        _appendix(word, document.appendix)
    _imprint(word, document.imprint)
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


def _head(word: Any, head: Head, number: str) -> None:
    """The office's name 35 mm under the edge of the text, the number two lines below it, the coloured line 4 mm below that."""
    room = _line(word, "", SONG, WU)
    room.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    room.paragraph_format.line_spacing = HEAD_ROOM
    room.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if head.logo:
        room.runs[0].add_picture(io.BytesIO(head.logo), height=LOGO)
    size = head_size(head.name)
    name = _line(word, head.name, TITLE, Pt(size), Pt(size * 1.15))
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.runs[0].font.color.rgb = RGBColor.from_string(head.colour)
    _empty_line(word)
    line = _line(word, number)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = element("w:pBdr")
    border.append(element("w:bottom", val="single", sz=18, space=RULE_BELOW, color=head.colour))
    line._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDER)
    _empty_line(word)


def head_size(name: str) -> float:
    """Letters of the head in pt: as large as the line holds, 48 at most."""
    return min(48.0, round(TEXT_WIDTH_PT / max(1, len(name)) - 0.5, 1))


def _imprint(word: Any, lines: tuple[tuple[str, str], ...]) -> None:
    """版记: at the foot of the last page, between lines, letters 4号, one character in on both sides."""
    if not lines:
        return
    _line(word, "", spacing=Pt(1))  # two tables that touch become one
    grid = word.add_table(rows=len(lines), cols=2)
    grid.autofit = False
    place = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "center", "tblpYSpec": "bottom"}
    grid._tbl.tblPr.insert(1, element("w:tblpPr", **place))
    borders = element("w:tblBorders")
    for side, weight in (("top", 8), ("bottom", 8), ("insideH", 6)):
        borders.append(element(f"w:{side}", val="single", sz=weight, space=0, color="000000"))
    grid._tbl.tblPr.append(borders)
    for row, texts in zip(grid.rows, lines, strict=True):
        cells = row.cells if texts[1] else (row.cells[0].merge(row.cells[1]),)
        for cell, text in zip(cells, texts, strict=False):
            line = cell.paragraphs[0]
            add_run(line, text, FANGSONG, SI)
            line.alignment = WD_ALIGN_PARAGRAPH.LEFT if cell is cells[0] else WD_ALIGN_PARAGRAPH.RIGHT
            _indent(line, leftChars=100, left=280) if cell is cells[0] else _indent(
                line, rightChars=100, right=280
            )
    _line(word, "", spacing=Pt(1))  # a table needs a paragraph behind it


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
