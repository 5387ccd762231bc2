"""Reading what people have asked for: the open ones first, the oldest on top, so that nobody is forgotten."""

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student
from tongxing.ground.people.models_people import StudentSet

from .models import Nomination, NominationQuerySet


def nominations(actor: Actor, school_id: int) -> NominationQuerySet:
    """What this actor may read, of students whom they still see."""
    students = Student.objects.visible_to(actor).filter(school_id=school_id)
    found = Nomination.objects.visible_to(actor).filter(school_id=school_id, student__in=students)
    return found.select_related("student", "written_by", "decided_by", "round__term__year")


def open_nominations(actor: Actor, school_id: int) -> list[Nomination]:
    """Those that wait for an answer, the oldest first."""
    waiting = nominations(actor, school_id).open().filter(student__status=Student.Status.ENROLLED)
    return list(waiting.order_by("said_on", "pk"))


def answered(actor: Actor, school_id: int, limit: int = 60) -> list[Nomination]:
    """Those taken up or answered, the latest first."""
    return list(nominations(actor, school_id).exclude(decided_at=None).order_by("-decided_at", "-pk")[:limit])


def may_be_named(actor: Actor, school_id: int) -> StudentSet:
    """The enrolled students whom this actor may ask for."""
    able = actor.students_where("screening.request", student="pk")
    return Student.objects.visible_to(actor).filter(able, school_id=school_id).enrolled()
