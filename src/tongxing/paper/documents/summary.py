"""The term summary: sentences built from figures, in the order such summaries customarily have.

Invariants:
- every number in a sentence is a figure of the facts and stands in the appendix with definition and moment;
- a figure without records reads “无记录”; a section without any record of its own kind is left out only for aid;
- praise is said only as the log of recognition has it, by office and day; no blame, no ranking, no name of a student.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.ground.kernel.clock import SCHOOL_TIME, day_of
from tongxing.oversight.insight.definitions import PROMISE
from tongxing.oversight.insight.figures import Figure, Figures
from tongxing.oversight.insight.term_facts import PARTS, TermFacts

from .content import Appendix, Block, Document, Head, Heading, Paragraph, Table, in_chinese, moment_text


def summary_document(facts: TermFacts, number: str = "", head: Head | None = None) -> Document:
    sections = (
        _organisation(facts),
        _everyone_looked_at(facts.figures),
        _pairing(facts.figures),
        _promises(facts),
        _families(facts.figures),
        _aid(facts.figures),
        _praise(facts),
        _shortfalls_and_next_steps(facts),
    )
    return Document(
        title=_("%(school)s %(term)s\nSummary of support for students")
        % {"school": facts.school, "term": facts.term},
        blocks=tuple(block for section in sections for block in section),
        issuer=facts.school,
        dated=day_of(facts.as_of),
        number=number,
        head=head,
        appendix=_definitions(facts),
    )


def _tell(figures: Figures, sentence: str, *codes: str) -> str:
    """The sentence filled with these figures, or each figure by its label where one has no records."""
    if figures.all_known(*codes):
        return sentence % {code.replace(".", "_"): figures[code].value for code in codes}
    named = (figures.get(code) for code in codes)
    return "".join(
        _("%(label)s: %(value)s. ") % {"label": figure.label, "value": figure.text}
        for figure in named
        if figure
    )


def _organisation(facts: TermFacts) -> tuple[Block, ...]:
    posts = _("; ").join(_("%(post)s: %(name)s") % {"post": post, "name": name} for post, name in facts.posts)
    return (
        Heading(_("Leadership and organisation")),
        Paragraph(_("Responsible this term: %(posts)s.") % {"posts": posts or _("no records")}),
        Paragraph(
            _(
                "All figures in this summary were counted from the school's records up to %(moment)s; "
                "the attachment says how each was counted. What was not recorded is called “no records”."
            )
            % {"moment": moment_text(facts.as_of)}
        ),
    )


def _everyone_looked_at(figures: Figures) -> tuple[Block, ...]:
    looked = _tell(
        figures,
        _(
            "The school has %(enrolled)s enrolled students; %(looked_at)s were looked at one by one this term."
        ),
        "enrolled",
        "looked_at",
    )
    registered = _tell(
        figures,
        _(
            "%(registered)s students with difficulties in learning or life are registered for support, %(key)s of them as key."
        ),
        "registered",
        "key",
    )
    return (Heading(_("Looking at everyone, keeping the register")), Paragraph(looked), Paragraph(registered))


def _pairing(figures: Figures) -> tuple[Block, ...]:
    paired = _tell(
        figures,
        _(
            "%(helpers)s staff members help one to one; %(paired)s registered students have a helper, %(unpaired)s do not yet."
        ),
        "helpers",
        "paired",
        "unpaired",
    )
    return (Heading(_("One-to-one support")), Paragraph(paired))


def _promises(facts: TermFacts) -> tuple[Block, ...]:
    figures = facts.figures
    reached = _tell(
        figures,
        _(
            "Talks reached %(reached_student)s registered students themselves, parents working away of "
            "%(reached_away_parent)s students and second guardians of %(reached_second_guardian)s students."
        ),
        "reached.student",
        "reached.away_parent",
        "reached.second_guardian",
    )
    kept: tuple[Block, ...] = (Paragraph(_("Commitments of this term: no records.")),)
    if facts.promises:
        kept = (Paragraph(_("The commitments of this term and what was recorded:")), promise_table(facts))
    return (
        Heading(_("“Six ones” and the three lines of communication")),
        Heading(_("What was promised and what was recorded"), 2),
        *kept,
        Heading(_("With the student, parents away and guardians at home"), 2),
        Paragraph(reached),
    )


def promise_table(facts: TermFacts) -> Table:
    rows = tuple((promise.name, *(figure.text for figure in facts.of(promise))) for promise in facts.promises)
    return Table((_("Commitment"), *part_labels()), rows, (6, 2, 2, 2, 2, 2))


def part_labels() -> tuple[str, ...]:
    return tuple(str(PROMISE[part].label) for part in PARTS)


def _families(figures: Figures) -> tuple[Block, ...]:
    visits = _tell(
        figures,
        _("%(visits)s home visits to the families of %(visited)s students were recorded this term."),
        "visits",
        "visited",
    )
    calls = _tell(
        figures,
        _(
            "%(family_calls)s calls, video calls, messages and letters reached families; %(not_reached)s attempts reached nobody."
        ),
        "family_calls",
        "not_reached",
    )
    return (Heading(_("School and family")), Paragraph(visits), Paragraph(calls))


def _aid(figures: Figures) -> tuple[Block, ...]:
    """Only where aid was recorded: a school without aid records says nothing about money."""
    if not figures.all_known("aid_students"):
        return ()
    text = _tell(figures, _("%(aid_students)s students received aid this term."), "aid_students")
    if figures.all_known("recognised", "covered") and figures["recognised"].value:
        told = _(
            "Hardship is recognised for %(recognised)s students; something was granted to %(covered)s of them this term."
        )
        text = ("" if in_chinese() else " ").join((text, _tell(figures, told, "recognised", "covered")))
    return (Heading(pgettext("document", "Aid")), Paragraph(text))


def _praise(facts: TermFacts) -> tuple[Block, ...]:
    """Only where something stands in the log; a school nobody praised in writing says nothing about itself."""
    if not facts.praise:
        return ()
    lines = tuple(
        Paragraph(_("%(day)s, %(from)s: %(text)s") % {"day": day, "from": from_whom, "text": text})
        for day, from_whom, text in facts.praise
    )
    return (Heading(pgettext("document", "Recognition received")), *lines)


def _shortfalls_and_next_steps(facts: TermFacts) -> tuple[Block, ...]:
    sentences = tuple(
        sentence
        for sentence in (
            _still_open(facts.figures.get("not_looked_at"), _("Students not looked at yet: %(count)s.")),
            _still_open(facts.figures.get("unpaired"), _("Registered students without a helper: %(count)s.")),
            _still_open(
                facts.figures.get("silent"),
                _("Registered students without a recorded contact in 14 days: %(count)s."),
            ),
            _missing(facts.figures.get("missing")),
        )
        if sentence
    )
    missing = Paragraph(
        ("" if in_chinese() else " ").join(sentences)
        or _("At this moment nothing is waiting to be written down.")
    )
    if not facts.next_steps.strip():
        return (Heading(_("What is still missing")), missing)
    steps = Paragraph(_("Next steps: %(steps)s") % {"steps": facts.next_steps.strip()})
    return (Heading(_("What is still missing, and next steps")), missing, steps)


def _still_open(figure: Figure | None, sentence: str) -> str:
    return sentence % {"count": figure.value} if figure and figure.value else ""


def _missing(figure: Figure | None) -> str:
    """Commitments not written down: said as a count, with the reminder that it may have been done."""
    if figure is None or not figure.value:
        return ""
    return ngettext(
        "%(count)s promised contact is not written down yet; it may have happened all the same.",
        "%(count)s promised contacts are not written down yet; they may have happened all the same.",
        figure.value,
    ) % {"count": figure.value}


def _definitions(facts: TermFacts) -> Appendix:
    """Every figure with definition, moment and count; those of the commitments stand in their own table."""
    moment = f"{facts.as_of.astimezone(SCHOOL_TIME):%Y-%m-%d %H:%M}"
    counted, when = _("How it is counted"), pgettext("document", "Moment")
    singles = Table(
        (pgettext("document", "Figure"), counted, when, pgettext("document", "Count")),
        tuple((figure.label, figure.definition, moment, figure.text) for figure in facts.singles),
        (7, 13, 7, 3),
    )
    parts = Table(
        (_("Column of the commitments"), counted, when),
        tuple((str(PROMISE[part].label), str(PROMISE[part].means), moment) for part in PARTS),
        (7, 16, 7),
    )
    heading = Heading(_("The commitments, one by one"))
    tables = (singles, heading, parts, promise_table(facts)) if facts.promises else (singles,)
    return Appendix(_("Figures and how they are counted"), tables)
