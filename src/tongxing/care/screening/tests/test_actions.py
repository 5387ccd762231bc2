"""A round from run to approval: what each step may do, and what it refuses."""

import datetime
import random

import pytest
from django.utils import translation

from tongxing.care.screening import actions, queries
from tongxing.care.screening.actions import Said
from tongxing.care.screening.models import Looked, Round
from tongxing.care.screening.ruleset import LateEarly, RuleSet
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import leave_register, register
from tongxing.ground.people.models import Circumstance, Registration, Student
from tongxing.ground.records.models import Score

from .school_life import late, score

REFUSED = ["helper", "class_teacher", "counsellor", "finance_maker", "guardian", "student", "outsider"]


@pytest.fixture
def round(cast, exam):
    """苏苗苗 has two subjects in the lowest band; 周晓禾 and 孟宇航 are on the register already."""
    score(exam, cast.students.plain, "待合格", "待合格", "良")
    score(exam, cast.students.key, "良", "良", "良")
    score(exam, cast.students.normal, "良", "良", "良")
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def row(round, student):
    return Looked.objects.get(round=round, student=student)


# --- run ---


def test_a_run_finds_candidates_with_reasons_and_leaves_one_audit_row(cast, round):
    assert [reason["code"] for reason in row(round, cast.students.plain).reasons] == ["failed_subjects"]
    assert row(round, cast.students.key).level == "key"
    assert AuditEntry.objects.filter(action="screening.run").count() == 1
    assert not Looked.objects.filter(student=cast.students.far).exists()


@pytest.mark.parametrize("role", REFUSED)
def test_only_the_leading_group_runs_a_round(cast, role):
    with pytest.raises(NotAllowed):
        actions.run_round(cast.actor(role), term=cast.term)
    assert not Round.objects.exists()


def test_the_cleared_are_stored_and_the_unknown_are_not(cast, exam):
    known = cast.add_student("柳星", cast.class_two)
    unknown = cast.add_student("江小满", cast.class_two)
    score(exam, known, "优", "优")
    round = actions.run_round(cast.actor("head"), term=cast.term)
    assert row(round, known).outcome == "cleared"
    waiting = queries.unseen(cast.actor("head"), round)
    assert {student.pk for student in waiting} == {cast.students.plain.pk, unknown.pk}


def test_a_child_who_joins_after_the_run_is_not_yet_looked_at(cast, round):
    assert queries.coverage(cast.actor("head"), round).unseen == 0
    cast.add_student("江小满", cast.class_two)
    assert queries.coverage(cast.actor("head"), round).unseen == 1


def test_a_child_who_left_is_no_longer_counted(cast, round):
    Student.objects.filter(pk=cast.students.plain.pk).update(status="left")
    seen = queries.coverage(cast.actor("head"), round)
    assert (seen.enrolled, seen.candidates, seen.unseen) == (2, 2, 0)


def test_running_again_keeps_decisions_and_shows_what_is_new(cast, round):
    head, plain = cast.actor("head"), cast.students.plain
    actions.set_aside(head, round=round, student=plain, reason="家里已请了表姐辅导")
    actions.confirm(head, round=round, levels={cast.students.key.pk: "key"})
    late(plain, *range(12, 20))
    again = actions.run_round(head, term=cast.term)
    assert again.pk == round.pk
    kept = row(round, plain)
    assert (kept.decision, kept.note, kept.has_news) == ("set_aside", "家里已请了表姐辅导", True)
    assert row(round, cast.students.key).decision == "confirmed_key"
    assert not row(round, cast.students.key).has_news


def test_running_again_clears_a_candidate_nobody_decided_on(cast, round):
    Score.objects.filter(student=cast.students.plain).update(grade="良")
    actions.run_round(cast.actor("head"), term=cast.term)
    cleared = row(round, cast.students.plain)
    assert (cleared.outcome, cleared.decision, cleared.reasons) == ("cleared", "", [])


