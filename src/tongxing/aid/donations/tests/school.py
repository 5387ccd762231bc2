"""A school with open books, departments and a running campaign, to tell stories with."""

import datetime
from dataclasses import dataclass, field
from uuid import UUID

from tests.cast import Cast

from tongxing.aid.ledger.actions.books import add_fund
from tongxing.aid.ledger.models import Fund
from tongxing.aid.ledger.tests.books import Told, books, client_id
from tongxing.ground.people.models import SchoolClass, Student

from ..actions import campaigns, money
from ..actions.campaigns import Plan
from ..actions.money import Counted, Row
from ..models import Campaign, Department, HandingOver

DAY = datetime.date(2026, 10, 16)


@dataclass
class Giving:
    cast: Cast
    books: Told
    fund: Fund
    campaign: Campaign
    departments: list[Department] = field(default_factory=list)

    def counted(self, day: datetime.date = DAY, **said) -> Counted:
        staff = self.cast.staff
        return Counted(day, staff["class_teacher"], staff["finance_maker"], **said)

    def hand_over(
        self, role: str, *rows: Row, day: datetime.date = DAY, sent: UUID | None = None
    ) -> HandingOver:
        return money.hand_over(
            self.cast.actor(role), campaign=self.campaign, client_id=sent or client_id(),
            counted=self.counted(day), rows=rows,
        )  # fmt: skip


def plan(fund: Fund, **said) -> Plan:
    usual = {
        "name": "10·17 爱心捐款", "appeal": "愿意的同学，献一份心意。", "starts_on": datetime.date(2026, 10, 12),
        "ends_on": datetime.date(2026, 10, 23), "counted_on": DAY, "fund": fund,
    }  # fmt: skip
    return Plan(**(usual | said))


def giving(cast: Cast) -> Giving:
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    fund = add_fund(told.checker, school=cast.school, name="10·17", terms="", purposes="生活补助\n学习用品")
    head = cast.actor("head")
    campaign = campaigns.begin(head, school=cast.school, client_id=client_id(), plan=plan(fund))
    departments = campaigns.set_departments(head, school=cast.school, names=["教务处", "总务处"])
    return Giving(cast, told, fund, campaign, departments)


def more_students(cast: Cast, school_class: SchoolClass, number: int) -> list[Student]:
    return [cast.add_student(f"同学{school_class.number}{n}", school_class) for n in range(number)]
