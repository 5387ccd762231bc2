"""Imports: what was handed in, what it would change, and whether it was taken over.

Invariants:
- the cells of the files are kept only between preview and decision, in the encrypted database, at most a day;
- afterwards the names of the files, their fingerprints and the counts remain.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor


class BatchSet(models.QuerySet["ImportBatch"]):
    def visible_to(self, actor: Actor) -> "BatchSet":
        return self.filter(actor.school_q("import.run"))


class ImportBatch(models.Model):
    """Files that are taken over together or not at all.

    `files`: name, sha256 and what was recognised; `counts` per table; `problems` as they were found by the preview;
    `content`: cells and settings, compressed, only while state is previewed. `trace`: what was added and changed, for
    as long as it can be taken back (`undo.py`).
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("looked at")
        DONE = "done", _("taken over")
        DISCARDED = "discarded", _("set aside")
        UNDONE = "undone", _("taken back")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.PREVIEWED)
    files = models.JSONField(default=list)
    counts = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    content = models.BinaryField(default=b"")
    trace = models.BinaryField(default=b"")
    undone_at = models.DateTimeField(null=True)

    objects = BatchSet.as_manager()

    class Meta:
        ordering = ["-pk"]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PREVIEWED

    @property
    def can_be_taken_over(self) -> bool:
        return self.is_open and not self.problem_count and self.touched > 0

    @property
    def problem_count(self) -> int:
        return sum(entry["wrong"] for entry in self.counts) + sum(1 for f in self.files if f["refused"])

    @property
    def touched(self) -> int:
        return sum(entry["new"] + entry["changed"] for entry in self.counts)


class ProfileSet(models.QuerySet["ImportProfile"]):
    def visible_to(self, actor: Actor) -> "ProfileSet":
        return self.filter(actor.school_q("import.run"))


class ImportProfile(models.Model):
    """How a school reads sheets with one line of headings; no cell of any sheet is kept here.

    `columns`: field → column, `subjects`: subject → column; `words`: field → as written → as meant.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=32)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    subjects = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = ProfileSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "fingerprint"], name="import_profile_once"),
            models.UniqueConstraint(fields=["school", "name"], name="import_profile_name_once"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExportProfileSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("exchange.export"))


class SchoolExportProfile(models.Model):
    """A school's own version of a profile for export (`export_profile.py`)."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    text = models.TextField()
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    objects = ExportProfileSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="export_profile_once")]


class SheetMade(models.Model):
    """One sheet that left: who made it for what, who agreed, until when it may be used, when it was destroyed."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    contact = models.BooleanField(_("with phones and addresses"))
    purpose = models.CharField(_("purpose"), max_length=200)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    use_until = models.DateField(_("use until"))
    destroyed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True)

    objects = ExportProfileSet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(purpose=""), name="sheet_made_for_a_purpose"),
            models.CheckConstraint(
                condition=models.Q(destroyed_by=None, destroyed_at=None)
                | models.Q(destroyed_by__isnull=False, destroyed_at__isnull=False),
                name="sheet_destroyed_by_somebody",
            ),
        ]
