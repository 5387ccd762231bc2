"""林岚 is called away in the middle of a talk's record; her words wait for her alone."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts import actions, drafts
from tongxing.care.contacts.models import Contact, Draft
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.kernel.undo import UNDO_FOR

TYPED = {"thoughts": ["说晚上要照看弟弟"], "reached": ["student", "g7"]}


def keep(cast, role="helper", student=None, typed=TYPED, kind="talk"):
    return drafts.keep(cast.actor(role), student=student or cast.students.key, kind=kind, typed=typed)


def test_a_draft_is_kept_sealed_and_found_by_its_writer_alone(cast):
    draft = keep(cast)
    assert "弟弟".encode() not in bytes(draft.typed_sealed)
    assert drafts.find(cast.actor("helper"), cast.students.key, "talk") == (draft, TYPED)
    for role in ("class_teacher", "head", "counsellor", "outsider"):
        assert drafts.find(cast.actor(role), cast.students.key, "talk") is None
    assert drafts.waiting(cast.actor("helper")) == [draft] and drafts.waiting(cast.actor("head")) == []
    assert not Contact.objects.exists()


def test_keeping_again_replaces_and_another_kind_stands_beside(cast):
    keep(cast)
    keep(cast, typed={"thoughts": ["改过的话"]})
    keep(cast, kind="visit")
    assert Draft.objects.count() == 2
    assert drafts.find(cast.actor("helper"), cast.students.key, "talk")[1] == {"thoughts": ["改过的话"]}


def test_nobody_keeps_a_draft_about_a_student_they_do_not_look_after(cast):
    for role, student in (("helper", cast.students.normal), ("outsider", cast.students.key)):
        with pytest.raises(NotAllowed):
            keep(cast, role, student)
    with pytest.raises(Refused):
        keep(cast, typed={"thoughts": ["长" * 50_000]})


def test_a_helper_whose_pair_has_ended_no_longer_opens_the_draft(cast):
    keep(cast)
    Grant.objects.filter(user=cast.users["helper"]).update(ends_on=clock.today() - datetime.timedelta(days=1))
    assert drafts.find(cast.actor("helper"), cast.students.key, "talk") is None
    assert drafts.waiting(cast.actor("helper")) == []


def test_a_draft_is_forgotten_after_a_month(cast, at_school):
    keep(cast)
    at_school.shift(drafts.KEPT)
    assert drafts.forget_drafts() == 0
    at_school.shift(1)
    assert drafts.forget_drafts() == 1 and not Draft.objects.exists()


def test_dropping_touches_ones_own_draft_alone(cast):
    keep(cast)
    keep(cast, "class_teacher")
    drafts.drop(cast.actor("helper"), student=cast.students.key, kind="talk")
    assert Draft.objects.get().user == cast.users["class_teacher"]
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        *["contact.draft"] * 2,
        "contact.draft-drop",
    ]


def test_a_record_written_by_a_colleague_leaves_the_draft(cast):
    keep(cast)
    actions.write_contact(
        cast.actor("class_teacher"),
        student=cast.students.key,
        client_id=uuid4(),
        kind="talk",
        told=actions.Told({"thoughts": "…"}, reached=["student"]),
    )
    assert Draft.objects.count() == 1


def test_a_draft_laid_aside_comes_back_for_a_moment(cast, at_school):
    helper, student = cast.actor("helper"), cast.students.key
    keep(cast)
    assert drafts.lay_aside(helper, student=student, kind="talk")
    assert drafts.find(helper, student, "talk") is None and drafts.waiting(helper) == []
    drafts.bring_back(helper, student=student, kind="talk")
    assert drafts.find(helper, student, "talk")[1] == TYPED
    drafts.lay_aside(helper, student=student, kind="talk")
    at_school.shift(UNDO_FOR + datetime.timedelta(seconds=1))
    with pytest.raises(Refused):
        drafts.bring_back(helper, student=student, kind="talk")
    assert drafts.forget_drafts() == 1


def test_a_new_draft_in_its_place_holds_and_nobody_brings_back_anothers(cast):
    helper, student = cast.actor("helper"), cast.students.key
    keep(cast)
    drafts.lay_aside(helper, student=student, kind="talk")
    with pytest.raises(Refused):
        drafts.bring_back(cast.actor("class_teacher"), student=student, kind="talk")
    with pytest.raises(NotAllowed):
        drafts.bring_back(cast.actor("other_class_teacher"), student=student, kind="talk")
    keep(cast, typed={"thoughts": ["新写的话"]})
    with pytest.raises(Refused):
        drafts.bring_back(helper, student=student, kind="talk")
    assert drafts.find(helper, student, "talk")[1] == {"thoughts": ["新写的话"]}
    assert not drafts.lay_aside(cast.actor("class_teacher"), student=student, kind="talk")
