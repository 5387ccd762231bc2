"""What stood between two exams, and beside whom it is seen: facts of a school, from its own records."""

import datetime
import random
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.promised import pair, talk

from tongxing.care.activities import actions, event_actions
from tongxing.care.activities.models import Event, Part
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Staff
from tongxing.ground.records.models import Exam, Score
from tongxing.oversight.insight import helped
from tongxing.oversight.insight.effect import MIN_N

pytestmark = pytest.mark.usefixtures("promised")
CLASSMATES = 100


def exam(cast, name, day):
    return Exam.objects.create(school=cast.school, term=cast.term, name=name, kind="other", held_on=day)


@pytest.fixture
def two_exams(cast):
    """A hundred classmates in both exams, who rise by what chance gives them; 周晓禾 starts at 50."""
    rng = random.Random(3)
    first = exam(cast, "第一次", datetime.date(2026, 9, 20))
    second = exam(cast, "第二次", datetime.date(2026, 11, 20))
    others = [cast.add_student(f"同学{n}", cast.class_one, pinyin="tongxue") for n in range(CLASSMATES)]
    for student in (cast.students.key, *others):
        start = 50 if student == cast.students.key else 40 + rng.random() * 20
        sit(cast, first, student, points=round(start))
        sit(cast, second, student, points=round(start + 5 + rng.random() * 10))
    return {"before": first, "after": second, "others": others}


def sit(cast, exam, student, subject="数学", **result):
    Score.objects.create(school=cast.school, exam=exam, student=student, subject=subject, **result)


def found(cast, two, role="head"):
    rows = helped.outcomes(cast.actor(role), school=cast.school, before=two["before"], after=two["after"])
    return {row.help.code: row for row in rows}


def test_a_helper_of_four_weeks_counts_and_one_of_a_few_days_does_not(cast, two_exams):
    assert found(cast, two_exams)["helper"].helped == 1  # 林岚 since September
    later = two_exams["others"][0]
    pair(cast, later, "other_teacher", starts_on=datetime.date(2026, 11, 1))
    assert found(cast, two_exams)["helper"].helped == 1


def test_one_child_with_help_says_nothing_about_the_help(cast, two_exams):
    assert found(cast, two_exams)["helper"].effect is None


def test_many_with_a_helper_are_seen_beside_those_without(cast, two_exams):
    for student in two_exams["others"][:MIN_N]:
        pair(cast, student, "other_teacher", starts_on=datetime.date(2026, 9, 21))
        Score.objects.filter(student=student, exam=two_exams["after"]).update(points=95)
    effect = found(cast, two_exams)["helper"].effect
    assert effect is None or effect.others >= MIN_N
    more = [cast.add_student(f"又一位{n}", cast.class_one, pinyin="youyiwei") for n in range(MIN_N)]
    for number, student in enumerate(more):
        sit(cast, two_exams["before"], student, points=40 + number)
        sit(cast, two_exams["after"], student, points=45 + number)
    effect = found(cast, two_exams)["helper"].effect
    assert effect.says == "more" and effect.helped >= MIN_N


def test_records_count_from_the_number_on_that_the_page_names(cast, two_exams):
    for day in (1, 2, 3):
        when = datetime.datetime(2026, 10, day, 16, tzinfo=clock.SCHOOL_TIME)
        talk(cast, kind="tutoring", body={"covered": "分数"}, happened_at=when, recorded_at=when)
    assert found(cast, two_exams)["tutoring"].helped == 0
    when = datetime.datetime(2026, 10, 9, 16, tzinfo=clock.SCHOOL_TIME)
    talk(cast, kind="tutoring", body={"covered": "分数"}, happened_at=when, recorded_at=when)
    assert found(cast, two_exams)["tutoring"].helped == 1


