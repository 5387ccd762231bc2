"""Complaints and suggestions inside the school: said with or without a name, answered by a day, the answer shown to all.

Invariants:
- without a name nothing of the writer is kept: no account beside it, and the trail names nobody;
- the words are sealed under a key of their own; they are shown to colleagues only where the answer says so;
- whether an answer is late follows from the day.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.models import SubjectKey

from .belonging import STAFFROOM

ANSWER = "suggestion.answer"
TEXT, REPLY = 1_000, 1_000  # characters
SAID_AT, ANSWERED_AT = "notices_suggestion.said", "notices_suggestion.answer"


class SuggestionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who answers; whoever wrote it under the own name; what is answered, every colleague."""
        if actor.is_system:
            return self
        own = Q(said_by=actor.user_id, said_by__isnull=False)
        answered = actor.school_q(STAFFROOM) & Q(answered_at__isnull=False)
        return self.filter(actor.school_q(ANSWER) | own | answered)

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class Suggestion(models.Model):
    """`said_by` None: without a name. `shows_words`: the words stand beside the answer for every colleague."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    said_sealed = models.BinaryField()
    said_on = models.DateField()
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_by = models.DateField(_("to be answered by"))
    answer_sealed = models.BinaryField(default=b"", blank=True)
    shows_words = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SuggestionSet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="suggestion_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, shows_words=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="suggestion_answered_by_somebody",
            ),
        ]

    @property
    def said(self) -> str:
        return unseal(self.key, self.said_sealed, SAID_AT)

    @property
    def answer(self) -> str:
        return unseal(self.key, self.answer_sealed, ANSWERED_AT)

    def is_late(self, day: datetime.date) -> bool:
        return self.answered_at is None and self.answer_by < day
