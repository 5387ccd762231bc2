"""Statements as banks and counties write them: amounts to the fen, every row understood or named."""

import datetime

import pytest

from tongxing.ground.kernel.errors import Refused

from ..reader import Sheet
from ..statements import understand


def read(*rows: str, profile: str = "bank"):
    return understand([Sheet("x.csv", "x", [row.split("|") for row in rows])], profile)


def amounts(*rows: str, profile: str = "bank") -> list[int]:
    found = read(*rows, profile=profile)
    assert found.wrong == []
    return [row.amount for row in found.rows]


def test_two_columns_one_signed_column_and_a_word_beside_the_amount_are_read():
    assert amounts("交易日期|收入金额|支出金额", "2026-11-02|1,250.50|", "2026-11-03||38.5") == [
        125_050,
        -3_850,
    ]
    assert amounts("日期|金额", "2026.11.2|12.10", "20261103|-0.01") == [1_210, -1]
    assert amounts("记账日期|交易金额(元)|借贷标志", "2026/11/2|5|贷", "2026/11/3|5|借") == [500, -500]


def test_what_a_spreadsheet_holds_as_a_fraction_is_read_to_the_fen():
    assert amounts("日期|金额", "2026-11-02|12.0999999999", "2026-11-03|1250.0") == [1_210, 125_000]


def test_titles_sums_and_empty_rows_are_passed_over():
    found = read(
        "账号：6222021234567890123|", "日期|金额|流水号|摘要", "2026-11-02|1|00123|代发", "|", "合计|1||"
    )
    assert [(row.row, row.day, row.reference, row.text) for row in found.rows] == [
        (3, datetime.date(2026, 11, 2), "00123", "代发")
    ]


def test_the_county_names_what_it_paid():
    rows = ("发放日期|项目名称|姓名|卡号|发放金额", "2026-11-03|生活补助|某某|6222021234567890123|625.00")
    found = read(*rows, profile="county").rows
    assert [(row.amount, row.text) for row in found] == [(62_500, "生活补助")]


@pytest.mark.parametrize(
    "row", ["某天|1", "2026-11-02|一元", "2026-11-02|", "2026-11-02|0", "2026-11-02|1.234"]
)
def test_a_row_that_is_not_understood_is_named_with_its_line(row):
    found = read("日期|金额", "2026-11-01|1", row)
    assert [one.line for one in found.wrong] == [3] and found.wrong[0].message


def test_both_sides_in_one_row_and_an_unknown_word_are_named():
    assert read("日期|收入|支出", "2026-11-02|1|2").wrong
    assert read("日期|金额|借贷", "2026-11-02|1|转").wrong


def test_a_sheet_without_day_and_amount_is_refused():
    with pytest.raises(Refused):
        read("姓名|班级", "周|一班")
