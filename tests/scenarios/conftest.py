import datetime

import pytest
import time_machine

from tongxing.ground.kernel.clock import SCHOOL_TIME

from .story import Story


@pytest.fixture
def story(db):
    """An installation on the day before the first: nobody is there yet."""
    with time_machine.travel(datetime.datetime(2026, 8, 31, 9, tzinfo=SCHOOL_TIME), tick=False) as clock:
        yield Story(clock)
