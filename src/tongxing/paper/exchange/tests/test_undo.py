import datetime

import pytest

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.ground.access.models import Grant
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry, SubjectKey
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Guardian,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.records.models import AttendanceEvent, Exam, Score
from tongxing.paper.exchange.actions import commit
from tongxing.paper.exchange.models import ImportBatch
from tongxing.paper.exchange.undo import forget_traces, undo, what_can_go

from .files import HEADINGS, WEN, xlsx

ROWS = (HEADINGS, WEN, ("20260302", "温大满", "男", "初一（3）班"))
MARKS = (("学号", "姓名", "数学"), ("20260301", "温小满", "90"), ("S0001", "周晓禾", "80"))
STAFF = (("工号", "教师姓名", "班级", "学科"), ("T90", "闻笛", "初一(3)班", "数学"))
EVENTS = (("学号", "时间", "考勤类型"), ("S0001", "2026-11-23 07:50", "迟到"))
EVERYTHING = (
    *(Student, Guardian, ClassMembership, Circumstance, SchoolClass, Staff, User, Teaching, Exam, Score),
    *(AttendanceEvent, SubjectKey),
)


@pytest.fixture
def take_over(cast, hand_in):
    def take_over(*contents) -> ImportBatch:
        batch = hand_in(*map(xlsx, contents), exam_name="期中考试", held_on=datetime.date(2026, 11, 12))
        return commit(cast.actor("coordinator"), batch=batch)

    return take_over


def rows() -> dict:
    return {model: sorted(model.objects.values_list()) for model in EVERYTHING}


def take_back(cast, batch, role="coordinator"):
    batch.refresh_from_db()
    return undo(cast.actor(role), batch=batch)


def test_an_import_nobody_touched_goes_without_a_trace(cast, take_over):
    before = rows()
    batch = take_over(ROWS, MARKS, STAFF, EVENTS)
    assert Score.objects.count() == 2
    back = take_back(cast, batch)
    assert rows() == before
    assert back.stay == 0
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.trace)) == ("undone", b"")
    assert AuditEntry.objects.filter(action="import.undo").count() == 1


def test_what_an_import_changed_gets_back_what_was_there_before(cast, take_over):
    take_over(ROWS)
    before = rows()
    moved = (*WEN[:2], "女", "初一(2)班", "", "温守田", "爷爷", "13700009999")
    batch = take_over((HEADINGS, moved))
    assert (
        ClassMembership.objects.filter(student__code="20260301", ends_on=None).get().school_class
        == cast.class_two
    )
    take_back(cast, batch)
    assert rows() == before


def test_a_student_somebody_wrote_about_stays_whole_and_is_named(cast, take_over):
    batch = take_over(ROWS, MARKS)
    wen = Student.objects.get(code="20260301")
    write_contact(
        SYSTEM, student=wen, client_id="7b5e0a52-6c5e-4f0e-9f0a-0f6f3a8d1c11", kind="talk",
        told=Told({"thoughts": "想学好英语"}, reached=["student"]), staff=cast.staff["helper"],
    )  # fmt: skip
    assert what_can_go(batch).leaned_on[Student] == {wen.pk}
    take_back(cast, batch)
    assert [one.code for one in Student.objects.filter(code__startswith="202603")] == ["20260301"]
    assert wen.guardians.count() == 1
    assert wen.memberships.count() == 1
    assert not Score.objects.exists()
    assert SchoolClass.objects.filter(name="初一(3)班").exists()


def test_what_somebody_changed_since_is_not_overwritten(cast, take_over):
    batch = take_over(ROWS)
    Student.objects.filter(code="20260302").update(dormitory="3-201")
    assert what_can_go(batch).changed[Student] == {Student.objects.get(code="20260302").pk}
    take_back(cast, batch)
    assert [one.code for one in Student.objects.filter(code__startswith="202603")] == ["20260302"]


def test_a_corrected_score_stays_and_its_exam_with_it(cast, take_over):
    batch = take_over(MARKS[:1] + MARKS[2:], EVENTS)
    Score.objects.update(points=81)
    take_back(cast, batch)
    assert (Score.objects.get().points, Exam.objects.count(), AttendanceEvent.objects.count()) == (81, 1, 0)


def test_a_colleague_with_a_role_stays_with_the_account(cast, take_over):
    batch = take_over(STAFF)
    staff = Staff.objects.get(code="T90")
    Grant.objects.create(
        school=cast.school, user=staff.user, role="head", starts_on=datetime.date(2026, 11, 25)
    )
    assert what_can_go(batch).leaned_on[Staff] == {staff.pk}
    take_back(cast, batch)
    assert Staff.objects.filter(code="T90").exists()
    assert not Teaching.objects.exists()


def test_the_later_of_two_imports_is_taken_back_first_or_its_work_stays(cast, take_over):
    first = take_over(ROWS)
    second = take_over((HEADINGS, (*WEN[:2], "女", "初一(2)班")))
    take_back(cast, first)
    assert Student.objects.filter(code="20260301").exists()
    assert not Student.objects.filter(code="20260302").exists()
    take_back(cast, second)
    assert Student.objects.get(code="20260301").memberships.get(ends_on=None).school_class.name == "初一(3)班"


def test_an_import_is_taken_back_once_and_within_thirty_days(cast, take_over, at_school):
    batch, other = take_over(ROWS), take_over(EVENTS)
    take_back(cast, batch)
    with pytest.raises(Refused):
        take_back(cast, batch)
    at_school.shift(datetime.timedelta(days=31))
    assert forget_traces() == 1
    with pytest.raises(Refused):
        take_back(cast, other)


def test_only_who_may_import_takes_an_import_back(cast, take_over):
    batch = take_over(ROWS)
    for role in ("helper", "class_teacher", "deputy", "outsider"):
        with pytest.raises(NotAllowed):
            take_back(cast, batch, role)


def test_the_memory_of_an_import_is_small(cast, take_over):
    rows = [(f"2026{n:04}", f"温满{n}", "女", "初一(3)班") for n in range(300)]
    batch = take_over((HEADINGS, *rows))
    assert len(bytes(batch.trace)) < 300 * 20
