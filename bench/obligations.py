"""How long a school's obligations take: `PYTHONPATH=src python -m bench.obligations [SCHOOLS]`, no database needed.

66 registered students a school, every built-in promise, a whole term with its break, a talk a week.
"""

import datetime
import sys
import time

from tongxing.care.contacts.rules import Evidence
from tongxing.care.programme.builtin import BUILTINS
from tongxing.care.programme.rules import Cadence, Commitment, Span, Supported, obligations
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.calendar import DAY, Break, TermCalendar

D = datetime.date
START, END = D(2026, 9, 1), D(2027, 1, 22)
STUDENTS, KEY, WEEKS = 66, 27, 20
LISTS = ("reached", "channels", "topics")


def promises() -> list[Commitment]:
    found = []
    for builtin in BUILTINS.values():
        for one in builtin.commitments:
            cadence = Cadence(one["every"], one.get("n", 1), one.get("due_from", 1))
            counts = {name: frozenset(one.get(name, ())) for name in LISTS}
            needs = one.get("needs_circumstance")
            found.append(Commitment(one["code"], cadence, one["to"], needs, **counts))
    return found


def people(schools: int) -> list[Supported]:
    away = [Span("left_behind", START)]
    return [
        Supported(
            number, [Span("key" if number % STUDENTS < KEY else "normal", START)], [Span(7, START)], away
        )
        for number in range(STUDENTS * schools)
    ]


def talks(everyone: list[Supported]) -> list[Evidence]:
    moments = [
        datetime.datetime.combine(START + 7 * DAY * week, datetime.time(16), SCHOOL_TIME)
        for week in range(WEEKS)
    ]
    reached, topics = frozenset({"student"}), frozenset({"talk"})
    return [
        Evidence(one.student_id * WEEKS + week, one.student_id, at, at, True, "in_person", reached, topics)
        for one in everyone
        for week, at in enumerate(moments)
    ]


def main(schools: int) -> None:
    recess = Break("winter", END + DAY, D(2027, 2, 21))
    calendar = TermCalendar(START, END, D(2026, 9, 7), recess=recess)
    everyone, asked = people(schools), promises()
    contacts, as_of = talks(everyone), datetime.datetime(2027, 2, 22, tzinfo=SCHOOL_TIME)
    began = time.perf_counter()
    found = obligations(asked, everyone, calendar, contacts, [], as_of)
    took = (time.perf_counter() - began) * 1000
    size = f"{schools} × {STUDENTS} students, {len(asked)} promises, {len(found)} obligations"
    sys.stdout.write(f"{size}: {took:.0f} ms\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
