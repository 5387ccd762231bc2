"""Campaigns: the appeal, its days, and what was done to make it known.

Invariants:
- there is no field for a target, a minimum or a code to pay with: whoever wants to give gives, and nobody is measured;
- a campaign names the day whose roster is the denominator of its participation, and it stays that day;
- nothing is deleted: it ends with day, person and reason.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.ledger.models import Fund
from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass

VIEW, MANAGE, ENTER, MONEY = "donation.view", "donation.manage", "donation.enter", "donation.money"
NAME, WORDS, APPEAL = 60, 200, 2_000  # characters
#: From this amount of one child on, a guardian's word is asked; fen. Each campaign has its own.
CONSENT_FROM = 5_000


class StandingSet(models.QuerySet):
    """What everybody at school may read who may read about giving at all."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(VIEW))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Campaign(Entered, Ended):
    """`counted_on`: the day whose roster counts. `shows_share`: whether the school sees how many took part, as a whole.
    `consent_from` in fen: from there on a guardian's word is asked for what one child gives."""

    name = models.CharField(max_length=NAME)
    slogan = models.CharField(max_length=NAME, blank=True)
    appeal = models.TextField(max_length=APPEAL)
    starts_on = models.DateField()
    ends_on = models.DateField()
    counted_on = models.DateField()
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    shows_share = models.BooleanField(default=True)
    consent_from = models.PositiveIntegerField(default=CONSENT_FROM)

    objects = StandingSet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            entered_once("donation_campaign_once"),
            ends_with_reason("donation_campaign_ends_with_reason"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="donation_campaign_has_days"
            ),
            models.CheckConstraint(
                condition=Q(counted_on__gte=F("starts_on"), counted_on__lte=F("ends_on")),
                name="donation_counted_inside_the_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(Entered, Ended):
    """One meeting, or one way in which the appeal was made known."""

    class Kind(models.TextChoices):
        LEADERSHIP = "leadership", _("meeting of the leadership")
        TEACHERS = "teachers", _("meeting of all teachers")
        CADRES = "cadres", _("meeting of the class cadres")
        COLUMN = "column", _("notice column")
        RADIO = "radio", _("school radio")
        CLASS_MEETING = "class_meeting", _("class meeting on a theme")
        FLAG = "flag", _("words at the flag-raising")
        OTHER = "other", pgettext_lazy("campaign step", "something else")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, choices=Kind)
    day = models.DateField()
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=WORDS, blank=True)

    objects = StandingSet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            entered_once("donation_step_once"),
            ends_with_reason("donation_step_ends_with_reason"),
        ]


class Department(models.Model):
    """A row of the staff's part of the grid."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME)
    ended_on = models.DateField(null=True, blank=True)

    objects = StandingSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_on=None), name="donation_department_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
