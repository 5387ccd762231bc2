"""What a school tells its people and hears from them; the invariants stand with each part."""

from .models_circulars import Circular, CircularVersion, Reading
from .models_enclosures import Enclosure
from .models_group import Seat
from .models_meetings import Decision, Meeting, Presence
from .models_publicity import Display
from .models_suggestions import Suggestion

__all__ = [
    "Circular",
    "CircularVersion",
    "Decision",
    "Display",
    "Enclosure",
    "Meeting",
    "Presence",
    "Reading",
    "Seat",
    "Suggestion",
]
