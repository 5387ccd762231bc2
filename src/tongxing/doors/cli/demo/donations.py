"""The days around 17 October: an appeal, 24 classes and eight departments that give, what it became; a box opened four
times, alumni whose gift came through the county's foundation, and classmates who help each other.

Three of four students take part and 78 of a hundred colleagues, by the roster of the campaign's day.
"""

import datetime
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongxing.aid.donations.actions import box as boxes
from tongxing.aid.donations.actions import campaigns, gifts, money, thanks
from tongxing.aid.donations.actions.campaigns import Plan
from tongxing.aid.donations.actions.money import Counted, Row
from tongxing.aid.donations.models import Campaign, Department, DonationBox, HandingOver
from tongxing.aid.donations.models_box import BOX
from tongxing.aid.donations.models_gifts import GIFT, HANDED
from tongxing.aid.donations.queries.roster import class_roster, staff_roster, student_roster
from tongxing.aid.ledger.actions import books, entries
from tongxing.aid.ledger.actions.entries import Said
from tongxing.aid.ledger.models import Account, Entry, Fund
from tongxing.aid.ledger.rules import Move
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import SchoolClass, Staff

from . import SEED, Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
FUND = "10·17 爱心捐款"
STUDENTS, STAFF = 75, 78  # of a hundred
DEPARTMENTS = ("校长室", "教务处", "政教处", "总务处", "初一年级组", "初二年级组", "初三年级组", "后勤组")
APPEAL = """亲爱的老师、同学：
十月十七日快到了。我们身边有的同学爸爸妈妈在外打工，有的家里有人生病，一双暖和的鞋、一套文具，对他们都是帮助。
愿意的话，请献一份心意：一点零花钱、一本书、一件干净的衣服，都好。也可以教同学一道题，或者放学一起走一段路。
收到的每一分钱用在哪里，学校都会告诉大家。"""
#: (days from 17 October, kind, words).
STEPS = (
    (-9, "leadership", "商定时间、分工和款项用途"),
    (-8, "teachers", "说明自愿原则，不布置数额"),
    (-5, "flag", "国旗下讲话：身边的互助"),
    (-5, "cadres", "班干部学习倡议书，负责登记人数"),
    (-4, "column", "教学楼前宣传栏，两版"),
    (-3, "radio", "午间广播：三个互助的故事"),
    (-2, "class_meeting", "各班主题班会：我能帮上什么"),
)
#: (days after the first of the year, first count, second count in fen, why they differ).
OPENINGS = (
    (38, 12_650, 12_650, ""),
    (52, 20_380, 20_330, "一张五角粘在信封上，第三遍点清"),
    (66, 8_920, 8_920, ""),
    (84, 6_415, 6_415, ""),
)
SPENT = (
    (24, "5005", 186_000, "学习与生活用品", "保暖鞋和手套 31 份"),
    (27, "5003", 60_000, "临时困难救助", "临时困难救助，1 人"),
    (31, "5005", 74_550, "学习与生活用品", "文具与练习本 50 套"),
)
HELPS = ("homework", "umbrella", "way_home", "notes", "homework", "books", "company")


def tell(demo: Demo) -> None:
    told = _Giving(demo)
    told.open_fund()
    told.open_box()
    if told.until <= told.seventeenth + 8 * DAY:
        return
    told.campaign()
    told.give()
    told.goods()
    told.thank()
    told.alumni()
    told.spend()
    told.help_each_other()


