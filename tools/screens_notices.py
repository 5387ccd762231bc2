"""Whose circulars, meetings and places the pictures of the demo school show."""

from collections.abc import Callable
from typing import Any

from tongxing.ground.people.models import Responsibility
from tongxing.oversight.notices.models import (
    Circular,
    Decision,
    Display,
    Enclosure,
    Meeting,
    Seat,
    Suggestion,
)

Values = Callable[[], list[Any]]


def notices_examples(newest: Callable[[Any], Values], keys: Callable[[Any], list[Any]]) -> dict[str, Values]:
    return {
        "circular_id": newest(Circular),
        "decision_id": newest(Decision),
        "display_id": newest(Display),
        "duty_id": lambda: keys(Responsibility.objects.filter(grade__isnull=False).order_by("pk")),
        "enclosure_id": newest(Enclosure),
        "meeting_id": newest(Meeting),
        "seat_id": newest(Seat),
        "suggestion_id": newest(Suggestion),
    }
