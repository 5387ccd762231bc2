"""Amounts are read exactly or refused, and shown in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.money import MOST_FEN, decimal, fen, in_words, yuan


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("1234", 123400), ("1,234.5", 123450), ("￥1，234.50", 123450), (" 38.05元 ", 3805)),
        *(("０.０１", 1), ("-3", -300)),
    ],
)
def test_an_amount_is_read_exactly(typed, value):
    assert fen(typed) == value


@pytest.mark.parametrize("typed", ["", "abc", "1.234", "1e3", "1.2.3", "一百", "--1", ".5", "99999999999"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(Refused):
        fen(typed)


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_what_is_shown_is_read_back(value):
    assert fen(yuan(value)) == value
    assert decimal(value) * 100 == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((123405, "壹仟贰佰叁拾肆元零伍分"), (100000, "壹仟元整"), (0, "零元整"), (50, "伍角整")),
        *(
            (1_000_500, "壹万零伍元整"),
            (1_012_030, "壹万零壹佰贰拾元零叁角整"),
            (10_000_000_00, "壹仟万元整"),
        ),
        *(
            (-1_00, "负壹元整"),
            (100_010_001_00, "壹亿零壹万零壹元整"),
            (12_000_300_00, "壹仟贰佰万零叁佰元整"),
        ),
        *((10_00_50, "壹仟元零伍角整"), (3, "叁分")),
    ],
)
def test_an_amount_in_words_is_as_on_vouchers(value, words):
    assert in_words(value) == words
