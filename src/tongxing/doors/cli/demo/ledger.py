"""The aid books: what was there in September, the school's own money and a gift for books, payments until today.

The clerk writes, the general office checks; one entry was wrong and is reversed, two wait, one was sent back. The
bank's October differs in two places, and the county has paid its subsidies by card.
"""

import datetime
from itertools import count
from uuid import UUID

from tongxing.aid.ledger import rules
from tongxing.aid.ledger.actions import books, entries, statements
from tongxing.aid.ledger.actions.entries import Said
from tongxing.aid.ledger.actions.statements import ReadRow
from tongxing.aid.ledger.models import Account, Entry, Fund, Line
from tongxing.aid.ledger.rules import Move
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from . import Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
BANK, CASH, OWED = "1002", "1001", "2201"
AID, BOOKS = "资助资金", "图书角（校友捐赠）"
#: (days after the first, kind, from, to, fen, fund, purpose, what for, from or to whom, number on the paper)
STORY = (
    (0, "opening", "3001", BANK, 386_240, AID, "", "上学年结余", "", ""),
    (0, "opening", "3001", CASH, 21_350, AID, "", "上学年结余（现金）", "", ""),
    (7, "receipt", "4002", BANK, 1_500_000, AID, "", "本学期资助经费", "镇中心学校", "HZ26090801"),
    (9, "receipt", "4005", BANK, 300_000, BOOKS, "", "校友捐给图书角，已由县教育基金会接收", "县教育基金会", "JJ2609-117"),
    (14, "payment", BANK, "5002", 96_000, AID, "减免费用", "开学减免作业本与校服费用，12 人", "镇文具店", "SJ26091502"),
    (20, "promise", OWED, "5001", 625_000, AID, "生活补助", "九、十月生活补助，学校部分，25 人", "", ""),
    (22, "payment", BANK, OWED, 625_000, AID, "", "发放九、十月生活补助", "镇信用社代发", "DF26092304"),
    (24, "returned", OWED, BANK, 25_000, AID, "", "一人卡号有误，退回", "镇信用社", "TH26092501"),
    (27, "payment", BANK, OWED, 25_000, AID, "", "更正卡号后补发", "镇信用社代发", "DF26092806"),
    (34, "payment", BANK, "5005", 168_400, BOOKS, "买书", "图书角新书 86 册", "县新华书店", "XH26100511"),
    (41, "transfer", BANK, CASH, 50_000, AID, "", "取备用金", "", "XJ26101203"),
    (45, "payment", CASH, "5003", 20_000, AID, "临时困难救助", "临时困难救助，1 人", "", "LS-003"),
    (49, "payment", BANK, "5005", 84_000, AID, "学习与生活用品", "冬季被褥 14 套", "镇供销社", "GX26102001"),
    (62, "payment", BANK, "5001", 312_500, AID, "生活补助", "十一月生活补助，学校部分，25 人", "镇信用社代发", "DF26110201"),
    (70, "receipt", "4008", BANK, 1_263, AID, "", "三季度利息", "镇信用社", "LX26111003"),
)  # fmt: skip
WRONG = (
    52,
    "payment",
    BANK,
    "5009",
    6_000,
    AID,
    "学习与生活用品",
    "手续费（多记一个零）",
    "镇信用社",
    "SX26102309",
)
WAITING = (
    (1, "payment", BANK, "5005", 38_650, AID, "学习与生活用品", "文具 25 套", "镇文具店", "SJ26112402"),
    (1, "payment", CASH, "5003", 15_000, AID, "临时困难救助", "临时困难救助，1 人", "", "LS-004"),
)
FEWEST_DAYS = 75  # of the year before the bank and the county have something to say


def tell(demo: Demo) -> None:
    first = demo.year.starts_on
    told = _Books(demo)
    with clock.telling(clock.start_of(first) + 9 * HOUR):
        told.open()
    for what in STORY:
        told.post(first + what[0] * DAY, what)
    if clock.day_of(demo.until) < first + FEWEST_DAYS * DAY:
        return
    told.reversed_one(first)
    told.close(first)
    told.bank(first)
    told.county(first)
    told.waits()


