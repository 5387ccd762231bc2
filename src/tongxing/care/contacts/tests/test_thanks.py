"""顾言 reads what 林岚 wrote and says thanks."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts import actions
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.models import Thanks
from tongxing.care.contacts.queries import timeline
from tongxing.care.contacts.recent import thanks_said
from tongxing.care.contacts.thanks import SHOWN_FOR, may_thank, received, take_back, thank
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.kernel.undo import UNDO_FOR


@pytest.fixture
def talk(cast):
    return write(cast)


def write(cast, **more):
    return actions.write_contact(
        cast.actor("helper"),
        student=cast.students.key,
        client_id=uuid4(),
        kind="talk",
        told=Told({"thoughts": "想学好英语"}, reached=["student"]),
        **more,
    )


@pytest.mark.parametrize("role", ["head", "class_teacher", "counsellor", "coordinator"])
def test_whoever_reads_a_record_says_thanks_and_the_writer_reads_it(cast, talk, role):
    thank(cast.actor(role), contact=talk, words="辛苦了，孩子笑多了")
    (said,) = received(cast.actor("helper"), cast.staff["helper"])
    assert (said.staff, said.words) == (cast.staff[role], "辛苦了，孩子笑多了")


@pytest.mark.parametrize("role", ["helper", "other_teacher", "other_class_teacher", "outsider", "guardian"])
def test_nobody_thanks_themselves_or_for_what_they_may_not_read(cast, talk, role):
    with pytest.raises(NotAllowed):
        thank(cast.actor(role), contact=talk)
    assert not Thanks.objects.exists()


def test_a_second_tap_is_the_same_thanks_and_words_may_follow_once(cast, talk):
    head = cast.actor("head")
    for words in ("", "", "辛苦了", "辛苦了", ""):
        thank(head, contact=talk, words=words)
    assert Thanks.objects.get().words == "辛苦了"
    assert AuditEntry.objects.filter(action="contact.thank").count() == 2
    with pytest.raises(Refused):
        thank(head, contact=talk, words="别的话")


def test_a_record_that_is_sealed_later_takes_its_thanks_along(cast, talk):
    since = datetime.date(2026, 11, 1)
    thank(cast.actor("head"), contact=talk, words="他爸的事你处理得好")
    student, helper = [talk.student_id], cast.actor("helper")
    assert thanks_said(cast.actor("class_teacher"), student, since) and received(helper, cast.staff["helper"])
    told = Told({"thoughts": "说放学后被同学堵在厕所要钱"}, reached=["student"])
    actions.revise_contact(helper, contact=talk, after=1, told=told)
    assert not thanks_said(cast.actor("class_teacher"), student, since)
    assert not received(helper, cast.staff["helper"])
    page = f"/records/{talk.pk}/"
    assert "处理得好" not in cast.client("class_teacher").get(page).content.decode()
    opened = cast.client("counsellor").post(f"{page}open/", {"purpose": "准备谈话"})
    assert "处理得好" in opened.content.decode()


def test_why_a_sealed_record_was_withdrawn_is_read_by_those_alone_who_may_open_it(cast):
    sealed, why = write(cast, visibility="counsellor"), "说的是家里的事，记错人了"
    actions.withdraw_contact(cast.actor("helper"), contact=sealed, reason=why)
    (entry,) = timeline(cast.actor("class_teacher"), sealed.student)
    assert entry.contact.withdrawn and entry.withdrawn_because == ""
    page = f"/records/{sealed.pk}/"
    for role in ("class_teacher", "head"):
        assert why not in cast.client(role).get(page).content.decode()
    opened = cast.client("counsellor").post(f"{page}open/", {"purpose": "准备谈话"})
    assert why in opened.content.decode()


def test_why_an_open_record_was_withdrawn_is_read_by_the_team(cast, talk):
    actions.withdraw_contact(cast.actor("helper"), contact=talk, reason="记到了别的同学")
    assert "记到了别的同学" in cast.client("class_teacher").get(f"/records/{talk.pk}/").content.decode()


def test_what_is_sealed_or_withdrawn_is_not_thanked_for_in_the_open(cast, talk):
    restricted = write(cast, visibility="counsellor")
    assert not may_thank(cast.actor("counsellor"), restricted)
    actions.withdraw_contact(cast.actor("helper"), contact=talk, reason="重复")
    talk.refresh_from_db()
    assert not may_thank(cast.actor("head"), talk)


def test_thanks_leave_the_week_after_a_fortnight(cast, talk, at_school):
    thank(cast.actor("head"), contact=talk)
    at_school.shift(SHOWN_FOR + datetime.timedelta(minutes=1))
    assert received(cast.actor("helper"), cast.staff["helper"]) == []


def test_ones_own_thanks_are_taken_back_for_a_moment_and_the_trail_keeps_both_steps(cast, talk):
    head = cast.actor("head")
    thank(head, contact=talk, words="点错了")
    take_back(cast.actor("class_teacher"), contact=talk)
    assert Thanks.objects.count() == 1
    take_back(head, contact=talk)
    take_back(head, contact=talk)
    assert not Thanks.objects.exists()
    steps = AuditEntry.objects.filter(action__startswith="contact.thank").order_by("pk")
    assert [one.action for one in steps] == ["contact.thank", "contact.thank-back"]


def test_thanks_stand_once_the_moment_is_over(cast, talk, at_school):
    thank(cast.actor("head"), contact=talk)
    at_school.shift(UNDO_FOR + datetime.timedelta(seconds=1))
    with pytest.raises(Refused):
        take_back(cast.actor("head"), contact=talk)
    with pytest.raises(NotAllowed):
        take_back(cast.actor("outsider"), contact=talk)
    assert Thanks.objects.exists()
