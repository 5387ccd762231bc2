"""A school's own Word files with placeholders.

Invariants:
- the file was checked before it was kept, and asks for nothing the product does not know;
- a file is never changed: a newer one is handed in beside it and the old one is ended.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.kernel.actor import Actor

USE = "contact.read"
NAME = 40  # characters


class WordTemplateSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads children's records at the school."""
        return self.filter(actor.school_q(USE))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class WordTemplate(Entered, Ended):
    class Unit(models.TextChoices):
        STUDENT = "student", pgettext_lazy("template", "one student")
        CLASS = "class", pgettext_lazy("template", "a class, one row for each student")

    name = models.CharField(_("name"), max_length=NAME)
    unit = models.CharField(_("filled for"), max_length=8, choices=Unit)
    placeholders = models.JSONField(default=list)
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = WordTemplateSet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            entered_once("word_template_once"),
            ends_with_reason("word_template_ends_with_reason"),
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_at=None), name="word_template_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
