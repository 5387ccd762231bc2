"""Reading notices: the board, and who stands on one. Names and classes come from the roster."""

from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models import Notice, NoticeLine, NoticeSet


@dataclass(frozen=True, slots=True)
class Named:
    """One line as it is shown: name, class, and the level where the notice has it."""

    student_id: int
    name: str
    class_name: str
    level: str


def notices(actor: Actor, school: Organisation) -> NoticeSet:
    return Notice.objects.visible_to(actor).filter(school=school)


def board(actor: Actor, school: Organisation) -> NoticeSet:
    """What stands today, the newest first."""
    return notices(actor, school).standing(clock.today()).filter(on_board=True)


def named(notice: Notice) -> list[Named]:
    """By class and name, whose result stands. Whoever calls has come to the notice by `visible_to`."""
    levels = dict(NoticeLine.objects.shown().filter(notice=notice).values_list("student_id", "level"))
    students = Student.objects.filter(pk__in=levels).with_class(notice.first_day)
    ordered = students.order_by("class_grade", "class_number", "pinyin", "pk")
    return [
        Named(one.pk, one.name, one.class_name or "", levels[one.pk] if notice.with_level else "")
        for one in ordered
    ]
