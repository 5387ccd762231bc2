"""Meetings: what was talked about, who was there, what was decided and who sees to it by when.

Invariants:
- a decision names one colleague and a day; whether it is late follows from the day and is never stored;
- who was there is a list of colleagues; of students only how many;
- a meeting of the leadership is read by those who lead and those who were there, every other one by colleagues.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff

from .belonging import STAFFROOM

HOLD, MANAGE = "meeting.hold", "meeting.manage"
TITLE, PLACE, LINE, TEXT = 60, 40, 200, 6_000  # characters


class MeetingSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        there = Q(led_by__user=actor.user_id) | Q(
            pk__in=Presence.objects.filter(staff__user=actor.user_id).values("meeting")
        )
        open_to_all = actor.school_q(STAFFROOM) & ~Q(kind=Meeting.Kind.LEADERSHIP)
        return self.filter(actor.school_q(MANAGE) | open_to_all | actor.school_q(STAFFROOM) & there)

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Meeting(Entered, Ended):
    """`agenda`: what is to be talked about; of a themed class meeting its plan, which other classes may take.
    `minutes` are written afterwards. `students`: how many were there."""

    class Kind(models.TextChoices):
        LEADERSHIP = "leadership", pgettext_lazy("meeting", "leadership")
        STAFF = "staff", pgettext_lazy("meeting", "all colleagues")
        CADRES = "cadres", pgettext_lazy("meeting", "class cadres")
        THEME = "theme", pgettext_lazy("meeting", "themed class meeting")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(pgettext_lazy("circular", "title"), max_length=TITLE)
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=PLACE, blank=True)
    led_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    agenda = models.TextField(_("what it is about"), max_length=TEXT, blank=True)
    minutes = models.TextField(_("minutes"), max_length=TEXT, blank=True)
    students = models.PositiveSmallIntegerField(_("students who were there"), null=True, blank=True)
    minuted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    minuted_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("meeting_once"),
            ends_with_reason("meeting_cancelled_with_reason"),
            models.CheckConstraint(
                condition=Q(kind="theme", school_class__isnull=False)
                | ~Q(kind="theme") & Q(school_class=None),
                name="meeting_theme_names_a_class",
            ),
            models.CheckConstraint(
                condition=Q(minutes="", minuted_by=None, minuted_at=None)
                | ~Q(minutes="") & Q(minuted_by__isnull=False, minuted_at__isnull=False),
                name="meeting_minuted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Presence(models.Model):
    """A colleague who was there."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="presences")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "staff"], name="presence_once")]


class DecisionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who reads the meeting, and the colleague who sees to it."""
        if actor.is_system:
            return self
        mine = Q(person__user=actor.user_id, person__user__isnull=False)
        return self.filter(mine | Q(meeting__in=Meeting.objects.visible_to(actor)))

    def waiting(self) -> Self:
        return self.filter(done_on=None, ended_at=None, meeting__ended_at=None)


class Decision(Entered, Ended):
    """`ended_*`: it is not needed any more. `done_words`: what was done, in a line."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    text = models.CharField(_("what was decided"), max_length=LINE)
    person = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField(pgettext_lazy("meeting", "until"))
    done_on = models.DateField(null=True, blank=True)
    done_words = models.CharField(_("what was done"), max_length=LINE, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionSet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            entered_once("decision_once"),
            ends_with_reason("decision_dropped_with_reason"),
            models.CheckConstraint(
                condition=Q(done_on=None, done_words="", done_by=None, done_at=None)
                | Q(done_on__isnull=False, done_by__isnull=False, done_at__isnull=False) & ~Q(done_words=""),
                name="decision_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(ended_at=None), name="decision_done_or_dropped"
            ),
        ]

    def is_late(self, day: datetime.date) -> bool:
        return self.done_on is None and self.ended_at is None and self.due_on < day
