"""What a helper thinks of the own term, beside the facts of it.

Invariants:
- one a person and term; the text is the helper's alone until it is handed in, also for those who lead;
- the text is sealed under a key of its own; the facts are frozen when it is handed in, counts alone;
- what was handed in can be taken back for a moment, then it stands.
"""

from typing import Self

from django.db import models
from django.db.models import Q

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Staff, Term

MANAGE = "review.manage"
TEXT = 2_000  # characters
TEXT_AT = "review_reflection.text"


class ReflectionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        own = Q(staff__user=actor.user_id, staff__user__isnull=False)
        return self.filter(own | actor.school_q(MANAGE) & Q(handed_in_at__isnull=False))


class Reflection(models.Model):
    """`facts`: [label, value, how it is counted] as they stood when it was handed in."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    text_sealed = models.BinaryField(default=b"", blank=True)
    facts = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects = ReflectionSet.as_manager()

    class Meta:
        ordering = ["staff__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "staff"], name="reflection_once_a_term"),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, facts=[]) | Q(handed_in_at__isnull=False),
                name="reflection_facts_once_handed_in",
            ),
        ]

    @property
    def text(self) -> str:
        return unseal(self.key, self.text_sealed, TEXT_AT)
