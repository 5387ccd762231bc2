"""What was given: handed over class by class, by name where somebody wishes it, from outside, in kind.

Invariants:
- figures of a class or department are seen by whoever entered them and by finance, by nobody else;
- no amount is added up here for good: money stands in the aid books, each handing-over and each gift from outside is
  the source of one receipt there;
- a gift from outside says through which lawful account or charity it came, and its number;
- who gave is known only where somebody wants a receipt or thanks; names of givers from outside are sealed.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.ledger.models import Fund
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import SchoolClass, Staff, Student

from .models_campaigns import (
    ENTER,
    MONEY,
    NAME,
    WORDS,
    Campaign,
    Department,
    Ended,
    Entered,
    StandingSet,
    ends_with_reason,
    entered_once,
)

RECEIPT = 40  # characters
#: The sources of entries in the aid books.
HANDED, GIFT = "handing-over", "donation"


class OwnOrFinanceSet(StandingSet):
    def visible_to(self, actor: Actor) -> Self:
        """Of finance everything, of others what they have entered themselves."""
        if actor.is_system:
            return self
        own = Q(entered_by=actor.user_id, school_id__in=actor.schools_where(ENTER))
        return self.filter(actor.school_q(MONEY) | own)


class HandingOver(Entered, Ended):
    """Money that classes and departments bring to finance, counted by two. `follows`: the one it corrects.
    `receipt_number`: of the official receipt, written by its issuer."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="handed")
    day = models.DateField()
    first_counter = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    second_counter = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    receipt_number = models.CharField(max_length=RECEIPT, blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by")

    objects = OwnOrFinanceSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("donation_handed_once"),
            ends_with_reason("donation_handing_ends_with_reason"),
            models.CheckConstraint(
                condition=~Q(first_counter=F("second_counter")), name="donation_counted_by_two"
            ),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="donation_received_by_somebody",
            ),
        ]

    @property
    def total(self) -> int:
        """In fen, of the rows that are fetched with it."""
        return sum(one.amount for one in self.shares.all())

    @property
    def people(self) -> int:
        return sum(one.people for one in self.shares.all())

    def gifts_stand(self) -> bool:
        return Gift.objects.standing().filter(share__handed=self).exists()


class ShareSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(handed__in=HandingOver.objects.visible_to(actor))

    def standing(self) -> Self:
        return self.filter(handed__ended_at=None)


class Share(models.Model):
    """What one class or one department brought: how many took part, whatever they gave, and the money in fen.
    `by_guardians`: in a class with children under eight their guardians handed it in."""

    school = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    handed = models.ForeignKey(HandingOver, models.PROTECT, related_name="shares")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField()
    amount = models.PositiveBigIntegerField(default=0)
    by_guardians = models.BooleanField(default=False)

    objects = ShareSet.as_manager()

    class Meta:
        ordering = ["department_id", "school_class__grade", "school_class__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class__isnull=False, department=None)
                | Q(school_class=None, department__isnull=False),
                name="donation_share_of_class_or_department",
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="donation_share_of_somebody"),
            models.UniqueConstraint(fields=["handed", "school_class"], name="donation_class_once"),
            models.UniqueConstraint(fields=["handed", "department"], name="donation_department_share_once"),
        ]

    @property
    def label(self) -> str:
        return str(self.school_class or self.department)


class Gift(Entered, Ended):
    """By name: one person's part of a handing-over, or money that came from outside. `amount` in fen.

    From outside: `through` is the lawful account or charity, `reference` its number, the name is sealed under `key`.
    """

    class Who(models.TextChoices):
        STUDENT = "student", _("a student")
        STAFF = "staff", _("a colleague")
        ALUMNI = "alumni", _("alumni")
        NEIGHBOUR = "neighbour", _("people of the village or town")
        FIRM = "firm", _("a firm or an association")
        OTHER = "other", pgettext_lazy("giver", "somebody else")

    INSIDE = ("student", "staff")

    who = models.CharField(max_length=10, choices=Who)
    amount = models.PositiveBigIntegerField()
    day = models.DateField()
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="gifts")
    share = models.ForeignKey(Share, models.PROTECT, null=True, blank=True, related_name="gifts")
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, null=True, blank=True, related_name="+")
    name_sealed = models.BinaryField(default=b"", blank=True)
    name_masked = models.CharField(max_length=NAME, blank=True)
    through = models.CharField(max_length=NAME, blank=True)
    reference = models.CharField(max_length=RECEIPT, blank=True)
    by_guardian = models.BooleanField(default=False)
    consent_by = models.CharField(max_length=NAME, blank=True)
    receipt_number = models.CharField(max_length=RECEIPT, blank=True)
    wants_thanks = models.BooleanField(default=False)
    note = models.CharField(max_length=WORDS, blank=True)

    objects = OwnOrFinanceSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("donation_gift_once"),
            ends_with_reason("donation_gift_ends_with_reason"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="donation_gift_is_something"),
            models.CheckConstraint(
                condition=Q(who="student", student__isnull=False, staff=None, key=None, share__isnull=False)
                | Q(who="staff", student=None, staff__isnull=False, key=None, share__isnull=False)
                | Q(student=None, staff=None, key__isnull=False, share=None)
                & ~Q(who__in=["student", "staff"]),
                name="donation_gift_of_one_giver",
            ),
            models.CheckConstraint(
                condition=Q(who__in=["student", "staff"]) | ~Q(through="") & ~Q(reference=""),
                name="donation_outside_through_a_lawful_account",
            ),
        ]


class GiftLink(models.Model):
    """The address under which a giver sees what the gifts of a fund became. The secret in it is derived from `seed` and
    the installation's key, `fingerprint` finds it; a new one ends the one before."""

    school = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    gift = models.ForeignKey(Gift, models.PROTECT, related_name="links")
    seed = models.UUIDField(unique=True)
    fingerprint = models.CharField(max_length=32, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandingSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gift"], condition=Q(ended_at=None), name="donation_one_link_of_a_gift"
            )
        ]


class Goods(Entered, Ended):
    """Given in kind: what, how many, from which class or department or from whom in general words."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="goods")
    what = models.CharField(max_length=NAME)
    count = models.PositiveIntegerField()
    unit = models.CharField(max_length=10)
    given_by = models.CharField(max_length=NAME, blank=True)
    day = models.DateField()

    objects = OwnOrFinanceSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("donation_goods_once"),
            ends_with_reason("donation_goods_end_with_reason"),
            models.CheckConstraint(condition=Q(count__gt=0), name="donation_goods_are_something"),
        ]

    @property
    def left(self) -> int:
        """Of the rows fetched with it."""
        return self.count - sum(one.count for one in self.passed.all())


class GoodsPassed(Entered):
    """To whom goods went, without names: “boarders of grade one”, “library corner of three classes”."""

    goods = models.ForeignKey(Goods, models.PROTECT, related_name="passed")
    count = models.PositiveIntegerField()
    to_whom = models.CharField(max_length=WORDS)
    day = models.DateField()

    objects = OwnOrFinanceSet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            entered_once("donation_goods_passed_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="donation_passed_is_something"),
        ]
