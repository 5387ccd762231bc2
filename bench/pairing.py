"""How long pairing takes: 66 students × 100 helpers, from the database to explained proposals stored in it.

    PYTHONPATH=src:. DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python bench/pairing.py [runs]

Beside it, in the same run, the bare OR-tools flow over the very same arcs: what remains is reading, explaining
and storing. Medians and the slowest of all runs in milliseconds go to `bench/results/pairing.md`.
"""

import datetime
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

STUDENTS, KEY, HELPERS, CLASSES = 66, 27, 100, 24
SUBJECTS = ("语文", "数学", "英语", "物理", "历史", "化学")
VILLAGES = ("青石村", "柳塘村", "上湾村", "槐树村", "")
DAY = datetime.date(2026, 9, 14)
RESULTS = Path(__file__).parent / "results" / "pairing.md"


def main(runs: int) -> None:
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        RESULTS.write_text(report(*measure(runs), runs), "utf-8")
    finally:
        teardown_databases(databases, verbosity=0)
    sys.stdout.write(RESULTS.read_text("utf-8"))


def measure(runs: int) -> tuple[dict[str, list[float]], int]:
    """Seconds of each run by what was done; and how many pairs were proposed."""
    from tongxing.care.pairing import actions, facts, flow, preview, rules
    from tongxing.ground.kernel.actor import SYSTEM

    school, term = a_school()
    known = facts.gather(SYSTEM, school, term, DAY)
    arcs = arcs_of(known)
    weights = rules.Weights.of({"same_village": 60, "same_grade": 0})
    work: dict[str, Callable[[], object]] = {
        "from the database to stored proposals": lambda: actions.propose(
            SYSTEM, school=school, term=term, on=DAY
        ),
        "reading the facts": lambda: facts.gather(SYSTEM, school, term, DAY),
        "optimum with its explanations": lambda: known.solve(known.students),
        "bare OR-tools over the same arcs": lambda: flow._solve(*arcs),
        "effect of other weights, shown": lambda: preview.of_weights(
            SYSTEM, school, term, weights, everyone=True, on=DAY
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _run in range(runs):
        for name, what in work.items():
            began = time.perf_counter()
            what()
            times[name].append(time.perf_counter() - began)
    return times, actions.propose(SYSTEM, school=school, term=term, on=DAY).pairs


def arcs_of(known) -> tuple:
    """What the calculation hands to OR-tools, taken down on its way there."""
    from tongxing.care.pairing import flow

    taken: list[tuple] = []
    solve = flow._solve
    flow._solve = lambda *arguments: taken.append(arguments) or solve(*arguments)
    try:
        known.solve(known.students)
    finally:
        flow._solve = solve
    return taken[0]


def a_school():
    """A school with nothing but what pairing reads; the same every time."""
    from tests.cast import school_with_term

    from tongxing.ground.accounts.models import Organisation
    from tongxing.ground.kernel.clock import start_of
    from tongxing.ground.kernel.encryption import new_key
    from tongxing.ground.people import models

    dice = random.Random(66)  # noqa: S311  # the same school every time, no secret
    school, year, term = school_with_term(
        "和风镇中心初中", Organisation.objects.create(kind="county", name="清河县教育局")
    )
    classes = [
        models.SchoolClass.objects.create(
            school=school, year=year, grade=7 + n // 8, number=n % 8 + 1, name=f"{n}班"
        )
        for n in range(CLASSES)
    ]
    for n in range(STUDENTS):
        key = new_key()
        key.save()
        student = models.Student.objects.create(
            school=school, key=key, code=f"S{n}", name=f"同学{n}", village=dice.choice(VILLAGES)
        )
        models.ClassMembership.objects.create(
            school=school, student=student, school_class=dice.choice(classes), starts_on=term.starts_on
        )
        models.Registration.objects.create(
            school=school,
            student=student,
            level="key" if n < KEY else "normal",
            starts_on=term.starts_on,
            recorded_at=start_of(term.starts_on),
        )
    _helpers(dice, school, term, classes)
    return school, term


def _helpers(dice: random.Random, school, term, classes) -> None:
    from tongxing.ground.accounts.models import User
    from tongxing.ground.people import models

    for n in range(HELPERS):
        staff = models.Staff.objects.create(
            school=school,
            user=User.objects.create(login=f"t{n}", name=f"老师{n}"),
            code=f"T{n}",
            name=f"老师{n}",
            village=dice.choice(VILLAGES),
            offence_check_on=term.starts_on,
            pairing_capacity=2,
        )
        subject = dice.choice(SUBJECTS)
        for school_class in dice.sample(classes, 3):
            models.Teaching.objects.create(
                school=school, term=term, staff=staff, school_class=school_class, subject=subject
            )


def report(times: dict[str, list[float]], pairs: int, runs: int) -> str:
    from django.db import connection

    rows = "\n".join(
        f"| {name} | {statistics.median(found) * 1000:.0f} | {max(found) * 1000:.0f} |"
        for name, found in times.items()
    )
    database = connection.vendor
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()")
            database = f"SQLite {cursor.fetchone()[0]}, encrypted"
    return f"""# Pairing {STUDENTS} students × {HELPERS} helpers

{runs} runs, {pairs} pairs proposed each time. Python {platform.python_version()}, {database}, {os.cpu_count()} cores
shared with other work. The aim is 1,000 ms from the database to explained proposals.

| what | median, ms | slowest, ms |
|---|---:|---:|
{rows}
"""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