class _Books:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.last, self.ids = demo, clock.day_of(demo.until), count(1)
        self.accounts: dict[str, Account] = {}
        self.funds: dict[str, Fund] = {}

    def _as(self, post: str) -> Actor:
        return actor_for(self.demo.posts[post].user, clock.today())

    def _id(self) -> UUID:
        return UUID(int=(0x1ED6E4 << 96) + next(self.ids), version=4)

    def open(self) -> None:
        head, school = self._as("head"), self.demo.school
        books.open_books(head, school=school, month=clock.today())
        books.add_fund(
            head,
            school=school,
            name=BOOKS,
            terms="校友捐给各班图书角，只用来买书和修书架",
            purposes="买书\n修书架",
        )
        self.accounts = {one.code: one for one in Account.objects.filter(school=school)}
        self.funds = {one.name: one for one in Fund.objects.filter(school=school)}
        aid = self.funds[AID]
        for name, yuan in (("生活补助", 14_000), ("减免费用", 3_000), ("临时困难救助", 1_500)):
            books.set_budget(
                head, fund=aid, purpose=aid.purposes.get(name=name), starts_on=self.demo.term.starts_on,
                ends_on=self.demo.term.ends_on, amount=yuan * 100, client_id=self._id(), note="校长办公会",
            )  # fmt: skip

    def write(self, day: datetime.date, what: tuple) -> Entry:
        _after, kind, come_from, go_to, fen, fund_name, purpose, words, party, reference = what
        fund = self.funds[fund_name]
        named = fund.purposes.get(name=purpose).pk if purpose else None
        move = Move(self.accounts[come_from].pk, self.accounts[go_to].pk, fund.pk, fen, named)
        said = Said(day, words, party, reference)
        return entries.write_entry(
            self._as("finance_clerk"),
            school=self.demo.school,
            client_id=self._id(),
            kind=kind,
            moves=[move],
            said=said,
        )

    def post(self, day: datetime.date, what: tuple) -> Entry | None:
        """Written in the morning, checked in the afternoon; what has not come yet is not told."""
        if day >= self.last:
            return None
        with clock.telling(clock.start_of(day) + 10 * HOUR):
            entry = self.write(day, what)
        with clock.telling(clock.start_of(day) + 15 * HOUR):
            entries.check(self._as("general_office"), entry=entry)
        return entry

    def reversed_one(self, first: datetime.date) -> None:
        entry = self.post(first + WRONG[0] * DAY, WRONG)
        assert entry
        day = entry.day + DAY
        with clock.telling(clock.start_of(day) + 9 * HOUR):
            back = entries.reverse(
                self._as("finance_clerk"),
                entry=entry,
                day=day,
                reason="手续费应为 6.00 元",
                client_id=self._id(),
            )
        with clock.telling(clock.start_of(day) + 16 * HOUR):
            entries.check(self._as("general_office"), entry=back)
        self.post(day, (*WRONG[:4], 600, *WRONG[5:7], "手续费", *WRONG[8:]))

    def close(self, first: datetime.date) -> None:
        """The first month, a week after its end."""
        _begins, ends = rules.month_of(first)
        with clock.telling(clock.start_of(ends + 8 * DAY) + 11 * HOUR):
            books.close_month(self._as("general_office"), school=self.demo.school, month=first)

    def bank(self, first: datetime.date) -> None:
        """The second month as the bank tells it: one row nobody has entered, and one that came a week later."""
        begins, ends = rules.month_of(rules.month_of(first)[1] + DAY)
        found = Line.objects.posted().between(begins, ends).filter(account=self.accounts[BANK])
        turned = Entry.Kind.REVERSAL
        found = found.exclude(entry__kind=turned).exclude(entry__followed_by__kind=turned)
        lines = list(found.select_related("entry").order_by("entry__day", "pk"))
        rows = [
            ReadRow(
                n, line.entry.day + (n % 2) * DAY, line.amount, line.entry.reference, line.entry.narrative
            )
            for n, line in enumerate(lines, 6)
        ]
        rows[-1] = ReadRow(rows[-1].row, rows[-1].day, rows[-1].amount - 500, *_words(rows[-1]))
        rows.append(ReadRow(rows[-1].row + 1, ends, 317, "LX26103099", "利息"))
        with clock.telling(clock.start_of(ends + 4 * DAY) + 10 * HOUR):
            taken = statements.take_statement(
                self._as("finance_clerk"), account=self.accounts[BANK], profile="bank",
                file_name="镇信用社对账单.xlsx", sha256="demo-bank", rows=[row for row in rows if row.day <= ends],
            )  # fmt: skip
            unknown = taken.lines.get(amount=317)
            statements.settle(
                self._as("finance_clerk"),
                statement=taken,
                row=unknown,
                line=None,
                words="月末利息，信用社下月给回单",
            )

    def county(self, first: datetime.date) -> None:
        rows = [
            ReadRow(3, first + 44 * DAY, 2_187_500, "YKT26101501", "义务教育生活补助 35 人"),
            ReadRow(4, first + 44 * DAY, 375_000, "YKT26101502", "义务教育生活补助（走读）12 人"),
        ]
        with clock.telling(clock.start_of(first + 50 * DAY) + 10 * HOUR):
            clerk = self._as("finance_clerk")
            taken = statements.take_statement(
                clerk, account=self.accounts["9001"], profile="county", file_name="一卡通发放表.xlsx",
                sha256="demo-county", rows=rows,
            )  # fmt: skip
            noted = statements.note_county(clerk, statement=taken)
        with clock.telling(clock.start_of(first + 50 * DAY) + 15 * HOUR):
            for entry in noted:
                entries.check(self._as("general_office"), entry=entry)

    def waits(self) -> None:
        """Yesterday's two entries wait for a second look; one of the week before was sent back."""
        with clock.telling(clock.start_of(self.last - 2 * DAY) + 10 * HOUR):
            sent = self.write(
                self.last - 2 * DAY, (*WAITING[0][:4], 83_560, *WAITING[0][5:7], "文具", *WAITING[0][8:])
            )
        with clock.telling(clock.start_of(self.last - 2 * DAY) + 16 * HOUR):
            entries.take_back(
                self._as("general_office"), entry=sent, reason="发票是 386.50 元，请对一下；写上套数"
            )
        with clock.telling(clock.start_of(self.last - DAY) + 10 * HOUR):
            for what in WAITING:
                self.write(self.last - DAY, what)


def _words(row: ReadRow) -> tuple[str, str]:
    return row.reference, row.text
