"""Groups with more wishes than places, a choir with a prize, a visit to old people, letters home: told by the people
who hold them. What they note in children's files is left to the visitor; tutoring is noted with the tick."""

import datetime
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongxing.care.activities import actions, event_actions, queries, rules
from tongxing.care.activities.event_actions import Won
from tongxing.care.activities.models import Event, Offer
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Registration, Staff, Student
from tongxing.ground.people.queries import term_calendar

from . import SEED, Demo

WEEK, DAY = datetime.timedelta(weeks=1), datetime.timedelta(days=1)
Kind = Offer.Kind
#: name, kind, weekday, places, wishes, what one does, for whoever likes, room. The first is led by the first class
#: teacher.
GROUPS: tuple[tuple[str, str, int | None, int, int, str, str, str], ...] = (
    ("剪纸社", Kind.ART, 1, 16, 22, "从窗花学起，期末布置一面展示墙", "剪纸 剪窗花 画画", "美术室"),
    ("泥塑组", Kind.ART, 2, 12, 17, "捏身边的人和小动物", "捏泥 手工 画画 养小动物", "陶艺角"),
    ("合唱团", Kind.ART, 3, 24, 20, "两个声部，冬天去县里唱", "唱歌 朗诵", "音乐室"),
    ("舞蹈队", Kind.ART, 4, 14, 11, "学一支本地的采茶舞", "跳舞 跑步", "排练厅"),
    ("数学一点通", Kind.TUTORING, 0, 10, 13, "把这周没弄懂的题弄懂", "", "初一(2)班教室"),
    ("晚间自习座位", Kind.SEAT, None, 20, 14, "住得远、家里吵的同学，晚上在这里写作业", "", "图书室"),
)
MEETINGS = 5  # of each weekly group


def tell(demo: Demo) -> None:
    pick = random.Random(f"activities {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    calendar = term_calendar(demo.term)
    offers = [_offer(demo, pick, number) for number in range(len(GROUPS))]
    for number, offer in enumerate(offers):
        _wishes(demo, pick, offer, GROUPS[number][4])
    with clock.telling(_at(demo.term.week_one + 2 * WEEK, 12)):
        for offer in offers:
            actions.give_places(SYSTEM, offer=offer)
    for offer in offers:
        _meetings(demo, pick, offer, calendar)
    _competition(demo, pick, offers[2], calendar)
    _visit(demo, pick, calendar)
    _letters(demo, pick, calendar)
    _one_more_group(demo, pick)
    _contest(demo, calendar)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, 20), clock.SCHOOL_TIME)


def _school_day(calendar: TermCalendar, day: datetime.date) -> datetime.date:
    return next((one for one in calendar.days if one >= day), day)


def _id(pick: random.Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)


def _office(demo: Demo) -> Actor:
    return actor_for(demo.posts["coordinator"].user, clock.today())


def _leader(demo: Demo, number: int) -> Staff:
    """The first class teacher leads the first group; the others are led by class teachers of other classes."""
    return demo.class_teachers[demo.classes[number * 3].pk]


def _offer(demo: Demo, pick: random.Random, number: int) -> Offer:
    name, kind, weekday, places, _wishes, about, likes, room = GROUPS[number]
    with clock.telling(_at(demo.term.week_one + DAY, 9)):
        facts = {
            "name": name,
            "subject": "数学" if kind == Kind.TUTORING else "",
            "kind": kind,
            "weekday": weekday,
            "places": places,
            "about": about,
            "likes": likes,
            "room": room,
            "leader": _leader(demo, number),
            "grades": [7, 8],
            "starts_at": None if weekday is None else datetime.time(16, 30),
            "wishes_until": demo.term.week_one + 11 * DAY,
        }
        offer = actions.make_offer(_office(demo), term=demo.term, facts=facts, client_id=_id(pick))
    Offer.objects.filter(pk=offer.pk).update(
        seed=f"{pick.getrandbits(128):032x}"
    )  # the same school every time
    return offer


