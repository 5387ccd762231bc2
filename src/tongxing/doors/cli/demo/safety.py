"""Fourth chapter, beside the helpers: who answers for children's safety, and twice somebody wrote down a worry."""

import datetime
from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.safety import actions, naming
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration

from . import Demo

HOUR = datetime.timedelta(hours=1)


def name(demo: Demo) -> None:
    """At term start the head names the counsellor and, as her deputy, the deputy head."""
    naming.name_both(
        _person(demo, "head"),
        school=demo.school,
        responder=demo.posts["counsellor"],
        deputy=demo.posts["deputy"],
    )


def tell(demo: Demo) -> None:
    entries = Registration.objects.filter(school=demo.school, ends_on=None, level="normal")
    first, second = entries.select_related("student__key").order_by("-pk")[:2]
    today = _afternoon(demo)
    at = today - 18 * 24 * HOUR
    flag = _written(demo, first, at, "放学路上被初三的几个人堵着要钱，已经两次，不敢告诉家里。")
    counsellor = _person(demo, "counsellor")
    with clock.telling(at + HOUR):
        actions.take_on(counsellor, flag=flag)
        actions.note_step(
            counsellor, flag=flag, text="陪在孩子身边；告诉了校长；这几天由值周老师一起走到车站"
        )
    with clock.telling(at + 50 * HOUR):
        actions.note_step(counsellor, flag=flag, text="三名初三学生分开谈过，双方监护人到校；钱已退还")
        actions.close(counsellor, flag=flag, outcome="safe", reason="一周内没有再发生，孩子自己说走路不怕了")
    with clock.telling(at + 70 * HOUR):
        actions.sign_off(_person(demo, "head"), flag=flag)
    _written(demo, second, today, "说奶奶住院，这两天家里没有大人，晚上一个人睡。")


def _afternoon(demo: Demo) -> datetime.datetime:
    """The latest ten to four in the afternoon that the story has come to."""
    local = demo.until.astimezone(clock.SCHOOL_TIME)
    today = local.replace(hour=15, minute=50, second=0, microsecond=0)
    return today if today < local else today - 24 * HOUR


def _written(demo: Demo, entry: Registration, at: datetime.datetime, words: str) -> RiskFlag:
    """The class teacher's talk, and the flag that its words raise."""
    teacher = demo.class_teachers[demo.class_of[entry.student_id].pk]
    with clock.telling(at):
        contact = write_contact(
            actor_for(teacher.user, clock.today()),
            student=entry.student,
            client_id=UUID(int=demo.random.getrandbits(128), version=4),
            kind="talk",
            told=Told({"thoughts": words}, channel="in_person", reached=["student"], minutes=15),
        )
    return RiskFlag.objects.get(source_kind="contact", source_id=contact.pk)


def _person(demo: Demo, post: str) -> Actor:
    return actor_for(demo.posts[post].user, clock.today())
