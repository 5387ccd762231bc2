"""What a school tells its people and hears from them; the invariants stand with each part."""

from .models_circulars import Circular, CircularVersion, Reading
from .models_group import Seat

__all__ = ["Circular", "CircularVersion", "Reading", "Seat"]
