"""Safety before a break: the lesson in each class, who still needs it, and who calls whom while school is closed.

Invariants:
- a class has one lesson before a break; whoever missed it stands there until somebody went through it with them;
- callers follow from the pairs; only a change by hand is kept, with who made it, and the latest one counts.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.people.models import SchoolClass, Staff, Student
from tongxing.ground.people.models_calendar import OfSchool


class Topic(models.TextChoices):
    WATER = "water", _("water: never swim without adults")
    ROAD = "road", _("the way and the road")
    FIRE = "fire", _("fire and electricity")
    ALONE = "alone", _("being home alone, strangers, whom to call")


class Break(models.Model):
    """A break for which something was written down. `season`: winter, summer, or a holiday inside the term."""

    class Season(models.TextChoices):
        WINTER = "winter", _("Winter break")
        SUMMER = "summer", _("Summer break")
        HOLIDAY = "holiday", pgettext_lazy("break", "Holiday")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    season = models.CharField(max_length=8, choices=Season)
    name = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="break_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="break_dates"
            ),
        ]
        ordering = ["starts_on"]


class Lesson(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recess = models.ForeignKey(Break, models.CASCADE, related_name="lessons")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="+")
    held_on = models.DateField(_("held on"))
    topics = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recess", "school_class"], name="safety_lesson_once")]


class MissedLesson(models.Model):
    """`taken_back_at`: was there after all, the list was corrected."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="missed")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    caught_up_on = models.DateField(null=True, blank=True)
    caught_up_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "student"], name="missed_lesson_once")]


class CallSwap(models.Model):
    """Somebody else calls this child in this week of the break. `caller` None: nobody yet."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recess = models.ForeignKey(Break, models.CASCADE, related_name="swaps")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    week = models.PositiveSmallIntegerField()
    caller = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfSchool.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class CallPutOff(models.Model):
    """The caller calls this child on another day of the break, `to`; the latest one counts."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recess = models.ForeignKey(Break, models.CASCADE, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    to = models.DateField(_("another day"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = OfSchool.as_manager()

    class Meta:
        ordering = ["at", "pk"]
