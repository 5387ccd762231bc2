"""Every amount that a paper of the demo year says, beside what the books say; used by the tests of the demo school."""

import datetime
import io
import re
from collections.abc import Iterator

import openpyxl
from django.db.models import Sum
from pypdf import PdfReader

from tongxing.aid.donations.models import BoxOpening, Campaign
from tongxing.aid.donations.models_box import BOX
from tongxing.aid.donations.queries.became import became, funds_of_gifts
from tongxing.aid.ledger.models import Account, Entry, Line
from tongxing.aid.ledger.queries.reports import Days
from tongxing.aid.subsidies.models import PayLine, Round
from tongxing.aid.subsidies.models import PayList as SubsidyList
from tongxing.aid.workstudy.models import Month
from tongxing.aid.workstudy.models import PayList as WorkList
from tongxing.aid.workstudy.queries.people import month_of_post
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.paper.documents import subsidies, workstudy
from tongxing.paper.documents.donations import board_file, protocol_file, register_report
from tongxing.paper.documents.ledger import Fen, balance_report, cash_report, funds_report, report_sheet

Fact = tuple[str, int, int]  # (which paper, what it says, what the books say), in fen
YUAN = re.compile(r"(?<![\d,.])\d[\d,]*\.\d\d(?![\d.])")


def moved(entry: Entry) -> int:
    return Line.objects.filter(entry=entry, amount__gt=0).aggregate(sum=Sum("amount"))["sum"] or 0


def amounts(file: bytes) -> list[list[int]]:
    """The amounts of each row of a sheet, in fen: cells with two decimals."""
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    rows = [[cell for cell in row if cell.number_format == "#,##0.00"] for row in sheet.iter_rows()]
    return [[round(float(cell.value) * 100) for cell in row] for row in rows if row]


