"""What the addresses of circulars, meetings and the rest of the room name."""

from typing import Any
from uuid import UUID

from tongxing.ground.access.posts import name_to_post
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.people.models import Responsibility
from tongxing.oversight.notices import circulars, seats
from tongxing.oversight.notices.circulars import To
from tongxing.oversight.notices.models import Circular, Seat
from tongxing.oversight.notices.seats import What

from ..cast import TERM_START, Cast
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


EXAMPLES: dict[str, Any] = {
    "circular_id": lambda cast: rows.of_schools(cast, lambda school: circular(cast, school).pk),
    "seat_id": lambda cast: rows.of_schools(cast, lambda school: seat(cast, school).pk),
    "duty_id": lambda cast: rows.of_schools(cast, lambda school: duty(cast, school).pk),
}
