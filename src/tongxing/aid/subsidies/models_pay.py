"""The lists by which subsidies are paid or handed out, what came of each line, and the cards they go to."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import ended_with_reason
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Student
from tongxing.ground.people.scoping import AboutStudents

from .models_projects import CONFIRM, MANAGE, PAY, WORDS
from .models_rounds import Round, Subsidy

NUMBER = "subsidies_card.number"


class PayListSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(PAY))

    def with_reversed(self) -> Self:
        """`reversed`: its payment, or one of those the county made for it, counts in the books no longer."""
        stands = Entry.objects.standing()
        of_county = CountyPayment.objects.filter(pay_list=OuterRef("pk"), ended_at=None)
        of_county = of_county.exclude(entry__in=stands)
        own = Entry.objects.posted().filter(pk=OuterRef("entry")).exclude(pk__in=stands)
        return self.annotate(reversed=Exists(own) | Exists(of_county))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class PayList(models.Model):
    """`entry`: the payment in the ledger, or the last note of what the county paid (`county_payments` has all of
    them). `handed_on`: the day given things were handed out, where no money moves."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    round = models.ForeignKey(Round, models.PROTECT, related_name="pay_lists")
    total = models.BigIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    handed_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = PayListSet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="subsidies_list_sent_once"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(ended_at=None), name="subsidies_entry_pays_one_list"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="subsidies_list_is_something"),
            ended_with_reason("subsidies_list_ends_with_reason"),
        ]


class CountyPayment(models.Model):
    """One of the payments by which the county paid a list: a transfer, or one for each child. Ended: the list was taken
    back."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    pay_list = models.ForeignKey(PayList, models.PROTECT, related_name="county_payments")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(ended_at=None), name="subsidies_county_pays_one_list"
            )
        ]


def _come_back() -> Exists:
    """The entry that says so was checked and stands; one that waits, was sent back or reversed says nothing."""
    return Exists(Entry.objects.standing().posted().filter(pk=OuterRef("returned")))


class PayLineSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))

    def of_family(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(CONFIRM))

    def standing(self) -> Self:
        """On a list that counts, and its money has not come back: the child stands on no other list."""
        return self.filter(~_come_back(), ended_at=None)

    def back(self) -> Self:
        return self.filter(_come_back())

    def with_back(self) -> Self:
        """`is_back`: the money has come back; `waits_back`: it is said so, and nobody has checked it yet."""
        waits = Exists(Entry.objects.waiting().filter(pk=OuterRef("returned")))
        return self.annotate(is_back=_come_back(), waits_back=waits)


class PayLine(models.Model):
    """One child on a list. Ended: the list was taken back, or its money came back and another list holds the child.

    `returned`: the entry that says it came back, `returned_reason`: what the bank says. Whether that counts is the
    entry's to say, never this row's: until it is checked the line stands, and it stands again once it is sent back.
    """

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        RECEIVED = "received", _("received")
        NOT = "not", _("not received")

    class Way(models.TextChoices):
        NONE = "", ""
        DOOR = "door", _("at the family's door")
        PAPER = "paper", _("signed on paper")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    pay_list = models.ForeignKey(PayList, models.PROTECT, related_name="lines")
    subsidy = models.ForeignKey(Subsidy, models.PROTECT, related_name="lines")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    amount = models.BigIntegerField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    way = models.CharField(max_length=5, choices=Way, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    returned = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    returned_reason = models.CharField(max_length=WORDS, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = PayLineSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subsidy"], condition=Q(ended_at=None), name="subsidies_paid_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="subsidies_line_is_something"),
            models.CheckConstraint(
                condition=Q(answer="", way="", answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="") & ~Q(way=""),
                name="subsidies_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(returned=None, returned_reason="")
                | Q(returned__isnull=False) & ~Q(returned_reason=""),
                name="subsidies_returned_with_reason",
            ),
            ended_with_reason("subsidies_line_ends_with_reason"),
        ]


class CardSet(AboutStudents):
    zone: Zone = "hardship"

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Card(models.Model):
    """Where a child's money goes; another number is another card, and the one before ends."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    holder = models.CharField(_("in whose name"), max_length=60)
    number_sealed = models.BinaryField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CardSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(ended_at=None), name="subsidies_one_card_a_child"
            )
        ]
