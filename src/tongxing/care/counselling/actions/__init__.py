"""What one may do in the counselling room, by what it is about.

Who keeps the room: whoever holds `counselling.keep` (the counsellor). Who may ask: a student, a guardian, and, for a
child they look after, class teachers, helpers and the leading group. Who may break the glass: head and safety responder.
"""

from .appointments import (
    Plan,
    agree,
    arrange,
    call_off,
    did_not,
    end_series,
    move,
    put_off,
    take_back,
    took_place,
)
from .asking import answer, ask, ask_to_talk, key_in, read_referral, read_wish, refer, see
from .glass import break_glass, read_through, review
from .notes import Danger, Told, correct, explain, hand_over, read, take_handover_back, weigh_roles, write
from .outside import Outside, follow_up, note_reply, note_result, refer_outside, tell_guardian
from .room import add_hours, add_tool, close_day, end_hours, end_tool, reopen_day, set_words

__all__ = [
    "Danger",
    "Outside",
    "Plan",
    "Told",
    "add_hours",
    "add_tool",
    "agree",
    "answer",
    "arrange",
    "ask",
    "ask_to_talk",
    "break_glass",
    "call_off",
    "close_day",
    "correct",
    "did_not",
    "end_hours",
    "end_series",
    "end_tool",
    "explain",
    "follow_up",
    "hand_over",
    "key_in",
    "move",
    "note_reply",
    "note_result",
    "put_off",
    "read",
    "read_referral",
    "read_through",
    "read_wish",
    "refer",
    "refer_outside",
    "reopen_day",
    "review",
    "see",
    "set_words",
    "take_back",
    "take_handover_back",
    "tell_guardian",
    "took_place",
    "weigh_roles",
    "write",
]
