"""One rule of what held when, asked of the database and of rows in memory."""

import datetime
from itertools import product

import pytest
from tests.cast import NOW

from tongxing.ground.people.models import Registration, Student
from tongxing.oversight.insight.facts import held
from tongxing.oversight.insight.history import Held

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2026, 10, 1)
DAYS = [FIRST, FIRST + DAY, FIRST + 2 * DAY]
MOMENTS = [datetime.datetime.combine(FIRST, datetime.time(12), NOW.tzinfo), NOW]
AS_OF = [datetime.datetime.combine(day, datetime.time(15), NOW.tzinfo) for day in (*DAYS[1:], NOW.date())]


def rows_of_every_shape(student: Student) -> list[Registration]:
    ends = [(None, None), *product(DAYS, MOMENTS)]
    return [
        Registration(
            school=student.school, student=student, level="normal", starts_on=first, recorded_at=recorded,
            ends_on=last, ended_at=ended, ended_reason="x" if ended else "",
        )
        for first, recorded, (last, ended) in product(DAYS, MOMENTS, ends)
        if last is None or last >= first
    ]  # fmt: skip


@pytest.mark.parametrize("as_of", AS_OF, ids=str)
def test_the_database_and_a_row_in_memory_agree_on_what_held(cast, as_of):
    kept = {}
    for row in rows_of_every_shape(cast.students.plain):
        row.save()
        facts = (row.student_id, row.level, row.starts_on, row.ends_on, row.recorded_at, row.ended_at)
        kept[row.pk] = Held(*facts).holds(as_of)
        found = held(Registration.objects.filter(pk=row.pk), as_of, "recorded_at").exists()
        assert found == kept[row.pk], (facts, as_of)
        row.delete()
    assert set(kept.values()) == {True, False}


def test_an_end_that_was_written_down_later_was_not_known_before():
    row = Held(1, "key", FIRST, FIRST + DAY, NOW - 60 * DAY, ended_at=NOW)
    assert row.holds(NOW - DAY) and not row.holds(NOW)
