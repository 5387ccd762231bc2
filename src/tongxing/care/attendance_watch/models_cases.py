"""A child who may stay away from school: looked into, visited, brought back, and looked at by a second person.

Invariants:
- a student has one open case at most; every step is dated, names who took it, and is never changed;
- a visit is made by two; a case ends with a day and an outcome, and rests only after a second person agreed;
- whoever moved to another school is believed once that school has confirmed it.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Student

from .models_absence import FOLLOW, MANAGE

#: The places that sealed texts are bound to.
FOUND = "attendance_watch_casestep.found"
AGREED = "attendance_watch_casestep.agreed"


class State(models.TextChoices):
    SUSPECTED = "suspected", _("to be looked into")
    CHECKED = "checked", _("looked into")
    BRINGING = "bringing", _("being brought back to school")
    CLOSED = "closed", _("waits for a second look")
    DONE = "done", pgettext_lazy("return case", "rests")


OPEN_STATES = (State.SUSPECTED, State.CHECKED, State.BRINGING)


class CaseSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(FOLLOW))

    def not_done(self) -> Self:
        return self.exclude(state=State.DONE)


class ReturnCase(models.Model):
    """`facts`: what the rule counted, as numbers. `ended_on`: back at school, or gone, since that day."""

    class Origin(models.TextChoices):
        ROW = "row", _("several days in a row without leave")
        SHARE = "share", _("many days without leave")
        HAND = "hand", _("a colleague was worried")
        LEFT = "left", _("left, and nobody knows where to")

    class Outcome(models.TextChoices):
        NONE = "", pgettext_lazy("return case", "under way")
        BACK = "back", _("back at school")
        TRANSFERRED = "transferred", _("goes to another school, confirmed there")
        ILL = "ill", _("ill, with a doctor’s paper")
        NOT_SO = "not_so", _("was never away from school")
        OTHER = "other", _("another lawful reason")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    origin = models.CharField(_("where it came from"), max_length=6, choices=Origin)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.SUSPECTED)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("how it ended"), max_length=12, choices=Outcome, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    to_school = models.CharField(_("the other school"), max_length=80, blank=True)
    confirmed_on = models.DateField(_("confirmed there on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    next_on = models.DateField(_("next step on"), null=True, blank=True)

    objects = CaseSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=~models.Q(state="done"), name="one_open_return_case"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["suspected", "checked", "bringing"], outcome="")
                | (models.Q(state__in=["closed", "done"], ended_on__isnull=False) & ~models.Q(outcome="")),
                name="return_case_ends_with_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done", outcome="transferred")
                | models.Q(confirmed_on__isnull=False),
                name="return_case_transfer_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["school", "state"], name="return_case_state")]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class CaseStepSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(FOLLOW, student="case__student"))


class CaseStep(models.Model):
    """`on`: when it happened; `at`: when it was written down; `state`: how the case stood from then on."""

    class Kind(models.TextChoices):
        OPENED = "opened", pgettext_lazy("return case", "first noticed")
        CHECKED = "checked", _("looked into it")
        CALL = "call", _("talked with the family")
        VISIT = "visit", _("visited the family in twos")
        CLOSED = "closed", pgettext_lazy("return case", "closed")
        SIGNED = "signed", _("looked at by a second person")
        AGAIN = "again", pgettext_lazy("return case", "taken up again")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.ForeignKey(ReturnCase, models.CASCADE, related_name="steps")
    client_id = models.UUIDField(null=True, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    on = models.DateField(_("day"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    people = models.ManyToManyField(Staff, related_name="+")
    next_on = models.DateField(null=True, blank=True)
    found_sealed = models.BinaryField(default=b"", blank=True)
    agreed_sealed = models.BinaryField(default=b"", blank=True)

    objects = CaseStepSet.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class MonthTableSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))


class MonthTable(models.Model):
    """The month's figures as they stood at `as_of`: ids and counts by class, no name. Frozen once, never counted anew."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    as_of = models.DateTimeField()
    figures = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MonthTableSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="month_table_once")]
        ordering = ["-month"]
