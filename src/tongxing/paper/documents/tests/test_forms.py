"""The forms of one child and one record: every field that is asked for, one A4 page, masked until there is a purpose."""

import datetime
import io
import re

import docx
import openpyxl
import pypdf
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promised import talk

from tongxing.care.contacts.models import Visibility
from tongxing.care.contacts.rules import LONGEST_TEXT
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance, Guardian
from tongxing.ground.people.student_actions import edit_student
from tongxing.paper.documents.form_actions import record_form, student_form
from tongxing.paper.documents.form_file import KINDS, form_pdf
from tongxing.paper.documents.form_word import fit_of, form_word, height
from tongxing.paper.documents.forms import (
    HEIGHT,
    SIZES,
    Form,
    Grid,
    boxes,
    line,
    long_line,
    signatures,
    tables,
    yes_no,
)

#: What the forms ask for, as schools know it.
FIELDS = {
    "basic": (
        *("姓名", "性别", "出生日期", "民族", "证件类型", "证件号码", "健康状况", "户口所在地", "户口性质"),
        *("学籍号", "班内学号", "入学年月", "就读方式", "现住址", "电话", "留守情况", "随迁", "孤儿", "残疾"),
        *("上下学距离", "监护人1", "监护人2", "关系", "工作单位"),
    ),
    "left-behind": (
        *("户籍地", "现居地", "身体状况", "是否寄宿", "祖父母/外祖父母", "父亲务工地点（省市）"),
        *("母亲务工地点（省市）", "电话", "父母双方是否均外出", "委托监护人", "监护类型", "经济来源"),
        *("政府救助", "填表人", "复核人", "负责人"),
    ),
    "talk": (*("时间", "地点", "教师", "主题", "思想动态", "学习不足", "改进方法", "承诺事项", "下次时间"),),
    "visit": (
        *("日期", "家访形式", "主访", "陪同", "受访人及关系", "在家表现", "作业态度", "双休计划", "家长意见"),
        *("问题与措施", "家长签字", "家访人签字"),
    ),
}
FACTS = {
    "id_kind": "id_card",
    "id_number": "320106201307041237",
    "household": "云南省某县某镇某村八组",
    "health": "哮喘",
    "income": "父亲在外务工",
    "aid": "临时救助一次",
    "distance_m": 2500,
    "guardianship": "grandparents",
    "seat_number": "07",
    "residence": "农村",
    "ethnicity": "汉族",
    "enrolled_on": datetime.date(2026, 9, 1),
}
VISIT = {
    "companion": "宋桥",
    "met_whom": "奶奶",
    "at_home": "帮奶奶做饭，饭后写作业。",
    "homework": "做完才玩。",
    "weekend": "周六去图书室。",
    "family_view": "希望多读书。",
    "measures": "每周三晚上电话一次。",
}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def told(cast):
    edit_student(cast.actor("coordinator"), student=cast.students.key, facts=FACTS)
    return cast


def pages(file, kind="pdf"):
    """The texts of the pages. A sheet is one page. In Word the form is its tables; what is continued follows after a page break."""
    if kind == "pdf":
        texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages]
    elif kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(file)).active
        texts = ["".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)]
    else:
        word = docx.Document(io.BytesIO(file))
        in_tables = [tc.xpath("string(.)") for table in word.tables for tc in table._tbl.iter_tcs()]
        places = [n for n, one in enumerate(word.paragraphs) if one.paragraph_format.page_break_before]
        after = [one.text for one in word.paragraphs[places[0] :]] if places else []
        texts = ["".join(in_tables), *(["".join(after)] if after else [])]
    return [re.sub(r"\s", "", text) for text in texts]


def printed(cast, code, by="class_teacher", kind="pdf", **more):
    if code in ("talk", "visit"):
        body = {"body": VISIT} if code == "visit" else {}
        channel = "at_home" if code == "visit" else "in_person"
        reached = ["second_guardian"] if code == "visit" else ["student"]
        contact = talk(cast, kind=code, channel=channel, reached=reached, **body, **more)
        return pages(record_form(cast.actor(by), contact=contact, kind=kind), kind)
    file = student_form(cast.actor(by), student=cast.students.key, code=code, kind=kind, **more)
    return pages(file, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", FIELDS)
def test_every_field_of_the_form_stands_on_one_page(told, code, kind):
    (page,) = printed(told, code, kind=kind)
    assert [field for field in FIELDS[code] if field not in page] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["basic", "left-behind"])
