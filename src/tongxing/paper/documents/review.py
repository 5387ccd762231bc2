"""The review of a term on paper: what families said, recognition, meetings, what is done next. No child is named.

Invariants:
- what families said stands there only once the round is over and from ten answers on; their words stay inside;
- praise is the log of recognition, nothing else; next steps name a colleague and a day.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Term
from tongxing.oversight.insight.queries import term_name, term_summary_facts
from tongxing.oversight.notices.models import Meeting
from tongxing.oversight.review import feedback, queries
from tongxing.oversight.review.models import FeedbackRound, Reflection
from tongxing.oversight.review.models_feedback import MANAGE

from .content import Block, Document, Heading, Paragraph, Table, dated_text
from .notices import WRITERS
from .praise import praise_lines
from .summary import promise_table


@transaction.atomic
def review_paper(actor: Actor, *, term: Term, kind: str) -> bytes:
    """`kind`: pdf or docx."""
    actor.require(MANAGE, school_id=term.school_id)
    if kind not in WRITERS:
        raise Refused(_("There is no such form."))
    file = WRITERS[kind](review_document(actor, term))
    detail = {"kind": f"review.{kind}"}
    audit.record(actor, "document.make", school_id=term.school_id, subject=("review", term.pk), detail=detail)
    return file


def review_document(actor: Actor, term: Term) -> Document:
    sections = (
        _facts(actor, term),
        _families(actor, term),
        _praise(actor, term),
        _thought(actor, term),
        _next(actor, term),
    )
    title = _("Review of the term")
    return Document(
        f"{term.school.name} {term_name(term)}\n{title}",
        tuple(block for section in sections for block in section),
        issuer=term.school.name,
        dated=clock.today(),
    )


def _facts(actor: Actor, term: Term) -> tuple[Block, ...]:
    facts = term_summary_facts(actor, term.school, term, clock.now())
    table: Block = promise_table(facts) if facts.promises else Paragraph(_("no records"))
    return (Heading(_("What was promised and what was recorded")), table)


def _families(actor: Actor, term: Term) -> tuple[Block, ...]:
    head = Heading(_("What families said, without a name"))
    round = FeedbackRound.objects.visible_to(actor).select_related("school", "key").filter(term=term).first()
    found = feedback.result(actor, round) if round else None
    if found is None:
        return (head, Paragraph(_("no records")))
    told = Paragraph(
        _("%(n)s answers, %(paper)s of them on paper.") % {"n": found.answers, "paper": found.on_paper}
    )
    header = (
        pgettext("feedback", "Question"), pgettext("feedback", "yes"), pgettext("feedback", "in part"),
        pgettext("feedback", "not yet"), pgettext("feedback", "I cannot say"),
    )  # fmt: skip
    rows = tuple((question, *(str(many) for _choice, many in counts)) for question, counts in found.rows)
    return (head, told, Table(header, rows, (8, 2, 2, 2, 3)))


def _praise(actor: Actor, term: Term) -> tuple[Block, ...]:
    rows = praise_lines(actor, term, clock.now())
    head = Heading(pgettext("document", "Recognition received"))
    if not rows:
        return (head, Paragraph(_("no records")))
    header = (
        _("Day"),
        pgettext("recognition", "From whom"),
        pgettext("recognition", "What was praised, in a line"),
    )
    return (head, Table(header, rows, (5, 5, 9)))


def _thought(actor: Actor, term: Term) -> tuple[Block, ...]:
    """That colleagues looked back and met; what they wrote stays with those who lead."""
    many = Reflection.objects.visible_to(actor).filter(term=term, handed_in_at__isnull=False).count()
    met = Meeting.objects.visible_to(actor).standing().filter(school=term.school_id, kind=Meeting.Kind.STAFF)
    met = met.filter(day__gte=term.starts_on, day__lte=term.ends_on).exclude(minutes="")
    lines = [_("%(n)s colleagues handed in a look back on their term.") % {"n": many}]
    lines += [f"{dated_text(one.day)}：{one.title}" for one in met.order_by("day", "pk")]
    return (Heading(_("Looking back and exchange")), *map(Paragraph, lines))


def _next(actor: Actor, term: Term) -> tuple[Block, ...]:
    rows = tuple((one.text, one.person.name, dated_text(one.due_on)) for one in queries.steps_of(actor, term))
    head = Heading(_("What is done next"))
    if not rows:
        return (head, Paragraph(_("no records")))
    return (
        head,
        Table(
            (_("What is to be done"), _("Who sees to it"), pgettext("meeting", "By when")), rows, (10, 4, 5)
        ),
    )
