import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.paper.exchange import values
from tongxing.paper.exchange.values import NotUnderstood

DAY = datetime.date(2018, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["2018-09-01", "2018/9/1", "2018.9.1", "2018年9月1日", "２０１８－９－１", "20180901", "2018-09", "201809", "2018/9/1 00:00:00", "43344"],
)  # fmt: skip
def test_a_day_is_understood_in_every_writing(text):
    assert values.date(text) == DAY


@pytest.mark.parametrize("text", ["", "2018-13-01", "昨天", "18-9-1", "2018-02-30", "12"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(NotUnderstood):
        values.date(text)


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 12, 31)))
def test_every_day_is_read_as_it_was_written(day):
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert values.date(text) == day


def test_a_moment_is_in_the_schools_time():
    expected = datetime.datetime(2018, 1, 27, 12, 21, 32, tzinfo=SCHOOL_TIME)
    assert values.moment("2018/1/27 12:21:32") == values.moment("2018-01-27T12:21:32") == expected
    assert values.moment("2018/1/27") == datetime.datetime(2018, 1, 27, tzinfo=SCHOOL_TIME)


@pytest.mark.parametrize("text", ["2018-2019-1", "2018-2019学年第一学期", "2018学年第1学期", "2018-2019（上）".replace("（", "").replace("）", "")])  # fmt: skip
def test_a_term_is_understood_in_every_writing(text):
    assert values.term(text) == ("2018-2019", 1)


def test_a_result_is_a_number_a_grade_or_a_special_mark():
    assert values.result("８５.５") == (Decimal("85.50"), "", "")
    assert values.result("B+") == (None, "B+", "")
    assert values.result("优") == (None, "优", "")
    assert values.result("缺考") == (None, "", "absent")
    assert values.result("0") == (Decimal("0.00"), "", "")
    for text in ("-1", "八十", "NaN", "Infinity", "99999"):
        with pytest.raises(NotUnderstood):
            values.result(text)


def test_numbers_that_are_names_keep_their_digits():
    assert values.number_text("99003.0") == "99003"
    assert values.number_text("００１２") == "0012"
    assert values.number_text("'0123") == "0123"
    with pytest.raises(NotUnderstood):
        values.number_text("3.30227E+17")


@given(st.from_regex(r"[0-9]{1,30}", fullmatch=True))
def test_no_digit_is_ever_lost(text):
    assert values.number_text(text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [("父亲", "father"), ("母亲", "mother"), ("祖父", "grandparent"), ("外婆", "grandparent"), ("姑妈", "relative"), ("邻居", "other")],
)  # fmt: skip
def test_relations_are_understood_and_their_words_kept(text, kind):
    assert values.relation(text) == (kind, text)


def test_names_keep_their_dot_and_rare_signs():
    assert values.name(" 古丽努尔・艾山 ") == "古丽努尔·艾山"
    assert values.name("张 三") == "张三"
    assert values.name("𬭎䶮") == "𬭎䶮"
    assert values.name("Anna Lee") == "Anna Lee"


def test_left_behind_is_yes_unless_it_says_no():
    assert all(values.circumstance(text) for text in ("双亲留守", "是", "1", "单亲留守"))
    assert not any(values.circumstance(text) for text in ("非留守", "否", "0", "无"))
