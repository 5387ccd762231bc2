"""Every page of the product, found in the URL resolver, and example objects for what its address names.

A page whose address names something new fails the suite until `OBJECTS` knows an own one and a foreign one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tongxing.care.activities.tests.school import example as activity
from tongxing.care.attendance_watch.actions.breaks import note_lesson
from tongxing.care.attendance_watch.actions.cases import open_case
from tongxing.care.attendance_watch.actions.roll import note_away
from tongxing.care.attendance_watch.models import Absence, MissedLesson, ReceivedFile
from tongxing.care.attendance_watch.models_leaving import CONTENT
from tongxing.care.attendance_watch.queries.breaks import gaps_of
from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.attachments import attach
from tongxing.care.contacts.models import Contact, OtherVersion
from tongxing.care.pairing.models import Exclusion, Pair, Pin, VisitWish
from tongxing.care.profiles.actions import note_trait
from tongxing.care.profiles.models import Asking, Impression, Survey
from tongxing.care.profiles.models_asking import ASKED
from tongxing.care.profiles.survey_actions import fill_in, take_ready
from tongxing.care.programme.actions import install
from tongxing.care.programme.models import Commitment, Exemption, PlanItem, TermPlan
from tongxing.care.requests import boxes, squares
from tongxing.care.requests.asking import Asked, ask
from tongxing.care.requests.models import LetterBox, OpenDoor
from tongxing.care.safety.actions import raise_flag
from tongxing.care.screening.actions import Said, Visit, nominate, record_visit, run_round
from tongxing.care.screening.models import Nomination
from tongxing.doors.web.page import Permission
from tongxing.ground.access.models import Grant
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.outbox.actions import open_feed, send
from tongxing.ground.people.models import Circumstance, Consent, Guardian, SchoolClass, Staff, Student, Term
from tongxing.oversight.inspection import actions as inspection
from tongxing.oversight.inspection.models import Inspection
from tongxing.paper.documents.actions import issue_summary
from tongxing.paper.exchange.models import ImportBatch, ImportProfile
from tongxing.paper.exchange.transfer_format import Child, Part, Transfer, as_json

from .. import families
from ..cast import NOW, Cast
from . import around, counselling_examples

Examples = Callable[[Cast], dict[str, Any]]


def contacts(cast: Cast) -> dict[str, int]:
    """One talk with each student; asking again gives the same talks."""
    whose = {"own": ("key", "helper"), "class": ("plain", "head"), "far": ("far", "outsider")}
    return {
        name: write_contact(
            SYSTEM,
            student=getattr(cast.students, student),
            client_id=UUID(int=number),
            kind="talk",
            told=Told({"thoughts": "想学好英语"}, reached=["student"]),
            staff=cast.staff[staff],
        ).pk
        for number, (name, (student, staff)) in enumerate(whose.items())
    }


def attachments(cast: Cast) -> dict[str, int]:
    """One photo with each of these talks."""
    found = {}
    for whose, contact_id in contacts(cast).items():
        contact = Contact.objects.get(pk=contact_id)
        attach(SYSTEM, contact=contact, contents=[picture()])
        found[whose] = contact.attachments.get().pk
    return found


def versions(cast: Cast) -> dict[str, int]:
    """Two versions of a talk with each student, sent by the helper of one of them."""
    found = {}
    for number, (whose, first_id) in enumerate(contacts(cast).items()):
        first = Contact.objects.get(pk=first_id)
        second = write_contact(
            SYSTEM,
            student=first.student,
            client_id=UUID(int=900 + number),
            kind="talk",
            told=Told({"thoughts": "想学好数学"}, reached=["student"]),
            staff=first.staff,
        )
        Contact.objects.filter(pk=second.pk).update(recorded_by=first.staff.user)
        other, _new = OtherVersion.objects.get_or_create(
            second=second, defaults={"first": first, "school": first.school, "received_at": NOW}
        )
        found[whose] = other.pk
    return found


#: For each name in an address: {"own": of 周晓禾 in 初一(1), "class": of 苏苗苗 in 初一(2), "far": of the other school}.
OBJECTS: dict[str, Examples] = {
    "student_id": lambda cast: {
        "own": cast.students.key.pk,
        "class": cast.students.plain.pk,
        "far": cast.students.far.pk,
    },
    "class_id": lambda cast: {
        "own": cast.class_one.pk,
        "class": cast.class_two.pk,
        "far": SchoolClass.objects.get(school=cast.other_school).pk,
    },
    "term_id": lambda cast: {
        "own": cast.term.pk,
        "class": cast.term.pk,
        "far": Term.objects.get(school=cast.other_school).pk,
    },
    "user_id": lambda cast: {
        "own": cast.users["helper"].pk,
        "class": cast.users["other_class_teacher"].pk,
        "far": cast.users["outsider"].pk,
    },
    "grant_id": lambda cast: {
        "own": Grant.objects.get(user=cast.users["class_teacher"]).pk,
        "class": Grant.objects.get(user=cast.users["other_class_teacher"]).pk,
        "far": Grant.objects.get(user=cast.users["outsider"]).pk,
    },
    "guardian_id": lambda cast: {
        whose: Guardian.objects.get_or_create(
            school=student.school, student=student, name="温桂兰", relation="grandparent"
        )[0].pk
        for whose, student in (
            ("own", cast.students.key),
            ("class", cast.students.plain),
            ("far", cast.students.far),
        )
    },
    "trait_id": lambda cast: {
        whose: note_trait(
            SYSTEM, student=student, kind="interest", words="剪纸", client_id=UUID(int=student.pk)
        ).pk
        for whose, student in (
            ("own", cast.students.key),
            ("class", cast.students.plain),
            ("far", cast.students.far),
        )
    },
    "survey_id": lambda cast: _of_schools(cast, lambda school: _survey(school).pk),
    "answers_id": lambda cast: _of_each(cast, _answers),
    "asking_id": lambda cast: {whose: asked.asking_id for whose, asked in _impressions(cast).items()},
    "impression_id": lambda cast: {whose: asked.pk for whose, asked in _impressions(cast).items()},
    "form_code": lambda cast: dict.fromkeys(("own", "class", "far"), "basic"),
    "circumstance_id": lambda cast: {
        whose: Circumstance.objects.get_or_create(
            school=student.school, student=student, category="single_parent"
        )[0].pk
        for whose, student in (
            ("own", cast.students.key),
            ("class", cast.students.plain),
            ("far", cast.students.far),
        )
    },
    "consent_id": lambda cast: {
        whose: Consent.objects.get_or_create(
            school=student.school,
            student=student,
            purpose="peer",
            basis="guardian",
            withdrawn_on=None,
            defaults={"given_on": NOW.date()},
        )[0].pk
        for whose, student in (
            ("own", cast.students.key),
            ("class", cast.students.plain),
            ("far", cast.students.far),
        )
    },
    "volunteer_id": lambda cast: _of_schools(cast, around.volunteer),
    "proxy_id": lambda cast: _of_each(cast, around.proxy),
    "noticed_id": lambda cast: {w: around.noticed(*two) for w, two in _two_by_two(cast).items()},
    "call_id": lambda cast: {w: around.call(*two) for w, two in _two_by_two(cast).items()},
    "together_id": lambda cast: _of_each(cast, around.together),
    "offer_id": lambda cast: _activities(cast, "offer_id"),
    "sign_up_id": lambda cast: _activities(cast, "sign_up_id"),
    "friend_id": lambda cast: _of_each(cast, around.sign_up),
    "deed_id": lambda cast: _of_each(cast, around.deed),
    "event_id": lambda cast: _activities(cast, "event_id"),
    "part_id": lambda cast: _activities(cast, "part_id"),
    "contact_id": contacts,
    "attachment_id": attachments,
    "version_id": versions,
    "message_id": lambda cast: {
        whose: send(
            to=cast.users[user],
            school=cast.school,
            code="test",
            subject="有一条提醒",
            link=("home", []),
            key="test",
        ).pk
        for whose, user in (("own", "helper"), ("class", "other_class_teacher"), ("far", "outsider"))
    },
    "kind": lambda cast: dict.fromkeys(("own", "class", "far"), "404"),
    "staff_id": lambda cast: {whose: staff.pk for whose, (_student, staff) in _two_by_two(cast).items()},
    "pair_id": lambda cast: _rows_of(cast, Pair, starts_on=clock.today(), confirmed_at=clock.now()),
    "exclusion_id": lambda cast: _rows_of(cast, Exclusion, reason="…", created_at=clock.now()),
    "pin_id": lambda cast: _rows_of(cast, Pin, reason="…", created_at=clock.now()),
    "wish_id": lambda cast: _rows_of(
        cast, VisitWish, pairs=False, starts_on=clock.today(), reason="…", recorded_at=clock.now()
    ),
    "visit_id": lambda cast: _of_schools(cast, _class_visit),
    "nomination_id": lambda cast: _of_each(cast, _nomination),
    "exemption_id": lambda cast: _rows_of(
        cast, Exemption, pairs=False, starts_on=clock.today(), reason="…", recorded_at=clock.now()
    ),
    "programme_code": lambda cast: dict.fromkeys(("own", "class", "far"), "four_first"),
    "together": lambda cast: dict.fromkeys(("own", "class", "far"), UUID(int=7)),
    "promise_code": lambda cast: dict.fromkeys(("own", "class", "far"), "talk"),
    "item_id": lambda cast: _rows_of(
        cast,
        PlanItem,
        pairs=False,
        code="talk",
        to="registered",
        every="weeks",
        review_on=clock.today(),
        recorded_at=clock.now(),
    ),
    "plan_id": lambda cast: _of_each(cast, _term_plan),
    "programme_id": lambda cast: _of_schools(
        cast, lambda school: Commitment.objects.get(pk=_first_commitment(school)).programme_id
    ),
    "commitment_id": lambda cast: _of_schools(cast, _first_commitment),
    "round_id": lambda cast: _of_schools(cast, _round),
    "document_id": lambda cast: _of_schools(cast, _summary),
    "flag_id": lambda cast: _of_each(cast, _flag),
    "request_id": lambda cast: _of_each(cast, lambda student: _help_request(student).pk),
    "evidence_id": lambda cast: _of_each(cast, lambda student: _help_request(student).evidence.get().pk),
    "box_id": lambda cast: _of_schools(cast, _letter_box),
    "door_id": lambda cast: _of_schools(cast, lambda school: _open_door(school).pk),
    "door_token": lambda cast: {
        whose: squares.token_of(_open_door(school))
        for whose, school in (("own", cast.school), ("class", cast.school), ("far", cast.other_school))
    },
    "inspection_id": lambda cast: _of_schools(cast, _inspection),
    "finding_id": lambda cast: _of_schools(cast, _finding),
    "invitation_id": lambda cast: _of_each(cast, families.invitation),
    "agreement_id": lambda cast: _of_each(cast, families.agreement),
    "own_goal_id": lambda cast: _of_each(cast, families.own_goal),
    "data_request_id": lambda cast: _of_each(cast, families.data_request),
    "code": lambda cast: dict.fromkeys(("own", "class", "far"), "registered"),
    "role": lambda cast: dict.fromkeys(("own", "class", "far"), "head"),
    "batch_id": lambda cast: _of_schools(cast, _import),
    "place": lambda cast: dict.fromkeys(("own", "class", "far"), 0),
    "profile_id": lambda cast: _of_schools(cast, _import_profile),
    "export_code": lambda cast: dict.fromkeys(("own", "class", "far"), "xueji-students"),
    "sheet_kind": lambda cast: dict.fromkeys(("own", "class", "far"), "students"),
    "token": lambda cast: dict.fromkeys(("own", "class", "far"), "used-up"),
    "absence_id": lambda cast: _of_each(cast, _absence),
    "case_id": lambda cast: _of_each(cast, _return_case),
    "month": lambda cast: dict.fromkeys(("own", "class", "far"), "2026-11"),
    "break_day": lambda cast: dict.fromkeys(("own", "class", "far"), "2027-01-23"),
    "missed_id": lambda cast: _of_each(cast, _missed_lesson),
    "received_id": lambda cast: _of_schools(cast, _received),
    "secret": lambda cast: {
        whose: open_feed(cast.actor(user))
        for whose, user in (("own", "helper"), ("class", "other_class_teacher"), ("far", "outsider"))
    },
    **counselling_examples.EXAMPLES,
}


def _two_by_two(cast: Cast) -> dict[str, tuple[Student, Staff]]:
    return {
        "own": (cast.students.key, cast.staff["helper"]),
        "class": (cast.students.plain, cast.staff["other_teacher"]),
        "far": (cast.students.far, cast.staff["outsider"]),
    }


def _activities(cast: Cast, name: str) -> dict[str, int]:
    return {whose: activity(*both)[name] for whose, both in _two_by_two(cast).items()}


def _of_each(cast: Cast, row_of: Callable[[Student], int]) -> dict[str, int]:
    return {whose: row_of(student) for whose, (student, _staff) in _two_by_two(cast).items()}


def _survey(school: Organisation) -> Survey:
    """What a teacher answers, so that nobody has to agree."""
    return take_ready(SYSTEM, school=school, code="lessons")


def _answers(student: Student) -> int:
    version = _survey(student.school).current
    facts = {"said": {"works": "作业三次按时"}, "asked_on": clock.today(), "client_id": UUID(int=student.pk)}
    return fill_in(SYSTEM, student=student, version=version, **facts).pk


def _impressions(cast: Cast) -> dict[str, Impression]:
    """One question about each of the three students, asked of one colleague."""
    found = {}
    for whose, (student, staff) in _two_by_two(cast).items():
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


def _class_visit(school: Organisation) -> int:
    visited = SchoolClass.objects.filter(school=school).earliest("pk")
    who = Staff.objects.filter(school=school)[:1]
    visit = Visit(clock.today(), list(who), ["students"], client_id=UUID(int=school.pk))
    return record_visit(SYSTEM, school_class=visited, visit=visit).pk


def _absence(student: Student) -> int:
    found = Absence.objects.filter(student=student).first()
    return (found or note_away(SYSTEM, {student: "unknown"}, clock.today())[0]).pk


def _return_case(student: Student) -> int:
    return open_case(SYSTEM, student=student, client_id=UUID(int=student.pk), found="三天没来").pk


def _missed_lesson(student: Student) -> int:
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


def _received(school: Organisation) -> int:
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


def _nomination(student: Student) -> int:
    said = Said("3 次未交作业", client_id=UUID(int=student.pk))
    nominate(SYSTEM, student=student, said=said)
    return Nomination.objects.get(client_id=said.client_id).pk


def _rows_of(cast: Cast, model: Any, *, pairs: bool = True, **facts: Any) -> dict[str, int]:
    """One row of `model` for each of the three students, with their helper where it is about pairs."""
    return {
        whose: model.objects.get_or_create(
            school=student.school, student=student, **({"helper": staff} if pairs else {}), defaults=facts
        )[0].pk
        for whose, (student, staff) in _two_by_two(cast).items()
    }


def _term_plan(student: Student) -> int:
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


def _flag(student: Student) -> int:
    """A flag raised by hand; asking again gives the same."""
    raised = raise_flag(
        SYSTEM, student=student, categories=["bullying"], text="…", client_id=UUID(int=student.pk)
    )
    return raised.pk


def _help_request(student: Student) -> Any:
    """Asked for a child, with a photo; asking again gives the same."""
    asked = Asked("studying", UUID(int=student.pk), "数学应用题看不懂", files=[picture()])
    return ask(SYSTEM, student.school, asked, door="teacher", student=student)


def _letter_box(school: Organisation) -> int:
    opener = Staff.objects.filter(school=school, code__in=("class_teacher", "outsider")).get()
    found = LetterBox.objects.filter(school=school).first()
    return (found or boxes.hang_up(SYSTEM, school=school, place="教学楼一楼", every=3, opener=opener)).pk


def _open_door(school: Organisation) -> OpenDoor:
    return OpenDoor.objects.open().filter(school=school).first() or squares.open_door(SYSTEM, school=school)


def _of_schools(cast: Cast, row_of: Callable[[Organisation], int]) -> dict[str, int]:
    """What belongs to a whole school: the own one's twice, the other one's once."""
    own = row_of(cast.school)
    return {"own": own, "class": own, "far": row_of(cast.other_school)}


def _first_commitment(school: Organisation) -> int:
    install(SYSTEM, school=school)
    return Commitment.objects.filter(school=school).earliest("pk").pk


def _summary(school: Organisation) -> int:
    term = Term.objects.get(school=school)
    return issue_summary(SYSTEM, term=term, client_id=UUID(int=school.pk)).pk


def _round(school: Organisation) -> int:
    return run_round(SYSTEM, term=Term.objects.get(school=school)).pk


def _inspection(school: Organisation) -> int:
    return inspection.open_month(SYSTEM, school=school, month=clock.today()).pk


def _finding(school: Organisation) -> int:
    """The helper's in the own school, its head's in the other one."""
    found = Inspection.objects.get(pk=_inspection(school))
    inspection.say_thanks(SYSTEM, inspection=found, thanks="谢谢各位老师")
    person = Staff.objects.get(school=school, code__in=("helper", "outsider"))
    due_on = clock.today()
    return inspection.ask(
        SYSTEM, inspection=found, client_id=UUID(int=school.pk), text="…", person=person, due_on=due_on
    ).pk


def _import(school: Organisation) -> int:
    return ImportBatch.objects.get_or_create(school=school, created_at=NOW)[0].pk


def _import_profile(school: Organisation) -> int:
    facts = {"name": "…", "kind": "students", "created_at": NOW}
    return ImportProfile.objects.get_or_create(school=school, fingerprint="…", defaults=facts)[0].pk


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    permission: Permission | None
    parameters: tuple[str, ...]

    def addresses(self, cast: Cast) -> dict[str, str]:
        """The page's addresses by whose objects they name; one that names nothing is everybody's own."""
        examples = {name: OBJECTS[name](cast) for name in self.parameters}
        return {
            whose: reverse(self.name, kwargs={name: found[whose] for name, found in examples.items()})
            for whose in (("own", "class", "far") if self.parameters else ("own",))
        }


def pages() -> list[Page]:
    return sorted(_walk(get_resolver().url_patterns), key=lambda page: page.name)


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Page]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
            continue
        parameters = tuple(pattern.pattern.regex.groupindex)
        yield Page(
            pattern.name or str(pattern.pattern), getattr(pattern.callback, "permission", None), parameters
        )
