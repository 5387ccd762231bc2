"""The way of one honour: self-check, proposal, what the committee says, the yes of those concerned, the title.

Invariants:
- everything that is said about somebody is sealed, of a child under the child's own key;
- nobody who is near looks at it: oneself, the own class, the own family, one's helper, whoever proposed it, who stood back;
- nobody is public before all who were asked said yes, at their own door or on paper; a later no takes the name away;
- what the committee said is read by the committee alone; a title is withdrawn with its reason, never deleted.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.peers.models import Together
from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.consents import CAN
from tongxing.ground.people.models import Consent, SchoolClass, Staff, Student
from tongxing.ground.publicity.models import Notice

from . import rules
from .models_schemes import MANAGE, PROPOSE, VIEW, CommitteeMember, Criterion, Scheme
from .whom import OFFICES, Whom, label

STORY, CHECK, SAID = (
    "recognition_commendation.story",
    "recognition_selfcheck.words",
    "recognition_review.words",
)
WORDS = 600  # characters
#: The purpose of the consent whose withdrawal takes a child's name away as well.
PRAISE = "praise"
_ONE = ("school_class", "staff", "together", "student")


def _of_one(name: str, *columns: str) -> models.CheckConstraint:
    """Exactly one of the columns, or the office, says who it is."""
    only = ~Q(office="") & Q(**{f"{column}__isnull": True for column in columns})
    for given in columns:
        only |= Q(office="", **{f"{column}__isnull": column != given for column in columns})
    return models.CheckConstraint(condition=only, name=name)


class OfSomebody(Entered, Ended):
    """`office`: one of the school's offices. `code`: one value for whoever it is (`whom.Whom.code`)."""

    office = models.CharField(max_length=20, choices=[(one.value, one.label) for one in OFFICES], blank=True)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40, editable=False)

    class Meta:
        abstract = True


class SelfCheckSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever wrote it, the committee and those who lead."""
        if actor.is_system:
            return self
        return self.filter(actor.school_q(MANAGE) | Q(entered_by=actor.user_id) | on_committee(actor))


def on_committee(actor: Actor) -> Q:
    sits = CommitteeMember.objects.filter(staff__user=actor.user_id, ended_at=None).values("scheme")
    return Q(scheme__in=sits)


class SelfCheck(OfSomebody):
    """What a colleague says about the own work, or for the own office or class, beside what the records show."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="self_checks")
    key = models.ForeignKey(SubjectKey, models.PROTECT, related_name="+")
    words_sealed = models.BinaryField(default=b"", blank=True)

    objects = SelfCheckSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            entered_once("recognition_check_once"),
            ends_with_reason("recognition_check_ends_with_reason"),
            _of_one("recognition_check_of_one", "school_class", "staff"),
            models.UniqueConstraint(
                fields=["scheme", "code", "entered_by"],
                condition=Q(ended_at=None),
                name="recognition_one_check_each",
            ),
        ]

    @property
    def whom(self) -> Whom:
        return Whom(self.office, self.school_class, self.staff)

    @property
    def words(self) -> str:
        return unseal(self.key, self.words_sealed, CHECK)


class CommendationSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who lead and the committee; whoever proposed it; what shows on the school's page every colleague."""
        if actor.is_system:
            return self
        near = actor.school_q(MANAGE) | on_committee(actor) | Q(entered_by=actor.user_id)
        return self.filter(near | actor.school_q(VIEW) & Q(pk__in=Commendation.objects.shown().values("pk")))

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def agreed(self) -> Self:
        """Everybody who was asked has said yes, and no family has withdrawn its praise since."""
        asked = Asked.objects.filter(commendation=models.OuterRef("pk"))
        taken_back = Consent.objects.filter(
            student=models.OuterRef("student"),
            purpose=PRAISE,
            withdrawn_on__gte=models.OuterRef("answered_on"),
        )
        gone = asked.filter(Q(models.Exists(taken_back)))
        return self.filter(
            models.Exists(asked), ~models.Exists(asked.exclude(answer="yes")), ~models.Exists(gone)
        )

    def awarded(self) -> Self:
        return self.standing().filter(awarded_on__isnull=False)

    def shown(self) -> Self:
        """What stands on the school's page today; it goes by itself on its day."""
        return self.awarded().agreed().filter(shown_until__gte=clock.today())

    def with_whom(self) -> Self:
        return self.select_related(
            "scheme", "school", "key", "school_class", "staff", "student__key",
            "together__student__key", "together__partner__key", "notice",
        )  # fmt: skip


