import datetime

import pytest
from django.db import DatabaseError

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance, Guardian, Staff, Student, Teaching
from tongxing.ground.people.pending import Pending
from tongxing.ground.records.models import AttendanceEvent, Exam, Score
from tongxing.paper.exchange.actions import commit, discard, forget_content
from tongxing.paper.exchange.models import ImportBatch

from .files import HEADINGS, ROSTER, WEN, csv, xlsx

STAFF = (("工号", "姓名", "性别"), ("T90", "闻笛", "女"))
TEACHING = (("教师姓名", "班级", "任教学科"), ("闻笛", "初一(1)班", "数学"))
EVENTS = (("学号", "时间", "考勤类型"), ("S0001", "2026-11-23 07:50", "迟到"), ("ghost", "2026-11-23 07:51", "迟到"))  # fmt: skip
MARKS = (
    ("2026-2027学年第一学期期中考试成绩",),
    ("班级", "姓名", "语文", "数学"),
    ("初一(1)班", "周晓禾", "82.5", "缺考"),
    ("初一(1)班", "孟宇航", "优", ""),
)


def words(batch: ImportBatch) -> list[tuple[int, str]]:
    return [(problem["line"], problem["message"]) for problem in batch.problems]


def test_a_preview_says_what_would_change_and_changes_nothing(cast, hand_in):
    before = Student.objects.count(), AuditEntry.objects.count() + 1
    batch = hand_in(xlsx(ROSTER))
    assert [(one["kind"], one["new"], one["wrong"]) for one in batch.counts] == [("students", 2, 0)]
    assert (Student.objects.count(), AuditEntry.objects.count()) == before
    assert batch.can_be_taken_over
    assert "温小满".encode() not in bytes(batch.content)


def test_taking_over_writes_everything_and_forgets_the_cells(cast, hand_in):
    batch = commit(cast.actor("coordinator"), batch=hand_in(xlsx(ROSTER)))
    wen = Student.objects.get(code="20260301")
    assert (wen.name, wen.sex, wen.initials) == ("温小满", "female", "wxm")
    assert wen.memberships.get().school_class.name == "初一(3)班"
    assert Student.objects.get(name="古丽努尔·艾山").code == "00012"
    assert Guardian.objects.get(student=wen).phone_masked == "139****2222"
    assert Circumstance.objects.get(student=wen).category == "left_behind"
    assert (batch.state, bytes(batch.content)) == ("done", b"")
    assert AuditEntry.objects.filter(action="import.commit").count() == 1


def test_the_same_file_twice_changes_nothing(cast, hand_in):
    commit(cast.actor("coordinator"), batch=hand_in(xlsx(ROSTER)))
    again = hand_in(xlsx(ROSTER))
    assert [(one["new"], one["changed"], one["same"]) for one in again.counts] == [(0, 0, 2)]
    assert not again.can_be_taken_over


def test_a_second_click_finds_it_done(cast, hand_in):
    batch = hand_in(xlsx(ROSTER))
    assert commit(cast.actor("coordinator"), batch=batch).state == "done"
    assert commit(cast.actor("coordinator"), batch=batch).state == "done"
    assert AuditEntry.objects.filter(action="import.commit").count() == 1


def test_files_of_one_import_lean_on_each_other(cast, hand_in):
    marks = (("学号", "姓名", "数学"), ("20260301", "温小满", "90"))
    batch = hand_in(
        xlsx(marks), xlsx(ROSTER), xlsx(TEACHING), xlsx(STAFF), xlsx(EVENTS),
        exam_name="期中考试", held_on=datetime.date(2026, 11, 12),
    )  # fmt: skip
    assert batch.problems == []
    commit(cast.actor("coordinator"), batch=batch)
    assert Score.objects.get().points == 90
    assert Exam.objects.get().kind == "mid_term"
    assert Teaching.objects.get().staff == Staff.objects.get(code="T90")
    assert AttendanceEvent.objects.get().student == cast.students.key
    counts = {one["kind"]: one for one in batch.counts}
    assert counts["attendance"]["nobody"] == 1


