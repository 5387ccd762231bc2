"""The room: when it is open, and what a child is told before the first talk."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.fields import RecordedAtField
from tongxing.ground.people.scoping import Lasting, ends_after_start

KEEP = "counselling.keep"


class OfRoom(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(KEEP))


class OfCounsellor(models.QuerySet):
    """What a counsellor wrote: hers alone, while she is one; besides what a colleague handed over to her."""

    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(actor.students_q("psych"))
        if actor.is_system:
            return rows
        return rows.filter(models.Q(counsellor_id=actor.user_id) | self.handed_to(actor))

    def handed_to(self, actor: Actor) -> models.Q:
        return models.Q(pk__in=())


class OpeningHoursSet(OfRoom, Lasting):
    pass


class OpeningHours(models.Model):
    """One stretch of a weekday on which the room is open, in school time. Days off in the school calendar close it."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 0: Monday
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))
    place = models.CharField(_("place"), max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = RecordedAtField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OpeningHoursSet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("counselling_hours_dates"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="counselling_hours_close_later",
                violation_error_message=_("The room closes before it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="counselling_hours_weekday_of_seven"
            ),
        ]
        ordering = ["weekday", "opens", "pk"]


class ClosedDaySet(OfRoom):
    def standing(self) -> Self:
        return self.filter(reopened_at=None)

    def of(self, counsellor: int | None) -> Self:
        """The days that this counsellor keeps free."""
        return self.standing().filter(counsellor=counsellor)


class ClosedDay(models.Model):
    """A day on which a counsellor is not there, noted by hand. `reason` is about the counsellor and may stay empty;
    only those who keep the room read it. Another counsellor may be there on that day."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(editable=False)
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    recorded_at = RecordedAtField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ClosedDaySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_closed_once"),
            models.UniqueConstraint(
                fields=["school", "counsellor", "day"],
                condition=models.Q(reopened_at=None),
                name="counselling_day_closed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at=None, reopened_by=None)
                | models.Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="counselling_reopened_by_somebody",
            ),
        ]
        ordering = ["day", "pk"]


class RoomWords(models.Model):
    """A numbered version of what a child is told; number 0, the first words, is data and has no row.

    `exception`: when the counsellor may not keep it to herself – a part of its own, so that no version is without it.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    promise = models.TextField(_("what stays between us"))
    exception = models.TextField(_("except danger to safety"))
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfRoom.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="counselling_words_once"),
            models.CheckConstraint(
                condition=~models.Q(promise="") & ~models.Q(exception=""),
                name="counselling_words_with_exception",
            ),
        ]
