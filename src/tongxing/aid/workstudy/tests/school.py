"""A vocational school to tell stories with: its coordinator, two supervisors, finance, students of several ages."""

import datetime
from dataclasses import dataclass, field
from uuid import uuid4 as new_id

from tests.cast import TERM_START, Cast

from tongxing.aid.ledger.tests.books import Told, books
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Circumstance, Consent, Staff, Student

from ..actions import hours, posts, selection
from ..models import Assignment, Post


@dataclass
class College:
    """The cast's school as a vocational school. `manager` and `second` both manage, `supervisor` looks after posts."""

    cast: Cast
    manager: Actor
    second: Actor
    supervisor: Actor
    supervisor_staff: Staff
    books: Told
    students: dict[str, Student] = field(default_factory=dict)

    def student(self, name: str, born: datetime.date | None) -> Student:
        found = self.cast.add_student(name, self.cast.class_one, birth_date=born)
        self.students[name] = found
        return found

    def open(self, name: str = "图书馆整理", kind: str = "temporary", **more) -> Post:
        rate = {"temporary": 15_00, "fixed": 2_000_00}.get(kind)
        usual = {
            "place": "图书馆", "work": "整理书架，登记借还", "care_taken": "室内轻活，不登高", "times": "周三、周五下午",
            "supervisor": self.supervisor_staff, "places": 2, "rate": rate, "starts_on": TERM_START,
        }  # fmt: skip
        return posts.open_post(
            self.manager, school=self.cast.school, client_id=new_id(), name=name, kind=kind, **usual | more
        )

    def asks(self, post: Post, student: Student):
        return selection.apply(
            self.manager,
            post=post,
            student=student,
            year=self.cast.year,
            words="想试一试",
            client_id=new_id(),
        )

    def agrees(self, student: Student, purpose: str = "work") -> Consent:
        return Consent.objects.create(
            school=student.school, student=student, purpose=purpose, basis="guardian", given_by="妈妈",
            student_agreed=True, given_on=TERM_START,
        )  # fmt: skip

    def hardship(self, student: Student) -> None:
        Circumstance.objects.create(school=student.school, student=student, category="minimum_living")

    def places(self, post: Post, student: Student, **said) -> Assignment:
        asked = self.asks(post, student)
        usual = {"starts_on": TERM_START, "agreed_on": TERM_START}
        return selection.choose(self.manager, application=asked, **usual | said)

    def works(self, place: Assignment, day: datetime.date, start: str = "16:00", end: str = "17:00"):
        span = hours.Span(day, datetime.time.fromisoformat(start), datetime.time.fromisoformat(end))
        return hours.write_hours(self.supervisor, assignment=place, span=span, client_id=new_id())


def college(cast: Cast) -> College:
    Organisation.objects.filter(pk=cast.school.pk).update(stage=Organisation.Stage.VOCATIONAL)
    cast.school.refresh_from_db()
    staff = cast.teach("other_teacher", cast.class_one)
    return College(
        cast, cast.actor("coordinator"), cast.actor("deputy"), cast.actor("other_teacher"), staff,
        books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"]),
    )  # fmt: skip
