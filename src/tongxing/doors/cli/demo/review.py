"""The inspected month in full (where the inspection went, records drawn and compared) and the first parts of the term's review."""

import datetime
import random
from uuid import UUID

from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.inspection import plan, sampling
from tongxing.oversight.inspection.figures import DAY, first_of, last_of
from tongxing.oversight.inspection.models import Check, Inspection, Sample
from tongxing.oversight.review import feedback, recognition, reflection, steps

from . import SEED, Demo

HOUR, LONGEST_AGO = datetime.timedelta(hours=1), 17 * DAY
SEEN = (
    "27 本赠书都有题词，孩子能说出题词的意思。问了五名同学，都说得出和谁谈过心。",
    "课堂亮点当天记上的居多。班里有一块“我会的”展板，留守的同学贴得最多。",
)
LOOKS = (
    ("paper", "agrees", ""),
    ("person", "agrees", ""),
    ("paper", "differs", "纸上写的是周二，记录写的是周三。"),
)
TALLIES = [[31, 12, 2, 3], [28, 14, 3, 3], [30, 9, 4, 5]]
SLIPS = 48
SAID = (
    "老师来过家里，孩子高兴了好几天。",
    "孩子现在愿意跟我视频了。",
    "希望周末也能借书。",
    "打电话能晚一点就好，上工的时候听不见。",
)
PRAISE = (
    ("family", "初一年级一位家长", "家访选在周末，外出的家人也赶上了。", -12),
    ("superior", "县教育局", "督导反馈：一生一策写得具体，做到的有据可查。", -5),
)
LOOK_BACK = "一起走一段放学路，比坐在办公室里谈得开。下学期想多听少说，把约定写短一点。"


def tell(demo: Demo) -> None:
    ids = random.Random(f"review {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    found = Inspection.objects.filter(school=demo.school).order_by("-month").first()
    if demo.until - LONGEST_AGO < clock.start_of(demo.term.week_one):
        return
    if found:
        _stops(demo, ids, found)
        _sample(demo, ids, found)
    _families(demo, ids)
    _praise(demo, ids)
    _thought_and_next(demo, ids)


def _id(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)


def _who(demo: Demo, post: str) -> Actor:
    return actor_for(demo.posts[post].user, clock.today())


def _stops(demo: Demo, ids: random.Random, found: Inspection) -> None:
    """Two classes the deputy went to in that month, and one stop of this month that is still to come."""
    goes = demo.posts["deputy"]
    for number, seen in enumerate(SEEN):
        day = max(found.month, demo.term.week_one) + (8 + 7 * number) * DAY
        while day.weekday() > 4:  # noqa: PLR2004  # to a school day
            day += DAY
        with clock.telling(clock.start_of(day - 2 * DAY) + 10 * HOUR):
            facts = {
                "month": found.month, "kind": "class", "topic": "赠书题词、课堂亮点", "goes": goes, "planned_on": day,
                "school_class": demo.classes[2 + 5 * number],
            }  # fmt: skip
            stop = plan.plan(_who(demo, "coordinator"), school=demo.school, client_id=_id(ids), facts=facts)
        with clock.telling(clock.start_of(day) + 16 * HOUR):
            plan.note_seen(_who(demo, "deputy"), stop=stop, happened_on=day, seen=seen, asked=5)
    with clock.telling(demo.until - 4 * HOUR):
        month = first_of(clock.today())
        facts = {
            "month": month, "kind": "papers", "topic": "谈心是否当天记上", "goes": demo.posts["coordinator"],
            "planned_on": min(clock.today() + 5 * DAY, last_of(month)),
        }  # fmt: skip
        plan.plan(_who(demo, "coordinator"), school=demo.school, client_id=_id(ids), facts=facts)


def _sample(demo: Demo, ids: random.Random, found: Inspection) -> None:
    """Six records by lot, three of them compared so far."""
    with clock.telling(found.as_of + 2 * HOUR):
        sample = sampling.fix(_who(demo, "coordinator"), inspection=found, client_id=_id(ids), size=6)
        sampling.draw(_who(demo, "coordinator"), sample=sample, word="霜降与柿子", source="县报头版标题")
    with clock.telling(found.as_of + DAY + HOUR):
        _look(demo, sample)


def _look(demo: Demo, sample: Sample) -> None:
    checks = Check.objects.filter(sample=sample).select_related("sample__inspection", "contact__staff")
    for check, (against, outcome, words) in zip(checks, LOOKS, strict=False):
        wrote = check.contact.staff == demo.posts["coordinator"]
        sampling.note_check(
            _who(demo, "head" if wrote else "coordinator"), check=check, against=against, outcome=outcome,
            checked_on=clock.today(), words=words,
        )  # fmt: skip


def _families(demo: Demo, ids: random.Random) -> None:
    """Slips in a box, counted, the round over three days ago."""
    opened = demo.until - LONGEST_AGO
    with clock.telling(opened):
        questions = [str(one) for one in feedback.ASKED]
        round = feedback.open_round(
            _who(demo, "coordinator"), term=demo.term, client_id=_id(ids), questions=questions,
            last_day=clock.today() + 14 * DAY,
        )  # fmt: skip
    with clock.telling(opened + 12 * DAY):
        feedback.enter_slips(
            _who(demo, "coordinator"), round=round, client_id=_id(ids), slips=SLIPS, tally=TALLIES, words=SAID
        )


def _praise(demo: Demo, ids: random.Random) -> None:
    for kind, from_whom, text, days in PRAISE:
        with clock.telling(demo.until + days * DAY):
            facts = {"kind": kind, "from_whom": from_whom, "text": text, "day": clock.today()}
            recognition.note(_who(demo, "coordinator"), school=demo.school, client_id=_id(ids), facts=facts)


def _thought_and_next(demo: Demo, ids: random.Random) -> None:
    with clock.telling(demo.until - DAY):
        teacher = actor_for(demo.class_teachers[min(demo.class_teachers)].user, clock.today())
        reflection.hand_in(teacher, reflection=reflection.save(teacher, term=demo.term, text=LOOK_BACK))
        steps.note(
            _who(demo, "coordinator"), term=demo.term, client_id=_id(ids), text="开学第一周把家访排到周末",
            person=demo.posts["deputy"], due_on=demo.term.ends_on + 45 * DAY,
        )  # fmt: skip