def _wishes(demo: Demo, pick: random.Random, offer: Offer, number: int) -> None:
    """Some wish at once, some a few days later, registered ones among both."""
    younger = [student for student in demo.students if demo.class_of[student.pk].grade in (7, 8)]
    held = set(
        Registration.objects.filter(school=demo.school, ends_on=None).values_list("student", flat=True)
    )
    registered = [student for student in younger if student.pk in held]
    others = [student for student in younger if student.pk not in held and student.status == "enrolled"]
    few = max(2, number // 5)
    wishing = [*pick.sample(registered, few), *pick.sample(others, number - few)]
    pick.shuffle(wishing)
    half = len(wishing) // 2
    for day, some in ((2, wishing[:half]), (7, wishing[half:])):
        with clock.telling(_at(demo.term.week_one + day * DAY, 17)):
            actions.wish(SYSTEM, offer=offer, students=some)


def _meetings(demo: Demo, pick: random.Random, offer: Offer, calendar: TermCalendar) -> None:
    """The last weeks are ticked; this week's is left to the visitor."""
    last = clock.day_of(demo.until) - 6 * DAY
    days = [day for day in rules.meeting_days(calendar, offer.weekday) if day <= last]
    leader = actor_for(offer.leader.user, clock.today())
    for day in days[-MEETINGS:]:
        with clock.telling(_at(day, 18)):
            event = event_actions.meet(leader, offer=offer, on=day, client_id=_id(pick))
            states = {student: _state(pick) for student in sorted(event_actions.expected(event))}
            event_actions.tick(leader, event=event, states=states)


def _state(pick: random.Random) -> str:
    return pick.choices(("present", "excused", "absent"), (90, 7, 3))[0]


def _competition(demo: Demo, pick: random.Random, choir: Offer, calendar: TermCalendar) -> None:
    until = clock.day_of(demo.until)
    day = [one for one in calendar.days if one <= until - 8 * DAY][-1]
    leader = actor_for(choir.leader.user, clock.today())
    with clock.telling(_at(day - 12 * DAY, 15)):
        facts = {"title": "全县中学生合唱比赛", "on": day, "place": "县文化馆", "leaves_school": True}
        event = _plan(
            demo, leader, "competition", facts, choir.leader, [demo.posts["deputy"]], pick, offer=choir
        )
        event_actions.list_group(leader, event=event)
        _close(event, leader)
    with clock.telling(_at(day, 18)):
        _tick_all(leader, event)
        told = {
            "result": "第二名",
            "prize": "二等奖",
            "process": "抽到第七个上场，《茉莉花》和《同一首歌》两首都唱完整了。",
            "effect": "低声部第一次没有跟着高声部跑；回来的车上又唱了一路。",
            "photo_note": "候场时互相整理红领巾的背影",
        }
        event_actions.write_record(leader, event=event, facts=told)
    with clock.telling(_at(until - 2 * DAY, 16)):
        facts = {"title": "元旦联欢排练", "on": _school_day(calendar, until + 9 * DAY), "place": "排练厅"}
        _plan(demo, leader, "rehearsal", facts, choir.leader, [], pick, offer=choir)


def _visit(demo: Demo, pick: random.Random, calendar: TermCalendar) -> None:
    """重阳 where it lies in the term, else a school day of week 6."""
    festival = queries.suggested_service_day(demo.term)
    day = festival[1] if festival else calendar.weeks[5].school_days[-1]
    teacher = _leader(demo, 1)
    with clock.telling(_at(day - 9 * DAY, 10)):
        office = _office(demo)
        facts = {
            "title": "重阳节看望老人" if festival else "春天看望老人",
            "on": day,
            "place": "和风镇敬老院",
            "programme": "送窗花；合唱团唱三首歌；两人一组陪一位老人说话",
        }
        companions = [teacher, demo.posts["counsellor"]]
        event = _plan(demo, office, "service", facts, demo.posts["coordinator"], companions, pick)
        students = [one for one in demo.students if demo.class_of[one.pk] == demo.classes[3]][:18]
        event_actions.set_list(SYSTEM, event=event, among=students, chosen={one.pk for one in students})
        _close(event, office)
    with clock.telling(_at(day, 17)):
        _tick_all(office, event, minutes=120)
        told = {"process": "每人陪一位老人说了半小时话，教老人剪了“福”字。", "effect": "说好元旦前再去一次。"}
        event_actions.write_record(office, event=event, facts=told)


def _letters(demo: Demo, pick: random.Random, calendar: TermCalendar) -> None:
    first = demo.classes[0]
    teacher = demo.class_teachers[first.pk]
    until = clock.day_of(demo.until)
    with clock.telling(_at(until - 3 * DAY, 12)):
        facts = {
            "title": "写给在外打工的爸爸妈妈",
            "on": _school_day(calendar, until + 4 * DAY),
            "way": "letter",
            "programme": "班会课上写，想写的写，不想写的画一张也行；信自己带回家或由老师寄出。",
        }
        _plan(demo, actor_for(teacher.user), "thanks", facts, teacher, [], pick, school_class=first)


def _one_more_group(demo: Demo, pick: random.Random) -> None:
    """Still open for wishes, so that a visitor can put a name down."""
    until = clock.day_of(demo.until)
    with clock.telling(_at(until - 2 * DAY, 9)):
        facts = {
            "name": "科普阅读会",
            "kind": "club",
            "weekday": 3,
            "places": 15,
            "about": "一周一本，轮流讲给大家听",
            "likes": "看科普书 爱提问",
            "room": "图书室",
            "leader": _leader(demo, 6),
            "grades": [7, 8, 9],
            "starts_at": datetime.time(17, 10),
            "wishes_until": until + 4 * DAY,
        }
        actions.make_offer(_office(demo), term=demo.term, facts=facts, client_id=_id(pick))


def _contest(demo: Demo, calendar: TermCalendar) -> None:
    """The first class draws; three of seven win something, each something else."""
    pick = random.Random(f"contest {SEED}")  # noqa: S311  # its own: what is told before stays as it is
    first, until = demo.classes[0], clock.day_of(demo.until)
    teacher = demo.class_teachers[first.pk]
    actor = actor_for(teacher.user, clock.today())
    day = [one for one in calendar.days if one <= until - 3 * DAY][-1]
    facts = {"title": "“家乡的冬天”绘画比赛", "on": day, "place": "美术室", "single_results": True}
    with clock.telling(_at(day - 7 * DAY, 12)):
        event = _plan(demo, actor, "competition", facts, teacher, [], pick, school_class=first)
        students = [
            one for one in demo.students if demo.class_of[one.pk] == first and one.status == "enrolled"
        ]
        drawing = pick.sample(students, 7)
        event_actions.set_list(SYSTEM, event=event, among=drawing, chosen={one.pk for one in drawing})
    with clock.telling(_at(day, 18)):
        prizes = ("一等奖", "三等奖", "最有想象力奖")
        won = {one.pk: Won(prize=prize) for one, prize in zip(drawing[:3], prizes, strict=True)}
        there = dict.fromkeys((one.pk for one in drawing), "present")
        event_actions.tick(actor, event=event, states=there, won=won)
        told = {"process": "每人一张八开纸，两节课画完；先互相讲自己画的是哪儿。"}
        event_actions.write_record(actor, event=event, facts=told)


def _plan(
    demo: Demo,
    actor: Actor,
    kind: str,
    facts: dict[str, Any],
    leader: Staff,
    companions: Sequence[Staff],
    pick: random.Random,
    **more: Any,
) -> Event:
    return event_actions.plan(
        actor,
        school=demo.school,
        kind=kind,
        facts=facts,
        client_id=_id(pick),
        leader=leader,
        companions=companions,
        **more,
    )


def _close(event: Event, actor: Actor) -> None:
    """Slips are back, but for one family: that child stays at school."""
    parts = list(event.parts.standing().select_related("student").order_by("student_id"))
    for part in parts[1:]:
        _agree(part.student)
    event_actions.take_off(actor, event=event, part=parts[0])
    event_actions.close_list(actor, event=event)


def _agree(student: Student) -> None:
    for purpose in ("outing", "photo") if student.pk % 6 else ("outing",):
        give_consent(
            SYSTEM, student=student, purpose=purpose, given_by="监护人（纸质回执）", student_agreed=True
        )


def _tick_all(actor: Actor, event: Event, minutes: int = 0) -> None:
    there = event_actions.expected(event)
    event_actions.tick(
        actor,
        event=event,
        states=dict.fromkeys(there, "present"),
        minutes=dict.fromkeys(there, minutes) if minutes else None,
    )
