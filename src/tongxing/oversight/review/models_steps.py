"""What a review decided to do next: one colleague and a day each. The next term's plan shows what is still open."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Term

STAFFROOM = "staffroom.view"
LINE = 200  # characters


class NextStepSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Every colleague: what the school does next is no secret."""
        return self.filter(actor.school_q(STAFFROOM))

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def waiting(self) -> Self:
        return self.standing().filter(done_on=None)


class NextStep(Entered, Ended):
    """`term`: in whose review it was decided. `ended_*`: not needed any more."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    text = models.CharField(_("what is to be done"), max_length=LINE)
    person = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField(pgettext_lazy("meeting", "until"))
    done_on = models.DateField(null=True, blank=True)
    done_words = models.CharField(_("what was done"), max_length=LINE, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NextStepSet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            entered_once("next_step_once"),
            ends_with_reason("next_step_ended_with_reason"),
            models.CheckConstraint(
                condition=Q(done_on=None, done_words="", done_by=None)
                | Q(done_on__isnull=False, done_by__isnull=False, ended_at=None) & ~Q(done_words=""),
                name="next_step_done_by_somebody",
            ),
        ]

    def is_late(self, day: datetime.date) -> bool:
        return self.done_on is None and self.ended_at is None and self.due_on < day