class _Giving:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.until = demo, clock.day_of(demo.until)
        self.random = random.Random(f"donations {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
        self.seventeenth = datetime.date(demo.year.starts_on.year, 10, 17)
        self.counted_on = self.seventeenth - max(0, self.seventeenth.weekday() - 4) * DAY
        self.accounts = {one.code: one for one in Account.objects.filter(school=demo.school)}
        self.fund: Fund
        self.of: Campaign

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def as_(self, post: str) -> Actor:
        return actor_for(self.demo.posts[post].user, clock.today())

    def check(self, entry: Entry | None) -> None:
        if entry is not None:
            entries.check(self.as_("general_office"), entry=entry)

    def check_waiting(self, kind: str) -> None:
        for entry in Entry.objects.waiting().filter(school=self.demo.school, source_kind=kind):
            self.check(entry)

    def open_fund(self) -> None:
        purposes = "学习与生活用品\n临时困难救助\n生活补助"
        terms = "师生自愿捐款和募捐箱，用来帮助本校同学"
        with clock.telling(clock.start_of(self.demo.year.starts_on) + 10 * HOUR):
            self.fund = books.add_fund(
                self.as_("head"), school=self.demo.school, name=FUND, terms=terms, purposes=purposes
            )

    def open_box(self) -> None:
        first = self.demo.year.starts_on
        facts: dict[str, Any] = {
            "place": "教学楼一楼大厅",
            "fund": self.fund,
            "since": first + 9 * DAY,
            "client_id": self.id(),
        }
        with clock.telling(clock.start_of(first + 9 * DAY) + 9 * HOUR):
            box = boxes.hang_up(self.as_("coordinator"), school=self.demo.school, **facts)
        for number, what in enumerate(OPENINGS, 1):
            day = first + what[0] * DAY
            if day < self.until:
                self._open(box, number, day, what[1:])

    def _open(self, box: DonationBox, number: int, day: datetime.date, told: tuple[int, int, str]) -> None:
        """The coordinator with the clerk; the last opening waits for finance."""
        first, second, why = told
        people = self.demo.posts["coordinator"], self.demo.posts["general_office"]
        counts = boxes.Counts(day, *people, first, second, f"MJ-{day.year}-{number:02d}", first, why)
        with clock.telling(clock.start_of(day) + 16 * HOUR):
            opening = boxes.note_opening(self.as_("coordinator"), box=box, client_id=self.id(), counts=counts)
        with clock.telling(clock.start_of(day) + 17 * HOUR):
            boxes.confirm(self.as_("general_office"), opening=opening)
            if number < len(OPENINGS):
                boxes.into_the_books(self.as_("finance_clerk"), opening=opening)
                self.check_waiting(BOX)

    def campaign(self) -> None:
        day = self.seventeenth
        plan = Plan(
            FUND,
            APPEAL,
            day - 5 * DAY,
            day + 6 * DAY,
            self.counted_on,
            self.fund,
            slogan="一份心意，一路同行",
        )
        with clock.telling(clock.start_of(day - 10 * DAY) + 9 * HOUR):
            coordinator, school = self.as_("coordinator"), self.demo.school
            self.of = campaigns.begin(coordinator, school=school, client_id=self.id(), plan=plan)
            campaigns.set_departments(coordinator, school=school, names=DEPARTMENTS)
        for after, kind, words in STEPS:
            with clock.telling(clock.start_of(day + after * DAY) + 17 * HOUR):
                facts: dict[str, Any] = {
                    "kind": kind,
                    "day": clock.today(),
                    "words": words,
                    "client_id": self.id(),
                }
                campaigns.note_step(self.as_("coordinator"), campaign=self.of, **facts)

    def give(self) -> None:
        """Class teachers of the youngest bring theirs one by one, finance enters the others in the grid."""
        school, day = self.demo.school, self.counted_on
        sizes = class_roster(school, day)
        classes = [one for one in self.demo.classes if sizes.get(one.pk)]
        wanted = -(-student_roster(school, day) * STUDENTS // 100)
        people = self._shared([sizes[one.pk] for one in classes], wanted)
        rows = {
            one: Row(one, n, n * self.random.randint(7, 13) * 50)
            for one, n in zip(classes, people, strict=True)
        }
        for one, row in rows.items():
            if one.grade == 7:
                self._by_teacher(one, row)
        for grade in (8, 9):
            self._by_finance([row for one, row in rows.items() if one.grade == grade])
        staff = -(-staff_roster(school, day) * STAFF // 100)
        departments = list(Department.objects.filter(school=school, ended_on=None))
        parts = self._shared([-(-staff_roster(school, day) // len(departments))] * len(departments), staff)
        brought = [
            Row(one, n, n * self.random.randint(4, 9) * 1_000)
            for one, n in zip(departments, parts, strict=True)
        ]
        self._by_finance(brought)

    def _shared(self, sizes: Sequence[int], wanted: int) -> list[int]:
        """`wanted` people, spread over groups of these sizes, some more and some less."""
        found = [size * self.random.randint(62, 88) // 100 for size in sizes]
        place = 0
        while sum(found) != wanted:
            step = 1 if sum(found) < wanted else -1
            if 0 < found[place] + step <= sizes[place]:
                found[place] += step
            place = (place + 1) % len(sizes)
        return found

    def _by_teacher(self, one: SchoolClass, row: Row) -> None:
        teacher, clerk = self.demo.class_teachers[one.pk], self.demo.posts["finance_clerk"]
        with clock.telling(clock.start_of(self.counted_on + 3 * DAY) + 10 * HOUR):
            handed = money.hand_over(
                actor_for(teacher.user, clock.today()), campaign=self.of, client_id=self.id(),
                counted=Counted(self.counted_on, teacher, clerk), rows=[row],
            )  # fmt: skip
            if one.number == 1:
                self._named(handed, teacher)
        with clock.telling(clock.start_of(self.counted_on + 3 * DAY) + 15 * HOUR):
            money.receive(self.as_("finance_clerk"), handed=handed)
            self.check_waiting(HANDED)

    def _named(self, handed: HandingOver, teacher: Staff) -> None:
        """One child would like a card; everybody else stays without a name."""
        share = handed.shares.get()
        child = next(one for one in self.demo.students if self.demo.class_of[one.pk] == share.school_class)
        named = gifts.Named(child, 2_000, wants_thanks=True, note="自己攒的零花钱")
        actor = actor_for(teacher.user, clock.today())
        gifts.name_gift(actor, share=share, client_id=self.id(), named=named)

    def _by_finance(self, rows: list[Row]) -> None:
        counted = Counted(self.counted_on, self.demo.posts["finance_clerk"], self.demo.posts["coordinator"])
        with clock.telling(clock.start_of(self.counted_on + 4 * DAY) + 10 * HOUR):
            clerk = self.as_("finance_clerk")
            money.hand_over(clerk, campaign=self.of, client_id=self.id(), counted=counted, rows=rows)
        with clock.telling(clock.start_of(self.counted_on + 4 * DAY) + 15 * HOUR):
            self.check_waiting(HANDED)

    def goods(self) -> None:
        told = (
            ("现代汉语词典", 36, "本", "初三各班", 36, "初一、初二图书角"),
            ("围巾和手套", 58, "套", "教职工", 40, "住校生"),
        )
        for what, count, unit, given_by, passed, to_whom in told:
            with clock.telling(clock.start_of(self.counted_on + 4 * DAY) + 11 * HOUR):
                coordinator = self.as_("coordinator")
                goods = gifts.note_goods(
                    coordinator, campaign=self.of, client_id=self.id(), what=what, count=count, unit=unit,
                    given_by=given_by, day=self.counted_on,
                )  # fmt: skip
                on: dict[str, Any] = {
                    "count": passed,
                    "to_whom": to_whom,
                    "day": clock.today(),
                    "client_id": self.id(),
                }
                gifts.pass_on(coordinator, goods=goods, **on)

    def thank(self) -> None:
        classes = self.demo.classes
        child = next(one for one in self.demo.students if self.demo.class_of[one.pk] == classes[9])
        with clock.telling(clock.start_of(self.counted_on + 6 * DAY) + 14 * HOUR):
            teacher = actor_for(self.demo.class_teachers[classes[9].pk].user, clock.today())
            give_consent(teacher, student=child, purpose="praise", given_by="母亲", student_agreed=True)
            for who, story in (
                (classes[3], "全班轮流陪脚受伤的同学上下楼，一个月没有断过"),
                (classes[17], "把修好的旧课桌搬到图书角，给学弟学妹做了一排书架"),
                (self.demo.staff[20], "每天傍晚多留半小时，等住得远的孩子一起走"),
                (child, "雨天总多带一把伞，先送同学回家"),
                (thanks.Guest("柳溪村石秀兰"), "每周三下午来教竹编，竹子都是自己带来的"),
            ):
                facts: dict[str, Any] = {
                    "who": who,
                    "story": story,
                    "asked": isinstance(who, Staff | thanks.Guest),
                    "client_id": self.id(),
                }
                thanks.thank(self.as_("coordinator"), campaign=self.of, **facts)

    def alumni(self) -> None:
        day = self.seventeenth + 26 * DAY
        if day >= self.until:
            return
        told = gifts.FromOutside(
            "alumni", "九八届校友", 300_000, day, self.fund, "县教育基金会", f"JJ{day:%y%m}-117",
            wants_thanks=True,
        )  # fmt: skip
        with clock.telling(clock.start_of(day) + 10 * HOUR):
            gift = gifts.take_gift(
                self.as_("finance_clerk"), school=self.demo.school, client_id=self.id(), told=told
            )
            gifts.open_link(self.as_("finance_clerk"), gift=gift)
        with clock.telling(clock.start_of(day) + 15 * HOUR):
            self.check_waiting(GIFT)

    def spend(self) -> None:
        """From the cash that was handed over; the rest of it goes to the bank."""
        for after, code, fen, purpose, words in SPENT:
            named = self.fund.purposes.get(name=purpose).pk
            self._book(
                after,
                "payment",
                Move(self._account("1001"), self._account(code), self.fund.pk, fen, named),
                words,
            )
        for come_from, fen in (("1001", 200_000), ("1009", sum(one[1] for one in OPENINGS[:3]))):
            move = Move(self._account(come_from), self._account("1002"), self.fund.pk, fen)
            self._book(34, "transfer", move, "捐款存入银行" if come_from == "1001" else "募捐箱款存入银行")

    def _account(self, code: str) -> int:
        return self.accounts[code].pk

    def _book(self, after: int, kind: str, move: Move, words: str) -> None:
        day = self.seventeenth + after * DAY
        if day >= self.until:
            return
        with clock.telling(clock.start_of(day) + 10 * HOUR):
            entry = entries.write_entry(
                self.as_("finance_clerk"), school=self.demo.school, client_id=self.id(), kind=kind, moves=[move],
                said=Said(day, words),
            )  # fmt: skip
        with clock.telling(clock.start_of(day) + 15 * HOUR):
            self.check(entry)

    def help_each_other(self) -> None:
        with clock.telling(clock.start_of(self.counted_on + 5 * DAY) + 12 * HOUR):
            for one in self.demo.classes[:2]:
                actor = actor_for(self.demo.class_teachers[one.pk].user, clock.today())
                children = [child for child in self.demo.students if self.demo.class_of[child.pk] == one]
                for kind, child in zip(HELPS, self.random.sample(children, len(HELPS)), strict=True):
                    thanks.offer_help(actor, school_class=one, student=child, kind=kind)
