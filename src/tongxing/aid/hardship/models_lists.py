"""Lists of other offices: who of this school stands on one, in which category.

Invariants:
- of a list only the rows about children of this school are kept, as an id and a category; nobody else's row is stored;
- a list is taken over as a whole, and taken back as a whole; a newer list of the same office stands for itself.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Circumstance, Student
from tongxing.ground.people.scoping import AboutStudents

from .models_rounds import MANAGE


class OfficialListSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))

    def standing(self) -> Self:
        return self.filter(undone_at=None)


class OfficialList(models.Model):
    """`as_of`: the day for which the office made it; `others`: how many rows were about nobody of this school."""

    class Office(models.TextChoices):
        CIVIL = "civil", pgettext_lazy("office", "civil affairs")
        DISABILITY = "disability", pgettext_lazy("office", "disabled persons’ federation")
        RURAL = "rural", pgettext_lazy("office", "agriculture and rural affairs")
        OTHER = "other", pgettext_lazy("office", "another office")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.CharField(_("office"), max_length=10, choices=Office)
    file_name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("as of"))
    others = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = OfficialListSet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "sha256"], condition=Q(undone_at=None), name="hardship_list_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="hardship_list_undone_by_somebody",
            ),
        ]


class ListedSet(AboutStudents):
    zone: Zone = "hardship"

    def standing(self) -> Self:
        return self.filter(sheet__undone_at=None)


class Listed(models.Model):
    """One child on one list. `circumstance`: what was noted of it (`noted`: made by it, not only looked at again)."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sheet = models.ForeignKey(OfficialList, models.CASCADE, related_name="rows")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    category = models.CharField(max_length=30, choices=Circumstance.Category)
    valid_until = models.DateField(null=True, blank=True)
    circumstance = models.ForeignKey(Circumstance, models.SET_NULL, null=True, blank=True, related_name="+")
    noted = models.BooleanField(default=False)

    objects = ListedSet.as_manager()

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "student", "category"], name="hardship_listed_once")
        ]
