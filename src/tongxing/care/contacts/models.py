"""What was done for a student, told by the person who did it.

Invariants:
- text and facts live in revisions; a revision is never changed or deleted, `Contact` repeats the latest;
- withdrawing is a revision with its reason: the record stays, it only stops counting;
- a restricted record's text is sealed under the student's own key, and its answers never lie in the open;
- a client-made id makes a submit that is sent twice one record.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.models import StoredFile
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.people.scoping import AboutStudents

from . import rules
from .kinds import KINDS, Channel, Kind

#: The place that every sealed text is bound to.
SEALED_AT = "contacts_contactrevision.body"


class Visibility(models.TextChoices):
    TEAM = "team", _("The support team")
    COUNSELLOR = "counsellor", _("Only I and the counsellor (except danger to safety)")


class State(models.TextChoices):
    WRITTEN = "written", _("written down")
    CORRECTED = "corrected", _("corrected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Facts(models.Model):
    """What can be told about a contact without its text. `happened_at` in UTC, `minutes` whole minutes."""

    channel = models.CharField(_("how"), max_length=12, choices=Channel)
    reached = models.JSONField(_("whom"), default=list)
    made = models.BooleanField(_("reached someone"), default=True)
    happened_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=60, blank=True)
    topics = models.JSONField(default=list)
    next_on = models.DateField(_("next time"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WRITTEN)

    class Meta:
        abstract = True

    def facts(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in Facts._meta.local_fields}


class ContactSet(AboutStudents):
    zone: Zone = "care"

    def standing(self) -> Self:
        return self.exclude(state=State.WITHDRAWN)

    def of_team(self, actor: Actor) -> Self:
        """What stands and the whole team may read, of the students this actor sees; restricted records are not in it."""
        return self.visible_to(actor).standing().filter(visibility=Visibility.TEAM)


class Contact(Facts):
    has_file: bool = False  # set by `queries.timeline` alone

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="contacts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="contacts")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    visibility = models.CharField(_("who can see it"), max_length=10, choices=Visibility)

    objects = ContactSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="contact_once"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("recorded_at")), name="contact_not_ahead"
            ),
        ]
        indexes = [
            models.Index(fields=["student", "-happened_at"], name="contact_timeline"),
            models.Index(fields=["school", "happened_at"], name="contact_of_school"),
        ]

    @property
    def asks(self) -> Kind:
        return KINDS[self.kind]

    @property
    def restricted(self) -> bool:
        return self.visibility == Visibility.COUNSELLOR

    @property
    def withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN

    @property
    def written_days_after(self) -> bool:
        return rules.written_days_after(self.happened_at, self.recorded_at)


class OtherVersionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of one's own records: whoever wrote twice decides."""
        mine = self.filter(actor.students_q("care", student="second__student"))
        return mine.filter(second__recorded_by_id=actor.user_id)

    def open(self) -> Self:
        return self.filter(settled_at=None)


class OtherVersion(models.Model):
    """Two records that came with the same client-made id: both stand until their writer says which is meant."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    first = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    second = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OtherVersionSet.as_manager()


class RevisionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """That a revision is there; whether its text may be read is asked of `queries.may_read`."""
        return self.filter(actor.students_q("care", student="contact__student"))


class NoteTextSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_q("care", student="contact__student"))


class ContactRevision(Facts):
    """Facts and text as they stood from `at` on. `digest` is keyed: it tells nothing about the text."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    body = models.JSONField(default=dict)
    body_sealed = models.BinaryField(default=b"", blank=True)
    digest = models.CharField(max_length=32)

    objects = RevisionSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="contact_revision_once"),
            models.CheckConstraint(
                condition=~models.Q(state=State.WITHDRAWN) | ~models.Q(reason=""),
                name="contact_withdrawn_with_reason",
            ),
        ]
        ordering = ["number"]


class NoteText(models.Model):
    """What can be searched of a note: its words, parted by blanks. Kept by `note_index` alone.

    On SQLite triggers carry it into the full-text table `contacts_noteindex`. Django rebuilds a table that a
    migration alters, and triggers go with the old one: such a migration must create them again.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="note")
    text = models.TextField(blank=True)

    objects = NoteTextSet.as_manager()


class DraftSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own that wait, while one still looks after the student."""
        return self.filter(actor.students_q("care"), user_id=actor.user_id, laid_aside_at=None)


class Draft(models.Model):
    """A form half filled in, kept for its writer alone until it is sent or its time is over.

    Sealed under the student's key whatever its later visibility, for that may still change. `laid_aside_at`: not
    wanted any more, but for a moment it can be brought back.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    typed_sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    laid_aside_at = models.DateTimeField(null=True, blank=True)

    objects = DraftSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "student", "kind"], name="draft_once")]

    @property
    def asks(self) -> Kind:
        return KINDS[self.kind]


class ThanksSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of records the whole team may read: once a record is sealed, words beside it would tell of it."""
        mine = self.filter(actor.students_q("care", student="contact__student"))
        return mine.filter(contact__visibility=Visibility.TEAM)


class Thanks(models.Model):
    """A colleague says thanks for a record, perhaps with a few words. Nobody counts them."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="thanks")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    words = models.CharField(_("a few words"), max_length=200, blank=True)
    at = models.DateTimeField()

    objects = ThanksSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "staff"], name="thanks_once")]
        ordering = ["at", "pk"]


class AttachmentSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """That a file is there; whether it may be opened is asked of `queries.may_read`."""
        return self.filter(actor.students_q("care", student="contact__student"))


class Attachment(models.Model):
    """A photo or PDF of a record. `file` None: it was taken away; that it was there, stays."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.SET_NULL, null=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AttachmentSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | ~models.Q(removed_because=""),
                name="attachment_removed_with_reason",
            ),
        ]
        ordering = ["pk"]
