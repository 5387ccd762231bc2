"""Places in the leading group that no post of the school gives: members, who answers for a programme, student cadres.

Invariants:
- posts and rights stay where they are (`people.Responsibility`, `access.Grant`); nothing here gives a right;
- a student cadre is named for organising and sees no file: the place is a line on a list;
- a place has its first day and ends with day, person and reason.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.programme.models import Programme
from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, Staff, Student

from .belonging import STAFFROOM

WORDS = 40  # characters


class SeatSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Colleagues; a student's place only to those who may know the student."""
        if actor.is_system:
            return self
        return self.filter(actor.school_q(STAFFROOM)).filter(Q(student=None) | actor.students_q("roster"))

    def on(self, day: datetime.date) -> Self:
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=clock.end_of(day)), starts_on__lte=day)

    def with_classes(self, day: datetime.date) -> Self:
        """Adds `class_name` of a student on that day."""
        held = ClassMembership.objects.on(day).filter(student=models.OuterRef("student"))
        return self.annotate(class_name=models.Subquery(held.values("school_class__name")[:1]))


class Seat(Entered, Ended):
    """`words`: what for. `staff` or `student`; `programme`: which programme the colleague answers for."""

    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(pgettext_lazy("leading group", "what for"), max_length=WORDS, blank=True)
    starts_on = models.DateField(_("since"))

    objects = SeatSet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            entered_once("seat_once"),
            ends_with_reason("seat_ends_with_reason"),
            models.CheckConstraint(
                condition=Q(staff__isnull=False, student=None)
                | Q(staff=None, student__isnull=False, programme=None),
                name="seat_of_one_person",
            ),
            models.CheckConstraint(
                condition=~Q(words="") | Q(programme__isnull=False), name="seat_says_what_for"
            ),
            models.UniqueConstraint(
                fields=["staff", "programme"], condition=Q(ended_at=None), name="seat_for_a_programme_once"
            ),
        ]

    @property
    def holder(self) -> Staff | Student:
        found = self.staff or self.student
        assert found is not None  # the database holds it
        return found
