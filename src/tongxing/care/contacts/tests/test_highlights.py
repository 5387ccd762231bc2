"""宋桥 teaches music in 初一(1) and holds no role: she sees names, and notes what shone."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.care.contacts import actions, highlights, queries
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

ONE = UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture
def teacher(cast):
    cast.teach("other_teacher", cast.class_one)
    return cast.actor("other_teacher")


def note(actor, student, client_id=ONE, seen=("主动举手发言",)):
    return highlights.note(actor, student=student, client_id=client_id, seen=seen)


def test_a_subject_teacher_notes_a_bright_moment_and_the_team_reads_it(cast, teacher):
    contact = note(teacher, cast.students.key, seen=["主动举手发言", "声音很响亮"])
    assert contact.staff == cast.staff["other_teacher"] and contact.topics == ["highlight"]
    (entry,) = queries.timeline(cast.actor("helper"), cast.students.key)
    assert entry.answers[0][1] == "主动举手发言；声音很响亮"
    assert queries.timeline(teacher, cast.students.key) == []


def test_of_students_whom_one_does_not_teach_nothing_is_noted(cast, teacher):
    for student in (cast.students.plain, cast.students.far):
        with pytest.raises(NotAllowed):
            note(teacher, student)
    with pytest.raises(NotAllowed):
        note(cast.actor("finance_maker"), cast.students.key)
    assert not Contact.objects.exists()


def test_lessons_open_no_other_kind_of_record(cast, teacher):
    with pytest.raises(NotAllowed):
        actions.write_contact(
            teacher,
            student=cast.students.key,
            client_id=uuid4(),
            kind="talk",
            told=Told({"thoughts": "…"}, reached=["student"]),
        )


def test_a_tap_sent_twice_is_one_moment_and_one_page_notes_several_students(cast, teacher):
    assert note(teacher, cast.students.key) == note(teacher, cast.students.key)
    note(teacher, cast.students.normal)
    note(teacher, cast.students.key, seen=["比上次进步了"])
    assert Contact.objects.count() == 3


def test_a_moment_without_words_is_refused(cast, teacher):
    with pytest.raises(Refused):
        note(teacher, cast.students.key, seen=["", " "])


def test_a_tap_is_taken_back_while_the_moment_lasts(cast, teacher):
    contact = note(teacher, cast.students.key)
    assert highlights.just_noted(teacher) == [(contact, "主动举手发言")]
    for _ in range(2):
        highlights.take_back(teacher, contact=contact)
    contact.refresh_from_db()
    assert contact.withdrawn and contact.revisions.last().reason
    assert highlights.just_noted(teacher) == []
    assert AuditEntry.objects.filter(action="contact.withdraw").count() == 1


def test_later_it_is_no_longer_taken_back_at_a_tap(cast, teacher, at_school):
    contact = note(teacher, cast.students.key)
    at_school.shift(datetime.timedelta(minutes=11))
    assert highlights.just_noted(teacher) == []
    with pytest.raises(Refused):
        highlights.take_back(teacher, contact=contact)


def test_nobody_takes_back_what_a_colleague_noted(cast, teacher):
    contact = note(teacher, cast.students.key)
    assert not highlights.own(cast.actor("class_teacher")).exists()
    with pytest.raises(NotAllowed):
        highlights.take_back(cast.actor("class_teacher"), contact=contact)
