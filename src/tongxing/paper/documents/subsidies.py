"""What aid projects are printed on: the list to sign, to pay by, for the bank; a slip for each family; the file of a
project (资助归档册).

Invariants:
- every amount is the one of the list, the list's total the one of its entry in the ledger;
- card numbers stand in the bank's file alone, made by whoever writes the books;
- each file that is made leaves a row in the trail, with ids alone.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.aid.hardship.models import Application, Recognition
from tongxing.aid.hardship.queries import category_names
from tongxing.aid.ledger.models_books import MAKE
from tongxing.aid.subsidies.models import Card, PayLine, PayList, Round
from tongxing.aid.subsidies.models_pay import NUMBER
from tongxing.aid.subsidies.models_projects import MANAGE, PAY
from tongxing.aid.subsidies.queries.eligible import OfClass, by_class
from tongxing.aid.subsidies.queries.rounds import classes_of, lists_of, responsible
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Student
from tongxing.paper.exchange.export import offered, profile_workbook

from .content import Block, Document, Heading, Paragraph, Table, dated_text
from .pay_sheets import money_table, sheet_file
from .pdf import compile_pdf, pdf_file
from .writers import WRITERS

LIST_KINDS = ("pdf", "xlsx", "bank", "slips")
BANK = "bank-batch"


def _log(actor: Actor, school_id: int, subject: tuple[str, int], **detail: object) -> None:
    audit.record(actor, "subsidy.print", school_id=school_id, subject=subject, detail=detail)


@transaction.atomic
def list_file(actor: Actor, *, pay_list: PayList, kind: str) -> bytes:
    """`kind`: one of `LIST_KINDS`. The bank's file is for whoever writes the books."""
    actor.require(PAY, school_id=pay_list.school_id)
    if kind == "bank":
        actor.require(MAKE, school_id=pay_list.school_id)
    lines = list(pay_list.lines.with_back().order_by("pk").select_related("student"))
    found = by_class([one.student_id for one in lines], clock.today())
    students = {one.pk: one for one in found}
    _log(actor, pay_list.school_id, ("subsidy_list", pay_list.pk), kind=kind, lines=len(lines))
    if kind == "slips":
        return _slips(pay_list, students)
    if kind == "bank":
        return _bank_file(pay_list, lines, students)
    if kind == "xlsx":
        heads = [_("No."), _("Class"), _("Name"), _("Amount in yuan"), _("Received (own signature)")]
        rows = [[*_who(n, one, students), one.amount, ""] for n, one in enumerate(lines, 1)]
        rows.append(["", _("Sum"), money.in_words(pay_list.total), pay_list.total, ""])
        title = pay_list.round.project.name
        return sheet_file(
            pay_list.school.name, title, _note(pay_list), heads, [6, 14, 30, 14, 24], rows, kind
        )
    return pdf_file(_to_sign(pay_list, lines, students))


def _who(number: int, line: PayLine, students: dict[int, Student]) -> list[str | int]:
    student = students[line.student_id]
    return [str(number), student.class_name or "", student.name]


def _note(pay_list: PayList) -> str:
    note = _("%(term)s · made by %(who)s on %(day)s") % {
        "term": pay_list.round.term,
        "who": pay_list.made_by.name,
        "day": dated_text(clock.day_of(pay_list.made_at)),
    }
    if pay_list.round.what:
        note += " · " + pay_list.round.what
    return note + (" · " + _("taken back, not to be paid") if pay_list.ended_at else "")


def _to_sign(pay_list: PayList, lines: Sequence[PayLine], students: dict[int, Student]) -> Document:
    """Class by class, so that each class signs its own sheet; whoever answers for the class is named."""
    school = pay_list.school
    blocks: list[Block] = [Paragraph(_note(pay_list))]
    blocks += _by_class_to_sign(pay_list, lines, students)
    total = {"yuan": money.yuan(pay_list.total), "words": money.in_words(pay_list.total)}
    blocks.append(Paragraph(_("Altogether %(yuan)s yuan (%(words)s).") % total))
    title = f"{school.name}\n{pay_list.round.project.name}"
    return Document(title, tuple(blocks), issuer=school.name, dated=clock.today())


def _by_class_to_sign(
    pay_list: PayList, lines: Sequence[PayLine], students: dict[int, Student]
) -> Iterator[Block]:
    answer = responsible(pay_list.school, clock.today())
    classes: dict[tuple[int | None, str], list[list[str | int]]] = {}
    for number, one in enumerate(lines, 1):
        student = students[one.student_id]
        rows = classes.setdefault((student.class_id, student.class_name or _("without a class")), [])
        rows.append([str(number), student.name, one.amount, "", ""])
    heads = [_("No."), _("Name"), _("Amount in yuan"), _("Received (own signature)"), _("Day")]
    for (class_id, name), rows in classes.items():
        yield Heading(name, 1)
        yield money_table(heads, [8, 20, 20, 32, 20], rows)
        yield Paragraph(_("Answers for the class: %(name)s") % {"name": answer.get(class_id or 0, "")})


