"""Where requests come in besides the pages one signs in to: locked boxes with their openers, printed squares; and
the school's own ways and days."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff
from tongxing.ground.people.models_people import LastingOfSchool
from tongxing.ground.people.scoping import Lasting, ends_after_start


class LetterBoxSet(Lasting):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever opens it now, and for those who see to it that it is opened."""
        if actor.is_system:
            return self
        mine = BoxOpener.objects.filter(staff__user=actor.user_id, ends_on=None).values("box")
        answers = actor.school_q("request.answer")
        return self.filter(actor.school_q("request.manage") | (Q(pk__in=mine) & answers))


class LetterBox(models.Model):
    """A locked box (心语信箱). `every`: opened at least once in so many days that count."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.CharField(_("where it hangs"), max_length=60)
    every = models.PositiveSmallIntegerField(_("opened at least every … school days"), default=3)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterBoxSet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("letter_box_dates"),
            models.UniqueConstraint(
                fields=["school", "place"], condition=Q(ends_on=None), name="one_letter_box_in_a_place"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | ~Q(ended_reason=""), name="letter_box_ends_with_reason"
            ),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=15), name="letter_box_is_opened"),
        ]

    def __str__(self) -> str:
        return self.place


class BoxOpener(models.Model):
    """Who holds the key, from when to when: a responsibility of its own."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    box = models.ForeignKey(LetterBox, models.CASCADE, related_name="openers")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = LastingOfSchool.as_manager()

    class Meta:
        constraints = [
            ends_after_start("box_opener_dates"),
            models.UniqueConstraint(fields=["box"], condition=Q(ends_on=None), name="one_opener_of_a_box"),
        ]


class BoxOpeningSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(box__in=LetterBox.objects.visible_to(actor))


class BoxOpening(models.Model):
    """One opening; `slips` may be none. What was in it stands in the requests."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    box = models.ForeignKey(LetterBox, models.CASCADE, related_name="openings")
    opened_on = models.DateField(_("opened on"))
    slips = models.PositiveSmallIntegerField(_("how many slips"))
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = BoxOpeningSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="box_opening_once"),
        ]
        ordering = ["-opened_on", "-pk"]


class OpenDoorSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("request.manage"))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class OpenDoor(models.Model):
    """A printed square of the school or of a class. The token in its address is derived from `seed` and the
    installation's key; `fingerprint` finds it. A new square ends the one before."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, related_name="+")
    seed = models.UUIDField(unique=True)
    fingerprint = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OpenDoorSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(ended_at=None, school_class=None),
                name="one_open_door_of_a_school",
            ),
            models.UniqueConstraint(
                fields=["school_class"], condition=Q(ended_at=None), name="one_open_door_of_a_class"
            ),
        ]


class RequestRulesSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("request.manage"))


class RequestRules(models.Model):
    """A school's own ways (topic → roles) and days, once edited. What was promised before stays as it was."""

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    ways = models.JSONField(default=dict)
    urgent_days = models.PositiveSmallIntegerField(_("urgent matters: days until the first answer"))
    other_days = models.PositiveSmallIntegerField(_("other matters: days until the first answer"))
    step_days = models.PositiveSmallIntegerField(_("days until each further step"))

    objects = RequestRulesSet.as_manager()
