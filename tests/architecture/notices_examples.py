"""What the addresses of circulars, meetings and the rest of the room name."""

from typing import Any
from uuid import UUID

from tongxing.ground.accounts.models import Organisation
from tongxing.oversight.notices import circulars
from tongxing.oversight.notices.circulars import To
from tongxing.oversight.notices.models import Circular

from ..cast import Cast
from . import rows


def _who(cast: Cast, school: Organisation) -> str:
    return "coordinator" if school == cast.school else "outsider"


def circular(cast: Cast, school: Organisation) -> Circular:
    """To all colleagues and families."""
    return circulars.publish(
        cast.actor(_who(cast, school)), office=school, client_id=UUID(int=50_000 + school.pk), kind="plan",
        title="帮扶工作实施方案", text="每位老师和一名同学结对。", to=To("all", families=True),
    )  # fmt: skip


EXAMPLES: dict[str, Any] = {
    "circular_id": lambda cast: rows.of_schools(cast, lambda school: circular(cast, school).pk),
}
