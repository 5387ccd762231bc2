"""What a school tells its people and hears from them; the invariants stand with each part."""

from .models_circulars import Circular, CircularVersion, Reading
from .models_enclosures import Enclosure
from .models_group import Seat
from .models_meetings import Decision, Meeting, Presence

__all__ = ["Circular", "CircularVersion", "Decision", "Enclosure", "Meeting", "Presence", "Reading", "Seat"]
