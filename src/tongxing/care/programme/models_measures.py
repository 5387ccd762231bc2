"""What a colleague who answers for a measure of a plan says about it, and to whom it was handed on.

Invariants:
- a measure is known by its key, which is the same in every version of the plan;
- of whom it is asked follows from the version in force and what was handed on since; nothing is overwritten;
- an outcome is the word of the colleague who did it; a slip is taken back, never deleted.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.people.scoping import AboutStudents

from .models_term_plan import TermPlan

#: The places that sealed words are bound to.
WORDS = "programme_measureoutcome.words"
WHY = "programme_measurehandover.reason"


class MeasureSet(AboutStudents):
    zone: Zone = "care"


class MeasureHandover(models.Model):
    """From `on` this colleague answers for the measure."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="handovers")
    key = models.UUIDField(editable=False)
    to = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    on = models.DateField()
    reason_sealed = models.BinaryField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MeasureSet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]


class OutcomeSet(MeasureSet):
    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class MeasureOutcome(models.Model):
    """How a measure went on a day. What did not come about fulfils nothing, yet it is kept."""

    class Outcome(models.TextChoices):
        WELL = "well", _("done, it went well")
        HARD = "hard", _("done, not easy yet")
        NOT = "not", _("it did not come about")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="outcomes")
    key = models.UUIDField(editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    happened_on = models.DateField(_("when it was"))
    outcome = models.CharField(max_length=5, choices=Outcome)
    words_sealed = models.BinaryField(default=b"", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = OutcomeSet.as_manager()

    class Meta:
        ordering = ["happened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["well", "hard", "not"]), name="measure_outcome_is_known"
            )
        ]
        indexes = [models.Index(fields=["plan", "key"], name="measure_outcome_of")]
