"""A round looks at every student of a school; `Looked` is what came of it for one student.

Invariants:
- the rounds of a term are numbered; the newest is the one people work in, the earlier ones stay as they were;
- one row per student and round;
- a candidate has a decision (pending at first), a cleared student has none;
- “not yet looked at” is no row: it is derived from enrolment, so nobody can be missed by forgetting to write it.
"""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student, Term

from .models_nominations import ClassDone, Nomination, NominationQuerySet
from .models_rules import RuleVersion
from .models_visits import ClassVisit, ClassVisitor
from .ruleset import RuleSet

__all__ = [
    "ClassDone",
    "ClassVisit",
    "ClassVisitor",
    "Looked",
    "Nomination",
    "NominationQuerySet",
    "Round",
    "RoundQuerySet",
    "RuleVersion",
    "about",
    "weigh",
]


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: Actor) -> "RoundQuerySet":
        """Whoever takes part in it: for the whole school, or for a class of their own."""
        return self.filter(actor.school_q("screening.nominate"))

    def newest_first(self) -> "RoundQuerySet":
        return self.order_by("-term__starts_on", "-number")


class Round(models.Model):
    """A round of a term (1, 2, …), with the rule set it used and what it could not see."""

    class State(models.TextChoices):
        OPEN = "open", _("being looked at")
        APPROVED = "approved", _("approved")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    rules = models.JSONField()
    sources = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("term", "number"), name="screening_rounds_are_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="screening_rounds_count_from_one"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="screening_approved_round_has_its_moment",
            ),
        ]

    @property
    def rule_set(self) -> RuleSet:
        return RuleSet.from_json(self.rules)


class LookedQuerySet(models.QuerySet["Looked"]):
    def visible_to(self, actor: Actor) -> "LookedQuerySet":
        """Whoever decides about the student; other roles see the register, not the round."""
        return self.filter(actor.students_where("screening.nominate"))

    def in_newest_round(self, as_of: datetime.datetime | None = None) -> "LookedQuerySet":
        """Of each term only the newest round (that was open at `as_of`, with the rows it had by then)."""
        later = Round.objects.filter(
            term=models.OuterRef("round__term"), number__gt=models.OuterRef("round__number")
        )
        if as_of is None:
            return self.filter(~models.Exists(later))
        later = later.filter(opened_at__lte=as_of)
        return self.filter(~models.Exists(later), round__opened_at__lte=as_of, looked_at__lte=as_of)


class Looked(models.Model):
    """One student in one round. `weighed`: the reasons as they were when someone decided."""

    class Outcome(models.TextChoices):
        CANDIDATE = "candidate", _("to be decided")
        CLEARED = "cleared", _("looked at")

    class Decision(models.TextChoices):
        NONE = "", _("none needed")
        PENDING = "pending", _("waiting")
        NORMAL = "confirmed_normal", _("normal support")
        KEY = "confirmed_key", _("key support")
        SET_ASIDE = "set_aside", _("not now")

    class Origin(models.TextChoices):
        RULES = "rules", _("found by the rules")
        PERSON = "person", _("named by a person")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="looked")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.RULES)
    looked_at = models.DateTimeField()
    reasons = models.JSONField(default=list)
    basis = models.JSONField(default=list)
    level = models.CharField(max_length=10, blank=True)
    decision = models.CharField(max_length=20, choices=Decision, blank=True, default=Decision.NONE)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    weighed = models.JSONField(default=list)

    objects = LookedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("round", "student"), name="screening_looked_once_per_round"),
            models.CheckConstraint(
                condition=(Q(outcome="candidate") & ~Q(decision=""))
                | (Q(outcome="cleared") & Q(decision="")),
                name="screening_candidates_have_a_decision",
            ),
        ]
        indexes = [models.Index(fields=("round", "outcome", "decision"), name="screening_looked_open")]

    @property
    def is_decided(self) -> bool:
        return self.decision in {self.Decision.NORMAL, self.Decision.KEY, self.Decision.SET_ASIDE}

    @property
    def has_news(self) -> bool:
        """A reason that was not there, or was lighter, when someone decided."""
        return self.is_decided and not set(weigh(self.reasons)) <= set(self.weighed)


def weigh(reasons: list[dict]) -> list[str]:
    """Reasons as comparable words: code, severity and what it is about (at home the category, else whose word)."""
    return sorted({f"{one['code']}:{one['severity']}:{about(one)}" for one in reasons})


def about(reason: dict) -> str:
    figures = reason["figures"]
    return str(figures.get("category") or figures.get("nomination") or "")
