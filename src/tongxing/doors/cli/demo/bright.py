"""Fourth chapter, beside the helpers: what class teachers noticed of late, a bright moment in a line."""

import datetime
from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Registration
from tongxing.ground.people.queries import term_calendar

from . import Demo

SEEN = [
    "数学课主动举手，讲清了自己的思路",
    "帮同桌补好了缺的笔记",
    "作文里写奶奶的那一段，全班都听得很安静",
    "大扫除时留到最后，把工具摆整齐了",
    "美术课的剪纸贴上了教室的展示墙",
    "英语听写比上次多对了 4 个",
]
DAYS = 9


def _in_school(demo: Demo, number: int) -> datetime.datetime:
    """A few minutes before a bell, between the second lesson and the last, on one of the last days."""
    day = clock.day_of(demo.until) - datetime.timedelta(days=1 + number % DAYS)
    return datetime.datetime.combine(day, datetime.time(9 + number % 7, 35), clock.SCHOOL_TIME)


def tell(demo: Demo) -> None:
    days = set(term_calendar(demo.term).days)
    entries = Registration.objects.filter(school=demo.school, ends_on=None).select_related("student__key")
    for number, entry in enumerate(entries.order_by("student__pinyin", "student_id")):
        happened = _in_school(demo, number)
        teacher = demo.class_teachers[demo.class_of[entry.student_id].pk]
        if number % 3 or happened.date() not in days:
            continue
        with clock.telling(happened + datetime.timedelta(minutes=20)):
            write_contact(
                actor_for(teacher.user, clock.today()),
                student=entry.student,
                client_id=UUID(int=demo.random.getrandbits(128), version=4),
                kind="highlight",
                told=Told({"seen": SEEN[number % len(SEEN)]}, channel="activity", happened_at=happened),
            )
