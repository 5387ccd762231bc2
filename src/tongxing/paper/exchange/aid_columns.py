"""What a sheet says about recognition and aid: the level that holds and since when, what was granted this term."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tongxing.aid.hardship.models import Recognition
from tongxing.aid.subsidies.models import Subsidy
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock, money
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import current_term


def _granted(school: Organisation):
    return Subsidy.objects.granted().filter(school=school, term=current_term(school, clock.today()))


def granted_now(school: Organisation):
    """The ids of those who were granted something in this term."""
    return _granted(school).values("student")


def with_aid(
    school: Organisation, students: Sequence[Student], facts: Iterable[dict[str, Any]], who: str
) -> Iterator[dict[str, Any]]:
    """The facts of each student with the recognition; for `subsidies` once for everything that was granted."""
    today, ids = clock.today(), [one.pk for one in students]
    held = Recognition.objects.holding().filter(student__in=ids, starts_on__lte=today, ends_on__gte=today)
    level = {one.student_id: one for one in held.select_related("level")}
    granted: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if who == "subsidies":
        for one in (
            _granted(school).filter(student__in=ids).select_related("project").order_by("project", "pk")
        ):
            granted[one.student_id].append(
                {
                    "subsidy_project": one.project.name,
                    "subsidy_amount": f"{money.decimal(one.amount):.2f}",
                    "subsidy_on": clock.day_of(one.decided_at),
                }
            )
    for student, known in zip(students, facts, strict=True):
        recognition = level.get(student.pk)
        if recognition and recognition.level:
            known |= {"recognised_level": recognition.level.name, "recognised_on": recognition.starts_on}
        yield from ({**known, **extra} for extra in granted.get(student.pk, [{}]))
