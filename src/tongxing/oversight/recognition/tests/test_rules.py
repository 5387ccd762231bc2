"""The rules of a title: enough have spoken, people decide, consent before praise. And what can never be evidence."""

import ast
import datetime
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.oversight.recognition import evidence, rules

DAY = datetime.date(2027, 7, 1)


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 12))
def test_nothing_follows_before_more_than_half_and_at_least_two_have_spoken(said, able):
    is_open = rules.outcome(said, able) == "open"
    assert is_open == (len(said) < 2 or len(said) * 2 <= able)


@given(st.lists(st.booleans(), min_size=2, max_size=12))
def test_it_meets_only_where_more_who_looked_say_so_than_not(said):
    found = rules.outcome(said, len(said))
    assert found == ("meets" if said.count(True) > said.count(False) else "not_yet")


@given(st.lists(st.booleans(), min_size=2, max_size=12), st.integers(0, 11))
def test_a_word_more_for_it_never_turns_meets_into_not_yet(said, place):
    more = list(said)
    more[place % len(said)] = True
    if rules.outcome(said, len(said)) == "meets":
        assert rules.outcome(more, len(said)) == "meets"


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 3), min_size=1), st.data())
def test_less_than_half_of_what_matters_carries_nothing_and_all_of_it_always(weights, data):
    met = data.draw(st.sets(st.sampled_from(sorted(weights))))
    share = sum(weights[one] for one in met) / sum(weights.values())
    assert rules.carries(weights, met) == (share >= 0.5)
    assert rules.carries(weights, weights)
    assert rules.carries(weights, [*met, *met]) == rules.carries(weights, met)  # ticked twice is ticked once


@given(st.lists(st.sampled_from(["", "yes", "no"]), max_size=5))
def test_no_answer_is_no_yes(answers):
    assert rules.all_agree(answers) == (len(answers) > 0 and set(answers) == {"yes"})


@given(st.lists(st.sampled_from(["", "yes", "no"]), max_size=4), st.booleans(), st.booleans())
def test_without_every_yes_it_is_never_said_to_be_public_or_given(answers, public, awarded):
    found = rules.state(withdrawn=False, outcome="meets", answers=answers, public=public, awarded=awarded)
    assert (found in {"public", "awarded", "agreed"}) == rules.all_agree(answers)
    assert (
        rules.state(withdrawn=True, outcome="meets", answers=answers, public=public, awarded=awarded)
        == "withdrawn"
    )


def test_an_honour_shows_for_a_year():
    assert rules.shown_until(DAY) == datetime.date(2028, 6, 30)


def test_the_list_of_evidence_is_closed():
    """Another kind is a decision of its own (docs/decisions/0140): not by the way."""
    assert set(evidence.KINDS) == {
        "promised", "visits", "families", "goals", "reflections", "offers", "decisions", "meetings",
        "own_goals", "shared",
    }  # fmt: skip


#: Where scores, money, log-ins and the length of texts are kept.
NEVER = (
    "ground.records", "tongxing.aid", "accounts.models.User", "kernel.audit", "kernel.models", "sessions",
    "screening", "insight.effect", "NoteText", "Highlight", "Thanks", "Honour", "Score", "Exam",
)  # fmt: skip


def imported(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return found


def reaches(source: str) -> list[str]:
    return [name for name in imported(source) if any(one in name for one in NEVER)]


def test_no_evidence_can_read_scores_gifts_log_ins_or_the_length_of_words():
    source = inspect.getsource(evidence)
    assert reaches(source) == []
    calls = {node.func.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert not calls & {"len", "Length", "Sum", "Avg"}


@pytest.mark.parametrize(
    "line",
    ["from tongxing.ground.records.models import Score", "from tongxing.aid.donations.models import Gift"],
)
def test_evidence_that_reads_them_is_seen(line):
    assert reaches(line)


@pytest.mark.parametrize(
    "story",
    [
        "考了九十五分",
        "提高了 12 分",
        "捐了三百元",
        "班级第一",
        "年级第 2 名",
        "进步了20%",
        "总分最高",
        "前三名",
        "捐款最多",
    ],
)
def test_marks_amounts_and_places_honour_nobody(story):
    assert rules.measures(story)


@pytest.mark.parametrize(
    "story",
    [
        "十分认真，第一次举手",
        "每天提前五分钟到",
        "元旦那天送孩子回家",
        "一个都没有落下",
        "第一个到，最后一个走",
        "从不敢说到愿意说",
    ],
)
def test_what_somebody_did_may_be_told(story):
    assert not rules.measures(story)
