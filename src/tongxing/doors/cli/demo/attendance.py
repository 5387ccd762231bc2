"""Where every child is: mornings of the last weeks, a child brought back, one that waits, a safety lesson, a farewell.

Told with random numbers of its own, so that the rest of the story stays as it is.
"""

import datetime
import random
from uuid import UUID

from tongxing.care.attendance_watch.actions import breaks, cases, leaving
from tongxing.care.attendance_watch.actions.absences import note_try, tell_reason
from tongxing.care.attendance_watch.actions.cases import Told
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.attendance_watch.models import ReturnCase
from tongxing.care.attendance_watch.models_breaks import Topic
from tongxing.care.attendance_watch.queries.breaks import gaps_of
from tongxing.care.pairing.models import Pair
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Guardian, Registration, SchoolClass, Student
from tongxing.ground.people.queries import term_calendar

from . import SEED, Demo

#: As far back as somebody may still write down a morning.
DAYS = 6
SAID = (
    ("ill", "发烧，奶奶带去卫生院了"),
    ("leave", "家里有事，明天来"),
    ("ill", "肚子疼，在家休息"),
    ("leave", "爸爸回来，接去镇上一天"),
)


def tell(demo: Demo) -> None:
    pick = random.Random(f"{SEED} attendance")  # noqa: S311  # a story, not a secret
    today = clock.day_of(demo.until)
    days = [day for day in term_calendar(demo.term).days if day <= today][-DAYS:]
    registered = Registration.objects.filter(school=demo.school, ends_on=None, level="normal")
    entries = list(registered.select_related("student__key", "student__school").order_by("pk"))
    _bring_back(demo, entries[7].student, days, pick)
    _mornings(demo, days, pick)
    _nobody_knows_yet(demo, entries[11].student, days, pick)
    _lesson_before_the_break(demo, pick)
    _look_back(demo, entries[15].student, pick)


def _at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), clock.SCHOOL_TIME)


def _id(pick: random.Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)


def _teacher(demo: Demo, school_class: SchoolClass) -> Actor:
    return actor_for(demo.class_teachers[school_class.pk].user, clock.today())


def _mornings(demo: Demo, days: list[datetime.date], pick: random.Random) -> None:
    """Each class on each of the last school days; whoever is away, the family says why. This morning some classes are
    still to be looked at."""
    of_class: dict[int, list[Student]] = {}
    for student in demo.students:
        of_class.setdefault(demo.class_of[student.pk].pk, []).append(student)
    for day in days:
        for place, school_class in enumerate(demo.classes):
            at = _at(day, 8, 2 + place % 20)
            if at > demo.until or (day == days[-1] and place % 8 == 0):
                continue
            missing = [pick.choice(of_class[school_class.pk])] if pick.random() < 0.2 else []
            with clock.telling(at):
                teacher = _teacher(demo, school_class)
                added = call_roll(teacher, school_class=school_class, missing=[one.pk for one in missing])
            for absence in added:
                with clock.telling(min(at + datetime.timedelta(minutes=25), demo.until)):
                    _told_why(teacher, absence, pick)


def _told_why(teacher: Actor, absence, pick: random.Random) -> None:
    reason, words = pick.choice(SAID)
    guardian = Guardian.objects.present().filter(student=absence.student).first()
    tell_reason(teacher, absence=absence, reason=reason, words=words, client_id=_id(pick), guardian=guardian)


def _bring_back(demo: Demo, student: Student, days: list[datetime.date], pick: random.Random) -> None:
    """Away for three days without leave; two colleagues went there; on the fifth day back in class."""
    school_class = demo.class_of[student.pk]
    for day in days[:3]:
        with clock.telling(_at(day, 8, 1)):
            call_roll(_teacher(demo, school_class), school_class=school_class, missing=[student.pk])
    with clock.telling(_at(days[2], 10)):
        cases.notice(demo.school, clock.now(), [student.pk])
        case = ReturnCase.objects.get(student=student)
        teacher = demo.class_teachers[school_class.pk]
        for absence in case.student.absences.all():
            words = "奶奶说：在家照看弟弟，妈妈下月才回来"
            tell_reason(
                actor_for(teacher.user, clock.today()),
                absence=absence,
                reason="no_leave",
                words=words,
                client_id=_id(pick),
            )
    pair = Pair.objects.open().of_first_helpers().filter(student=student).select_related("helper").first()
    companion = pair.helper if pair and pair.helper != teacher else demo.posts["coordinator"]
    with clock.telling(_at(days[2], 16)):
        found = "奶奶腿脚不便，弟弟没人送幼儿园，所以没来。孩子说想上学。"
        agreed = "邻居早上顺路送弟弟；周四起照常上学，先由班主任在校门口接。"
        cases.note_step(
            actor_for(teacher.user, clock.today()),
            case=case,
            kind="visit",
            told=Told(found, agreed, next_on=days[3], people=[teacher, companion]),
            client_id=_id(pick),
        )
    with clock.telling(_at(days[4], 9)):
        cases.close(
            actor_for(teacher.user, clock.today()),
            case=case,
            outcome="back",
            on=days[4],
            found="第一节课在教室，和同桌一起做题",
        )


def _nobody_knows_yet(demo: Demo, student: Student, days: list[datetime.date], pick: random.Random) -> None:
    """This morning: called twice, nobody answered; it is tried again."""
    at, school_class = _at(days[-1], 8, 3), demo.class_of[student.pk]
    if at + datetime.timedelta(minutes=30) > demo.until:
        return
    with clock.telling(at):
        added = call_roll(_teacher(demo, school_class), school_class=school_class, missing=[student.pk])
    with clock.telling(at + datetime.timedelta(minutes=20)):
        for absence in added:
            note_try(
                _teacher(demo, school_class),
                absence=absence,
                client_id=_id(pick),
                words="奶奶的电话打了两次，没人接",
                next_at=clock.now() + datetime.timedelta(hours=2),
            )


def _lesson_before_the_break(demo: Demo, pick: random.Random) -> None:
    """Three classes have had theirs before the holiday in the term, if there was one."""
    gaps = [gap for gap in gaps_of(demo.term) if gap.season == "holiday"]
    if not gaps or gaps[0].starts_on > clock.day_of(demo.until):
        return
    held_on = max(gaps[0].starts_on - datetime.timedelta(days=2), demo.term.starts_on)
    for school_class in demo.classes:
        with clock.telling(_at(held_on, 16)):
            breaks.note_lesson(
                _teacher(demo, school_class),
                school_class=school_class,
                gap=gaps[0],
                held_on=held_on,
                topics=Topic.values,
                missed=(),
            )


def _look_back(demo: Demo, student: Student, pick: random.Random) -> None:
    """A family moves at the end of term: helper and child look back, and the family agrees to the file."""
    pair = (
        Pair.objects.open().of_first_helpers().filter(student=student).select_related("helper__user").first()
    )
    if pair is None:
        return
    with clock.telling(demo.until - datetime.timedelta(days=2)):
        helper = actor_for(pair.helper.user, clock.today())
        leaving.review(
            helper,
            student=student,
            client_id=_id(pick),
            helped="先让她讲一道会做的题，再做新题；点名问她就愿意回答。",
            next_teachers="坐前排听得清；和新同桌一起值日最容易熟起来。",
            with_child=True,
            with_family=True,
        )
        give_consent(helper, student=student, purpose="transfer", given_by="妈妈", student_agreed=True)
