"""What people say about a child: who may ask, what becomes of it, and that nobody is forgotten."""

import datetime

import pytest

from tongxing.care.safety.models import RiskFlag
from tongxing.care.screening import actions, queries
from tongxing.care.screening.actions import Said
from tongxing.care.screening.comparison import compare
from tongxing.care.screening.evidence import records_behind
from tongxing.care.screening.models import Looked, Nomination
from tongxing.care.screening.nominations import answered, may_be_named, open_nominations
from tongxing.care.screening.wording import judging_words
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Student, Teaching

from .school_life import score

WORDS = "3 次未交作业，说晚上要照看弟弟"


@pytest.fixture
def quiet(cast, exam):
    """柳星 of 初一(2), whom no rule finds."""
    student = cast.add_student("柳星", cast.class_two)
    score(exam, student, "A", "A", "A")
    return student


@pytest.fixture
def round(cast, exam, quiet):
    for student in (cast.students.key, cast.students.normal, cast.students.plain):
        score(exam, student, "B", "B", "B")
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def approve(cast, round):
    waiting = round.looked.filter(decision="pending").values_list("student_id", "level")
    if waiting:
        levels = {student: level or "normal" for student, level in waiting}
        actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)


def row(round, student):
    return Looked.objects.get(round=round, student=student)


# --- asking ---


def test_an_open_round_takes_up_at_once_whom_a_class_teacher_names(cast, round, quiet):
    said = Said(WORDS, "key")
    one = actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=said)
    named = row(round, quiet)
    assert (named.outcome, named.decision, named.level) == ("candidate", "pending", "key")
    assert (one.source, one.round) == ("class_teacher", round)
    told = list(queries.told(cast.actor("head"), quiet, named.reasons))
    assert [reason.sentence for reason in told] == [f"班主任：“{WORDS}”"]
    assert AuditEntry.objects.filter(action="screening.nominate").count() == 1


def test_a_class_teacher_names_nobody_of_another_class(cast, round, quiet):
    with pytest.raises(NotAllowed):
        actions.nominate(cast.actor("class_teacher"), student=quiet, said=Said(WORDS))
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("role", ["helper", "guardian", "counsellor", "class_teacher", "coordinator"])
def test_those_near_the_child_may_ask_and_speak_for_themselves(cast, round, role):
    one = actions.nominate(cast.actor(role), student=cast.students.key, said=Said(WORDS))
    expected = {"coordinator": "leader"}.get(role, role)
    assert (one.source, one.written_by) == (expected, cast.users[role])


def test_who_teaches_the_class_a_subject_may_ask_for_its_students_and_for_no_others(cast, round, quiet):
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["other_teacher"],
        school_class=cast.class_two,
        subject="英语",
    )
    teacher = cast.actor("other_teacher")
    assert actions.nominate(teacher, student=quiet, said=Said(WORDS)).source == "subject_teacher"
    with pytest.raises(NotAllowed):
        actions.nominate(teacher, student=cast.students.key, said=Said(WORDS))


@pytest.mark.parametrize(
    "role", ["student", "finance_maker", "other_class_teacher", "outsider", "system_admin"]
)
def test_others_ask_for_nobody(cast, round, role):
    with pytest.raises(NotAllowed):
        actions.nominate(cast.actor(role), student=cast.students.key, said=Said(WORDS))


def test_a_slip_of_paper_is_keyed_in_with_whose_words_it_holds(cast, round, quiet):
    said = Said("想有人陪我说说话", source="student", by="本人", on=datetime.date(2026, 11, 20))
    one = actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=said)
    assert (one.source, one.said_by, one.said_on.day) == ("student", "本人", 20)
    (told,) = queries.told(cast.actor("head"), quiet, row(round, quiet).reasons)
    assert told.sentence == "学生本人（本人）：“想有人陪我说说话”"


def test_a_helper_cannot_speak_in_the_name_of_another(cast, round):
    said = Said(WORDS, source="guardian")
    assert actions.nominate(cast.actor("helper"), student=cast.students.key, said=said).source == "helper"


def test_sent_twice_it_is_one(cast, round, quiet):
    said = Said(WORDS)
    teacher = cast.actor("other_class_teacher")
    first = actions.nominate(teacher, student=quiet, said=said)
    assert actions.nominate(teacher, student=quiet, said=said) == first
    assert len(row(round, quiet).reasons) == 1


