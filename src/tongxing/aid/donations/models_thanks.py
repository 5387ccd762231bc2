"""Whom the school thanks for what they did, and who of a class helps with what.

Invariants:
- a story tells what somebody did, never an amount or a share (`rules.tells_money`); stories are sealed;
- a student is named only while the family agrees to praise by name, a colleague or guest once asked;
- help among classmates is homework, an umbrella, the way home: never money; it ends when the child likes.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import SchoolClass, Staff, Student
from tongxing.ground.people.scoping import AboutStudents, Lasting, ends_after_start

from .models_campaigns import (
    Campaign,
    Ended,
    Entered,
    StandingSet,
    ends_with_reason,
    entered_once,
)

STORY, GUEST = "donations_honour.story", "donations_honour.guest"
#: The purpose of the consent without which no child is named.
PRAISE = "praise"


class Honour(Entered, Ended):
    """`asked`: whoever is named, a colleague or a guest, agreed. `guest_sealed`: the name of somebody from outside, such
    as a former student or a neighbour, under the story's own key."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="honours")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.BooleanField(default=False)
    day = models.DateField()
    key = models.ForeignKey(SubjectKey, models.PROTECT, related_name="+")
    story_sealed = models.BinaryField(default=b"")
    guest_sealed = models.BinaryField(default=b"", blank=True)

    objects = StandingSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("donation_honour_once"),
            ends_with_reason("donation_honour_ends_with_reason"),
            models.CheckConstraint(
                condition=Q(school_class__isnull=False, student=None, staff=None, guest_sealed=b"")
                | Q(school_class=None, student__isnull=False, staff=None, guest_sealed=b"")
                | Q(school_class=None, student=None, staff__isnull=False, guest_sealed=b"", asked=True)
                | Q(school_class=None, student=None, staff=None, asked=True) & ~Q(guest_sealed=b""),
                name="donation_honour_of_one",
            ),
        ]


class HelpOfferSet(AboutStudents, Lasting):
    pass


class HelpOffer(models.Model):
    """One child offers one kind of help to the class."""

    class Kind(models.TextChoices):
        HOMEWORK = "homework", _("explains homework")
        UMBRELLA = "umbrella", _("shares an umbrella")
        WAY_HOME = "way_home", _("walks home together")
        NOTES = "notes", _("shares notes when somebody was ill")
        BOOKS = "books", _("lends books")
        CHORES = "chores", _("helps on cleaning duty")
        COMPANY = "company", _("keeps somebody company in breaks")

    school = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="help_offers")
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = HelpOfferSet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            ends_after_start("donation_help_dates"),
            models.UniqueConstraint(
                fields=["student", "kind"], condition=Q(ends_on=None), name="donation_help_once"
            ),
        ]
