"""The demo school's bright moments lie in lessons."""

import datetime
from types import SimpleNamespace

from tongxing.doors.cli.demo.bright import _in_school
from tongxing.ground.kernel.clock import SCHOOL_TIME


def test_a_bright_moment_lies_in_a_lesson_whenever_the_demo_is_opened():
    for hour in range(24):
        until = datetime.datetime(2026, 11, 25, hour, 19, tzinfo=SCHOOL_TIME)
        for number in range(30):
            happened = _in_school(SimpleNamespace(until=until), number)
            assert 9 <= happened.astimezone(SCHOOL_TIME).hour <= 15
            assert happened.date() < until.date()
