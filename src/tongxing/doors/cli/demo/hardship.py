"""Recognition of hardship: the round of the year from the family's form to what is filed, and this term's adjustment.

In September the offices' lists come and families hand in; classes and school review, the head decides, a notice stands for
five working days, one person asks and is answered. In November one family needs more, one no longer anything, one applies
anew: one notice stands today, one application waits for its class. A few whom an office knows have not applied.
"""

import datetime
import random
from collections.abc import Callable
from uuid import UUID

from tongxing.aid.hardship.actions import applications, deciding, lists, rounds
from tongxing.aid.hardship.content import Content, Member
from tongxing.aid.hardship.models import Application, Level, Recognition
from tongxing.aid.hardship.queries import opened
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance, Guardian, Registration, Staff, Student, Teaching
from tongxing.ground.people.student_actions import edit_student
from tongxing.ground.publicity import actions as publicity
from tongxing.ground.publicity.models import Notice

from . import SEED, Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
TOLD = "各位家长：学校开始本学年家庭经济困难学生认定。有需要的家庭填一张表，在家长入口填或找班主任填纸质表都行；签字承诺即可，不用盖章开证明。内容为您保密。"
NOTICE = "经本人申请、班级评议和学校评议，现将本学年家庭经济困难学生认定结果在校内公示。如有不同意见，请在公示期内向学生处反映，每一条都会核实并答复。"
FACTORS = (
    "家里主要靠一个人挣钱，奶奶常年吃药",
    "爷爷去年做了手术，还在还医药费",
    "三个孩子上学，收入不稳定",
    "今年庄稼受了水灾，收成少了一半",
    "爸爸腿受过伤，只能打零工",
    "",
)
ASKS = ("生活补助", "生活补助、校服费", "住校生活费", "冬天的被褥")
OPINIONS = (
    "申请表填的情况属实，家里收入少",
    "家访看到的和申请表一致",
    "部门名单上有，情况清楚",
    "收入来源少，支出大",
)
SCHOOL_OPINION, DECIDED = "同意班级意见", "两次评议意见一致，同意"
WORKS = ("务工", "种地", "种地、养猪", "打零工", "在镇上帮工")
#: Categories by the office whose list they come on.
OFFICES = {
    "civil": ("minimum_living", "orphan", "low_income"),
    "disability": ("disabled", "disabled_parent"),
    "rural": ("monitored", "lifted_out"),
}
#: Among these a few families no longer need it.
BETTER_NOW = ("lifted_out", "serious_illness", "sudden_hardship")
NOT_YET, REFUSED, CHANGED = 4, 2, 2  # children of the story
FEWEST = NOT_YET + REFUSED + CHANGED + 2


def tell(demo: Demo) -> None:
    _Story(demo).tell()


