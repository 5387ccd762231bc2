"""What the tests of screening write into the school's records: grades and late arrivals."""

import datetime

from tongxing.ground.kernel.clock import start_of
from tongxing.ground.records.models import AttendanceEvent, Exam, Score

SUBJECTS = ["语文", "数学", "英语", "物理", "历史"]


def exam_of(term, name="期中考试", held_on=datetime.date(2026, 11, 11)):
    return Exam.objects.create(school=term.school, term=term, name=name, kind="mid_term", held_on=held_on)


def score(exam, student, *grades, special=""):
    for subject, grade in zip(SUBJECTS, grades, strict=False):
        Score.objects.create(
            school=exam.school, exam=exam, student=student, subject=subject, grade=grade, special=special
        )


def late(student, *days):
    for day in days:
        AttendanceEvent.objects.create(
            school=student.school, student=student, at=start_of(datetime.date(2026, 10, day)), kind="late"
        )
