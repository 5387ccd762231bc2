"""Sums and covered names, as rules."""

from hypothesis import given
from hypothesis import strategies as st

from tongxing.oversight.review.rules import (
    CHOICES,
    COVER,
    QUESTIONS,
    SHOWN_FROM,
    added,
    as_tally,
    covered,
    empty,
    fits,
    is_shown,
)

answers = st.lists(st.sampled_from(CHOICES), min_size=QUESTIONS, max_size=QUESTIONS)


@given(st.lists(answers, max_size=30))
def test_the_sums_are_the_answers_and_know_no_order(given_answers):
    def summed(rows):
        tally = empty()
        for one in rows:
            tally = added(tally, as_tally(one))
        return tally

    tally = summed(given_answers)
    assert tally == summed(reversed(given_answers))
    for number, row in enumerate(tally):
        assert row == [sum(one[number] == choice for one in given_answers) for choice in CHOICES]


@given(st.lists(answers, min_size=1, max_size=30))
def test_counted_slips_fit_unless_a_question_has_more_ticks_than_slips(given_answers):
    tally = empty()
    for one in given_answers:
        tally = added(tally, as_tally(one))
    assert fits(tally, len(given_answers)) and not fits(tally, len(given_answers) - 1)
    assert not fits([[-1, 0, 0, 0]] * QUESTIONS, 1)


@given(st.integers(0, 50), st.booleans())
def test_nothing_is_shown_below_ten_answers_or_before_the_end(many, is_over):
    assert is_shown(many, is_over) == (is_over and many >= SHOWN_FROM)


@given(
    st.lists(st.text("周晓禾孟宇航林岚谢老师好", min_size=2, max_size=3), max_size=5),
    st.text("周晓禾孟宇航林岚谢老师好", max_size=30),
)
def test_no_name_is_left_in_a_covered_text(names, text):
    assert not any(name in covered(text, names) for name in names)


def test_a_colleague_called_by_surname_and_title_is_covered_too():
    assert covered("谢谢林老师和欧阳老师", [], ["林", "欧阳"]) == f"谢谢{COVER}老师和{COVER}老师"
    assert covered("老师很好，森林很美", ["林岚"], ["林"]) == "老师很好，森林很美"
    assert covered("食堂很好", ["好"], []) == "食堂很好", "one sign is no name"
