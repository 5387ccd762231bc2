"""The rule sets a school has saved, each with who and when; the newest is in force."""

from django.db import models

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

from .ruleset import RuleSet


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def visible_to(self, actor: Actor) -> "RuleVersionQuerySet":
        return self.filter(actor.school_q("screening.view"))


class RuleVersion(models.Model):
    """One saved rule set, numbered from 1; never changed afterwards."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    rules = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("school", "number"), name="screening_rules_are_numbered")
        ]

    @property
    def rule_set(self) -> RuleSet:
        return RuleSet.from_json(self.rules)
