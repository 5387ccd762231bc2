"""What families wrote and nobody has answered yet: who reads it, when it is answered, and when it need not be."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tongxing.care.family import messages, unanswered
from tongxing.care.family.models import FamilyMessage
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Guardian, Student

pytestmark = pytest.mark.usefixtures("english")
NEAR = ("helper", "class_teacher")
SCHOOL = ("head", "coordinator")


def says(cast, child, text="他这几天咳嗽，请多留意", **more):
    return messages.reply(cast.actor("guardian"), student=child, text=text, client_id=uuid4(), **more)


def answers(cast, child, grandma, by="helper"):
    return messages.write(
        cast.actor(by), student=child, guardian=grandma, text="好的，我看着他。", client_id=uuid4()
    )


def waiting(cast, by="helper"):
    return unanswered.waiting(cast.actor(by), cast.school.pk)


def count(cast, by="helper"):
    return unanswered.count(cast.actor(by), cast.school.pk)


@pytest.mark.parametrize("by", NEAR)
def test_whoever_looks_after_the_child_reads_what_waits_since_when(cast, child, at_school, by):
    first = says(cast, child)
    at_school.shift(datetime.timedelta(days=2))
    says(cast, child, "还有，药在书包里")
    (one,) = waiting(cast, by)
    assert [text for _message, text in one.texts] == ["他这几天咳嗽，请多留意", "还有，药在书包里"]
    assert (one.since, one.student.class_name, one.guardian.name) == (first.written_at, "初一(1)班", "周桂兰")
    assert count(cast, by) == 1


@pytest.mark.parametrize("by", SCHOOL)
def test_whoever_sees_to_the_school_sees_that_words_wait_and_not_what_they_say(cast, child, by):
    says(cast, child)
    (one,) = waiting(cast, by)
    assert one.texts is None and one.student == child
    assert count(cast, by) == 0


@pytest.mark.parametrize("by", ["other_class_teacher", "counsellor", "outsider", "system_admin", "guardian"])
def test_nobody_else_sees_that_anything_waits(cast, child, by):
    says(cast, child)
    assert waiting(cast, by) == [] and count(cast, by) == 0


def test_an_answer_of_any_colleague_ends_the_waiting_and_new_words_begin_it_again(
    cast, child, grandma, at_school
):
    answers(cast, child, grandma)
    assert waiting(cast) == []
    at_school.shift(60)
    says(cast, child)
    assert count(cast) == 1
    at_school.shift(60)
    answers(cast, child, grandma, by="class_teacher")
    assert waiting(cast) == [] and count(cast, "class_teacher") == 0
    at_school.shift(60)
    says(cast, child, "还有一件事")
    assert [text for _message, text in waiting(cast)[0].texts] == ["还有一件事"]


def test_an_answer_to_one_guardian_leaves_the_other_waiting(cast, child, grandma, at_school):
    father = Guardian.objects.get(name="周建军")
    father.user = cast.users["father"] = type(cast.users["guardian"]).objects.create_user("father", "周建军")
    father.save()
    cast.grant("father", "guardian", student=child)
    says(cast, child)
    messages.reply(cast.actor("father"), student=child, text="我月底回家", client_id=uuid4())
    assert count(cast) == 2
    at_school.shift(60)
    answers(cast, child, grandma)
    assert [one.guardian for one in waiting(cast)] == [father]


def test_read_it_all_right_waits_for_nothing(cast, child, grandma):
    answers(cast, child, grandma)
    says(cast, child, "看到了，好的。", needs_answer=False)
    assert waiting(cast) == [] and waiting(cast, "head") == []


def test_of_whoever_left_and_of_a_guardian_who_is_none_any_more_nothing_waits(cast, child, grandma):
    says(cast, child)
    Student.objects.filter(pk=child.pk).update(status=Student.Status.LEFT)
    assert waiting(cast, "class_teacher") == []
    Student.objects.filter(pk=child.pk).update(status=Student.Status.ENROLLED)
    Guardian.objects.filter(pk=grandma.pk).update(ends_on=datetime.date(2026, 11, 25))
    assert waiting(cast, "class_teacher") == []


def test_spoken_about_is_settled_with_what_was_written_before_and_counts_as_read(cast, child, at_school):
    says(cast, child)
    at_school.shift(60)
    last = says(cast, child, "还有，药在书包里")
    unanswered.settle(cast.actor("class_teacher"), message=last)
    assert waiting(cast) == []
    assert not FamilyMessage.objects.filter(read_at=None).exists()
    entry = AuditEntry.objects.get(action="family.settle")
    assert len(entry.detail["messages"]) == 2 and "药" not in str(entry.detail)


def test_settling_is_taken_back_by_the_same_person_for_a_while(cast, child, at_school):
    message = says(cast, child)
    unanswered.settle(cast.actor("helper"), message=message)
    message.refresh_from_db()
    with pytest.raises(Refused, match="Only who"):
        unanswered.open_again(cast.actor("class_teacher"), message=message)
    unanswered.open_again(cast.actor("helper"), message=message)
    assert count(cast) == 1
    unanswered.settle(cast.actor("helper"), message=message)
    message.refresh_from_db()
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused, match="a while ago"):
        unanswered.open_again(cast.actor("helper"), message=message)


def test_what_has_been_answered_is_not_settled_and_nobody_else_settles(cast, child, grandma, at_school):
    message = says(cast, child)
    for by in ("other_class_teacher", "guardian", "outsider", "counsellor"):
        with pytest.raises(NotAllowed):
            unanswered.settle(cast.actor(by), message=message)
    at_school.shift(60)
    answers(cast, child, grandma)
    with pytest.raises(Refused, match="answered already"):
        unanswered.settle(cast.actor("helper"), message=message)
    assert not AuditEntry.objects.filter(action="family.settle").exists()


def test_only_words_of_a_family_can_be_settled(cast, child, grandma):
    message = answers(cast, child, grandma)
    with pytest.raises(IntegrityError, match="family_words_settled"):
        FamilyMessage.objects.filter(pk=message.pk).update(settled_at=message.written_at)


def test_many_who_wait_take_as_many_queries_as_one(cast, child, django_assert_num_queries):
    says(cast, child)
    with CaptureQueriesContext(connection) as few:
        waiting(cast)
    for _number in range(12):
        says(cast, child)
    with CaptureQueriesContext(connection) as many:
        waiting(cast)
    assert len(many) == len(few)
