"""Months handed in and checked, and the lists by which they are paid."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import ended_with_reason
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models_people import Assignment, OfPostSet
from .models_posts import PAY, WORDS, Post


class PayListSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(PAY))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class PayList(models.Model):
    """What is paid for one month, all paid posts together. `entry`: the payment in the ledger; one that was sent back
    or reversed there pays nothing."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    month = models.DateField()
    total = models.BigIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = PayListSet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="workstudy_list_sent_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="workstudy_list_is_something"),
            ended_with_reason("workstudy_list_ends_with_reason"),
        ]


class Month(models.Model):
    """A month of a post, handed in by its supervisor. Sent back it has ended, and is handed in anew.

    `pay_list`: the one list that pays it."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="months")
    month = models.DateField()
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    pay_list = models.ForeignKey(PayList, models.PROTECT, null=True, blank=True, related_name="months")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = OfPostSet.as_manager()

    class Meta:
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "month"], condition=Q(ended_at=None), name="workstudy_month_once"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(checked_by=F("handed_in_by")),
                name="workstudy_month_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(pay_list=None) | Q(checked_by__isnull=False, ended_at=None),
                name="workstudy_month_paid_when_checked",
            ),
            ended_with_reason("workstudy_month_ends_with_reason"),
        ]


class LineSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(PAY))


class PayLine(models.Model):
    """What one student is paid for one post's month: `minutes` at `rate`, `amount` in fen, as worked out that day."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    pay_list = models.ForeignKey(PayList, models.PROTECT, related_name="lines")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    minutes = models.PositiveIntegerField()
    rate = models.BigIntegerField()
    amount = models.BigIntegerField()

    objects = LineSet.as_manager()

    class Meta:
        ordering = ["student__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pay_list", "assignment"], name="workstudy_line_once"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, rate__gt=0, amount__gt=0), name="workstudy_line_is_something"
            ),
        ]
