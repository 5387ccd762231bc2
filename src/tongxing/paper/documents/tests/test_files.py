"""The files themselves, opened by other programs' readers."""

import dataclasses
import datetime
import io

import docx
import pypdf
import pytest
from django.utils import translation
from docx.oxml.ns import qn

from tongxing.paper.documents.content import Appendix, Document, Heading, Paragraph, Table
from tongxing.paper.documents.dossier import DossierFacts, TermPromise, TimelineLine, dossier_file
from tongxing.paper.documents.pdf import pdf_file
from tongxing.paper.documents.summary import summary_document
from tongxing.paper.documents.word import word_file

from .facts import AS_OF, term_facts

NAME = "阿依古丽·买买提、𬱖䶮㛃"


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def letter(*blocks):
    table = Table(("指标", "数"), (("在校学生", "1184"),), (3, 1))
    return Document(
        title="和风镇中心初中\n总结", blocks=blocks, issuer="和风镇中心初中", dated=datetime.date(2026, 11, 3),
        number="和中〔2026〕18号", appendix=Appendix("指标与统计口径", (table,)),
    )  # fmt: skip


BLOCKS = (Heading("组织领导"), Paragraph(NAME), Heading("小节", 2), Heading("细目", 3), Heading("全面了解"))


def opened(document):
    return docx.Document(io.BytesIO(word_file(document)))


def millimetres(length):
    return round(length.mm)


def east_asian_fonts(word):
    return {
        line.text: line.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for line in word.paragraphs if line.text
    }


def test_the_word_file_has_the_page_of_the_standard():
    section = opened(letter(*BLOCKS)).sections[0]
    assert (millimetres(section.page_width), millimetres(section.page_height)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [millimetres(margin) for margin in margins] == [37, 35, 28, 26]


def test_headings_are_numbered_and_set_in_the_fonts_of_the_standard():
    fonts = east_asian_fonts(opened(letter(*BLOCKS)))
    assert fonts["总结"] == "方正小标宋简体"
    assert fonts["一、组织领导"] == fonts["二、全面了解"] == "黑体"
    assert fonts["（一）小节"] == "楷体"
    assert fonts["1. 细目"] == fonts[NAME] == "仿宋"


def test_body_lines_are_28_points_of_size_three():
    body = next(line for line in opened(letter(*BLOCKS)).paragraphs if line.text == NAME)
    assert body.paragraph_format.line_spacing.pt == 28
    assert body.runs[0].font.size.pt == 16
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_every_named_font_names_free_fallbacks():
    word = opened(letter())
    table = next(
        part.blob.decode() for part in word.part.package.iter_parts() if "fontTable" in part.partname
    )
    for font in ("方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"):
        assert f'w:name="{font}"' in table
    assert table.count("Noto S") == 5


def test_page_numbers_stand_outside_between_dashes():
    section = opened(letter()).sections[0]
    assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text == "—  —"
    assert "PAGE" in section.footer.paragraphs[0]._p.xml


def test_the_signature_has_issuer_and_date_without_leading_zeros():
    texts = [line.text for line in opened(letter()).paragraphs]
    assert texts[texts.index("2026年11月3日") - 1] == "和风镇中心初中"


def pages(file):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages]


def test_the_pdf_says_the_same_as_the_word_file():
    document = summary_document(term_facts())
    printed = "".join(pages(pdf_file(document))).replace("\n", "").replace(" ", "")
    for line in opened(document).paragraphs:
        assert line.text.replace(" ", "") in printed


def test_rare_characters_are_printed_from_the_fonts_that_come_along():
    file = pdf_file(letter(*BLOCKS))
    assert NAME in pages(file)[0]
    fonts = {
        font["/BaseFont"] for page in pypdf.PdfReader(io.BytesIO(file)).pages
        for font in page["/Resources"]["/Font"].values()
    }  # fmt: skip
    assert all("NotoSerifSC" in font or "NotoSansSC" in font for font in fonts)


def test_words_in_a_document_are_never_code():
    assert "#panic(1)" in pages(pdf_file(letter(Paragraph("#panic(1) $x$ *"))))[0]


def dossier(contacts, text="数学作业三次未交，愿意在校内托管时写完。"):
    day = datetime.date(2026, 11, 23)
    return DossierFacts(
        school="和风镇中心初中", term="2026—2027学年第一学期", as_of=AS_OF, made_by="石磊",
        name=NAME, class_name="初一(3)班",
        essentials=(("学号", "0071"), ("住址", "和风镇***"), ("民族", "")),
        guardians=(("周桂兰", "奶奶", "同住", "139****1111"),),
        support=(("登记", "重点，2026-09-14起"),),
        promises=(TermPromise("每周谈心", 10, 8, 1, 1, 1),),
        timeline=tuple(
            TimelineLine(day - datetime.timedelta(days=n), "谈心", "林岚", "本人", text) for n in range(contacts)
        ),
        goals=((day, "每天课后四题"),),
        plan=(("学期目标", "数学作业按时交"), *[("措施", "每周三课后一起订正 · 林岚")] * 6),
    )  # fmt: skip


@pytest.mark.parametrize(("contacts", "text"), [(0, ""), (3, "写完了。"), (100, "字" * 2000)])
def test_a_student_file_is_always_one_page(contacts, text):
    (page,) = pages(dossier_file(dossier(contacts, text)))
    assert NAME in page and "0071" in page and "数学作业按时交" in page


def test_a_page_for_a_reader_without_the_familys_contacts_has_no_such_part():
    full = dossier(3, "")
    assert "周桂兰" in pages(dossier_file(full))[0]
    (page,) = pages(dossier_file(dataclasses.replace(full, guardians=None, plan=())))
    assert "周桂兰" not in page and "监护人" not in page and "数学作业按时交" not in page


def test_a_student_file_says_how_many_older_contacts_it_leaves_out():
    (page,) = pages(dossier_file(dossier(100)))
    shown = page.count("数学作业三次未交")
    assert 0 < shown < 100
    assert f"另有更早的{100 - shown}条" in page


def test_an_empty_field_of_a_student_file_reads_no_records():
    (page,) = pages(dossier_file(dossier(0)))
    assert "无记录" in page
