"""A small vocational college under the same county: three posts of work-study, hours until today, two lists, one paid.

Its people are invented like everybody here; the main school's figures know nothing of them.
"""

import datetime
import random
from dataclasses import dataclass, field
from uuid import UUID

from tongxing.aid.ledger.actions import books, entries
from tongxing.aid.ledger.actions.entries import Said
from tongxing.aid.ledger.models import Account, Fund
from tongxing.aid.ledger.rules import Move, month_of
from tongxing.aid.workstudy.actions import hours, pay, posts, selection
from tongxing.aid.workstudy.models import Application, Assignment, Post
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.people.calendar_actions import open_year, take_official_days
from tongxing.ground.people.class_names import parse
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import SchoolClass, SchoolYear, Staff, Student
from tongxing.ground.people.roster import ClassRef, StaffRow, StudentRow
from tongxing.ground.people.roster_actions import save_students
from tongxing.ground.people.roster_staff import save_staff

from . import SEED, Demo

DAY = datetime.timedelta(days=1)
STAFF = (
    ("江牧野", Role.HEAD),
    ("冉清", Role.COORDINATOR),
    ("阮知秋", Role.DEPUTY),
    ("应淮", Role.CLASS_TEACHER),
    ("季明夏", Role.FINANCE_MAKER),
    ("闵舟", Role.FINANCE_CHECKER),
)
CLASSES = ("高一(1)班", "高二(1)班")
#: (name, of which class, how many years before this September born, hardship on record)
STUDENTS = (
    ("沈听澜", 1, 17, "minimum_living"), ("陆星野", 1, 17, ""), ("温如许", 1, 16, "disabled_parent"),
    ("方小满", 1, 17, ""), ("梁雨桐", 1, 18, "low_income"), ("贺之洲", 1, 18, ""), ("谭乐天", 1, 17, ""),
    ("祝青禾", 0, 16, "monitored"), ("于归", 0, 16, ""), ("柏舟", 0, 15, ""), ("楼小楠", 0, 16, ""),
    ("尹晴川", 0, 16, ""), ("乔安歌", 0, 15, "serious_illness"), ("骆遥", 0, 16, ""),
)  # fmt: skip
#: (name, kind, rate, place, what is done, why it is safe, usual times, places, weekday, from, until, who works there)
POSTS = (
    ("图书馆整理", "temporary", 15_00, "图书馆", "整理书架，登记借还", "室内轻活，不登高；管理员一直在", "周三、周五放学后", 3, 2,
     "16:40", "18:10", ("沈听澜", "温如许", "方小满")),
    ("实训室管理", "fixed", 2_000_00, "汽修实训楼", "领还工具、擦拭台面", "不动电源和机器；实训老师在场", "周二、周四放学后", 2, 1,
     "16:30", "18:30", ("梁雨桐", "贺之洲")),
    ("低年级晚读陪伴", "volunteer", None, "阅览室", "陪新生读书、答疑", "有值班老师", "周一晚上", 4, 0, "18:30", "19:30",
     ("乔安歌", "柏舟")),
)  # fmt: skip
WAITING = (
    ("祝青禾", "想在图书馆，放学后都有时间"),
    ("于归", "喜欢看书，周三周五可以"),
    ("骆遥", "想试一试"),
)


def tell(demo: Demo) -> None:
    told = _College(demo, random.Random(f"college {SEED}"))  # noqa: S311  # a story, not a secret
    first = demo.term.week_one
    with clock.telling(clock.start_of(demo.term.starts_on) + datetime.timedelta(hours=9)):
        told.people()
    if told.last < first + 21 * DAY:
        return
    with clock.telling(clock.start_of(first) + datetime.timedelta(hours=10)):
        told.open(first)
    with clock.telling(clock.start_of(first + 4 * DAY) + datetime.timedelta(hours=15)):
        told.choose(first + 7 * DAY)
    told.months(first + 7 * DAY)
    with clock.telling(clock.start_of(told.last - 2 * DAY) + datetime.timedelta(hours=11)):
        told.ask()


