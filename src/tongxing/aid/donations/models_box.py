"""The donation box: where it hangs, and each opening with its two people and two counts.

Invariants:
- an opening has two different people; where their counts differ, it says why, and what lies in the bag is agreed, between the two;
- it goes into the aid books once both have confirmed, as one receipt with its source;
- a bag's number is used once.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q

from tongxing.aid.ledger.models import Fund
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff

from .models_campaigns import NAME, VIEW, WORDS, Ended, Entered, StandingSet, ends_with_reason, entered_once
from .models_gifts import OwnOrFinanceSet

#: The source of entries in the aid books.
BOX = "donation-box"


class DonationBox(Entered, Ended):
    place = models.CharField(max_length=NAME)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    since = models.DateField()

    objects = StandingSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            entered_once("donation_box_once"),
            ends_with_reason("donation_box_ends_with_reason"),
        ]

    def __str__(self) -> str:
        return self.place


class OpeningSet(OwnOrFinanceSet):
    def readable_by(self, actor: Actor) -> Self:
        """Besides those it is visible to, the two who are named in it: they confirm what they have counted."""
        named = Q(first__user=actor.user_id) | Q(second__user=actor.user_id)
        return self.visible_to(actor) | self.filter(named, school_id__in=actor.schools_where(VIEW))


class BoxOpening(Entered, Ended):
    """`first_count`, `second_count`, `amount` in fen. `second_signed`: the second person signed the printed protocol
    instead of confirming with an account."""

    box = models.ForeignKey(DonationBox, models.PROTECT, related_name="openings")
    day = models.DateField()
    first = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    second = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    first_count = models.PositiveBigIntegerField()
    second_count = models.PositiveBigIntegerField()
    amount = models.PositiveBigIntegerField()
    explanation = models.CharField(max_length=WORDS, blank=True)
    bag_number = models.CharField(max_length=30)
    first_confirmed_at = models.DateTimeField(null=True, blank=True)
    second_confirmed_at = models.DateTimeField(null=True, blank=True)
    second_signed = models.BooleanField(default=False)

    objects = OpeningSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("donation_opening_once"),
            ends_with_reason("donation_opening_ends_with_reason"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="donation_opened_by_two"),
            models.CheckConstraint(
                condition=Q(first_count=F("second_count"), amount=F("first_count")) | ~Q(explanation=""),
                name="donation_difference_explained",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("first_count"), amount__lte=F("second_count"))
                | Q(amount__lte=F("first_count"), amount__gte=F("second_count")),
                name="donation_bag_between_the_counts",
            ),
            models.CheckConstraint(condition=~Q(bag_number=""), name="donation_bag_has_a_number"),
            models.UniqueConstraint(
                fields=["school", "bag_number"], condition=Q(ended_at=None), name="donation_bag_once"
            ),
        ]

    @property
    def is_confirmed(self) -> bool:
        return self.first_confirmed_at is not None and self.second_confirmed_at is not None
