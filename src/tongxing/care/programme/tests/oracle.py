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
    if cadence.every == "never":
        return []
    if cadence.every in {"break", "break_weeks"}:
        return _break_windows(cadence, calendar)
    term = _each(calendar.starts_on, calendar.ends_on)
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


def _break_windows(cadence, calendar) -> list[list]:
    """Calendar weeks of the break, its edges of one or two days with their neighbour, `n` at a time."""
    if calendar.recess is None:
        return []
    days = _each(calendar.recess.starts_on, calendar.recess.ends_on)
    if cadence.every == "break":
        return [days]
    weeks = []
    for day in days:
        if not weeks or day.weekday() == 0:
            weeks.append([])
        weeks[-1].append(day)
    if len(weeks) > 1 and len(weeks[0]) < 3:
        weeks[:2] = [weeks[0] + weeks[1]]
    if len(weeks) > 1 and len(weeks[-1]) < 3:
        weeks[-2:] = [weeks[-2] + weeks[-1]]
    return [sum(weeks[i : i + cadence.n], []) for i in range(0, len(weeks), cadence.n)]


def _each(first, last) -> list:
    days = []
    while first <= last:
        days.append(first)
        first += DAY
    return days


def _counts_day(calendar, day) -> bool:
    """School days in the term, every day in the break."""
    return calendar.is_school_day(day) or day > calendar.ends_on


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
            asked = []
            for day in _each(calendar.starts_on, calendar.until):
                level = _holds(commitment.holds, day, as_of) and any(
                    s.of in commitment.levels and _holds(s, day, as_of) for s in person.levels
                )
                own = commitment.student_id or person.student_id
                level = (
                    level
                    and own == person.student_id
                    and not _instead(commitments, commitment, person, day, as_of)
                )
                need = commitment.needs_circumstance
                if level and (
                    not need or any(s.of == need and _holds(s, day, as_of) for s in person.circumstances)
                ):
                    asked.append(day)
            for run in _runs(asked):
                if run[0] > calendar.ends_on and commitment.cadence.every == "term_start":
                    continue
                for window in _natural_windows(commitment, calendar, run[0]):
                    state = _state(
                        person, commitment, run, window, calendar, evidence, exemptions, as_of, today
                    )
                    if state:
                        found[person.student_id, commitment.code, state[0]] = state[1:]
    return found


def _instead(commitments, commitment, person, day, as_of) -> bool:
    """Whether the student's own plan takes the school's promise's place on that day."""
    return commitment.student_id is None and any(
        one.student_id == person.student_id and one.code == commitment.code and _holds(one.holds, day, as_of)
        for one in commitments
    )


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
    if sum(_counts_day(calendar, day) for day in window if day >= days[0]) < commitment.min_days:
        return None
    late = commitment.cadence.every in {"term", "term_start"}
    known = sorted(
        (e.recorded_at, e.happened_at, e.id)
        for e in evidence
        if e.student_id == person.student_id
        and e.recorded_at <= as_of
        and e.happened_at <= as_of
        and _matches(e, commitment)
        and (day_of(e.happened_at) in days or (late and window[-1] < day_of(e.happened_at) <= run[-1]))
    )
    if known and day_of(known[0][1]) > days[-1]:
        return days[0], "done_late", known[0][2]
    if known:
        return days[0], "done" if known[0][0] < end_of(window[-1]) else "recorded_later", known[0][2]
    school = [day for day in days if _counts_day(calendar, day)]
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
    weeks, stretch = [], calendar.recess if window[0] > calendar.ends_on else calendar
    for day in window:
        week = stretch.week_of(day)
        if day >= days[0] and week and _counts_day(calendar, day) and week not in weeks:
            weeks.append(week)
    return not weeks or today >= weeks[min(commitment.cadence.due_from, len(weeks)) - 1].monday
