"""A school with books, three recognised children, and projects of every kind."""

import datetime
from itertools import count
from uuid import uuid4 as new_id

from tests.cast import Cast, school_with_term

from tongxing.aid.hardship.models import Level, Recognition
from tongxing.aid.hardship.models_applications import REASON
from tongxing.aid.hardship.tests.school import opened
from tongxing.aid.ledger.actions import entries
from tongxing.aid.ledger.models import Entry, Fund
from tongxing.aid.ledger.tests.books import Told, books
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import blind_index, new_key, seal
from tongxing.ground.people.models import Student

from ..actions import pay, projects, rounds
from ..models import PayList, Project, Round, Subsidy

TODAY = datetime.date(2026, 11, 25)
SEPTEMBER = datetime.date(2026, 9, 1)
_ids = count(1)


def recognise(
    cast: Cast, student: Student, level: str = "比较困难", since: datetime.date = SEPTEMBER
) -> Recognition:
    """A recognition as it is filed at the end of a round."""
    round = opened(cast.school, cast.users["coordinator"])
    return Recognition.objects.create(
        school=cast.school, round=round, student=student, level=Level.objects.get(school=cast.school, name=level),
        change="new", reason_sealed=seal(student.key, "评议一致", REASON), decided_by=cast.users["head"],
        decided_at=clock.now(), filed_by=cast.users["coordinator"], filed_at=clock.now(), starts_on=since,
        ends_on=cast.year.ends_on,
    )  # fmt: skip


class Aid:
    """`office` and `head` manage, `maker` writes the books, `checker` looks at them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.office, self.head = cast.actor("coordinator"), cast.actor("head")
        self.books: Told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
        self.maker, self.checker = self.books.maker, self.books.checker
        for student, boards in ((cast.students.key, True), (cast.students.plain, False)):
            Student.objects.filter(pk=student.pk).update(boarding=boards)
            student.refresh_from_db()
            recognise(cast, student)

    def project(
        self, kind: str = "living", payer: str = "school", asks: str = "recognised", **more
    ) -> Project:
        usual = {"name": f"项目{next(_ids)}", "kind": kind, "payer": payer, "asks": asks}
        return projects.add_project(
            self.office, organisation=self.cast.school, client_id=new_id(), **usual | more
        )

    def rate(self, project: Project, fen: int, **more):
        said = projects.RateSaid(fen, more.pop("starts_on", SEPTEMBER), "县里通知", **more)
        return projects.set_rate(
            self.office, organisation=self.cast.school, project=project, said=said, client_id=new_id()
        )

    def round(self, fen: int = 300_00, **more) -> Round:
        """Of a new project that gives everybody the same."""
        what = "被褥一套" if more.get("kind") == "in_kind" else ""
        project = self.project(**more)
        if fen:
            self.rate(project, fen)
        return rounds.open_round(
            self.office,
            school=self.cast.school,
            project=project,
            term=self.cast.term,
            what=what,
            paper="清财教〔2026〕8号",
        )

    def granted(self, **more) -> Round:
        """To both recognised children, as suggested."""
        found = self.round(**more)
        students = (self.cast.students.key.pk, self.cast.students.plain.pk)
        assert rounds.grant_suggested(self.office, round=found, students=students) == 2
        return found

    def decide(self, round: Round, student: Student, fen: int = 300_00, **more) -> Subsidy:
        return rounds.decide(
            self.office, round=round, student=student, **{"granted": True, "amount": fen} | more
        )

    def listed(self, **more) -> PayList:
        return pay.make_list(self.office, round=self.granted(**more), client_id=new_id())

    def pays(self, pay_list: PayList, purpose: str = "生活补助", **more) -> Entry:
        told = self.books
        paid = pay.Paid(
            **{
                "day": TODAY,
                "come_from": told.accounts["1002"],
                "fund": told.fund,
                "purpose": told.purposes[purpose],
            }
            | more
        )
        return pay.pay(self.maker, pay_list=pay_list, paid=paid, client_id=new_id())

    def paid(self, **more) -> PayList:
        """A list whose payment stands in the books."""
        self.books.received(5_000_00, day=datetime.date(2026, 10, 8))
        found = self.listed(**more)
        entries.check(self.checker, entry=self.pays(found))
        found.refresh_from_db()
        return found

    def sister(self, project: Project) -> Subsidy:
        """The same child, by its number, in another school of the county, which grants it the project in these months."""
        cast, student = self.cast, self.cast.students.key
        other, _year, term = school_with_term(f"和风镇第{next(_ids)}中学", cast.county)
        key = new_key()
        key.save()
        there = Student.objects.create(school=other, key=key, code="S9", name=student.name, status="left")
        same = blind_index("同一人", "people_student.id_number")
        Student.objects.filter(pk__in=[student.pk, there.pk]).update(id_number_index=same)
        by = {"opened_by": cast.users["coordinator"], "opened_at": clock.now()}
        round = Round.objects.create(school=other, project=project, term=term, **by)
        return Subsidy.objects.create(
            school=other, round=round, project=project, term=term, apart=project.apart, student=there, granted=True,
            amount=300_00, suggested=300_00, decided_by=cast.users["coordinator"], decided_at=clock.now(),
        )  # fmt: skip

    def county_paid(self, fen: int) -> Entry:
        memo = Fund.objects.get(school=self.cast.school, memo=True)
        return self.books.post("memo", self.books.move("9002", "9001", fen, fund=memo), words="县里发放")

    def county_took_back(self, fen: int) -> Entry:
        memo = Fund.objects.get(school=self.cast.school, memo=True)
        return self.books.post("memo", self.books.move("9001", "9002", fen, fund=memo), words="退回县里")
