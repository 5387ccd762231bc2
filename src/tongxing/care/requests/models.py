"""Help asked for: by a student, a family, a colleague, on a paper slip, through a printed square.

Invariants:
- what was asked and what was answered is sealed: under the student's key, or under a key of the request's own as long
  as no child is named in it; every step is dated, names who took it, and is never changed or deleted;
- who reads it follows from what it is about and is said before anything is written; who is kept from it sees neither
  the request nor that it is there, not even in a count;
- what tells of harm stands with those who answer for children's safety and on nobody else's page;
- it is over when whoever asked says that it helped; “not yet” opens it again;
- a file that came with it is kept as it came: nobody takes it away.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.models import StoredFile
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import SchoolClass, Student

from .models_doors import BoxOpener, BoxOpening, LetterBox, OpenDoor, RequestRules
from .topics import TOPICS, Reader, Topic

#: The places that sealed texts are bound to.
TEXT = "requests_helprequest.text"
STEP = "requests_requeststep.text"
#: For whom an ability opens the requests of the children they look after, by the role they do it in.
BY_ROLE = {
    "helper": Reader.HELPER,
    "class_teacher": Reader.CLASS_TEACHER,
    "counsellor": Reader.COUNSELLOR,
    "coordinator": Reader.COORDINATOR,
}


NOTHING = Q(pk__in=())


class HelpRequestSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """That it is there: for who answers it, who reads it, who sees to it that nothing is forgotten."""
        if actor.is_system:
            return self
        return self._open_to(actor, actor.school_q("request.oversee"))

    def readable_by(self, actor: Actor) -> Self:
        """Whose words this actor may read: an overseer sees that a request waits, not what it says."""
        if actor.is_system:
            return self
        return self._open_to(actor)

    def _open_to(self, actor: Actor, besides: Q = NOTHING) -> Self:
        """Whose it is, who reads it by role, `besides`; without those it is kept from. An actor without an account
        is nobody: 0."""
        me = actor.user_id or 0
        mine = Q(holder=me) | _read_by(actor) | besides
        unnamed = Q(in_safety=True, student=None) & actor.school_q("safety.respond")
        return self.filter((Q(in_safety=False) & mine) | unnamed).exclude(kept_from=me)

    def asked_by_me(self, actor: Actor) -> Self:
        """One's own, how it stands: also what stands with safety now."""
        return self.filter(asked_by=actor.user_id) if actor.user_id else self.none()

    def open(self) -> Self:
        return self.exclude(state=HelpRequest.State.DONE)

    def waiting(self) -> Self:
        """Somebody's turn: not what only waits for the asker's word."""
        return self.filter(state__in=(HelpRequest.State.ASKED, HelpRequest.State.TAKEN))


def _read_by(actor: Actor) -> Q:
    """Requests of the children an actor looks after, in a role that reads them; without a child, of the school."""
    rows = NOTHING
    for scope in actor.scopes:
        if "request.answer" not in scope.can or scope.role not in BY_ROLE:
            continue
        found = Q(school=scope.organisation, **{f"to_{BY_ROLE[scope.role]}": True})
        rows |= found if scope.students is None else found & Q(student__in=scope.students)
    return rows


class HelpRequest(models.Model):
    """`key`: what its words are sealed under. `due_on`: by when the next step is waited for, as it was promised then.
    `code_index`: fingerprint of the code with which somebody without an account finds the answer."""

    class Door(models.TextChoices):
        STUDENT = "student", _("asked by the student")
        GUARDIAN = "guardian", _("asked by the family")
        TEACHER = "teacher", _("asked by a colleague for the child")
        SLIP = "slip", _("from the letter box")
        SQUARE = "square", _("through the printed square")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for somebody")
        TAKEN = "taken", _("taken on")
        SOLVED = "solved", _("done, did it help?")
        DONE = "done", _("it helped")

    class Helped(models.TextChoices):
        NONE = "", pgettext_lazy("help", "not said yet")
        YES = "yes", pgettext_lazy("help", "yes")
        LITTLE = "little", pgettext_lazy("help", "a little")
        NOT_YET = "not_yet", pgettext_lazy("help", "not yet")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, null=True, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(SubjectKey, models.PROTECT, related_name="+")
    door = models.CharField(max_length=10, choices=Door)
    box = models.ForeignKey(LetterBox, models.PROTECT, null=True, related_name="+")
    topic = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    text_sealed = models.BinaryField(default=b"", blank=True)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    to_helper = models.BooleanField(default=False)
    to_class_teacher = models.BooleanField(default=False)
    to_counsellor = models.BooleanField(default=False)
    to_coordinator = models.BooleanField(default=False)
    kept_from = models.ManyToManyField(User, related_name="+")
    in_safety = models.BooleanField(default=False)
    holder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    helped = models.CharField(max_length=10, choices=Helped, blank=True, default=Helped.NONE)
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="+")
    code_index = models.CharField(max_length=32, blank=True)

    objects = HelpRequestSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="help_request_once"),
            models.UniqueConstraint(
                fields=["code_index"], condition=~Q(code_index=""), name="help_request_code_once"
            ),
            models.CheckConstraint(
                condition=Q(in_safety=True) | Q(holder__isnull=False), name="help_request_is_somebodys"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(helped__in=["yes", "little"]) | Q(in_safety=True),
                name="help_request_ends_with_word",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["solved", "done"]) | Q(solved_at__isnull=False),
                name="help_request_solved_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["school", "state", "due_on"], name="help_request_waiting")]

    @property
    def about(self) -> Topic:
        return TOPICS[self.topic]

    @property
    def readers(self) -> list[str]:
        return [role for role in Reader.values if getattr(self, f"to_{role}")]


class RequestStepSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(request__in=HelpRequest.objects.readable_by(actor))


class RequestStep(models.Model):
    """`to`: who it was handed to. `told`: whoever asked reads these words."""

    class Kind(models.TextChoices):
        ASKED = "asked", pgettext_lazy("help step", "asked for help")
        ADDED = "added", _("more was written")
        TAKEN = "taken", pgettext_lazy("help step", "taken on")
        TRIED = "tried", pgettext_lazy("help step", "tried")
        HANDED_ON = "handed_on", _("handed on")
        NAMED = "named", _("found out who it is about")
        SOLVED = "solved", pgettext_lazy("help step", "done, asked whether it helped")
        HELPED = "helped", pgettext_lazy("help step", "it helped")
        AGAIN = "again", _("not yet: open again")
        SAFETY = "safety", _("given to those who answer for safety")
        REPORTED = "reported", pgettext_lazy("help step", "reported")
        NOT_REPORTED = "not_reported", pgettext_lazy("help step", "no report, with the reason")
        RELEASED = "released", _("no danger: it goes the ordinary way")
        LOOKED_AFTER = "looked_after", _("looked after")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=15, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told = models.BooleanField(default=False)
    text_sealed = models.BinaryField(default=b"", blank=True)

    objects = RequestStepSet.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class EvidenceSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of requests this actor reads; what stands with safety is opened by whoever answers its flag."""
        return self.filter(request__in=HelpRequest.objects.readable_by(actor))


class Evidence(models.Model):
    """A photo or a scan that came with a request. There is no way to take it away."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = EvidenceSet.as_manager()

    class Meta:
        ordering = ["pk"]


__all__ = [
    "BoxOpener",
    "BoxOpening",
    "Evidence",
    "HelpRequest",
    "LetterBox",
    "OpenDoor",
    "RequestRules",
    "RequestStep",
]
