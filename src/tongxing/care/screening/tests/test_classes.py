"""A class gone through in one sitting: who may, what is asked for, when the class is through."""

import pytest

from tongxing.care.screening import actions, queries
from tongxing.care.screening.actions import Answer
from tongxing.care.screening.classlist import class_sheet, classes_of
from tongxing.care.screening.models import ClassDone, Looked, Nomination
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from .school_life import score


@pytest.fixture
def second_class(cast, exam):
    """初一(2): 苏苗苗 with a reason, 柳星 seen by the records, 江小满 of whom nothing is known."""
    seen, unseen = cast.add_student("柳星", cast.class_two), cast.add_student("江小满", cast.class_two)
    score(exam, cast.students.plain, "E", "E", "C")
    score(exam, seen, "A", "A", "A")
    return {"plain": cast.students.plain, "seen": seen, "unseen": unseen}


@pytest.fixture
def round(cast, second_class):
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def go(cast, round, answers, role="other_class_teacher", school_class=None):
    given = {student.pk: Answer(*answer) for student, answer in answers.items()}
    return actions.go_through(
        cast.actor(role), round=round, school_class=school_class or cast.class_two, answers=given
    )


def done_by(cast, round, role="head"):
    lists = queries.classes(cast.actor(role), round)
    return {one.name: one.done.by.name for one in lists if one.done}


def test_a_class_teacher_confirms_the_own_class_in_one_step(cast, round, second_class):
    plain, unseen = second_class["plain"], second_class["unseen"]
    gone = go(cast, round, {plain: ("as_proposed",), unseen: ("seen", "和奶奶聊过")})
    assert (gone.answered, gone.waiting) == (2, 0)
    assert Looked.objects.get(student=plain).decision == "confirmed_normal"
    assert Looked.objects.get(student=unseen).note == "和奶奶聊过"
    assert done_by(cast, round) == {"初一(2)班": "邵明"}
    assert AuditEntry.objects.filter(action="screening.go-through").count() == 1


@pytest.mark.parametrize(
    "role", ["class_teacher", "helper", "counsellor", "guardian", "outsider", "finance_maker"]
)
def test_others_do_not_go_through_this_class(cast, round, second_class, role):
    with pytest.raises(NotAllowed):
        go(cast, round, {second_class["plain"]: ("key",)}, role=role)
    assert not ClassDone.objects.exists()


def test_a_student_of_another_class_cannot_be_slipped_in(cast, round):
    with pytest.raises(Refused):
        go(cast, round, {cast.students.key: ("key",)})
    assert Looked.objects.get(student=cast.students.key).decision == "pending"


def test_whoever_is_left_out_still_waits_and_the_class_is_not_through(cast, round, second_class):
    gone = go(cast, round, {second_class["plain"]: ("key",)})
    assert (gone.answered, gone.waiting) == (1, 1)
    assert done_by(cast, round) == {}


def test_not_now_needs_a_word_and_then_stays_with_the_child(cast, round, second_class):
    plain = second_class["plain"]
    with pytest.raises(Refused) as refusal:
        go(cast, round, {plain: ("not_now",)})
    assert refusal.value.field == f"words-{plain.pk}"
    go(cast, round, {plain: ("not_now", "姨妈每晚陪着写作业")})
    assert Looked.objects.get(student=plain).note == "姨妈每晚陪着写作业"


def test_all_or_none_is_saved(cast, round, second_class):
    with pytest.raises(Refused):
        go(cast, round, {second_class["unseen"]: ("seen",), second_class["plain"]: ("not_now",)})
    assert not Looked.objects.filter(student=second_class["unseen"]).exists()


