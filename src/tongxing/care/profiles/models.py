"""What a child likes, can do and is proud of, and what of its health matters at school; interviews and surveys, and
what those who teach the child have seen, each in a file of its own.

Invariants:
- the words are sealed under the student's own key;
- nothing is overwritten: what no longer holds is ended, with who noted it and when.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Student
from tongxing.ground.people.scoping import AboutStudents

from .models_asking import Asking, Impression
from .models_surveys import Survey, SurveyAnswers, SurveyVersion, Topic

__all__ = [
    "WORDS",
    "Asking",
    "Impression",
    "Survey",
    "SurveyAnswers",
    "SurveyVersion",
    "Topic",
    "Trait",
    "TraitSet",
]

#: The place that sealed words are bound to.
WORDS = "profiles_trait.words"


class TraitSet(AboutStudents):
    zone: Zone = "care"

    def current(self) -> Self:
        return self.filter(ended_at=None)


class Trait(models.Model):
    class Kind(models.TextChoices):
        INTEREST = "interest", _("Likes")
        TALENT = "talent", _("Is good at")
        STRENGTH = "strength", _("Shines with")
        HEALTH = "health", _("Health that matters at school")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="traits")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    words_sealed = models.BinaryField()
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that noted it

    objects = TraitSet.as_manager()