def test_a_sheet_of_lessons_brings_its_teachers_along(cast, hand_in):
    lessons = (("工号", "教师姓名", "班级", "学科"), ("T90", "闻笛", "初一(1)班", "数学"), ("T90", "闻笛", "初一(2)班", "数学"))  # fmt: skip
    batch = commit(cast.actor("coordinator"), batch=hand_in(xlsx(lessons)))
    assert [(one["kind"], one["new"]) for one in batch.counts] == [("staff", 1), ("teaching", 2)]
    assert Staff.objects.get(code="T90").teaching.count() == 2


def test_scores_may_be_numbers_grades_or_special_marks(cast, hand_in):
    batch = hand_in(xlsx(MARKS), held_on=datetime.date(2026, 11, 12))
    commit(cast.actor("coordinator"), batch=batch)
    scores = {(s.student.name, s.subject): (s.points, s.grade, s.special) for s in Score.objects.all()}
    assert scores[("周晓禾", "语文")][0] == 82.5
    assert scores[("周晓禾", "数学")] == (None, "", "absent")
    assert scores[("孟宇航", "语文")] == (None, "优", "")
    assert Exam.objects.get().name == "2026-2027学年第一学期期中考试成绩"


def test_an_exam_without_a_day_is_asked_for(hand_in, english):
    assert "When was the exam?" in words(hand_in(xlsx(MARKS)))[0][1]


