"""Making documents: each one names its maker, and those with children's names also their purpose.

A document with names is made, audited and handed out, never stored; the term summary holds no name and is kept.
"""

import datetime
import hashlib
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Registration, SchoolClass, Student, Term
from tongxing.oversight.insight.figures import Figures
from tongxing.oversight.insight.queries import term_name, term_summary_facts
from tongxing.oversight.insight.term_facts import TermFacts

from .content import Document, head_from_json
from .dossier import dossier_file, volume_file
from .dossier_records import dossier_facts, many_dossiers
from .heads import head_of, next_number, numbered
from .models import IssuedDocument, Outgoing
from .pdf import pdf_file
from .praise import praise_lines
from .records import pair_rows, proposal_rows, register_rows
from .registers import pairing_sheet, proposal_sheet, register_sheet
from .sheets import workbook
from .summary import summary_document
from .table_file import KINDS, table_file
from .word import word_file

MAKE, READ = "document.make", "contact.read"
LONGEST_STEPS = 1_000


@transaction.atomic
def issue_summary(
    actor: Actor,
    *,
    term: Term,
    client_id: UUID,
    as_of: datetime.datetime | None = None,
    next_steps: str = "",
    with_number: bool = False,
) -> IssuedDocument:
    """Issue the term summary; the same `client_id` again gives the same document. `with_number`: the office's next."""
    school = term.school
    actor.require(MAKE, school_id=school.pk)
    if len(next_steps) > LONGEST_STEPS:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST_STEPS}, field="next_steps")
    Term.objects.select_for_update(no_key=True).get(pk=term.pk)  # a second click waits and finds the first
    known = IssuedDocument.objects.filter(school=school, client_id=client_id).first()
    if known:
        return known
    facts = summary_facts(actor, term, as_of or clock.now(), next_steps)
    number = next_number(school) if with_number else None
    head = head_of(school) if number else None
    file = word_file(summary_document(facts, number.text if number else "", head))
    issued = IssuedDocument.objects.create(
        school=school,
        term=term,
        client_id=client_id,
        number=number.text if number else "",
        language=translation.get_language() or "zh-hans",
        as_of=facts.as_of,
        facts=facts.as_json(),
        file=file,
        sha256=hashlib.sha256(file).hexdigest(),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    if number:
        numbered(actor, number, document=issued)
    detail = {"kind": "summary", "figures": len(facts.figures.rows), "sha256": issued.sha256}
    audit.record(actor, MAKE, school_id=school.pk, subject=("document", issued.pk), detail=detail)
    return issued


def summary_facts(actor: Actor, term: Term, as_of: datetime.datetime, next_steps: str = "") -> TermFacts:
    """Everything the summary of a term says at a moment: the figures, and the praise that stands in the log."""
    facts = term_summary_facts(actor, term.school, term, as_of, printable(next_steps))
    return replace(facts, praise=praise_lines(actor, term, as_of))


def summary_pdf(issued: IssuedDocument) -> bytes:
    """The issued summary as PDF, from its stored facts, in the language it was issued in."""
    with translation.override(issued.language):
        return pdf_file(document_of(issued))


def document_of(issued: IssuedDocument) -> Document:
    """As it was issued, from what is stored with it."""
    sent = Outgoing.objects.filter(document=issued).first()
    return summary_document(issued.told, issued.number, head_from_json(sent.head) if sent else None)


def figures_before(actor: Actor, term: Term) -> Figures | None:
    """The figures of the summary that was issued last for the term before, as they stood then; None: none was."""
    earlier = IssuedDocument.objects.visible_to(actor).filter(school=term.school)
    earlier = earlier.filter(term__starts_on__lt=term.starts_on)
    newest = earlier.order_by("-term__starts_on", "-made_at", "-pk").first()
    return newest.told.figures if newest else None


@transaction.atomic
def register_volume(actor: Actor, *, term: Term, purpose: str) -> bytes:
    """The bound register (统计成册) of this day as an Excel file."""
    school, as_of = term.school, clock.now()
    why = _asked_purpose(actor, school, purpose)
    rows = register_rows(actor, term, as_of)
    sheet = register_sheet(rows, school=school.name, term=term_name(term), as_of=as_of)
    _note(actor, school, "register", why, rows=len(rows))
    return workbook(sheet)


@transaction.atomic
def pairing_table(actor: Actor, *, term: Term, purpose: str, kind: str = "xlsx") -> bytes:
    """All pairs of the term, also those that ended, to sign (结对帮扶登记表). `kind`: one of `table_file.KINDS`."""
    _known(kind)
    school, as_of = term.school, clock.now()
    why = _asked_purpose(actor, school, purpose)
    rows = pair_rows(actor, term, as_of)
    _note(actor, school, "pairing", why, rows=len(rows))
    return table_file(kind, pairing_sheet(rows, school=school.name, term=term_name(term), as_of=as_of))


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_("There is no such form."))


