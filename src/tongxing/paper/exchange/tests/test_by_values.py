"""What a column holds is told by its cells where the heading says nothing."""

import pytest

from tongxing.paper.exchange.by_values import columns_by_values
from tongxing.paper.exchange.columns import choice
from tongxing.paper.exchange.content import Content
from tongxing.paper.exchange.kinds import STUDENTS
from tongxing.paper.exchange.reader import Sheet

pytestmark = pytest.mark.usefixtures("at_school")

ROWS = [
    [
        "1",
        "20260301",
        "温小满",
        "女",
        "初一（3）班",
        "2013/7/4",
        "汉族",
        "柳溪村",
        "13900001111",
        "11010120130704002X",
    ],
    [
        "2",
        "20260302",
        "欧阳一诺",
        "男",
        "初一（3）班",
        "2013-10-17",
        "回族",
        "李家村",
        "13900002222",
        "110101201310170017",
    ],
    [
        "3",
        "00012",
        "古丽努尔·艾山",
        "女",
        "初一（2）班",
        "2013年1月9日",
        "维吾尔族",
        "张家组",
        "13900003333",
        "",
    ],
]
MEANT = {"code": 1, "name": 2, "sex": 3, "class_name": 4, "birth_date": 5, "id_number": 9}


def sheet(*above):
    return Sheet("名册.xlsx", "Sheet1", [*above, *ROWS])


def test_number_name_sex_class_birth_date_and_id_number_are_told_by_their_looks():
    assert columns_by_values(sheet(["甲"] * 10), STUDENTS, 0, {}) == MEANT


def test_what_a_heading_says_stays_and_its_column_is_not_given_away():
    found = columns_by_values(sheet(["甲"] * 10), STUDENTS, 0, {"guardian1_name": 2, "sex": 0})
    assert "name" not in found and "sex" not in found


@pytest.mark.parametrize(
    "cells",
    [
        ["汉族", "回族", "满族"],
        ["李家村", "张家村", "王家组"],
        ["高一", "高二", "高三"],
        ["农村", "城镇", "农村"],
        ["王小明", "王小明", "王小明", "王小明"],
        ["13900001111", "13900002222", "13900003333"],
        ["85", "90", "77"],
    ],
)
def test_what_could_be_anything_is_left_to_the_person(cells):
    assert columns_by_values(Sheet("a", "a", [["甲"], *([cell] for cell in cells)]), STUDENTS, 0, {}) == {}


def test_a_sheet_without_headings_begins_with_its_first_child():
    mapping = choice(Content([sheet()]), 0, None, None).mapping
    assert (mapping.kind, mapping.heading, mapping.columns) == ("students", -1, MEANT)
