"""The county's programme (百千万工程): what every school under it is to ask for at least, in versions.

Invariants:
- a published version is never changed; a change is a new version, drafted from the one before, one draft at a time;
- a code, once used, is never given another meaning: it is the code of the promise in the schools;
- the programme is a lower bound: a school asks for as much, for more, or says why one point is different with it;
- what a school asks for stands in its own promises (`care.programme`) alone; here stands when it took a version over.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.care.programme.models import Asked
from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor

from .scoping import TITLE, VIEW, WORDS, OfCounty, UnderCounty


class CountyVersionSet(OfCounty):
    def visible_to(self, actor: Actor) -> Self:
        """Schools read what is published; the draft is the bureau's own."""
        found = super().visible_to(actor)
        return found if actor.is_system else found.filter(actor.school_q(VIEW) | ~Q(published_at=None))

    def published(self) -> Self:
        return self.exclude(published_at=None)


class CountyVersion(Entered):
    """`changed`: what is new against the one before. `school`: the bureau."""

    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=TITLE)
    changed = models.CharField(_("what is new"), max_length=WORDS, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CountyVersionSet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            entered_once("county_version_once"),
            models.UniqueConstraint(fields=["school", "number"], name="county_version_number_once"),
            models.UniqueConstraint(
                fields=["school"], condition=Q(published_at=None), name="county_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="county_version_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(number=1) | ~Q(changed=""),
                name="county_version_says_what_is_new",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CountyPoint(Asked):
    """One point of a version. `left_out`: taken out while it was a draft; it stands in the draft alone, to be put back."""

    version = models.ForeignKey(CountyVersion, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField(default=0)
    left_out = models.BooleanField(default=False)

    objects = OfCounty.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="county_point_once")]


class Takeover(Entered):
    """A school has made a version its own; `added` and `changed`: how many of its promises that began or changed."""

    version = models.ForeignKey(CountyVersion, models.PROTECT, related_name="takeovers")
    added = models.PositiveSmallIntegerField(default=0)
    changed = models.PositiveSmallIntegerField(default=0)

    objects = UnderCounty.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("county_takeover_sent_once"),
            models.UniqueConstraint(fields=["school", "version"], name="county_taken_over_once"),
        ]


class AdaptationSet(UnderCounty):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Adaptation(Entered, Ended):
    """Why one point is different with a school. It holds for later versions as long as the point asks for the same."""

    point = models.ForeignKey(CountyPoint, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=WORDS)

    objects = AdaptationSet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("county_adaptation_once"),
            ends_with_reason("county_adaptation_ends_with_reason"),
            models.UniqueConstraint(
                fields=["school", "point"], condition=Q(ended_at=None), name="county_adaptation_standing_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="county_adaptation_says_why"),
        ]
