"""What the school offers with places, who would like to come and who has a place; what is held, and who took part.

Invariants:
- a place is given by `rules.give` alone, and ended with day, person and reason, never taken away for somebody else;
- why a child came first stands in a table of its own that the care zone alone opens: no list, export, message or
  waiting list can show it;
- a volunteer from outside comes along or helps in a group by name alone, and no longer than as a volunteer of the school;
- a photo of a group rests on the consent of every child that can be seen in it and holds no longer than all of them;
- nobody is recorded as not taking part in a thank-you: it has no list of students at all.
"""

from .models_events import Companion, Event, Part
from .models_offers import GroupVolunteer, Offer, PlaceReason, SignUp
from .models_photos import GroupPhoto, Pictured

__all__ = [
    "Companion",
    "Event",
    "GroupPhoto",
    "GroupVolunteer",
    "Offer",
    "Part",
    "Pictured",
    "PlaceReason",
    "SignUp",
]
