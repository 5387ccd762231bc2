"""Who asks for a post and why, who works there, and what was worked."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Circumstance, Student

from .. import rules
from ..models import Application, Assignment, Month, Post, WorkedHours
from ..models_people import ASKED, DECIDED
from ..models_posts import ASK


def in_hardship(student_ids: Collection[int], day: datetime.date) -> set[int]:
    """Those of these students with a hardship circumstance on record that day. For rules; it shows nobody anything."""
    found = Circumstance.objects.valid_on(day).filter(student__in=student_ids)
    return set(found.exclude(category__in=Circumstance.FAMILY).values_list("student_id", flat=True))


@dataclass(frozen=True, slots=True)
class Asking:
    """One application as the selection shows it. `why`: what is on record, to readers of the hardship zone alone."""

    application: Application
    words: str
    reason: str
    why: tuple[str, ...]
    warning: str


def selection(actor: Actor, post: Post) -> list[Asking]:
    """Those who wait for the post: first whoever has hardship on record, within both by name, never by need."""
    found = Application.objects.visible_to(actor).waiting().filter(post=post)
    asked = readings(actor, found)
    return sorted(asked, key=lambda one: not one.why)


def decided(actor: Actor, post: Post) -> list[Asking]:
    found = Application.objects.visible_to(actor).filter(post=post).exclude(outcome="")
    return readings(actor, found)


def readings(actor: Actor, applications) -> list[Asking]:
    rows = list(applications.select_related("student__key", "post__school", "year", "decided_by"))
    today, why = clock.today(), defaultdict(list)
    held = Circumstance.objects.visible_to(actor).valid_on(today).exclude(category__in=Circumstance.FAMILY)
    for one in held.filter(student__in=[row.student_id for row in rows]).order_by("pk"):
        why[one.student_id].append(one.get_category_display())
    return [
        Asking(
            row,
            unseal(row.student.key, row.words_sealed, ASKED),
            unseal(row.student.key, row.reason_sealed, DECIDED),
            tuple(dict.fromkeys(why[row.student_id])),
            _age_warning(row.post, row.student, today),
        )
        for row in rows
    ]


def offered_to(actor: Actor, student: Student) -> QuerySet[Post]:
    """The open posts that the student who signed in may ask for: paid work from sixteen on."""
    actor.require(ASK, school_id=student.school_id, student_id=student.pk)
    posts = Post.objects.open().filter(school=student.school_id).select_related("supervisor")
    if rules.may_be_paid(student.birth_date, clock.today()):
        return posts
    return posts.exclude(kind__in=Post.PAID)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a student asked for. `answer`: why not this time, as it was meant to be said."""

    application: Application
    words: str
    answer: str


def asked_by(actor: Actor, student: Student) -> list[Asked]:
    """The student's own, the newest first. Why somebody was chosen is for those who chose."""
    mine = Application.objects.of_student(actor).filter(student=student).select_related("post", "year")
    return [
        Asked(
            one,
            unseal(student.key, one.words_sealed, ASKED),
            unseal(student.key, one.reason_sealed, DECIDED)
            if one.outcome == Application.Outcome.NOT_NOW
            else "",
        )
        for one in mine.order_by("-asked_on", "-pk")
    ]


def _age_warning(post: Post, student: Student, day: datetime.date) -> str:
    if not post.is_paid or rules.may_be_paid(student.birth_date, day):
        return ""
    return _("not sixteen yet") if student.birth_date else _("birth date not recorded")


@dataclass(slots=True)
class Row:
    """One student in a month of a post. `amount` in fen, nothing for unpaid posts."""

    assignment: Assignment
    hours: list[WorkedHours]
    minutes: int
    amount: int


@dataclass(frozen=True, slots=True)
class MonthOfPost:
    """The month of a post as its page and its sheet show it. `handed_in`: how it stands, None: it takes hours."""

    post: Post
    first: datetime.date
    last: datetime.date
    rows: list[Row]
    handed_in: Month | None

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def amount(self) -> int:
        return sum(row.amount for row in self.rows)


def month_of_post(actor: Actor, post: Post, first: datetime.date, last: datetime.date) -> MonthOfPost:
    """Everybody who had a place in that month, with the hours written down."""
    people = Assignment.objects.visible_to(actor).filter(post=post, starts_on__lte=last)
    people = people.within_year(first).exclude(last_day__lt=first).select_related("student", "post")
    hours = defaultdict(list)
    found = WorkedHours.objects.visible_to(actor).standing().filter(assignment__post=post)
    for one in found.filter(day__gte=first, day__lte=last):
        hours[one.assignment_id].append(one)
    rows = []
    for place in people:
        minutes = sum(each.minutes for each in hours[place.pk])
        amount = rules.pay_for(minutes, post.rate, post.kind) if post.is_paid else 0
        rows.append(Row(place, hours[place.pk], minutes, amount))
    months = Month.objects.visible_to(actor).standing().filter(post=post, month=first)
    handed_in = months.select_related("handed_in_by", "checked_by", "pay_list").first()
    return MonthOfPost(post, first, last, rows, handed_in)


@dataclass(frozen=True, slots=True)
class StudentWork:
    asked: list[Asking]
    places: list[Assignment]


def work_of(actor: Actor, student: Student) -> StudentWork:
    asked = readings(actor, Application.objects.visible_to(actor).filter(student=student))
    places = Assignment.objects.visible_to(actor).filter(student=student)
    return StudentWork(asked, list(places.select_related("post", "consent").order_by("-starts_on", "-pk")))
