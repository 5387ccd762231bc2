"""What a record must be, and what follows from it. Pure: no database, no clock of its own.

Invariants:
- nothing is written down before it happened, nor before the school year it belongs to;
- when it happened and when it was recorded are two facts; “written down days after” is derived from them;
- an attempt (nobody answered, nobody at home) reached nobody and fulfils nothing, yet it is kept.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from tongxing.ground.kernel.clock import SCHOOL_TIME, day_of
from tongxing.ground.kernel.errors import Refused

from .kinds import Channel, Kind, Reached

CLOCKS_DIFFER = datetime.timedelta(minutes=5)
LATER_AFTER_DAYS = 2
LONGEST_TEXT = 4_000
LONGEST_MINUTES = 600


class Evidence(NamedTuple):
    """A contact as duties see it: whom it reached, how, about what – never what it was called."""

    id: int
    student_id: int
    happened_at: datetime.datetime
    recorded_at: datetime.datetime
    made: bool
    channel: str
    reached: frozenset[str]
    topics: frozenset[str]


def happened(
    moment: datetime.datetime | None, *, recorded_at: datetime.datetime, year_starts_on: datetime.date | None
) -> datetime.datetime:
    """When it happened: at the moment of recording unless said, never later, nor before the school year.

    A clock may run five minutes ahead: such a moment becomes the moment of recording.
    """
    if moment is None:
        return recorded_at
    if moment > recorded_at + CLOCKS_DIFFER:
        raise Refused(
            _("This time is still to come. Write it down once it has happened."), field="happened_at"
        )
    if year_starts_on and day_of(moment) < year_starts_on:
        raise Refused(_("This is before the school year began. Please check the date."), field="happened_at")
    return min(moment, recorded_at)


def written_days_after(happened_at: datetime.datetime, recorded_at: datetime.datetime) -> bool:
    """Written down two calendar days after it happened or more; the next day is an ordinary evening."""
    return (day_of(recorded_at) - day_of(happened_at)).days >= LATER_AFTER_DAYS


def clean_body(kind: Kind, answers: Mapping[str, str], *, made: bool) -> dict[str, str]:
    """The answers that belong to this kind, trimmed; a contact that was made says at least one thing."""
    body = {
        question.code: text
        for question in kind.questions
        if (text := trimmed(answers.get(question.code) or ""))
    }
    for code, text in body.items():
        if len(text) > LONGEST_TEXT:
            raise Refused(_("This text is longer than %(n)d characters.") % {"n": LONGEST_TEXT}, field=code)
    if not made:
        return body
    for question in kind.questions:
        if question.needed and question.code not in body:
            raise Refused(_("Please write a few words here."), field=question.code)
    told = [question.code for question in kind.questions if not question.who]
    if not any(code in body for code in told):
        raise Refused(_("Please write at least one sentence."), field=told[0])
    return body


def trimmed(text: str) -> str:
    """As browsers differ in line ends and people in blanks, the text without either."""
    return text.replace("\r\n", "\n").strip()


def check_form(
    kind: Kind,
    *,
    channel: str,
    reached: Sequence[str],
    made: bool,
    minutes: int | None,
    body: Mapping[str, str],
) -> None:
    """Refuse a channel or a person that this kind does not know, and a visit without a second adult."""
    if channel not in kind.channels:
        raise Refused(_("Choose how you were in touch."), field="channel")
    if not set(reached) <= set(Reached.values):
        raise Refused(_("Choose whom you reached."), field="reached")
    if made and not reached and (kind.students or kind.families):
        raise Refused(_("Choose whom you reached."), field="reached")
    if not made and not kind.can_fail:
        raise Refused(_("This kind of record cannot be an attempt."), field="made")
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused(_("Minutes must be between 1 and %(n)d.") % {"n": LONGEST_MINUTES}, field="minutes")
    if made and channel == Channel.AT_HOME and not body.get("companion"):
        raise Refused(
            _("Visits are made in twos: who came with you? If you had to go alone, say why."),
            field="companion",
        )


def check_next(next_on: datetime.date | None, *, happened_at: datetime.datetime) -> None:
    if next_on and next_on < day_of(happened_at):
        raise Refused(_("The next date is before this contact."), field="next_on")


def still_agreed(
    next_on: datetime.date, agreed_at: datetime.datetime, met_at: datetime.datetime | None
) -> bool:
    """Whether an appointment still waits; `met_at`: when people met last. Any day of its school week keeps it."""
    if met_at is None or met_at <= agreed_at:
        return True
    return day_of(met_at) < next_on - datetime.timedelta(days=next_on.weekday())


def guardian_reached(relation: str, *, order: int, away: bool) -> frozenset[str]:
    """Who counts as reached when this guardian was: a mother away is both mother and parent who works away.

    The guardian at home (第二监护人) is whoever stands second, or looks after the child in a parent's place.
    """
    codes = set()
    parent = relation in {Reached.FATHER, Reached.MOTHER}
    if parent:
        codes.add(str(relation))
        if away:
            codes.add(str(Reached.AWAY_PARENT))
    if not away and (order == 2 or not parent):
        codes.add(str(Reached.SECOND_GUARDIAN))
    return frozenset(codes or {str(Reached.OTHER)})


@dataclass(frozen=True, slots=True)
class NextDate:
    code: str
    label: str
    on: datetime.date


def next_dates(today: datetime.date) -> tuple[NextDate, NextDate]:
    """The two dates offered at a tap: next Monday, and the Monday two weeks from this one."""
    monday = today - datetime.timedelta(days=today.weekday())
    return (
        NextDate("monday", _("Next Monday"), monday + datetime.timedelta(days=7)),
        NextDate("two_weeks", _("In two weeks"), monday + datetime.timedelta(days=14)),
    )


def local_moment(day: datetime.date, time: datetime.time | None) -> datetime.datetime:
    """A day and a time at the school as an aware moment; noon when only the day is remembered."""
    return datetime.datetime.combine(day, time or datetime.time(12), SCHOOL_TIME)


def monday_of(moment: datetime.datetime) -> datetime.date:
    """The Monday of the school week in which this moment lies."""
    day = day_of(moment)
    return day - datetime.timedelta(days=day.weekday())
