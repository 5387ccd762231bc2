"""Fourth chapter: what the helpers wrote down, week by week, up to the moment the story is told."""

import datetime
from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.highlights import note, phrases
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.models import Exemption
from tongxing.ground.access.queries import actor_for, helpers_only
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import Circumstance, Registration, Staff, Student, Teaching
from tongxing.ground.people.queries import term_calendar

from . import Demo, words

ON_LEAVE_FROM_WEEK = 10
LATER = 0.06  # share of records written down days afterwards
MISSED = 0.1  # share of weekly talks that did not happen or were not written down


class Diary:
    """One student's helper writes; `when` says on which day and hour something happened."""

    def __init__(self, demo: Demo, student: Student, level: str, pairs: list[Pair]) -> None:
        self.demo, self.student, self.level, self.pairs = demo, student, level, pairs
        self.pick = demo.random
        self.away = demo.family.get(student.pk) == "away"
        self.visits = not Exemption.objects.filter(student=student, commitment="visit").exists()
        self.on_leave = False
        self.actors: dict[int, Actor] = {}

    def helper_on(self, day: datetime.date) -> Staff | None:
        for pair in self.pairs:
            if pair.starts_on <= day and (pair.ends_on is None or day <= pair.ends_on):
                return pair.helper
        return None

    def write(
        self, kind: str, day: datetime.date, hours: tuple[int, int], body: dict[str, str], **told
    ) -> None:
        """Write a record down in the evening, sometimes days later; what lies after the story's end is not told."""
        clock_time = datetime.time(self.pick.randint(*hours), self.pick.choice([0, 10, 15, 20, 30, 40, 50]))
        happened = datetime.datetime.combine(day, clock_time, SCHOOL_TIME)
        late = self.pick.random() < LATER
        delay = (
            datetime.timedelta(days=self.pick.randint(6, 9))
            if late
            else datetime.timedelta(minutes=self.pick.randint(15, 240))
        )
        recorded = happened + delay
        helper = self.helper_on(day)
        client_id = UUID(int=self.pick.getrandbits(128), version=4)
        if helper is None or recorded > self.demo.until:
            return
        if helper.pk not in self.actors:
            self.actors[helper.pk] = actor_for(helper.user, day)
        reached = told.pop("reached", ("student",))
        with clock.telling(recorded):
            write_contact(
                self.actors[helper.pk],
                student=self.student,
                client_id=client_id,
                kind=kind,
                told=Told(
                    body, happened_at=happened, reached=reached if told.get("made", True) else (), **told
                ),
            )

    def talk(self, day: datetime.date) -> None:
        pick = self.pick
        body = {"thoughts": pick.choice(words.THOUGHTS + words.THOUGHTS_AWAY * self.away)}
        if pick.random() < 0.7:
            body["difficulties"] = pick.choice(words.DIFFICULTIES)
            body["improvement"] = pick.choice(words.IMPROVEMENT)
        if pick.random() < 0.6:
            body["promise"] = pick.choice(words.PROMISES)
        self.write(
            "talk",
            day,
            (12, 17),
            body,
            channel="in_person",
            minutes=pick.choice([10, 15, 15, 20, 25]),
            place=pick.choice(["办公室", "操场", "教室走廊", "图书角"]),
            next_on=day + datetime.timedelta(days=7) if day.day % 3 == 0 else None,
        )

    def call(self, day: datetime.date, reached: str) -> None:
        channel = self.pick.choice(["phone", "phone", "video"])
        if self.pick.random() < 0.18:
            self.write("call", day, (18, 19), {"said": "电话没有接通"}, channel="phone", made=False)
        self.write(
            "call",
            day,
            (20, 21),
            {"said": self.pick.choice(words.CALL_SAID)},
            channel=channel,
            reached=(reached,),
            minutes=self.pick.choice([5, 8, 10]),
        )

    def visit(self, day: datetime.date) -> None:
        pick = self.pick
        guardian = self.student.guardians.first()
        body = {
            "companion": pick.choice(words.STAFF_NAMES[20:60]),
            "met_whom": f"{guardian.name}（{guardian.relation_text}）" if guardian else "",
            "at_home": pick.choice(words.AT_HOME),
            "homework": pick.choice(words.HOMEWORK),
            "weekend": pick.choice(words.WEEKEND),
            "family_view": pick.choice(words.FAMILY_VIEW),
            "measures": pick.choice(words.MEASURES),
        }
        if pick.random() < 0.15:
            self.write(
                "visit",
                day,
                (16, 17),
                {"at_home": "家里没有人，与邻居约好下次时间"},
                channel="at_home",
                made=False,
            )
            day = day + datetime.timedelta(days=7)
        relation = guardian.relation if guardian else "other"
        reached = ("student", relation if relation in {"father", "mother"} else "second_guardian")
        self.write(
            "visit",
            day,
            (16, 18),
            body,
            channel="at_home",
            reached=reached,
            minutes=pick.choice([30, 40, 50]),
            place=self.student.village,
        )


