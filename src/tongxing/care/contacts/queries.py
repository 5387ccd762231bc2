"""Reading what was done: a student's timeline, the last time, and the evidence that duties are measured by.

Invariants:
- a restricted record is present in every list, its text in none: it is opened one by one through `actions`;
- `as_of` is a moment: what was recorded, corrected or withdrawn after it has not happened yet;
- the number of queries does not depend on the number of records.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Subquery

from tongxing.care.safety.queries import is_kept_from, kept_sources
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Student

from . import note_index, search
from .kinds import KINDS, Kind
from .models import SEALED_AT, Attachment, Contact, ContactRevision, ContactSet, State, Visibility
from .rules import Evidence

#: Kinds in which people talk with each other.
CONVERSATIONS = [code for code, kind in KINDS.items() if "talk" in kind.topics]


class Revised(NamedTuple):
    """One revision of a contact: what it said, from `at` on."""

    at: datetime.datetime
    withdrawn: bool
    says: Evidence


def evidence(
    student_ids: Iterable[int], start: datetime.date, end: datetime.date, as_of: datetime.datetime
) -> list[Evidence]:
    """The contacts of these students that happened from `start` to `end` (both included), as of a moment.

    One query. `recorded_at` is when the record was first made, also after a correction.
    """
    return standing_at(revised(student_ids, start, end, as_of), start, end, as_of)


def revised(
    student_ids: Iterable[int], start: datetime.date, end: datetime.date, until: datetime.datetime
) -> list[Revised]:
    """Every revision, made by `until`, of the contacts that ever were said to have happened in these days. One query."""
    known = ContactRevision.objects.filter(contact__student__in=list(student_ids), at__lte=until)
    touched = known.filter(happened_at__gte=clock.start_of(start), happened_at__lt=clock.end_of(end))
    rows = (
        known.filter(contact__in=touched.values("contact"))
        .order_by("contact_id", "number")
        .values_list(
            "contact_id",
            "contact__student_id",
            "happened_at",
            "contact__recorded_at",
            "made",
            "channel",
            "reached",
            "topics",
            "state",
            "at",
        )
    )
    return [
        Revised(at, state == State.WITHDRAWN, Evidence._make([*facts, frozenset(reached), frozenset(topics)]))
        for *facts, reached, topics, state, at in rows
    ]


def standing_at(
    rows: Iterable[Revised], start: datetime.date, end: datetime.date, as_of: datetime.datetime
) -> list[Evidence]:
    """Of these revisions what each contact said at that moment, of those that happened in these days. No query."""
    latest: dict[int, Evidence] = {}
    begins, ends = clock.start_of(start), clock.end_of(end)
    for at, withdrawn, found in rows:
        if at > as_of:
            continue
        latest.pop(found.id, None)
        if not withdrawn and begins <= found.happened_at < ends:
            latest[found.id] = found
    return sorted(latest.values(), key=lambda found: (found.happened_at, found.id))


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on a timeline. `answers` and `withdrawn_because` are empty where the text is not open here."""

    contact: Contact
    answers: tuple[tuple[str, str], ...]
    revisions: int
    withdrawn_because: str = ""

    @property
    def kind(self) -> Kind:
        return self.contact.asks


def timeline(actor: Actor, student: Student, *, limit: int | None = None) -> list[Entry]:
    """Everything written down for a student, by whomever, newest first. Two queries."""
    contacts = _with_texts(Contact.objects.visible_to(actor).filter(student=student))
    files = Attachment.objects.filter(contact=OuterRef("pk"), file__isnull=False)
    contacts = contacts.annotate(has_file=Exists(files))
    return [_entry(contact) for contact in contacts.order_by("-happened_at", "-pk")[:limit]]


def _with_texts(contacts: ContactSet) -> ContactSet:
    return contacts.select_related("staff").prefetch_related(
        Prefetch("revisions", ContactRevision.objects.defer("body_sealed"))
    )


def _entry(contact: Contact) -> Entry:
    revisions = list(contact.revisions.all())
    told = [revision for revision in revisions if revision.state != State.WITHDRAWN]
    reason = revisions[-1].reason if contact.withdrawn and not contact.restricted else ""
    answers = () if contact.withdrawn else answers_of(contact.asks, told[-1].body)
    return Entry(contact, answers, len(told), reason)


