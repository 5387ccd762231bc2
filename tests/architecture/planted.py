"""Secrets of children lie in every field of the aid rooms: numbers of persons, phones, addresses, birth dates and cards."""

import datetime
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from tongxing.aid.companions import actions as companions
from tongxing.aid.donations.actions import box, gifts, money, thanks
from tongxing.aid.donations.actions.money import Row
from tongxing.aid.donations.tests.school import Giving, giving, more_students
from tongxing.aid.hardship.actions import applications, deciding
from tongxing.aid.hardship.actions import rounds as hardship
from tongxing.aid.hardship.content import Content, Member
from tongxing.aid.hardship.tests.school import Story
from tongxing.aid.ledger.actions import books, entries, statements
from tongxing.aid.ledger.models import Entry
from tongxing.aid.subsidies.actions import cards, pay, projects, rounds
from tongxing.aid.workstudy.actions import posts, selection
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance, Consent, Student
from tongxing.ground.publicity.actions import answer, object_to
from tongxing.ground.publicity.models import Notice

from ..cast import TERM_START, Cast
from . import aid_examples

DAY = datetime.date(2026, 10, 16)
TODAY = datetime.date(2026, 11, 25)
#: What two classes handed over, in fen and as a page writes it.
CLASS_ONE, CLASS_TWO = (137_71, "137.71"), (246_83, "246.83")
CARD = "6228480012345678917"


@dataclass
class Garden:
    """`secrets`: what was planted, by the field; `in_the_clear`: of these, what no key seals."""

    cast: Cast
    secrets: dict[str, str] = field(default_factory=dict)
    in_the_clear: set[str] = field(default_factory=set)
    notice: Notice | None = None
    token: str = ""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def id(self) -> UUID:
        return UUID(int=(0xCA9A << 64) + next(self._ids))

    def __call__(self, where: str, *, clear: bool = False) -> str:
        """Another secret, of the next of five kinds."""
        n = len(self.secrets) + 1
        first = f"3412822013{n % 12 + 1:02}17{n:03}"
        kinds = (
            f"62284800{n:03}45678901",
            first + check_digit(first),
            f"139{n:03}50021",
            f"望月坝青石里{n}组{n + 300}号",
            f"20{n % 4 + 10}年{n % 12 + 1}月{n % 27 + 1}日生{n:03}",
        )
        self.secrets[where] = kinds[n % 5]
        if clear:
            self.in_the_clear.add(where)
        return self.secrets[where]

    def met(self, text: str, besides: str = "") -> list[str]:
        """Where what stands in this text was planted, but for the rooms named."""
        rooms = tuple(besides.split())
        return [
            where
            for where, secret in self.secrets.items()
            if secret in text and not (rooms and where.startswith(rooms))
        ]


def plant(cast: Cast) -> Garden:
    garden = Garden(cast)
    told = giving(cast)
    _hardship(garden)
    _giving(garden, told)
    _ledger(garden, told)
    _subsidies(garden)
    _work(garden)
    _companions(garden)
    return garden


def _hardship(garden: Garden) -> None:
    cast, key = garden.cast, garden.cast.students.key
    story = Story(cast)
    member = [garden(f"hardship.member.{part}") for part in ("name", "relation", "work", "income", "health")]
    name, relation, work, income, health = member
    told = Content(
        members=(Member(name, relation, "41", work, income, health),),
        factors=garden("hardship.factors"),
        asks=garden("hardship.asks"),
        signed_by=garden("hardship.signed_by"),
    )
    made, level = story.apply(told=told), story.levels["特别困难"]
    hardship.stand_back(
        cast.actor("coordinator"), round=story.round, student=cast.students.normal,
        staff=cast.staff["other_teacher"], reason=garden("hardship.stands_back", clear=True),
    )  # fmt: skip
    for role, step in (("class_teacher", "class"), ("coordinator", "school")):
        words = garden(f"hardship.review.{step}")
        applications.review(cast.actor(role), application=made, step=step, level=level, words=words)
    deciding.decide(cast.actor("head"), application=made, level=level, reason=garden("hardship.decision"))
    garden.notice = story.publish(on_board=True)
    said = object_to(
        cast.actor("coordinator"), notice=garden.notice, student=key, by=garden("hardship.objection.by"),
        text=garden("hardship.objection"), said_on=TODAY, client_id=garden.id(),
    )  # fmt: skip
    answer(cast.actor("coordinator"), objection=said, text=garden("hardship.answer"), outcome="stands")


