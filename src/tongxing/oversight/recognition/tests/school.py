"""A scheme of the cast's school and the steps of its way, for tests."""

import datetime
from typing import Any
from uuid import uuid4

from tests.cast import NOW, TERM_START, Cast

from tongxing.ground.publicity.actions import Said
from tongxing.oversight.recognition import awarding, consenting, schemes, way
from tongxing.oversight.recognition.models import Asked, Commendation, Scheme
from tongxing.oversight.recognition.schemes import Asks, Facts
from tongxing.oversight.recognition.whom import Whom

TODAY = NOW.date()
COMMITTEE = ("head", "deputy", "coordinator", "finance_maker", "counsellor")
ASKS = {
    "colleague": (Asks("把约好的谈心和家访做到了", 3, "promised"), Asks("孩子愿意找这位老师说话", 2)),
    "progress": (Asks("自己定的目标，自己做到了", 3, "own_goals"), Asks("和从前的自己比，有看得见的变化", 3)),
    "class": (Asks("开过主题班会", 1, "meetings"), Asks("有人请假时，有人帮着补笔记", 3)),
    "group": (Asks("会上定的事件件有着落", 2, "decisions"), Asks("彼此搭把手", 2)),
    "partners": (Asks("一起定的目标达成了", 2, "shared"), Asks("互相高兴", 2)),
}


def facts(kind: str, **more: Any) -> Facts:
    told = {
        "kind": kind, "name": f"暖心之光{kind[:3]}", "about": "谢谢一年里默默做事的人。", "starts_on": TERM_START,
        "until": datetime.date(2027, 1, 22), "open_until": TODAY + datetime.timedelta(days=10),
    }  # fmt: skip
    return Facts(**told | more)


def draft(cast: Cast, kind: str = "colleague", who: str = "coordinator", **more: Any) -> Scheme:
    return schemes.write(
        cast.actor(who), school=cast.school, year=cast.year, client_id=uuid4(), facts=facts(kind, **more),
        criteria=ASKS[kind],
    )  # fmt: skip


def published(cast: Cast, kind: str = "colleague", committee: tuple[str, ...] = COMMITTEE, **more) -> Scheme:
    made, office = draft(cast, kind, **more), cast.actor("coordinator")
    schemes.name_committee(office, scheme=made, staff=[cast.staff[name] for name in committee])
    schemes.publish(office, scheme=made)
    made.refresh_from_db()
    return made


def proposed(
    cast: Cast, scheme: Scheme, whom: Whom, who: str = "class_teacher", story: str = ""
) -> Commendation:
    story = story or "下雨天把没有伞的孩子一个个送上车，自己最后走。"
    return way.propose(cast.actor(who), scheme=scheme, whom=whom, client_id=uuid4(), story=story)


def said(cast: Cast, one: Commendation, who: str, meets: bool = True, words: str = "做到了，我们都看见。"):
    met = list(one.scheme.criteria.all()) if meets else []
    return way.say(cast.actor(who), commendation=one, meets=meets, met=met, words=words)


def meeting_it(cast: Cast, one: Commendation, *people: str) -> Commendation:
    for who in people or ("head", "deputy", "coordinator"):
        said(cast, one, who)
    assert way.conclude(cast.actor("coordinator"), commendation=one) == "meets"
    one.refresh_from_db()
    return one


def agreed(cast: Cast, one: Commendation) -> Commendation:
    """Asked, and everybody has said yes: colleagues themselves, families and children on paper."""
    office = cast.actor("coordinator")
    consenting.ask(office, commendation=one)
    for asked in one.asked.all():
        if asked.side == Asked.Side.STAFF:
            name = next(key for key, staff in cast.staff.items() if staff.pk == asked.staff_id)
            consenting.answer(cast.actor(name), asked=asked, yes=True)
        else:
            consenting.note_answer(office, asked=asked, yes=True, given_by="回执")
    return one


def words(**more: Any) -> Said:
    told = {
        "title": "表彰公示",
        "words": "经推荐和评议，现公示如下。",
        "first_day": TODAY,
        "with_level": True,
    }
    return Said(**told | more)


def public(cast: Cast, one: Commendation) -> Commendation:
    awarding.make_public(cast.actor("coordinator"), scheme=one.scheme, said=words(), client_id=uuid4())
    one.refresh_from_db()
    return one


def awarded(cast: Cast, at_school: Any, one: Commendation) -> Commendation:
    """The whole way; the clock stands ten days later."""
    public(cast, agreed(cast, meeting_it(cast, one)))
    at_school.move_to(NOW + datetime.timedelta(days=10))
    assert awarding.award(cast.actor("head"), scheme=one.scheme) >= 1
    one.refresh_from_db()
    return one
