"""What the bank or the county says about the same money, and what a person said about each difference.

Invariants:
- a statement is never changed; taken back, it keeps its rows and counts no longer;
- no account number, card number or name of a payee is kept: day, amount, reference and a few words are enough;
- whether a row fits is derived (`rules.compare`); only what a person said about a difference is stored.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User

from .models_books import WORDS, Account, OfSchoolSet
from .models_entries import Line


class StatementSet(OfSchoolSet):
    def standing(self):
        return self.filter(undone_at=None)


class Statement(models.Model):
    """`account`: the account it speaks of; for payments by the county the one that only notes them."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="statements")
    profile = models.CharField(max_length=20)
    file_name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StatementSet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256"], condition=Q(undone_at=None), name="ledger_statement_once"
            ),
        ]


class StatementLine(models.Model):
    """`amount` in fen: above nothing what came in. `row` counts from 1, as the sheet does."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()
    day = models.DateField()
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=WORDS, blank=True)

    objects = OfSchoolSet.as_manager()

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "row"], name="ledger_statement_row_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_statement_row_is_something"),
        ]


class Settled(models.Model):
    """A person's word about one difference: of a row, of a line of the books, or that both belong together.

    `ended_at`: its statement was taken back.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="settled")
    row = models.ForeignKey(StatementLine, models.PROTECT, null=True, blank=True, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(_("what is behind it"), max_length=WORDS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfSchoolSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(row__isnull=False) | Q(line__isnull=False),
                name="ledger_settled_is_about_something",
            ),
            models.UniqueConstraint(
                fields=["row"], condition=Q(ended_at=None), name="ledger_row_settled_once"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(ended_at=None), name="ledger_line_settled_once"
            ),
        ]
