"""A round to tell stories with: opened, its reviewers named, an application on the way."""

import datetime
from uuid import uuid4 as client_id

from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.people.models import SchoolClass, SchoolYear, Staff, Student, Term
from tongxing.ground.publicity.actions import Said

from ..actions import applications, deciding, rounds
from ..content import Content, Member
from ..models import Application, Level, Recognition, Round

TODAY = datetime.date(2026, 11, 25)
DAY = datetime.timedelta(days=1)
UNTIL = TODAY + 10 * DAY
TOLD = "学校开始本学年的认定。有困难可以申请，班主任帮您填。"
CONTENT = Content(
    members=(
        Member("周建军", "父亲", "41", "务工", "38000", "健康"),
        Member("周桂兰", "奶奶", "68", "种地", "", "高血压"),
    ),
    groups=("minimum_living",),
    factors="奶奶常年吃药",
    asks="生活补助",
    answers={"earners": "one", "care": "one"},
    signed_by="周桂兰",
)
WORDS = "收入只有一份，奶奶常年吃药"


def opened(school: Organisation, user: User, term: Term | None = None) -> Round:
    """The round that is open, or a new one of this school year."""
    if found := Round.objects.open().filter(school=school).first():
        return found
    return rounds.open_round(
        actor_for(user),
        school=school,
        year=SchoolYear.objects.get(school=school),
        term=term,
        told=TOLD,
        apply_until=UNTIL,
    )


def applied(round: Round, user: User, student: Student, told: Content = CONTENT, **more) -> Application:
    """Keyed in from paper by somebody who reviews."""
    usual = {"promised_on": TODAY, "client_id": client_id(), "on_paper": True}
    return applications.hand_in(actor_for(user), round=round, student=student, told=told, **usual | more)


def named(round: Round, by: User, school_class: SchoolClass | None, *staff: Staff) -> None:
    rounds.name_panel(actor_for(by), round=round, school_class=school_class, staff=staff)


def reviewed(application: Application, by: User, step: str, level: Level | None) -> None:
    applications.review(actor_for(by), application=application, step=step, level=level, words=WORDS)


class Story:
    """One round of the cast: the class teacher and a colleague for the class, coordinator and deputy for the school."""

    def __init__(self, cast) -> None:
        self.cast, self.round = cast, opened(cast.school, cast.users["coordinator"])
        self.levels = {one.name: one for one in rounds.levels_of(cast.school)}
        users, staff = cast.users, cast.staff
        named(self.round, users["class_teacher"], cast.class_one, staff["class_teacher"], staff["helper"])
        named(self.round, users["coordinator"], None, staff["coordinator"], staff["deputy"])

    def actor(self, role: str):
        return self.cast.actor(role)

    def apply(self, student: Student | None = None, **more) -> Application:
        student = student or self.cast.students.key
        return applied(self.round, self.cast.users["coordinator"], student, **more)

    def review(self, application: Application, step: str, level: str = "比较困难") -> None:
        by = {"class": "class_teacher", "school": "coordinator"}[step]
        reviewed(application, self.cast.users[by], step, self.levels.get(level))

    def decide(self, student: Student | None = None, level: str = "比较困难") -> Recognition:
        """From the application to the decision."""
        application = self.apply(student)
        self.review(application, "class")
        self.review(application, "school")
        return deciding.decide(
            self.actor("head"),
            application=application,
            level=self.levels.get(level),
            reason="两次评议意见一致",
        )

    def publish(self, **said):
        usual = {
            "title": "认定公示",
            "words": "现将认定结果在校内公示。",
            "first_day": TODAY,
            "working_days": 3,
        }
        return deciding.make_public(
            self.actor("coordinator"), round=self.round, said=Said(**usual | said), client_id=client_id()
        )

    def file(self):
        return deciding.file_round(self.actor("coordinator"), round=self.round)
