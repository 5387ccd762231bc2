"""Facts from school life: attendance events, exams and scores, observed behaviour.

Invariants:
- a score is a number, a 等级 or a special mark (absent, cheated, exempt), never two of them;
- the same event or the same score of one student is one row, however often it is imported.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Student, Term
from tongxing.ground.people.models_calendar import OfSchool
from tongxing.ground.people.scoping import AboutStudents


class AcademicSet(AboutStudents):
    zone: Zone = "academic"


class AttendanceEvent(models.Model):
    class Kind(models.TextChoices):
        LATE = "late", _("late")
        EARLY = "early", _("left early")
        ABSENT = "absent", _("absent")
        LEAVE = "leave", _("on leave")
        UNIFORM = "uniform", _("uniform")
        ENTRY = "entry", _("came in at the gate")
        EXIT = "exit", _("went out at the gate")
        OTHER = "other", _("other event")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="attendance_events")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(max_length=40, blank=True)

    objects = AcademicSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "at", "kind", "code"], name="attendance_once")
        ]
        indexes = [models.Index(fields=["school", "at"], name="attendance_school_at")]


class Exam(models.Model):
    class Kind(models.TextChoices):
        MID_TERM = "mid_term", _("mid-term exam")
        FINAL = "final", _("final exam")
        OTHER = "other", _("other exam")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="exams")
    name = models.CharField(_("exam"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    held_on = models.DateField(_("held on"))

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "name"], name="exam_once")]

    def __str__(self) -> str:
        return self.name


class Score(models.Model):
    """`grade` is the 等级 as the school writes it (A–E, 优 良 …); `full_marks` None: not known, 100 is assumed."""

    class Special(models.TextChoices):
        NONE = "", ""
        ABSENT = "absent", _("absent")
        CHEATED = "cheated", _("result withdrawn")
        EXEMPT = "exempt", _("exempt from the exam")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    exam = models.ForeignKey(Exam, models.CASCADE, related_name="scores")
    student = models.ForeignKey(Student, models.CASCADE, related_name="scores")
    subject = models.CharField(_("subject"), max_length=30)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    full_marks = models.DecimalField(_("full marks"), max_digits=6, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=10, blank=True)
    special = models.CharField(_("special mark"), max_length=10, choices=Special, blank=True)

    objects = AcademicSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "student", "subject"], name="score_once"),
            models.CheckConstraint(
                condition=models.Q(special="") | models.Q(points=None, grade=""), name="one_result"
            ),
        ]


class Behaviour(models.Model):
    """One observed fact (“3 次未交作业”), never an adjective."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="behaviour")
    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=40)
    text = models.CharField(_("what was seen"), max_length=300, blank=True)

    objects = AcademicSet.as_manager()
