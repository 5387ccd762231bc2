"""When an answer is due, and how a text for the family may be. Pure."""

import datetime

#: The school's own promise; the law (未成年人网络保护条例 34) says “in good time”.
ANSWERED_WITHIN = datetime.timedelta(days=15)
LONGEST = 500  # characters


def due_on(asked_on: datetime.date) -> datetime.date:
    """The last day for an answer in writing: the fifteenth after the day of asking, weekends and breaks count."""
    return asked_on + ANSWERED_WITHIN


def tidy(text: str) -> str:
    """Lines without blanks at their ends, at most one empty one between."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept)


def is_good(text: str) -> bool:
    return 0 < len(text) <= LONGEST
