"""A child may be in danger: who said so, who has taken it on, what was done, and who looked at it again.

Invariants:
- every step is dated, names who took it, and is never changed or deleted;
- what was said and done is sealed under the student's own key: a destroyed key takes it along;
- whoever is named in it, and where people do harm the class teacher, neither sees the flag nor that it is there;
- it ends only when a second person has looked at how it was closed.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from . import rules

#: The places that sealed texts are bound to.
SAID = "safety_riskflag.said"
TEXT = "safety_flagstep.text"


class Category(models.TextChoices):
    """In the order of `rules.CATEGORIES`."""

    SELF_HARM = "self_harm", _("may harm themselves")
    HARM_BY_OTHERS = "harm_by_others", _("harmed by somebody")
    ABUSE = "abuse", _("beaten or neglected")
    BULLYING = "bullying", _("bullied")
    RUNNING_AWAY = "running_away", _("may run away")
    DANGER_AT_HOME = "danger_at_home", _("not safe at home")


class RiskFlagSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For those who answer for children's safety, without the flags that are kept from them."""
        rows = self.filter(actor.school_q("safety.respond"))
        return rows if actor.is_system else rows.exclude(kept_from=actor.user_id)

    def raised_by(self, actor: Actor) -> Self:
        """What this person has raised: that it was taken in, never how it goes on."""
        return self.filter(raised_by_id=actor.user_id) if actor.user_id else self.none()

    def not_done(self) -> Self:
        return self.exclude(state=RiskFlag.State.DONE)


class RiskFlag(models.Model):
    """`source`: what it came from, as a word and an id ("contact", 12), empty when raised by hand.
    `level`: who has been asked so far – 0 responder, 1 deputy responder, 2 head."""

    class State(models.TextChoices):
        RAISED = "raised", _("waits for somebody")
        TAKEN = "taken", _("taken on")
        CLOSED = "closed", _("waits for a second look")
        DONE = "done", pgettext_lazy("safety", "done")

    class Outcome(models.TextChoices):
        NONE = "", pgettext_lazy("safety", "open")
        SAFE = "safe", _("the child is safe")
        HANDED_OVER = "handed_over", _("reported, the authorities have taken over")
        FALSE_ALARM = "false_alarm", _("it was not meant so")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    categories = models.JSONField(default=list)
    source_kind = models.CharField(max_length=20, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_sealed = models.BinaryField(default=b"", blank=True)
    kept_from = models.ManyToManyField(User, related_name="+")
    level = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.RAISED)
    responder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("how it ended"), max_length=12, choices=Outcome, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RiskFlagSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="risk_flag_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["raised", "taken"], outcome="")
                | (models.Q(state__in=["closed", "done"]) & ~models.Q(outcome="")),
                name="risk_flag_ends_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "state"], name="risk_flag_state"),
            models.Index(fields=["source_kind", "source_id"], name="risk_flag_source"),
        ]

    @property
    def labels(self) -> list[str]:
        return [str(Category(category).label) for category in self.categories]

    @property
    def by_people(self) -> bool:
        return not rules.BY_PEOPLE.isdisjoint(self.categories)

    @property
    def family_later(self) -> bool:
        return not rules.FAMILY_LATER.isdisjoint(self.categories)


class FlagStepSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(flag__in=RiskFlag.objects.visible_to(actor))


class FlagStep(models.Model):
    class Kind(models.TextChoices):
        RAISED = "raised", pgettext_lazy("safety", "raised")
        ADDED = "added", _("more was written")
        ASKED = "asked", _("asked the next in line")
        TAKEN = "taken", _("taken on")
        LET_GO = "let_go", _("who looked after it answers no longer")
        MEASURE = "measure", pgettext_lazy("safety step", "done")
        OPENED = "opened", _("read the record")
        CLOSED = "closed", pgettext_lazy("safety", "closed")
        SENT_BACK = "sent_back", _("taken up again")
        SIGNED = "signed", _("looked at again")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    flag = models.ForeignKey(RiskFlag, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text_sealed = models.BinaryField(default=b"", blank=True)

    objects = FlagStepSet.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class SafetyWordsSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("safety.raise"))


class SafetyWords(models.Model):
    """What a writer reads in this school: the duty to report, and whom one can call. One row once edited."""

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    duty = models.TextField(_("what the law asks of us"))
    lines = models.TextField(_("help lines, one a line"))

    objects = SafetyWordsSet.as_manager()
