"""Lists of other offices: numbers and categories, every row understood or named, nobody's number repeated."""

import datetime

import pytest

from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance

from ..category_lists import hand_in, understand
from ..reader import Sheet


def number(n: int) -> str:
    first = f"3401232013091{n:04}"
    return first + check_digit(first)


def read(*rows: str, category: str = ""):
    return understand([Sheet("x.csv", "x", [row.split("|") for row in rows])], category)


def test_titles_sums_and_empty_rows_are_passed_over():
    found = read(
        "某县名单|||", "序号|身份证号|类别|有效期至", f"1|{number(1)}|城乡低保|2027-06-30", "|||", "合计|1||"
    )
    assert found.wrong == []
    row = found.rows[0]
    assert (row.row, row.id_number, row.category) == (3, number(1), "minimum_living")
    assert row.valid_until == datetime.date(2027, 6, 30)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("低保边缘家庭", "minimum_living_edge"),
        ("农村低保", "minimum_living"),
        ("特困供养", "extreme_poverty"),
        ("残疾人子女", "disabled_parent"),
        ("肢体残疾二级", "disabled"),
        ("突发严重困难户（监测）", "monitored"),
        ("脱贫户", "lifted_out"),
    ],
)
def test_categories_are_read_as_offices_write_them(word, code):
    assert read("身份证号码|人员类别", f"{number(1)}|{word}").rows[0].category == code


def test_a_list_of_one_category_needs_no_column():
    assert read("身份证号", number(1), category="orphan").rows[0].category == "orphan"
    with pytest.raises(Refused):
        read("身份证号", number(1))


def test_a_row_that_is_not_understood_is_named_and_no_number_is_repeated():
    mistyped = number(1)[:-1] + ("1" if number(1)[-1] != "1" else "2")
    found = read(
        "身份证号|类别|有效期",
        f"{mistyped}|低保|",
        f"{number(2)}|别的|",
        f"{number(3)}|低保|明年",
        f"{number(4)}||长期",
    )
    assert [(one.line, one.value) for one in found.wrong] == [(2, ""), (3, "别的"), (4, "明年"), (5, "")]
    assert mistyped not in str(found.wrong)


def test_long_term_has_no_last_day():
    assert read("身份证号|类别|有效期", f"{number(1)}|低保|长期").rows[0].valid_until is None


def sheet(*rows: str) -> bytes:
    return "\n".join(row.replace("|", ",") for row in rows).encode()


def test_the_sheet_becomes_a_list_of_our_own_children(cast):
    cast.students.key.id_number_index = blind_index(number(1), SEALED["id_number"])
    cast.students.key.save()
    rows = ("姓名|身份证号|类别", f"某某|{number(1)}|低保", f"某某|{number(2)}|孤儿")
    facts = {"school": cast.school, "office": "civil", "as_of": datetime.date(2026, 11, 1), "category": ""}
    taken = hand_in(cast.actor("coordinator"), name="名单.csv", content=sheet(*rows), **facts)
    assert (taken.rows.get().student, taken.others) == (cast.students.key, 1)
    assert Circumstance.objects.get().category == "minimum_living"
    wrong = hand_in(
        cast.actor("coordinator"), name="名单.csv", content=sheet(*rows, "某某|123|孤儿"), **facts
    )
    assert [one.line for one in wrong] == [4]
    with pytest.raises(NotAllowed):
        hand_in(cast.actor("class_teacher"), name="名单.csv", content=sheet(*rows), **facts)
