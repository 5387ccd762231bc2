import datetime

import pytest

from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Likeness, Student
from tongxing.paper.exchange.actions import commit
from tongxing.paper.exchange.by_hand import Mended, correct
from tongxing.paper.exchange.kinds import ANOTHER, SAME
from tongxing.paper.exchange.undo import undo

from .files import HEADINGS, WEN, xlsx

ID = "32010620130704123" + check_digit("32010620130704123")
BORN = ("学号", "姓名", "性别", "班级", "出生日期")


@pytest.fixture
def on_record(cast) -> Student:
    born = datetime.date(2013, 7, 4)
    Student.objects.filter(pk=cast.students.normal.pk).update(birth_date=born)
    return Student.objects.get(pk=cast.students.normal.pk)


def asked(batch) -> list[tuple[int, str]]:
    return [(one["line"], one["value"]) for one in batch.problems if one["code"] == SAME]


def decide(cast, batch, said, line=1) -> None:
    correct(cast.actor("coordinator"), batch=batch, mended={0: Mended({line: {SAME: said}})})
    batch.refresh_from_db()


def test_the_same_id_number_under_another_student_number_is_a_question(cast, hand_in):
    commit(cast.actor("coordinator"), batch=hand_in(xlsx((HEADINGS, (*WEN[:4], ID, *WEN[5:])))))
    batch = hand_in(xlsx((HEADINGS, ("777", "温小曼", "女", "初一(3)班", ID))))
    assert asked(batch) == [(2, "20260301")]
    assert not batch.can_be_taken_over


def test_the_same_name_and_birth_date_or_class_is_a_question(on_record, hand_in):
    born = xlsx((BORN, ("777", "孟宇航", "男", "初一(2)班", "2013-07-04")))
    in_class = xlsx((BORN, ("777", "孟宇航", "男", "初一(1)班", "")))
    assert asked(hand_in(born)) == asked(hand_in(in_class)) == [(2, "S0002")]


def test_other_birth_dates_speak_for_another_child(on_record, hand_in):
    assert hand_in(xlsx((BORN, ("777", "孟宇航", "男", "初一(1)班", "2013-01-01")))).problems == []


def test_two_rows_of_one_sheet_are_compared_too(hand_in):
    rows = (
        BORN,
        ("1", "方晓", "女", "初一(1)班", "2013-07-04"),
        ("2", "方晓", "女", "初一(1)班", "2013-07-04"),
    )
    assert asked(hand_in(xlsx(rows))) == [(3, "1")]


def test_the_same_child_keeps_its_entry(cast, on_record, hand_in):
    batch = hand_in(xlsx((BORN, ("777", "孟宇航", "男", "初一(2)班", "2013-07-04"))))
    decide(cast, batch, "S0002")
    assert [(one["new"], one["changed"]) for one in batch.counts] == [(0, 1)]
    commit(cast.actor("coordinator"), batch=batch)
    assert not Student.objects.filter(code="777").exists()
    assert on_record.memberships.get(ends_on=None).school_class == cast.class_two


def test_the_number_of_the_same_child_is_remembered_for_later_sheets(cast, on_record, hand_in):
    sheet = xlsx((BORN, ("777", "孟宇航", "男", "初一(1)班", "2013-07-04")))
    batch = hand_in(sheet)
    decide(cast, batch, "S0002")
    batch = commit(cast.actor("coordinator"), batch=batch)
    again = hand_in(sheet)
    assert ([(one["new"], one["changed"], one["same"]) for one in again.counts], asked(again)) == (
        [(0, 0, 1)],
        [],
    )
    marks = (("学号", "姓名", "数学"), ("777", "孟宇航", "90"))
    assert hand_in(xlsx(marks), held_on=datetime.date(2026, 11, 12)).problems == []
    undo(cast.actor("coordinator"), batch=batch)
    assert asked(hand_in(sheet)) == [(2, "S0002")]


def test_another_child_is_entered_and_the_answer_remembered_until_the_import_is_taken_back(
    cast, on_record, hand_in
):
    batch = hand_in(xlsx((BORN, ("777", "孟宇航", "男", "初一(1)班", "2013-07-04"))))
    decide(cast, batch, ANOTHER)
    batch = commit(cast.actor("coordinator"), batch=batch)
    answer = Likeness.objects.get()
    assert (answer.student.code, answer.other, answer.verdict) == ("777", on_record, "different")
    assert hand_in(xlsx((BORN, ("777", "孟宇航", "男", "初一(1)班", "2013-07-04")))).problems == []
    undo(cast.actor("coordinator"), batch=batch)
    assert not Likeness.objects.exists()
    assert AuditEntry.objects.filter(action="import.undo").exists()


def test_an_answer_that_names_nobody_who_fits_is_no_answer(cast, on_record, hand_in):
    batch = hand_in(xlsx((BORN, ("777", "孟宇航", "男", "初一(2)班", "2013-07-04"))))
    decide(cast, batch, "S0001")
    assert asked(batch) == [(2, "S0002")]
