"""What the addresses of circulars, meetings and the rest of the room name."""

from typing import Any
from uuid import UUID

from tongxing.ground.access.posts import name_to_post
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.people.models import Responsibility
from tongxing.oversight.notices import circulars, enclosures, meetings, publicity, seats, suggestions
from tongxing.oversight.notices.circulars import To
from tongxing.oversight.notices.models import (
    Circular,
    Decision,
    Display,
    Enclosure,
    Meeting,
    Seat,
    Suggestion,
)
from tongxing.oversight.notices.seats import What

from ..cast import NOW, TERM_START, Cast
from . import rows


def _who(cast: Cast, school: Organisation) -> str:
    return "coordinator" if school == cast.school else "outsider"


def circular(cast: Cast, school: Organisation) -> Circular:
    """To all colleagues and families."""
    return circulars.publish(
        cast.actor(_who(cast, school)), office=school, client_id=UUID(int=50_000 + school.pk), kind="plan",
        title="帮扶工作实施方案", text="每位老师和一名同学结对。", to=To("all", families=True),
    )  # fmt: skip


def seat(cast: Cast, school: Organisation) -> Seat:
    who = _who(cast, school)
    return seats.seat(
        cast.actor(who), school=school, client_id=UUID(int=51_000 + school.pk), what=What(TERM_START, "宣传"),
        staff=cast.staff[who],
    )  # fmt: skip


def duty(cast: Cast, school: Organisation) -> Responsibility:
    who = _who(cast, school)
    return name_to_post(
        cast.actor(who), school=school, post="party_secretary", staff=cast.staff[who], starts_on=TERM_START
    )


def meeting(cast: Cast, school: Organisation) -> Meeting:
    who = _who(cast, school)
    facts = {"title": "启动会", "day": TERM_START, "led_by": cast.staff[who]}
    return meetings.call(
        cast.actor(who), school=school, client_id=UUID(int=52_000 + school.pk), kind="staff", facts=facts
    )


def decision(cast: Cast, school: Organisation) -> Decision:
    who, found = _who(cast, school), meeting(cast, school)
    return meetings.decide(
        cast.actor(who), meeting=found, client_id=UUID(int=53_000 + school.pk), text="印好方案",
        person=cast.staff[who], due_on=NOW.date(),
    )  # fmt: skip


def enclosure(cast: Cast, school: Organisation) -> Enclosure:
    found = meeting(cast, school)
    return found.enclosures.first() or enclosures.enclose(
        cast.actor(_who(cast, school)), owner=found, label="会场", content=picture()
    )


def display(cast: Cast, school: Organisation) -> Display:
    facts = {"channel": "column", "day": TERM_START, "words": "一个都不能少"}
    who = cast.actor(_who(cast, school))
    return publicity.note(who, school=school, client_id=UUID(int=54_000 + school.pk), facts=facts)


def suggestion(cast: Cast, school: Organisation) -> Suggestion:
    who = cast.actor(_who(cast, school))
    return suggestions.say(
        who, school=school, client_id=UUID(int=55_000 + school.pk), text="会议能短一些吗？", signed=False
    )


EXAMPLES: dict[str, Any] = {
    "circular_id": lambda cast: rows.of_schools(cast, lambda school: circular(cast, school).pk),
    "decision_id": lambda cast: rows.of_schools(cast, lambda school: decision(cast, school).pk),
    "display_id": lambda cast: rows.of_schools(cast, lambda school: display(cast, school).pk),
    "enclosure_id": lambda cast: rows.of_schools(cast, lambda school: enclosure(cast, school).pk),
    "meeting_id": lambda cast: rows.of_schools(cast, lambda school: meeting(cast, school).pk),
    "suggestion_id": lambda cast: rows.of_schools(cast, lambda school: suggestion(cast, school).pk),
    "seat_id": lambda cast: rows.of_schools(cast, lambda school: seat(cast, school).pk),
    "duty_id": lambda cast: rows.of_schools(cast, lambda school: duty(cast, school).pk),
}