def test_a_child_of_whom_little_is_known_has_the_same_form_to_fill_in_by_hand(cast, code, kind):
    Guardian.objects.all().delete()
    (page,) = printed(cast, code, kind=kind)
    assert [field for field in FIELDS[code] if field not in page] == []
    assert "■" not in page  # nothing is ticked that nobody said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["basic", "left-behind"])
def test_the_longest_values_still_fit_on_one_page(told, code, kind):
    longest = dict.fromkeys(("household", "address"), "长" * 200) | dict.fromkeys(
        ("health", "income", "aid"), "字" * 100
    )
    edit_student(told.actor("coordinator"), student=told.students.key, facts=longest)
    Guardian.objects.all().update(name="名" * 60, workplace="厂" * 60, away_place="城" * 60)
    (page,) = printed(told, code, by="head", kind=kind, full=True, purpose="存档")
    assert page.count("长") == 400 and page.count("字") == {"basic": 100, "left-behind": 300}[code]


@pytest.mark.parametrize("kind", ["pdf", "docx"])  # a cell of a sheet holds all of it
@pytest.mark.parametrize("code", ["talk", "visit"])
def test_a_record_with_texts_of_the_greatest_length_keeps_its_form_on_the_first_page_and_loses_nothing(
    cast, code, kind
):
    body = {"thoughts": "甲" * LONGEST_TEXT, "difficulties": "乙" * LONGEST_TEXT, "promise": "丙" * 2000}
    if code == "visit":
        body = {"at_home": "甲" * LONGEST_TEXT, "homework": "乙" * LONGEST_TEXT, "measures": "丙" * 2000}
        body |= {"companion": "宋桥", "met_whom": "奶奶"}
    reached = ["second_guardian"] if code == "visit" else ["student"]
    channel = "at_home" if code == "visit" else "in_person"
    contact = talk(cast, kind=code, body=body, channel=channel, reached=reached)
    first, *more = pages(record_form(cast.actor("helper"), contact=contact, kind=kind), kind)
    assert [field for field in FIELDS[code] if field not in first] == []
    assert "下接续页" in first and more[0].startswith("续页")
    rest = "".join(more)
    assert (rest.count("甲"), rest.count("乙"), rest.count("丙")) == (LONGEST_TEXT, LONGEST_TEXT, 2000)


def test_an_ordinary_long_talk_shrinks_before_it_is_continued(cast):
    body = dict.fromkeys(("thoughts", "difficulties", "improvement", "promise"), "三次未交作业，" * 45)
    assert len(printed(cast, "talk", body=body)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_and_places_are_masked_until_a_purpose_is_given(told, kind):
    (masked,) = printed(told, "basic", kind=kind)
    (full,) = printed(told, "basic", kind=kind, full=True, purpose="建立学籍档案")
    for secret in ("320106201307041237", "13812345678", "13900001111", "柳溪村三组12号", "某村八组", "哮喘"):
        assert secret not in masked and secret in full
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.purpose) == ("document.form", "建立学籍档案")
    assert entry.detail == {"form": "basic", "kind": kind, "full": True}


def test_a_full_print_without_a_purpose_is_refused(told):
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        printed(told, "basic", full=True, purpose=" ")
    assert refusal.value.field == "purpose" and AuditEntry.objects.count() == before


def test_what_the_hardship_zone_keeps_stays_open_for_the_pen_of_those_who_do_not_see_it(told):
    Circumstance.objects.create(school=told.school, student=told.students.key, category="orphan")
    (teacher,) = printed(told, "left-behind", full=True, purpose="存档")
    (head,) = printed(told, "left-behind", by="head", full=True, purpose="存档")
    assert "临时救助" not in teacher and "临时救助" in head and "父亲在外务工" in head
    assert "孤儿□是" in printed(told, "basic")[0] and "孤儿■是" in printed(told, "basic", by="head")[0]


