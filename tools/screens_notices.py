"""Whose circulars, meetings and places the pictures of the demo school show."""

from tools.screens_aid import Values, keys, newest

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

NOTICES: dict[str, Values] = {
    "circular_id": newest(Circular),
    "decision_id": newest(Decision),
    "display_id": newest(Display),
    "duty_id": lambda: keys(Responsibility.objects.filter(grade__isnull=False).order_by("pk")),
    "enclosure_id": newest(Enclosure),
    "meeting_id": newest(Meeting),
    "seat_id": newest(Seat),
    "suggestion_id": newest(Suggestion),
}
