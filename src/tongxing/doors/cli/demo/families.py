"""A grandmother at the family's door with two grandchildren, and her grandchild at the student's door."""

import datetime
import random
from uuid import UUID

from tongxing.care.family import agreements, consent_words, data_requests, goals, messages
from tongxing.ground.access import family
from tongxing.ground.access.coming_in import come_in, find, join
from tongxing.ground.access.invitations import invite
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.people.models import Guardian, Student

from . import Demo

DAY = datetime.timedelta(days=1)
PIN = "308517"


def tell(demo: Demo) -> None:
    pick = random.Random("families")  # noqa: S311  # a story, not a secret
    grant = Grant.objects.select_related("user").filter(school=demo.school, role=Role.GUARDIAN).first()
    if grant is None:
        return
    students = Student.objects.select_related("key", "school")
    child = students.get(pk=grant.student_id)
    with clock.telling(demo.until - 9 * DAY):
        grandma = Guardian.objects.get(student=child, user=grant.user)
        teacher = actor_for(demo.class_teachers[demo.class_of[child.pk].pk].user, clock.today())
        _second_child(demo, grandma, students, pick)
        _agree(teacher, child, grandma, pick)
    with clock.telling(demo.until - 6 * DAY):
        _she_answers(actor_for(grant.user, clock.today()), child, pick)
    student = Grant.objects.select_related("user").get(school=demo.school, role=Role.STUDENT)
    with clock.telling(demo.until - 4 * DAY):
        me = actor_for(student.user, clock.today())
        goals.set_goal(me, student=child, words="每天早读大声读五分钟", client_id=_id(pick))
        met = goals.set_goal(me, student=child, words="学会系红领巾以外的三种绳结", client_id=_id(pick))
    with clock.telling(demo.until - 2 * DAY):
        goals.end_goal(me, goal=met, reached=True)
        text = "这周早读她站起来领读了，声音很亮。周末家里方便的话，我周六上午去坐坐。"
        messages.write(teacher, student=child, guardian=grandma, text=text, client_id=_id(pick))
    _an_invitation_waits(demo, child, pick)


def _id(pick: random.Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)


def _second_child(demo: Demo, grandma: Guardian, students, pick: random.Random) -> None:
    """A grandchild in another class: she is entered there too, and joins with a second slip."""
    near = students.filter(school=demo.school, village=grandma.student.village).enrolled()
    others = [one for one in near.order_by("pk") if one.pk != grandma.student_id]
    cousin = next(one for one in others if demo.class_of[one.pk] != demo.class_of[grandma.student_id])
    office = actor_for(demo.posts["coordinator"].user, clock.today())
    facts: dict[str, object] = {
        "name": grandma.name,
        "relation": grandma.relation,
        "relation_text": grandma.relation_text,
    }
    facts |= {"order": 3, "phone": "13900006180", "lives_with": True, "reads": False}
    there = family.add_guardian(office, student=cousin, facts=facts, client_id=_id(pick))
    [slip] = invite(office, school=demo.school, guardians=[there], batch=_id(pick))
    assert grandma.user is not None
    join(find(slip.code, address="demo"), user=grandma.user)


def _agree(teacher: Actor, child: Student, grandma: Guardian, pick: random.Random) -> None:
    soon = clock.today() + 14 * DAY
    for by, text, due in (
        ("family", "写作业的时候，电视先关上", soon),
        ("school", "数学作业先在学校做一半，有人在旁边看着", None),
        ("together", "每周日晚上和在外的爸爸妈妈视频一次", soon),
    ):
        agreements.agree(teacher, student=child, by=by, text=text, due_on=due, client_id=_id(pick))
    text = "您好！孩子说想参加合唱队，排练在周三放学后，五点半结束，您看方便吗？"
    messages.write(teacher, student=child, guardian=grandma, text=text, client_id=_id(pick))


def _she_answers(grandma: Actor, child: Student, pick: random.Random) -> None:
    messages.mark_read(grandma, student=child)
    messages.reply(grandma, student=child, text="方便的，我去接她。", client_id=_id(pick))
    for purpose in ("photo", "outing"):
        consent_words.agree(grandma, student=child, purpose=purpose)
    for kind, text in (("correct", "我家的门牌换了，请改一下"), ("see", "想知道考试记录在哪里看")):
        data_requests.ask(grandma, student=child, kind=kind, text=text, client_id=_id(pick))


def _an_invitation_waits(demo: Demo, child: Student, pick: random.Random) -> None:
    """A classmate's guardian came in by a slip of the own; another slip lies at home still."""
    same = [one for one in demo.students if demo.class_of.get(one.pk) == demo.class_of[child.pk]]
    classmates = [one.pk for one in same if one.pk != child.pk][:6]
    guardians = list(
        Guardian.objects.present()
        .filter(student__in=classmates)
        .exclude(phone_sealed=b"")
        .select_related("student")[:2]
    )
    with clock.telling(demo.until - DAY):
        slips = invite(SYSTEM, school=demo.school, guardians=guardians, batch=_id(pick))
        come_in(find(slips[0].code, address="demo"), secret=PIN)