class _Story:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.pick = demo, random.Random(f"{SEED} hardship")  # noqa: S311  # a story, not a secret
        known = Circumstance.objects.filter(school=demo.school).exclude(category__in=Circumstance.FAMILY)
        self.category = dict(known.order_by("-pk").values_list("student_id", "category"))
        found = Student.objects.enrolled().filter(pk__in=self.category).select_related("key", "school")
        self.students = [one for one in found.order_by("pk") if one.pk in demo.class_of]
        self.numbers: dict[int, str] = {}
        self.guardians: dict[int, list[Guardian]] = {}
        for guardian in Guardian.objects.present().filter(student__in=self.students):
            self.guardians.setdefault(guardian.student_id, []).append(guardian)
        self.partner: dict[int, Staff] = {}
        for lesson in Teaching.objects.filter(term=demo.term).select_related("staff").order_by("pk"):
            if lesson.staff != demo.class_teachers[lesson.school_class_id]:
                self.partner.setdefault(lesson.school_class_id, lesson.staff)

    def tell(self) -> None:
        """As far as the term has come; what has not happened yet is not told."""
        if len(self.students) < FEWEST:
            return
        for week, weekday, chapter in (
            (1, 1, self.begin),
            (2, 2, self.apply),
            (3, 1, self.review_in_class),
            (3, 3, self.review_in_school),
            (4, 0, self.decide),
            (4, 1, self.publish),
            (4, 3, self.somebody_asks),
            (6, 1, self.file),
        ):
            if not self._at(week, weekday, chapter):
                return
        self.adjust()

    def _at(self, week: int, weekday: int, chapter: Callable[[], None]) -> bool:
        day = self.demo.term.week_one + (7 * (week - 1) + weekday) * DAY
        moment = clock.start_of(day) + 10 * HOUR
        if moment >= self.demo.until - 2 * DAY:
            return False
        with clock.telling(moment):
            chapter()
        return True

    def _as(self, post: str) -> Actor:
        return actor_for(self.demo.posts[post].user, clock.today())

    def _id(self) -> UUID:
        return UUID(int=self.pick.getrandbits(128), version=4)

    def begin(self) -> None:
        """The offices' lists, laid beside the roster by number; then the round."""
        office, until = self._as("coordinator"), clock.today() + 10 * DAY
        for n, student in enumerate(self.students):
            first = f"329900{student.birth_date or clock.today():%Y%m%d}{n + 1:03}"
            number = first + check_digit(first)
            edit_student(office, student=student, facts={"id_number": number})
            self.numbers[student.pk] = number
        for code, categories in OFFICES.items():
            rows = [
                lists.ListRow(row, self.numbers[student.pk], self.category[student.pk])
                for row, student in enumerate(self.students, 2)
                if self.category[student.pk] in categories
            ]
            lists.take_list(
                office, school=self.demo.school, office=code, as_of=clock.today(), file_name=f"{code}.xlsx",
                sha256=f"demo-{code}", rows=rows,
            )  # fmt: skip
        year = self.demo.year
        self.round = rounds.open_round(
            office, school=self.demo.school, year=year, term=None, told=TOLD, apply_until=until
        )
        self.levels = rounds.levels_of(self.demo.school)
        self._panels(self.students)

    def _panels(self, students: list[Student]) -> None:
        """For the school the student affairs office, the deputy and the teaching office; in each class its teacher and a colleague."""
        posts = [self.demo.posts[one] for one in ("coordinator", "deputy", "teaching_office")]
        rounds.name_panel(self._as("coordinator"), round=self.round, school_class=None, staff=posts)
        classes = {self.demo.class_of[one.pk].pk: self.demo.class_of[one.pk] for one in students}
        for pk, school_class in sorted(classes.items()):
            both = [self.demo.class_teachers[pk], self.partner[pk]]
            rounds.name_panel(self._teacher(pk), round=self.round, school_class=school_class, staff=both)

    def _teacher(self, class_id: int) -> Actor:
        return actor_for(self.demo.class_teachers[class_id].user, clock.today())

    def apply(self) -> None:
        """All but a few hand in on paper, and the class teacher keys it in."""
        for student in self.students[:-NOT_YET]:
            self._apply(student)

    def _apply(self, student: Student) -> Application:
        category = self.category.get(student.pk)
        near = self.guardians.get(student.pk, [])
        members = tuple(
            Member(
                one.name, one.relation_text or str(one.get_relation_display()), str(self.pick.randint(38, 70)),
                self.pick.choice(WORKS), str(self.pick.randint(8, 42) * 1000),
                self.pick.choice(("健康", "健康", "高血压", "腰腿痛")),
            )
            for one in near
        ) or (Member(f"{student.name[:1]}家长", "监护人"),)  # fmt: skip
        answers = {
            "earners": self.pick.choice(("one", "one", "none")),
            "pupils": self.pick.choice(("one", "two", "more")),
            "care": self.pick.choice(("none", "one", "more")),
        }
        told = Content(
            members=members,
            groups=(category,) if category else (),
            factors=self.pick.choice(FACTORS),
            asks=self.pick.choice(ASKS),
            answers=answers,
            signed_by=members[0].name,
        )
        return applications.hand_in(
            self._teacher(self.demo.class_of[student.pk].pk), round=self.round, student=student, told=told,
            promised_on=clock.today() - DAY, client_id=self._id(), on_paper=True,
        )  # fmt: skip

    def _waiting(self, state: str) -> list[Application]:
        found = Application.objects.filter(round=self.round, state=state)
        return list(found.select_related("student__key", "round", "school").order_by("pk"))

    def review_in_class(self) -> None:
        found = self._waiting("handed_in")
        better = [one for one in found if self.category[one.student_id] in BETTER_NOW][:REFUSED]
        for one in found:
            self._review_in_class(one, None if one in better else self._level(one))

    def _level(self, application: Application) -> Level:
        """Mostly what the answers speak for: people who know the child agree."""
        return opened(application).suggested or self.levels[-1]

    def _review_in_class(self, application: Application, level: Level | None) -> None:
        teacher = self._teacher(self.demo.class_of[application.student_id].pk)
        words = self.pick.choice(OPINIONS) if level else "家里情况比去年好转，家长同意暂不认定"
        applications.review(teacher, application=application, step="class", level=level, words=words)

    def review_in_school(self) -> None:
        for one in self._waiting("class_seen"):
            level = one.reviews.get(step="class").level
            applications.review(
                self._as("coordinator"), application=one, step="school", level=level, words=SCHOOL_OPINION
            )

    def decide(self) -> None:
        for one in self._waiting("school_seen"):
            level = one.reviews.get(step="school").level
            deciding.decide(self._as("head"), application=one, level=level, reason=DECIDED)

    def publish(self) -> None:
        self.notice = self._publish("家庭经济困难学生认定公示")

    def _publish(self, title: str) -> Notice:
        said = publicity.Said(f"{self.demo.year.name}学年{title}", NOTICE, clock.today())
        return deciding.make_public(
            self._as("coordinator"), round=self.round, said=said, client_id=self._id()
        )

    def somebody_asks(self) -> None:
        """A neighbour thought a family had two earners; a visit showed that it has one."""
        line = self.notice.lines.select_related("student__key").order_by("pk")[3]
        said = publicity.object_to(
            self._as("coordinator"), notice=self.notice, student=line.student, by="", text="听说他家今年有两个人上班",
            said_on=clock.today(), client_id=self._id(),
        )  # fmt: skip
        with clock.telling(clock.now() + 5 * HOUR):
            publicity.answer(
                self._as("deputy"), objection=said, text="当天家访核实：妈妈九月起回家照顾老人，只有一份收入", outcome="stands"
            )  # fmt: skip

    def file(self) -> None:
        deciding.file_round(self._as("coordinator"), round=self.round)
        rounds.close_round(self._as("coordinator"), round=self.round)

    def adjust(self) -> None:
        """This term's adjustment, up to now."""
        last = clock.day_of(self.demo.until)
        begins = last - 9 * DAY
        if begins < self.demo.term.week_one + 49 * DAY or last > self.demo.term.ends_on:
            return
        registered = Registration.objects.filter(school=self.demo.school, ends_on=None).values("student")
        found = Student.objects.filter(pk__in=registered).exclude(pk__in=self.category).enrolled()
        new = list(found.select_related("key", "school").order_by("pk")[1:3])
        with clock.telling(clock.start_of(begins) + 10 * HOUR):
            self.round = rounds.open_round(
                self._as("coordinator"), school=self.demo.school, year=self.demo.year, term=self.demo.term,
                told="本学期动态调整：家里有新变化的，可以申请；情况好转的，也请告诉班主任。", apply_until=last + 5 * DAY,
            )  # fmt: skip
            self._panels(new)
        with clock.telling(clock.start_of(begins + 3 * DAY) + 10 * HOUR):
            held = Recognition.objects.holding().filter(school=self.demo.school, level=self.levels[-2])
            more, less = held.select_related("student__key").order_by("pk")[:CHANGED]
            reason = "爸爸十月受伤住院，收入停了"
            deciding.adjust(
                self._as("deputy"), recognition=more, round=self.round, level=self.levels[0], reason=reason
            )
            reason = "妈妈找到稳定工作，家长主动提出不再需要"
            deciding.adjust(self._as("deputy"), recognition=less, round=self.round, level=None, reason=reason)
            self._apply(new[0])
        with clock.telling(clock.start_of(begins + 7 * DAY) + 10 * HOUR):
            self._publish("困难认定调整公示")
            self._review_in_class(self._waiting("handed_in")[0], self.levels[-1])
            self._apply(new[1])
