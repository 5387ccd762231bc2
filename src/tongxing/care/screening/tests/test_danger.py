"""Words of danger in a round: whoever answers for safety is asked today, and no list shows them."""

import datetime

import pytest
from tests.race import blind_once

from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.queries import said
from tongxing.care.screening import actions
from tongxing.care.screening.actions import Answer, Said, Visit, nominations, visits
from tongxing.care.screening.models import ClassVisit, Looked, Nomination
from tongxing.ground.kernel.errors import Refused

from .school_life import score

SAD = "跟同桌说不想活了"
NEUTRAL = "Asks that this child be looked at."


@pytest.fixture
def round(cast, exam, english):
    """苏苗苗 of 初一(2) with a reason; 柳星 and 江小满 of whom nothing is known."""
    cast.students.new, cast.students.other = (
        cast.add_student(name, cast.class_two) for name in ("柳星", "江小满")
    )
    score(exam, cast.students.plain, "E", "E", "C")
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def go(cast, round, student, *answer):
    answers = {student.pk: Answer(*answer)}
    teacher = cast.actor("other_class_teacher")
    return actions.go_through(teacher, round=round, school_class=cast.class_two, answers=answers)


def seen(cast, round, words):
    go(cast, round, cast.students.new, "seen", words)
    return cast.students.new


def not_now(cast, round, words):
    go(cast, round, cast.students.plain, "not_now", words)
    return cast.students.plain


def not_now_unnamed(cast, round, words):
    go(cast, round, cast.students.new, "not_now", words)
    return cast.students.new


def set_aside(cast, round, words):
    actions.set_aside(cast.actor("head"), round=round, student=cast.students.plain, reason=words)
    return cast.students.plain


def look_at(cast, round, words):
    actions.look_at(cast.actor("head"), round=round, students=[cast.students.new], note=words)
    return cast.students.new


WAYS = [seen, not_now, not_now_unnamed, set_aside, look_at]


@pytest.mark.parametrize("way", WAYS)
def test_a_note_that_speaks_of_danger_asks_for_help_and_stands_on_no_list(cast, round, way):
    student = way(cast, round, SAD)
    flag = RiskFlag.objects.get()
    assert flag.student == student and said(flag)["note"] == SAD
    row = Looked.objects.get(student=student)
    assert row.note == NEUTRAL and SAD not in str(row.reasons)


@pytest.mark.parametrize("way", WAYS)
def test_an_ordinary_note_stays_as_it_was_written(cast, round, way):
    student = way(cast, round, "和奶奶聊过，已有人帮")
    assert (
        Looked.objects.get(student=student).note == "和奶奶聊过，已有人帮" and not RiskFlag.objects.exists()
    )


def test_words_of_danger_are_about_one_child_not_about_many_at_once(cast, round):
    both = [cast.students.new, cast.students.other]
    with pytest.raises(Refused):
        actions.look_at(cast.actor("head"), round=round, students=both, note=SAD)
    assert actions.look_at(cast.actor("head"), round=round, students=both, note="都聊过") == 2


def visit(cast, noticed, named, **more):
    told = Visit(datetime.date(2026, 11, 24), [cast.staff["head"]], ["students"], noticed, named, **more)
    return actions.record_visit(cast.actor("coordinator"), school_class=cast.class_two, visit=told)


def test_what_a_visit_noticed_asks_for_help_for_the_child_it_names(cast, round):
    row = visit(cast, SAD, {cast.students.plain.pk: "作业本用完了"})
    assert RiskFlag.objects.get().student == cast.students.plain and row.noticed == NEUTRAL
    assert Nomination.objects.get().words == "作业本用完了"


@pytest.mark.parametrize("named", [[], ["plain", "new"]])
def test_a_visit_that_speaks_of_danger_says_which_child_it_is_about(cast, round, named):
    with pytest.raises(Refused) as no:
        visit(cast, SAD, {getattr(cast.students, one).pk: "作业本用完了" for one in named})
    assert no.value.field == "noticed" and not ClassVisit.objects.exists()


def test_a_visit_that_arrives_twice_in_the_same_instant_is_one(cast, round, monkeypatch):
    same = {"client_id": Said("").client_id}
    first = visit(cast, "窗关不严", {}, **same)
    blind_once(monkeypatch, visits, "_sent_before")
    assert visit(cast, "窗关不严", {}, **same) == first and first.visitors.count() == 1


def test_a_request_that_arrives_twice_in_the_same_instant_is_one(cast, round, monkeypatch):
    told = Said("3 次未交作业")
    name = lambda: actions.nominate(  # noqa: E731
        cast.actor("other_class_teacher"), student=cast.students.plain, said=told
    )
    first = name()
    blind_once(monkeypatch, nominations, "_sent_before")
    assert name() == first and Nomination.objects.count() == 1


def test_whoever_writes_it_is_told_at_once_whom_to_call(cast, round):
    sent = {"aside": cast.students.plain.pk, "reason": SAD}
    answer = cast.client("coordinator").post("/screening/candidates/decide/", sent)
    assert answer.url == f"/safety/{RiskFlag.objects.get().pk}/caught/"
