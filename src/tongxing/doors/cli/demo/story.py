"""Third chapter: the term itself, told through the product's own actions as the people of the school.

The round finds candidates in week 1, the head approves 66 of whom 27 are key, helpers are confirmed in week 2. Then
weeks pass: talks, visits and calls; some missed, some written down later, one helper on leave, one who hands over,
one family that would rather not be visited, two plans that differ, one child that joins in week 6.
"""

import datetime
from dataclasses import replace
from uuid import UUID

from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing import fixed_actions
from tongxing.care.pairing.models import Pair
from tongxing.care.programme import actions as programme
from tongxing.care.programme import plan_actions
from tongxing.care.programme.exemption_actions import exempt
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.plan_actions import Because
from tongxing.care.programme.versions import Terms
from tongxing.care.screening import actions as screening
from tongxing.care.screening.models import Looked
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.actions import register
from tongxing.ground.people.models import Registration, Staff, Student

from . import Demo, beside, bright, contacts, inspection, safety, words

REGISTERED, KEY = 66, 27
NAMED_BY_TEACHERS = 14  # of 初一, whom no exam of this school has seen yet
DAY = datetime.timedelta(days=1)


def tell(demo: Demo) -> None:
    with clock.telling(_at(demo, week=1, weekday=0, hour=8)):
        programme.install(SYSTEM, school=demo.school)
        safety.name(demo)
    _look_at_every_child(demo)
    _fix_beforehand(demo)
    _find_helpers(demo)
    _one_joins_later(demo)
    _things_change(demo)
    _two_plans(demo)
    contacts.tell(demo)
    bright.tell(demo)
    beside.tell(demo)
    safety.tell(demo)
    inspection.tell(demo)


def _at(demo: Demo, week: int, weekday: int, hour: int) -> datetime.datetime:
    day = demo.term.week_one + (7 * (week - 1) + weekday) * DAY
    return datetime.datetime.combine(day, datetime.time(hour), SCHOOL_TIME)


def person(demo: Demo, post: str) -> Actor:
    return actor_for(demo.posts[post].user, clock.today())


def _look_at_every_child(demo: Demo) -> None:
    with clock.telling(_at(demo, week=1, weekday=1, hour=9)):
        coordinator = person(demo, "coordinator")
        found = screening.run_round(coordinator, term=demo.term)
        seen = found.looked.values("student")
        unseen = Student.objects.filter(school=demo.school).enrolled().exclude(pk__in=seen)
        if unseen.exists():
            screening.look_at(coordinator, round=found, students=unseen, note="班主任逐一看过")
        cleared = found.looked.filter(outcome=Looked.Outcome.CLEARED).select_related("student").order_by("pk")
        youngest = [row for row in cleared if demo.class_of[row.student_id].grade == 7]
        for row in demo.random.sample(youngest, NAMED_BY_TEACHERS):
            reason = demo.random.choice(words.NAMED)
            screening.nominate(
                coordinator, student=row.student, said=screening.Said(reason, source="class_teacher")
            )
    with clock.telling(_at(demo, week=1, weekday=3, hour=15)):
        _decide(demo, coordinator, found)
    with clock.telling(_at(demo, week=1, weekday=4, hour=16)):
        screening.approve(person(demo, "head"), round=found)


def _decide(demo: Demo, coordinator: Actor, found) -> None:
    """Those named by teachers and those with the weightiest reasons are confirmed; each other one gets its reason."""
    rows = list(found.looked.filter(outcome=Looked.Outcome.CANDIDATE).select_related("student"))
    rows.sort(
        key=lambda row: (row.origin != Looked.Origin.PERSON, row.level != "key", -len(row.reasons), row.pk)
    )
    rows = _class_by_class(demo, rows)
    chosen, others = rows[: REGISTERED - 1], rows[REGISTERED - 1 :]
    by_weight = sorted(chosen, key=lambda row: (row.level != "key", -len(row.reasons), row.pk))
    key = {row.student_id for row in by_weight[:KEY]}
    levels = {row.student_id: "key" if row.student_id in key else "normal" for row in chosen}
    screening.confirm(coordinator, round=found, levels=levels)
    for row in others:
        screening.set_aside(
            coordinator, round=found, student=row.student, reason=demo.random.choice(words.SET_ASIDE)
        )


def _class_by_class(demo: Demo, rows: list) -> list:
    """The first of every class, then the second of every class, and so on."""
    place: dict[int, int] = {}
    turns = []
    for row in rows:
        school_class = demo.class_of[row.student_id].pk
        place[school_class] = place.get(school_class, 0) + 1
        turns.append((place[school_class], school_class, row))
    return [row for _turn, _class, row in sorted(turns, key=lambda turn: turn[:2])]