WRONG = {
    "no name": (("1", "", "女", "初一(1)班"), "may not stay empty"),
    "no class": (("1", "温小满", "女", "飞行班"), "This is no class"),
    "no sex": (("1", "温小满", "?", "初一(1)班"), "Write 男 or 女"),
    "rounded id number": (("1", "温小满", "女", "初一(1)班", 330227200101011234), "rounded"),
    "wrong id number": (("1", "温小满", "女", "初一(1)班", "320106201307041230"), "does not fit together"),
    "bad phone": (("1", "温小满", "女", "初一(1)班", "", "温守田", "爷爷", "没有"), "no phone number"),
    "known number, other name": (("S0001", "温小满", "女", "初一(1)班"), "on record as “周晓禾”"),
    "too long": (("1" * 41, "温小满", "女", "初一(1)班"), "too long"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_row_is_named_with_line_and_words(kind, cast, hand_in, english):
    row, message = WRONG[kind]
    batch = hand_in(xlsx((HEADINGS, WEN, row)))
    assert [line for line, _message in words(batch)] == [3]
    assert message in words(batch)[0][1]
    with pytest.raises(Refused, match="rows to correct"):
        commit(cast.actor("coordinator"), batch=batch)
    assert not Student.objects.filter(name="温小满").exists()


def test_messages_never_repeat_phones_or_id_numbers(hand_in):
    batch = hand_in(xlsx((HEADINGS, (*WEN[:4], "320106201307041230", *WEN[5:7], "139000022x"))))
    assert {problem["value"] for problem in batch.problems} == {"***"}


def test_the_same_student_twice_with_other_facts_is_refused(hand_in, english):
    batch = hand_in(xlsx((HEADINGS, WEN, WEN, (*WEN[:2], "男", *WEN[3:]))))
    assert [(line, "stands in line 2" in message) for line, message in words(batch)] == [(4, True)]


def test_old_area_codes_and_children_without_a_number_pass(hand_in):
    rows = (
        HEADINGS,
        (*WEN[:4], "", *WEN[5:]),
        ("2", "温大满", "男", "初一(3)班", "33022720130101001" + check_digit("33022720130101001")),
    )
    assert hand_in(xlsx(rows)).problems == []


def test_students_without_a_number_are_found_again(cast, hand_in):
    roster = (("姓名", "性别", "班级"), ("温小满", "女", "初一(3)班"), ("孟宇航", "男", "初一(1)班"))
    batch = hand_in(xlsx(roster))
    assert [(one["new"], one["changed"], one["same"]) for one in batch.counts] == [(1, 0, 1)]
    commit(cast.actor("coordinator"), batch=batch)
    assert [(one["new"], one["changed"]) for one in hand_in(xlsx(roster)).counts] == [(0, 0)]


def test_a_broken_file_stops_the_import_and_says_why(hand_in, cast, english):
    batch = hand_in(xlsx(ROSTER), b"%PDF-1.7")
    assert "is no spreadsheet" in batch.files[1]["refused"]
    assert not batch.can_be_taken_over


def test_a_write_that_fails_in_the_middle_leaves_nothing_behind(cast, hand_in, monkeypatch, english):
    batch = hand_in(xlsx(ROSTER), xlsx(EVENTS))
    before = Student.objects.count(), AuditEntry.objects.count()

    def full_disk(*args, **kwargs):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(Pending, "write", full_disk)
    with pytest.raises(Refused, match="Nothing was changed"):
        commit(cast.actor("coordinator"), batch=batch)
    assert (Student.objects.count(), AuditEntry.objects.count()) == before
    monkeypatch.undo()
    assert commit(cast.actor("coordinator"), batch=batch).state == "done"


def test_what_changed_since_the_preview_is_checked_again(cast, hand_in, english):
    batch = hand_in(xlsx(ROSTER))
    cast.add_student("别人", cast.class_one)
    Student.objects.filter(name="别人").update(code="20260301")
    with pytest.raises(Refused, match="have changed since"):
        commit(cast.actor("coordinator"), batch=batch)


def test_only_who_may_import_hands_in_or_takes_over(cast, hand_in):
    batch = hand_in(xlsx(ROSTER))
    for role in ("helper", "class_teacher", "deputy", "outsider", "system_admin"):
        with pytest.raises(NotAllowed):
            hand_in(xlsx(ROSTER), role=role)
        with pytest.raises(NotAllowed):
            commit(cast.actor(role), batch=batch)
    assert not ImportBatch.objects.visible_to(cast.actor("outsider")).exists()


def test_the_cells_are_forgotten_when_set_aside_or_after_a_day(cast, hand_in, at_school):
    first, second = hand_in(xlsx(ROSTER)), hand_in(xlsx(ROSTER))
    discard(cast.actor("coordinator"), batch=first)
    at_school.shift(datetime.timedelta(days=2))
    assert forget_content(older_than=datetime.timedelta(days=1)) == 1
    for batch in (first, second):
        batch.refresh_from_db()
        assert (batch.state, bytes(batch.content)) == ("discarded", b"")


def test_text_files_and_workbooks_mean_the_same(cast, hand_in):
    commit(cast.actor("coordinator"), batch=hand_in(csv(ROSTER, "gb18030")))
    assert [(one["new"], one["changed"]) for one in hand_in(xlsx(ROSTER)).counts] == [(0, 0)]


def test_handing_in_taking_over_and_setting_aside_name_who_did_it_without_names_of_children(cast, hand_in):
    commit(cast.actor("coordinator"), batch=hand_in(xlsx(ROSTER)))
    discard(cast.actor("coordinator"), batch=hand_in(xlsx(ROSTER)))
    rows = AuditEntry.objects.filter(action__startswith="import.").order_by("pk")
    actions = ["import.preview", "import.commit", "import.preview", "import.discard"]
    assert [row.action for row in rows] == actions
    assert all(row.detail.keys() == {"files", "rows"} for row in rows)


def test_what_was_taken_over_is_not_set_aside_from_an_old_page(cast, hand_in):
    old_page = hand_in(xlsx(ROSTER))
    commit(cast.actor("coordinator"), batch=old_page)
    with pytest.raises(Refused):
        discard(cast.actor("coordinator"), batch=old_page)
    old_page.refresh_from_db()
    assert old_page.state == ImportBatch.State.DONE
