import datetime

import pytest

from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import CalendarDay


@pytest.fixture
def national_day(cast):
    """The days off of 2026-10-01 to 10-07; Saturday 10-10 is a school day instead."""
    for day in range(1, 8):
        CalendarDay.objects.create(
            school=cast.school, date=datetime.date(2026, 10, day), kind="off", name="国庆节"
        )
    CalendarDay.objects.create(school=cast.school, date=datetime.date(2026, 10, 10), kind="make_up")
    return cast


@pytest.fixture
def at(at_school):
    """Move the clock to a day of the term, four in the afternoon."""

    def move(month, day, hour=16):
        at_school.move_to(datetime.datetime(2026, month, day, hour, tzinfo=SCHOOL_TIME))

    return move
