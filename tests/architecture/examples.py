"""For each name in an address of the product an own, another class's and another school's example.

A page whose address names something new fails the suite until `OBJECTS` knows an own one and a foreign one.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.attachments import attach
from tongxing.care.contacts.models import Contact, OtherVersion
from tongxing.care.pairing.models import Exclusion, Pair, Pin, VisitWish
from tongxing.care.profiles.actions import note_trait
from tongxing.care.programme.models import Commitment, Exemption, PlanItem
from tongxing.care.requests import squares
from tongxing.ground.access.models import Grant
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.outbox.actions import open_feed, send
from tongxing.ground.people.models import Circumstance, Consent, Guardian, SchoolClass, Term

from .. import families
from ..cast import NOW, Cast
from . import (
    aid_examples,
    around,
    counselling_examples,
    county_examples,
    donations_examples,
    hardship_examples,
    honours_examples,
    ledger_examples,
    notices_examples,
    papers_examples,
    review_examples,
    rows,
    work_examples,
)

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
    "survey_id": lambda cast: rows.of_schools(cast, lambda school: rows.survey(school).pk),
    "answers_id": lambda cast: rows.of_each(cast, rows.answers),
    "asking_id": lambda cast: {whose: asked.asking_id for whose, asked in rows.impressions(cast).items()},
    "impression_id": lambda cast: {whose: asked.pk for whose, asked in rows.impressions(cast).items()},
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
    "volunteer_id": lambda cast: rows.of_schools(cast, around.volunteer),
    "proxy_id": lambda cast: rows.of_each(cast, around.proxy),
    "noticed_id": lambda cast: {w: around.noticed(*two) for w, two in rows.two_by_two(cast).items()},
    "call_id": lambda cast: {w: around.call(*two) for w, two in rows.two_by_two(cast).items()},
    "together_id": lambda cast: rows.of_each(cast, around.together),
    "put_off_id": lambda cast: rows.of_each(cast, around.put_off),
    "shared_goal_id": lambda cast: rows.of_each(cast, around.shared_goal),
    "shared_thanks_id": lambda cast: rows.of_each(cast, around.shared_thanks),
    "offer_id": lambda cast: rows.activities(cast, "offer_id"),
    "sign_up_id": lambda cast: rows.activities(cast, "sign_up_id"),
    "friend_id": lambda cast: rows.of_each(cast, around.sign_up),
    "deed_id": lambda cast: rows.of_each(cast, around.deed),
    "event_id": lambda cast: rows.activities(cast, "event_id"),
    "photo_id": lambda cast: rows.activities(cast, "photo_id"),
    "part_id": lambda cast: rows.activities(cast, "part_id"),
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
    "staff_id": lambda cast: {whose: staff.pk for whose, (_student, staff) in rows.two_by_two(cast).items()},
    "pair_id": lambda cast: rows.rows_of(cast, Pair, starts_on=clock.today(), confirmed_at=clock.now()),
    "exclusion_id": lambda cast: rows.rows_of(cast, Exclusion, reason="…", created_at=clock.now()),
    "pin_id": lambda cast: rows.rows_of(cast, Pin, reason="…", created_at=clock.now()),
    "wish_id": lambda cast: rows.rows_of(
        cast, VisitWish, pairs=False, starts_on=clock.today(), reason="…", recorded_at=clock.now()
    ),
    "visit_id": lambda cast: rows.of_schools(cast, rows.class_visit),
    "nomination_id": lambda cast: rows.of_each(cast, rows.nomination),
    "exemption_id": lambda cast: rows.rows_of(
        cast, Exemption, pairs=False, starts_on=clock.today(), reason="…", recorded_at=clock.now()
    ),
    "programme_code": lambda cast: dict.fromkeys(("own", "class", "far"), "four_first"),
    "together": lambda cast: dict.fromkeys(("own", "class", "far"), UUID(int=7)),
    "promise_code": lambda cast: dict.fromkeys(("own", "class", "far"), "talk"),
    "item_id": lambda cast: rows.rows_of(
        cast,
        PlanItem,
        pairs=False,
        code="talk",
        to="registered",
        every="weeks",
        review_on=clock.today(),
        recorded_at=clock.now(),
    ),
    "plan_id": lambda cast: rows.of_each(cast, rows.term_plan),
    "measure_id": rows.measures,
    "outcome_id": rows.outcomes,
    "programme_id": lambda cast: rows.of_schools(
        cast, lambda school: Commitment.objects.get(pk=rows.first_commitment(school)).programme_id
    ),
    "commitment_id": lambda cast: rows.of_schools(cast, rows.first_commitment),
    "round_id": lambda cast: rows.of_schools(cast, rows.round),
    "document_id": lambda cast: rows.of_schools(cast, rows.summary),
    "flag_id": lambda cast: rows.of_each(cast, rows.flag),
    "request_id": lambda cast: rows.of_each(cast, lambda student: rows.help_request(student).pk),
    "evidence_id": lambda cast: rows.of_each(
        cast, lambda student: rows.help_request(student).evidence.get().pk
    ),
    "box_id": lambda cast: rows.of_schools(cast, rows.letter_box),
    "door_id": lambda cast: rows.of_schools(cast, lambda school: rows.open_door(school).pk),
    "door_token": lambda cast: {
        whose: squares.token_of(rows.open_door(school))
        for whose, school in (("own", cast.school), ("class", cast.school), ("far", cast.other_school))
    },
    "inspection_id": lambda cast: rows.of_schools(cast, rows.inspection),
    "finding_id": lambda cast: rows.of_schools(cast, rows.finding),
    "invitation_id": lambda cast: rows.of_each(cast, families.invitation),
    "agreement_id": lambda cast: rows.of_each(cast, families.agreement),
    "words_id": lambda cast: rows.of_each(cast, families.words),
    "own_goal_id": lambda cast: rows.of_each(cast, families.own_goal),
    "data_request_id": lambda cast: rows.of_each(cast, families.data_request),
    "figure_code": lambda cast: dict.fromkeys(("own", "class", "far"), "unpaired"),
    "indicator_code": lambda cast: dict.fromkeys(("own", "class", "far"), "helper"),
    "code": lambda cast: dict.fromkeys(("own", "class", "far"), "registered"),
    "role": lambda cast: dict.fromkeys(("own", "class", "far"), "head"),
    "batch_id": lambda cast: rows.of_schools(cast, rows.import_batch),
    "place": lambda cast: dict.fromkeys(("own", "class", "far"), 0),
    "profile_id": lambda cast: rows.of_schools(cast, rows.import_profile),
    "export_code": lambda cast: dict.fromkeys(("own", "class", "far"), "xueji-students"),
    "sheet_kind": lambda cast: dict.fromkeys(("own", "class", "far"), "students"),
    "token": lambda cast: dict.fromkeys(("own", "class", "far"), "used-up"),
    "absence_id": lambda cast: rows.of_each(cast, rows.absence),
    "case_id": lambda cast: rows.of_each(cast, rows.return_case),
    "month": lambda cast: dict.fromkeys(("own", "class", "far"), "2026-11"),
    "break_day": lambda cast: dict.fromkeys(("own", "class", "far"), "2027-01-23"),
    "missed_id": lambda cast: rows.of_each(cast, rows.missed_lesson),
    "received_id": lambda cast: rows.of_schools(cast, rows.received),
    "secret": lambda cast: {
        whose: open_feed(cast.actor(user))
        for whose, user in (("own", "helper"), ("class", "other_class_teacher"), ("far", "outsider"))
    },
    **counselling_examples.EXAMPLES,
    **ledger_examples.EXAMPLES,
    **donations_examples.EXAMPLES,
    **hardship_examples.EXAMPLES,
    **work_examples.EXAMPLES,
    **aid_examples.EXAMPLES,
    **notices_examples.EXAMPLES,
    **county_examples.EXAMPLES,
    **review_examples.EXAMPLES,
    **honours_examples.EXAMPLES,
    **papers_examples.EXAMPLES,
}
