"""How an office's papers look, and the running number of what it sends out (发文登记).

Invariants:
- a number belongs to one year of one office, is the one after the last, and is never taken back or given twice;
- what was numbered keeps the sign and the head of that day, also when the office changes its own later.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.notices.belonging import MANAGE
from tongxing.oversight.notices.models import Circular

NAME, MARK, ADDRESS, PEOPLE = 30, 12, 60, 120  # characters


class Letterhead(models.Model):
    """`mark` begins the numbers: 和中 in 和中〔2026〕18号. Without it nothing is numbered."""

    class Colour(models.TextChoices):
        RED = "red", pgettext_lazy("letterhead", "red")
        GREEN = "green", pgettext_lazy("letterhead", "green")
        BLUE = "blue", pgettext_lazy("letterhead", "blue")
        BLACK = "black", pgettext_lazy("letterhead", "black")

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name in print"), max_length=NAME, blank=True)
    mark = models.CharField(_("sign of the numbers"), max_length=MARK, blank=True)
    address = models.CharField(_("address"), max_length=ADDRESS, blank=True)
    colour = models.CharField(_("colour"), max_length=6, choices=Colour, default=Colour.RED)
    logo = models.BinaryField(default=bytes, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()


class OutgoingSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The office's own list."""
        return self.filter(actor.school_q(MANAGE))


class Outgoing(models.Model):
    """One paper that has its number: a circular or a document that was issued."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    mark = models.CharField(max_length=MARK)
    circular = models.OneToOneField(Circular, models.PROTECT, null=True, related_name="outgoing")
    document = models.OneToOneField(
        "documents.IssuedDocument", models.PROTECT, null=True, related_name="outgoing"
    )
    addressed_to = models.CharField(_("addressed to"), max_length=PEOPLE, blank=True)
    copies_to = models.CharField(_("copies to"), max_length=PEOPLE, blank=True)
    head = models.JSONField()
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    objects = OutgoingSet.as_manager()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "number"], name="outgoing_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, year__gte=1949) & ~Q(mark=""), name="outgoing_number_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(circular__isnull=False, document=None) | Q(circular=None, document__isnull=False),
                name="outgoing_of_one_paper",
            ),
        ]

    @property
    def text(self) -> str:
        return number_text(self.mark, self.year, self.number)


def number_text(mark: str, year: int, number: int) -> str:
    """和中〔2026〕18号: six-cornered brackets, the year in full, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"{mark}〔{year}〕{number}号"
