"""Why this child: the same words wherever they are told."""

import datetime

import pytest

from tongxing.care.screening import actions, queries
from tongxing.care.screening.why import why
from tongxing.ground.people.actions import leave_register, register
from tongxing.ground.people.models import Circumstance, Registration

from .school_life import score

FAILED = "期中考试：3 门里有 2 门在最低一档（数学、语文）"


@pytest.fixture
def round(cast, exam):
    score(exam, cast.students.plain, "E", "E", "B")
    Circumstance.objects.create(school=cast.school, student=cast.students.plain, category="orphan")
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def told(cast, role="head", **more):
    return why(cast.actor(role), cast.term, [cast.students.plain], **more).get(cast.students.plain.pk, ())


def test_the_reasons_of_the_round_are_told_as_far_as_the_reader_may_know(cast, round):
    assert told(cast)[0] == FAILED
    assert len(told(cast)) == 2
    assert told(cast, "other_class_teacher") == (FAILED,)
    assert told(cast, "class_teacher") == told(cast, "helper") == told(cast, "outsider") == ()


def test_what_someone_wrote_at_the_entry_counts_first(cast, round):
    register(cast.actor("head"), student=cast.students.plain, level="normal", reason="父母国庆后一同外出务工")
    assert told(cast) == ("父母国庆后一同外出务工",)


def test_a_child_of_whom_nothing_new_was_found_keeps_the_reasons_of_the_round_before(cast, round, at_school):
    levels = dict.fromkeys(
        round.looked.filter(decision="pending").values_list("student_id", flat=True), "normal"
    )
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    at_school.shift(24 * 3600)
    round.term.exams.all().delete()
    Circumstance.objects.all().delete()
    second = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    assert [one["code"] for one in second.looked.get(student=cast.students.plain).reasons] == ["registered"]
    assert told(cast)[0] == FAILED


def test_two_queries_tell_why_for_any_number_of_students(cast, round, django_assert_max_num_queries):
    head = cast.actor("head")
    with django_assert_max_num_queries(2):
        assert why(head, cast.term, [cast.students.plain, cast.students.key])


# --- leaving and coming back ---


def test_who_left_the_register_is_listed_until_they_are_back_and_the_history_stays(cast, at_school):
    key, head, since = cast.students.key, cast.actor("head"), cast.term.starts_on
    leave_register(head, entry=Registration.objects.get(student=key), reason="目标都达到了")
    assert [entry.student for entry in queries.left_register(head, cast.school, since)] == [key]
    assert queries.left_register(cast.actor("outsider"), cast.school, since) == []
    at_school.shift(24 * 3600)
    register(head, student=key, level="normal", reason="期中后又有 3 次未交作业")
    assert queries.left_register(head, cast.school, since) == []
    history = Registration.objects.filter(student=key).order_by("starts_on")
    assert [(one.level, one.ended_reason) for one in history] == [("key", "目标都达到了"), ("normal", "")]


def test_a_change_of_level_is_no_leaving(cast):
    head = cast.actor("head")
    register(head, student=cast.students.key, level="normal", reason="好转了")
    assert queries.left_register(head, cast.school, datetime.date(2026, 9, 1)) == []
