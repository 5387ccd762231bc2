"""The coloured head and the running number: one year of one office, no gap, never twice."""

import datetime
import io
from uuid import uuid4

import docx
import pypdf
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import translation
from docx.oxml.ns import qn

from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.oversight.notices import circulars
from tongxing.oversight.notices.circulars import To
from tongxing.paper.documents import actions, heads
from tongxing.paper.documents.content import Head, head_from_json
from tongxing.paper.documents.heads import Look
from tongxing.paper.documents.models import IssuedDocument, Letterhead, Outgoing
from tongxing.paper.documents.school_papers import circular_file
from tongxing.paper.documents.word import head_size

TEXT = "一、总体要求\n每位老师和一名同学结对。\n二、怎么做\n（一）谈心\n每周一次。"
LOOK = Look("和风镇中心初级中学文件", "和中", "和风镇文昌路12号")


@pytest.fixture(autouse=True)
def chinese(db):
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def office(cast):
    heads.set_letterhead(cast.actor("head"), office=cast.school, look=LOOK)
    return cast.actor("head")


def written(cast, title="帮扶工作实施方案"):
    return circulars.publish(
        cast.actor("coordinator"), office=cast.school, client_id=uuid4(), kind="plan", title=title,
        text=TEXT, to=To("all"),
    )  # fmt: skip


def number(cast, circular=None, **facts):
    return heads.number_circular(cast.actor("coordinator"), circular=circular or written(cast), **facts)


def word_of(cast, circular):
    return docx.Document(io.BytesIO(circular_file(cast.actor("helper"), circular, "docx")))


def pdf_text(file):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)


def test_numbers_of_a_year_run_on_from_one(cast, office):
    assert [number(cast).text for _ in range(3)] == ["和中〔2026〕1号", "和中〔2026〕2号", "和中〔2026〕3号"]


def test_a_new_year_begins_with_one(cast, office):
    number(cast)
    circular = written(cast)
    with time_machine.travel(datetime.datetime(2027, 1, 4, 3, tzinfo=datetime.UTC), tick=False):
        assert number(cast, circular).text == "和中〔2027〕1号"


def test_each_office_counts_for_itself(cast, office):
    number(cast)
    other = cast.actor("outsider")
    heads.set_letterhead(other, office=cast.other_school, look=Look(mark="东中"))
    theirs = circulars.publish(
        other, office=cast.other_school, client_id=uuid4(), kind="notice", title="通知", text="开会。", to=To("all")
    )  # fmt: skip
    assert heads.number_circular(other, circular=theirs).text == "东中〔2026〕1号"


def test_a_circular_keeps_its_number_however_often_it_is_asked(cast, office):
    circular = written(cast)
    first = number(cast, circular, addressed_to="各班")
    again = number(cast, circular, addressed_to="各班、各教研组", copies_to="县教育局")
    assert (again.pk, again.text) == (first.pk, first.text)
    assert (again.addressed_to, again.copies_to) == ("各班、各教研组", "县教育局")
    assert number(cast).number == 2


