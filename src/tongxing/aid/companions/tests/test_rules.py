import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import rules

days = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))
every = st.sampled_from(["fortnight", "month", "quarter", "once"])
DAY = datetime.timedelta(days=1)


@given(first=days, length=st.integers(0, rules.LONGEST), every=every)
def test_the_dates_of_a_promise_fill_it_without_gaps(first, length, every):
    until = first + length * DAY
    found = rules.spans(first, until, every)
    assert found[0][0] == first and found[-1][1] == until
    assert all(begins <= ends for begins, ends in found)
    assert all(later[0] == earlier[1] + DAY for earlier, later in zip(found, found[1:], strict=False))


@given(
    first=days, length=st.integers(0, rules.LONGEST), every=every, kept=st.sets(days, max_size=8), today=days
)
def test_a_date_is_kept_by_what_is_noted_in_it_and_never_late_before_it_is_over(
    first, length, every, kept, today
):
    for one in rules.dues(first, first + length * DAY, every, kept, today):
        inside = any(one.first <= day <= one.last for day in kept)
        assert (one.state == "done") == inside
        if not inside:
            assert one.state == ("later" if today < one.first else "due" if today <= one.last else "late")


def test_months_are_counted_from_the_first_day():
    assert rules.months_later(datetime.date(2027, 1, 31), 1) == datetime.date(2027, 2, 28)
    found = rules.spans(datetime.date(2026, 9, 10), datetime.date(2026, 12, 31), "month")
    assert [ends for _begins, ends in found] == [
        datetime.date(2026, 10, 9),
        datetime.date(2026, 11, 9),
        datetime.date(2026, 12, 9),
        datetime.date(2026, 12, 31),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("谢谢您送的字典，我每天都用。", []),
        ("今年 9 月我上初二了，数学考了 87 分。", []),
        ("我的电话是 138 1234 5678", ["phone"]),
        ("１３８１２３４５６７８", ["phone"]),
        ("奶奶家座机0571-8812345", ["phone"]),
        ("身份证 110101199003070011，", ["number"]),
        ("加我微信吧", ["chat"]),
        ("写信到 abc@example.com", ["chat"]),
        ("我家在柳溪村三组", ["address"]),
        ("住 3 栋，来玩", ["address"]),
    ],
)
def test_what_tells_how_to_find_the_child_is_pointed_out(text, kinds):
    assert [one.kind for one in rules.telling(text)] == kinds
