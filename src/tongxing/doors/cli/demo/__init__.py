"""The demo school 和风镇中心初中: invented people, a believable term, told through the product's own actions.

`load()` is the only way in. The same seed and day give the same school; everything in it is marked as demo data.
"""

import datetime
import random
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.db import connection, transaction

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.people.models import SchoolClass, SchoolYear, Staff, Student, Term

from .calendar import DemoYear, year_around

SEED = 20261017


@dataclass
class Demo:
    """What the chapters of the story hand on to each other."""

    random: random.Random
    until: datetime.datetime  # the story is told up to this moment
    dates: DemoYear
    county: Organisation
    school: Organisation
    year: SchoolYear = None  # type: ignore[assignment]  # told in the first chapter
    term: Term = None  # type: ignore[assignment]  # told in the first chapter
    term_before: Term = None  # type: ignore[assignment]  # told in the first chapter
    classes: list[SchoolClass] = field(default_factory=list)
    staff: list[Staff] = field(default_factory=list)
    posts: dict[str, Staff] = field(default_factory=dict)
    class_teachers: dict[int, Staff] = field(default_factory=dict)
    students: list[Student] = field(default_factory=list)
    class_of: dict[int, SchoolClass] = field(default_factory=dict)
    family: dict[int, str] = field(default_factory=dict)  # student → how the family lives


#: In the order in which they are told: later ones build on earlier ones.
CHAPTERS = """
people records story rounds profiles activities plans measures around file requests counselling
colleagues families unanswered exchange attendance ledger donations hardship subsidies rooms
companions notices papers honours review college county
"""


def _chapters() -> tuple[Any, ...]:
    """Imported when a story is told, since they need the models."""
    return tuple(import_module(f".{name}", __name__) for name in CHAPTERS.split())


@transaction.atomic
def load(seed: int = SEED, until: datetime.datetime | None = None) -> Organisation:
    """Build the demo school into an empty database, told up to `until` (now)."""

    until = until or clock.now()
    county = Organisation.objects.create(
        kind=Organisation.Kind.COUNTY, name="澄湖县教育局", short_name="澄湖县", is_demo=True
    )
    school = Organisation.objects.create(
        kind=Organisation.Kind.SCHOOL,
        name="和风镇中心初中",
        short_name="和中",
        parent=county,
        stage=Organisation.Stage.JUNIOR,
        is_demo=True,
    )
    demo = Demo(random.Random(seed), until, year_around(clock.day_of(until)), county, school)  # noqa: S311  # a story, not a secret
    with audit.gathering():
        for chapter in _chapters():
            chapter.tell(demo)
            if connection.vendor == "postgresql":
                _analyze()  # or each chapter is told on plans for the tables as they were when empty
    _analyze()
    return school


def _analyze() -> None:
    """Tens of thousands of new rows: the planner is told now, not in a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
