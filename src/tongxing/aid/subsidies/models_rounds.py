"""A project in one term of one school, and what each child has of it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongxing.aid.ledger.models_books import ended_with_reason
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Student, Term
from tongxing.ground.people.scoping import AboutStudents

from .models_projects import MANAGE, NAME, PAY, WORDS, Project

REASON = "subsidies_subsidy.reason"


class RoundSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE) | actor.school_q(PAY))


class Round(models.Model):
    """`paper`: the paper that gives the money (拨款文件), by number and date. `what`: what is handed out, of things."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="rounds")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    paper = models.CharField(_("paper that gives the money"), max_length=WORDS, blank=True)
    what = models.CharField(_("what each child gets"), max_length=NAME, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundSet.as_manager()

    class Meta:
        ordering = ["-term__starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "project", "term"], name="subsidies_one_round_a_term"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="subsidies_round_closed_by_somebody",
            ),
        ]


class SubsidySet(AboutStudents):
    zone: Zone = "hardship"

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def granted(self) -> Self:
        """What a child gets: decided so, and in an emergency by two people."""
        once = Q(round__project__kind=Project.Kind.EMERGENCY, agreed_at=None)
        return self.standing().filter(granted=True).exclude(once)

    def waiting(self) -> Self:
        """Help in an emergency that waits for the second person."""
        return self.standing().filter(
            granted=True, round__project__kind=Project.Kind.EMERGENCY, agreed_at=None
        )


class Subsidy(models.Model):
    """What was decided for one child. `suggested`: what the rules said that day, in fen; nothing: they suggested none.

    `term`, `project` and `apart` repeat the round's, so that the database itself sees what comes twice.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="subsidies")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    apart = models.CharField(max_length=NAME, blank=True)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    granted = models.BooleanField()
    amount = models.BigIntegerField()
    suggested = models.BigIntegerField(default=0)
    grounds = models.JSONField(default=list)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = SubsidySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "project", "term"],
                condition=Q(ended_at=None),
                name="subsidies_one_a_child_project_and_term",
            ),
            models.UniqueConstraint(
                fields=["student", "term", "apart"],
                condition=Q(ended_at=None, granted=True) & ~Q(apart=""),
                name="subsidies_one_of_those_that_exclude",
            ),
            models.CheckConstraint(
                condition=Q(granted=True, amount__gt=0) | Q(granted=False, amount=0),
                name="subsidies_granted_is_something",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("decided_by")),
                name="subsidies_agreed_by_another",
            ),
            ended_with_reason("subsidies_subsidy_ends_with_reason"),
        ]

    @property
    def reason(self) -> str:
        """Opened with `student.key`."""
        return unseal(self.student.key, self.reason_sealed, REASON)