def test_another_rule_set_is_kept_with_the_round(cast, round):
    late(cast.students.normal, 12, 13)
    rules = RuleSet(late_early=LateEarly(at_least=2, serious_from=2))
    actions.run_round(cast.actor("head"), term=cast.term, rules=rules)
    round.refresh_from_db()
    assert round.rule_set == rules
    assert "late_early" in [reason["code"] for reason in row(round, cast.students.normal).reasons]


def test_special_marks_of_the_mid_term_are_no_failures(cast, exam):
    score(exam, cast.students.plain, "", "", "", special="absent")
    round = actions.run_round(cast.actor("head"), term=cast.term)
    assert cast.students.plain.pk in {student.pk for student in queries.unseen(SYSTEM, round)}


@pytest.mark.parametrize("seed", range(4))
def test_every_enrolled_child_is_candidate_cleared_or_not_yet_looked_at(cast, exam, seed):
    chance, head = random.Random(seed), cast.actor("head")
    for n in range(12):
        student = cast.add_student(f"学生{n}", chance.choice([cast.class_one, cast.class_two, None]))
        if chance.random() < 0.7:
            score(exam, student, *chance.choices(["优", "良", "待合格"], k=3))
    round = actions.run_round(head, term=cast.term)
    for _step in range(15):
        students = list(Student.objects.filter(school=cast.school).enrolled())
        one = chance.choice(students)
        step = chance.choice(["join", "leave", "run", "look", "add", "confirm", "aside"])
        try:
            if step == "join":
                cast.add_student("新同学", chance.choice([cast.class_one, None]))
            elif step == "leave":
                Student.objects.filter(pk=one.pk).update(status="left")
            elif step == "run":
                actions.run_round(head, term=cast.term)
            elif step == "look":
                actions.look_at(head, round=round, students=[one])
            elif step == "add":
                actions.nominate(head, student=one, said=Said("常常一个人坐着"))
            elif step == "confirm":
                actions.confirm(head, round=round, levels={one.pk: "normal"})
            else:
                actions.set_aside(head, round=round, student=one, reason="已有人帮")
        except Refused:
            pass
        enrolled = set(Student.objects.filter(school=cast.school).enrolled().values_list("pk", flat=True))
        looked = dict(round.looked.filter(student__in=enrolled).values_list("student_id", "outcome"))
        waiting = {student.pk for student in queries.unseen(head, round)}
        seen = queries.coverage(head, round)
        assert set(looked) | waiting == enrolled
        assert not set(looked) & waiting
        assert (seen.enrolled, seen.looked, seen.unseen) == (len(enrolled), len(looked), len(waiting))
        assert seen.candidates == seen.pending + seen.normal + seen.key + seen.set_aside


# --- decide ---


def test_a_class_list_is_confirmed_in_one_step_with_one_audit_row(cast, round):
    levels = {cast.students.key.pk: "key", cast.students.normal.pk: "normal"}
    assert actions.confirm(cast.actor("deputy"), round=round, levels=levels) == 2
    assert AuditEntry.objects.filter(action="screening.confirm").count() == 1
    assert row(round, cast.students.key).decided_by == cast.users["deputy"]


