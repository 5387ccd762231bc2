"""Grants: who holds which role, in which organisation, for which class or student, from when to when.

Invariants:
- a grant ends by a date, it is never deleted; one that ends before it starts never held a day;
- a helper's grant names one student, a class teacher's one class; other roles of a school name neither;
- a name that the county opens is open until an hour, and only such a grant ends by the hour;
- a guardian, and a student for the own door, holds at most one invitation that is not ended; it opens a door once.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Consent, Guardian, SchoolClass, SchoolYear, Student
from tongxing.ground.people.models_calendar import OfSchool
from tongxing.ground.people.models_people import LastingOfSchool

from .roles import Role

#: Roles that are held for one student.
OF_ONE_STUDENT = ["helper", "guardian", "student", "county_named"]


class GrantSet(LastingOfSchool):
    def on(self, day: datetime.date, now: datetime.datetime | None = None) -> Self:
        """Those that hold on that day; one that rests on a consent no longer from the moment it is withdrawn, one
        until an hour no longer from that hour."""
        open_still = models.Q(until=None) | models.Q(until__gt=now or clock.now())
        return super().on(day).filter(open_still, consent__withdrawn_on=None)


class Grant(models.Model):
    """`school` is the organisation the role is held in: a school, or a county bureau. `consent`: what a proxy
    parent's right rests on; beside it the same person may hold the role through a pair."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, null=True, blank=True, related_name="+")
    consent = models.ForeignKey(Consent, models.RESTRICT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    objects = GrantSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=OF_ONE_STUDENT, student__isnull=False)
                | (~models.Q(role__in=OF_ONE_STUDENT) & models.Q(student=None)),
                name="grant_names_student",
            ),
            models.CheckConstraint(
                condition=models.Q(role="class_teacher", school_class__isnull=False)
                | (~models.Q(role="class_teacher") & models.Q(school_class=None)),
                name="grant_names_class",
            ),
            models.CheckConstraint(
                condition=models.Q(consent=None) | models.Q(role="helper"), name="grant_with_consent_helps"
            ),
            models.CheckConstraint(
                condition=models.Q(role="county_named", until__isnull=False)
                | ~models.Q(role="county_named") & models.Q(until=None),
                name="grant_until_an_hour",
            ),
        ]


class YearMove(models.Model):
    """One move of a school to its next year. `did` holds the ids of what it changed, so that it can be undone."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    from_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    to_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    did = models.JSONField(default=dict)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["to_year"], condition=models.Q(undone_at=None), name="one_move_into_a_year"
            ),
        ]


class InvitationSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those to the families of students for whom this actor opens doors."""
        return self.filter(actor.students_where("family.door"))

    def open(self) -> Self:
        """Those that can still be used."""
        return self.filter(ended_at=None, expires_at__gt=clock.now())


class Invitation(models.Model):
    """A code with which a guardian, or (`guardian` None) the student, comes in; `fingerprint` is all that is kept of it.

    `wrong`: how often the question at the door was answered wrongly. `user`: the account it opened.
    """

    class End(models.TextChoices):
        USED = "used", _("came in with it")
        REPLACED = "replaced", _("there is a newer one")
        TAKEN_BACK = "taken_back", _("taken back")
        LOCKED = "locked", _("locked after wrong answers")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Guardian, models.CASCADE, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=10, choices=End, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian"], condition=models.Q(ended_at=None), name="one_invitation_of_a_guardian"
            ),
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(ended_at=None, guardian=None),
                name="one_invitation_of_a_student",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_as="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_as="")),
                name="invitation_ended_somehow",
            ),
        ]
