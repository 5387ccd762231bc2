"""Records drawn for a closer look, and what the look showed.

Invariants:
- the list is fixed, with its fingerprint, before the word is known; a draw happens once and is never taken back;
- list and draw hold numbers and classes alone: the protocol names no child;
- what differs is a sentence about a child, so it is sealed under the child's key; whoever wrote a record does not check it.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.entered import Entered, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import Unreadable, unseal

from . import rules
from .models_inspection import MANAGE, Inspection

WORD, SENTENCE, MOST = 60, 300, 40
SEALED_AT = "inspection_check.words"


class SampleSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))


class Sample(Entered):
    """`population`: [class id, class name, record numbers] of each class. `source`: where everybody can look the word up."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="samples")
    size = models.PositiveSmallIntegerField(pgettext_lazy("inspection", "how many"))
    population = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    word = models.CharField(pgettext_lazy("inspection", "the word"), max_length=WORD, blank=True)
    source = models.CharField(pgettext_lazy("inspection", "where it stands"), max_length=WORD, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SampleSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            entered_once("sample_once"),
            models.CheckConstraint(
                condition=Q(drawn_at=None, drawn_by=None, word="", source="")
                | Q(drawn_at__isnull=False, drawn_by__isnull=False) & ~Q(word="") & ~Q(source=""),
                name="sample_drawn_with_word",
            ),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=MOST), name="sample_size"),
        ]

    @property
    def records_by_class(self) -> dict[int, list[int]]:
        return {class_id: records for class_id, _name, records in self.population}

    @property
    def class_names(self) -> dict[int, str]:
        return {class_id: name for class_id, name, _records in self.population}

    @property
    def total(self) -> int:
        return sum(len(records) for _class, _name, records in self.population)

    def drawn(self) -> list[rules.Drawn]:
        """The draw, made again from list, size and word."""
        return rules.draw(self.records_by_class, self.size, self.word)


class CheckSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE), actor.students_q("care", student="contact__student"))


class Check(models.Model):
    """One record that was drawn; `outcome` empty until somebody has looked."""

    class Against(models.TextChoices):
        PAPER = "paper", pgettext_lazy("inspection", "the paper")
        PERSON = "person", pgettext_lazy("inspection", "the person")

    class Outcome(models.TextChoices):
        WAITING = "", pgettext_lazy("inspection", "not looked at yet")
        AGREES = "agrees", pgettext_lazy("inspection", "agrees")
        DIFFERS = "differs", pgettext_lazy("inspection", "differs")
        NOT_FOUND = "not_found", pgettext_lazy("inspection", "not found")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="checks")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    class_name = models.CharField(max_length=40, blank=True)
    against = models.CharField(_("compared with"), max_length=8, choices=Against, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.WAITING)
    words_sealed = models.BinaryField(default=b"", blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CheckSet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "contact"], name="check_once"),
            models.CheckConstraint(
                condition=Q(outcome="", against="", checked_on=None, checked_at=None, checked_by=None)
                | ~Q(outcome="")
                & ~Q(against="")
                & Q(checked_on__isnull=False, checked_at__isnull=False, checked_by__isnull=False),
                name="check_made_by_somebody",
            ),
        ]

    @property
    def words(self) -> str:
        try:
            return unseal(self.contact.student.key, self.words_sealed, SEALED_AT)
        except Unreadable:
            return ""