@transaction.atomic
def proposal_table(actor: Actor, *, term: Term, purpose: str) -> bytes:
    """Who could accompany whom and why, as an Excel file for those who decide."""
    school, as_of = term.school, clock.now()
    actor.require("pairing.manage", school_id=school.pk)
    why = _asked_purpose(actor, school, purpose)
    rows = proposal_rows(actor, term, as_of)
    _note(actor, school, "proposals", why, rows=len(rows))
    return workbook(proposal_sheet(rows, school=school.name, term=term_name(term), as_of=as_of))


@transaction.atomic
def dossier(actor: Actor, *, student: Student, term: Term, purpose: str) -> bytes:
    """One student's file on one page, as PDF, for whoever reads this child's file: what they may not see stays out."""
    actor.require(READ, school_id=student.school_id, student_id=student.pk)
    if not actor.sees("care", school_id=student.school_id, student_id=student.pk):
        raise NotAllowed(READ)
    why = _named(purpose)
    facts = dossier_facts(actor, student, term, clock.now())
    _note(actor, student.school, "dossier", why, student=student.pk)
    return dossier_file(facts)


@transaction.atomic
def dossier_volume(
    actor: Actor, *, term: Term, purpose: str, school_class: SchoolClass | None = None
) -> bytes:
    """The files of all students on the register, or of one class, in one PDF with contents (统计成册).

    Read as by somebody who sees no hardship, whoever asks: a volume is handed on.
    """
    school, now = term.school, clock.now()
    why = _asked_purpose(actor, school, purpose)
    actor = actor.without("hardship")
    entries = Registration.objects.visible_to(actor).on(clock.today()).filter(school=school)
    students = Student.objects.visible_to(actor, "care").enrolled().filter(pk__in=entries.values("student"))
    if school_class is not None:
        students = students.with_class(clock.today()).filter(class_id=school_class.pk)
    files = list(many_dossiers(actor, list(students.values_list("pk", flat=True)), term, now))
    if not files:
        raise Refused(_("Nobody stands on the register there."), field="school_class")
    detail = {"rows": len(files)} | ({"class": school_class.pk} if school_class else {})
    _note(actor, school, "volume", why, **detail)
    return volume_file(files, _("Files of supported students"))


def _asked_purpose(actor: Actor, school: Organisation, purpose: str) -> str:
    actor.require(MAKE, school_id=school.pk)
    return _named(purpose)


def _named(purpose: str) -> str:
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    return printable(purpose)[:200]


def _note(actor: Actor, school: Organisation, kind: str, purpose: str, **detail: int) -> None:
    audit.record(
        actor,
        MAKE,
        school_id=school.pk,
        subject=(kind, None),
        purpose=purpose,
        detail={"kind": kind, **detail},
    )


def printable(text: str) -> str:
    """Without characters that no document can hold; line ends become blanks."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())
