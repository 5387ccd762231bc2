"""What the addresses of honours name: a scheme, a proposal, somebody who is asked, in the own and in the other school."""

from typing import Any
from uuid import UUID

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolYear
from tongxing.oversight.recognition import schemes, way
from tongxing.oversight.recognition.models import Asked, Commendation, CommitteeMember, Scheme
from tongxing.oversight.recognition.schemes import Asks, Facts
from tongxing.oversight.recognition.whom import Whom

from ..cast import NOW, TERM_START, Cast
from . import rows


def _who(cast: Cast, school: Organisation) -> str:
    return "coordinator" if school == cast.school else "outsider"


def scheme(cast: Cast, school: Organisation) -> Scheme:
    """Published for a student's own progress, proposals until today."""
    name = _who(cast, school)
    who, today = cast.actor(name), NOW.date()
    made = schemes.write(
        who, school=school, year=SchoolYear.objects.get(school=school), client_id=UUID(int=60_000 + school.pk),
        facts=Facts("progress", "进步之星", "和从前的自己比。", TERM_START, today, today),
        criteria=[Asks("自己定的目标做到了", 2, "own_goals"), Asks("看得见的变化", 2)],
    )  # fmt: skip
    people = ["head", "deputy", "coordinator"] if school == cast.school else ["outsider"]
    if not made.committee.exists():
        CommitteeMember.objects.bulk_create(
            CommitteeMember(
                school=school, scheme=made, staff=cast.staff[one], named_by=cast.users[name], named_at=NOW
            )
            for one in people
        )
        Scheme.objects.filter(pk=made.pk).update(published_at=NOW, published_by=cast.users[name])
        made.refresh_from_db()
    return made


def commendation(cast: Cast, school: Organisation) -> Commendation:
    child = cast.students.key if school == cast.school else cast.students.far
    return way.propose(
        cast.actor(_who(cast, school)), scheme=scheme(cast, school), whom=Whom(student=child),
        client_id=UUID(int=61_000 + school.pk), story="从不敢举手，到主动讲题。",
    )  # fmt: skip


def asked(cast: Cast, school: Organisation) -> Asked:
    """The family of the child of the other school; the own one with its door."""
    one = commendation(cast, school)
    if not one.outcome:
        one.outcome, one.concluded_by, one.concluded_at = "meets", cast.users[_who(cast, school)], clock.now()
        one.save()
    found, _fresh = Asked.objects.get_or_create(
        commendation=one, side="guardian", student=one.student, school=school,
        defaults={"asked_by": cast.users[_who(cast, school)], "asked_at": NOW},
    )  # fmt: skip
    return found


EXAMPLES: dict[str, Any] = {
    "scheme_id": lambda cast: rows.of_schools(cast, lambda school: scheme(cast, school).pk),
    "commendation_id": lambda cast: rows.of_schools(cast, lambda school: commendation(cast, school).pk),
    "question_id": lambda cast: rows.of_schools(cast, lambda school: asked(cast, school).pk),
}
