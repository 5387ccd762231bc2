"""Rows that the examples need: asking again gives the same."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tongxing.care.activities.tests.school import example as activity
from tongxing.care.attendance_watch.actions.breaks import note_lesson
from tongxing.care.attendance_watch.actions.cases import open_case
from tongxing.care.attendance_watch.actions.roll import note_away
from tongxing.care.attendance_watch.models import Absence, MissedLesson, ReceivedFile
from tongxing.care.attendance_watch.models_leaving import CONTENT
from tongxing.care.attendance_watch.queries.breaks import gaps_of
from tongxing.care.profiles.models import Asking, Impression, Survey
from tongxing.care.profiles.models_asking import ASKED
from tongxing.care.profiles.survey_actions import fill_in, take_ready
from tongxing.care.programme.actions import install
from tongxing.care.programme.models import Commitment, MeasureOutcome, PlanMeasure, TermPlan
from tongxing.care.programme.models_term_plan import MEASURE
from tongxing.care.programme.term_plan_texts import sealed_json
from tongxing.care.requests import boxes, squares
from tongxing.care.requests.asking import Asked, ask
from tongxing.care.requests.models import LetterBox, OpenDoor
from tongxing.care.safety.actions import raise_flag
from tongxing.care.screening.actions import Said, Visit, nominate, record_visit, run_round
from tongxing.care.screening.models import Nomination
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.people.models import SchoolClass, Staff, Student, Term
from tongxing.oversight.inspection import actions as inspecting
from tongxing.oversight.inspection.models import Inspection
from tongxing.paper.documents.actions import issue_summary
from tongxing.paper.exchange.models import ImportBatch, ImportProfile
from tongxing.paper.exchange.transfer_format import Child, Part, Transfer, as_json

from ..cast import NOW, Cast


def two_by_two(cast: Cast) -> dict[str, tuple[Student, Staff]]:
    return {
        "own": (cast.students.key, cast.staff["helper"]),
        "class": (cast.students.plain, cast.staff["other_teacher"]),
        "far": (cast.students.far, cast.staff["outsider"]),
    }


def activities(cast: Cast, name: str) -> dict[str, int]:
    return {whose: activity(*both)[name] for whose, both in two_by_two(cast).items()}


def of_each(cast: Cast, row_of: Callable[[Student], int]) -> dict[str, int]:
    return {whose: row_of(student) for whose, (student, _staff) in two_by_two(cast).items()}


def survey(school: Organisation) -> Survey:
    """What a teacher answers, so that nobody has to agree."""
    return take_ready(SYSTEM, school=school, code="lessons")


def answers(student: Student) -> int:
    version = survey(student.school).current
    facts = {"said": {"works": "作业三次按时"}, "asked_on": clock.today(), "client_id": UUID(int=student.pk)}
    return fill_in(SYSTEM, student=student, version=version, **facts).pk


def impressions(cast: Cast) -> dict[str, Impression]:
    """One question about each of the three students, asked of one colleague."""
    found = {}
    for whose, (student, staff) in two_by_two(cast).items():
        asking, _new = Asking.objects.get_or_create(
            client_id=UUID(int=student.pk),
            defaults={
                "school": student.school,
                "student": student,
                "words_sealed": seal(student.key, "这个月课上看到了什么？", ASKED),
                "asked_at": NOW,
                "closes_on": NOW.date(),
            },
        )
        found[whose], _new = Impression.objects.get_or_create(
            asking=asking, staff=staff, defaults={"school": student.school}
        )
    return found


def class_visit(school: Organisation) -> int:
    visited = SchoolClass.objects.filter(school=school).earliest("pk")
    who = Staff.objects.filter(school=school)[:1]
    visit = Visit(clock.today(), list(who), ["students"], client_id=UUID(int=school.pk))
    return record_visit(SYSTEM, school_class=visited, visit=visit).pk


def absence(student: Student) -> int:
    found = Absence.objects.filter(student=student).first()
    return (found or note_away(SYSTEM, {student: "unknown"}, clock.today())[0]).pk


def return_case(student: Student) -> int:
    return open_case(SYSTEM, student=student, client_id=UUID(int=student.pk), found="三天没来").pk


def missed_lesson(student: Student) -> int:
    term = Term.objects.get(school=student.school)
    note_lesson(
        SYSTEM,
        school_class=student.memberships.get().school_class,
        gap=gaps_of(term)[-1],
        held_on=clock.today(),
        topics=["water"],
        missed=[student.pk],
    )
    return MissedLesson.objects.get(student=student).pk


def received(school: Organisation) -> int:
    key = new_key()
    key.save()
    child = Child("温小禾")
    content = as_json(Transfer("另一所学校", clock.today(), child, (Part("likes", "…", ("剪纸",)),)))
    return ReceivedFile.objects.create(
        school=school,
        key=key,
        content_sealed=seal(key, content, CONTENT),
        version=1,
        sha256="…",
        received_at=NOW,
    ).pk


def nomination(student: Student) -> int:
    said = Said("3 次未交作业", client_id=UUID(int=student.pk))
    nominate(SYSTEM, student=student, said=said)
    return Nomination.objects.get(client_id=said.client_id).pk


def rows_of(cast: Cast, model: Any, *, pairs: bool = True, **facts: Any) -> dict[str, int]:
    """One row of `model` for each of the three students, with their helper where it is about pairs."""
    return {
        whose: model.objects.get_or_create(
            school=student.school, student=student, **({"helper": staff} if pairs else {}), defaults=facts
        )[0].pk
        for whose, (student, staff) in two_by_two(cast).items()
    }


def term_plan(student: Student) -> int:
    """A draft; asking again gives the same."""
    known = TermPlan.objects.filter(student=student).first()
    if known is None:
        term = Term.objects.get(school_id=student.school_id)
        known = TermPlan.objects.create(
            school=student.school, student=student, term=term, client_id=UUID(int=student.pk), begun_at=NOW
        )
        days = {"starts_on": NOW.date(), "until": term.ends_on, "review_on": term.ends_on}
        known.versions.create(school=student.school, number=1, written_at=NOW, changed_at=NOW, **days)
    return known.pk


def measures(cast: Cast) -> dict[str, int]:
    """The helper answers for one in a plan in force; those of other children stand in drafts."""
    found = {}
    for whose, (student, staff) in two_by_two(cast).items():
        plan = TermPlan.objects.get(pk=term_plan(student))
        version = plan.versions.earliest("number")
        if whose == "own" and version.state == "draft":
            version.state, version.handed_in_at, version.approved_at = "approved", NOW, NOW
            version.save()
        facts = {"school": student.school, "position": 0, "every": "week", "by": "colleague", "person": staff}
        body = sealed_json(student.key, {"what": "听写当场改"}, MEASURE)
        measure, _new = version.measures.get_or_create(
            key=UUID(int=student.pk), defaults=facts | {"body_sealed": body}
        )
        found[whose] = measure.pk
    return found


def outcomes(cast: Cast) -> dict[str, int]:
    """Each colleague has said once how it went."""
    ids, found = measures(cast), {}
    for whose, (student, staff) in two_by_two(cast).items():
        measure = PlanMeasure.objects.select_related("version").get(pk=ids[whose])
        facts = {"school": student.school, "student": student, "plan_id": measure.version.plan_id}
        facts |= {"key": measure.key, "staff": staff, "happened_on": NOW.date(), "outcome": "well"}
        facts |= {"recorded_at": NOW, "recorded_by": staff.user}
        said, _new = MeasureOutcome.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)
        found[whose] = said.pk
    return found


def flag(student: Student) -> int:
    """A flag raised by hand; asking again gives the same."""
    raised = raise_flag(
        SYSTEM, student=student, categories=["bullying"], text="…", client_id=UUID(int=student.pk)
    )
    return raised.pk


def help_request(student: Student) -> Any:
    """Asked for a child, with a photo; asking again gives the same."""
    asked = Asked("studying", UUID(int=student.pk), "数学应用题看不懂", files=[picture()])
    return ask(SYSTEM, student.school, asked, door="teacher", student=student)


def letter_box(school: Organisation) -> int:
    opener = Staff.objects.filter(school=school, code__in=("class_teacher", "outsider")).get()
    found = LetterBox.objects.filter(school=school).first()
    return (found or boxes.hang_up(SYSTEM, school=school, place="教学楼一楼", every=3, opener=opener)).pk


def open_door(school: Organisation) -> OpenDoor:
    return OpenDoor.objects.open().filter(school=school).first() or squares.open_door(SYSTEM, school=school)


def of_schools(cast: Cast, row_of: Callable[[Organisation], int]) -> dict[str, int]:
    """What belongs to a whole school: the own one's twice, the other one's once."""
    own = row_of(cast.school)
    return {"own": own, "class": own, "far": row_of(cast.other_school)}


def first_commitment(school: Organisation) -> int:
    install(SYSTEM, school=school)
    return Commitment.objects.filter(school=school).earliest("pk").pk


def summary(school: Organisation) -> int:
    term = Term.objects.get(school=school)
    return issue_summary(SYSTEM, term=term, client_id=UUID(int=school.pk)).pk


def round(school: Organisation) -> int:
    return run_round(SYSTEM, term=Term.objects.get(school=school)).pk


def inspection(school: Organisation) -> int:
    return inspecting.open_month(SYSTEM, school=school, month=clock.today()).pk


def finding(school: Organisation) -> int:
    """The helper's in the own school, its head's in the other one."""
    found = Inspection.objects.get(pk=inspection(school))
    inspecting.say_thanks(SYSTEM, inspection=found, thanks="谢谢各位老师")
    person = Staff.objects.get(school=school, code__in=("helper", "outsider"))
    due_on = clock.today()
    return inspecting.ask(
        SYSTEM, inspection=found, client_id=UUID(int=school.pk), text="…", person=person, due_on=due_on
    ).pk


def import_batch(school: Organisation) -> int:
    return ImportBatch.objects.get_or_create(school=school, created_at=NOW)[0].pk


def import_profile(school: Organisation) -> int:
    facts = {"name": "…", "kind": "students", "created_at": NOW}
    return ImportProfile.objects.get_or_create(school=school, fingerprint="…", defaults=facts)[0].pk