@pytest.mark.parametrize(
    "said",
    [
        Said(" "),
        Said(WORDS, "urgent"),
        Said(WORDS, on=datetime.date(2026, 11, 26)),
        Said(WORDS, on=datetime.date(2020, 1, 1)),
    ],
)
def test_what_says_nothing_or_cannot_be_is_refused(cast, round, quiet, said):
    with pytest.raises(Refused):
        actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=said)


def test_nobody_is_named_who_has_left(cast, round, quiet):
    Student.objects.filter(pk=quiet.pk).update(status="left")
    quiet.refresh_from_db()
    with pytest.raises(Refused):
        actions.nominate(cast.actor("head"), student=quiet, said=Said(WORDS))


def test_a_run_does_not_drop_whom_a_person_named(cast, round, quiet):
    actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=Said(WORDS))
    actions.run_round(cast.actor("head"), term=cast.term)
    assert row(round, quiet).decision == "pending"


def test_a_new_voice_asks_again_for_whom_someone_set_aside_but_not_for_the_confirmed(cast, round, quiet):
    head = cast.actor("head")
    actions.nominate(head, student=quiet, said=Said(WORDS))
    actions.set_aside(head, round=round, student=quiet, reason="姨妈每晚陪着写")
    actions.confirm(head, round=round, levels={cast.students.key.pk: "key"})
    for student in (quiet, cast.students.key):
        actions.nominate(head, student=student, said=Said("周三又趴在桌上睡着了"))
    assert row(round, quiet).decision == "pending"
    assert (row(round, cast.students.key).decision, row(round, cast.students.key).has_news) == (
        "confirmed_key",
        True,
    )


# --- words of danger ---

DANGER = "他说不想活了，这几天都没睡"


@pytest.mark.parametrize("role", ["guardian", "helper", "class_teacher"])
def test_words_of_danger_go_to_those_who_answer_for_safety_and_stand_on_no_list(cast, round, role):
    said = Said(DANGER)
    for _twice in range(2):
        assert actions.nominate(cast.actor(role), student=cast.students.key, said=said) is None
    assert RiskFlag.objects.get().student == cast.students.key
    assert not Nomination.objects.exists()
    assert "不想活" not in str(row(round, cast.students.key).reasons)


def test_a_class_list_with_words_of_danger_says_only_that_somebody_looks_after_it(cast, round, quiet):
    answers = {quiet.pk: actions.Answer("key", DANGER)}
    teacher = cast.actor("other_class_teacher")
    actions.go_through(teacher, round=round, school_class=cast.class_two, answers=answers)
    assert RiskFlag.objects.count() == 1
    assert "不想活" not in str(row(round, quiet).reasons)
    assert Nomination.objects.get().words != DANGER


# --- what waits ---


@pytest.fixture
def waiting(cast, round):
    """A guardian's words after the approval: open until someone answers."""
    approve(cast, round)
    return actions.nominate(cast.actor("guardian"), student=cast.students.key, said=Said("夜里常常不睡"))


def test_after_the_approval_a_request_waits_and_the_register_stays_approved(cast, round, waiting):
    round.refresh_from_db()
    assert (waiting.is_open, round.state) == (True, "approved")
    assert open_nominations(cast.actor("coordinator"), cast.school.pk) == [waiting]


def test_taken_up_it_is_decided_in_the_round_which_asks_for_a_new_approval(cast, round, waiting):
    actions.take_up(cast.actor("coordinator"), nomination=waiting)
    round.refresh_from_db()
    assert round.state == "open"
    assert "夜里常常不睡" in str(row(round, cast.students.key).reasons)
    assert open_nominations(cast.actor("coordinator"), cast.school.pk) == []


def test_not_now_needs_a_word_that_whoever_asked_reads(cast, waiting):
    with pytest.raises(Refused):
        actions.answer(cast.actor("coordinator"), nomination=waiting, words=" ")
    actions.answer(cast.actor("coordinator"), nomination=waiting, words="唐老师这周先去家里看看")
    (one,) = answered(cast.actor("guardian"), cast.school.pk)
    assert one.answer == "唐老师这周先去家里看看"
    with pytest.raises(Refused):
        actions.take_up(cast.actor("coordinator"), nomination=waiting)


def subjects_for(cast, role):
    return list(Message.objects.filter(to=cast.users[role]).values_list("code", flat=True))