def _fix_beforehand(demo: Demo) -> None:
    """One pair that belongs together, one that does not, and three families who asked who should visit."""
    with clock.telling(_at(demo, week=1, weekday=4, hour=17)):
        coordinator = person(demo, "coordinator")
        entries = Registration.objects.filter(school=demo.school, ends_on=None).select_related("student")
        students = [entry.student for entry in entries.order_by("pk")]
        girls = [student for student in students if student.sex == "female"]
        for student, reason in zip(girls, words.WISHES, strict=False):
            fixed_actions.wish_visits(coordinator, student=student, reason=reason)
        helpers = demo.staff[30:32]
        fixed_actions.pin(coordinator, student=students[4], helper=helpers[0], reason=words.PINNED)
        fixed_actions.exclude(coordinator, student=students[5], helper=helpers[1], reason=words.RULED_OUT)
        fixed_actions.set_helper(coordinator, helper=demo.staff[34], capacity=2, dormitory="桂园")


def _find_helpers(demo: Demo) -> None:
    with clock.telling(_at(demo, week=2, weekday=0, hour=9)):
        coordinator = person(demo, "coordinator")
        pairing.propose(coordinator, school=demo.school, term=demo.term)
        confirmed = pairing.confirm_all(coordinator, school=demo.school)
        for proposal, _why in confirmed.held_back:
            _other_helper(demo, coordinator, proposal.student)


def _other_helper(demo: Demo, coordinator: Actor, student: Student) -> None:
    """A colleague without a student, whose check is noted, is asked."""
    taken = Pair.objects.open().filter(school=demo.school).values("helper")
    free = Staff.objects.filter(school=demo.school, offence_check_on__isnull=False).exclude(pk__in=taken)
    pairing.choose_other(coordinator, student=student, helper=free.latest("code"))


def _one_joins_later(demo: Demo) -> None:
    held = Registration.objects.on(clock.day_of(demo.until)).filter(school=demo.school).values("student")
    joiner = Student.objects.filter(school=demo.school).enrolled().exclude(pk__in=held).order_by("pk")[100]
    with clock.telling(_at(demo, week=6, weekday=2, hour=11)):
        register(
            person(demo, "head"), student=joiner, level="normal", reason="家访时得知父母国庆后一同外出务工"
        )
        _other_helper(demo, person(demo, "coordinator"), joiner)


def _things_change(demo: Demo) -> None:
    pairs = list(
        Pair.objects.open().filter(school=demo.school).select_related("helper", "student").order_by("pk")
    )
    registered = Registration.objects.filter(school=demo.school, ends_on=None)
    levels = dict(registered.values_list("student_id", "level"))
    ordinary = [p for p in pairs if p.helper != demo.posts["head"]]
    with clock.telling(_at(demo, week=7, weekday=0, hour=10)):
        coordinator = person(demo, "coordinator")
        taken = Pair.objects.open().filter(school=demo.school).values("helper")
        free = Staff.objects.filter(school=demo.school, offence_check_on__isnull=False).exclude(pk__in=taken)
        handed = ordinary[3]
        pairing.swap(coordinator, pair=handed, helper=free.earliest("code"), note="工作调整，已当面交接")
        second = free.latest("code")
        pairing.add_helper(coordinator, student=ordinary[4].student, helper=second, subject="数学")
    with clock.telling(_at(demo, week=4, weekday=2, hour=14)):
        refusing = next(p for p in ordinary[10:] if levels.get(p.student_id) == "normal")
        exempt(
            person(demo, "coordinator"),
            student=refusing.student,
            commitment="visit",
            reason="监护人希望先电话联系，暂不上门",
            until=demo.term.ends_on,
        )


def _two_plans(demo: Demo) -> None:
    """Two students for whom the plan differs: a talk every two weeks, and one promise more."""
    entries = Registration.objects.filter(school=demo.school, ends_on=None, level="key").order_by("-pk")
    first, second = [entry.student for entry in entries.select_related("student__school")[:2]]
    with clock.telling(_at(demo, week=8, weekday=3, hour=15)):
        coordinator, review = person(demo, "coordinator"), clock.today()
        talk = Commitment.objects.get(school=demo.school, code="talk", ends_on=None)
        plan_actions.differ(
            coordinator,
            student=first,
            code="talk",
            terms=replace(Terms.of(talk), every="weeks", n=2),
            because=Because("每周二四由心理老师见面，谈心改为两周一次", review + 28 * DAY),
        )
        plan_actions.besides(
            coordinator,
            student=second,
            client_id=UUID(int=demo.random.getrandbits(128), version=4),
            terms=Terms("学伴一起做题", "month", topics=("partner",)),
            because=Because("数学作业连着三次没做完，和同桌约好一起练", review + 60 * DAY),
        )
