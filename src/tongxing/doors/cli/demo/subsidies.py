"""Aid projects of this term: the state's living subsidy that the county pays, a waiver and a subsidy of the school's own
money, one emergency, winter things that are about to be handed out.

Granted once recognition is filed; one payment came back because of a wrong number and was paid again; some families have
signed, one says that nothing has come. One child is left for somebody to look at.
"""

import datetime
import random
from uuid import UUID

from tongxing.aid.hardship.models import Recognition
from tongxing.aid.ledger.actions import entries, statements
from tongxing.aid.ledger.actions.statements import ReadRow
from tongxing.aid.ledger.models import Account, Entry, Fund
from tongxing.aid.subsidies.actions import cards, pay, projects, rounds
from tongxing.aid.subsidies.models import PayList, Project, Round, Subsidy
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, Student

from . import SEED, Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
WAIVER, SCHOOL, THINGS, EMERGENCY = "减免作业本和校服费", "学校生活补助", "生活用品", "突发困难救助"
#: Project → (fen, level): what the school decided in September.
RATES = {
    WAIVER: ((40_00, ""),),
    SCHOOL: ((110_00, "特别困难"), (85_00, "比较困难"), (55_00, "一般困难")),
    THINGS: ((55_00, ""),),
}
PURPOSES = {"living": "生活补助", "school": "生活补助", "waiver": "减免费用", "emergency": "临时困难救助"}
PAPER, OWN = "澄财教〔2026〕31号，2026年9月20日", "校长办公会纪要〔2026〕7号"
FEWEST = 8


def tell(demo: Demo) -> None:
    _Story(demo).tell()


