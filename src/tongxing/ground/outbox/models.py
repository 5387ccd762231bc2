"""Messages to colleagues: written in the transaction of what they tell about, delivered later.

Invariants:
- a message names no student and quotes no record: it may leave the building by e-mail;
- the same `key` to the same person is one message, however often it is sent;
- an address gets mail only after its owner confirmed it; a feed's secret is kept as a fingerprint alone.
"""

import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

from . import rules


class MessageSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own messages, nobody else's."""
        return self if actor.is_system else self.filter(to_id=actor.user_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """One sentence and the page it leads to. Times in UTC; `link_args` are ids."""

    class Mail(models.TextChoices):
        NONE = "", _("on the page only")
        WAITING = "waiting", _("to be sent")
        SENT = "sent", _("sent by e-mail")
        GIVEN_UP = "given_up", _("could not be sent by e-mail")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    link_name = models.CharField(max_length=40)
    link_args = models.JSONField(default=list, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=Mail, blank=True, default=Mail.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    objects = MessageSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="message_once")]
        indexes = [models.Index(fields=["to", "read_at"], name="message_unread")]
        ordering = ["-urgent", "-created_at", "-pk"]

    @property
    def href(self) -> str:
        return reverse(self.link_name, args=self.link_args)


class MailAddress(models.Model):
    """Where a colleague wants messages by e-mail, and when not (school time). It belongs to the person."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    address = models.EmailField(_("e-mail address"))
    confirmed_at = models.DateTimeField(null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), default=rules.QUIET_FROM)
    quiet_until = models.TimeField(_("until"), default=rules.QUIET_UNTIL)

    def next_allowed(self, moment: datetime.datetime) -> datetime.datetime:
        return rules.next_allowed(moment, self.quiet_from, self.quiet_until)


class Feed(models.Model):
    """A calendar feed that opens with its secret alone; taking it back deletes the row."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
