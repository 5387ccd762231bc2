"""What comes from outside and goes there: the county's questionnaires, referrals, and what the family was told."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Consent, Student

from .models_notes import Handover
from .models_room import OfCounsellor, OfRoom

#: The places that sealed texts are bound to.
LEVEL = "counselling_tool_result.level"
OUTSIDE = "counselling_outside.text"
OUTSIDE_REPLY = "counselling_outside.reply"
OUTSIDE_AFTER = "counselling_outside.after"
TOLD = "counselling_guardian_told.text"


class ToolSet(OfRoom):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Tool(models.Model):
    """A questionnaire that the county holds: its name and its levels. Its questions are never asked here.

    `act_today`: those of its levels on which somebody looks after the child the same day.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    levels = models.JSONField(default=list)
    act_today = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ToolSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=models.Q(ended_at=None), name="counselling_tool_once"
            )
        ]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class OutsideSet(OfCounsellor):
    def handed_to(self, actor: Actor) -> models.Q:
        given = Handover.objects.filter(to_id=actor.user_id or 0, ended_at=None, with_outside=True)
        return models.Q(
            pk__in=self.model._default_manager.filter(
                student__in=given.values("student"), counsellor__in=given.values("by")
            ).values("pk")
        )


class ToolResult(models.Model):
    """Level and day of one outside questionnaire, under the family's consent of that day. Nothing else is kept."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    tool = models.ForeignKey(Tool, models.PROTECT, related_name="+")
    level_sealed = models.BinaryField()
    done_on = models.DateField()
    recorded_at = models.DateTimeField()
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="+")
    flag = models.ForeignKey(RiskFlag, models.CASCADE, null=True, blank=True, related_name="+")

    objects = OutsideSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_tool_result_once")
        ]
        ordering = ["-done_on", "-pk"]


class OutsideReferral(models.Model):
    """A child is referred to a hospital or the county's centre: to whom, why in safe words, who agreed, what came back.

    Sealed together: to whom, why, who of the family agreed. `urgent`: without consent, to protect the child at once.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    text_sealed = models.BinaryField()
    urgent = models.BooleanField(default=False)
    agreed_on = models.DateField(null=True, blank=True)
    referred_on = models.DateField()
    recorded_at = models.DateTimeField()
    follow_up_on = models.DateField()
    reply_sealed = models.BinaryField(default=b"", blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    after_sealed = models.BinaryField(default=b"", blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)

    objects = OutsideSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_outside_once"),
            models.CheckConstraint(
                condition=models.Q(urgent=True) | models.Q(agreed_on__isnull=False),
                name="counselling_outside_agreed_or_urgent",
            ),
            models.CheckConstraint(
                condition=models.Q(follow_up_on__gte=models.F("referred_on")),
                name="counselling_followed_up_after",
            ),
        ]
        ordering = ["-referred_on", "-pk"]


class GuardianTold(models.Model):
    """Whom of the family the counsellor told about a danger and when, or why nobody was told."""

    class WhyNot(models.TextChoices):
        TOLD = "", _("told")
        DANGER = "danger", _("the family may be the danger")
        NOT_REACHED = "not_reached", _("nobody could be reached yet")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    flag = models.ForeignKey(RiskFlag, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=12, choices=WhyNot, blank=True)
    text_sealed = models.BinaryField()
    recorded_at = models.DateTimeField()

    objects = OfCounsellor.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(why_not="", told_at__isnull=False)
                | (~models.Q(why_not="") & models.Q(told_at=None)),
                name="counselling_told_or_why_not",
            )
        ]
        ordering = ["recorded_at", "pk"]
