"""The counselling room: its hours, a child who comes every week, one who was in danger, wishes and referrals that wait."""

import datetime
import random
from uuid import UUID

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Danger, Outside, Plan, Told
from tongxing.care.counselling.models import Appointment, GlassOpening, Note
from tongxing.care.safety import actions as safety
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Registration, Student
from tongxing.ground.people.queries import term_calendar

from . import Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
PLACE = "综合楼二楼心理室"
HOURS = ((0, 16, 18), (1, 12, 14), (2, 16, 18), (3, 16, 18))
FEWEST_DAYS = 25  # of school before the room has a story
TALKS = (
    Told(
        "班主任介绍来的",
        "说宿舍熄灯后常常想家，第二天上课没精神",
        "想和妈妈每周视频一次",
        "和宿管老师商量周三晚视频",
    ),
    Told("约好的", "视频过一次，说挂了以后反而更想；画了家里的院子", "想把画寄给妈妈", "下周一起写一封信"),
    Told("约好的", "信写好了，读给我听了一段；这周睡得好些", "想继续来", "改为两周一次也可以，下次再定"),
)
DANGER = Told("下课自己来的", "说想离家出走去找妈妈，车钱已经攒好了", "只想见妈妈一面", "今天联系奶奶和妈妈")
BRIEF = "请今天放学后有人送到家，并确认身上没有去外地的车票"
GLASS = "周末联系不上心理老师，孩子没有到家，需要知道她提过要去的地方"


def tell(demo: Demo) -> None:
    """What the room has come to by now; a term that has just begun has its hours alone."""
    ids = random.Random("counselling")  # noqa: S311  # its own: the rest of the story stays as it is
    days = [day for day in term_calendar(demo.term).days if day < clock.day_of(demo.until)]
    room = _Room(demo, ids)
    with clock.telling(clock.start_of(demo.term.starts_on) + 9 * HOUR):
        room.open()
    if len(days) < FEWEST_DAYS:
        return
    entries = Registration.objects.filter(school=demo.school, ends_on=None).order_by("-pk")
    children = [entry.student for entry in entries.select_related("student__key", "student__school")[8:14]]
    room.every_week(children[0], days)
    room.in_danger(children[1], days)
    room.opened_in_an_emergency(children[1], days)
    room.referred(children[2], days[-6], answered=True)
    room.referred(children[3], days[-1], answered=False)
    room.wished(children[4], days[-2])
    room.comes_next(children[0])


