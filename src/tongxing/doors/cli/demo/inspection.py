"""Last chapter: the month before was inspected; one point is seen to, one under way."""

import datetime
from uuid import UUID

from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.oversight.inspection import actions
from tongxing.oversight.inspection.figures import DAY, first_of

from . import Demo

THANKS = "谢谢各位帮扶老师：重点同学的谈心大多做在当周，不少老师把家访安排在周末。谢谢班主任随手记下的亮点。"


def tell(demo: Demo) -> None:
    """On the third day of this month, after lessons, if the month before lies in the term; in the first days of a month
    that of the month before."""
    month = first_of(clock.day_of(demo.until - 5 * DAY))
    before = first_of(month - DAY)
    moment = datetime.datetime.combine(month + 2 * DAY, datetime.time(17), clock.SCHOOL_TIME)
    if before < demo.term.week_one or moment + 2 * DAY > demo.until:
        return
    coordinator = demo.posts["coordinator"]
    with clock.telling(moment):
        actor = actor_for(coordinator.user, clock.today())
        found = actions.open_month(actor, school=demo.school, month=before)
        actions.say_thanks(actor, inspection=found, thanks=THANKS)
        found.refresh_from_db()
        teachers = list(demo.class_teachers.values())
        points = (
            ("talk", "有几次谈心做了还没记上，请和帮扶老师一起补记。", teachers[8], 14),
            ("home_visits_done", "家访还没有约好日子的几户，请先打电话约时间。", teachers[1], 35),
        )
        findings = [
            actions.ask(
                actor,
                inspection=found,
                client_id=UUID(int=demo.random.getrandbits(128), version=4),
                item=item,
                text=text,
                person=person,
                due_on=clock.today() + days * DAY,
            )
            for item, text, person, days in points
        ]
    with clock.telling(moment + DAY):
        actions.tell(
            actor_for(teachers[8].user, clock.today()),
            finding=findings[0],
            evidence="和三位老师核对过，已经补记。",
        )
    with clock.telling(moment + 2 * DAY):
        actions.look_again(actor, finding=findings[0], outcome="done")
