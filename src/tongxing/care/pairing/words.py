"""The reasons of a pair in words, in the reader's language. No category of a student is ever among them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tongxing.ground.people.models import Staff

from .models import Proposal
from .queries import Candidate
from .rules import Reason

LABELS = {
    "head_first": gettext_lazy("The head goes first"),
    "head_key": gettext_lazy("The head accompanies a key student"),
    "continues": gettext_lazy("Accompanied the student before"),
    "class_teacher": gettext_lazy("Is the class teacher"),
    "teaches_class": gettext_lazy("Teaches the class"),
    "subject_of_need": gettext_lazy("Teaches a subject that needs support"),
    "same_sex": gettext_lazy("Same sex, where home visits ask for it"),
    "same_village": gettext_lazy("Same village"),
    "same_grade": gettext_lazy("Teaches the grade"),
    "workload": gettext_lazy("Each student accompanied already (counts against)"),
    "spread": gettext_lazy("Each further new student (counts against)"),
}


def phrase(reason: Reason) -> str:
    """One reason as part of a sentence about the helper."""
    about, count = reason.about, int(reason.about) if reason.about.isdigit() else 0
    said = {
        "head_first": lambda: _("leads by example as the head"),
        "head_key": lambda: _("as the head takes a key student first"),
        "continues": lambda: _("has accompanied this student before"),
        "class_teacher": lambda: _("is the class teacher"),
        "teaches_class": lambda: _("teaches the class"),
        "subject_of_need": lambda: (
            _("teaches %(subjects)s, where a hand is needed") % {"subjects": _joined(about.split(","))}
        ),
        "same_sex": lambda: _("makes home visits easier"),
        "same_village": lambda: _("lives in the same village, %(village)s") % {"village": about},
        "same_grade": lambda: _("teaches the grade"),
        "workload": lambda: (
            ngettext("accompanies %(n)d student already", "accompanies %(n)d students already", count)
            % {"n": count}
        ),
        "spread": lambda: (
            ngettext(
                "would take %(n)d other student at the same time",
                "would take %(n)d other students at the same time",
                count,
            )
            % {"n": count}
        ),
    }
    return said[reason.code]()


def speaking(rows: Iterable[Sequence], *, against: bool = False) -> str:
    """The reasons for (or against) as one list; "" when there are none."""
    reasons = [Reason(*row) for row in rows]
    return _joined([phrase(reason) for reason in reasons if (reason.cost > 0) == against])


def because(rows: Sequence[Sequence]) -> str:
    """Why this helper; somebody with no reason of their own is simply free."""
    return speaking(rows) or _("there is still room")


class Line(NamedTuple):
    """A proposal as it is read: why this helper, what speaks against it, who would come next, and what each
    reason counts (points: higher suits better)."""

    proposal: Proposal
    why: str
    but: str
    otherwise: str
    points: tuple[tuple[str, int], ...]
    total: int
    next_total: int | None


def line(proposal: Proposal) -> Line:
    detail = proposal.runner_up_detail
    return Line(
        proposal,
        because(proposal.reasons),
        speaking(proposal.reasons, against=True),
        _otherwise(proposal),
        tuple((phrase(Reason(*row)), -Reason(*row).cost) for row in proposal.reasons),
        -proposal.cost,
        -proposal.cost - detail["difference"] if detail else None,
    )


class Choice(NamedTuple):
    """One colleague who could accompany a student, as it is read."""

    staff: Staff
    why: str
    but: str
    room: int
    can_start: bool


def choice(candidate: Candidate) -> Choice:
    reasons = candidate.reasons
    return Choice(
        candidate.staff,
        speaking(reasons),
        speaking(reasons, against=True),
        candidate.room,
        candidate.can_start,
    )


def _otherwise(proposal: Proposal) -> str:
    other, detail = proposal.runner_up, proposal.runner_up_detail
    if other is None or proposal.helper is None:
        return _("Nobody else could be asked.")
    names = {
        "helper": proposal.helper.name,
        "other": other.name,
        "reasons": because(detail["reasons"]),
    }
    if not detail["free"]:
        return (
            _("%(other)s would come next (%(reasons)s), but has no room beside the other proposals.") % names
        )
    if detail["difference"] == 0:
        return _("%(other)s would suit just as well: %(reasons)s.") % names
    return _("If it were not %(helper)s, it would be %(other)s: %(reasons)s.") % names


def _joined(parts: Sequence[str]) -> str:
    return pgettext("between the parts of a list", ", ").join(parts)
