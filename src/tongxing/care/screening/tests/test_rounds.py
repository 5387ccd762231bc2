"""Several rounds in a term: opening the next, what stays behind, what has changed; and a class with 等级 only."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.screening import actions, queries
from tongxing.care.screening.comparison import compare
from tongxing.care.screening.models import Looked, Round
from tongxing.care.screening.ruleset import LowBands, RuleSet
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance, Registration, SchoolYear, Student, Term
from tongxing.ground.records.models import Score

from .school_life import exam_of, late, score


def finish(cast, round, **levels):
    """Confirm everyone who waits as suggested (or as told) and approve."""
    waiting = round.looked.filter(decision="pending")
    decided = {row.student_id: levels.get(row.student.code, row.level or "normal") for row in waiting}
    if decided:
        actions.confirm(cast.actor("coordinator"), round=round, levels=decided)
    actions.approve(cast.actor("head"), round=round)


@pytest.fixture
def first(cast, exam):
    """Round 1, approved: 苏苗苗 has two subjects in the lowest band; 周晓禾 and 孟宇航 were registered before."""
    score(exam, cast.students.plain, "E", "E", "C")
    score(exam, cast.students.key, "B", "B", "B")
    score(exam, cast.students.normal, "B", "B", "B")
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    finish(cast, round)
    return round


@pytest.fixture
def second(cast, first, at_school):
    """Round 2, six weeks on: 苏苗苗 has caught up, 孟宇航 has not; 柳星 has joined."""
    at_school.move_to(datetime.datetime(2027, 1, 6, 8, tzinfo=datetime.UTC))
    final = exam_of(cast.term, "期末考试", datetime.date(2027, 1, 5))
    new = cast.add_student("柳星", cast.class_two)
    score(final, cast.students.plain, "B", "C", "C")
    score(final, cast.students.key, "B", "B", "B")
    score(final, cast.students.normal, "E", "E", "D")
    score(final, new, "E", "E", "E")
    return actions.open_round(cast.actor("coordinator"), term=cast.term, number=2)


def names(changes):
    return [one.student.name for one in changes]


# --- opening the next ---


def test_a_later_round_is_numbered_and_becomes_the_current_one(cast, first, second):
    assert (first.number, second.number) == (1, 2)
    assert queries.current_round(cast.actor("head"), cast.term) == second
    assert second.rules == first.rules
    assert queries.coverage(cast.actor("head"), second).unseen == 0
    run = AuditEntry.objects.filter(action="screening.run").latest("pk")
    assert (run.detail["number"], run.detail["opened"]) == (2, True)


def test_opened_twice_it_is_the_same_round(cast, second):
    again = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    assert again == second
    assert Round.objects.filter(term=cast.term).count() == 2


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "outsider", "system_admin"])
def test_only_the_leading_group_opens_a_round(cast, first, role):
    with pytest.raises(NotAllowed):
        actions.open_round(cast.actor(role), term=cast.term, number=2)
    assert Round.objects.filter(term=cast.term).count() == 1


def test_no_round_opens_while_the_one_before_is_not_approved(cast, exam):
    score(exam, cast.students.plain, "E", "E")
    actions.run_round(cast.actor("head"), term=cast.term)
    with pytest.raises(Refused, match="1"):
        actions.open_round(cast.actor("head"), term=cast.term, number=2)


def test_no_round_is_skipped(cast, first):
    with pytest.raises(Refused):
        actions.open_round(cast.actor("head"), term=cast.term, number=3)


def test_two_rounds_of_a_term_never_share_a_number(cast, first):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            school=cast.school, term=cast.term, rules={}, opened_at=first.opened_at, ran_at=first.ran_at
        )


def test_a_round_behind_a_later_one_stays_as_it_was(cast, first, second):
    head, plain = cast.actor("head"), cast.students.plain
    for act in (
        lambda: actions.confirm(head, round=first, levels={plain.pk: "key"}),
        lambda: actions.set_aside(head, round=first, student=plain, reason="都好了"),
        lambda: actions.approve(head, round=first),
    ):
        with pytest.raises(Refused):
            act()
    assert Looked.objects.get(round=first, student=plain).decision == "confirmed_normal"


def test_looking_again_runs_the_newest_round_only(cast, first, second):
    before = list(first.looked.order_by("pk").values())
    late(cast.students.plain, *range(12, 20))
    assert actions.run_round(cast.actor("head"), term=cast.term) == second
    assert list(first.looked.order_by("pk").values()) == before
    assert "late_early" in [
        reason["code"] for reason in second.looked.get(student=cast.students.plain).reasons
    ]


def test_a_child_already_on_the_register_shows_as_such(cast, second):
    lists = queries.candidates(cast.actor("head"), second)
    registered = {row.student.name: row.registered for one in lists for row in one.rows}
    assert registered == {"周晓禾": "key", "孟宇航": "normal", "苏苗苗": "normal", "柳星": ""}


def test_approving_the_second_round_enters_the_new_and_ends_nobody(cast, second):
    finish(cast, second)
    held = Registration.objects.filter(ends_on=None, school=cast.school)
    assert held.count() == 4
    assert held.get(student__name="柳星").level == "normal"


# --- what has changed ---


def test_the_comparison_tells_new_still_there_and_no_longer(cast, second):
    found = compare(cast.actor("head"), second)
    assert names(found.new) == ["孟宇航", "柳星"]
    assert names(found.still) == []
    assert names(found.no_longer) == ["苏苗苗"]
    (gone,) = found.no_longer
    assert gone.gone == ("期中考试：3 门里有 2 门在最低一档（数学、语文）",)
    assert gone.registered == "normal"


def test_what_changed_for_a_child_is_told_in_levels_and_reasons(cast, first, at_school):
    at_school.move_to(datetime.datetime(2026, 12, 30, 8, tzinfo=datetime.UTC))
    late(cast.students.plain, *range(12, 24))
    second = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    (change,) = compare(cast.actor("head"), second).still
    assert (change.was, change.level, change.is_decided) == ("normal", "key", False)
    assert change.added == ("本学期迟到 12 次",)
    assert [len(change.remains), len(change.gone)] == [1, 0]
    finish(cast, second)
    (change,) = compare(cast.actor("head"), second).still
    assert (change.level_changed, change.is_decided) == (True, True)


def test_a_child_who_left_the_school_is_counted_and_not_named(cast, second):
    Student.objects.filter(pk=cast.students.plain.pk).update(status="left")
    found = compare(cast.actor("head"), second)
    assert (names(found.no_longer), found.left) == ([], 1)


def test_the_first_round_of_a_term_is_compared_with_the_last_of_the_term_before(cast, second, at_school):
    finish(cast, second)
    term = Term.objects.create(
        school=cast.school,
        year=SchoolYear.objects.get(school=cast.school),
        number=2,
        starts_on=datetime.date(2027, 2, 22),
        ends_on=datetime.date(2027, 7, 10),
        week_one=datetime.date(2027, 2, 22),
    )
    at_school.move_to(datetime.datetime(2027, 3, 3, 8, tzinfo=datetime.UTC))
    third = actions.run_round(cast.actor("head"), term=term)
    assert third.number == 1
    found = compare(cast.actor("head"), third)
    assert found.before == second
    assert names(found.still) == ["孟宇航", "柳星"]


def test_the_very_first_round_has_nothing_to_be_compared_with(cast, first):
    assert compare(cast.actor("head"), first) is None


def test_a_comparison_shows_no_reason_that_the_reader_may_not_read(cast, first):
    Circumstance.objects.create(school=cast.school, student=cast.students.plain, category="orphan")
    second = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    (seen,) = compare(cast.actor("head"), second).still
    assert len(seen.added) == 1
    assert compare(cast.actor("class_teacher"), second).still == ()
    assert compare(cast.actor("outsider"), second) is None


def test_the_queries_of_a_comparison_do_not_grow(cast, second, django_assert_max_num_queries):
    final = second.term.exams.get(name="期末考试")
    for n in range(20):
        score(final, cast.add_student(f"学生{n}", cast.class_one), "E", "E")
    actions.run_round(cast.actor("head"), term=cast.term)
    head = cast.actor("head")
    with django_assert_max_num_queries(6):
        assert len(compare(head, second).new) == 22


# --- 等级 only ---


@pytest.fixture
def only_grades(cast):
    """A class of 30 with A–E in five subjects and not one number, nor any attendance."""
    exam = exam_of(cast.term)
    pattern = {
        "A": "AABBA",
        "B": "BBCBC",
        "C": "CCCCC",
        "D": "DDDCC",
        "E": "EECDC",
        "F": "EEEED",
        "G": "DECCC",
    }
    students = {}
    for n in range(30):
        kind = "DEFG"[n] if n < 4 else "ABC"[n % 3]
        students[kind] = student = cast.add_student(f"学生{n}", cast.class_two)
        score(exam, student, *pattern[kind])
    assert not Score.objects.exclude(points=None).exists()
    return students


def test_with_grades_alone_screening_finds_candidates_with_reasons(cast, only_grades):
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    rows = {
        row.student.name: [one.sentence for one in row.reasons]
        for one in queries.candidates(cast.actor("head"), round, class_id=cast.class_two.pk)
        for row in one.rows
    }
    assert rows == {
        "学生0": ["期中考试：数学、英语、语文等级偏低"],
        "学生1": [
            "期中考试：5 门里有 2 门在最低一档（数学、语文）",
            "期中考试：物理等级偏低",
        ],
        "学生2": [
            "期中考试：5 门里有 4 门在最低一档（数学、物理、英语、语文）",
            "期中考试：历史等级偏低",
        ],
    }
    assert round.looked.get(student=only_grades["F"]).level == "key"
    assert round.looked.get(student=only_grades["G"]).outcome == "cleared"


def test_with_grades_alone_everyone_is_looked_at_and_nobody_is_compared(cast, only_grades):
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    assert round.looked.filter(student__memberships__school_class=cast.class_two).count() == 30
    codes = {reason["code"] for row in round.looked.all() for reason in row.reasons}
    assert codes == {"failed_subjects", "low_bands", "registered"}


def test_with_grades_alone_the_round_goes_all_the_way_to_the_register(cast, only_grades):
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    actions.look_at(cast.actor("coordinator"), round=round, students=[cast.students.plain])
    finish(cast, round)
    levels = dict(Registration.objects.filter(ends_on=None).values_list("student__name", "level"))
    assert (levels["学生0"], levels["学生2"]) == ("normal", "key")
    assert "学生3" not in levels


def test_a_stricter_line_for_grades_finds_one_more(cast, only_grades):
    rules = RuleSet(low_bands=LowBands(at_least=2))
    round = actions.run_round(cast.actor("head"), term=cast.term, rules=rules)
    assert round.looked.get(student=only_grades["G"]).outcome == "candidate"
    assert round.looked.get(student=only_grades["C"]).outcome == "cleared"