class _Story:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.pick = demo, random.Random(f"{SEED} subsidies")  # noqa: S311  # a story, not a secret
        self.opened: dict[str, Round] = {}

    def tell(self) -> None:
        """As far as the term has come; what has not happened yet is not told."""
        held = Recognition.objects.holding().filter(school=self.demo.school).order_by("pk")
        self.students = [one.student for one in held.select_related("student__key")]
        if len(self.students) < FEWEST:
            return
        for week, weekday, chapter in (
            (7, 1, self.open),
            (7, 2, self.grant),
            (7, 4, self.pay_first),
            (8, 1, self.one_came_back),
            (8, 3, self.county_paid),
            (8, 4, self.signed),
            (9, 2, self.emergency),
            (11, 4, self.winter),
        ):
            day = self.demo.term.week_one + (7 * (week - 1) + weekday) * DAY
            moment = clock.start_of(day) + 10 * HOUR
            if moment >= self.demo.until - DAY:
                return
            with clock.telling(moment):
                chapter()

    def _as(self, post: str) -> Actor:
        return actor_for(self.demo.posts[post].user, clock.today())

    def _id(self) -> UUID:
        return UUID(int=self.pick.getrandbits(128), version=4)

    def open(self) -> None:
        office, school = self._as("coordinator"), self.demo.school
        projects.take_usual(office, organisation=school)
        for project in Project.objects.filter(school=school):
            for fen, level in RATES.get(project.name, ()):
                said = projects.RateSaid(fen, self.demo.term.starts_on, OWN, level=level)
                projects.set_rate(
                    office, organisation=school, project=project, said=said, client_id=self._id()
                )
            self.opened[project.name] = rounds.open_round(
                office, school=school, project=project, term=self.demo.term,
                paper=PAPER if project.payer == "county" else OWN, what="冬被一床" if project.name == THINGS else "",
            )  # fmt: skip
        for student in self.students[:-2]:
            number = f"623059{self.pick.randrange(10**13):013}"
            cards.note_card(office, student=student, holder=student.name, number=number)

    def grant(self) -> None:
        """All but the last child; one gets less, for it already has something of the village."""
        office, last = self._as("coordinator"), self.students[-1]
        rounds.decide(
            office, round=self.opened[SCHOOL], student=self.students[1], granted=True, amount=50_00, reason="村里另有补助，家长同意少发"
        )  # fmt: skip
        pks = [one.pk for one in self.students if one != last]
        for name, found in self.opened.items():
            if name not in (THINGS, EMERGENCY):
                rounds.grant_suggested(office, round=found, students=pks)
                pay.make_list(office, round=found, client_id=self._id())

    def _pay(self, pay_list: PayList) -> None:
        """The clerk writes in the morning, the general office checks in the afternoon."""
        school, kind = self.demo.school, pay_list.round.project.kind
        fund = Fund.objects.get(school=school, name="资助资金")
        bank = Account.objects.get(school=school, code="1002")
        purpose = fund.purposes.get(name=PURPOSES[kind])
        paid = pay.Paid(clock.today(), bank, fund, purpose, f"DF{clock.today():%y%m%d}{pay_list.pk:02}")
        entry = pay.pay(self._as("finance_clerk"), pay_list=pay_list, paid=paid, client_id=self._id())
        self._check(entry)

    def _check(self, entry: Entry) -> None:
        with clock.telling(clock.now() + 5 * HOUR):
            entries.check(self._as("general_office"), entry=entry)

    def _lists(self, name: str) -> list[PayList]:
        found = PayList.objects.standing().filter(round=self.opened[name]).order_by("pk")
        return list(found.select_related("school", "round__project"))

    def pay_first(self) -> None:
        for name in (WAIVER, SCHOOL):
            self._pay(self._lists(name)[0])

    def one_came_back(self) -> None:
        line = self._lists(SCHOOL)[0].lines.order_by("pk")[2]
        clerk = self._as("finance_clerk")
        entry = pay.came_back(clerk, line=line, day=clock.today(), reason="卡号有误", client_id=self._id())
        self._check(entry)
        with clock.telling(clock.now() + DAY):
            found = pay.make_list(self._as("coordinator"), round=self.opened[SCHOOL], client_id=self._id())
            self._pay(found)

    def county_paid(self) -> None:
        (found,) = (
            one
            for name in self.opened
            if self.opened[name].project.payer == "county"
            for one in self._lists(name)
        )
        clerk = self._as("finance_clerk")
        account = Account.objects.get(school=self.demo.school, code="9001")
        row = ReadRow(
            3, clock.today() - DAY, found.total, "YKT26102802", f"义务教育生活补助 {found.lines.count()} 人"
        )
        taken = statements.take_statement(
            clerk, account=account, profile="county", file_name="一卡通发放表（十月）.xlsx", sha256="demo-county-2", rows=[row],
        )  # fmt: skip
        (entry,) = statements.note_county(clerk, statement=taken)
        self._check(entry)
        with clock.telling(clock.now() + 6 * HOUR):
            pay.match(self._as("finance_clerk"), pay_list=found, entries=[entry])

    def signed(self) -> None:
        """Most of the school's list by now; one family says that nothing has come."""
        lines = list(self._lists(SCHOOL)[0].lines.standing().order_by("pk"))
        for n, line in enumerate(lines[: len(lines) * 3 // 4]):
            pay.confirm(self._as("coordinator"), line=line, received=n != 1, on_paper=True)

    def emergency(self) -> None:
        taken = Subsidy.objects.filter(school=self.demo.school).values("student")
        registered = Registration.objects.filter(school=self.demo.school, ends_on=None).values("student")
        found = Student.objects.enrolled().filter(pk__in=registered).exclude(pk__in=taken).order_by("pk")
        student, round = found.select_related("key")[3], self.opened[EMERGENCY]
        one = rounds.decide(
            self._as("coordinator"), round=round, student=student, granted=True, amount=500_00, reason="周末家里失火，衣被烧了"
        )  # fmt: skip
        with clock.telling(clock.now() + HOUR):
            rounds.agree(self._as("head"), subsidy=one)
            found_list = pay.make_list(self._as("coordinator"), round=round, client_id=self._id())
            self._pay(found_list)

    def winter(self) -> None:
        """The winter things wait to be paid."""
        round = self.opened[THINGS]
        rounds.grant_suggested(
            self._as("coordinator"), round=round, students=[one.pk for one in self.students[:-1]]
        )
        pay.make_list(self._as("coordinator"), round=round, client_id=self._id())
