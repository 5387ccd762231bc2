"""What two classmates share: one goal after the other, and words of thanks.

Invariants:
- a pair has one goal at a time; a reached or replaced one stays, with the day on which it ended;
- thanks are said at any time once the two have begun, and stay after the end;
- words are sealed under the key of the pair's `student`.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor

#: The places that sealed words are bound to.
GOAL, THANKS = "peers_together.goal", "peers_together.thanks"


class OfPair(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever looks after one of the two."""
        mine = actor.students_q("care", student="together__student")
        return self.filter(mine | actor.students_q("care", student="together__partner"))

    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class SharedGoal(models.Model):
    """What the two want to reach. `reached_on`: the day on which they had; ended without it: another took its place."""

    school = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    together = models.ForeignKey("peers.Together", models.CASCADE, related_name="goals")
    words_sealed = models.BinaryField()
    set_on = models.DateField(_("set on"))
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfPair.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["together"], condition=models.Q(ended_at=None), name="one_open_shared_goal"
            ),
            models.CheckConstraint(
                condition=models.Q(reached_on=None)
                | models.Q(ended_at__isnull=False, reached_on__gte=models.F("set_on")),
                name="shared_goal_reached_after_set",
            ),
        ]


class SharedThanks(models.Model):
    """Words of thanks for both, to read out, to print as a card, to find at one's own door."""

    school = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    together = models.ForeignKey("peers.Together", models.CASCADE, related_name="thanks")
    words_sealed = models.BinaryField()
    said_on = models.DateField(_("said on"))
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that wrote it

    objects = OfPair.as_manager()

    class Meta:
        ordering = ["-pk"]
