"""Last chapter, in the office: slips for two newcomers, and a helper whose last day is near."""

import datetime
from uuid import UUID

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.leaving import leave
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.slips import make_slips
from tongxing.ground.kernel import clock

from . import Demo

NOTICE = datetime.timedelta(days=12)


def tell(demo: Demo) -> None:
    leading = {teacher.pk for teacher in demo.class_teachers.values()}
    posts = {staff.pk for staff in demo.posts.values()}
    pairs = Pair.objects.open().filter(school=demo.school).exclude(helper__in=leading | posts)
    with clock.telling(demo.until - datetime.timedelta(days=1)):
        office = actor_for(demo.posts["coordinator"].user, clock.today())
        newcomers = [staff.user for staff in demo.staff[-2:]]
        make_slips(office, school=demo.school, users=newcomers, batch=UUID(int=demo.random.getrandbits(128)))
        leave(
            office, staff=pairs.select_related("helper").latest("pk").helper, last_day=clock.today() + NOTICE
        )