def test_who_of_the_parents_is_away_is_ticked_only_as_far_as_it_is_known(told):
    Circumstance.objects.create(school=told.school, student=told.students.key, category="left_behind")
    assert "已登记，单亲还是双亲请核对后勾选" in printed(told, "basic")[0]
    mother = {"school": told.school, "student": told.students.key, "name": "陈玉", "relation": "mother"}
    Guardian.objects.create(**mother, away_place="苏州")
    assert "■双亲留守" in printed(told, "basic")[0] and "均外出■是" in printed(told, "left-behind")[0]
    Guardian.objects.filter(relation="mother").update(away_place="", lives_with=True)
    assert "■单亲留守" in printed(told, "basic")[0]


def test_who_sees_no_contact_details_prints_none(told):
    (page,) = printed(told, "basic", by="counsellor")
    assert "周桂兰" not in page and "138****" not in page and "周晓禾" in page
    with pytest.raises(NotAllowed):
        printed(told, "basic", by="counsellor", full=True, purpose="存档")


@pytest.mark.parametrize(
    "by", ["other_class_teacher", "other_teacher", "system_admin", "guardian", "outsider"]
)
def test_nobody_else_prints_a_child(told, by):
    for code in ("basic", "talk"):
        for kind in KINDS:
            with pytest.raises(NotAllowed):
                printed(told, code, by=by, kind=kind)


def test_what_was_said_in_confidence_and_what_has_no_form_is_not_printed(cast):
    private, call = talk(cast), talk(cast, kind="message", channel="message", body={"said": "问好"})
    type(private).objects.filter(pk=private.pk).update(visibility=Visibility.COUNSELLOR)
    private.refresh_from_db()
    for contact in (private, call):
        with pytest.raises(Refused):
            record_form(cast.actor("helper"), contact=contact, kind="pdf")
    with pytest.raises(Refused):
        student_form(cast.actor("head"), student=cast.students.key, code="horoscope", kind="pdf")
    with pytest.raises(Refused):
        student_form(cast.actor("head"), student=cast.students.key, code="basic", kind="exe")


def test_boxes_tick_what_is_recorded_and_nothing_else():
    ways = [("a", "走读"), ("b", "住校")]
    assert [boxes(ways, one) for one in ("b", None)] == ["□ 走读  ■ 住校", "□ 走读  □ 住校"]
    assert yes_no(None) == "□ 是  □ 否" and yes_no(False) == "□ 是  ■ 否"


def test_several_forms_begin_on_pages_of_their_own_and_nothing_in_them_is_code():
    form = Form("表", "校", (line(("甲", "#panic(1) $x$")), long_line("乙", "第一行\n第二行")), "脚")
    first, second = pages(form_pdf([form, form]))
    assert "#panic(1)$x$" in first and "第一行第二行" in second


TEXTS = st.text("字 \na1", max_size=900)


@given(st.lists(TEXTS, min_size=1, max_size=12), st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
@settings(max_examples=40, deadline=None)
def test_whatever_was_written_the_form_in_word_is_reckoned_onto_its_page_and_nothing_is_lost(texts, rows):
    with translation.override("zh-hans"):
        form = Form(
            "表",
            "校",
            (
                *(long_line(f"问{n}", text) for n, text in enumerate(texts)),
                *([Grid("单", ("甲", "乙"), (1, 2), tuple(rows))] if rows else []),
                signatures(("签字", ""), ("日期", "")),
            ),
            "脚",
        )
        found, fit = list(tables(form)), fit_of(form)
        stretched = fit.extra * len(texts) + fit.pad * sum(len(table.rows) for table in found)
        assert height(found, fit.size, fit.most) + stretched < HEIGHT
        assert fit.size in SIZES and (fit.most is None or fit.size == SIZES[-1])
        word = "".join(pages(form_word(form), "docx"))
        for text in [*texts, *(one for row in rows for one in row)]:
            assert re.sub(r"\s", "", text) in word


def test_the_same_form_gives_the_same_file_and_its_boxes_are_as_wide_as_the_page():
    form = Form("表", "", (line(("甲", "一"), ("乙", "二"), ("丙", "三")), long_line("丁", "四")), "脚")
    assert form_word(form) == form_word(form)
    (table,) = docx.Document(io.BytesIO(form_word(form))).tables
    spans = [[tc.grid_span for tc in row._tr.tc_lst] for row in table.rows]
    assert spans == [[2] * 6, [2, 10]]
