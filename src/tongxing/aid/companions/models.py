"""Companions (一帮一, 多帮一): alumni, colleagues, neighbours who stand by a student for a year.

Invariants:
- a companion has no account and no right to any file; the phone is sealed under a key of the companion's own;
- a promise rests on the family's consent and holds no longer than that; several companions may stand by one student;
- nobody meets a child before the offence-record check is noted (未成年人保护法 62);
- money comes through the school's account alone: a row of it names the receipt in the ledger, never an amount of its own;
- either side stops without giving a reason, and what is noted about it is never shown to the other;
- letters are of the student's own will, sealed under its key, read by the office and passed on without addresses.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.ledger.models import Entry
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Consent, Staff, Student
from tongxing.ground.people.scoping import AboutStudents

MANAGE = "companion.manage"
NAME, WORDS, LETTER = 40, 200, 2000  # characters
#: The places that sealed texts are bound to.
PHONE, REASON = "companions_companion.phone", "companions_promise.reason"
NOTED, WRITTEN, BACK = "companions_kept.words", "companions_letter.text", "companions_letter.reason"


class CompanionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))

    def present(self) -> Self:
        return self.filter(ended_at=None)


class Companion(models.Model):
    """`offence_check_on`: the day whose paper was looked at, and by whom; of a colleague it stands with the staff."""

    class Kind(models.TextChoices):
        ALUMNUS = "alumnus", _("former student")
        STAFF = "staff", pgettext_lazy("companion", "colleague")
        NEIGHBOUR = "neighbour", _("neighbour")
        OTHER = "other", pgettext_lazy("companion", "somebody else")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    kind = models.CharField(_("who it is"), max_length=10, choices=Kind)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=NAME)
    comes_from = models.CharField(_("from where"), max_length=NAME, blank=True)
    phone_sealed = models.BinaryField(default=b"", blank=True)
    phone_masked = models.CharField(_("phone"), max_length=30, blank=True)
    offence_check_on = models.DateField(_("offence-record check noted on"), null=True, blank=True)
    offence_check_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CompanionSet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="companions_person_sent_once"),
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(ended_at=None, staff__isnull=False),
                name="companions_staff_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="staff", staff__isnull=False) | ~Q(kind="staff") & Q(staff=None),
                name="companions_colleague_is_staff",
            ),
            models.CheckConstraint(
                condition=Q(offence_check_on=None) | Q(offence_check_by__isnull=False),
                name="companions_check_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def checked_on(self):
        return self.staff.offence_check_on if self.staff else self.offence_check_on


class OfCompanionSet(AboutStudents):
    zone: Zone = "hardship"

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(actor.school_q(MANAGE))


class PromiseSet(OfCompanionSet):
    def open(self) -> Self:
        """Going on: not stopped, and the family still agrees."""
        return self.filter(ended_at=None, consent__withdrawn_on=None)


class Promise(models.Model):
    """What a companion promises a student, how often, from when to when. `last_day`: of one that was stopped."""

    class Every(models.TextChoices):
        FORTNIGHT = "fortnight", _("every two weeks")
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every three months")
        ONCE = "once", _("once in this time")

    class Side(models.TextChoices):
        COMPANION = "companion", _("the companion")
        FAMILY = "family", _("the student or the family")
        SCHOOL = "school", _("the school")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    companion = models.ForeignKey(Companion, models.PROTECT, related_name="promises")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, models.RESTRICT, related_name="+")
    what = models.CharField(_("what is promised"), max_length=WORDS)
    every = models.CharField(_("how often"), max_length=10, choices=Every)
    meets = models.BooleanField(_("they meet in person"), default=False)
    starts_on = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    last_day = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_side = models.CharField(_("who would like to stop"), max_length=10, choices=Side, blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)

    objects = PromiseSet.as_manager()

    class Meta:
        ordering = ["student__pinyin", "companion__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="companions_promise_sent_once"),
            models.UniqueConstraint(
                fields=["companion", "student"], condition=Q(ended_at=None), name="companions_promise_once"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("starts_on")), name="companions_promise_has_days"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_side="", last_day=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, last_day__isnull=False)
                & ~Q(ended_side=""),
                name="companions_promise_ended_by_a_side",
            ),
        ]


class KeptSet(OfCompanionSet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Kept(models.Model):
    """What was done or given, on a day. `entry`: the receipt in the ledger, for money and only for it."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("met")
        CALL = "call", _("talked on the phone")
        STUDY = "study", _("helped with learning")
        GOODS = "goods", _("gave things")
        MONEY = "money", _("gave money, through the school’s account")
        OTHER = "other", pgettext_lazy("companion", "something else")

    #: What may well be done face to face, and so waits for the offence-record check.
    IN_PERSON = (Kind.MEETING, Kind.STUDY, Kind.GOODS, Kind.OTHER)

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="kept")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    kind = models.CharField(_("what it was"), max_length=10, choices=Kind)
    words_sealed = models.BinaryField(default=b"", blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = KeptSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="companions_kept_sent_once"),
            models.CheckConstraint(
                condition=Q(kind="money", entry__isnull=False) | ~Q(kind="money") & Q(entry=None),
                name="companions_money_has_its_receipt",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(ended_at=None, entry__isnull=False),
                name="companions_receipt_once",
            ),
        ]


class LetterSet(OfCompanionSet):
    def waiting(self) -> Self:
        return self.filter(outcome="")


class Letter(models.Model):
    """Words of thanks to a companion, written of the student's own will. `reason_sealed`: why it went back to it."""

    class Outcome(models.TextChoices):
        PASSED_ON = "passed_on", _("passed on")
        BACK = "back", _("back with the student")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="letters")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    text_sealed = models.BinaryField()
    written_on = models.DateField(_("written on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = LetterSet.as_manager()

    class Meta:
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="companions_letter_sent_once"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="companions_letter_decided_by_somebody",
            ),
        ]