def _slips(pay_list: PayList, students: dict[int, Student]) -> bytes:
    """Whether it has come, asked of each family by itself: nobody sees what another one gets."""
    project, what = pay_list.round.project.name, pay_list.round.what
    slips = []
    for line in pay_list.lines.standing().order_by("pk"):
        student = students[line.student_id]
        given = what or _("%(yuan)s yuan (%(words)s)") % {
            "yuan": money.yuan(line.amount),
            "words": money.in_words(line.amount),
        }
        said = {"project": project, "term": pay_list.round.term, "given": given}
        slips.append(
            {
                "to": _("To the family of %(name)s, %(class)s")
                % {"name": student.name, "class": student.class_name or _("without a class")},
                "words": _("%(term)s, %(project)s: %(given)s. Has it reached you?") % said,
                "answer": _("□ received   □ not received   Signed: ____________   Day: ____________"),
            }
        )
    foot = _(
        "Please fold it and give it to the class teacher. If anything is not right, ask; it is looked into."
    )
    title = _("Has it come?")
    dated = dated_text(clock.today())
    return compile_pdf(
        "slips.typ",
        {"title": title, "slips": slips, "from": pay_list.school.name, "dated": dated, "foot": foot},
    )


def _bank_file(pay_list: PayList, lines: Sequence[PayLine], students: dict[int, Student]) -> bytes:
    """In the columns that the bank wants; a child without a card has an empty number, to be paid in another way.

    Whose money came back is left out, and everybody keeps the number of the list: by it the bank says who came back.
    """
    profile = next(one.profile for one in offered(pay_list.school) if one.code == BANK)
    cards = {one.student_id: one for one in Card.objects.standing().filter(student__in=students)}
    with translation.override(settings.LANGUAGE_CODE):
        facts = []
        for number, one in enumerate(lines, 1):
            if one.ended_at or one.is_back or one.waits_back:  # type: ignore[attr-defined]  # annotated by `with_back`
                continue
            student, card = students[one.student_id], cards.get(one.student_id)
            facts.append(
                {
                    "pay_number": str(number),
                    "name": student.name,
                    "card_holder": card.holder if card else "",
                    "card_number": unseal(student.key, card.number_sealed, NUMBER) if card else "",
                    "subsidy_amount": f"{money.decimal(one.amount):.2f}",
                    "subsidy_project": pay_list.round.project.name,
                }
            )
        return profile_workbook(
            profile, [[c.cell(row, profile.dates) for c in profile.columns] for row in facts]
        )


@transaction.atomic
def volume(actor: Actor, *, round: Round, kind: str = "pdf") -> bytes:
    """资助归档册: everything about one project in one term, in the order in which it is filed."""
    actor.require(MANAGE, school_id=round.school_id)
    classes = classes_of(actor, round)
    pks = [line.student.pk for one in classes for line in one.lines if line.subsidy]
    parts: list[tuple[str, list[Block]]] = [
        (_("The paper that gives the money"), [Paragraph(round.paper or _("Not entered."))]),
        (_("Records of the review"), [_review(classes), *_reasons(classes)]),
        (pgettext("file of aid", "Public notices"), list(_notices(pks, round))),
        (_("Applications"), list(_applications(pks, round))),
        (_("Summary by class"), [_summary(classes)]),
        (_("Payments, received by own signature"), list(_payments(actor, round))),
    ]
    _log(actor, round.school_id, ("subsidy_round", round.pk), kind=kind, paper="volume", children=len(pks))
    blocks: list[Block] = [
        Paragraph(_("Contents: %(parts)s") % {"parts": "；".join(name for name, _b in parts)})
    ]
    for name, of in parts:
        blocks += [Heading(name, 1), *of]
    title = "\n".join((round.school.name, " ".join((round.project.name, _("File of aid")))))
    note = f"{round.term}"
    document = Document(title, (Paragraph(note), *blocks), issuer=round.school.name, dated=clock.today())
    return WRITERS[kind](document)


