"""Breaking the glass: one child's counselling notes opened by somebody else, for a reason, for a day, seen by others."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

#: The places that sealed texts are bound to.
GLASS_REASON = "counselling_glass.reason"
GLASS_REVIEW = "counselling_glass.review"


class GlassSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those one has opened oneself, and those one looks at again; none about a child whose danger one may be."""
        if actor.is_system:
            return self
        kept = RiskFlag.objects.filter(kept_from=actor.user_id or 0).values("student")
        own = models.Q(actor.school_q("counselling.emergency"), opened_by_id=actor.user_id)
        return self.filter(own | actor.school_q("counselling.review")).exclude(student__in=kept)

    def open_to(self, actor: Actor, now: datetime.datetime) -> Self:
        """Those through which this actor may read now."""
        return self.visible_to(actor).filter(opened_by_id=actor.user_id or 0, until__gt=now)

    def to_review(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("counselling.review"), reviewed_at=None).exclude(
            opened_by_id=actor.user_id or 0
        )


class GlassOpening(models.Model):
    """`reason_index`: a keyed fingerprint, so that the same reason opens the same child's notes once."""

    class Verdict(models.TextChoices):
        NONE = "", _("waits for a second look")
        NEEDED = "needed", _("it was needed")
        NOT_NEEDED = "not_needed", _("it would have gone without")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reason_sealed = models.BinaryField()
    reason_index = models.CharField(max_length=32)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_sealed = models.BinaryField(default=b"", blank=True)

    objects = GlassSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_glass_once"),
            models.UniqueConstraint(
                fields=["student", "opened_by", "reason_index"], name="counselling_glass_once_per_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("opened_by")),
                name="counselling_glass_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_at=None, verdict="")
                | (models.Q(reviewed_at__isnull=False) & ~models.Q(verdict="")),
                name="counselling_glass_reviewed_with_word",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("opened_at")), name="counselling_glass_lasts"
            ),
        ]
        ordering = ["-opened_at", "-pk"]
