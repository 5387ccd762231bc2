"""Rows of the counselling room that addresses name: 白露's about the two children of her school, 章远's in the other one."""

import datetime
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tongxing.care.counselling.models import (
    Appointment,
    ClosedDay,
    GlassOpening,
    Note,
    NoteVersion,
    OutsideReferral,
    Referral,
)
from tongxing.care.counselling.models_asked import REASON, WISH
from tongxing.care.counselling.models_glass import GLASS_REASON
from tongxing.care.counselling.models_notes import TEXT
from tongxing.care.counselling.models_outside import OUTSIDE
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.people.models import Student

from ..cast import NOW, Cast

Make = Callable[[Cast, Student, str, str], Any]


def of_each(make: Make) -> Callable[[Cast], dict[str, int]]:
    """One row of each child; asking again gives the same. Given besides the child: counsellor and head of its school."""

    def rows(cast: Cast) -> dict[str, int]:
        whose = (
            ("own", "key", "counsellor", "head"),
            ("class", "plain", "counsellor", "head"),
            ("far", "far", "outsider", "outsider"),
        )
        return {
            name: make(cast, getattr(cast.students, student), counsellor, head).pk
            for name, student, counsellor, head in whose
        }

    return rows


def _once(model: Any, student: Student, **facts: Any) -> Any:
    row, _new = model.objects.get_or_create(
        school=student.school, client_id=UUID(int=student.pk), student=student, defaults=facts
    )
    return row


def _appointment(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    wish = seal(student.key, "想找您聊聊", WISH)
    facts = {"origin": "slip", "state": "wished", "wish_sealed": wish, "asked_at": NOW, "recorded_at": NOW}
    return _once(Appointment, student, **facts)


def _referral(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    return _once(
        Referral, student, by=cast.users[head], at=NOW, reason_sealed=seal(student.key, "常看窗外", REASON)
    )


def _note(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    note = _once(Note, student, counsellor=cast.users[counsellor], happened_at=NOW, recorded_at=NOW)
    text = json.dumps({"occasion": "", "talked": "睡得不好", "wants": "", "next": "", "reason": ""})
    NoteVersion.objects.get_or_create(
        school=note.school,
        note=note,
        number=1,
        defaults={"at": NOW, "text_sealed": seal(student.key, text, TEXT)},
    )
    return note


def _outside(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    text = json.dumps({"to_whom": "县医院", "why": "请看看", "agreed_by": "奶奶"}, ensure_ascii=False)
    day = NOW.date()
    return _once(
        OutsideReferral,
        student,
        counsellor=cast.users[counsellor],
        text_sealed=seal(student.key, text, OUTSIDE),
        agreed_on=day,
        referred_on=day,
        recorded_at=NOW,
        follow_up_on=day,
    )


def _opening(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    return _once(
        GlassOpening,
        student,
        opened_by=cast.users[head],
        opened_at=NOW,
        until=NOW + datetime.timedelta(hours=24),
        reason_sealed=seal(student.key, "今晚没有回宿舍，需要知道去向", GLASS_REASON),
        reason_index=f"{student.pk}",
    )


def _closed(cast: Cast, student: Student, counsellor: str, head: str) -> Any:
    row, _new = ClosedDay.objects.get_or_create(
        school=student.school,
        client_id=UUID(int=student.pk),
        defaults={
            "counsellor": cast.users[counsellor],
            "day": NOW.date() + datetime.timedelta(days=student.pk),
        },
    )
    return row


EXAMPLES = {
    "closed_id": of_each(_closed),
    "appointment_id": of_each(_appointment),
    "referral_id": of_each(_referral),
    "note_id": of_each(_note),
    "outside_id": of_each(_outside),
    "opening_id": of_each(_opening),
}