@pytest.fixture
def group(cast, two_exams):
    """A tutoring group of other_teacher that has met four times; gives who was there, on or off the register."""
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=cast.term.starts_on)
    cast.teach("other_teacher", cast.class_one)
    there = [cast.students.key, *two_exams["others"][:MIN_N]]
    with clock.telling(datetime.datetime(2026, 9, 21, 9, tzinfo=clock.SCHOOL_TIME)):
        facts = {
            "kind": "tutoring",
            "name": "数学一点通",
            "leader": Staff.objects.get(pk=cast.staff["other_teacher"].pk),
        }
        facts |= {"weekday": 2, "places": 99, "grades": [], "wishes_until": clock.today()}
        offer = actions.make_offer(SYSTEM, term=cast.term, facts=facts, client_id=UUID(int=1))
        actions.wish(SYSTEM, offer=offer, students=there)
    with clock.telling(datetime.datetime(2026, 9, 22, 9, tzinfo=clock.SCHOOL_TIME)):
        actions.give_places(SYSTEM, offer=offer)
    for week in range(4):
        day = datetime.date(2026, 9, 23) + datetime.timedelta(weeks=week)
        with clock.telling(datetime.datetime(2026, day.month, day.day, 18, tzinfo=clock.SCHOOL_TIME)):
            event = event_actions.meet(SYSTEM, offer=offer, on=day, client_id=UUID(int=2 + week))
            event_actions.tick(SYSTEM, event=event, states={student.pk: "present" for student in there})
    return there


def test_whoever_was_in_a_tutoring_group_was_tutored_on_the_register_or_not(cast, two_exams, group):
    assert found(cast, two_exams)["tutoring"].helped == len(group)


def test_three_meetings_are_no_tutoring_yet_and_no_comparison_either(cast, two_exams, group):
    first = Event.objects.filter(on=datetime.date(2026, 9, 23))
    first.update(cancelled_at=clock.now(), cancelled_because="停课")
    Contact.objects.filter(kind="tutoring").first().delete()
    assert found(cast, two_exams)["tutoring"].helped == 0
    beside = line(cast, two_exams).similar.n
    Part.objects.all().delete()
    assert beside < line(cast, two_exams).similar.n


def test_a_meeting_that_a_record_tells_of_counts_once(cast, two_exams, group):
    assert Contact.objects.filter(kind="tutoring").count() == 4  # of 周晓禾 alone
    between = {"before": two_exams["before"], "after": two_exams["after"]}
    for student in group[:2]:
        told = helped.in_between(cast.actor("class_teacher"), student=student, **between)
        assert told["tutoring"] == 4


def test_an_absent_sitting_is_no_result(cast, two_exams):
    Score.objects.filter(student=cast.students.key, exam=two_exams["after"]).update(
        points=None, special="absent"
    )
    assert found(cast, two_exams)["helper"].helped == 0


@pytest.mark.parametrize("role", ["helper", "class_teacher", "counsellor", "system_admin", "outsider"])
def test_only_those_who_lead_the_school_compare_kinds_of_help(cast, two_exams, role):
    with pytest.raises(NotAllowed):
        found(cast, two_exams, role)


def line(cast, two, role="helper", student=None):
    (only,) = helped.progress(
        cast.actor(role), student=student or cast.students.key, before=two["before"], after=two["after"]
    )
    return only


def test_a_childs_result_stands_beside_what_similar_starts_came_to(cast, two_exams):
    only = line(cast, two_exams)
    assert (only.subject, only.earlier) == ("数学", "50")
    assert only.similar.n >= MIN_N and 50 < only.similar.low < only.similar.high < 75


def test_with_few_classmates_nothing_stands_beside(cast, two_exams):
    Score.objects.filter(student__in=two_exams["others"][MIN_N - 1 :]).delete()
    assert line(cast, two_exams).similar is None


def test_with_bands_alone_the_movement_of_others_from_the_same_band_is_told(cast, two_exams):
    Score.objects.filter(exam=two_exams["before"]).update(points=None, grade="D")
    Score.objects.filter(exam=two_exams["after"]).update(points=None, grade="C")
    only = line(cast, two_exams)
    assert (only.earlier, only.later, only.way) == ("D", "C", "up")
    assert only.similar_ways == {"up": CLASSMATES}


def test_nobody_reads_of_a_child_they_do_not_look_after(cast, two_exams):
    with pytest.raises(NotAllowed):
        line(cast, two_exams, student=cast.students.plain)
    with pytest.raises(NotAllowed):
        line(cast, two_exams, role="other_class_teacher")
    assert not helped.exams_sat_by(cast.actor("outsider"), cast.students.key).exists()


def test_questions_to_the_database_do_not_grow_with_the_school(cast, two_exams):
    with CaptureQueriesContext(connection) as few:
        found(cast, two_exams)
    for n in range(20):
        student = cast.add_student(f"新同学{n}", cast.class_one, "normal", pinyin="xintongxue")
        sit(cast, two_exams["before"], student, points=60)
        sit(cast, two_exams["after"], student, points=61)
    with CaptureQueriesContext(connection) as many:
        found(cast, two_exams)
    assert len(many) == len(few)
