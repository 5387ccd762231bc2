"""The county and its schools this term: a programme taken over, a report to send, a hand asked for, names for hours."""

import datetime
import random
from dataclasses import replace
from uuid import UUID

from tongxing.care.programme.versions import Terms
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.county import hands, needs, programme, reports
from tongxing.oversight.county.models import CountyReport, CountyVersion, ReportDue
from tongxing.oversight.county.report_parts import PARTS
from tongxing.oversight.county.rules import MOST_CHILDREN
from tongxing.oversight.insight.county_behind import behind

from . import SEED, Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
FEWEST_DAYS = 30  # of the term before there is something to tell
READING = Terms("共读一本书", "month", due_from=2, topics=("book",))
WHY_OTHER = "图书角正在扩建，先按每学期一本书做，明年春季起每月一次"


def tell(demo: Demo) -> None:
    if clock.day_of(demo.until) < demo.term.week_one + FEWEST_DAYS * DAY:
        return
    ids = random.Random(f"county {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    _programme(demo, ids)
    _reports(demo, ids)
    _hands(demo, ids)
    _names(demo, ids)


def _id(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)


def _at(demo: Demo, days: int, hour: int = 10) -> datetime.datetime:
    return clock.start_of(demo.term.week_one + days * DAY) + hour * HOUR


def _officer(demo: Demo, role: str) -> Actor:
    held = Grant.objects.filter(school=demo.county, role=role).select_related("user")
    return actor_for(held.earliest("pk").user, clock.today())


def _head(demo: Demo) -> Actor:
    return actor_for(demo.posts["head"].user, clock.today())


def _programme(demo: Demo, ids: random.Random) -> None:
    """The first version asks for what the school does; the second, still a draft, would ask for more talks."""
    with clock.telling(_at(demo, 7)):
        supervisor = _officer(demo, Role.COUNTY_SUPERVISOR)
        first = programme.begin(supervisor, county=demo.county, client_id=_id(ids), name="百千万工程")
        reading = programme.add_point(supervisor, version=first, client_id=_id(ids), terms=READING)
        programme.publish(supervisor, version=first)
    with clock.telling(_at(demo, 9, 15)):
        head = _head(demo)
        programme.adapt(head, school=demo.school, point=reading, client_id=_id(ids), reason=WHY_OTHER)
        programme.take_over(head, school=demo.school, version=first, client_id=_id(ids))
    with clock.telling(demo.until - 2 * DAY):
        supervisor = _officer(demo, Role.COUNTY_SUPERVISOR)
        draft: CountyVersion = programme.begin(
            supervisor, county=demo.county, client_id=_id(ids), name="百千万工程"
        )
        talk = draft.points.get(code="talk_others")
        programme.change_point(supervisor, point=talk, terms=replace(Terms.of(talk), n=2))


def _reports(demo: Demo, ids: random.Random) -> None:
    """One sent in the third week, one that waits."""
    everybody = Organisation.objects.filter(parent=demo.county).values_list("pk", flat=True)
    with clock.telling(_at(demo, 14)):
        first = _asked(demo, ids, "开学一个月情况", ["everyone", "register", "helpers"], list(everybody), 10)
    with clock.telling(_at(demo, 18, 16)):
        due = ReportDue.objects.get(report=first, school=demo.school)
        reports.send_it(_head(demo), due=due, client_id=_id(ids), as_of=clock.now())
    with clock.telling(demo.until - 3 * DAY):
        _asked(demo, ids, "帮扶工作月报", list(PARTS), list(everybody), 7)


def _asked(
    demo: Demo, ids: random.Random, title: str, parts: list[str], schools: list[int], days: int
) -> CountyReport:
    return reports.set_report(
        _officer(demo, Role.COUNTY_SUPERVISOR), county=demo.county, client_id=_id(ids), title=title, parts=parts,
        due_on=clock.today() + days * DAY, schools=schools,
    )  # fmt: skip


def _hands(demo: Demo, ids: random.Random) -> None:
    with clock.telling(_at(demo, 20, 14)):
        hand = hands.ask(
            _head(demo), school=demo.school, client_id=_id(ids), kind="people",
            words="心理老师只有一位，想请县里每月派一天巡回辅导",
        )  # fmt: skip
    with clock.telling(_at(demo, 22, 9)):
        hands.answer(
            _officer(demo, Role.COUNTY_SUPERVISOR),
            hand=hand,
            words="从下个月起，每月第二个周三由县心理中心派人到校",
        )


def _names(demo: Demo, ids: random.Random) -> None:
    """One list that was open for a day and is closed again, and one that waits for the data officer."""
    moment = demo.until - 4 * DAY
    few = [
        kind for kind in ("silent", "unpaired") if 0 < len(behind(kind, demo.school, moment)) <= MOST_CHILDREN
    ]
    for kind, when in [*((one, moment) for one in few[:1]), ("unvisited", demo.until - 5 * HOUR)]:
        with clock.telling(when):
            asked = needs.ask(
                _officer(demo, Role.COUNTY_SUPERVISOR), school=demo.school, client_id=_id(ids), kind=kind, hours=24,
                reason="师范学院的同学周末可以结对，先看看需要几位、在哪几个班",
            )  # fmt: skip
        if when == moment:
            with clock.telling(when + HOUR):
                opened = needs.open_it(_officer(demo, Role.COUNTY_DATA_OFFICER), need=asked)
                needs.read(_officer(demo, Role.COUNTY_DATA_OFFICER), need=opened)
