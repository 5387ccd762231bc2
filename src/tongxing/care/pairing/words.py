"""The reasons of a pair in words, in the reader's language. No category of a student is ever among them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tongxing.ground.people.models import Staff

from .handing import Successor
from .models import Proposal
from .preview import Change, Side
from .queries import Candidate, Charge
from .rules import Reason

LABELS = {
    "head_first": gettext_lazy("The head goes first"),
    "head_key": gettext_lazy("The head accompanies a key student"),
    "continues": gettext_lazy("Accompanied the student before"),
    "class_teacher": gettext_lazy("Is the class teacher"),
    "teaches_class": gettext_lazy("Teaches the class"),
    "subject_of_need": gettext_lazy("Teaches a subject that needs support"),
    "same_sex": gettext_lazy("Same sex, where somebody asked for it"),
    "same_village": gettext_lazy("Same village"),
    "same_dormitory": gettext_lazy("Looks after the dormitory"),
    "same_grade": gettext_lazy("Teaches the grade"),
    "workload": gettext_lazy("Each student accompanied already (counts against)"),
    "spread": gettext_lazy("Each further new student (counts against)"),
}


def phrase(reason: Reason) -> str:
    """One reason as part of a sentence about the helper."""
    about, count = reason.about, int(reason.about) if reason.about.isdigit() else 0
    said = {
        "pinned": lambda: _("was fixed beforehand"),
        "head_first": lambda: _("leads by example as the head"),
        "head_key": lambda: _("as the head takes a key student first"),
        "continues": lambda: _("has accompanied this student before"),
        "class_teacher": lambda: _("is the class teacher"),
        "teaches_class": lambda: _("teaches the class"),
        "subject_of_need": lambda: (
            _("teaches %(subjects)s, where a hand is needed") % {"subjects": _joined(about.split(","))}
        ),
        "same_sex": lambda: _("is of the same sex, as was asked for home visits"),
        "same_village": lambda: _("lives in the same village, %(village)s") % {"village": about},
        "same_dormitory": lambda: _("looks after the dormitory, %(dormitory)s") % {"dormitory": about},
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


def side(one: Side | None) -> str:
    """Why this helper, in words, for and against; "" for nobody."""
    if one is None:
        return ""
    against = speaking(one.reasons, against=True)
    said = speaking(one.reasons)
    if against:
        return _("%(reasons)s; on the other hand: %(against)s") % {
            "reasons": said or _("there is still room"),
            "against": against,
        }
    return said or _("there is still room")


def why_changed(row: Change) -> str:
    """One sentence on what moved this student from one helper to the other, or to nobody."""
    if row.before is None:
        return ""
    if row.after is None:
        return (
            str(Proposal.Why(row.why_none).label) if row.why_none else _("the student has left the register")
        )
    names = {"old": row.before.helper.name, "new": row.after.helper.name, "student": row.needed_for}
    if row.after.reasons and row.after.reasons[0].code == "pinned":
        return _("%(new)s was fixed beforehand.") % names
    if row.gap > 0:
        return ngettext(
            "%(new)s suits better by %(n)d point.", "%(new)s suits better by %(n)d points.", row.gap
        ) % {**names, "n": row.gap}
    if row.needed_for:
        return (
            _("%(old)s would go with %(student)s instead, so that all together are well cared for.") % names
        )
    if not row.before.reasons and row.gap == 0:
        return _("%(old)s cannot take this student at present.") % names
    return _("So all together are cared for best.")


def workload(charge: Charge) -> str:
    """How much a helper does, in plain words."""
    said = ngettext("accompanies %(n)d student", "accompanies %(n)d students", charge.load) % {
        "n": charge.load
    }
    room = ngettext("room for %(n)d more", "room for %(n)d more", charge.room) % {"n": charge.room}
    return _joined([said, room if charge.room else _("no more room at present")])


class Told(NamedTuple):
    """A change as it is read: whom the student leaves and whom the student gets, each with why, and what moved it."""

    change: Change
    before: str
    after: str
    why: str


def told(rows: Iterable[Change]) -> list[Told]:
    return [Told(row, side(row.before), side(row.after), why_changed(row)) for row in rows]


def successor(one: Successor) -> str:
    return _option(one.staff, speaking(one.reasons), one.room)


def choice_label(one: Choice) -> str:
    return _option(one.staff, one.why, one.room)


def _option(staff: Staff, why: str, room: int) -> str:
    """A colleague as a choice in a list: the name, what speaks for them, and whether there is room."""
    name = pgettext("a colleague", "%(name)s") % {"name": staff.name}
    words = _("%(name)s: %(reasons)s") % {"name": name, "reasons": why} if why else name
    return words if room else _("%(name)s (no more room)") % {"name": words}


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
