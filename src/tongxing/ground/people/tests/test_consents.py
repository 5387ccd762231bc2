"""What families agree to: purpose by purpose, the child's own word from fourteen, withdrawn without a price."""

import datetime

import pytest
from django.db import IntegrityError

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import (
    PURPOSES,
    give_consent,
    must_agree_too,
    with_consent,
    withdraw_consent,
)
from tongxing.ground.people.models import Consent


def give(cast, by="helper", student=None, **told):
    told = {"purpose": "photo", "given_by": "奶奶 周桂兰", "student_agreed": True} | told
    return give_consent(cast.actor(by), student=student or cast.students.key, **told)


@pytest.mark.parametrize("by", ["helper", "class_teacher", "coordinator", "head"])
def test_whoever_talks_with_the_family_notes_what_it_agrees_to(cast, by):
    consent = give(cast, by)
    assert with_consent([cast.students.key.pk, cast.students.plain.pk], "photo") == {cast.students.key.pk}
    assert (consent.given_on, consent.basis) == (datetime.date(2026, 11, 25), "guardian")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, "周桂兰" in str(entry.detail)) == ("consent.give", False)


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "system_admin", "outsider"])
def test_nobody_else_does(cast, by):
    with pytest.raises(NotAllowed):
        give(cast, by)
    consent = give(cast)
    with pytest.raises(NotAllowed):
        withdraw_consent(cast.actor(by), consent=consent)
    assert Consent.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("born", "asked"),
    [("2012-11-25", True), ("2012-11-26", False), ("2020-01-01", False), (None, True)],
    ids=["fourteen today", "fourteen tomorrow", "six", "nobody knows"],
)
def test_from_fourteen_on_the_child_is_asked_too(cast, born, asked):
    student = cast.students.key
    student.birth_date = born and datetime.date.fromisoformat(born)
    assert must_agree_too(student, datetime.date(2026, 11, 25)) is asked
    if asked:
        for answer in (None, False):
            with pytest.raises(Refused) as refusal:
                give(cast, student=student, student_agreed=answer)
            assert refusal.value.field == "student_agreed"
    else:
        assert give(cast, student=student, student_agreed=None).student_agreed is None


@pytest.mark.parametrize("purpose", ["roster", "horoscope", ""])
def test_what_the_law_asks_for_and_what_nobody_knows_is_no_consent(cast, purpose):
    with pytest.raises(Refused):
        give(cast, purpose=purpose)


def test_who_agreed_is_written_down(cast):
    with pytest.raises(Refused) as refusal:
        give(cast, given_by="  ")
    assert refusal.value.field == "given_by"


def test_agreeing_twice_is_one_consent(cast):
    assert give(cast) == give(cast, by="class_teacher")
    with pytest.raises(IntegrityError):
        Consent.objects.create(
            school=cast.school,
            student=cast.students.key,
            purpose="photo",
            basis="guardian",
            given_on=datetime.date(2026, 11, 25),
        )


def test_withdrawing_stops_that_purpose_alone_and_keeps_the_days(cast):
    photo, peer = give(cast), give(cast, purpose="peer")
    withdraw_consent(cast.actor("class_teacher"), consent=photo)
    before = AuditEntry.objects.count()
    withdraw_consent(cast.actor("class_teacher"), consent=photo)  # a second tap
    assert AuditEntry.objects.count() == before
    ids = [cast.students.key.pk]
    assert not with_consent(ids, "photo") and with_consent(ids, "peer") == set(ids)
    photo.refresh_from_db()
    peer.refresh_from_db()
    assert (photo.withdrawn_on, peer.withdrawn_on) == (datetime.date(2026, 11, 25), None)
    assert give(cast).pk != photo.pk  # agreed again: a new line, the old one stays


def test_every_purpose_says_in_words_what_it_is_for():
    assert all(purpose.label and purpose.what for purpose in PURPOSES.values())
