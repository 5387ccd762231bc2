"""Reading notices: the board, and who stands on one. Names and classes come from the roster."""

from dataclasses import dataclass, replace

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models import Notice, NoticeLine, NoticeSet


@dataclass(frozen=True, slots=True)
class Named:
    """One line as it is shown: name, class, and the level where the notice has it. `student_id` None: no student."""

    student_id: int | None
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
    lines = list(NoticeLine.objects.shown().filter(notice=notice).order_by("pk"))
    levels = {one.student_id: one.level for one in lines if one.student_id}
    students = Student.objects.filter(pk__in=levels).with_class(notice.first_day)
    ordered = students.order_by("class_grade", "class_number", "pinyin", "pk")
    found = [Named(None, one.label, "", one.level) for one in lines if one.label]
    found += [Named(one.pk, one.name, one.class_name or "", levels[one.pk]) for one in ordered]
    return found if notice.with_level else [replace(one, level="") for one in found]