def _review(classes: Sequence[OfClass]) -> Table:
    heads = [_("Class"), _("Name"), _("On what grounds"), _("Decided, in yuan"), _("By whom, when")]
    rows: list[list[str | int]] = []
    names = category_names()
    for of in classes:
        for line in of.lines:
            if one := line.subsidy:
                grounds = "、".join(_ground(code, names) for code in one.grounds)
                amount: str | int = one.amount if one.granted else _("not this time")
                by = one.decided_by.name + (f"、{one.agreed_by.name}" if one.agreed_by else "")
                day = dated_text(clock.day_of(one.decided_at))
                rows.append([of.name, line.student.name, grounds, amount, f"{by} {day}"])
    return money_table(heads, [14, 14, 28, 18, 30], rows)


def _ground(code: str, names: dict[str, str]) -> str:
    kind, _dot, rest = code.partition(".")
    known = {"boards": _("boards at school"), "day": _("day pupil")}
    return names.get(rest, rest) if kind == "group" else rest or known.get(kind, _("decided by people"))


def _reasons(classes: Sequence[OfClass]) -> Iterator[Block]:
    for of in classes:
        for line in of.lines:
            if line.subsidy and (reason := line.subsidy.reason):
                yield Paragraph(f"{line.student.name}：{reason}")


def _notices(pks: Sequence[int], round: Round) -> Iterator[Block]:
    """The notices on which these children's recognitions stood, each with its days."""
    found = Recognition.objects.filter(student__in=pks, notice__isnull=False, dropped_at=None)
    notices = {one.notice.pk: one.notice for one in found.select_related("notice") if one.notice}
    for notice in notices.values():
        days = {
            "title": notice.title,
            "first": dated_text(notice.first_day),
            "last": dated_text(notice.last_day),
        }
        yield Paragraph(_("%(title)s: from %(first)s to %(last)s, in the school.") % days)
    if not notices:
        yield Paragraph(_("Nothing was made public for these children."))


def _applications(pks: Sequence[int], round: Round) -> Iterator[Block]:
    found = Application.objects.standing().filter(student__in=pks, round__year=round.term.year)
    rows: list[list[str | int]] = [
        [one.student.name, str(one.get_source_display()), dated_text(one.promised_on), dated_text(clock.day_of(one.handed_in_at))]
        for one in found.defer("content_sealed").select_related("student").order_by("student__pinyin", "pk")
    ]  # fmt: skip
    if rows:
        heads = [_("Name"), _("Handed in how"), _("Promise signed on"), _("Handed in on")]
        yield money_table(heads, [22, 26, 26, 26], rows)
    yield Paragraph(_("The signed forms are kept sealed with the recognition and printed there."))


def _summary(classes: Sequence[OfClass]) -> Table:
    rows: list[list[str | int]] = []
    for of in classes:
        if children := [one for one in of.lines if one.subsidy and one.subsidy.granted]:
            rows.append([of.name, of.responsible, str(len(children)), of.total])
    rows.append([_("Sum"), "", str(sum(int(row[2]) for row in rows)), sum(int(row[3]) for row in rows)])
    return money_table(
        [_("Class"), _("Answers for the class"), _("Children"), _("Amount in yuan")], [24, 28, 18, 24], rows
    )


def _payments(actor: Actor, round: Round) -> Iterator[Block]:
    found = list(lists_of(actor, round.school).filter(round=round, ended_at=None).order_by("pk"))
    for pay_list in found:
        yield Heading(_("List of %(day)s") % {"day": dated_text(clock.day_of(pay_list.made_at))}, 2)
        yield Paragraph(_entry_words(pay_list))
        lines = list(pay_list.lines.with_back().order_by("pk").select_related("student"))
        rows: list[list[str | int]] = [
            [str(n), one.student.name, one.amount, _answer(one), ""] for n, one in enumerate(lines, 1)
        ]
        rows.append(["", _("Sum"), pay_list.total, "", ""])
        heads = [_("No."), _("Name"), _("Amount in yuan"), _("What the family says"), _("Own signature")]
        yield money_table(heads, [8, 18, 20, 26, 28], rows)
    if not found:
        yield Paragraph(_("No list is made yet."))


def _entry_words(pay_list: PayList) -> str:
    if pay_list.handed_on:
        return _("Handed out on %(day)s.") % {"day": dated_text(pay_list.handed_on)}
    entry = pay_list.entry
    if entry is None or not entry.is_posted:
        return _("Not paid yet.")
    said = {
        "number": f"{entry.day:%Y-%m}-{entry.posting.number:03}",
        "day": dated_text(entry.day),
        "yuan": money.yuan(pay_list.total),
    }
    return _("Entry %(number)s of the books, %(day)s: %(yuan)s yuan.") % said


def _answer(line: PayLine) -> str:
    if line.is_back:  # type: ignore[attr-defined]  # annotated by `with_back`
        return _("came back")
    return str(line.get_answer_display()) if line.answer else ""
