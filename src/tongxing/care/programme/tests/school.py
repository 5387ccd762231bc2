"""Small terms, students and contacts for the tests of the rules, and the strategies that draw them."""

import datetime
from dataclasses import replace

from hypothesis import strategies as st

from tongxing.care.contacts.rules import Evidence
from tongxing.care.programme.rules import Cadence, Commitment, Exempted, Span, Supported
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.calendar import DAY, Break, TermCalendar

D = datetime.date
CHANNELS = ("in_person", "phone", "at_home")
REACHED = ("student", "mother", "second_guardian")
TOPICS = ("goal", "book")
ALWAYS = Span(None, None)


def at(day: datetime.date, hour: int = 15, minute: int = 40) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), SCHOOL_TIME)


def contact(number: int, student: int, happened, recorded=None, **fields) -> Evidence:
    values = {"made": True, "channel": "in_person", "reached": frozenset({"student"}), "topics": frozenset()}
    return Evidence(number, student, happened, recorded or happened, **(values | fields))


def autumn(**fields) -> TermCalendar:
    """2026-09-01 to 2027-01-22 with 国庆 and 中秋 as announced; winter break until 2027-02-21."""
    off = [D(2026, 9, 25), *(D(2026, 10, day) for day in range(1, 8)), D(2027, 1, 1)]
    recess = Break("winter", D(2027, 1, 23), D(2027, 2, 21))
    values = {
        "off": frozenset(off),
        "make_up": frozenset({D(2026, 9, 20), D(2026, 10, 10)}),
        "recess": recess,
    }
    return TermCalendar(D(2026, 9, 1), D(2027, 1, 22), D(2026, 9, 7), **(values | fields))


@st.composite
def calendars(draw) -> TermCalendar:
    """Two to six weeks that start on any weekday, with a few days off and make-up days, often with a break."""
    start = D(2026, 9, 12) + DAY * draw(st.integers(0, 6))
    end = start + DAY * draw(st.integers(12, 40))
    monday = start - DAY * start.weekday() + 7 * DAY * draw(st.integers(0, 1))
    days = st.frozensets(st.dates(start, end), max_size=6)
    length = draw(st.sampled_from([0, 1, 2, 3, 9, 17, 24, 30]))
    recess = Break("winter", end + DAY, end + length * DAY) if length else None
    return TermCalendar(start, end, monday, off=draw(days), make_up=draw(days), recess=recess)


commitments = st.builds(
    Commitment,
    code=st.just("c"),
    cadence=st.builds(
        Cadence,
        every=st.sampled_from(["week", "weeks", "month", "term", "term_start", "break", "break_weeks"]),
        n=st.integers(1, 3),
        due_from=st.integers(1, 3),
    ),
    to=st.sampled_from(["key", "other", "registered", "registered"]),
    needs_circumstance=st.sampled_from([None, None, "left_behind"]),
    reached=st.sampled_from([frozenset(), frozenset({"student"}), frozenset({"mother", "second_guardian"})]),
    channels=st.sampled_from([frozenset(), frozenset({"in_person", "phone"})]),
    topics=st.sampled_from([frozenset(), frozenset({"goal"})]),
    min_days=st.integers(1, 4),
)


@st.composite
def moments(draw, calendar: TermCalendar) -> datetime.datetime:
    day = draw(st.dates(calendar.starts_on - 2 * DAY, calendar.until + 5 * DAY))
    return at(day, *draw(st.sampled_from([(0, 0), (8, 5), (15, 40), (23, 59)])))


@st.composite
def spans(draw, calendar: TermCalendar, of: st.SearchStrategy, dated: bool = True) -> Span:
    start = draw(st.none() | st.dates(calendar.starts_on - 3 * DAY, calendar.until))
    end = draw(st.none() | st.integers(0, 30).map(lambda days: (start or calendar.starts_on) + DAY * days))
    some = st.none() | moments(calendar) if dated else st.none()
    return Span(draw(of), start, end, draw(some), draw(some) if end else None)


@st.composite
def registrations(draw, calendar: TermCalendar, dated: bool = True) -> list[Span]:
    """One to three entries of the register, one after the other, usually without a day between."""
    start, entries = calendar.starts_on + DAY * draw(st.integers(-5, 10)), []
    some = st.none() | moments(calendar) if dated else st.none()
    for left in reversed(range(draw(st.integers(1, 3)))):
        end = start + DAY * draw(st.integers(0, 20)) if left or draw(st.booleans()) else None
        level = draw(st.sampled_from(["normal", "key"]))
        entries.append(Span(level, start, end, draw(some), draw(some) if end else None))
        start = (end or start) + DAY * draw(st.sampled_from([1, 1, 2]))
    return entries


@st.composite
def contacts(draw, calendar: TermCalendar, number: int) -> Evidence:
    happened = draw(moments(calendar))
    recorded = happened + datetime.timedelta(hours=draw(st.sampled_from([0, 1, 24, 72, 200])))
    return Evidence(
        number,
        draw(st.integers(1, 2)),
        happened,
        recorded,
        draw(st.sampled_from([True, True, True, False])),
        draw(st.sampled_from(CHANNELS)),
        draw(st.sampled_from([frozenset(REACHED), frozenset({"student"}), frozenset({"mother"})])),
        draw(st.sampled_from([frozenset(TOPICS), frozenset({"goal"}), frozenset()])),
    )


@st.composite
def cases(draw, dated: bool = True) -> dict:
    """Arguments for `obligations`; `dated` lets registrations and exemptions be recorded or ended later."""
    calendar = draw(calendars())
    people = [
        Supported(
            number,
            draw(registrations(calendar, dated)),
            draw(st.lists(spans(calendar, st.sampled_from([7, 8]), False), max_size=2)),
            draw(st.lists(spans(calendar, st.just("left_behind"), dated), max_size=1)),
        )
        for number in (1, 2)
    ]
    free = st.builds(
        Exempted, st.integers(1, 2), st.sampled_from([None, "c", "other"]), spans(calendar, st.none(), dated)
    )
    return {
        "commitments": [
            replace(draw(commitments), holds=draw(spans(calendar, st.none(), dated) | st.just(ALWAYS)))
        ],
        "people": people,
        "calendar": calendar,
        "evidence": [draw(contacts(calendar, number)) for number in range(draw(st.integers(0, 6)))],
        "exemptions": draw(st.lists(free, max_size=2)),
        "as_of": draw(moments(calendar)),
    }