@pytest.mark.parametrize("role", REFUSED)
def test_only_the_leading_group_decides(cast, round, role):
    actor, plain = cast.actor(role), cast.students.plain
    for act in (
        lambda: actions.confirm(actor, round=round, levels={plain.pk: "key"}),
        lambda: actions.set_aside(actor, round=round, student=plain, reason="已有人帮"),
        lambda: actions.look_at(actor, round=round, students=[plain]),
        lambda: actions.approve(actor, round=round),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_candidates_can_be_confirmed_and_only_to_a_known_level(cast, round):
    head, far = cast.actor("head"), cast.students.far
    with pytest.raises(Refused):
        actions.confirm(head, round=round, levels={far.pk: "key"})
    with pytest.raises(Refused):
        actions.confirm(head, round=round, levels={cast.students.plain.pk: "urgent"})
    with pytest.raises(Refused):
        actions.confirm(head, round=round, levels={})


def test_setting_aside_needs_a_reason(cast, round):
    with pytest.raises(Refused) as refusal:
        actions.set_aside(cast.actor("head"), round=round, student=cast.students.plain, reason=" ")
    assert refusal.value.field == "reason"
    assert row(round, cast.students.plain).decision == "pending"


def test_looking_in_person_clears_those_of_whom_nothing_was_known(cast, round):
    new = cast.add_student("江小满", cast.class_two)
    head = cast.actor("head")
    assert actions.look_at(head, round=round, students=[new], note="班主任和家长都聊过") == 1
    assert actions.look_at(head, round=round, students=[new]) == 0
    assert queries.coverage(head, round).unseen == 0
    with pytest.raises(Refused):
        actions.look_at(head, round=round, students=[])
    with pytest.raises(Refused):
        actions.look_at(head, round=round, students=[cast.students.far])


# --- approve ---


@pytest.fixture
def decided(cast, round):
    levels = {cast.students.key.pk: "key", cast.students.normal.pk: "key", cast.students.plain.pk: "normal"}
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    return round


def test_approving_enters_changes_and_keeps_and_ends_nobody(cast, decided):
    result = actions.approve(cast.actor("deputy"), round=decided)
    assert (result.entered, result.changed, result.kept) == (1, 1, 1)
    assert dict(
        Registration.objects.filter(ends_on=None, school=cast.school).values_list("student", "level")
    ) == {
        cast.students.key.pk: "key",
        cast.students.normal.pk: "key",
        cast.students.plain.pk: "normal",
    }
    decided.refresh_from_db()
    assert (decided.state, decided.approved_by) == ("approved", cast.users["deputy"])
    assert AuditEntry.objects.latest("pk").action == "screening.approve"
    assert not AuditEntry.objects.filter(action="register.enter").exists()
    assert actions.approve(cast.actor("head"), round=decided).kept == 3


def test_a_child_set_aside_stays_on_the_register_until_someone_ends_it(cast, decided):
    actions.set_aside(cast.actor("head"), round=decided, student=cast.students.key, reason="目标都达到了")
    actions.approve(cast.actor("head"), round=decided)
    assert Registration.objects.filter(student=cast.students.key, ends_on=None).exists()


def test_the_coordinator_prepares_and_does_not_approve(cast, decided):
    with pytest.raises(NotAllowed):
        actions.approve(cast.actor("coordinator"), round=decided)


def test_nothing_is_approved_while_a_child_waits_or_was_not_looked_at(cast, round):
    with pytest.raises(Refused, match="3"):
        actions.approve(cast.actor("head"), round=round)
    levels = dict.fromkeys(round.looked.values_list("student_id", flat=True), "normal")
    actions.confirm(cast.actor("head"), round=round, levels=levels)
    cast.add_student("江小满", cast.class_two)
    with pytest.raises(Refused, match="1"):
        actions.approve(cast.actor("head"), round=round)
    assert not Registration.objects.filter(student=cast.students.plain).exists()


def test_a_decision_after_the_approval_asks_for_a_new_one(cast, decided):
    actions.approve(cast.actor("head"), round=decided)
    actions.confirm(cast.actor("head"), round=decided, levels={cast.students.plain.pk: "key"})
    decided.refresh_from_db()
    assert decided.state == "open"


# --- approve again ---


@pytest.fixture
def some_days_later(cast, decided, at_school):
    """Approved; a week on someone is decided on anew, and the next day the round is approved again."""
    actions.approve(cast.actor("head"), round=decided)

    def decide_on(student, level):
        at_school.shift(datetime.timedelta(days=7))
        actions.confirm(cast.actor("coordinator"), round=decided, levels={student.pk: level})
        at_school.shift(datetime.timedelta(days=1))
        return actions.approve(cast.actor("head"), round=decided)

    return decide_on


def held(student):
    return list(Registration.objects.filter(student=student, ends_on=None).values_list("level", flat=True))


def test_approving_again_does_not_put_back_who_has_left_the_register_since(cast, some_days_later):
    entry = Registration.objects.get(student=cast.students.normal, ends_on=None)
    leave_register(cast.actor("head"), entry=entry, reason="三个月都跟得上了")
    result = some_days_later(cast.students.plain, "key")
    assert held(cast.students.normal) == []
    assert (result.entered, result.changed, result.kept) == (0, 1, 2)


def test_approving_again_does_not_reset_a_level_changed_since(cast, some_days_later, at_school):
    at_school.shift(datetime.timedelta(days=2))
    register(cast.actor("head"), student=cast.students.key, level="normal", reason="家里好些了")
    some_days_later(cast.students.plain, "key")
    assert held(cast.students.key) == ["normal"]


def test_a_decision_after_the_approval_applies_even_to_who_has_left_the_register(cast, some_days_later):
    entry = Registration.objects.get(student=cast.students.plain, ends_on=None)
    leave_register(cast.actor("head"), entry=entry, reason="跟得上了")
    assert some_days_later(cast.students.plain, "key").entered == 1
    assert held(cast.students.plain) == ["key"]
    assert some_days_later(cast.students.normal, "normal").changed == 1
    assert held(cast.students.normal) == ["normal"]


def test_two_approvals_at_the_same_moment_write_once(cast, decided, at_school):
    """The second heard of no approval when it began; what it goes by is read once it holds the round."""
    stale = Round.objects.get(pk=decided.pk)
    actions.approve(cast.actor("head"), round=decided)
    at_school.shift(datetime.timedelta(days=1))
    entry = Registration.objects.get(student=cast.students.plain, ends_on=None)
    leave_register(cast.actor("head"), entry=entry, reason="跟得上了")
    assert actions.approve(cast.actor("deputy"), round=stale).entered == 0
    assert held(cast.students.plain) == []


# --- read ---


def test_a_hardship_reason_is_read_only_with_the_hardship_right(cast, exam):
    for category in ("orphan", "left_behind"):
        Circumstance.objects.create(school=cast.school, student=cast.students.plain, category=category)
    round = actions.run_round(cast.actor("head"), term=cast.term)
    plain, reasons = cast.students.plain, row(round, cast.students.plain).reasons
    told = {
        role: [one.sentence for one in queries.told(cast.actor(role), plain, reasons)]
        for role in ("head", "counsellor", "other_class_teacher", "finance_maker", "outsider", "guardian")
    }
    assert len(told["head"]) == 2
    assert len(told["counsellor"]) == len(told["other_class_teacher"]) == 1
    assert told["finance_maker"] == told["outsider"] == told["guardian"] == []


def test_reasons_are_told_in_the_readers_language(cast, round):
    reasons = row(round, cast.students.plain).reasons
    with translation.override("en"):
        (one,) = queries.told(cast.actor("head"), cast.students.plain, reasons)
    assert one.sentence == "期中考试: 2 of 3 subjects in the lowest band: 数学, 语文"


def test_another_school_sees_nothing(cast, round):
    outsider = cast.actor("outsider")
    assert queries.current_round(outsider, cast.term) is None
    assert queries.candidates(outsider, round) == []
    assert queries.coverage(outsider, round).looked == 0
    assert queries.register(outsider, cast.school, datetime.date(2026, 11, 25)) == []


def test_candidates_come_by_class_and_can_be_narrowed_to_a_reason(cast, round):
    head = cast.actor("head")
    assert [(one.name, len(one.rows)) for one in queries.candidates(head, round)] == [
        ("初一(1)班", 2),
        ("初一(2)班", 1),
    ]
    (only,) = queries.candidates(head, round, reason="failed_subjects")
    assert [row.student.name for row in only.rows] == ["苏苗苗"]
    assert queries.candidates_by_reason(head, round) == {"failed_subjects": 1, "registered": 2}


def test_the_number_of_queries_does_not_grow_with_the_school(cast, exam, django_assert_max_num_queries):
    for n in range(30):
        score(exam, cast.add_student(f"学生{n}", cast.class_one), "待合格", "待合格")
    head = cast.actor("head")
    with django_assert_max_num_queries(50):
        round = actions.run_round(head, term=cast.term)
    with django_assert_max_num_queries(12):
        queries.coverage(head, round)
        queries.classes(head, round)
        assert sum(len(one.rows) for one in queries.candidates(head, round)) == 32
        queries.unseen(head, round)
        queries.register(head, Organisation.objects.get(pk=cast.school.pk), datetime.date(2026, 11, 25))
