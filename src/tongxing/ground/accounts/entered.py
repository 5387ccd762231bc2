"""Columns of rows that somebody enters through a form, and that end with day, person and reason instead of being deleted."""

from django.db import models
from django.db.models import Q

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent

from .models import Organisation, User

WORDS = 200  # characters


def ends_with_reason(name: str) -> models.CheckConstraint:
    """`ended_at`, `ended_by` and `ended_reason` are there together or not at all."""
    return models.CheckConstraint(
        condition=Q(ended_at=None, ended_by=None, ended_reason="")
        | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
        name=name,
    )


class Ended(models.Model):
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    class Meta:
        abstract = True

    def end(self, user_id: int | None, reason: str) -> None:
        """From now on; the action has checked that it stands and that a reason is given."""
        self.ended_at, self.ended_by_id, self.ended_reason = clock.now(), user_id, reason[:WORDS]
        self.save(update_fields=["ended_at", "ended_by", "ended_reason"])

    def end_no_more(self, too_late: str) -> None:
        """Ended by mistake a moment ago; later it is refused with these words."""
        if self.ended_at is not None and not is_recent(self.ended_at):
            raise Refused(too_late)
        self.ended_at, self.ended_by, self.ended_reason = None, None, ""
        self.save(update_fields=["ended_at", "ended_by", "ended_reason"])


class Entered(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True


def entered_once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["school", "client_id"], name=name)
