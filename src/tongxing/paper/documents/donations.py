"""Files of the room of giving: the appeal, the register of what was given (finance alone), the protocol of the box,
what it became for the notice board, cards of thanks. Amounts come from the entries' sources and the books."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.aid.donations.models import BoxOpening, Campaign, DonationBox, Gift, HandingOver
from tongxing.aid.donations.models_campaigns import MONEY, VIEW
from tongxing.aid.donations.models_gifts import GIFT, HANDED
from tongxing.aid.donations.queries.became import Became
from tongxing.aid.donations.queries.campaigns import Stands, with_entries
from tongxing.aid.donations.wording import voluntary
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.queries.reports import Days
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor

from .content import Document, Heading, Paragraph, Table, dated_text, in_chinese
from .form_file import form_file
from .forms import Form, line, long_line, signatures
from .ledger import Fen, Report, Value
from .pdf import compile_pdf, pdf_file
from .word import word_file


@transaction.atomic
def _log(actor: Actor, ability: str, school_id: int, what: str, pk: int | None) -> None:
    actor.require(ability, school_id=school_id)
    detail = {"kind": what}
    audit.record(actor, "document.make", school_id=school_id, subject=(what, pk), detail=detail)


def appeal_file(actor: Actor, *, campaign: Campaign, kind: str) -> bytes:
    """倡议书 as PDF or Word. It ends with the words that giving is voluntary."""
    _log(actor, VIEW, campaign.school_id, "appeal", campaign.pk)
    words = [Paragraph(one.strip()) for one in campaign.appeal.splitlines() if one.strip()]
    days = _("From %(first)s to %(last)s, inside the school.") % {
        "first": dated_text(campaign.starts_on),
        "last": dated_text(campaign.ends_on),
    }
    slogan = [Paragraph(campaign.slogan)] if campaign.slogan else []
    document = Document(
        campaign.name + "\n" + _("Appeal"),
        (*slogan, *words, Paragraph(days), Paragraph(voluntary())),
        issuer=campaign.school.name,
        dated=campaign.starts_on,
    )
    return word_file(document) if kind == "docx" else pdf_file(document)


def register_report(actor: Actor, campaign: Campaign) -> Report:
    """捐款台账: class by class and department by department, for finance alone, with the entry each stands in."""
    actor.require(MONEY, school_id=campaign.school_id)
    handed = HandingOver.objects.visible_to(actor).standing().filter(campaign=campaign).order_by("day", "pk")
    shares = "shares__school_class", "shares__department"
    gifts = (
        Gift.objects.visible_to(actor).standing().filter(campaign=campaign, share=None).order_by("day", "pk")
    )
    rows = [
        *_handed_rows(with_entries(HANDED, list(handed.prefetch_related(*shares)))),
        *_outside_rows(with_entries(GIFT, list(gifts))),
    ]
    total = sum(value.value for row in rows for value in row if isinstance(value, Fen))
    columns = (
        _("Day"),
        _("Class or department"),
        _("How many took part"),
        _("Amount in yuan"),
        _("Official receipt"),
        _("Entry"),
    )
    return Report(
        "donations",
        _("%(campaign)s: register of gifts") % {"campaign": campaign.name},
        Days(campaign.starts_on, max(campaign.ends_on, clock.today())),
        columns,
        (12, 26, 9, 14, 16, 12),
        tuple(rows),
        ("", _("Sum"), "", Fen(total), "", ""),
    )


def _handed_rows(found: Iterable[Stands]) -> Iterable[tuple[Value, ...]]:
    for one in found:
        handed = one.row
        assert isinstance(handed, HandingOver)
        for share in handed.shares.all():
            amount = Fen(share.amount)
            yield (
                handed.day,
                share.label,
                str(share.people),
                amount,
                handed.receipt_number,
                number_of(one.entry),
            )


def _outside_rows(found: Iterable[Stands]) -> Iterable[tuple[Value, ...]]:
    for one in found:
        gift = one.row
        assert isinstance(gift, Gift)
        label = _("outside, through %(account)s") % {"account": gift.through}
        yield (gift.day, label, "", Fen(gift.amount), gift.receipt_number, number_of(one.entry))


def number_of(entry: Entry | None) -> str:
    """10-003: the third entry of October; empty while it waits to be checked."""
    if entry is None or not entry.is_posted:
        return ""
    return f"{entry.posting.period.starts_on:%m}-{entry.posting.number:03d}"


def protocol_file(actor: Actor, *, box: DonationBox, opening: BoxOpening | None, kind: str) -> bytes:
    """The protocol of an opening to sign, filled in or empty."""
    _log(actor, VIEW, box.school_id, "box protocol", box.pk)
    return form_file(_protocol(box, opening), kind)


def _protocol(box: DonationBox, opening: BoxOpening | None) -> Form:
    def fen(value: int | None) -> str:
        return "" if value is None else f"{money.yuan(value)}（{money.in_words(value)}）"

    counts = (opening.first_count, opening.second_count, opening.amount) if opening else (None, None, None)
    people = (opening.first.name, opening.second.name) if opening else ("", "")
    return Form(
        _("Opening of the donation box"),
        box.school.name,
        (
            line(
                (_("Where it stands"), box.place),
                (_("Day"), dated_text(opening.day) if opening else ""),
                (_("Number of the bag"), opening.bag_number if opening else ""),
            ),
            line((_("First count"), fen(counts[0]))),
            line((_("Second count"), fen(counts[1]))),
            line((_("In the bag"), fen(counts[2]))),
            long_line(_("Why the counts differ"), opening.explanation if opening else ""),
            signatures(
                (_("First person"), people[0]),
                (_("Second person"), people[1]),
                (_("Received by finance"), ""),
            ),
        ),
        _("Opened by two, counted twice, each alone. The bag is closed and numbered in front of both."),
    )


def board_file(actor: Actor, *, school: Organisation, found: Sequence[Became]) -> bytes:
    """What was given and what it became, to hang up inside the school: no name, no class."""
    _log(actor, VIEW, school.pk, "what gifts became", None)
    blocks: list[Heading | Paragraph | Table] = []
    for one in found:
        rows = [
            *(_row(_("came in"), *source) for source in one.sources),
            *(_row(pgettext("gifts", "for"), *use) for use in one.uses),
        ]
        rows.append(("", _("still there"), money.yuan(one.left)))
        heads = ("", pgettext("gifts", "From where, for what"), _("yuan"))
        blocks += [Heading(one.fund.name), Table(heads, tuple(rows), (2, 6, 3))]
    note = _("Counted from checked entries of the aid books as of %(day)s.") % {
        "day": dated_text(clock.today())
    }
    title = _("What was given, and what it became")
    return pdf_file(
        Document(
            f"{school.name}\n{title}", (Paragraph(note), *blocks), issuer=school.name, dated=clock.today()
        )
    )


def _row(word: str, name: str, amount: int) -> tuple[str, str, str]:
    return word, name, money.yuan(amount)


def thanks_cards(actor: Actor, *, school: Organisation, cards: Sequence[tuple[str, str]]) -> bytes:
    """Cards to print: to whom, and the words. No amount stands on them."""
    _log(actor, VIEW, school.pk, "cards of thanks", None)
    return compile_pdf(
        "card.typ",
        {
            "title": _("Thank you"),
            "cards": [{"to": _("To %(name)s") % {"name": to}, "words": words} for to, words in cards],
            "from": school.name,
            "dated": dated_text(clock.today()),
        },
    )


def usual_thanks(day: datetime.date) -> str:
    """On the card of a giver of whom no story is told."""
    month = f"{day.year}年{day.month}月" if in_chinese() else f"{day:%B %Y}"
    return _(
        "What you gave in %(month)s has helped children of our school to learn without worry. Thank you from all of us."
    ) % {"month": month}
