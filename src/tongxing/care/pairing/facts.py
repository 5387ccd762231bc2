"""From the school's records to what `rules` weighs: the same few queries for any number of rows."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
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

from .models import Exclusion, Pair, Pin, Proposal, VisitWish, Weighting
from .rules import HelperFacts, Result, StudentFacts, Weights, propose

HEADS = (Responsibility.Post.HEAD, Responsibility.Post.PARTY_SECRETARY)


@dataclass(frozen=True)
class Facts:
    """What one calculation starts from. `students` may include those who have a first helper already: student
    id → helper in `first`. `before` adds those whose time ended only because the term did; `proposed` are the
    open proposals that name a helper."""

    students: tuple[StudentFacts, ...]
    helpers: tuple[HelperFacts, ...]
    exclusions: frozenset[tuple[int, int]]
    pins: Mapping[int, int]
    weights: Weights
    first: Mapping[int, int]
    before: Mapping[int, int]
    proposed: Mapping[int, int]

    @property
    def waiting(self) -> tuple[StudentFacts, ...]:
        return tuple(student for student in self.students if student.id not in self.first)

    @cached_property
    def known(self) -> dict[int, StudentFacts]:
        return {student.id: student for student in self.students}

    def helpers_for(self, students: Iterable[StudentFacts], without: int | None = None) -> list[HelperFacts]:
        """The helpers as they would stand if these students had no first helper yet."""
        freed = Counter(self.first[student.id] for student in students if student.id in self.first)
        return [
            replace(helper, load=helper.load - freed[helper.id])
            for helper in self.helpers
            if helper.id != without
        ]

    def propose(self) -> Result:
        """Who is proposed to those who wait: of equally good answers the one that changes fewest open proposals.
        What is shown beforehand and what is written down are both this."""
        return self.solve(self.waiting, before={**self.before, **self.proposed})

    def renew(self) -> Result:
        """Everyone paired anew: of equally good answers the one that changes fewest of the helpers so far."""
        return self.solve(self.students)

    def solve(
        self,
        students: Iterable[StudentFacts],
        *,
        without: int | None = None,
        before: Mapping[int, int] | None = None,
        pins: Mapping[int, int] | None = None,
    ) -> Result:
        """The best first helpers for these students beside all other pairs. `without`: a colleague who cannot
        be asked; `before`: whom an equally good answer keeps (by default the helpers so far); `pins`: other
        ones than the school's."""
        students = list(students)
        return propose(
            students,
            self.helpers_for(students, without),
            self.weights,
            self.exclusions,
            pins={s: h for s, h in (self.pins if pins is None else pins).items() if h != without},
            before=self.before if before is None else before,
        )


def only(known: Facts, helpers: Container[int]) -> Facts:
    """The same facts with these helpers alone."""
    return replace(known, helpers=tuple(one for one in known.helpers if one.id in helpers))


def gather(actor: Actor, school: Organisation, term: Term | None, on: datetime.date) -> Facts:
    """Registered, enrolled students and active colleagues with a capacity. Fifteen queries."""
    pairs = list(
        Pair.objects.visible_to(actor)
        .filter(school=school)
        .order_by("starts_on", "pk")
        .values_list("student_id", "helper_id", "role", "ends_on", "ended_reason")
    )
    standing = [(student, helper, role) for student, helper, role, ends_on, _why in pairs if ends_on is None]
    first = {student: helper for student, helper, role in standing if role == Pair.Role.FIRST}
    with_term = [(s, h, end) for s, h, _role, end, why in pairs if why == Pair.Ended.TERM_END]
    known = _grouped((s, h) for s, h, _ in [*with_term, *standing])
    since = _last_term_began(school, on)
    loads = Counter(helper for _student, helper, _role in standing)
    excluded = Exclusion.objects.visible_to(actor).filter(school=school)
    pins = Pin.objects.visible_to(actor).filter(school=school)
    proposed = Proposal.objects.visible_to(actor).open().filter(school=school, helper__isnull=False)
    return Facts(
        tuple(_students(actor, school, on, known, subjects_of_need(actor, term))),
        tuple(_helpers(actor, school, term, on, loads)),
        frozenset(excluded.values_list("student_id", "helper_id")),
        dict(pins.values_list("student_id", "helper_id")),
        weights_of(school),
        first,
        {student: helper for student, helper, end in with_term if end and end >= since} | first,
        dict(proposed.exclude(student__in=list(first)).values_list("student_id", "helper_id")),
    )


def _last_term_began(school: Organisation, on: datetime.date) -> datetime.date:
    """The first day of the term before the present one (or of the present one, where no other is known)."""
    begun = Term.objects.filter(school=school, starts_on__lte=on).order_by("-starts_on")
    return ([*begun.values_list("starts_on", flat=True)[:2]] or [on])[-1]


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
    wishes = set(VisitWish.objects.on(on).filter(school=school).values_list("student_id", flat=True))
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
            same_sex=student.pk in wishes,
            continues_with=before.get(student.pk, frozenset()),
            dormitory=student.dormitory,
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
            dormitory=staff.dormitory,
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
