"""One student's file on one A4 page (一生一档): essentials, support, promises, timeline, goals.

Invariants:
- identity number, phone and address appear only as they are masked in lists;
- only text the support team may read appears; restricted notes are not even counted;
- the page never runs over: the oldest lines of the timeline give way, and the page says how many did.
"""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.ground.kernel.clock import day_of

from .content import dated_text, moment_text
from .pdf import compile_pdf
from .summary import part_labels

LINES, GOALS, TEXT = 30, 4, 160
"""The most lines of the timeline and goals one page can carry, and characters of one line's text."""


@dataclass(frozen=True, slots=True)
class TermPromise:
    name: str
    asked: int
    done: int
    later: int
    open: int
    missing: int


@dataclass(frozen=True, slots=True)
class TimelineLine:
    on: datetime.date
    kind: str
    by: str
    reached: str
    text: str


@dataclass(frozen=True, slots=True)
class DossierFacts:
    school: str
    term: str
    as_of: datetime.datetime
    made_by: str
    name: str
    class_name: str
    essentials: tuple[tuple[str, str], ...]
    """(label, value), already masked; an empty value reads “无记录”."""
    guardians: tuple[tuple[str, str, str, str], ...] | None
    """(name, relation, where, masked phone), the first guardian first; None: not for this reader."""
    support: tuple[tuple[str, str], ...]
    """(label, value): level since when, helper since when, earlier helpers, proxy parent, study partner."""
    promises: tuple[TermPromise, ...]
    timeline: tuple[TimelineLine, ...]
    """Newest first."""
    goals: tuple[tuple[datetime.date, str], ...]
    plan: tuple[tuple[str, str], ...] = ()
    """(label, words) of the plan in force; without one the page has no such part."""


def dossier_file(facts: DossierFacts) -> bytes:
    return compile_pdf("dossier.typ", {"files": [_content(facts)], "words": _words(facts), "volume": None})


def volume_file(files: Sequence[DossierFacts], title: str) -> bytes:
    """统计成册: a cover, contents with page numbers, and each child's file on a page of its own."""
    return compile_pdf("dossier.typ", volume_content(files, title))


def volume_content(files: Sequence[DossierFacts], title: str) -> dict[str, object]:
    """`files`: at least one; all of one school, term and moment."""
    first = files[0]
    under = (first.term, moment_text(first.as_of), _("%(n)s files") % {"n": len(files)})
    volume = {
        "title": "\n".join((first.school, title)),
        "under": " · ".join(under),
        "contents": _("Contents"),
        "heads": [_("No."), _("Name"), _("Class"), _("Page")],
    }
    return {"files": [_content(one) for one in files], "words": _words(first), "volume": volume}


def _content(facts: DossierFacts) -> dict[str, object]:
    return {
        "name": facts.name,
        "class_name": facts.class_name,
        "essentials": [[label, value or _("no records")] for label, value in facts.essentials],
        "guardians": facts.guardians,
        "support": [[label, value or _("no records")] for label, value in facts.support],
        "plan": [[label, _short(words)] for label, words in facts.plan],
        "promises": [[str(value) for value in dataclasses.astuple(promise)] for promise in facts.promises],
        "timeline": [_line(line) for line in facts.timeline[:LINES]],
        "contacts": len(facts.timeline),
        "goals": [[f"{on:%Y-%m-%d}", _short(text)] for on, text in facts.goals[:GOALS]],
    }


def _line(line: TimelineLine) -> list[str]:
    return [f"{line.on:%Y-%m-%d}", line.kind, line.by, line.reached, _short(line.text)]


def _short(text: str) -> str:
    return text if len(text) <= TEXT else text[:TEXT].rstrip() + "…"


def _words(facts: DossierFacts) -> dict[str, object]:
    """Everything the page says that is not a record."""
    return {
        "title": _("Student file"),
        "school": facts.school,
        "term": facts.term,
        "guardians": _("Guardians"),
        "guardian_columns": [_("Name"), _("Relation"), pgettext("document", "Where"), _("Phone")],
        "support": pgettext("document", "Support"),
        "plan": _("Plan of the term"),
        "promises": _("Commitments this term"),
        "promise_columns": [_("Commitment"), *part_labels()],
        "goals": pgettext("document", "Goals"),
        "timeline": _("Contacts, newest first"),
        "timeline_columns": [
            _("Date"),
            pgettext("document", "Kind"),
            pgettext("document", "By"),
            pgettext("document", "Reached"),
            pgettext("document", "What was noted"),
        ],
        "none": _("no records"),
        "earlier": _("and %(count)s earlier ones, kept in the system") % {"count": "{count}"},
        "foot": _("Made on %(day)s, records up to %(moment)s, by %(person)s. Keep confidential.")
        % {
            "day": dated_text(day_of(facts.as_of)),
            "moment": moment_text(facts.as_of),
            "person": facts.made_by,
        },
    }