def answers_of(kind: Kind, body: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The answered questions in the form's order, as (question, answer)."""
    return tuple(
        (str(question.label), body[question.code]) for question in kind.questions if body.get(question.code)
    )


@dataclass(frozen=True, slots=True)
class LastTime:
    """What to pick up from: when the last contact was and what was promised."""

    contact_id: int
    student_id: int
    kind: str
    happened_at: datetime.datetime
    staff_name: str
    promise: str
    excerpt: str


def last_times(actor: Actor, student_ids: Iterable[int]) -> dict[int, LastTime]:
    """The latest conversation with or about each of these students that the team may read. Two queries."""
    conversations = Contact.objects.standing().filter(
        kind__in=CONVERSATIONS, made=True, visibility=Visibility.TEAM
    )
    latest = conversations.filter(student=OuterRef("student")).order_by("-happened_at", "-pk")
    contacts = _with_texts(
        conversations.visible_to(actor).filter(
            student__in=list(student_ids), pk=Subquery(latest.values("pk")[:1])
        )
    )
    return {contact.student_id: _last_time(contact) for contact in contacts}


def _last_time(contact: Contact) -> LastTime:
    body = list(contact.revisions.all())[-1].body
    longer = [question.code for question in contact.asks.questions if question.rows > 1]
    texts = [body[code] for code in longer if body.get(code)]
    return LastTime(
        contact.pk,
        contact.student_id,
        contact.kind,
        contact.happened_at,
        contact.staff.name,
        body.get("promise", ""),
        texts[0] if texts else "",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A note that a search has met: the record and its text around the hit."""

    contact: Contact
    pieces: list[search.Piece]


def search_notes(actor: Actor, wanted: str) -> ContactSet:
    """The notes that this actor may read and that meet every word of a search, newest first.

    Filtered before anything is counted; `shown_notes` opens those of one page.
    """
    parts = search.parts(wanted)
    notes = Contact.objects.of_team(actor)
    found = note_index.matching(notes, parts) if parts else notes.none()
    return found.order_by("-happened_at", "-pk")


def shown_notes(contacts: ContactSet, wanted: str) -> list[Found]:
    """The excerpts of these notes around what was searched for. Two queries."""
    parts = search.parts(wanted)
    found = []
    for contact in _with_texts(contacts).select_related("student"):
        body = list(contact.revisions.all())[-1].body
        found.append(Found(contact, search.excerpt("\n".join(body.values()), parts)))
    return found


def may_read(actor: Actor, contact: Contact) -> bool:
    """Whether the text is open to this actor: the care zone; if restricted, only author and counsellor – not a
    counsellor who is named in what it tells."""
    if not actor.sees("care", school_id=contact.school_id, student_id=contact.student_id):
        return False
    if not contact.restricted or (actor.user_id and contact.staff.user_id == actor.user_id):
        return True
    psych = actor.sees("psych", school_id=contact.school_id, student_id=contact.student_id)
    return psych and not is_kept_from(actor, ("contact", contact.pk))


def openings(contact: Contact) -> list[tuple[datetime.datetime, str, str]]:
    """Who opened a restricted record, when and what for, the latest first; for those who may open it too."""
    rows = AuditEntry.objects.filter(action="contact.open", subject="contact", subject_id=contact.pk)
    found = list(rows.order_by("-pk").values_list("at", "user_id", "purpose")[:20])
    names = dict(User.objects.filter(pk__in={user for _at, user, _why in found}).values_list("pk", "name"))
    return [(at, names.get(user or 0, ""), purpose) for at, user, purpose in found]


def addressed_to_counsellor(actor: Actor) -> ContactSet:
    """The restricted records this actor may open as a counsellor, so none about themselves: that they are there,
    never their text."""
    found = Contact.objects.visible_to(actor).filter(visibility=Visibility.COUNSELLOR)
    return (
        found.filter(actor.students_q("psych"))
        .exclude(pk__in=kept_sources(actor, "contact"))
        .select_related("student", "staff")
        .order_by("-happened_at", "-pk")
    )


def unsealed(contact: Contact, revision: ContactRevision) -> dict[str, str]:
    """The answers of one revision; whoever calls this has asked `may_read`."""
    if not revision.body_sealed:  # also of a record that was open before it told of harm
        return revision.body
    text = encryption.unseal(contact.student.key, revision.body_sealed, SEALED_AT)
    return json.loads(text) if text else {}
