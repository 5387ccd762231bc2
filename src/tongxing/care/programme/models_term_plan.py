"""A student's plan of a term (一生一策): what was seen, where it should lead, what is done for it and by whom.

Invariants:
- one plan a student and term; its versions are numbered, and what was handed in is never changed: a change is a new
  version with its reason, the one before stays in force until the new one is approved;
- nobody approves what they handed in themselves;
- what people wrote is sealed under the student's own key; dates, numbers and states lie in the open;
- what a measure asks of people lies in the plan items that follow from the plan (`PlanItem.term_plan`), never here;
- why the child is on the register and in which subjects a hand is needed is read from screening, not kept twice.
"""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Staff, Student, Term
from tongxing.ground.people.scoping import AboutStudents

#: The places that sealed texts are bound to.
BODY = "programme_planversion.body"
REASON = "programme_planversion.reason"
NOTE = "programme_planversion.note"
MEASURE = "programme_planmeasure.body"
REVIEW = "programme_planreview.body"
WHY_ENDED = "programme_termplan.ended_reason"


class TermPlanSet(AboutStudents):
    zone: Zone = "care"


class TermPlan(models.Model):
    """The plan as a whole; what it says is in its versions. `ended_on`: the last day it was to be followed."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="term_plans")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    client_id = models.UUIDField(editable=False)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_reason_sealed = models.BinaryField(default=b"", blank=True)

    objects = TermPlanSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "term"], name="one_plan_a_term"),
            models.CheckConstraint(
                condition=models.Q(ended_on=None, ended_at=None)
                | models.Q(ended_on__isnull=False, ended_at__isnull=False),
                name="term_plan_ends_with_its_day",
            ),
        ]


class PlanVersion(models.Model):
    """One version of a plan, and its way: written, handed in, approved or sent back, replaced by the next."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        HANDED_IN = "handed_in", _("waits for approval")
        SENT_BACK = "sent_back", _("came back")
        APPROVED = "approved", pgettext_lazy("plan", "approved")
        REPLACED = "replaced", _("replaced by a later version")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(pgettext_lazy("plan", "from"))
    until = models.DateField(_("until"))
    review_on = models.DateField(_("look at it again on"))
    body_sealed = models.BinaryField(default=b"", blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    note_sealed = models.BinaryField(default=b"", blank=True)
    writers = models.ManyToManyField(User, related_name="+")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    edits = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state__in=["draft", "handed_in"]),
                name="one_open_plan_version",
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="approved"), name="one_plan_version_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("review_on"), review_on__lte=models.F("until")),
                name="plan_version_dates",
                violation_error_message=_("The day to look at it again lies between the first and the last."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(handed_in_at__isnull=False),
                name="plan_version_was_handed_in",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "replaced"]) | models.Q(approved_at__isnull=False),
                name="plan_version_was_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | models.Q(handed_in_by=None)
                | ~models.Q(approved_by=models.F("handed_in_by")),
                name="nobody_approves_the_own_plan",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.HANDED_IN}

    @property
    def was_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def token(self) -> str:
        """What a page has shown: another one means that somebody changed it in the meantime."""
        return f"{self.number}.{self.edits}"

    def touch(self) -> None:
        """Something about it changes now; the caller saves it."""
        self.changed_at, self.edits = clock.now(), self.edits + 1


class PlanMeasure(models.Model):
    """What is done, by whom, how often. `promise`: the school's promise that it changes for this student;
    `record_as`: the kind of record that one more promise is kept with; neither: nobody is asked by the product.

    `key` is the same in every version, so that what follows from it goes on where nothing changes.
    """

    class By(models.TextChoices):
        HELPER = "helper", _("helper")
        CLASS_TEACHER = "class_teacher", _("class teacher")
        COLLEAGUE = "colleague", _("another colleague")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="measures")
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    body_sealed = models.BinaryField()
    by = models.CharField(max_length=15, choices=By, default=By.HELPER)
    person = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    every = models.CharField(max_length=12, blank=True)
    n = models.PositiveSmallIntegerField(default=1)
    promise = models.CharField(max_length=30, blank=True)
    record_as = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="plan_measures_in_order"),
            models.UniqueConstraint(fields=["version", "key"], name="plan_measure_once"),
            models.CheckConstraint(
                condition=models.Q(by="colleague", person__isnull=False)
                | (~models.Q(by="colleague") & models.Q(person=None)),
                name="plan_measure_has_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(promise="") | models.Q(record_as=""), name="plan_measure_asks_one_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(promise="", record_as="") | ~models.Q(every=""),
                name="plan_measure_asks_with_a_rhythm",
            ),
        ]


class PlanReview(models.Model):
    """Looking at a plan again: what helped, what comes next, what the teachers and the family say.

    `next_on`: when somebody looks again; the last look of the term names none and ends the plan. `family_record`: the
    record in which the family said it.
    """

    class Conclusion(models.TextChoices):
        GOES_ON = "goes_on", _("go on as it is")
        CHANGES = "changes", _("go on in another way")
        ENOUGH = "enough", _("what everybody gets is enough from now on")
        ENDS = "ends", _("the plan ends today")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="reviews")
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    looked_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    body_sealed = models.BinaryField()
    family_record = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    conclusion = models.CharField(max_length=10, choices=Conclusion)
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-looked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(next_on=None) | models.Q(next_on__gt=models.F("looked_on")),
                name="plan_review_looks_ahead",
            )
        ]
