"""The breaks of a term, how far their preparation has come, and who calls whom in them.

Invariants:
- breaks follow from the calendar; calls from the register, the promises of the break and the pairs;
- a call is done when somebody spoke with the child in those weeks, whatever the contact was called;
- whoever has no caller stands first, by name.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import Q

from tongxing.care.contacts.queries import evidence
from tongxing.care.contacts.rules import Evidence
from tongxing.care.pairing.models import Pair
from tongxing.care.programme import facts as programme
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import (
    CalendarDay,
    ClassMembership,
    Guardian,
    Registration,
    SchoolClass,
    Staff,
    Student,
    Term,
)
from tongxing.ground.people.queries import term_calendar

from .. import rules
from ..models import CallPutOff, CallSwap, Lesson, MissedLesson
from ..models_absence import MARK
from ..rules import Gap

#: How often a child is called where the school promised nothing else: weeks.
EVERY = {"key": 2, "normal": 4}


def gaps_of(term: Term) -> list[Gap]:
    """The breaks of this term and the one after it, in order. Four queries."""
    days = CalendarDay.objects.filter(
        school_id=term.school_id, kind="off", date__range=(term.starts_on, term.ends_on)
    )
    return rules.gaps(term_calendar(term), dict(days.values_list("date", "name")))


def gap_on(term: Term, starts_on: datetime.date) -> Gap | None:
    return next((gap for gap in gaps_of(term) if gap.starts_on == starts_on), None)


def next_gap(term: Term, today: datetime.date) -> Gap | None:
    """The break that comes, or the one that is."""
    return next((gap for gap in gaps_of(term) if gap.ends_on >= today), None)


@dataclass(frozen=True, slots=True)
class ClassReady:
    """`missed`: who still needs the lesson; `lesson` None: it is still to come."""

    school_class: SchoolClass
    lesson: Lesson | None
    missed: tuple[MissedLesson, ...]


def classes_ready(actor: Actor, term: Term, gap: Gap) -> list[ClassReady]:
    """The classes that this actor marks, in the school's order. Three queries."""
    classes = marked_classes(actor, term)
    lessons = {
        one.school_class_id: one
        for one in Lesson.objects.filter(recess__school=term.school_id, recess__starts_on=gap.starts_on)
    }
    missed: defaultdict[int, list[MissedLesson]] = defaultdict(list)
    waiting = MissedLesson.objects.filter(lesson__in=[one.pk for one in lessons.values()], caught_up_on=None)
    waiting = waiting.filter(taken_back_at=None)
    for one in waiting.select_related("student").order_by("student__pinyin", "pk"):
        missed[one.lesson_id].append(one)
    return [
        ClassReady(one, lessons.get(one.pk), tuple(missed[lessons[one.pk].pk]) if one.pk in lessons else ())
        for one in classes
    ]


def marked_classes(actor: Actor, term: Term) -> list[SchoolClass]:
    """The classes of the term's year in which this actor marks who is there."""
    classes = SchoolClass.objects.filter(school_id=term.school_id, year_id=term.year_id)
    if not actor.may_all(MARK, school_id=term.school_id):
        mine = ClassMembership.objects.on(clock.today()).filter(actor.students_where(MARK))
        classes = classes.filter(pk__in=mine.values("school_class"))
    return list(classes.order_by("grade", "number", "name"))


def reader_of(student_ids: list[int]) -> dict[int, list[Guardian]]:
    """Students at whose home nobody is known to read: whom to read the letter to. One query."""
    found: defaultdict[int, list[Guardian]] = defaultdict(list)
    for one in Guardian.objects.present().filter(student__in=student_ids):
        if one.lives_with is not False and not one.away_place:
            found[one.student_id].append(one)
    return {
        student_id: people
        for student_id, people in found.items()
        if any(one.reads is False for one in people) and not any(one.reads for one in people)
    }


@dataclass(frozen=True, slots=True)
class Call:
    """One child in one week of the break. `done_on`: somebody spoke with the child in that week or until the next.
    `moved_to`: the later day that the caller has named."""

    student: Student
    is_key: bool
    week: Week
    caller: Staff | None
    swapped: bool
    done_on: datetime.date | None
    moved_to: datetime.date | None = None


