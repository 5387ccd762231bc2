"""What the story of a whole term needs: the day it is, who acts, the school's spreadsheets. Invented people only."""

import datetime
import io
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from django.test import Client

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.queries import obligations
from tongxing.care.programme.rules import Obligation
from tongxing.care.screening import actions as screening
from tongxing.care.screening.actions.classes import Answer
from tongxing.care.screening.models import Round
from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student, Term
from tongxing.paper.exchange.actions import Upload, commit, preview
from tongxing.paper.exchange.models import ImportBatch

TEACHERS = {
    "head": ("T01", "顾言"),
    "coordinator": ("T02", "石磊"),
    "tang": ("T03", "唐雨"),
    "shao": ("T04", "邵明"),
    "lin": ("T05", "林岚"),
    "song": ("T06", "宋桥"),
    "ling": ("T07", "凌霜"),
    "du": ("T08", "杜若"),
    "ji": ("T09", "纪平"),
    "qin": ("T10", "秦安"),
}
SURNAMES = "周孟苏何温罗黎江叶秦方纪"
GIVEN = ("晓禾", "宇航", "苗苗", "小满")
HEADINGS = (
    "学号",
    "姓名",
    "性别",
    "班级",
    "监护人1姓名",
    "监护人1关系",
    "监护人1电话",
    "监护人1务工地",
    "是否留守儿童",
)


def pupils() -> list[tuple[str, ...]]:
    """48 students in two classes; every eighth lives with grandparents while the parents work far away."""
    rows = []
    for number in range(48):
        name = SURNAMES[number % 12] + GIVEN[number // 12]
        family = (
            ("何守田", "爷爷", f"139{number:08}", "", "双亲留守") if number % 8 == 0 else ("", "", "", "", "")
        )
        row = (f"2026{number + 1:04}", name, "女男"[number % 2], f"初一({number % 2 + 1})班", *family)
        rows.append(row)
    return rows


def xlsx(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    return target.getvalue()


@contextmanager
def refused(*why: type[Exception]):
    """The refusal beside a step: a rule, or a right that is missing."""
    with pytest.raises(why or (Refused, NotAllowed)):
        yield


@dataclass
class Story:
    """The school as its people know it, and the day on which they act."""

    travel: Any
    school: Organisation = field(init=False)
    admin: User = field(init=False)

    def on(self, month: int, day: int, hour: int = 16) -> datetime.datetime:
        """It is that day; from January on of the next year."""
        moment = datetime.datetime(2026 + (month < 8), month, day, hour, tzinfo=SCHOOL_TIME)
        self.travel.move_to(moment)
        return moment

    def on_day(self, day: datetime.date, hour: int = 16) -> datetime.datetime:
        return self.on(day.month, day.day, hour)

    @property
    def term(self) -> Term:
        return Term.objects.select_related("year", "school").get(school=self.school, number=1)

    def user(self, who: str) -> User:
        return self.admin if who == "admin" else self.staff(who).user

    def staff(self, who: str) -> Staff:
        return Staff.objects.select_related("user", "school").get(school=self.school, code=TEACHERS[who][0])

    def actor(self, who: str) -> Actor:
        return actor_for(User.objects.get(pk=self.user(who).pk))

    def page(self, who: str, address: str) -> str:
        """What that person reads there."""
        browser = Client()
        browser.force_login(User.objects.get(pk=self.user(who).pk))
        response = browser.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return response.content.decode()

    def status(self, who: str, address: str) -> int:
        browser = Client()
        browser.force_login(User.objects.get(pk=self.user(who).pk))
        return browser.get(address).status_code

    def student(self, name: str) -> Student:
        return Student.objects.select_related("school", "key").get(school=self.school, name=name)

    def class_one(self) -> SchoolClass:
        return SchoolClass.objects.get(school=self.school, name__contains="1")

    def class_two(self) -> SchoolClass:
        return SchoolClass.objects.get(school=self.school, name__contains="2")

    def import_file(self, who: str, name: str, *rows: Sequence[object], **said: Any) -> ImportBatch:
        batch = preview(self.actor(who), school=self.school, uploads=[Upload(name, xlsx(*rows))], **said)
        return commit(self.actor(who), batch=batch)

    def write(self, who: str, student: Student, kind: str = "talk", **told: Any) -> Contact:
        values = {
            "body": {"thoughts": "愿意在校内托管时写完作业。", "promise": "周五前补交"},
            "reached": ["student"],
            "channel": "in_person",
        }
        return write_contact(
            self.actor(who), student=student, client_id=uuid4(), kind=kind, told=Told(**(values | told))
        )

    def who(self, staff: Staff) -> str:
        """The story's name for a colleague."""
        return next(who for who, (code, _name) in TEACHERS.items() if code == staff.code)

    def helper_of(self, student: Student) -> str:
        return self.who(Pair.objects.open().get(student=student).helper)

    def free(self) -> Staff:
        """A colleague who accompanies nobody."""
        taken = Pair.objects.open().values("helper")
        return Staff.objects.filter(school=self.school).exclude(pk__in=taken).earliest("code")

    def duties(self, student: Student, promise: str) -> list[Obligation]:
        """What this promise has asked for up to today, as it stands now."""
        found = obligations(self.actor("head"), self.term, clock.now(), [student.pk])
        return [one for one in found if one.commitment == promise and one.starts <= clock.today()]

    def states(self, student: Student, promise: str) -> dict[int, str]:
        return {one.weeks[0]: one.state for one in self.duties(student, promise)}

    def go_through(self, found: Round, who: str, named: dict[str, str]) -> None:
        """The class teacher answers for everybody: those named with a word, candidates as proposed, others as seen."""
        school_class = self.class_one() if who == "tang" else self.class_two()
        waiting = set(found.looked.filter(decision="pending").values_list("student", flat=True))
        answers = {}
        for member in ClassMembership.objects.filter(school_class=school_class).select_related("student"):
            fact = named.get(member.student.name)
            if fact is not None:
                answers[member.student_id] = Answer("key" if "五次" in fact else "normal", fact)
            else:
                choice = "as_proposed" if member.student_id in waiting else "seen"
                answers[member.student_id] = Answer(choice)
        screening.go_through(self.actor(who), round=found, school_class=school_class, answers=answers)
