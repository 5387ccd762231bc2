"""The move to the next school year, with what it ends for those who leave; as when a single child leaves (`leaving`).

Invariants:
- with the classes end the pairs and the own plans of those who leave, on their last day; what was promised stays readable;
- taken back, exactly these pairs and plans go on;
- a constant number of queries, whatever the number of students.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Pair
from tongxing.care.programme.models import PlanItem
from tongxing.ground.access import year_move
from tongxing.ground.access.models import YearMove
from tongxing.ground.access.year_plan import Other
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolYear, Student


@transaction.atomic
def move_year(
    actor: Actor,
    *,
    school: Organisation,
    year: SchoolYear,
    others: Mapping[int, Other],
    last_grade: int | None = None,
    teachers_go_along: bool = True,
) -> YearMove:
    """Every class of `year` moves to the next one; for those who leave, helpers and promises end with the day."""
    move = year_move.move_year(
        actor,
        school=school,
        year=year,
        others=others,
        last_grade=last_grade,
        teachers_go_along=teachers_go_along,
    )
    ended = _end_for_leavers(actor, move.did["left"])
    if any(ended.values()):
        move.did = move.did | ended
        move.save(update_fields=["did"])
        counts = {name: len(ids) for name, ids in ended.items()}
        audit.record(
            actor, "year.leavers", school_id=school.pk, subject=("year_move", move.pk), detail=counts
        )
    return move


def _end_for_leavers(actor: Actor, students: list[int]) -> dict[str, list[int]]:
    """The ids of the pairs and plan items that end. Pins stay: they are part of no proposal once a student has left."""
    pairs = list(Pair.objects.open().filter(student__in=students).order_by("pk").values_list("pk", flat=True))
    plans = list(
        PlanItem.objects.open().filter(student__in=students).order_by("pk").values_list("pk", flat=True)
    )
    ended = {"ended_at": clock.now(), "ended_by_id": actor.user_id}
    last_day = Student.objects.filter(pk__in=students).values_list("left_on", flat=True).first()
    if last_day is not None:
        day = Greatest(Value(last_day), F("starts_on"))
        left = Pair.Ended.STUDENT_LEFT
        Pair.objects.filter(pk__in=pairs).update(ends_on=day, ended_reason=left, **ended)
        PlanItem.objects.filter(pk__in=plans).update(
            ends_on=last_day, ended_reason=_("left the school"), **ended
        )
    return {"pairs": pairs, "plans": plans}


@transaction.atomic
def undo_move(actor: Actor, *, move: YearMove) -> None:
    """Take the move back; the pairs and plans that it ended go on."""
    year_move.undo_move(actor, move=move)
    goes_on = {"ends_on": None, "ended_at": None, "ended_by": None, "ended_reason": ""}
    Pair.objects.filter(pk__in=move.did.get("pairs", [])).update(**goes_on)
    PlanItem.objects.filter(pk__in=move.did.get("plans", [])).update(**goes_on)
