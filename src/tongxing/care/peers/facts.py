"""From the school's records to what `rules` weighs: the same few queries for a class of any size."""

import datetime
from collections import Counter
from collections.abc import Iterable

from tongxing.care.profiles.queries import likes_of
from tongxing.care.screening.queries import subjects_of_need
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, SchoolClass, Student, Term
from tongxing.ground.records.models import Score

from .models import Together
from .rules import Child, shines

#: Those who ended for these reasons are not put together again.
NOT_AGAIN = (Together.Ended.CHILD_WISH, Together.Ended.FAMILY_WISH, Together.Ended.WITHDRAWN)


def classmates(actor: Actor, school_class: SchoolClass, on: datetime.date) -> list[Student]:
    """Who is in this class on that day, of those this actor looks after; each with its key."""
    mine = Student.objects.visible_to(actor, "care").enrolled().filter(school_id=school_class.school_id)
    found = mine.with_class(on).filter(class_id=school_class.pk).select_related("key")
    return list(found.order_by("pinyin", "pk"))


def children(actor: Actor, students: Iterable[Student], term: Term | None, on: datetime.date) -> list[Child]:
    """What speaks for and against, for each of these students. Six queries."""
    ids = [student.pk for student in students]
    levels = dict(
        Registration.objects.visible_to(actor).on(on).filter(student__in=ids).values_list("student", "level")
    )
    needs = subjects_of_need(actor, term)
    strong = _shines(actor, ids)
    likes = likes_of(actor, ids)
    together = Together.objects.visible_to(actor).open().partners()
    rows = list(together.filter(student__in=ids).values_list("student_id", "partner_id"))
    learns_with = Counter(partner for _student, partner in rows)
    has_partner = {student for student, _partner in rows}
    return [
        Child(
            pk,
            key=levels.get(pk) == Registration.Level.KEY,
            registered=pk in levels,
            needs=needs.get(pk, frozenset()),
            shines=frozenset(strong.get(pk, ())),
            likes=frozenset(likes.get(pk, ())),
            learns_with=learns_with[pk],
            has_partner=pk in has_partner,
        )
        for pk in ids
    ]


def _shines(actor: Actor, ids: list[int]) -> dict[int, set[str]]:
    """The subjects in which each student's newest result speaks for explaining it to somebody."""
    scores = Score.objects.visible_to(actor).filter(student__in=ids, special="")
    found: dict[int, dict[str, bool]] = {}
    for student, subject, points, full, grade in scores.order_by("exam__held_on", "pk").values_list(
        "student_id", "subject", "points", "full_marks", "grade"
    ):
        good = shines(None if points is None else float(points), float(full) if full else None, grade)
        found.setdefault(student, {})[subject] = good
    return {student: {one for one, good in by.items() if good} for student, by in found.items()}


def apart(actor: Actor, ids: Iterable[int]) -> frozenset[frozenset[int]]:
    """Two who went together before and for whom it was not right."""
    ended = Together.objects.visible_to(actor).filter(student__in=list(ids), ended_reason__in=NOT_AGAIN)
    return frozenset(frozenset(both) for both in ended.values_list("student_id", "partner_id"))
