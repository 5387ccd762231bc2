import pytest
from django.utils import translation

from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange.kinds import KINDS
from tongxing.paper.exchange.profile import EMPTY, read_profile
from tongxing.paper.exchange.reader import Sheet
from tongxing.paper.exchange.recognise import missing, recognise

from .files import HEADINGS, ROSTER


def sheet(*rows, file="a.xlsx"):
    return Sheet(file, "", [list(row) for row in rows])


def kind_of(*headings) -> str:
    found = recognise(sheet(headings, ["x"] * len(headings)), EMPTY)
    return found[-1].kind.code if found else ""


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (HEADINGS, "students"),
        (("序号", "姓名", "性别", "身份证件号", "学籍号", "年级", "班级", "入学年月", "就读方式", "现住址"), "students"),
        (("学号*", "姓名（必填）", "班 级"), "students"),
        (("学号", "学生姓名", "监护人姓名", "与学生关系", "联系电话"), "guardians"),
        (("工号", "姓名", "性别"), "staff"),
        (("教师姓名", "班级", "任教学科"), "teaching"),
        (("学号", "姓名", "考勤时间", "考勤类型"), "attendance"),
        (("学号", "科目", "成绩", "考试名称", "考试日期"), "scores"),
        (("班级", "姓名", "语文", "数学成绩", "英语"), "wide_scores"),
        (("Student number", "Name", "Sex", "Class"), "students"),
        (("日期", "菜名", "价格"), ""),
    ],
)  # fmt: skip
def test_headings_say_what_a_sheet_holds(headings, kind):
    assert kind_of(*headings) == kind


def test_titles_above_the_headings_are_passed_over():
    table = recognise(sheet(["和风镇中心初中"], [], ["制表：教导处"], HEADINGS, ["1"] * 9), EMPTY)[0]
    assert (table.heading, table.title) == (3, "和风镇中心初中 制表：教导处")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_template_is_recognised_in_every_language(kind, language):
    with translation.override(language):
        fields = [KINDS[kind].field(code) for code in KINDS[kind].in_template]
        headings = [str(field.label) for field in fields] + (["数学"] if kind == "wide_scores" else [])
        table = recognise(sheet(headings, [field.example for field in fields]), EMPTY)[-1]
    assert table.kind.code == kind
    assert set(table.columns) == set(KINDS[kind].in_template)
    assert table.unused == ()


def test_columns_of_no_use_are_named_and_a_strange_sheet_shows_its_headings():
    assert recognise(sheet(("学号", "姓名", "班级", "最喜欢的书"), ["1"] * 4), EMPTY)[0].unused == (
        "最喜欢的书",
    )
    assert missing(sheet(ROSTER[0], ("菜名", "价格"))) == "菜名、价格"


PROFILE = """
term = "2018-2019-1"
[[files]]
pattern = "kq*"
kind = "attendance"
leave_out_unknown = true
columns = { code = "sid", at = "t", kind = "k" }
values = { kind = { "7" = "late" } }
"""


def test_a_profile_says_what_a_column_means():
    profile = read_profile(PROFILE)
    table = recognise(sheet(("SID", "t", "k"), ("1", "2", "7"), file="KQ2018.csv"), profile)[0]
    assert (table.kind.code, table.columns) == ("attendance", {"code": 0, "at": 1, "kind": 2})
    assert profile.term == ("2018-2019", 1)
    assert recognise(sheet(("sid", "t"), file="kq.csv"), profile) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("term = ", "TOML"),
        ('colour = "red"', "colour"),
        ('[[files]]\npattern="a"\nkind="meals"', "meals"),
        ('[[files]]\npattern="a"\nkind="staff"\ncolumns={shoe="x"}', "shoe"),
        ('[school]\nstage="kindergarten"', "kindergarten"),
        ('term = "whenever"', "2026-2027-1"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_place(text, word, english):
    with pytest.raises(Refused, match=word):
        read_profile(text)
