"""Certificates as a printer gets them, and the stories of a title as a file."""

import io

import docx
import pypdf
import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.oversight.recognition import awarding, consenting
from tongxing.oversight.recognition.tests.school import awarded, proposed, published
from tongxing.oversight.recognition.whom import Whom
from tongxing.paper.documents.certificates import certificates, stories

#: Points of A4 and A5, laid across.
PAPER = {"a4": (842, 595), "a5": (595, 420)}


@pytest.fixture
def given(cast, at_school):
    """A child with a rare name holds a title."""
    child = cast.students.key
    child.name = "龑𬭎·买买提"
    child.save()
    return awarded(cast, at_school, proposed(cast, published(cast, "progress"), Whom(student=child)))


def pages(file: bytes) -> list:
    return list(pypdf.PdfReader(io.BytesIO(file)).pages)


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_one_page_across_for_each_with_the_name_as_it_is_written(cast, given, size):
    office = cast.actor("coordinator")
    file = certificates(
        office, scheme=given.scheme, rows=[given, given], size=size, number="和中〔2026〕18号"
    )
    first, second = pages(file)
    assert (round(first.mediabox.width), round(first.mediabox.height)) == PAPER[size]
    for page in (first, second):
        text = "".join(page.extract_text().split())
        assert "龑𬭎·买买提同学：" in text and f"“{given.scheme.name}”" in text
        assert "和风镇中心初中" in text and "2026年12月5日" in text and "和中〔2026〕18号第001号" in text


def test_it_says_nothing_of_the_story_the_class_or_the_register(cast, given):
    file = certificates(cast.actor("head"), scheme=given.scheme, rows=[given], size="a4")
    text = pages(file)[0].extract_text()
    assert given.story not in text and "初一" not in text and "重点" not in text
    entry = AuditEntry.objects.get(action="certificate.make")
    assert entry.detail["proposals"] == [given.pk] and "买买提" not in str(entry.detail)


def test_every_glyph_comes_with_the_product(cast, given):
    """No font is missing on the school's machine: each is embedded."""
    file = certificates(cast.actor("head"), scheme=given.scheme, rows=[given], size="a4")
    fonts = pages(file)[0]["/Resources"]["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]) for font in fonts}
    assert names and all("NotoSerif" in name for name in names)


def test_without_the_title_or_the_yes_and_by_others_none_is_made(cast, at_school, given):
    office = cast.actor("coordinator")
    with pytest.raises(NotAllowed):
        certificates(cast.actor("class_teacher"), scheme=given.scheme, rows=[given], size="a4")
    with pytest.raises(Refused, match="."):
        certificates(office, scheme=given.scheme, rows=[], size="a4")
    with pytest.raises(Refused):
        certificates(office, scheme=given.scheme, rows=[given], size="a3")
    consenting.answer(cast.actor("guardian"), asked=given.asked.get(side="guardian"), yes=False)
    with pytest.raises(Refused):
        certificates(office, scheme=given.scheme, rows=[given], size="a4")


def test_word_has_the_same_words_one_page_each_across(cast, given):
    file = certificates(cast.actor("head"), scheme=given.scheme, rows=[given, given], size="a5", kind="docx")
    word = docx.Document(io.BytesIO(file))
    lines = [one.text for one in word.paragraphs]
    assert lines.count("龑𬭎·买买提 同学：") == 2 and lines.count("奖状") == 2
    assert [one.paragraph_format.page_break_before for one in word.paragraphs if one.text == "奖状"] == [
        False,
        True,
    ]
    assert word.sections[0].page_width > word.sections[0].page_height


def test_the_stories_leave_with_a_purpose_and_in_no_order_of_people(cast, given):
    head = cast.actor("head")
    with pytest.raises(Refused):
        stories(head, scheme=given.scheme, purpose=" ")
    with pytest.raises(NotAllowed):
        stories(cast.actor("helper"), scheme=given.scheme, purpose="校史资料")
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(stories(head, scheme=given.scheme, purpose="校史资料"))).paragraphs)  # fmt: skip
    assert f"{given.label}：{given.story}" in text
    assert not any(line.startswith(("一、", "1.", "第一")) for line in text.splitlines())
    assert AuditEntry.objects.get(action="honour.export").purpose == "校史资料"


def test_a_withdrawn_title_prints_nothing(cast, given):
    awarding.withdraw(cast.actor("head"), commendation=given, reason="事实有误")
    with pytest.raises(Refused):
        certificates(cast.actor("head"), scheme=given.scheme, rows=[given], size="a4")
