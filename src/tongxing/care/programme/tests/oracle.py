"""The same definition told day by day, slowly and without intervals: what the quick one must agree with."""

from tongxing.care.programme.rules import Commitment, Span
from tongxing.ground.kernel.clock import day_of, end_of
from tongxing.ground.people.calendar import DAY, TermCalendar


def _holds(span: Span, day, as_of) -> bool:
    if span.recorded_at is not None and span.recorded_at > as_of:
        return False
    end = span.ends_on
    if span.ended_at is not None and span.ended_at > as_of:
        end = span.planned
    return (span.starts_on is None or span.starts_on <= day) and (end is None or day <= end)


def _natural_windows(commitment: Commitment, calendar: TermCalendar, joined) -> list[list]:
    """Each natural window as the list of its days inside the term."""
    cadence = commitment.cadence
    term, day = [], calendar.starts_on
    while day <= calendar.ends_on:
        term.append(day)
        day += DAY
    if cadence.every == "term":
        return [term]
    if cadence.every == "month":
        return [
            [d for d in term if (d.year, d.month) == ym] for ym in sorted({(d.year, d.month) for d in term})
        ]
    taught = [week for week in calendar.weeks if any(calendar.is_school_day(d) for d in term if _in(week, d))]
    if cadence.every == "term_start":
        taken, days = [], []
        for day in [d for d in term if d >= joined]:
            week = calendar.week_of(day)
            if week in taught and week.monday >= joined and week not in taken:
                if len(taken) == cadence.n:
                    break
                taken.append(week)
            if len(taken) == cadence.n and week not in taken:
                break
            days.append(day)
        return [days]
    size = 1 if cadence.every == "week" else cadence.n
    blocks = [taught[i : i + size] for i in range(0, len(taught), size)]
    return [[d for d in term if block[0].monday <= d <= block[-1].sunday] for block in blocks]


def _in(week, day) -> bool:
    return week.monday <= day <= week.sunday


def _matches(contact, commitment) -> bool:
    channel = contact.channel in commitment.channels or not commitment.channels
    reached = any(one in commitment.reached for one in contact.reached) or not commitment.reached
    return (
        contact.made and channel and reached and all(topic in contact.topics for topic in commitment.topics)
    )


def states(commitments, people, calendar, evidence, exemptions, as_of) -> dict:
    """(student, commitment, first day) → (state, evidence id)."""
    found, today = {}, day_of(as_of)
    for person in people:
        for commitment in commitments:
            asked, day = [], calendar.starts_on
            while day <= calendar.ends_on:
                level = _holds(commitment.holds, day, as_of) and any(
                    s.of in commitment.levels and _holds(s, day, as_of) for s in person.levels
                )
                need = commitment.needs_circumstance
                if level and (
                    not need or any(s.of == need and _holds(s, day, as_of) for s in person.circumstances)
                ):
                    asked.append(day)
                day += DAY
            for run in _runs(asked):
                for window in _natural_windows(commitment, calendar, run[0]):
                    state = _state(
                        person, commitment, run, window, calendar, evidence, exemptions, as_of, today
                    )
                    if state:
                        found[person.student_id, commitment.code, state[0]] = state[1:]
    return found


def _runs(days) -> list[list]:
    runs = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _state(person, commitment, run, window, calendar, evidence, exemptions, as_of, today):
    days = [day for day in window if day in run]
    if not days:
        return None
    if sum(calendar.is_school_day(day) for day in window if day >= days[0]) < commitment.min_days:
        return None
    known = sorted(
        (e.recorded_at, e.happened_at, e.id)
        for e in evidence
        if e.student_id == person.student_id
        and e.recorded_at <= as_of
        and e.happened_at <= as_of
        and _matches(e, commitment)
        and day_of(e.happened_at) in days
    )
    if known:
        return days[0], "done" if known[0][0] < end_of(window[-1]) else "recorded_later", known[0][2]
    school = [day for day in days if calendar.is_school_day(day)]
    if days[-1] != window[-1] and (today > days[-1] or len(school) < commitment.min_days):
        return None
    left = [
        day
        for day in school
        if not any(
            e.student_id == person.student_id
            and e.commitment in (None, commitment.code)
            and _holds(e.span, day, as_of)
            for e in exemptions
        )
    ]
    if left != school and (
        len(left) < commitment.min_days or (school[-1] not in left and all(day < today for day in left))
    ):
        return days[0], "exempt", None
    if today > days[-1]:
        return days[0], "overdue", None
    return days[0], "due" if _is_asked_yet(commitment, window, days, calendar, today) else "upcoming", None


def _is_asked_yet(commitment, window, days, calendar, today) -> bool:
    """From the `due_from`-th teaching week (that still has a school day) on, or the last one there is."""
    if today < days[0]:
        return False
    if commitment.cadence.due_from <= 1:
        return True
    weeks = []
    for day in window:
        week = calendar.week_of(day)
        if day >= days[0] and week and calendar.is_school_day(day) and week not in weeks:
            weeks.append(week)
    return not weeks or today >= weeks[min(commitment.cadence.due_from, len(weeks)) - 1].monday