def tell(demo: Demo) -> None:
    today = clock.day_of(demo.until)
    weeks = [
        w for w in term_calendar(demo.term).weeks if w.number >= 2 and w.monday <= today and w.school_days
    ]
    away = Circumstance.objects.filter(school=demo.school, category="left_behind").values_list(
        "student_id", flat=True
    )
    demo.family = dict.fromkeys(away, "away")
    pairs: dict[int, list[Pair]] = {}
    for pair in (
        Pair.objects.of_first_helpers()
        .filter(school=demo.school)
        .select_related("helper__user")
        .order_by("starts_on")
    ):
        pairs.setdefault(pair.student_id, []).append(pair)
    entries = Registration.objects.filter(school=demo.school, ends_on=None).select_related("student__key")
    diaries = [Diary(demo, e.student, e.level, pairs.get(e.student_id, [])) for e in entries.order_by("pk")]
    quiet, visitors = _on_leave(diaries), _left_to_the_visitor(diaries, today)
    for diary in diaries:
        told = [w for w in weeks if not (diary in quiet and w.number >= ON_LEAVE_FROM_WEEK)]
        _term_of(demo, diary, [w for w in told if diary.student.pk != visitors or w.sunday < today])
    _counselling(demo, diaries, weeks)
    _bright_moments(demo, diaries, weeks)


def _on_leave(diaries: list[Diary]) -> list[Diary]:
    """Two students whose helpers have been on sick leave lately; nobody has stepped in yet."""
    return [diary for diary in diaries if diary.level == "normal"][5:7]


def _left_to_the_visitor(diaries: list[Diary], today: datetime.date) -> int | None:
    """The student of the helper as whom a visitor comes in: nothing is written yet this week."""
    key = [diary.student.pk for diary in diaries if diary.level == "key"]
    grant = helpers_only(today).filter(student__in=key).first()
    return grant.student_id if grant else None


def _term_of(demo: Demo, diary: Diary, weeks: list[Week]) -> None:
    pick = demo.random
    rhythm = pick.choice([2, 3])
    start = pick.randint(0, rhythm - 1)
    visit_week = pick.randint(3, 16)
    for n, week in enumerate(weeks):
        day = pick.choice(week.school_days)
        if (diary.level == "key" or (n + start) % rhythm == 0) and pick.random() > MISSED:
            diary.talk(day)
        if week.number == visit_week and diary.visits:
            diary.visit(pick.choice(week.school_days))
        if diary.away and week.number % 4 == 3:
            diary.call(pick.choice(week.school_days), "away_parent")
        if diary.away and week.number % 4 == 1:
            diary.call(pick.choice(week.school_days), "second_guardian")
        if diary.level == "key":
            _six_things(diary, week)
        elif pick.random() < 0.08:
            covered, mastered = pick.choice(words.TUTORING)
            diary.write(
                "tutoring",
                day,
                (16, 17),
                {"covered": covered, "mastered": mastered},
                channel="in_person",
                minutes=30,
            )


def _six_things(diary: Diary, week: Week) -> None:
    pick, day = diary.pick, diary.pick.choice(week.school_days)
    if week.number == 2 and pick.random() < 0.97:
        title, motto = pick.choice(words.BOOKS)
        diary.write("book", day, (12, 16), {"title": title, "motto": motto}, channel="in_person")
    if week.number % 4 == 2 and pick.random() < 0.93:
        goal, sign = pick.choice(words.GOALS)
        diary.write("goal", day, (12, 16), {"goal": goal, "sign": sign}, channel="in_person")
    if week.number % 4 == 1 and week.number > 2:
        result = pick.choices(words.GOAL_RESULTS, [5, 4, 2])[0]
        diary.write("goal_outcome", day, (12, 16), {"outcome": result}, channel="in_person")
    if week.number == 4 or (week.number > 4 and pick.random() < 0.08):
        body = {"partner": "同桌", "discussed": pick.choice(words.DISCUSSED)}
        diary.write("partner", day, (15, 16), body, channel="in_person")
    if week.number > 4 and pick.random() < 0.1:
        diary.write("success", day, (9, 16), {"success": pick.choice(words.SUCCESSES)}, channel="activity")


def _bright_moments(demo: Demo, diaries: list[Diary], weeks: list[Week]) -> None:
    """What subject teachers saw in their lessons, a tap after the bell."""
    teachers: dict[int, list[Staff]] = {}
    for lesson in Teaching.objects.filter(term=demo.term).select_related("staff__user").order_by("pk"):
        teachers.setdefault(lesson.school_class_id, []).append(lesson.staff)
    for week in weeks:
        for diary in demo.random.sample(diaries, 3):
            teacher = demo.random.choice(teachers[demo.class_of[diary.student.pk].pk])
            day = demo.random.choice(week.school_days)
            moment = datetime.datetime.combine(
                day, datetime.time(demo.random.randint(9, 16), 45), SCHOOL_TIME
            )
            client_id = UUID(int=demo.random.getrandbits(128), version=4)
            if moment <= demo.until:
                with clock.telling(moment):
                    note(
                        actor_for(teacher.user, day),
                        student=diary.student,
                        client_id=client_id,
                        seen=[str(demo.random.choice(phrases()))],
                    )


def _counselling(demo: Demo, diaries: list[Diary], weeks: list[Week]) -> None:
    """The counsellor's own notes; only that they exist is seen by others."""
    counsellor = demo.posts["counsellor"]
    actor = actor_for(counsellor.user, clock.day_of(demo.until))
    for diary, week in zip(diaries[:4], weeks[2:6], strict=False):
        happened = datetime.datetime.combine(week.school_days[0], datetime.time(15, 10), SCHOOL_TIME)
        with clock.telling(happened + datetime.timedelta(hours=2)):
            write_contact(
                actor,
                student=diary.student,
                client_id=UUID(int=demo.random.getrandbits(128), version=4),
                kind="counselling",
                told=Told(
                    {
                        "heard": "说到想念父母，睡前常常想事情。",
                        "agreed": "下周同一时间再来，先试着写三句心情日记。",
                    },
                    channel="in_person",
                    reached=("student",),
                    happened_at=happened,
                ),
            )
