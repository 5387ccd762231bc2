"""What colleagues do for a measure of somebody else's plan: said on Fridays, once not done, once not written down."""

import datetime
import random
from uuid import UUID

from tongxing.care.programme.measure_actions import say_how_it_went
from tongxing.care.programme.measures import of_colleague
from tongxing.care.programme.models import PlanMeasure
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import SCHOOL_TIME

from . import SEED, Demo

SAID = ("听写 10 个对了 8 个", "主动来找我练", "今天有点困，练了一半", "")


def tell(demo: Demo) -> None:
    pick = random.Random(SEED + 93)  # noqa: S311  # its own: the rest of the story stays as it is
    rows = PlanMeasure.objects.filter(by="colleague", version__plan__school=demo.school)
    for number, row in enumerate(rows.select_related("person__user").order_by("pk")):
        for weeks in (4, 3, 2, 1):
            if (number + weeks) % 4:
                _friday(demo, pick, row, weeks, "not" if (number + weeks) % 7 == 0 else "")


def _friday(demo: Demo, pick: random.Random, row: PlanMeasure, weeks: int, outcome: str) -> None:
    today = clock.day_of(demo.until)
    day = today - datetime.timedelta(days=today.weekday() + 3, weeks=weeks - 1)
    words, usual = pick.choice(SAID), pick.choice(("well", "well", "hard"))
    key = UUID(int=pick.getrandbits(128), version=4)
    with clock.telling(datetime.datetime.combine(day, datetime.time(17), SCHOOL_TIME)):
        assert row.person  # a colleague's measure
        actor = actor_for(row.person.user)
        mine = [one for one in of_colleague(actor, demo.term) if one.row.key == row.key]
        for held in mine:
            say_how_it_went(actor, held=held, outcome=outcome or usual, words=words, client_id=key)
