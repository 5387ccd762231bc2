"""The file for the next school: what goes along is chosen and shown first, then sealed with a passphrase.

Invariants:
- it is made only while the family (and from fourteen on the child) agrees to it;
- counselling, restricted records, safety matters and hardship never go along, and neither do talks: only what the
  school would say to the child's face;
- nothing of it is stored here: the row says what kind of things went along, who made it, and the fingerprint.
"""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.attendance_watch.models import TransferFile
from tongxing.care.attendance_watch.models_leaving import MAKE
from tongxing.care.attendance_watch.queries.leaving import reviews_of
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.contacts.queries import Entry, timeline
from tongxing.care.profiles.models import Trait
from tongxing.care.profiles.queries import traits_of
from tongxing.care.safety.models import RiskFlag
from tongxing.care.screening.queries import subjects_of_need
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Guardian, Student, Term
from tongxing.paper.exchange import transfer_format
from tongxing.paper.exchange.transfer_format import VERSION, Child, Part, Transfer

from .content import Block, Document, Heading, Paragraph
from .pdf import pdf_file

#: What can go along, in this order: (code, title).
PARTS = {
    "review": gettext_lazy("What helped, and what the next teachers should know"),
    "likes": gettext_lazy("Likes, is good at, shines with"),
    "bright": gettext_lazy("Bright moments and successes"),
    "goals": gettext_lazy("Goals, and how they went"),
    "subjects": gettext_lazy("Subjects where a hand is needed"),
    "family": gettext_lazy("Who is at home, who works away, who cannot read"),
    "health": gettext_lazy("Health that matters at school"),
}
#: Health is told by the family itself unless somebody chooses it.
USUAL = tuple(code for code in PARTS if code != "health")
BRIGHT, GOALS = ("highlight", "success", "praise"), ("goal", "goal_outcome")
MOST = 30


def transfer_of(actor: Actor, student: Student, term: Term | None, parts: Collection[str]) -> Transfer:
    """What would go along: the chosen parts that have something to say. `student` with key and class."""
    actor.require(MAKE, school_id=student.school_id, student_id=student.pk)
    if not actor.sees("care", school_id=student.school_id, student_id=student.pk):
        raise NotAllowed(MAKE)
    made = {
        "review": lambda: _review(actor, student),
        "likes": lambda: _traits(actor, student, health=False),
        "bright": lambda: _entries(actor, student, BRIGHT),
        "goals": lambda: _entries(actor, student, GOALS),
        "subjects": lambda: sorted(subjects_of_need(actor, term).get(student.pk, ())),
        "family": lambda: _family(actor, student),
        "health": lambda: _traits(actor, student, health=True),
    }
    found = [Part(code, str(PARTS[code]), tuple(made[code]())) for code in PARTS if code in parts]
    child = Child(
        student.name,
        str(student.get_sex_display()) if student.sex else "",
        student.birth_date.isoformat() if student.birth_date else "",
        "" if "*" in student.national_code else student.national_code,
        student.class_name or "",
    )
    return Transfer(student.school.name, clock.today(), child, tuple(part for part in found if part.lines))


@transaction.atomic
def make_transfer_file(
    actor: Actor,
    *,
    student: Student,
    term: Term | None,
    parts: Collection[str],
    passphrase: str,
    client_id: UUID,
) -> bytes:
    """The encrypted file. The same `client_id` again is the same file of the list, made anew."""
    transfer = _agreed(actor, student, term, parts)
    archive = transfer_format.write(transfer, pdf_file(document(transfer)), passphrase)
    codes = [part.code for part in transfer.parts]
    _kept, new = TransferFile.objects.get_or_create(
        client_id=client_id,
        defaults={
            "school_id": student.school_id,
            "student": student,
            "parts": codes,
            "version": VERSION,
            "sha256": hashlib.sha256(archive).hexdigest(),
            "made_at": clock.now(),
            "made_by_id": actor.user_id,
        },
    )
    if new:
        _log(actor, student, "zip", codes)
    return archive


@transaction.atomic
def transfer_pdf(actor: Actor, *, student: Student, term: Term | None, parts: Collection[str]) -> bytes:
    """The same words on paper, for handing over in person."""
    transfer = _agreed(actor, student, term, parts)
    _log(actor, student, "pdf", [part.code for part in transfer.parts])
    return pdf_file(document(transfer))


def _agreed(actor: Actor, student: Student, term: Term | None, parts: Collection[str]) -> Transfer:
    transfer = transfer_of(actor, student, term, parts)
    if student.pk not in with_consent([student.pk], "transfer"):
        raise Refused(
            _("The family has not agreed yet that something goes along. Please ask, and note it first."),
            field="parts",
        )
    if not transfer.parts:
        raise Refused(_("Nothing is chosen that has something to say."), field="parts")
    return transfer


def _review(actor: Actor, student: Student) -> list[str]:
    latest = next(iter(reviews_of(actor, student)), None)
    if latest is None or not latest.row.with_child:  # what was not said with the child goes nowhere
        return []
    return [line for line in (latest.helped, latest.next_teachers) if line]


def _traits(actor: Actor, student: Student, *, health: bool) -> list[str]:
    known = traits_of(actor, student)
    return [
        _("%(what)s: %(more)s") % {"what": label, "more": "、".join(one.words for one in of_kind)}
        for label, of_kind in known.items()
        if (of_kind[0].trait.kind == Trait.Kind.HEALTH) == health
    ]


def _entries(actor: Actor, student: Student, kinds: Collection[str]) -> list[str]:
    """What the whole team may read and nobody was worried about."""
    flagged = set(
        RiskFlag.objects.filter(student=student, source_kind="contact").values_list("source_id", flat=True)
    )
    return [
        _told(entry)
        for entry in timeline(actor, student)
        if entry.contact.kind in kinds and _is_open(entry.contact) and entry.contact.pk not in flagged
    ][:MOST]


def _is_open(contact: Contact) -> bool:
    return contact.visibility == Visibility.TEAM and not contact.withdrawn


def _told(entry: Entry) -> str:
    day = clock.day_of(entry.contact.happened_at)
    answers = "；".join(answer for _question, answer in entry.answers)
    return f"{day.isoformat()} {entry.kind.label} {answers}"


def _family(actor: Actor, student: Student) -> list[str]:
    people = Guardian.objects.visible_to(actor).filter(student=student)
    return ["，".join(filter(None, _person(one))) for one in people]


def _person(one: Guardian) -> list[str]:
    return [
        f"{one.relation_text or one.get_relation_display()} {one.name}",
        _("lives with the student") if one.lives_with else "",
        _("works away in %(place)s") % {"place": one.away_place} if one.away_place else "",
        _("please call: cannot read messages") if one.reads is False else "",
    ]


def document(transfer: Transfer) -> Document:
    """The same words as a document to read and to print."""
    child = transfer.child
    facts = [child.name, child.sex, child.born, child.class_name]
    blocks: list[Block] = [Paragraph("　".join(fact for fact in facts if fact))]
    for part in transfer.parts:
        blocks += [Heading(part.title), *(Paragraph(line) for line in part.lines)]
    blocks.append(Paragraph(_("Written with the family’s consent, for the child’s next teachers alone.")))
    return Document(
        _("For the next teachers of %(name)s") % {"name": child.name},
        tuple(blocks),
        transfer.school,
        transfer.made_on,
    )


def _log(actor: Actor, student: Student, kind: str, parts: list[str]) -> None:
    audit.record(
        actor,
        "transfer.make",
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"kind": kind, "parts": parts},
    )
