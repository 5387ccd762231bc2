"""Honours of the term: a caring class, a colleague and a child hold a title; others are on their way, each at another step."""

import datetime
import random
from collections.abc import Iterable
from contextlib import AbstractContextManager
from uuid import UUID

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.publicity.actions import Said
from tongxing.oversight.notices.models import Circular
from tongxing.oversight.recognition import awarding, consenting, near, rules, schemes, way
from tongxing.oversight.recognition.models import Asked, Commendation, Scheme
from tongxing.oversight.recognition.schemes import Asks, Facts
from tongxing.oversight.recognition.whom import Whom

from . import SEED, Demo
from .honours_words import CRITERIA, REASONS, SCHEMES, SELF_CHECK, STORIES, WORDS_ABOVE

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
FEWEST_DAYS = 45  # of the term before somebody can hold a title
#: Days before today on which each step of the first round happened.
WRITTEN, PROPOSED, REVIEWED, ASKED, PUBLIC = 36, 34, 32, 31, 29


def tell(demo: Demo) -> None:
    if clock.day_of(demo.until) < demo.term.week_one + FEWEST_DAYS * DAY:
        return
    _Told(demo).all()


class _Told:
    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.stories = {kind: iter(told) for kind, told in STORIES.items()}
        self.ids = random.Random(f"honours {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is

    def all(self) -> None:
        found = {kind: self._scheme(kind) for kind in SCHEMES}
        grandma = Grant.objects.filter(school=self.demo.school, role=Role.GUARDIAN).earliest("pk")
        at_the_door = Student.objects.select_related("key").get(pk=grandma.student_id)
        children = [one for one in self.demo.students[30:60] if one.pk != at_the_door.pk]
        colleagues, classes = self._helpers(), self.demo.classes
        given = [
            self._proposed(found[rules.CLASS], Whom(school_class=classes[3])),
            self._proposed(found[rules.CLASS], Whom(school_class=classes[9])),
            self._proposed(found[rules.COLLEAGUE], Whom(staff=colleagues[0])),
            self._proposed(found[rules.PROGRESS], Whom(student=children[0])),
        ]
        for one in given:
            self._reviewed(one, REVIEWED)
            self._agreed(one)
        self._public_and_given(found.values())
        self._on_the_way(found, at_the_door, colleagues)

    def _helpers(self) -> list[Staff]:
        """Three who accompany a child and hold no other post, so that nobody of the committee is among them."""
        posts = {one.pk for one in (*self.demo.posts.values(), *self.demo.class_teachers.values())}
        helping = Staff.objects.filter(
            pk__in=Pair.objects.open().filter(school=self.demo.school).values("helper")
        )
        found = [one for one in helping.select_related("user").order_by("pk") if one.pk not in posts]
        return found[:3]

    def _on_the_way(self, found: dict[str, Scheme], child: Student, colleagues: list[Staff]) -> None:
        """One waits for the committee, one for the family and the child at their doors; a colleague has looked at the own work."""
        self._proposed(found[rules.COLLEAGUE], Whom(staff=colleagues[1]), days=6)
        asked = self._proposed(found[rules.PROGRESS], Whom(student=child), days=9)
        self._reviewed(asked, 7)
        with self._at(6):
            consenting.ask(self._post("coordinator"), commendation=asked)
        with self._at(5):
            me = self._as(colleagues[2].user)
            whom = Whom(staff=colleagues[2])
            way.check_self(
                me, scheme=found[rules.COLLEAGUE], whom=whom, client_id=self._id(), words=SELF_CHECK
            )

    def _scheme(self, kind: str) -> Scheme:
        """Written, its committee named, published."""
        name, about = SCHEMES[kind]
        demo, office = self.demo, "coordinator"
        rests_on = (
            Circular.objects.filter(school=demo.school, kind=Circular.Kind.RULES).order_by("pk").first()
        )
        today = clock.day_of(demo.until)
        facts = Facts(kind, name, about, demo.term.starts_on, demo.term.ends_on, today + 12 * DAY, rests_on)
        with self._at(WRITTEN):
            made = schemes.write(
                self._post(office), school=demo.school, year=demo.year, client_id=self._id(), facts=facts,
                criteria=[Asks(*one) for one in CRITERIA[kind]],
            )  # fmt: skip
            people = [demo.posts[post] for post in ("head", "deputy", "coordinator", "counsellor")]
            schemes.name_committee(self._post(office), scheme=made, staff=[*people, self._teacher(0)])
            schemes.publish(self._post(office), scheme=made)
        return made

    def _teacher(self, number: int) -> Staff:
        return self.demo.class_teachers[self.demo.classes[number].pk]

    def _proposed(self, scheme: Scheme, whom: Whom, days: int = PROPOSED) -> Commendation:
        """By the class teacher of the child, or by another one."""
        of = self.demo.class_of[whom.student.pk].pk if whom.student else self.demo.classes[1].pk
        with self._at(days):
            who = self._as(self.demo.class_teachers[of].user)
            return way.propose(
                who, scheme=scheme, whom=whom, client_id=self._id(), story=next(self.stories[scheme.kind])
            )

    def _reviewed(self, one: Commendation, days: int) -> None:
        one = Commendation.objects.with_whom().get(pk=one.pk)
        with self._at(days):
            allowed = Staff.objects.filter(pk__in=near.able(one)).select_related("user").order_by("pk")
            for number, staff in enumerate(allowed):
                way.say(
                    self._as(staff.user), commendation=one, meets=True, met=list(one.scheme.criteria.all()),
                    words=REASONS[number % len(REASONS)],
                )  # fmt: skip
            way.conclude(self._post("coordinator"), commendation=one)

    def _agreed(self, one: Commendation) -> None:
        office = "coordinator"
        with self._at(ASKED):
            consenting.ask(self._post(office), commendation=one)
            for asked in Asked.objects.filter(commendation=one).select_related("commendation", "staff__user"):
                if asked.staff:
                    consenting.answer(self._as(asked.staff.user), asked=asked, yes=True)
                else:
                    who = "回执" if asked.side == Asked.Side.GUARDIAN else "当面问过孩子"
                    consenting.note_answer(self._post(office), asked=asked, yes=True, given_by=who)

    def _public_and_given(self, found: Iterable[Scheme]) -> None:
        last = clock.day_of(self.demo.until)
        for scheme in found:
            with self._at(PUBLIC):
                title = f"{scheme.year.name}学年“{scheme.name}”公示"
                said = Said(title, WORDS_ABOVE, clock.today(), with_level=True)
                notice = awarding.make_public(
                    self._post("coordinator"), scheme=scheme, said=said, client_id=self._id()
                )
            if notice.last_day + DAY < last:
                with clock.telling(clock.start_of(notice.last_day + DAY) + 16 * HOUR):
                    awarding.award(self._post("head"), scheme=scheme)

    def _at(self, days: int) -> AbstractContextManager[None]:
        return clock.telling(clock.start_of(clock.day_of(self.demo.until) - days * DAY) + 10 * HOUR)

    def _post(self, name: str) -> Actor:
        return self._as(self.demo.posts[name].user)

    def _as(self, user: User) -> Actor:
        return actor_for(user, clock.today())

    def _id(self) -> UUID:
        return UUID(int=self.ids.getrandbits(128), version=4)