def _giving(garden: Garden, told: Giving) -> None:
    cast, maker = garden.cast, garden.cast.actor("finance_maker")
    for school_class in (cast.class_one, cast.class_two):
        more_students(cast, school_class, 9)
    by_teacher = told.hand_over("class_teacher", Row(cast.class_one, 8, CLASS_ONE[0]))
    other = told.hand_over("finance_maker", Row(cast.class_two, 7, CLASS_TWO[0]))
    named = gifts.Named(
        cast.students.key, 9_000, garden("giving.receipt", clear=True)[:30], wants_thanks=True,
        consent_by=garden("giving.consent", clear=True), note=garden("giving.note", clear=True),
    )  # fmt: skip
    gifts.name_gift(
        cast.actor("class_teacher"), share=by_teacher.shares.get(), client_id=garden.id(), named=named
    )
    outside = gifts.FromOutside(
        "alumni", garden("giving.outside.name"), 5_000, DAY, told.fund, "县慈善会", "JJ-1",
        garden("giving.outside.receipt", clear=True)[:30], wants_thanks=True, note=garden("giving.outside.note", clear=True),
    )  # fmt: skip
    gift = gifts.take_gift(maker, school=cast.school, client_id=garden.id(), told=outside)
    for handed in (by_teacher, other):
        money.receive(maker, handed=handed)
    garden.token = gifts.token_of(gifts.open_link(maker, gift=gift))
    _goods_and_box(garden, told)


def _goods_and_box(garden: Garden, told: Giving) -> None:
    cast, maker = garden.cast, garden.cast.actor("finance_maker")
    goods = gifts.note_goods(
        maker, campaign=told.campaign, client_id=garden.id(), what="字典", count=5, unit="本", day=DAY,
        given_by=garden("giving.goods.by", clear=True),
    )  # fmt: skip
    gifts.pass_on(
        maker,
        goods=goods,
        client_id=garden.id(),
        count=1,
        to_whom=garden("giving.goods.to", clear=True),
        day=DAY,
    )
    hung = box.hang_up(
        cast.actor("head"),
        school=cast.school,
        client_id=garden.id(),
        place="教学楼一楼",
        fund=told.fund,
        since=DAY,
    )
    counts = box.Counts(
        DAY, cast.staff["helper"], cast.staff["finance_maker"], 8_600, 8_700, garden("giving.bag", clear=True)[:30],
        8_700, garden("giving.box", clear=True),
    )  # fmt: skip
    box.note_opening(maker, box=hung, client_id=garden.id(), counts=counts)
    thanks.thank(
        cast.actor("head"),
        campaign=told.campaign,
        client_id=garden.id(),
        who=cast.class_one,
        story="雨天一起撑伞回家",
    )


def _ledger(garden: Garden, told: Giving) -> None:
    maker, checker, school = told.books.maker, told.books.checker, garden.cast.school
    for one in Entry.objects.waiting():
        entries.check(checker, entry=one)
    said = {
        "words": garden("ledger.narrative", clear=True),
        "party": garden("ledger.party", clear=True),
        "reference": garden("ledger.reference", clear=True),
    }
    told.books.received(9_000_00, **said)
    books.set_budget(
        checker, fund=told.fund, purpose=None, starts_on=DAY, ends_on=TODAY, amount=100_000, client_id=garden.id(),
        note=garden("ledger.budget", clear=True),
    )  # fmt: skip
    rows = [
        statements.ReadRow(
            1, DAY, 37, garden("ledger.statement.number", clear=True), garden("ledger.statement")
        )
    ]  # in the bank's own words long numbers are covered as they are read
    statements.take_statement(
        maker, account=told.books.accounts["1002"], profile="bank", file_name="x.xlsx", sha256="x", rows=rows
    )
    assert Entry.objects.filter(school=school).count() > 3


