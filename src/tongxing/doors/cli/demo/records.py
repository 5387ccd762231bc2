"""Second chapter: last term's final exam and this term's mid-term in 等级, attendance, a few observed facts."""

import datetime
from zoneinfo import ZoneInfo

from tongxing.ground.kernel import clock
from tongxing.ground.people.queries import term_calendar
from tongxing.ground.records.models import AttendanceEvent, Behaviour, Exam, Score

from . import Demo, words

SHANGHAI = ZoneInfo("Asia/Shanghai")
BANDS = "ABCDE"
OBSERVED = ["3 次未交作业", "上课睡着 1 次", "与同学争执，已和解", "早读未到 1 次", "忘带课本 2 次"]


def tell(demo: Demo) -> None:
    """`strength` of a student, 0–1, carries from one exam to the next; difficulties in learning cluster."""
    strength = {s.pk: min(1.0, max(0.0, demo.random.gauss(0.62, 0.2))) for s in demo.students}
    before, term = demo.term_before, demo.term
    last = [s for s in demo.students if demo.class_of[s.pk].grade > 7 or demo.dates.number == 2]
    _exam(
        demo,
        before,
        "期末考试",
        Exam.Kind.FINAL,
        before.ends_on - datetime.timedelta(days=4),
        last,
        strength,
        0,
    )
    middle = term.week_one + datetime.timedelta(weeks=9, days=3)
    if middle < clock.day_of(demo.until) - datetime.timedelta(days=5):
        _exam(demo, term, "期中考试", Exam.Kind.MID_TERM, middle, demo.students, strength, 1)
    _attendance(demo, strength)


def _exam(demo, term, name, kind, held_on, students, strength, grown) -> None:
    exam = Exam.objects.create(
        school=demo.school, term=term, name=f"{term.year.name} {name}", kind=kind, held_on=held_on
    )
    scores = []
    for student in students:
        grade = demo.class_of[student.pk].grade if grown else max(7, demo.class_of[student.pk].grade - 1)
        for subject in words.SUBJECTS[grade]:
            if demo.random.random() < 0.004:
                scores.append(
                    Score(school=demo.school, exam=exam, student=student, subject=subject, special="absent")
                )
                continue
            level = strength[student.pk] + demo.random.gauss(0.04 * grown, 0.09)
            band = BANDS[
                0 if level > 0.8 else 1 if level > 0.6 else 2 if level > 0.4 else 3 if level > 0.27 else 4
            ]
            scores.append(Score(school=demo.school, exam=exam, student=student, subject=subject, grade=band))
    Score.objects.bulk_create(scores, batch_size=2000)


def _attendance(demo: Demo, strength: dict[int, float]) -> None:
    days = [d for d in term_calendar(demo.term).days if d <= clock.day_of(demo.until)]
    events, facts = [], []
    for student in demo.students:
        restless = max(0.0, 0.5 - strength[student.pk]) / 6
        for day in days:
            chance = demo.random.random()
            if chance < 0.006 + restless:
                kind, hour = ("late", 7) if chance < 0.003 + restless / 2 else ("leave", 8)
                at = datetime.datetime.combine(
                    day, datetime.time(hour, demo.random.randint(31, 55)), SHANGHAI
                )
                if at <= demo.until:
                    events.append(
                        AttendanceEvent(school=demo.school, student=student, at=at, kind=kind, code="门岗")
                    )
            elif demo.random.random() < restless / 12:
                text = demo.random.choice(OBSERVED)
                facts.append(Behaviour(school=demo.school, student=student, on=day, kind="课堂", text=text))
    AttendanceEvent.objects.bulk_create(events, batch_size=2000)
    Behaviour.objects.bulk_create(facts, batch_size=2000)
