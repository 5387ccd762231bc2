"""What the addresses of recognising hardship and of notices name: the cast's school, and the other one."""

from functools import partial
from typing import Any
from uuid import UUID

from tongxing.aid.hardship.actions.lists import ListRow, take_list
from tongxing.aid.hardship.actions.papers import add_papers
from tongxing.aid.hardship.actions.rounds import levels_of
from tongxing.aid.hardship.models import Application, Recognition, Review
from tongxing.aid.hardship.tests.school import TODAY, applied, named, opened, reviewed
from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.publicity.actions import Said, object_to, publish
from tongxing.ground.publicity.models import Notice

from ..cast import Cast


def _lead(cast: Cast, school: Organisation) -> tuple[User, list[Staff]]:
    """Who runs the round there, and who sits together."""
    if school == cast.school:
        return cast.users["coordinator"], [cast.staff["coordinator"], cast.staff["deputy"]]
    if "far_deputy" not in cast.staff:
        cast.add_staff("far_deputy", "云岭副校长", school=school)
    return cast.users["outsider"], [cast.staff["outsider"], cast.staff["far_deputy"]]


def application(cast: Cast, student: Student) -> Application:
    user, staff = _lead(cast, student.school)
    round = opened(student.school, user)
    named(round, user, None, *staff)
    for held in student.memberships.all():
        named(round, user, held.school_class, *staff)
    standing = Application.objects.standing().filter(round=round, student=student).first()
    return standing or applied(round, user, student)


def signed_paper(cast: Cast, student: Student) -> int:
    found = application(cast, student)
    if not found.papers.exists():
        lead = actor_for(_lead(cast, student.school)[0])
        add_papers(lead, application=found, contents=[picture()])
    return found.papers.get().pk


def review(cast: Cast, student: Student) -> int:
    found = application(cast, student)
    if not found.reviews.exists():
        reviewed(found, _lead(cast, student.school)[0], "class", levels_of(student.school)[0])
    return Review.objects.get(application=found).pk


def recognition(cast: Cast, student: Student) -> int:
    found = application(cast, student)
    made, _new = Recognition.objects.get_or_create(
        student=student,
        round=found.round,
        defaults={
            "school": student.school,
            "level": levels_of(student.school)[0],
            "change": "new",
            "reason_sealed": b"",
            "decided_by": _lead(cast, student.school)[0],
            "decided_at": clock.now(),
        },
    )
    return made.pk


def official_list(cast: Cast, school: Organisation) -> int:
    rows = [ListRow(2, "340123201309131234", "orphan")]
    lead = actor_for(_lead(cast, school)[0])
    facts: dict[str, Any] = {"office": "civil", "as_of": TODAY, "file_name": "x.csv", "sha256": "x"}
    return take_list(lead, school=school, rows=rows, **facts).pk


def notice(cast: Cast, school: Organisation) -> Notice:
    """About a child whom no page is asked to hide: a notice is for every colleague of the school."""
    school_class = (
        cast.class_one if school == cast.school else cast.students.far.memberships.get().school_class
    )
    name = f"许可心{school.pk}"
    student = Student.objects.filter(name=name).first() or cast.add_student(name, school_class)
    said = Said("认定公示", "现将认定结果在校内公示。", TODAY)
    lead = actor_for(_lead(cast, school)[0])
    sent = UUID(int=(7 << 64) + school.pk)
    return publish(lead, school=school, kind="hardship", said=said, levels={student.pk: ""}, client_id=sent)


def objection(cast: Cast, school: Organisation) -> int:
    lead = actor_for(_lead(cast, school)[0])
    facts: dict[str, Any] = {"student": None, "by": "", "text": "请再看看", "said_on": TODAY}
    return object_to(lead, notice=notice(cast, school), client_id=UUID(int=8 << 64), **facts).pk


def _of_each(make: Any, cast: Cast) -> dict[str, int]:
    students = {"own": cast.students.key, "class": cast.students.plain, "far": cast.students.far}
    return {whose: make(cast, student) for whose, student in students.items()}


def _of_schools(make: Any, cast: Cast) -> dict[str, int]:
    own, far = make(cast, cast.school), make(cast, cast.other_school)
    return {"own": own, "class": own, "far": far}


EXAMPLES = {
    "application_id": partial(_of_each, lambda *both: application(*both).pk),
    "signed_paper_id": partial(_of_each, signed_paper),
    "review_id": partial(_of_each, review),
    "recognition_id": partial(_of_each, recognition),
    "official_list_id": partial(_of_schools, official_list),
    "notice_id": partial(_of_schools, lambda *both: notice(*both).pk),
    "objection_id": partial(_of_schools, objection),
}
