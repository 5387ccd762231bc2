"""Three questions to the families, answered without a name.

Invariants:
- an answer is added to the sums of its round; no row, account or moment belongs to it, and the trail has no entry of it;
- that a family has answered is a keyed mark in a sorted list, so the list tells no order;
- free words lie in random order, sealed under the round's key; nobody's account stands beside them;
- a round of a term exists once; it is over after its last day.
"""

import datetime
import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.entered import Entered, entered_once
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Term

from . import rules

MANAGE, FAMILY = "review.manage", "door.family"
QUESTION, WORDS = 60, 300  # characters
SAID_AT = "review_feedbackwords.said"


class RoundSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who lead; the families of the school while it is open."""
        if actor.is_system:
            return self
        families = actor.school_q(FAMILY) & models.Q(last_day__gte=clock.today())
        return self.filter(actor.school_q(MANAGE) | families)


class FeedbackRound(Entered):
    """`tally`: for each question how often each of `rules.CHOICES` was chosen. `answered`: keyed marks, sorted."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    questions = models.JSONField()
    last_day = models.DateField(_("last day"))
    answers = models.PositiveIntegerField(default=0)
    on_paper = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=rules.empty)
    answered = models.JSONField(default=list)

    objects = RoundSet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            entered_once("feedback_round_once"),
            models.UniqueConstraint(fields=["term"], name="feedback_once_a_term"),
            models.CheckConstraint(
                condition=models.Q(on_paper__lte=models.F("answers")), name="feedback_paper_within_answers"
            ),
        ]

    def is_over(self, day: datetime.date) -> bool:
        return self.last_day < day


class FeedbackWordsSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Rows alone; which of them may be read, and when, is asked of `feedback`."""
        return self.filter(actor.school_q(MANAGE) | actor.school_q("safety.respond"))


class FeedbackWords(models.Model):
    """`alarms`: words of danger stand in it; whoever answers for safety reads it, and nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(FeedbackRound, models.PROTECT, related_name="words")
    place = models.PositiveIntegerField()
    said_sealed = models.BinaryField()
    alarms = models.BooleanField(default=False)

    objects = FeedbackWordsSet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="feedback_words_place")]


class SlipBatchSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))


class SlipBatch(Entered):
    """Slips counted and typed in together: how many and by whom; what they say is in the sums alone."""

    round = models.ForeignKey(FeedbackRound, models.PROTECT, related_name="batches")
    slips = models.PositiveSmallIntegerField()

    objects = SlipBatchSet.as_manager()

    class Meta:
        constraints = [
            entered_once("slip_batch_once"),
            models.CheckConstraint(condition=models.Q(slips__gte=1), name="slip_batch_has_slips"),
        ]