@pytest.mark.parametrize("who", ["seen", "unseen"])
def test_whom_no_record_named_the_class_teacher_names_with_words(cast, round, second_class, who):
    student = second_class[who]
    with pytest.raises(Refused):
        go(cast, round, {student: ("key",)})
    go(cast, round, {student: ("key", "这周 3 天没吃早饭")})
    row = Looked.objects.get(student=student)
    assert (row.decision, row.level) == ("confirmed_key", "key")
    assert Nomination.objects.get(student=student).source == "class_teacher"
    go(cast, round, {student: ("key", "这周 3 天没吃早饭")})
    assert Nomination.objects.count() == 1


def test_a_class_where_nobody_waits_is_through_once_its_teacher_says_so(cast, round, second_class):
    go(
        cast,
        round,
        {second_class["plain"]: ("normal",), second_class["unseen"]: ("seen",)},
        role="coordinator",
    )
    ClassDone.objects.all().delete()
    assert done_by(cast, round) == {}
    assert go(cast, round, {}).waiting == 0
    assert done_by(cast, round) == {"初一(2)班": "邵明"}


def test_who_joins_after_that_shows_as_still_to_see(cast, round, second_class):
    go(cast, round, {second_class["plain"]: ("normal",), second_class["unseen"]: ("seen",)})
    teacher = cast.actor("other_class_teacher")
    assert class_sheet(teacher, round, cast.class_two).is_through
    cast.add_student("路遥遥", cast.class_two)
    sheet = class_sheet(cast.actor("other_class_teacher"), round, cast.class_two)
    assert ([child.student.name for child in sheet.waiting], sheet.is_through) == (["路遥遥"], False)


def test_the_unlooked_come_first_then_who_waits_for_a_decision(cast, round):
    sheet = class_sheet(cast.actor("other_class_teacher"), round, cast.class_two)
    assert [child.student.name for child in sheet.waiting] == ["江小满", "苏苗苗"]
    assert [child.student.name for child in sheet.of("seen")] == ["柳星"]


def test_a_class_teacher_sees_the_own_class_and_no_other_ones_counts(cast, round):
    teacher = cast.actor("other_class_teacher")
    assert [one.name for one in classes_of(teacher, cast.school.pk)] == ["初一(2)班"]
    assert class_sheet(teacher, round, cast.class_one).children == ()
    assert [one.name for one in queries.classes(teacher, round)] == ["初一(2)班"]
    assert queries.coverage(teacher, round).enrolled == 3


def test_the_leading_group_sees_every_class_and_others_none(cast, round):
    assert len(classes_of(cast.actor("deputy"), cast.school.pk)) == 2
    for role in ("helper", "counsellor", "guardian", "outsider"):
        assert classes_of(cast.actor(role), cast.school.pk) == []


def test_a_decision_after_the_approval_asks_for_a_new_one_and_a_look_does_not(cast, round, second_class):
    waiting = dict.fromkeys(
        round.looked.filter(decision="pending").values_list("student_id", flat=True), "normal"
    )
    actions.confirm(cast.actor("coordinator"), round=round, levels=waiting)
    actions.look_at(cast.actor("coordinator"), round=round, students=[second_class["unseen"]])
    actions.approve(cast.actor("head"), round=round)
    new = cast.add_student("路遥遥", cast.class_two)
    go(cast, round, {new: ("seen",)})
    round.refresh_from_db()
    assert round.state == "approved"
    go(cast, round, {second_class["seen"]: ("normal", "这周 3 天没吃早饭")})
    round.refresh_from_db()
    assert round.state == "open"


def test_a_choice_nobody_knows_is_refused(cast, round, second_class):
    with pytest.raises(Refused):
        go(cast, round, {second_class["plain"]: ("urgent",)})


def test_the_queries_of_a_sheet_do_not_grow(cast, exam, django_assert_max_num_queries):
    for n in range(30):
        score(exam, cast.add_student(f"学生{n}", cast.class_two), "E", "E")
    round = actions.run_round(cast.actor("head"), term=cast.term)
    teacher = cast.actor("other_class_teacher")
    with django_assert_max_num_queries(5):
        assert len(class_sheet(teacher, round, cast.class_two).waiting) == 31
