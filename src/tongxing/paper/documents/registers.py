"""The bound register (统计成册) and the pairing table (结对帮扶登记表) as sheets of plain rows.

Invariants:
- contact details appear as masked as they are in lists, unless the rows were made with a revealed column;
- neither hardship nor what was said in counselling is ever in it; what a child likes and what was asked in forms
  stands there in its essentials;
- only what is recorded: no column exists for a field nobody keeps.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .content import moment_text
from .sheets import Cell, Column, Sheet


@dataclass(frozen=True, slots=True)
class RegisterRow:
    class_name: str
    code: str
    name: str
    sex: str
    level: str
    since: datetime.date
    reason: str
    family: str
    village: str
    address: str
    contact: str
    helper: str
    proxy: str
    situation: str
    first_call: str
    likes: str
    health: str
    told: str


@dataclass(frozen=True, slots=True)
class PairRow:
    class_name: str
    student: str
    level: str
    helper: str
    post: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    ended_reason: str
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class ProposalRow:
    class_name: str
    student: str
    level: str
    helper: str
    post: str
    why: str
    otherwise: str


def register_sheet(
    rows: tuple[RegisterRow, ...], *, school: str, term: str, as_of: datetime.datetime
) -> Sheet:
    columns = (
        Column(_("Class"), 11), Column(_("Student number"), 11), Column(_("Name"), 12), Column(_("Sex"), 5, "center"),
        Column(pgettext("document", "Support"), 6, "center"), Column(_("Registered on"), 12), Column(pgettext("document", "Reason"), 22),
        Column(_("Family members"), 22), Column(pgettext("document", "Village"), 11), Column(_("Address"), 16),
        Column(pgettext("document", "Contact"), 14), Column(_("Helper"), 9), Column(_("Proxy parent"), 12),
        Column(_("Family situation"), 12), Column(_("Call first"), 14), Column(_("Likes and can do"), 20),
        Column(_("Health that matters at school"), 12), Column(_("From interviews"), 22),
    )  # fmt: skip
    return Sheet(
        name=pgettext("document", "Register"),
        title=_("%(school)s: register of supported students") % {"school": school},
        note=_note(term, as_of, len(rows))
        + _("Addresses and phone numbers are partly hidden. Keep confidential."),
        columns=columns,
        rows=tuple(_register_cells(row) for row in rows),
    )


def _register_cells(row: RegisterRow) -> tuple[Cell, ...]:
    return (
        row.class_name, row.code, row.name, row.sex, row.level, row.since, row.reason,
        row.family, row.village, row.address, row.contact, row.helper, row.proxy, row.situation,
        row.first_call, row.likes, row.health, row.told,
    )  # fmt: skip


def pairing_sheet(rows: tuple[PairRow, ...], *, school: str, term: str, as_of: datetime.datetime) -> Sheet:
    return Sheet(
        name=pgettext("document", "Pairing"),
        title=_("%(school)s: one-to-one support") % {"school": school},
        note=_note(term, as_of, len(rows)),
        columns=(
            Column(_("No."), 6, "center"),
            Column(_("Student"), 12),
            Column(_("Class"), 11),
            Column(pgettext("document", "Support"), 6, "center"),
            Column(_("Helper"), 9),
            Column(pgettext("document", "Post"), 18),
            Column(_("Proxy parent"), 16),
            Column(pgettext("document", "From"), 12),
            Column(pgettext("document", "Until"), 12),
            Column(_("Reason for ending"), 22),
            Column(_("Signature"), 14),
        ),  # fmt: skip
        rows=tuple(
            (
                number,
                row.student,
                row.class_name,
                row.level,
                row.helper,
                row.post,
                row.proxy,
                row.starts_on,
                row.ends_on,
                row.ended_reason,
                "",
            )
            for number, row in enumerate(rows, start=1)
        ),  # fmt: skip
    )


def proposal_sheet(
    rows: tuple[ProposalRow, ...], *, school: str, term: str, as_of: datetime.datetime
) -> Sheet:
    return Sheet(
        name=pgettext("document", "Pairing"),
        title=_("%(school)s: proposals for one-to-one support") % {"school": school},
        note=_note(term, as_of, len(rows))
        + _("Proposals only: a person confirms each pair, after the offence-record check."),
        columns=(
            Column(_("No."), 6, "center"),
            Column(_("Student"), 12),
            Column(_("Class"), 11),
            Column(pgettext("document", "Support"), 6, "center"),
            Column(_("Proposed helper"), 12),
            Column(pgettext("document", "Post"), 18),
            Column(_("Why"), 36),
            Column(_("Otherwise"), 40),
            Column(_("Signature"), 14),
        ),
        rows=tuple(
            (
                number,
                row.student,
                row.class_name,
                row.level,
                row.helper,
                row.post,
                row.why,
                row.otherwise,
                "",
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def _note(term: str, as_of: datetime.datetime, count: int) -> str:
    return _("%(term)s · %(count)s entries · records up to %(moment)s. ") % {
        "term": term, "count": count, "moment": moment_text(as_of),
    }  # fmt: skip