def calls(actor: Actor, school: Organisation, term: Term, gap: Gap) -> list[Call]:
    """Who calls which registered child in which week; without a caller first, then by week and class. The number of
    queries does not grow with the children."""
    recess = term_calendar(term).recess
    if recess is None or recess.starts_on != gap.starts_on:
        return []
    day = max(clock.today(), term.starts_on)
    entries = (
        Registration.objects.visible_to(actor)
        .on(min(day, gap.ends_on))
        .filter(school=school, student__status=Student.Status.ENROLLED)
    )
    levels = dict(entries.values_list("student_id", "level"))
    students = {
        one.pk: one
        for one in Student.objects.filter(pk__in=levels).with_class(min(day, term.ends_on)).order_by("pk")
    }
    helpers = _helpers(list(students), gap)
    swaps = _swaps(school, gap)
    every = _every(term, gap.ends_on)
    spoken = _spoken(list(students), gap)
    found = []
    for student_id, student in students.items():
        weeks = rules.call_weeks(recess.weeks, every[levels[student_id]])
        for place, week in enumerate(weeks):
            caller, swapped = helpers.get(student_id), (student_id, week.number) in swaps
            if swapped:
                caller = swaps[student_id, week.number]
            until = weeks[place + 1].monday if place + 1 < len(weeks) else gap.ends_on + rules.DAY
            done = next((on for on in spoken.get(student_id, ()) if week.monday <= on < until), None)
            found.append(Call(student, levels[student_id] == "key", week, caller, swapped, done))
    return sorted(found, key=_in_order)


def calls_now(actor: Actor, school: Organisation, term: Term, caller: Staff) -> list[Call]:
    """In the break: the children whom this colleague is to call this week, or was to and has not reached yet."""
    today = clock.today()
    recess = term_calendar(term).recess
    if recess is None or not recess.starts_on <= today <= recess.ends_on:
        return []
    gap = gap_on(term, recess.starts_on)
    found = calls(actor, school, term, gap) if gap else []
    mine = [call for call in found if call.caller == caller and call.done_on is None]
    begun = [call for call in mine if call.week.monday <= today]
    latest = {call.student.pk: call for call in begun}
    moved = _moved(caller, today)
    return [
        replace(call, moved_to=moved.get(call.student.pk))
        for call in begun
        if latest[call.student.pk] is call
    ]


def _moved(caller: Staff, today: datetime.date) -> dict[int, datetime.date]:
    """To which day after today this colleague has put calls off. One query."""
    rows = CallPutOff.objects.filter(school_id=caller.school_id, by=caller.user_id, taken_back_at=None)
    return dict(rows.filter(to__gt=today).order_by("at", "pk").values_list("student_id", "to"))


def _in_order(call: Call) -> tuple:
    student = call.student
    return (
        call.caller is not None,
        call.week.number,
        student.class_grade or 0,
        student.class_number or 0,
        student.pinyin,
        student.pk,
    )


def _helpers(students: list[int], gap: Gap) -> dict[int, Staff]:
    """The first helper of each, if at work when the break begins."""
    pairs = Pair.objects.open().of_first_helpers().filter(student__in=students, helper__user__is_active=True)
    stays = Q(helper__ends_on=None) | Q(helper__ends_on__gte=gap.starts_on)
    return {pair.student_id: pair.helper for pair in pairs.filter(stays).select_related("helper")}


def _swaps(school: Organisation, gap: Gap) -> dict[tuple[int, int], Staff | None]:
    rows = CallSwap.objects.filter(school=school, recess__starts_on=gap.starts_on).select_related("caller")
    return {(one.student_id, one.week): one.caller for one in rows}


def _every(term: Term, until: datetime.date) -> dict[str, int]:
    """Every how many weeks the school promised to speak with the child in the break."""
    found = dict(EVERY)
    for promise in programme.promises(term, until):
        asked = promise.every == "break_weeks" and "student" in promise.reached and promise.ends_on is None
        if asked:
            for level, whom in (("key", "key"), ("normal", "other")):
                if promise.to in (whom, "registered"):
                    found[level] = promise.n
    return found


def _spoken(students: list[int], gap: Gap) -> dict[int, list[datetime.date]]:
    found: defaultdict[int, list[datetime.date]] = defaultdict(list)
    for one in evidence(students, gap.starts_on, gap.ends_on, clock.now()):
        if _reached_child(one):
            found[one.student_id].append(clock.day_of(one.happened_at))
    return found


def _reached_child(one: Evidence) -> bool:
    return one.made and "student" in one.reached