@dataclass
class _College:
    demo: Demo
    ids: random.Random
    school: Organisation = field(init=False)
    year: SchoolYear = field(init=False)
    staff: dict[str, Staff] = field(default_factory=dict)
    students: dict[str, Student] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)

    @property
    def last(self) -> datetime.date:
        return clock.day_of(self.demo.until)

    def _id(self) -> UUID:
        return UUID(int=self.ids.getrandbits(128), version=4)

    def _as(self, role: str) -> Actor:
        return actor_for(self.staff[role].user, clock.today())

    def people(self) -> None:
        self.school = Organisation.objects.create(
            kind=Organisation.Kind.SCHOOL, name="澄湖县职业教育中心", short_name="职教中心", parent=self.demo.county,
            stage=Organisation.Stage.VOCATIONAL, is_demo=True,
        )  # fmt: skip
        dates = self.demo.dates
        pair = (dates.now, dates.after) if dates.number == 1 else (dates.before, dates.now)
        name = self.demo.year.name
        self.year = open_year(SYSTEM, school=self.school, name=name, first=pair[0], second=pair[1])
        take_official_days(SYSTEM, school=self.school, first=pair[0].starts_on, last=pair[1].ends_on)
        refs = []
        for title in CLASSES:
            found = parse(title)
            assert found
            SchoolClass.objects.create(
                school=self.school, year=self.year, grade=found.grade, number=found.number, name=title
            )
            refs.append(ClassRef(title, found.key, found.grade, found.number))
        self._staff()
        september = pair[0].starts_on
        rows = [
            StudentRow(
                code=f"Z{n:04d}", name=name, sex=self.ids.choice(["female", "male"]), school_class=refs[of],
                birth_date=september.replace(year=september.year - age) - datetime.timedelta(days=40 + 11 * n),
                circumstances=(hardship,) if hardship else (),
            )
            for n, (name, of, age, hardship) in enumerate(STUDENTS, 1)
        ]  # fmt: skip
        save_students(SYSTEM, school=self.school, year=self.year, rows=rows, on=self.demo.term.starts_on)
        found_students = Student.objects.filter(school=self.school).select_related("key", "school")
        self.students = {one.name: one for one in found_students}

    def _staff(self) -> None:
        rows = [StaffRow(f"Z{n:03d}", name) for n, (name, _role) in enumerate(STAFF, 1)]
        save_staff(SYSTEM, school=self.school, rows=rows)
        found = {one.name: one for one in Staff.objects.filter(school=self.school).select_related("user")}
        first_class = SchoolClass.objects.filter(school=self.school).order_by("grade").first()
        for name, role in STAFF:
            one = self.staff[role] = found[name]
            one.starts_on = self.demo.term.starts_on - 900 * DAY
            one.offence_check_on = self.demo.term.starts_on - 20 * DAY
            of_class = {"school_class": first_class} if role == Role.CLASS_TEACHER else {}
            Grant.objects.create(
                school=self.school, user=one.user, role=role, starts_on=self.demo.term.starts_on, **of_class
            )
        Staff.objects.bulk_update(self.staff.values(), ["starts_on", "offence_check_on"])

    def open(self, first: datetime.date) -> None:
        coordinator, head = self._as(Role.COORDINATOR), self._as(Role.HEAD)
        posts.set_floor(
            coordinator, school=self.school, client_id=self._id(), unit="fixed", amount=1_980_00,
            starts_on=first.replace(month=1, day=1), source="县公布的最低工资标准",
        )  # fmt: skip
        supervisors = (Role.DEPUTY, Role.CLASS_TEACHER, Role.CLASS_TEACHER)
        for one, supervisor in zip(POSTS, supervisors, strict=True):
            name, kind, rate, place, work, care_taken, times, places = one[:8]
            post = posts.open_post(
                coordinator, school=self.school, client_id=self._id(), name=name, kind=kind, place=place, work=work,
                care_taken=care_taken, times=times, supervisor=self.staff[supervisor], places=places, rate=rate,
                starts_on=first,
            )  # fmt: skip
            self.posts.append(post)
        books.open_books(head, school=self.school, month=first)
        self._money(first)

    def _money(self, first: datetime.date) -> None:
        accounts = {one.code: one for one in Account.objects.filter(school=self.school)}
        fund = Fund.objects.get(school=self.school, memo=False)
        entry = entries.write_entry(
            self._as(Role.FINANCE_MAKER), school=self.school, client_id=self._id(), kind="receipt",
            moves=[Move(accounts["4002"].pk, accounts["1002"].pk, fund.pk, 6_000_00)],
            said=Said(first, "本学期勤工助学经费", "县教育局", "QG26090701"),
        )  # fmt: skip
        entries.check(self._as(Role.FINANCE_CHECKER), entry=entry)

    def choose(self, starts_on: datetime.date) -> None:
        coordinator = self._as(Role.COORDINATOR)
        for post, one in zip(self.posts, POSTS, strict=True):
            for name in one[11]:
                student = self.students[name]
                give_consent(
                    coordinator,
                    student=student,
                    purpose=selection.CONSENT,
                    given_by="妈妈",
                    student_agreed=True,
                )
                asked = self._asks(post, student, "")
                selection.choose(coordinator, application=asked, starts_on=starts_on, agreed_on=clock.today())

    def _asks(self, post: Post, student: Student, words: str) -> Application:
        return selection.apply(
            self._as(Role.COORDINATOR),
            post=post,
            student=student,
            year=self.year,
            words=words,
            client_id=self._id(),
        )

    def months(self, first: datetime.date) -> None:
        """Every month until today: hours week by week, handed in, checked by another, put on a list, paid."""
        begins, paid = first, 0
        while begins <= self.last:
            ends = month_of(begins)[1]
            for post, one in zip(self.posts, POSTS, strict=True):
                self._hours(post, one, begins, min(ends, self.last - DAY))
            if ends < self.last:
                self._hand_in(begins, ends, pays=paid == 0)
                paid += 1
            begins = ends + DAY

    def _hours(self, post: Post, one: tuple, begins: datetime.date, ends: datetime.date) -> None:
        weekday, start, end = (
            one[8],
            datetime.time.fromisoformat(one[9]),
            datetime.time.fromisoformat(one[10]),
        )
        places = list(
            Assignment.objects.filter(post=post).select_related("student", "post__supervisor", "consent")
        )
        day = begins + ((weekday - begins.weekday()) % 7) * DAY
        while day <= ends:
            there = [place for place in places if self.ids.random() > 0.12]
            with clock.telling(clock.start_of(day) + datetime.timedelta(hours=20)):
                if there:
                    hours.write_hours_of(
                        actor_for(post.supervisor.user, day), assignments=there, span=hours.Span(day, start, end),
                        client_id=self._id(),
                    )  # fmt: skip
            day += 7 * DAY

    def _hand_in(self, begins: datetime.date, ends: datetime.date, *, pays: bool) -> None:
        after = min(ends + 2 * DAY, self.last)
        with clock.telling(clock.start_of(after) + datetime.timedelta(hours=9)):
            found = [
                hours.hand_in(actor_for(post.supervisor.user, after), post=post, month=begins)
                for post in self.posts
            ]
        if not pays:
            return
        with clock.telling(clock.start_of(after) + datetime.timedelta(hours=10)):
            coordinator = self._as(Role.COORDINATOR)
            for month in found:
                hours.check_month(coordinator, month=month)
            made = pay.make_list(
                coordinator, school=self.school, month=month_of(begins)[0], client_id=self._id()
            )
        with clock.telling(clock.start_of(after) + datetime.timedelta(hours=14)):
            fund = Fund.objects.get(school=self.school, memo=False)
            bank = Account.objects.get(school=self.school, code="1002")
            paid = pay.Paid(after, bank, fund, fund.purposes.get(name="勤工助学"), "DF26100901")
            entry = pay.pay(self._as(Role.FINANCE_MAKER), pay_list=made, paid=paid, client_id=self._id())
            entries.check(self._as(Role.FINANCE_CHECKER), entry=entry)

    def ask(self) -> None:
        """Three wait for the library; one of them has hardship on record and stands first."""
        for name, words in WAITING:
            self._asks(self.posts[0], self.students[name], words)
