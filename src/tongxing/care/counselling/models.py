"""The counselling room: who would like to come, what was explained first, what was written for the counsellor alone.

Invariants:
- every text is sealed under the student's own key and bound to its place; the zone psych alone opens it;
- what a counsellor has taken on is that counsellor's; another one sees what was handed over, nothing else;
- nothing is overwritten or deleted: notes have versions, appointments an end, texts a number;
- whoever asked or referred learns that it arrived and what the counsellor chose to answer, never the text of others.
"""

from .models_asked import Appointment, Referral, Series
from .models_glass import GlassOpening
from .models_notes import DualRole, Explained, Handover, Note, NoteVersion
from .models_outside import GuardianTold, OutsideReferral, Tool, ToolResult
from .models_room import ClosedDay, OpeningHours, RoomWords

__all__ = [
    "Appointment",
    "ClosedDay",
    "DualRole",
    "Explained",
    "GlassOpening",
    "GuardianTold",
    "Handover",
    "Note",
    "NoteVersion",
    "OpeningHours",
    "OutsideReferral",
    "Referral",
    "RoomWords",
    "Series",
    "Tool",
    "ToolResult",
]
