"""日行一善: one tap, any child, read out once."""

import datetime
from uuid import uuid4

import pytest
import time_machine

from tongxing.care.peers import deeds
from tongxing.care.peers.models import GoodDeed
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused


def note(cast, by="class_teacher", student="key", words="帮同学扫地", client_id=None):
    child = getattr(cast.students, student)
    return deeds.note(cast.actor(by), student=child, words=words, client_id=client_id or uuid4())


def waiting(cast, by="class_teacher"):
    ids = [cast.students.key.pk, cast.students.normal.pk]
    return [one.words for one in deeds.to_read_out(cast.actor(by), ids)]


def test_any_teacher_of_the_class_notes_a_good_deed_of_any_child(cast):
    cast.teach("other_teacher", cast.class_one)
    note(cast)
    note(cast, by="other_teacher", student="normal", words="捡到饭卡还给同学")
    assert waiting(cast) == ["帮同学扫地", "捡到饭卡还给同学"]
    assert b"\xe5\xb8\xae" not in bytes(GoodDeed.objects.earliest("pk").words_sealed)


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "outsider", "system_admin"])
def test_nobody_from_elsewhere_does(cast, by):
    with pytest.raises(NotAllowed):
        note(cast, by)


def test_a_page_sent_twice_notes_one_and_the_same_page_notes_many(cast):
    form = uuid4()
    assert note(cast, client_id=form) == note(cast, client_id=form)
    note(cast, student="normal", client_id=form)
    assert GoodDeed.objects.count() == 2


def test_words_are_needed_and_words_of_danger_ask_somebody(cast):
    for words in (" ", "长" * 201):
        with pytest.raises(Refused):
            note(cast, words=words)
    note(cast, words="劝住了说活着没意思的同学")
    assert RiskFlag.objects.exists()


def test_ones_own_tap_is_taken_back_for_a_moment_by_oneself(cast):
    deed = note(cast)
    with pytest.raises(NotAllowed):
        deeds.take_back(cast.actor("head"), deed=deed)
    deeds.take_back(cast.actor("class_teacher"), deed=deed)
    assert waiting(cast) == []
    late = note(cast, words="让座")
    with time_machine.travel(clock.now() + datetime.timedelta(hours=1)), pytest.raises(Refused):
        deeds.take_back(cast.actor("class_teacher"), deed=late)


def test_what_was_read_out_waits_no_longer_and_a_slip_has_its_way_back(cast):
    mine, other = note(cast), note(cast, by="other_class_teacher", student="plain")
    actor = cast.actor("class_teacher")
    assert deeds.read_out(actor, deeds=[mine.pk, other.pk], school_id=cast.school.pk) == 1
    assert waiting(cast) == []
    other.refresh_from_db()
    assert other.read_out_on is None, "of another class"
    assert deeds.read_out(actor, deeds=[mine.pk], school_id=cast.school.pk, back=True) == 1
    assert waiting(cast) == ["帮同学扫地"]
