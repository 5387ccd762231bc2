"""What a plan lacks, and where it stands on any day."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.programme.term_plan_rules import (
    STAGES,
    PlanText,
    Standing,
    lacks,
    review_on,
    stage,
)

D = datetime.date
TODAY = D(2026, 11, 25)
days = st.dates(D(2026, 9, 1), D(2027, 2, 1))
standings = st.builds(
    Standing,
    st.sampled_from(["", "draft", "handed_in", "sent_back"]),
    st.none() | days,
    st.none() | days,
    st.booleans(),
)


@given(standings, days)
def test_a_plan_stands_at_one_place_and_only_an_approved_one_is_in_force(one, today):
    found = stage(one, today)
    assert found in STAGES
    if found in {"in_force", "to_begin", "to_review"}:
        assert one.in_force_from is not None and not one.open_state
    assert (found == "ended") == one.is_ended
    assert (found == "to_approve") == (one.open_state == "handed_in" and not one.is_ended)


@given(days, days, days)
def test_it_asks_to_be_looked_at_from_its_day_on_and_not_before(first, look, today):
    found = stage(Standing(in_force_from=first, review_on=look), today)
    assert (found == "to_review") == (look <= today)


@given(st.lists(st.tuples(days, st.none() | days)), days)
def test_the_last_look_decides_when_somebody_looks_again(looks, planned):
    found = review_on(planned, looks)
    if not looks:
        assert found == planned
    else:
        last = max(day for day, _next in looks)
        assert found in [day for looked, day in looks if looked == last]


@given(st.builds(PlanText, *[st.text(max_size=3)] * 6), st.lists(st.just("measure"), max_size=2), days)
def test_nothing_is_lacking_exactly_when_seen_goal_measures_and_a_day_are_there(text, measures, look):
    missing = lacks(text, measures, look, TODAY)
    assert ("seen" in missing) == (not "".join(text.seen).strip())
    assert ("goal" in missing) == (not text.goal.strip())
    assert ("measures" in missing) == (not measures)
    assert ("review_on" in missing) == (look <= TODAY)
    assert PlanText.from_json(text.as_json()) == text
