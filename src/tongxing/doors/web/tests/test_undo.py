"""林岚 taps once too often in the dark; one more tap and it never counted."""

import datetime
import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts.models import Contact, Thanks
from tongxing.ground.kernel.undo import UNDO_FOR

from .test_contacts import THOUGHTS, address, talk, text, write


def way_back(page):
    """The address behind the message's “undo”, and what it sends along."""
    message = re.findall(r'<div class="message success".*?</div>', text(page), re.S)[-1]
    where = re.search(r'action="([^"]+)"', message)
    sent = re.search(r'<button[^>]* name="(\w+)" value="(\w*)"', message)
    return (where.group(1) if where else "", dict([sent.groups()]) if sent else {})


def undo(browser, page):
    where, sent = way_back(page)
    return browser.post(where, sent, follow=True)


@pytest.mark.parametrize("visibility", ["team", "counsellor"])
def test_a_record_just_written_is_taken_back_and_its_words_stand_in_the_form_again(cast, visibility):
    helper = cast.client("helper")
    written = helper.post(address(cast), talk(minutes="15", visibility=visibility), follow=True)
    form = undo(helper, written)
    assert THOUGHTS in text(form) and "本周五前补交两次作业" in text(form) and 'value="15"' in text(form)
    contact = Contact.objects.get()
    assert contact.withdrawn and contact.revisions.count() == 2
    assert undo(helper, written).status_code == 200 and contact.revisions.count() == 2
    helper.post(address(cast), talk(visibility=visibility))
    assert Contact.objects.standing().count() == 1


def test_only_its_writer_takes_a_record_back_and_only_for_a_moment(cast, at_school):
    contact = write(cast)
    way = reverse("record-undo", args=[contact.pk])
    assert cast.client("class_teacher").post(way).status_code == 403
    assert cast.client("other_class_teacher").post(way).status_code == 404
    assert cast.client("helper").get(way).status_code == 405
    at_school.shift(UNDO_FOR + datetime.timedelta(seconds=1))
    assert cast.client("helper").post(way).status_code == 422
    contact.refresh_from_db()
    assert not contact.withdrawn


def test_a_record_that_a_phone_has_sent_is_taken_back_too(cast):
    helper, id = cast.client("helper"), str(uuid4())
    fields = [[name, value] for name, value in talk().items()]
    item = {"id": id, "form": "record", "student": cast.students.key.pk, "fields": fields}
    sent = {"user": cast.users["helper"].pk, "tell": id, "items": json.dumps([item])}
    helper.post(reverse("offline-send"), sent)
    assert THOUGHTS in text(undo(helper, helper.get(reverse("week"))))
    assert Contact.objects.get().withdrawn


def test_a_draft_begun_afresh_comes_back(cast):
    helper = cast.client("helper")
    helper.post(address(cast), talk(later="1"))
    gone = helper.post(reverse("draft-forget", args=[cast.students.key.pk]), {"kind": "talk"}, follow=True)
    assert THOUGHTS not in text(gone) and THOUGHTS in text(undo(helper, gone))
    other = reverse("draft-bring-back", args=[cast.students.key.pk])
    assert helper.post(other, {"kind": "visit"}).status_code == 422
    assert cast.client("class_teacher").post(other, {"kind": "talk"}).status_code == 422


def test_thanks_are_taken_back(cast):
    contact, head = write(cast), cast.client("head")
    said = head.post(reverse("record-thank", args=[contact.pk]), {"words": "辛苦了"}, follow=True)
    assert "辛苦了" not in text(undo(head, said)) and not Thanks.objects.exists()
    assert cast.client("outsider").post(reverse("record-thank-undo", args=[contact.pk])).status_code == 404


def test_an_account_closed_by_mistake_is_opened_again(cast):
    coordinator, colleague = cast.client("coordinator"), cast.users["helper"]
    closed = coordinator.post(reverse("settings-active", args=[colleague.pk]), {"active": "0"}, follow=True)
    colleague.refresh_from_db()
    assert not colleague.is_active
    undo(coordinator, closed)
    colleague.refresh_from_db()
    assert colleague.is_active


def test_a_message_without_a_way_back_has_no_button(cast):
    helper = cast.client("helper")
    helper.post(address(cast), talk(later="1"))
    assert way_back(helper.get(reverse("week")))[0] == ""
