"""An application, what the reviews say to it, and what was decided and holds from when to when.

Invariants:
- one standing application of a child a round; it is withdrawn, never deleted, and what it says is never changed;
- text about the family is sealed under the child's own key;
- a recognition holds from the day it is filed, at most one of a child at a time; it is followed or ended, never changed;
- what others see of a child is at most the level, and only where the hardship zone is open to them.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.people.scoping import AboutStudents
from tongxing.ground.publicity.models import Notice

from .content import Content
from .models_rounds import APPLY, REVIEW, Level, Round

CONTENT, WORDS, REASON = (
    "hardship_application.content",
    "hardship_review.words",
    "hardship_recognition.reason",
)


class ApplicationSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Everything with the hardship zone; whoever reviews sees what the own task is about, while it is."""
        task = actor.students_where(REVIEW) & Q(state__in=Application.IN_REVIEW)
        return self.filter(actor.students_q("hardship") | task)

    def of_family(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(APPLY))

    def standing(self) -> Self:
        return self.exclude(state=Application.State.WITHDRAWN)


class Application(models.Model):
    """`source`: who typed it. `promised_on`: the day the family signed that all of it is true."""

    class Source(models.TextChoices):
        DOOR = "door", _("at the family's door")
        PAPER = "paper", _("on paper, keyed in")

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        CLASS_SEEN = "class_seen", _("the class has reviewed")
        SCHOOL_SEEN = "school_seen", _("the school has reviewed")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn")

    IN_REVIEW = ("handed_in", "class_seen", "school_seen")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    source = models.CharField(max_length=6, choices=Source)
    state = models.CharField(max_length=12, choices=State, default=State.HANDED_IN)
    content_sealed = models.BinaryField()
    promised_on = models.DateField(_("promise signed on"))
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="hardship_application_sent_once"),
            models.UniqueConstraint(
                fields=["round", "student"],
                condition=~Q(state="withdrawn"),
                name="hardship_one_application_a_round",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None),
                name="hardship_application_withdrawn_by_somebody",
            ),
        ]

    @property
    def content(self) -> Content:
        """Opened with `student.key`."""
        return Content.from_text(unseal(self.student.key, self.content_sealed, CONTENT))

    def put(self, content: Content) -> None:
        self.content_sealed = seal(self.student.key, content.to_text(), CONTENT)


class ReviewSet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class Review(models.Model):
    """One step's opinion: the level it speaks for (none: no recognition), in words, and who sat together."""

    class Step(models.TextChoices):
        CLASS = "class", _("class review")
        SCHOOL = "school", _("school review")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    step = models.CharField(max_length=6, choices=Step)
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    words_sealed = models.BinaryField()
    present = models.ManyToManyField(Staff, related_name="+")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "step"],
                condition=Q(taken_back_at=None),
                name="hardship_one_review_a_step",
            )
        ]


class RecognitionSet(AboutStudents):
    zone: Zone = "hardship"

    def of_family(self, actor: Actor) -> Self:
        """What holds or held for the own child; what is still on its way is nobody's result yet."""
        return self.filter(actor.students_where(APPLY), filed_at__isnull=False)

    def holding(self) -> Self:
        """Filed, with a level, and not followed or ended."""
        return self.filter(filed_at__isnull=False, ended_on=None).exclude(level=None)

    def waiting(self) -> Self:
        """Decided, on the way to being filed."""
        return self.filter(filed_at=None, dropped_at=None)

    def to_publish(self) -> Self:
        """Of these, whom no notice shows: none yet, or one that was taken down."""
        return self.waiting().filter(Q(notice=None) | Q(notice__taken_down_at__isnull=False))


class Recognition(models.Model):
    """What was decided for one child. `level` none: no recognition, or the end of one.

    `notice`: where it was made public; `starts_on` … `ends_on`: the days for which it was filed; `ended_on`: the last
    day it held, where that came earlier; `dropped_at`: taken back before it was filed, with `ended_reason`.
    """

    class Change(models.TextChoices):
        NEW = "new", pgettext_lazy("recognition", "new")
        KEPT = "kept", _("as before")
        UP = "up", _("more support")
        DOWN = "down", _("less support")
        END = "end", _("no longer needed")
        NO = "no", _("not recognised")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="recognitions")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    application = models.ForeignKey(
        Application, models.CASCADE, null=True, blank=True, related_name="recognitions"
    )
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    change = models.CharField(max_length=4, choices=Change)
    reason_sealed = models.BinaryField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    filed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = RecognitionSet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(filed_at__isnull=False, ended_on=None, level__isnull=False),
                name="hardship_one_recognition_holds",
            ),
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(filed_at=None, dropped_at=None),
                name="hardship_one_decision_waits",
            ),
            models.CheckConstraint(
                condition=Q(filed_at=None, filed_by=None, starts_on=None)
                | Q(filed_at__isnull=False, filed_by__isnull=False, starts_on__isnull=False),
                name="hardship_filed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(starts_on__isnull=False, ended_on__gte=F("starts_on")) & ~Q(ended_reason=""),
                name="hardship_ends_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(change__in=["end", "no"], level=None)
                | ~Q(change__in=["end", "no"]) & Q(level__isnull=False),
                name="hardship_level_fits_the_change",
            ),
        ]

    def has_lapsed(self, day: datetime.date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    @property
    def reason(self) -> str:
        return unseal(self.student.key, self.reason_sealed, REASON)
