import datetime

import pytest

from tongxing.paper.exchange.safe_cells import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u3000="])
def test_a_text_that_starts_like_a_formula_stays_a_text(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    "value", ["阿依古丽·买买提", "0512", "", 66, -3, 2.5, None, datetime.date(2026, 11, 23)]
)
def test_ordinary_cells_pass_unchanged(value):
    assert safe_cell(value) == value