class Commendation(OfSomebody):
    """One who is to be honoured. `story`: what they did, in words. `outcome`: what the committee said together."""

    class Outcome(models.TextChoices):
        OPEN = "", _("the committee looks at it")
        MEETS = "meets", pgettext_lazy("honour", "meets what the scheme asks")
        NOT_YET = "not_yet", pgettext_lazy("honour", "does not meet it yet")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="commendations")
    together = models.ForeignKey(Together, models.CASCADE, null=True, blank=True, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.ForeignKey(SubjectKey, models.PROTECT, related_name="+")
    story_sealed = models.BinaryField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    concluded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    awarded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    awarded_on = models.DateField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    shown_until = models.DateField(null=True, blank=True)

    objects = CommendationSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            entered_once("recognition_proposal_once"),
            ends_with_reason("recognition_proposal_ends_with_reason"),
            _of_one("recognition_proposal_of_one", *_ONE),
            models.UniqueConstraint(
                fields=["scheme", "code"], condition=Q(ended_at=None), name="recognition_proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", concluded_by=None, concluded_at=None)
                | ~Q(outcome="") & Q(concluded_by__isnull=False, concluded_at__isnull=False),
                name="recognition_concluded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(notice=None) | Q(outcome="meets"), name="recognition_public_once_it_meets"
            ),
            models.CheckConstraint(
                condition=Q(awarded_on=None, awarded_by=None, number=None, shown_until=None)
                | Q(awarded_on__isnull=False, awarded_by__isnull=False, number__isnull=False)
                & Q(shown_until__isnull=False, notice__isnull=False),
                name="recognition_awarded_after_its_notice",
            ),
            models.UniqueConstraint(fields=["scheme", "number"], name="recognition_number_once"),
        ]

    @property
    def whom(self) -> Whom:
        return Whom(self.office, self.school_class, self.staff, self.together, self.student)

    @property
    def label(self) -> str:
        return label(self.whom, self.scheme.kind)

    @property
    def story(self) -> str:
        return unseal(self.key, self.story_sealed, STORY)

    @property
    def students(self) -> tuple[Student, ...]:
        return self.whom.students

    @property
    def state(self) -> rules.State:
        """Use with `prefetch_related("asked")`."""
        return rules.state(
            withdrawn=self.ended_at is not None,
            outcome=self.outcome,
            answers=[one.answer for one in self.asked.all()],
            public=self.notice is not None and self.notice.taken_down_at is None,
            awarded=self.awarded_on is not None,
        )


class Review(models.Model):
    """What one of the committee says: meets or not yet, and why. `met`: the criteria this person finds met."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    commendation = models.ForeignKey(Commendation, models.CASCADE, related_name="reviews")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    meets = models.BooleanField()
    met = models.ManyToManyField(Criterion, related_name="+")
    words_sealed = models.BinaryField()
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["commendation", "staff"], name="recognition_word_once")
        ]


class StoodBack(models.Model):
    """A member of the committee who is near in a way that the records do not know. `ended_at`: it was a slip."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    commendation = models.ForeignKey(Commendation, models.CASCADE, related_name="stood_back")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commendation", "staff"],
                condition=Q(ended_at=None),
                name="recognition_stood_back_once",
            )
        ]


class AskedSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever is asked, whoever may ask for the child, and those who lead."""
        if actor.is_system:
            return self
        return self.filter(actor.school_q(MANAGE) | asked_q(actor) | asks_for_child_q(actor))

    def of_standing(self) -> Self:
        return self.filter(commendation__ended_at=None)


def asked_q(actor: Actor) -> Q:
    """What this person is asked: as a colleague, as the guardian of a child, as the student."""
    child = Q(side="guardian") & actor.students_where("door.family")
    mine = Q(side="student") & actor.students_where("door.student")
    return Q(side="staff", staff__user=actor.user_id, staff__user__isnull=False) | child | mine


def asks_for_child_q(actor: Actor) -> Q:
    """What the families and children are asked whom this person looks after: the class teacher, a helper."""
    return Q(student__isnull=False) & actor.students_where(CAN) & actor.students_where(PROPOSE)


class Asked(models.Model):
    """One who is asked before the name is public. `given_by`: who said it on paper or in a talk, in words."""

    class Side(models.TextChoices):
        STAFF = "staff", pgettext_lazy("asked", "colleague")
        GUARDIAN = "guardian", pgettext_lazy("asked", "the family")
        STUDENT = "student", pgettext_lazy("asked", "the student")

    class Answer(models.TextChoices):
        OPEN = "", pgettext_lazy("asked", "no answer yet")
        YES = "yes", pgettext_lazy("asked", "yes, gladly")
        NO = "no", pgettext_lazy("asked", "rather not")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    commendation = models.ForeignKey(Commendation, models.CASCADE, related_name="asked")
    side = models.CharField(max_length=10, choices=Side)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=60, blank=True)

    objects = AskedSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="staff", staff__isnull=False, student=None)
                | Q(side__in=("guardian", "student"), staff=None, student__isnull=False),
                name="recognition_asked_of_one",
            ),
            models.UniqueConstraint(
                fields=["commendation", "side", "student"], name="recognition_child_asked_once"
            ),
            models.UniqueConstraint(fields=["commendation", "staff"], name="recognition_staff_asked_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, answered_by=None, answered_at=None)
                | Q(answer__in=("yes", "no"), answered_on__isnull=False)
                & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="recognition_answered_by_somebody",
            ),
        ]

    @property
    def who(self) -> str:
        if self.staff:
            return self.staff.name
        assert self.student is not None
        return f"{self.student.name}（{self.get_side_display()}）"
