"""What the addresses of work-study and of companions name: a post of volunteers, a pay list, a companion's promise."""

import datetime
from typing import Any
from uuid import UUID

from tongxing.aid.companions import actions as companions
from tongxing.aid.companions.models import Companion, Promise
from tongxing.aid.workstudy.actions import hours, posts, selection
from tongxing.aid.workstudy.models import Application, Assignment, FloorRow, Month, PayList, Post, WorkedHours
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Consent, SchoolYear, Student

from ..cast import NOW, TERM_START, Cast

DAY = datetime.date(2026, 10, 8)


def _who(cast: Cast, school: Organisation) -> tuple[str, Actor]:
    name = "coordinator" if school == cast.school else "outsider"
    return name, cast.actor(name)


def post(cast: Cast, school: Organisation) -> Post:
    name, manager = _who(cast, school)
    return posts.open_post(
        manager, school=school, client_id=UUID(int=30_000 + school.pk), name="图书角", kind="volunteer", place="图书角",
        work="整理图书", care_taken="室内轻活", times="", supervisor=cast.staff[name], places=9, rate=None,
        starts_on=TERM_START,
    )  # fmt: skip


def asked(cast: Cast, student: Student) -> Application:
    _name, manager = _who(cast, student.school)
    year = SchoolYear.objects.get(school=student.school)
    return selection.apply(
        manager, post=post(cast, student.school), student=student, year=year, words="",
        client_id=UUID(int=31_000 + student.pk),
    )  # fmt: skip


def place(cast: Cast, student: Student) -> Assignment:
    application = asked(cast, student)
    if found := Assignment.objects.filter(application=application).first():
        return found
    _consents(student, "work")
    _name, manager = _who(cast, student.school)
    return selection.choose(
        manager, application=application, starts_on=TERM_START, agreed_on=TERM_START, reason="熟悉"
    )


def _consents(student: Student, purpose: str) -> None:
    Consent.objects.get_or_create(
        student=student, purpose=purpose, withdrawn_on=None,
        defaults={"school": student.school, "basis": "guardian", "given_by": "家长", "given_on": TERM_START},
    )  # fmt: skip


def worked(cast: Cast, student: Student) -> WorkedHours:
    _name, manager = _who(cast, student.school)
    span = hours.Span(DAY, datetime.time(16), datetime.time(17))
    return hours.write_hours(
        manager, assignment=place(cast, student), span=span, client_id=UUID(int=32_000 + student.pk)
    )


def month(cast: Cast, school: Organisation) -> Month:
    """Handed in once everybody's hours of the examples stand in it."""
    own = (cast.students.key, cast.students.plain)
    row, *_others = [worked(cast, one) for one in (own if school == cast.school else (cast.students.far,))]
    _name, manager = _who(cast, school)
    return hours.hand_in(manager, post=row.assignment.post, month=DAY)


def pay_list(cast: Cast, school: Organisation) -> PayList:
    name, _manager = _who(cast, school)
    made, _new = PayList.objects.get_or_create(
        school=school, client_id=UUID(int=33_000 + school.pk),
        defaults={"month": DAY.replace(day=1), "total": 100, "made_by": cast.users[name], "made_at": NOW},
    )  # fmt: skip
    return made


def floor(cast: Cast, school: Organisation) -> FloorRow:
    _name, manager = _who(cast, school)
    return posts.set_floor(
        manager, school=school, client_id=UUID(int=34_000 + school.pk), unit="fixed", amount=200_000, starts_on=DAY,
        source="县里通知",
    )  # fmt: skip


def companion(cast: Cast, school: Organisation) -> Companion:
    _name, manager = _who(cast, school)
    return companions.add(
        manager,
        school=school,
        client_id=UUID(int=35_000 + school.pk),
        kind="alumnus",
        name="韩笑",
        phone="13800001234",
    )


def promise(cast: Cast, student: Student) -> Promise:
    _consents(student, "companion")
    _name, manager = _who(cast, student.school)
    said = companions.Said("写信", "month", False, TERM_START, datetime.date(2027, 7, 1))
    return companions.promise(
        manager, companion=companion(cast, student.school), student=student, said=said,
        client_id=UUID(int=36_000 + student.pk),
    )  # fmt: skip


def kept(cast: Cast, student: Student) -> int:
    _name, manager = _who(cast, student.school)
    return companions.note(
        manager,
        promise=promise(cast, student),
        day=DAY,
        kind="call",
        words="聊了聊",
        client_id=UUID(int=37_000 + student.pk),
    ).pk


def letter(cast: Cast, student: Student) -> int:
    _name, manager = _who(cast, student.school)
    return companions.hand_in_letter(
        manager, promise=promise(cast, student), text="谢谢您", written_on=DAY, own_will=True,
        client_id=UUID(int=38_000 + student.pk),
    ).pk  # fmt: skip


def _each(make: Any) -> Any:
    def found(cast: Cast) -> dict[str, int]:
        students = {"own": cast.students.key, "class": cast.students.plain, "far": cast.students.far}
        return {whose: getattr(one := make(cast, student), "pk", one) for whose, student in students.items()}

    return found


def _schools(make: Any) -> Any:
    def found(cast: Cast) -> dict[str, int]:
        own, far = make(cast, cast.school).pk, make(cast, cast.other_school).pk
        return {"own": own, "class": own, "far": far}

    return found


EXAMPLES = {
    "post_id": _schools(post),
    "asked_id": _each(asked),
    "work_place_id": _each(place),
    "hours_id": _each(worked),
    "work_month_id": _schools(month),
    "pay_list_id": _schools(pay_list),
    "floor_id": _schools(floor),
    "companion_id": _schools(companion),
    "companion_promise_id": _each(promise),
    "kept_id": _each(kept),
    "thanks_letter_id": _each(letter),
}
