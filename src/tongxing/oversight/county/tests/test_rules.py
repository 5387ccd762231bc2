"""A school's promise against the county's point: a lower bound, checked against what a record has to be."""

import datetime
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.contacts.kinds import Channel, Reached
from tongxing.care.contacts.queries import Evidence
from tongxing.care.programme import rules as programme
from tongxing.care.programme.versions import Terms
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.oversight.county.rules import meets, review_by, standing

TOPICS = ("talk", "study", "life", "safety")
some = st.lists
TERMS = st.builds(
    Terms,
    st.just("谈心"),
    st.sampled_from(["week", "weeks", "month", "term", "term_start", "break", "break_weeks"]),
    st.integers(1, 6),
    st.just(1),
    st.sampled_from(["key", "other", "registered"]),
    st.sampled_from(["", "left_behind"]),
    st.just("helper"),
    some(st.sampled_from(Reached.values), max_size=3, unique=True).map(tuple),
    some(st.sampled_from(Channel.values), max_size=3, unique=True).map(tuple),
    some(st.sampled_from(TOPICS), max_size=2, unique=True).map(tuple),
)
TALK = Terms("谈心", "weeks", 2, reached=("student",), topics=("talk",))


@given(TERMS)
def test_a_point_meets_itself_under_another_name_and_on_another_s_list(terms):
    assert standing(terms, replace(terms, label="聊聊", by="class_teacher")) == "same"


RHYTHMS = [
    *product(("week", "month", "term", "break"), (1,)),
    *product(("weeks", "term_start", "break_weeks"), (1, 3, 4)),
]
FOR_WHOM = list(product(("key", "other", "registered"), ("", "left_behind")))


def test_what_meets_more_meets_less():
    """Every three of all rhythms and all groups."""
    each = [
        replace(TALK, every=every, n=n, to=to, needs_circumstance=needs)
        for (every, n), (to, needs) in product(RHYTHMS, FOR_WHOM)
    ]
    met = {(i, k) for i, one in enumerate(each) for k, two in enumerate(each) if meets(one, two)}
    below = {i: {k for j, k in met if j == i} for i in range(len(each))}
    assert all(below[k] <= below[i] for i, k in met)
    assert len(each) < len(met) < len(each) ** 2


@given(TERMS, st.data())
def test_whatever_keeps_the_school_s_promise_keeps_a_point_that_asks_for_less(own, data):
    """By the rule with which the school's own records are counted."""
    point = looser(own, data.draw)
    assert meets(own, point)
    moment = datetime.datetime(2026, 10, 12, 10, tzinfo=SCHOOL_TIME)
    record = Evidence(
        1, 1, moment, moment, True,
        data.draw(st.sampled_from(own.channels or Channel.values)),
        frozenset({*own.reached[:1], *data.draw(st.sets(st.sampled_from(Reached.values), max_size=2))}),
        frozenset({*own.topics, *data.draw(st.sets(st.sampled_from(TOPICS)))}),
    )  # fmt: skip
    assert programme.counts(record, _rule(own)) and programme.counts(record, _rule(point))


def looser(own, draw):
    """The same with fewer topics, and more or all ways and people that are enough."""
    more = {
        name: draw(st.sampled_from([(), *([(*found, values[0])] if found else [])]))
        for name, values, found in (
            ("reached", Reached.values, own.reached),
            ("channels", Channel.values, own.channels),
        )
    }
    return replace(
        own,
        topics=own.topics[: draw(st.integers(0, 2))],
        needs_circumstance=own.needs_circumstance or "",
        **more,
    )


@given(TERMS, TERMS)
def test_a_record_that_keeps_the_promise_but_not_the_point_means_that_it_does_not_meet_it(own, point):
    """Of each promise the barest record that keeps it."""
    moment = datetime.datetime(2026, 10, 12, 10, tzinfo=SCHOOL_TIME)
    for channel, reached in product(own.channels or Channel.values, own.reached or Reached.values):
        bare = Evidence(1, 1, moment, moment, True, channel, frozenset({reached}), frozenset(own.topics))
        if programme.counts(bare, _rule(own)) and not programme.counts(bare, _rule(point)):
            assert not meets(own, point)


def _rule(terms):
    return programme.Commitment(
        "x", terms.cadence, terms.to, None, "helper", frozenset(terms.reached), frozenset(terms.channels),
        frozenset(terms.topics),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (None, "missing"),
        (TALK, "same"),
        (replace(TALK, every="week", n=1), "more"),
        (replace(TALK, n=3), "less"),
        (replace(TALK, every="month"), "less"),
        (replace(TALK, to="key"), "less"),
        (replace(TALK, needs_circumstance="left_behind"), "less"),
        (replace(TALK, reached=()), "less"),
        (replace(TALK, topics=("talk", "study")), "more"),
        (replace(TALK, channels=("at_home",)), "more"),
        (replace(TALK, every="term"), "less"),
        (replace(TALK, every="break_weeks"), "less"),
    ],
)
def test_as_much_more_less_or_not_at_all(own, says):
    assert standing(TALK, own) == says


@pytest.mark.parametrize(
    ("own", "n", "point", "of", "met"),
    [
        ("week", 1, "term_start", 1, True),
        ("weeks", 2, "term_start", 1, False),
        ("term", 1, "term_start", 3, False),
        ("term_start", 3, "term", 1, True),
        ("month", 1, "weeks", 4, True),
        ("weeks", 4, "month", 1, True),
        ("break_weeks", 4, "break", 1, True),
        ("break", 1, "break_weeks", 4, False),
        ("week", 1, "break", 1, False),
    ],
)
def test_which_rhythm_is_as_often(own, n, point, of, met):
    assert meets(replace(TALK, every=own, n=n), replace(TALK, every=point, n=of)) is met


def test_an_emergency_is_looked_at_again_within_three_days():
    assert review_by(datetime.date(2026, 11, 25)) == datetime.date(2026, 11, 28)
