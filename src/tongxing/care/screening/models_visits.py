"""Leaders go to the classes themselves: who went where, when, whom they asked, what they noticed.

Invariants:
- a visit belongs to the term of its day; a class without a visit in a term is derived, never stored;
- children named on a visit are nominations like any other;
- a visit written down by mistake is withdrawn with its reason, not deleted.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff, Term


class ClassVisitQuerySet(models.QuerySet["ClassVisit"]):
    def visible_to(self, actor: Actor) -> "ClassVisitQuerySet":
        return self.filter(actor.school_q("screening.view"))

    def standing(self) -> "ClassVisitQuerySet":
        return self.filter(withdrawn_at=None)

    def of_term(self, term: Term) -> "ClassVisitQuerySet":
        return self.filter(school_id=term.school_id, visited_on__range=(term.starts_on, term.ends_on))


class ClassVisit(models.Model):
    """`asked`: values of Asked; `noticed` is about the class, children are named by nominations of their own."""

    class Asked(models.TextChoices):
        CLASS_TEACHER = "class_teacher", _("the class teacher")
        SUBJECT_TEACHERS = "subject_teachers", _("subject teachers")
        STUDENTS = "students", _("students")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+")
    visited_on = models.DateField()
    asked = models.JSONField(default=list)
    noticed = models.CharField(max_length=600, blank=True)
    client_id = models.UUIDField(unique=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects = ClassVisitQuerySet.as_manager()

    @property
    def asked_labels(self) -> list[str]:
        return [str(self.Asked(one).label) for one in self.asked]


class ClassVisitorQuerySet(models.QuerySet["ClassVisitor"]):
    def visible_to(self, actor: Actor) -> "ClassVisitorQuerySet":
        return self.filter(actor.school_q("screening.view"))


class ClassVisitor(models.Model):
    """One of those who went."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(ClassVisit, models.CASCADE, related_name="visitors")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = ClassVisitorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("visit", "staff"), name="screening_visitor_once")]