def printed(file: bytes, after: str = "") -> list[int]:
    """The amounts that a PDF says, in fen and in its order; `after` the last time it says these words."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
    return [
        round(float(one.replace(",", "")) * 100)
        for one in YUAN.findall(text.rpartition(after)[2] if after else text)
    ]


def of_lists() -> Iterator[Fact]:
    """Lists of aid projects and of work-study: lines, sum, file and entry."""
    for pay_list in SubsidyList.objects.standing().select_related(
        "school", "entry", "round__project", "round__term"
    ):
        rows = [row[-1] for row in amounts(subsidies.list_file(SYSTEM, pay_list=pay_list, kind="xlsx"))]
        yield from _list_facts(f"subsidies {pay_list.pk}", rows, pay_list)
    for work in WorkList.objects.standing().select_related("school", "entry"):
        rows = [row[-1] for row in amounts(workstudy.pay_sheet(SYSTEM, pay_list=work, kind="xlsx"))]
        yield from _list_facts(f"work-study {work.pk}", rows, work)
    for line in PayLine.objects.filter(returned__isnull=False).select_related("returned"):
        assert line.returned
        yield f"came back {line.pk}", line.amount, moved(line.returned)


def _list_facts(name: str, rows: list[int], pay_list: SubsidyList | WorkList) -> Iterator[Fact]:
    yield f"{name}: sum of the sheet", rows[-1], pay_list.total
    yield f"{name}: rows of the sheet", sum(rows[:-1]), rows[-1]
    if pay_list.entry:
        yield f"{name}: entry", rows[-1], moved(pay_list.entry)


def of_signed() -> Iterator[Fact]:
    """What is printed to be signed, kept or sent to the bank: sums of lines, sums, entries."""
    for pay_list in SubsidyList.objects.standing().select_related(
        "school", "entry", "round__project", "round__term"
    ):
        *lines, total = printed(subsidies.list_file(SYSTEM, pay_list=pay_list, kind="pdf"))
        yield f"to-sign {pay_list.pk}", sum(lines), total
        yield (
            f"to-sign {pay_list.pk}: entry",
            total,
            moved(pay_list.entry) if pay_list.entry else pay_list.total,
        )
        book = openpyxl.load_workbook(io.BytesIO(subsidies.list_file(SYSTEM, pay_list=pay_list, kind="bank")))
        cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
        asked = sum(round(float(one) * 100) for one in cells if YUAN.fullmatch(one))
        back = pay_list.lines.filter(returned__isnull=False).select_related("returned")
        yield f"bank {pay_list.pk}", asked, total - sum(moved(one.returned) for one in back if one.returned)
    for work in WorkList.objects.standing().select_related("school", "entry"):
        *lines, total = printed(workstudy.pay_sheet(SYSTEM, pay_list=work, kind="pdf"))
        yield f"to-sign work {work.pk}", sum(lines) - _rates(work), total
        months = [
            _month(one) for one in Month.objects.standing().filter(pay_list=work).select_related("post")
        ]
        yield f"months of work {work.pk}", sum(months), moved(work.entry) if work.entry else work.total


def _rates(work: WorkList) -> int:
    """The sheet says beside each pay what an hour is worth."""
    return sum(one.assignment.post.rate for one in work.lines.select_related("assignment__post"))


def _month(month: Month) -> int:
    last = (month.month + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    found = month_of_post(SYSTEM, month.post, month.month, last)
    *rows, total = printed(workstudy.month_sheet(SYSTEM, month=found, kind="pdf", with_pay=True))
    assert sum(rows) == total
    return total


def of_volumes() -> Iterator[Fact]:
    """资助归档册: its payments against their entries, its summary against its lists."""
    for round in Round.objects.select_related("school", "project", "term"):
        lists = list(SubsidyList.objects.standing().filter(round=round).select_related("entry"))
        if not lists:
            continue
        said = printed(subsidies.volume(SYSTEM, round=round), after="发放登记（本人签字）")
        posted = [one for one in lists if one.entry and one.entry.is_posted and not one.handed_on]
        books = sum(moved(one.entry) for one in posted if one.entry) + 2 * sum(one.total for one in lists)
        yield f"volume {round.pk}", sum(said), books


def of_boxes_and_boards() -> Iterator[Fact]:
    for opening in BoxOpening.objects.filter(ended_at=None).select_related("box__school"):
        said = printed(protocol_file(SYSTEM, box=opening.box, opening=opening, kind="pdf"))
        entry = Entry.objects.filter(
            school=opening.school, source_kind=BOX, source_id=str(opening.pk), ended_at=None
        ).first()
        yield f"protocol {opening.pk}", said[2], moved(entry) if entry else opening.amount
    for school in Organisation.objects.filter(kind="school"):
        found = became(funds_of_gifts(school))
        if not found:
            continue
        said = printed(board_file(SYSTEM, school=school, found=found))
        for one in found:
            came, rest = said[: len(one.sources)], said[len(one.sources) :]
            used, left, said = rest[: len(one.uses)], rest[len(one.uses)], rest[len(one.uses) + 1 :]
            yield f"board {one.fund.name}", left, one.fund.balance
            yield f"board {one.fund.name}: from total to what is left", sum(came) - sum(used), left


def of_gifts(school: Organisation) -> Iterator[Fact]:
    """Registers of campaigns against the entries they name, and what gifts became against the balances of funds."""
    for campaign in Campaign.objects.filter(school=school):
        report = register_report(SYSTEM, campaign)
        said = {row[-1]: 0 for row in report.rows if row[-1]}
        for row in report.rows:
            if row[-1]:
                said[row[-1]] += sum(cell.value for cell in row if isinstance(cell, Fen))
        for number, amount in said.items():
            month, _dash, of_month = str(number).partition("-")
            entry = Entry.objects.get(
                school=school, posting__period__starts_on__month=int(month), posting__number=int(of_month)
            )
            yield f"{campaign.name} {number}", amount, moved(entry)
    for one in became(funds_of_gifts(school)):
        yield f"became {one.fund.name}", one.left, one.fund.balance


def of_ledger(school: Organisation, first: datetime.date, last: datetime.date) -> Iterator[Fact]:
    """Each report as a file against sums of posted lines."""
    days = Days(first, last)
    posted = Line.objects.posted().filter(school=school, entry__day__lte=last)
    for report in (balance_report(SYSTEM, school, days), funds_report(SYSTEM, school, days)):
        *rows, sums = amounts(report_sheet(SYSTEM, report, school))
        whole = [row for row in rows if len(row) == len(sums)]  # not what a fund spent for one purpose
        for place, said in enumerate(sums):
            yield f"{report.code} {place}", said, sum(row[place] for row in whole)
    debits = posted.filter(amount__gt=0).aggregate(sum=Sum("amount"))["sum"] or 0
    credits_ = posted.filter(amount__lt=0).aggregate(sum=Sum("amount"))["sum"] or 0
    yield f"debits {school.pk}", debits, -credits_
    for account in Account.objects.filter(school=school):
        yield (
            f"{account.code}",
            account.balance,
            posted.filter(account=account).aggregate(s=Sum("amount"))["s"] or 0,
        )
        if account.place:
            file = amounts(report_sheet(SYSTEM, cash_report(SYSTEM, account, days), school))
            yield f"cash book {account.code}", file[-1][-1], account.balance
