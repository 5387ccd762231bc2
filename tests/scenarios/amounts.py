"""Every amount that a paper of the demo year says, beside what the books say; used by the tests of the demo school."""

import datetime
import io
from collections.abc import Iterator

import openpyxl
from django.db.models import Sum

from tongxing.aid.donations.models import Campaign
from tongxing.aid.donations.queries.became import became, funds_of_gifts
from tongxing.aid.ledger.models import Account, Entry, Line
from tongxing.aid.ledger.queries.reports import Days
from tongxing.aid.subsidies.models import PayLine
from tongxing.aid.subsidies.models import PayList as SubsidyList
from tongxing.aid.workstudy.models import PayList as WorkList
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.paper.documents import subsidies, workstudy
from tongxing.paper.documents.donations import register_report
from tongxing.paper.documents.ledger import Fen, balance_report, cash_report, funds_report, report_sheet

Fact = tuple[str, int, int]  # (which paper, what it says, what the books say), in fen


def moved(entry: Entry) -> int:
    return Line.objects.filter(entry=entry, amount__gt=0).aggregate(sum=Sum("amount"))["sum"] or 0


def amounts(file: bytes) -> list[list[int]]:
    """The amounts of each row of a sheet, in fen: cells with two decimals."""
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    rows = [[cell for cell in row if cell.number_format == "#,##0.00"] for row in sheet.iter_rows()]
    return [[round(float(cell.value) * 100) for cell in row] for row in rows if row]


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
