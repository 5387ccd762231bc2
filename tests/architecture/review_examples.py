"""What the addresses of the whole inspection and of the review of a term name."""

from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Student, Term
from tongxing.oversight.inspection import plan, proofs, sampling
from tongxing.oversight.inspection.figures import first_of
from tongxing.oversight.inspection.models import Finding, Inspection, Sample, Stop
from tongxing.oversight.review import feedback, recognition, steps
from tongxing.oversight.review.models import FeedbackRound, Recognition

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


def round(cast: Cast, school: Organisation) -> int:
    """Open for another week."""
    term = Term.objects.get(school=school)
    known = FeedbackRound.objects.filter(term=term).first()
    questions = [str(one) for one in feedback.ASKED]
    made = known or feedback.open_round(
        cast.actor(who(cast, school)), term=term, client_id=UUID(int=63_000 + school.pk), questions=questions,
        last_day=NOW.date(),
    )  # fmt: skip
    return made.pk


def praise(cast: Cast, school: Organisation) -> Recognition:
    facts = {"kind": "superior", "from_whom": "县教育局", "day": NOW.date(), "text": "帮扶有实效"}
    return recognition.note(
        cast.actor(who(cast, school)), school=school, client_id=UUID(int=64_000 + school.pk), facts=facts
    )


def praise_file(cast: Cast, school: Organisation) -> int:
    found = praise(cast, school)
    actor, known = cast.actor(who(cast, school)), found.files.first()
    return (known or recognition.add_file(actor, recognition=found, label="信", content=picture())).pk


def step(cast: Cast, school: Organisation) -> int:
    person = cast.staff["helper" if school == cast.school else "outsider"]
    return steps.note(
        cast.actor(who(cast, school)), term=Term.objects.get(school=school), client_id=UUID(int=65_000 + school.pk),
        text="家访排到周末", person=person, due_on=NOW.date(),
    ).pk  # fmt: skip


EXAMPLES = {
    "feedback_id": lambda cast: rows.of_schools(cast, lambda school: round(cast, school)),
    "recognition_id": lambda cast: rows.of_schools(cast, lambda school: praise(cast, school).pk),
    "recognition_file_id": lambda cast: rows.of_schools(cast, lambda school: praise_file(cast, school)),
    "next_step_id": lambda cast: rows.of_schools(cast, lambda school: step(cast, school)),
    "paper_kind": lambda cast: dict.fromkeys(("own", "class", "far"), "docx"),
    "stop_id": lambda cast: rows.of_schools(cast, lambda school: stop(cast, school).pk),
    "sample_id": lambda cast: rows.of_schools(cast, lambda school: sample(cast, school).pk),
    "check_id": lambda cast: rows.of_schools(cast, lambda school: check(cast, school)),
    "proof_id": lambda cast: rows.of_schools(cast, lambda school: proof(cast, school)),
}