class _Room:
    """Who keeps the room, and the chapters of its story."""

    def __init__(self, demo: Demo, ids: random.Random) -> None:
        self.demo, self.ids = demo, ids

    def id(self) -> UUID:
        return UUID(int=self.ids.getrandbits(128), version=4)

    def person(self, post: str) -> Actor:
        return actor_for(self.demo.posts[post].user, clock.today())

    @property
    def counsellor(self) -> Actor:
        return self.person("counsellor")

    def open(self) -> None:
        for weekday, opens, closes in HOURS:
            actions.add_hours(
                self.counsellor,
                school=self.demo.school,
                client_id=self.id(),
                weekday=weekday,
                opens=datetime.time(opens, 10),
                closes=datetime.time(closes),
                place=PLACE,
            )
        self.tool = actions.add_tool(
            self.counsellor,
            school=self.demo.school,
            client_id=self.id(),
            name="县中小学生心理健康普查",
            levels=["平稳", "一般关注", "重点关注"],
            act_today=["重点关注"],
        )

    def _explain(self, student: Student) -> None:
        actions.explain(
            self.counsellor, student=student, client_id=self.id(), how="read_out", understood="own_words"
        )

    def _write(self, student: Student, told: Told, **more: object) -> Note:
        return actions.write(
            self.counsellor,
            student=student,
            client_id=self.id(),
            told=told,
            minutes=40,
            **more,  # type: ignore[arg-type]  # an appointment or a danger
        )

    def every_week(self, student: Student, days: list[datetime.date]) -> None:
        first = next(day for day in days[-24:] if day.weekday() == 2)
        at = clock.start_of(first) + 16 * HOUR + datetime.timedelta(minutes=10)
        with clock.telling(at - DAY):
            plan = Plan(at, 40, PLACE, away=False, every=1, until=self.demo.term.ends_on - 7 * DAY)
            actions.arrange(self.counsellor, student=student, client_id=self.id(), plan=plan)
        with clock.telling(at):
            self._explain(student)
        over = Appointment.objects.filter(student=student, at__lt=self.demo.until - 2 * HOUR).order_by("at")
        for one, told in zip(over.select_related("student__key", "student__school"), TALKS, strict=False):
            with clock.telling((one.at or at) + HOUR):
                self._write(student, told, appointment=one)
        for one in over[len(TALKS) : len(TALKS) + 1]:
            with clock.telling((one.at or at) + HOUR):
                actions.did_not(self.counsellor, appointment=one, called_off_by="school")

    def in_danger(self, student: Student, days: list[datetime.date]) -> None:
        at = clock.start_of(days[-13]) + 15 * HOUR
        with clock.telling(at):
            self._explain(student)
            note = self._write(student, DANGER, danger=Danger((), BRIEF))
        flag = RiskFlag.objects.select_related("student__key").get(pk=note.flag_id)
        with clock.telling(at + HOUR):
            deputy = self.person("deputy")
            safety.take_on(deputy, flag=flag)
            safety.note_step(deputy, flag=flag, text="班主任送到家；奶奶答应今晚和妈妈视频")
            actions.tell_guardian(self.counsellor, flag=flag, client_id=self.id(), words="奶奶")
        with clock.telling(at + 2 * DAY):
            teacher = self.demo.class_teachers[self.demo.class_of[student.pk].pk]
            give_consent(
                actor_for(teacher.user, clock.today()),
                student=student,
                purpose="screening",
                given_by="奶奶（当面签字）",
                student_agreed=True,
            )
            actions.note_result(
                self.counsellor,
                student=student,
                client_id=self.id(),
                tool=self.tool,
                level="一般关注",
                done_on=clock.today(),
            )
            made = actions.refer_outside(
                self.counsellor,
                student=student,
                client_id=self.id(),
                outside=Outside(
                    "县未成年人心理辅导中心", "夜里睡得少，常常一个人发呆，请看看怎样陪她", "奶奶"
                ),
                agreed_on=clock.today(),
                follow_up_on=clock.day_of(self.demo.until),
            )
        with clock.telling(at + 8 * DAY):
            actions.note_reply(
                self.counsellor, referral=made, reply="建议每周固定一次视频；在校多给她做事的机会"
            )

    def opened_in_an_emergency(self, student: Student, days: list[datetime.date]) -> None:
        at = clock.start_of(days[-9]) + 19 * HOUR
        with clock.telling(at):
            opening = actions.break_glass(
                self.person("head"), student=student, client_id=self.id(), reason=GLASS
            )
            actions.read_through(self.person("head"), opening=opening)
        with clock.telling(at + 14 * HOUR):
            actions.review(
                self.person("deputy"), opening=GlassOpening.objects.get(pk=opening.pk), verdict="needed"
            )

    def referred(self, student: Student, day: datetime.date, *, answered: bool) -> None:
        teacher = self.demo.class_teachers[self.demo.class_of[student.pk].pk]
        at = clock.start_of(day) + 11 * HOUR
        with clock.telling(at):
            made = actions.refer(
                actor_for(teacher.user, day),
                student=student,
                client_id=self.id(),
                reason="这周三次没吃午饭，问她只说不饿；作业都按时交了",
            )
        if answered:
            with clock.telling(at + 5 * HOUR):
                actions.answer(self.counsellor, referral=made, reply="我们见过了，谢谢您留意。")

    def wished(self, student: Student, day: datetime.date) -> None:
        with clock.telling(clock.start_of(day) + 12 * HOUR):
            actions.key_in(
                self.counsellor, student=student, client_id=self.id(), words="想聊聊，最好是周三", slip_on=day
            )
        door = Grant.objects.filter(school=self.demo.school, role=Role.STUDENT).select_related("user").first()
        if door is None:
            return
        with clock.telling(clock.start_of(day) + 18 * HOUR):
            own = Student.objects.select_related("key", "school").get(pk=door.student_id)
            actions.ask(actor_for(door.user, day), student=own, client_id=self.id(), words="不急，有空就好")

    def comes_next(self, student: Student) -> None:
        """Somebody is expected within the hour, whenever one looks."""
        local = self.demo.until.astimezone(clock.SCHOOL_TIME)
        at = local.replace(minute=0, second=0, microsecond=0) + HOUR
        if at.date() != local.date():
            return
        with clock.telling(self.demo.until - HOUR):
            plan = Plan(at, 40, PLACE, away=True)
            near = Appointment.objects.agreed().filter(at__gt=at - HOUR, at__lt=at + HOUR)
            if not near.exists():
                actions.arrange(self.counsellor, student=student, client_id=self.id(), plan=plan)
