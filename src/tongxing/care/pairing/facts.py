"""From the school's records to what `rules` weighs: the same few queries for any number of rows."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tongxing.care.screening.queries import subjects_of_need
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import (
    ClassMembership,
    Registration,
    Responsibility,
    Staff,
    Student,
    Teaching,
    Term,
)
from tongxing.ground.people.models_people import Sex

from .models import Exclusion, Pair, Weighting
from .rules import HelperFacts, StudentFacts, Weights

HEADS = (Responsibility.Post.HEAD, Responsibility.Post.PARTY_SECRETARY)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one calculation starts from. `students` may include those who have a helper already."""

    students: tuple[StudentFacts, ...]
    helpers: tuple[HelperFacts, ...]
    exclusions: frozenset[tuple[int, int]]
    weights: Weights
    paired: frozenset[int]

    @property
    def waiting(self) -> tuple[StudentFacts, ...]:
        return tuple(student for student in self.students if student.id not in self.paired)


def gather(actor: Actor, school: Organisation, term: Term | None, on: datetime.date) -> Facts:
    """Registered, enrolled students and active colleagues with a capacity. Eleven queries."""
    pairs = list(
        Pair.objects.visible_to(actor)
        .filter(school=school)
        .values_list("student_id", "helper_id", "ends_on", "ended_reason")
    )
    open_pairs = [(student, helper) for student, helper, ends_on, _why in pairs if ends_on is None]
    needs = subjects_of_need(actor, term)
    before = _grouped((s, h) for s, h, _end, why in pairs if why == Pair.Ended.TERM_END)
    return Facts(
        tuple(_students(actor, school, on, before, needs)),
        tuple(_helpers(actor, school, term, on, Counter(helper for _student, helper in open_pairs))),
        frozenset(
            Exclusion.objects.visible_to(actor).filter(school=school).values_list("student_id", "helper_id")
        ),
        weights_of(school),
        frozenset(student for student, _helper in open_pairs),
    )


def weights_of(school: Organisation) -> Weights:
    row = Weighting.objects.filter(school=school).first()
    return Weights.of(row.points if row else {})


def _students(
    actor: Actor,
    school: Organisation,
    on: datetime.date,
    before: dict[int, frozenset[int]],
    needs: dict[int, frozenset[str]],
) -> Iterable[StudentFacts]:
    registered = (
        Registration.objects.visible_to(actor)
        .on(on)
        .filter(school=school, student__status=Student.Status.ENROLLED)
    )
    members = ClassMembership.objects.on(on).filter(student__in=registered.values("student"))
    classes = {
        student: (school_class, grade)
        for student, school_class, grade in members.values_list(
            "student_id", "school_class_id", "school_class__grade"
        )
    }
    for row in registered.select_related("student").order_by("student_id"):
        student = row.student
        school_class, grade = classes.get(student.pk, (None, None))
        yield StudentFacts(
            student.pk,
            key=row.level == Registration.Level.KEY,
            school_class=school_class,
            grade=grade,
            needs=needs.get(student.pk, frozenset()),
            village=student.village,
            sex=student.sex,
            same_sex=student.sex == Sex.FEMALE,
            continues_with=before.get(student.pk, frozenset()),
        )


def _helpers(
    actor: Actor, school: Organisation, term: Term | None, on: datetime.date, loads: Counter[int]
) -> Iterable[HelperFacts]:
    lessons = list(
        Teaching.objects.filter(school=school, term=term).values_list(
            "staff_id", "school_class_id", "subject", "school_class__grade"
        )
    )
    classes = _grouped((staff, school_class) for staff, school_class, _subject, _grade in lessons)
    subjects = _grouped((staff, subject) for staff, _class, subject, _grade in lessons)
    grades = _grouped((staff, grade) for staff, _class, _subject, grade in lessons)
    posts = list(
        Responsibility.objects.on(on).filter(school=school).values_list("staff_id", "post", "school_class_id")
    )
    own_class = _grouped(
        (staff, school_class)
        for staff, post, school_class in posts
        if post == Responsibility.Post.CLASS_TEACHER
    )
    heads = {staff for staff, post, _class in posts if post in HEADS}
    for staff in possible_helpers(actor, school, on):
        yield HelperFacts(
            staff.pk,
            capacity=staff.pairing_capacity,
            load=loads[staff.pk],
            head=staff.pk in heads,
            classes=classes.get(staff.pk, frozenset()),
            class_teacher_of=own_class.get(staff.pk, frozenset()),
            subjects=subjects.get(staff.pk, frozenset()),
            grades=grades.get(staff.pk, frozenset()),
            village=staff.village,
            sex=staff.sex,
        )


def possible_helpers(actor: Actor, school: Organisation, on: datetime.date) -> QuerySet[Staff]:
    """Colleagues at work on that day who can take a student at all."""
    return (
        Staff.objects.visible_to(actor)
        .active(on)
        .filter(school=school, user__is_active=True, pairing_capacity__gt=0)
        .order_by("pk")
    )


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, frozenset[Any]]:
    groups: defaultdict[int, set[Any]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return {key: frozenset(values) for key, values in groups.items()}
