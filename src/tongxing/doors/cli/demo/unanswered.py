"""At the doors of two families words wait for an answer: one for some days, one since this morning."""

import datetime
import random
from uuid import UUID

from tongxing.care.family import messages
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian

from . import Demo

HOUR = datetime.timedelta(hours=1)
#: Hours before the demo's moment, and what somebody of the family wrote; the last to come in wrote last.
WROTE = (
    (3, "老师好，他的水杯落在教室了，麻烦让他今天带回来。"),
    (75, "孩子说这周要交手抄报，家里没有彩笔，学校能先借一盒吗？"),
)


def tell(demo: Demo) -> None:
    pick = random.Random("unanswered")  # noqa: S311  # a story, not a secret
    came_in = Guardian.objects.present().filter(school=demo.school, user__isnull=False)
    newest_first = came_in.select_related("user", "student__key", "student__school").order_by("-user", "-pk")
    for guardian, (hours, text) in zip(newest_first, WROTE, strict=False):
        with clock.telling(demo.until - hours * HOUR):
            assert guardian.user is not None  # asked for above
            me = actor_for(guardian.user, clock.today())
            client_id = UUID(int=pick.getrandbits(128), version=4)
            messages.reply(me, student=guardian.student, text=text, client_id=client_id)