def test_the_coordinator_hears_of_a_request_and_whoever_asked_of_the_answer(cast, waiting):
    assert "screening.request" in subjects_for(cast, "coordinator")
    assert "周晓禾" not in str(list(Message.objects.values_list("subject", flat=True)))
    actions.answer(cast.actor("coordinator"), nomination=waiting, words="唐老师这周先去家里看看")
    assert subjects_for(cast, "guardian") == ["screening.answer"]


def test_each_class_teacher_hears_that_a_round_has_begun_once_and_nobody_else(cast, round):
    actions.run_round(cast.actor("head"), term=cast.term)
    told = Message.objects.filter(code="screening.round").values_list("to__name", "link_args")
    assert sorted(told) == sorted([("唐雨", [cast.class_one.pk]), ("邵明", [cast.class_two.pk])])


@pytest.mark.parametrize("role", ["class_teacher", "helper", "guardian", "outsider"])
def test_only_the_leading_group_answers(cast, waiting, role):
    for act in (
        lambda: actions.take_up(cast.actor(role), nomination=waiting),
        lambda: actions.answer(cast.actor(role), nomination=waiting, words="先看看"),
    ):
        with pytest.raises(NotAllowed):
            act()
    waiting.refresh_from_db()
    assert waiting.is_open


def test_the_next_round_takes_up_every_open_request(cast, round, waiting, at_school):
    at_school.move_to(datetime.datetime(2027, 1, 6, 8, tzinfo=datetime.UTC))
    second = actions.open_round(cast.actor("coordinator"), term=cast.term, number=2)
    waiting.refresh_from_db()
    assert waiting.round == second
    change = next(one for one in compare(cast.actor("head"), second).new if one.student == cast.students.key)
    assert change.added == ("监护人：“夜里常常不睡”",)


def test_a_request_before_the_first_round_waits_for_it(cast, exam, quiet):
    one = actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=Said(WORDS))
    assert one.is_open
    with pytest.raises(Refused):
        actions.take_up(cast.actor("coordinator"), nomination=one)
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    assert row(round, quiet).decision == "pending"


# --- who reads it ---


def test_the_words_are_read_by_who_decides_and_by_who_wrote_them(cast, waiting):
    readers = {
        role: len(open_nominations(cast.actor(role), cast.school.pk))
        for role in (
            "head",
            "class_teacher",
            "guardian",
            "other_class_teacher",
            "helper",
            "counsellor",
            "student",
        )
    }
    assert readers == {
        "head": 1,
        "class_teacher": 1,
        "guardian": 1,
        "other_class_teacher": 0,
        "helper": 0,
        "counsellor": 0,
        "student": 0,
    }
    assert open_nominations(cast.actor("outsider"), cast.school.pk) == []


def test_the_words_stand_among_the_records_behind_the_reason(cast, round, quiet):
    actions.nominate(cast.actor("other_class_teacher"), student=quiet, said=Said(WORDS))
    told = queries.told(cast.actor("head"), quiet, row(round, quiet).reasons)
    ((_reason, (record,)),) = records_behind(cast.actor("head"), told)
    assert (record.what, record.says) == ("班主任", WORDS)


def test_one_may_ask_only_for_whom_one_looks_after(cast, quiet):
    found = {
        role: {student.name for student in may_be_named(cast.actor(role), cast.school.pk)}
        for role in ("helper", "guardian", "other_class_teacher", "student", "outsider")
    }
    assert found == {
        "helper": {"周晓禾"},
        "guardian": {"周晓禾"},
        "other_class_teacher": {"苏苗苗", "柳星"},
        "student": set(),
        "outsider": set(),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [("上课态度不好，太懒", ("懒", "态度")), ("3 次未交作业", ()), ("Lazy boy", ("lazy",))],
)
def test_words_that_judge_bring_a_hint_and_facts_do_not(text, found):
    assert judging_words(text) == found


def test_the_queries_of_taking_up_do_not_grow(cast, exam, django_assert_max_num_queries):
    head = cast.actor("head")
    for n in range(20):
        student = cast.add_student(f"学生{n}", cast.class_one)
        actions.nominate(head, student=student, said=Said(WORDS))
    with django_assert_max_num_queries(52):
        round = actions.run_round(head, term=cast.term)
    assert round.looked.filter(decision="pending").count() == 22
