"""Entries (凭证): what came, what went, and the second person who looked.

Invariants, each held by the database itself (`migrations/0002_guards.py`):
- an entry is written with its lines, and no line is ever changed or deleted; what was wrong is taken back before it
  is posted, and reversed (红字冲销) afterwards;
- it counts once it has its posting: two lines at least, each fund's lines add up to nothing, a number without gaps
  in an open month, checked by somebody else than whoever made it;
- the same source never makes two entries that stand; one that was reversed leaves its place to another.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.models import StoredFile

from .models_books import NAME, WORDS, Account, Fund, OfSchoolSet, Period, Purpose


class EntrySet(OfSchoolSet):
    def posted(self) -> Self:
        return self.filter(posting__isnull=False)

    def standing(self) -> Self:
        """Written, not sent back, and no reversal of it counts."""
        reversals = Entry.objects.posted().filter(about=OuterRef("pk"), kind=Entry.Kind.REVERSAL)
        return self.filter(~Exists(reversals), ended_at=None)

    def waiting(self) -> Self:
        """Written, not checked yet."""
        return self.filter(posting=None, ended_at=None)


class Entry(models.Model):
    """`day`: when the money moved; `made_at`: when it was written down. `reference`: the number on the bank's or
    shop's paper. `digest` is of everything it says. `about`: the entry that this one gives back or corrects.
    `source_turn`: 1, and one more for each entry of the same source that was reversed before.

    `ended_*`: taken back by its maker or sent back by the checker before it was posted.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("brought along")
        RECEIPT = "receipt", _("money came in")
        PAYMENT = "payment", _("money was paid")
        PROMISE = "promise", _("promised, paid later")
        TRANSFER = "transfer", _("moved between cash and bank")
        REALLOCATION = "reallocation", _("moved to another fund")
        REFUND = "refund", _("given back to where it came from")
        RETURNED = "returned", _("a payment came back")
        MEMO = "memo", _("paid by the county, noted only")
        REVERSAL = "reversal", pgettext_lazy("ledger", "reversed")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind)
    day = models.DateField(_("day"))
    narrative = models.CharField(_("what for"), max_length=WORDS)
    party = models.CharField(_("from or to whom"), max_length=NAME, blank=True)
    reference = models.CharField(_("number on the paper"), max_length=40, blank=True)
    source_kind = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    source_turn = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64)
    about = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = EntrySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="ledger_entry_sent_once"),
            models.UniqueConstraint(
                fields=["school", "source_kind", "source_id", "source_turn"],
                condition=~Q(source_kind="") & Q(ended_at=None),
                name="ledger_entry_once_per_source",
            ),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(kind="reversal", ended_at=None),
                name="ledger_entry_reversed_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reversal") | Q(about__isnull=False), name="ledger_reversal_of_an_entry"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
                name="ledger_entry_ends_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["school", "day"], name="ledger_entry_day")]

    @property
    def is_posted(self) -> bool:
        return hasattr(self, "posting")

    @property
    def is_waiting(self) -> bool:
        return self.ended_at is None and not self.is_posted


class LineSet(OfSchoolSet):
    def posted(self) -> Self:
        return self.filter(entry__posting__isnull=False)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        return self.filter(entry__day__gte=first, entry__day__lte=last)


class Line(models.Model):
    """`amount` in fen: above nothing what goes to the account (借), below nothing what comes from it (贷)."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="lines")
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.BigIntegerField()

    objects = LineSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_is_something")]


class Posting(models.Model):
    """The seal of an entry: its number in the month. `made_by` is the entry's, here so that the database compares."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="posting")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="postings")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()

    objects = OfSchoolSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="ledger_number_once"),
            models.CheckConstraint(condition=~Q(made_by=F("checked_by")), name="ledger_checked_by_another"),
        ]


class EntryFile(models.Model):
    """A photo or PDF of the paper behind an entry; added while it waits or later, never taken away."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = OfSchoolSet.as_manager()

    class Meta:
        ordering = ["pk"]
