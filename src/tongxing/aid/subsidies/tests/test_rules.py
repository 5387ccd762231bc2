"""Who is suggested, with how much; and that parts of a term never come to more than the whole."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from .. import rules
from ..rules import Child, Paid, Suggestion, pro_rata, rate_on, suggest

FIRST, LAST = datetime.date(2026, 9, 1), datetime.date(2027, 1, 22)
TERM = (FIRST, LAST)
DAY = datetime.timedelta(days=1)
DAYS = st.integers(-40, 183).map(lambda n: FIRST + n * DAY)
WORDS = {
    "stage": st.sampled_from(["", "primary", "junior"]),
    "boarding": st.sampled_from(["", "boards", "day"]),
}
RATES = st.lists(
    st.builds(Paid, st.integers(1, 10**6), DAYS, level=st.sampled_from(["", "甲", "乙"]), **WORDS), max_size=4
)
CHILDREN = st.builds(
    Child, st.sampled_from(["primary", "junior", "senior"]), st.sampled_from([None, True, False]),
    st.sampled_from(["", "甲", "乙"]), st.frozensets(st.sampled_from(["orphan", "disabled"])),
)  # fmt: skip


def said(child, rates, day=FIRST, asks="recognised", **more):
    return suggest(child, asks=asks, rates=rates, day=day, term=TERM, **more)


@given(CHILDREN, RATES, DAYS)
def test_an_amount_that_has_not_begun_or_is_for_others_is_never_used(child, rates, day):
    found = rate_on(rates, child, day)
    fitting = [
        one for one in rates
        if one.starts_on <= day and {one.stage, one.boarding, one.level} <= {"", child.stage, child.boarding, child.level}
    ]  # fmt: skip
    assert (found is None) == (not fitting)
    if found:
        assert found in fitting and found.named == max(one.named for one in fitting)


@given(CHILDREN, RATES, DAYS)
def test_a_later_amount_changes_nothing_on_earlier_days(child, rates, day):
    later = Paid(1, day + DAY)
    assert rate_on(rates, child, day) == rate_on([*rates, later], child, day)


@given(CHILDREN, RATES, DAYS, st.sampled_from(["recognised", "known"]), st.booleans())
def test_a_suggestion_is_an_amount_with_grounds_or_nothing_with_what_stands_in_the_way(
    child, rates, day, asks, other
):
    found = said(child, rates, day, asks, has_other=other)
    assert found.reasons and found.fits == (found.amount > 0)
    blocked = {"not_recognised", "has_other", "boarding_unknown", "no_amount"}
    assert found.fits == blocked.isdisjoint(found.reasons)
    if not child.level and (asks == "recognised" or not child.groups):
        assert found == Suggestion(0, ("not_recognised",))


@given(st.integers(1, 10**7), DAYS)
def test_two_schools_together_never_pay_more_than_one_term(amount, change):
    before, after = pro_rata(amount, TERM, FIRST, change), pro_rata(amount, TERM, change + DAY, LAST)
    assert 0 <= before <= amount and 0 <= after <= amount and amount - 1 <= before + after <= amount


def test_the_amount_that_names_most_of_the_child_holds():
    rates = [Paid(375_00, FIRST, "junior", "day"), Paid(750_00, FIRST, "junior", "boards"), Paid(9_00, FIRST)]
    assert said(Child("junior", True, "比较困难"), rates) == Suggestion(750_00, ("level.比较困难", "boards"))
    assert said(Child("junior", False, "比较困难"), rates).amount == 375_00
    assert said(Child("primary", False, "比较困难"), rates).amount == 9_00


def test_who_boards_or_not_is_asked_before_an_amount_is_guessed():
    rates = [Paid(375_00, FIRST, "junior", "day"), Paid(750_00, FIRST, "junior", "boards")]
    assert said(Child("junior", None, "比较困难"), rates).reasons == ("boarding_unknown",)
    assert said(Child("junior", None, "比较困难"), []).reasons == ("no_amount",)


def test_a_group_of_an_office_counts_only_where_the_project_says_so():
    child, rates = Child("junior", True, "", frozenset({"orphan"})), [Paid(1_00, FIRST)]
    assert not said(child, rates).fits
    assert said(child, rates, asks="known").reasons == ("group.orphan",)


def test_a_child_that_came_late_gets_the_whole_suggested_and_its_part_shown():
    child = Child("junior", True, "比较困难", first=datetime.date(2026, 11, 12))
    found = said(child, [Paid(144_00, FIRST)])
    assert (found.amount, found.part) == (144_00, 72_00)


def test_a_card_number_is_twelve_to_twenty_three_digits():
    assert rules.card_number("6217 0000 1234 5678") == "6217000012345678"
    assert rules.card_number("12345") == rules.card_number("６２１７００００１２３４５６７８") == ""
    assert rules.card_number("6217-0000-ABCD-5678") == ""