def _subsidies(garden: Garden) -> None:
    cast, office = garden.cast, garden.cast.actor("coordinator")
    key = cast.students.key
    aid_examples.county_project(cast)
    project = projects.add_project(
        office, organisation=cast.school, client_id=garden.id(), name="学校生活补助", kind="school", payer="school",
        asks="recognised",
    )  # fmt: skip
    said = projects.RateSaid(300_00, TERM_START, garden("subsidies.source", clear=True))
    projects.set_rate(office, organisation=cast.school, project=project, said=said, client_id=garden.id())
    opened = rounds.open_round(
        office,
        school=cast.school,
        project=project,
        term=cast.term,
        paper=garden("subsidies.paper", clear=True),
    )
    rounds.decide(
        office, round=opened, student=key, granted=True, amount=200_00, reason=garden("subsidies.reason")
    )
    rounds.decide(
        office,
        round=opened,
        student=cast.students.plain,
        granted=False,
        amount=0,
        reason=garden("subsidies.not"),
    )
    garden.secrets["subsidies.card.number"] = CARD
    cards.note_card(office, student=key, holder=garden("subsidies.card.holder", clear=True), number=CARD)
    pay.make_list(office, round=opened, client_id=garden.id())


def _work(garden: Garden) -> None:
    cast, office = garden.cast, garden.cast.actor("coordinator")
    post = posts.open_post(
        office, school=cast.school, client_id=garden.id(), name="图书角", kind="volunteer", place="图书角",
        work=garden("work.what", clear=True), care_taken=garden("work.safe", clear=True),
        times=garden("work.times", clear=True), supervisor=cast.staff["coordinator"], places=9, rate=None,
        starts_on=TERM_START,
    )  # fmt: skip
    for student in (cast.students.key, cast.students.normal):
        asked = selection.apply(
            office, post=post, student=student, year=cast.year, words=garden(f"work.asks.{student.pk}"),
            client_id=garden.id(),
        )  # fmt: skip
    selection.not_now(office, application=asked, reason=garden("work.not_now"))


def _companions(garden: Garden) -> None:
    cast, office, key = garden.cast, garden.cast.actor("coordinator"), garden.cast.students.key
    _agrees(key, "companion")
    made = companions.add(
        office, school=cast.school, client_id=garden.id(), kind="alumnus", name=garden("companions.name", clear=True),
        comes_from=garden("companions.from", clear=True), phone="13877770021",
    )  # fmt: skip
    garden.secrets["companions.phone"] = "13877770021"
    said = companions.Said(
        garden("companions.promise", clear=True), "month", False, TERM_START, datetime.date(2027, 7, 1)
    )
    promise = companions.promise(office, companion=made, student=key, said=said, client_id=garden.id())
    companions.note(
        office, promise=promise, day=DAY, kind="call", words=garden("companions.kept"), client_id=garden.id()
    )
    companions.hand_in_letter(
        office,
        promise=promise,
        text=garden("companions.letter"),
        written_on=DAY,
        own_will=True,
        client_id=garden.id(),
    )
    companions.stop(office, promise=promise, side="family", reason=garden("companions.stopped"))
    Circumstance.objects.create(
        school=cast.school, student=key, category="minimum_living", source="civil", since=TERM_START
    )


def _agrees(student: Student, purpose: str) -> None:
    Consent.objects.create(
        school=student.school, student=student, purpose=purpose, basis="guardian", given_by="奶奶",
        student_agreed=True, given_on=TERM_START,
    )  # fmt: skip
