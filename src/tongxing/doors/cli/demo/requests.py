"""Beside the helpers: what students, families and slips asked for, and how it went on.

Its own random numbers and its own children, so that the rest of the story stays as it is.
"""

import datetime
import random
from uuid import UUID

from tongxing.care.requests import actions, asking, boxes, squares
from tongxing.care.requests.asking import Asked
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.people.models import Registration, Student
from tongxing.ground.people.queries import term_calendar

from . import Demo

#: It begins this many school days back; a younger term has not come so far.
TOLD_DAYS = 12
PLACES = ("教学楼一楼楼梯拐角", "女生宿舍楼梯口", "图书室门外")
#: (what about, the words, the days it was asked before today, what was done, whether it helped).
BY_TEACHERS = (
    (
        "studying",
        "英语听写连着两次只对 3 个，想请人一起想办法",
        9,
        "每天早读一起背 5 个词，周五听写对了 8 个",
        "yes",
    ),
    ("body", "这周喊了三次肚子疼，午饭剩得多", 6, "去镇卫生院看过，早饭改在学校吃", "little"),
    ("home", "说爷爷摔了一跤，放学要先回去做饭", 1, "", ""),
)
SLIPS = (
    ("studying", "上课听懂了 回家就不会做 能不能有人再讲一遍", 5),
    ("friend", "我们宿舍晚上总有人说话 我睡不着 不敢说", 1),
)


def tell(demo: Demo) -> None:
    pick = random.Random("requests")  # noqa: S311  # a story, not a secret
    days = [day for day in term_calendar(demo.term).days if day < clock.day_of(demo.until)]
    if len(days) <= TOLD_DAYS:
        return
    entries = Registration.objects.filter(school=demo.school, ends_on=None, level="normal")
    students = [
        entry.student
        for entry in entries.select_related("student__key", "student__school").order_by("pk")[20:30]
    ]
    _boxes(demo, pick, days)
    for told, student in zip(BY_TEACHERS, students, strict=False):
        _by_teacher(demo, pick, days, student, *told)
    _by_the_family(demo, pick, days)
    with clock.telling(_at(days, 8, 9)):
        squares.open_door(_person(demo, "coordinator"), school=demo.school)
        squares.open_door(_person(demo, "coordinator"), school=demo.school, school_class=demo.classes[0])


def _boxes(demo: Demo, pick: random.Random, days: list[datetime.date]) -> None:
    """Three boxes; the last one waits to be opened."""
    openers = [demo.posts["counsellor"], demo.posts["coordinator"], demo.class_teachers[demo.classes[0].pk]]
    hung = []
    with clock.telling(_at(days, TOLD_DAYS, 8)):
        for place, opener in zip(PLACES, openers, strict=True):
            hung.append(
                boxes.hang_up(
                    _person(demo, "coordinator"), school=demo.school, place=place, every=3, opener=opener
                )
            )
    for back in (10, 7, 5, 1):
        with clock.telling(_at(days, back, 16)):
            for box, opener in list(zip(hung, openers, strict=True))[: 2 if back < 7 else 3]:
                slips = [told for told in SLIPS if told[2] == back] if box is hung[0] else []
                boxes.note_opening(actor_for(opener.user), box=box, client_id=_uuid(pick), slips=len(slips))
                for topic, words, _back in slips:
                    found = asking.key_in_slip(
                        actor_for(opener.user),
                        box=box,
                        asked=Asked(topic, _uuid(pick), words),
                        school_class=demo.classes[3],
                    )
                    if back > 1:
                        actions.take_on(_holder(found), request=found)
                        actions.solve(
                            _holder(found), request=found, text="晚自习前多讲一遍，想来的都可以来。"
                        )


def _by_teacher(
    demo: Demo,
    pick: random.Random,
    days: list[datetime.date],
    student: Student,
    topic: str,
    words: str,
    back: int,
    done: str,
    helped: str,
) -> None:
    teacher = demo.class_teachers[demo.class_of[student.pk].pk]
    with clock.telling(_at(days, back, 11)):
        asked = asking.ask_for(
            actor_for(teacher.user), student=student, asked=Asked(topic, _uuid(pick), words)
        )
    if done:
        with clock.telling(_at(days, back - 1, 10)):
            actions.take_on(_holder(asked), request=asked, text="好的，我来看看，明天告诉您。")
        with clock.telling(_at(days, back - 2, 17)):
            actions.solve(_holder(asked), request=asked, text=done)
            actions.say_whether_it_helped(_holder(asked), request=asked, helped=helped)


def _by_the_family(demo: Demo, pick: random.Random, days: list[datetime.date]) -> None:
    """The demo's student asks twice and the demo's guardian once, each about themselves and the own child."""
    for role, topic, words, back in (
        (Role.STUDENT, "studying", "数学的应用题总是读不懂题目", 4),
        (Role.STUDENT, "low", "晚上想爸妈，睡不着", 1),
        (Role.GUARDIAN, "home", "孩子回家不大说话，想问问在学校怎么样", 1),
    ):
        grant = Grant.objects.filter(school=demo.school, role=role, ends_on=None).order_by("pk").first()
        if grant is None or grant.student is None:
            continue
        with clock.telling(_at(days, back, 18)):
            asked = asking.ask_oneself(
                actor_for(grant.user), student=grant.student, asked=Asked(topic, _uuid(pick), words)
            )
        if topic == "studying":
            with clock.telling(_at(days, back - 1, 9)):
                actions.take_on(_holder(asked), request=asked, text="明天大课间来办公室，我们一起读一道。")
            with clock.telling(_at(days, back - 3, 16)):
                actions.solve(
                    _holder(asked), request=asked, text="一起把 4 道题画成了图，你自己讲出了其中 3 道。"
                )


def _holder(asked: HelpRequest) -> Actor:
    return actor_for(asked.holder) if asked.holder else SYSTEM


def _person(demo: Demo, post: str) -> Actor:
    return actor_for(demo.posts[post].user)


def _at(days: list[datetime.date], back: int, hour: int) -> datetime.datetime:
    """So many school days ago."""
    return datetime.datetime.combine(days[-back], datetime.time(hour, 10), clock.SCHOOL_TIME)


def _uuid(pick: random.Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)
