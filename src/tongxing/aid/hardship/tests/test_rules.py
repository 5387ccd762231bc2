"""The suggestion: from answers and groups, with its reasons, never an order of children."""

from hypothesis import given
from hypothesis import strategies as st

from ..content import Content, Member
from ..rules import Threshold, in_words, ready, ready_weights, suggest

WEIGHTS = ready_weights()
QUESTIONS = {question: list(one["options"]) for question, one in ready()["questions"].items()}
LEVELS = [Threshold(1, 60), Threshold(2, 35), Threshold(3, 15)]
FROM = {one.level: one.from_points for one in LEVELS} | {None: 0}
answers = st.fixed_dictionaries(
    {}, optional={q: st.sampled_from(options) for q, options in QUESTIONS.items()}
)
groups = st.sets(st.sampled_from(list(ready()["groups"])))


def test_examples():
    assert suggest({}, [], WEIGHTS, LEVELS).level is None
    assert suggest({"earners": "more", "home": "own"}, [], WEIGHTS, LEVELS) == suggest(
        {}, [], WEIGHTS, LEVELS
    )
    assert suggest({}, ["orphan"], WEIGHTS, LEVELS).level == 1
    found = suggest({"care": "one", "earners": "one", "pupils": "two"}, [], WEIGHTS, LEVELS)
    assert (found.level, found.reasons) == (3, ("care.one", "earners.one", "pupils.two"))


@given(answers, groups, st.sampled_from(list(ready()["groups"])))
def test_a_reason_more_never_suggests_less(said, some, one):
    before, after = (suggest(said, found, WEIGHTS, LEVELS) for found in (some, some | {one}))
    assert FROM[after.level] >= FROM[before.level]
    assert set(before.reasons) <= set(after.reasons)


@given(answers, st.lists(st.sampled_from(list(ready()["groups"])), unique=True), st.randoms())
def test_the_order_in_which_things_are_said_changes_nothing(said, some, random):
    shuffled, turned = list(said.items()), list(some)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert suggest(said, some, WEIGHTS, LEVELS) == suggest(dict(shuffled), turned, WEIGHTS, LEVELS[::-1])


@given(answers, groups)
def test_every_reason_was_said_and_counts_for_something(said, some):
    found = suggest(said, some, WEIGHTS, LEVELS)
    spoken = {f"{q}.{a}" for q, a in said.items()} | {f"group.{one}" for one in some}
    assert set(found.reasons) <= spoken
    assert all(WEIGHTS[one] > 0 for one in found.reasons)
    assert (found.level is None) <= (sum(WEIGHTS[one] for one in found.reasons) < 15)


@given(answers, groups)
def test_two_levels_work_as_three_do(said, some):
    two = [Threshold(1, 60), Threshold(2, 15)]
    three, less = (suggest(said, some, WEIGHTS, levels) for levels in (LEVELS, two))
    assert (three.level is None) == (less.level is None)
    assert (three.level == 1) == (less.level == 1)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)), st.sets(st.text(max_size=8)))
def test_what_nobody_knows_counts_nothing(said, some):
    unknown = {q: a for q, a in said.items() if f"{q}.{a}" not in WEIGHTS}
    strange = {one for one in some if f"group.{one}" not in WEIGHTS}
    assert suggest(unknown, strange, WEIGHTS, LEVELS).reasons == ()


def test_reasons_are_read_in_words():
    assert in_words("care.one", {}) == "家里有没有需要长期看病或照料的人：有一个"
    assert in_words("group.orphan", {"orphan": "孤儿"}) == "孤儿"


text = st.text(max_size=20)
members = st.lists(st.builds(Member, *[text] * 6), max_size=6).map(tuple)


@given(st.builds(Content, members, st.lists(text).map(tuple), text, text, st.dictionaries(text, text), text))
def test_what_is_sealed_comes_back_as_it_was(content):
    assert Content.from_text(content.to_text()) == content