def test_what_fails_leaves_no_gap(cast, office):
    number(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        number(cast)
        raise RuntimeError("the power went")
    assert number(cast).number == 2


def test_the_database_gives_no_number_twice(cast, office):
    given, other = number(cast), written(cast)
    twin = Outgoing(
        school=cast.school, year=given.year, number=given.number, mark="和中", circular=other,
        given_by=cast.users["head"], given_at=given.given_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_without_a_sign_nothing_is_numbered(cast):
    with pytest.raises(Refused, match="字号"):
        number(cast)
    assert not Outgoing.objects.exists()


def test_what_was_taken_back_gets_no_number(cast, office):
    circular = written(cast)
    circulars.take_back(cast.actor("coordinator"), circular=circular, reason="写错了")
    with pytest.raises(Refused):
        number(cast, circular)


def test_a_later_sign_leaves_earlier_numbers_as_they_were(cast, office):
    given = number(cast)
    heads.set_letterhead(office, office=cast.school, look=Look("改了名的中学", mark="和初中"))
    given.refresh_from_db()
    assert given.text == "和中〔2026〕1号"
    assert word_of(cast, given.circular).paragraphs[1].text == LOOK.name
    assert number(cast).text == "和初中〔2026〕2号"


@pytest.mark.parametrize("who", ["helper", "class_teacher", "outsider", "county_supervisor"])
def test_only_whoever_writes_for_the_office_numbers_and_says_how_papers_look(cast, office, who):
    circular = written(cast)
    with pytest.raises(NotAllowed):
        heads.number_circular(cast.actor(who), circular=circular)
    with pytest.raises(NotAllowed):
        heads.set_letterhead(cast.actor(who), office=cast.school, look=LOOK)


@pytest.mark.parametrize("mark", ["和中〔2026〕", "和中18", "和中(办)"])
def test_a_sign_is_words_alone(cast, mark):
    with pytest.raises(Refused) as refused:
        heads.set_letterhead(cast.actor("head"), office=cast.school, look=Look(mark=mark))
    assert refused.value.field == "mark"


def test_a_logo_is_written_anew_small_and_can_be_left_out_again(cast, office):
    big = picture()
    heads.set_letterhead(office, office=cast.school, look=Look(mark="和中", logo=big))
    kept = Letterhead.objects.get(school=cast.school)
    assert bytes(kept.logo).startswith(b"\xff\xd8") and len(kept.logo) <= heads.LARGEST_LOGO
    heads.set_letterhead(office, office=cast.school, look=Look(mark="和中"))
    assert Letterhead.objects.get(school=cast.school).logo
    heads.set_letterhead(office, office=cast.school, look=Look(mark="和中", no_logo=True))
    assert not Letterhead.objects.get(school=cast.school).logo


def test_what_is_no_picture_is_refused_as_a_logo(cast):
    with pytest.raises(Refused):
        heads.set_letterhead(cast.actor("head"), office=cast.school, look=Look(logo=b"MZ\x90\x00"))


def test_a_numbered_circular_prints_with_head_number_address_and_imprint_in_word_and_pdf_alike(cast, office):
    circular = written(cast)
    before = word_of(cast, circular)
    assert before.paragraphs[0].text == "帮扶工作实施方案"
    number(cast, circular, addressed_to="各班、各教研组", copies_to="县教育局")
    word = word_of(cast, circular)
    lines = [line.text for line in word.paragraphs if line.text]
    assert lines[:4] == [LOOK.name, "和中〔2026〕1号", "帮扶工作实施方案", "各班、各教研组："]
    foot = [cell.text for row in word.tables[-1].rows for cell in row.cells]
    assert foot[0] == "抄送：县教育局" and foot[3].endswith("印发") and "和风镇文昌路12号" in foot[-1]
    printed = pdf_text(circular_file(cast.actor("helper"), circular, "pdf")).replace("\n", "")
    for words in [*lines, *foot]:
        assert words.replace("\n", "") in printed


def test_the_head_is_red_and_stands_above_a_line_of_its_colour(cast, office):
    circular = written(cast)
    number(cast, circular)
    name, line = [one for one in word_of(cast, circular).paragraphs if one.text][:2]
    assert str(name.runs[0].font.color.rgb) == "FF0000"
    assert line._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:color")) == "FF0000"


def test_typed_headings_become_the_headings_of_the_standard(cast):
    circular = written(cast)
    fonts = {
        line.text: line.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))
        for line in word_of(cast, circular).paragraphs
        if line.text
    }
    assert fonts["一、总体要求"] == fonts["二、怎么做"] == "黑体"
    assert fonts["（一）谈心"] == "楷体"
    assert fonts["每周一次。"] == "仿宋"


def test_a_long_name_fits_one_line():
    for name in ("县", "和风镇中心初级中学文件", "和" * 30):
        assert head_size(name) * len(name) <= 442


def test_a_summary_with_a_number_keeps_the_head_it_went_out_with(cast, office):
    issued = actions.issue_summary(office, term=cast.term, client_id=uuid4(), with_number=True)
    assert issued.number == "和中〔2026〕1号" and issued.outgoing.number == 1
    heads.set_letterhead(office, office=cast.school, look=Look("改了名的中学", "改"))
    issued = IssuedDocument.objects.get(pk=issued.pk)
    assert LOOK.name in pdf_text(actions.summary_pdf(issued))
    assert actions.document_of(issued).head == head_from_json(
        Head(LOOK.name, "red", b"", LOOK.address).as_json()
    )


def test_the_trail_names_numbers_and_no_words(cast, office):
    number(cast, addressed_to="各班")
    entry = AuditEntry.objects.filter(action="document.number").latest("pk")
    assert entry.detail["number"] == 1 and "各班" not in str(entry.detail)
