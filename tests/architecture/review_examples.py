"""What the addresses of the whole inspection and of the review of a term name."""

from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Student
from tongxing.oversight.inspection import plan, proofs, sampling
from tongxing.oversight.inspection.figures import first_of
from tongxing.oversight.inspection.models import Finding, Inspection, Sample, Stop

from ..cast import NOW, Cast
from . import rows


def who(cast: Cast, school: Organisation) -> str:
    return "coordinator" if school == cast.school else "outsider"


def stop(cast: Cast, school: Organisation) -> Stop:
    day, staff = NOW.date(), cast.staff[who(cast, school)]
    facts = {"month": first_of(day), "kind": "papers", "topic": "看记录", "goes": staff, "planned_on": day}
    return plan.plan(
        cast.actor(who(cast, school)), school=school, client_id=UUID(int=60_000 + school.pk), facts=facts
    )


def sample(cast: Cast, school: Organisation) -> Sample:
    """One record of each school, drawn."""
    student = Student.objects.filter(school=school).earliest("pk")
    told = Told({"thoughts": "想学好英语"}, reached=["student"])
    staff, client_id = (
        cast.staff["helper" if school == cast.school else "outsider"],
        UUID(int=62_000 + school.pk),
    )
    write_contact(SYSTEM, student=student, client_id=client_id, kind="talk", told=told, staff=staff)
    month = Inspection.objects.get(pk=rows.inspection(school))
    actor = cast.actor(who(cast, school))
    made = sampling.fix(actor, inspection=month, client_id=UUID(int=61_000 + school.pk), size=1)
    if made.drawn_at is None:
        sampling.draw(actor, sample=made, word="秋收起义", source="县报")
    return made


def check(cast: Cast, school: Organisation) -> int:
    return sample(cast, school).checks.get().pk


def proof(cast: Cast, school: Organisation) -> int:
    point = Finding.objects.get(pk=rows.finding(school))
    known = point.files.first()
    actor = cast.actor(who(cast, school))
    return (known or proofs.add(actor, finding=point, label="照片", content=picture())).pk


EXAMPLES = {
    "stop_id": lambda cast: rows.of_schools(cast, lambda school: stop(cast, school).pk),
    "sample_id": lambda cast: rows.of_schools(cast, lambda school: sample(cast, school).pk),
    "check_id": lambda cast: rows.of_schools(cast, lambda school: check(cast, school)),
    "proof_id": lambda cast: rows.of_schools(cast, lambda school: proof(cast, school)),
}
