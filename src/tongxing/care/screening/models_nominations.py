"""What people say about a child, and which classes were gone through.

Invariants:
- a nomination keeps its source, its writer and its words for good; nobody edits or deletes it;
- it is open until someone answers it or a round takes it up; opening a round takes up every open one;
- a class is through when its teacher said so and nobody in it waits: the first is stored, the second derived.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, actor: Actor) -> "NominationQuerySet":
        """Whoever decides about the student reads it; everybody else what they wrote themselves."""
        if actor.is_system:
            return self
        own = Q(written_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return self.filter(actor.students_where("screening.nominate") | own)

    def open(self) -> "NominationQuerySet":
        return self.filter(decided_at=None)


class Nomination(models.Model):
    """A person asks that this child be looked at. `round`: the round that took it up; else `answer` says why not."""

    class Source(models.TextChoices):
        CLASS_TEACHER = "class_teacher", _("class teacher")
        SUBJECT_TEACHER = "subject_teacher", _("subject teacher")
        HELPER = "helper", _("helper")
        COUNSELLOR = "counsellor", _("counsellor")
        LEADER = "leader", _("leading group")
        VISIT = "visit", _("a visit to the class")
        STUDENT = "student", _("the student")
        FELLOW = "fellow", _("a fellow student")
        GUARDIAN = "guardian", _("guardian")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    source = models.CharField(max_length=20, choices=Source)
    said_by = models.CharField(max_length=60, blank=True)
    said_on = models.DateField()
    words = models.CharField(max_length=300)
    level = models.CharField(max_length=10, default="normal")
    client_id = models.UUIDField(unique=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    visit = models.ForeignKey("screening.ClassVisit", models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey("screening.Round", models.PROTECT, null=True, related_name="nominations")
    answer = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, round=None, answer="")
                | Q(decided_at__isnull=False, round__isnull=False, answer="")
                | (Q(decided_at__isnull=False, round=None) & ~Q(answer="")),
                name="screening_nomination_open_taken_or_answered",
            ),
        ]
        indexes = [models.Index(fields=("school", "decided_at"), name="screening_nomination_open")]

    @property
    def is_open(self) -> bool:
        return self.decided_at is None


class ClassDoneQuerySet(models.QuerySet["ClassDone"]):
    def visible_to(self, actor: Actor) -> "ClassDoneQuerySet":
        mine = ClassMembership.objects.filter(actor.students_where("screening.nominate"), ends_on=None)
        return self.filter(school_class__in=mine.values("school_class"))


class ClassDone(models.Model):
    """Someone went through the whole class in this round and left nobody waiting."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey("screening.Round", models.CASCADE, related_name="classes_done")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ClassDoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("round", "school_class"), name="screening_class_done_once")
        ]
