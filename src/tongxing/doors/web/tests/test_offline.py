"""What was written without a network arrives once, whole, and with the rules of the page."""

import datetime
import itertools
import json
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.contacts import versions
from tongxing.care.contacts.models import Contact, OtherVersion
from tongxing.doors.web import offline
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry

from .test_contacts import talk

pytestmark = pytest.mark.django_db


def item(cast, student="key", *, form="record", waited=0, id=None, **fields):
    typed = talk(**fields) if form == "record" else fields
    del_id = {name: value for name, value in typed.items() if name != "client_id"}
    return {
        "id": str(id or uuid4()),
        "form": form,
        "student": getattr(cast.students, student).pk,
        "waited": waited,
        "fields": list(del_id.items()),
    }


def send(client, *items, **files):
    sent = {"items": json.dumps(items), "user": client.session["_auth_user_id"]} | {
        f"files-{id}": file for id, file in files.items()
    }
    response = client.post(reverse("offline-send"), sent)
    assert response.status_code == 200, response.content
    return response.json()["items"]


def statuses(answers):
    return [answer["status"] for answer in answers]


def test_what_waited_on_a_phone_is_written_down_as_of_the_moment_it_was_written(cast):
    (answer,) = send(cast.client("helper"), item(cast, waited=7200))
    contact = Contact.objects.get(pk=answer["record"])
    assert answer["status"] == 200 and not answer["leads_to"]
    assert contact.recorded_at == clock.now()
    assert contact.happened_at == clock.now() - datetime.timedelta(hours=2)


def test_the_same_item_in_any_order_and_number_is_one_record_with_the_same_answer(cast):
    client, items = cast.client("helper"), [item(cast, thoughts=f"第{n}次聊") for n in range(3)]
    answers = {}
    for order in itertools.permutations(items):
        for answer in send(client, *order, *order):
            assert answers.setdefault(answer["id"], answer) == answer
    assert Contact.objects.count() == 3


def test_it_may_have_waited_longer_each_time_it_is_sent(cast):
    once = item(cast, waited=10)
    send(cast.client("helper"), once)
    assert statuses(send(cast.client("helper"), once | {"waited": 3600})) == [200]
    assert Contact.objects.count() == 1


def test_one_id_with_other_content_keeps_both_and_asks_the_writer(cast):
    client, id = cast.client("helper"), uuid4()
    send(client, item(cast, id=id, thoughts="数学作业没交"))
    other = item(cast, id=id, thoughts="数学作业补交了")
    first, again = send(client, other), send(client, other)
    assert statuses(first) == [409] and first == again
    assert Contact.objects.count() == 2
    (waiting,) = versions.to_settle(cast.actor("helper"))
    assert not versions.to_settle(cast.actor("other_teacher"))
    versions.settle(cast.actor("helper"), other=waiting, keep="second")
    assert Contact.objects.standing().get().pk == first[0]["record"]
    assert not versions.to_settle(cast.actor("helper"))
    assert AuditEntry.objects.filter(action="contact.settle").count() == 1


def test_two_versions_that_were_two_talks_both_stay(cast):
    client, id = cast.client("helper"), uuid4()
    send(client, item(cast, id=id), item(cast, id=id, thoughts="又聊了一次"))
    versions.settle(cast.actor("helper"), other=OtherVersion.objects.get(), keep="both")
    assert Contact.objects.standing().count() == 2


def test_each_item_is_refused_by_itself_in_words_and_nothing_else_is_lost(cast):
    empty = item(cast, thoughts="", promise="")
    far = item(cast, "far")
    broken = item(cast) | {"form": "grades"}
    answers = send(cast.client("helper"), empty, far, broken, item(cast))
    assert statuses(answers) == [422, 403, 400, 200]
    assert all(answer["said"] for answer in answers[:3])
    assert Contact.objects.count() == 1


def test_what_is_no_list_of_items_is_refused(cast):
    for sent in ("", "no", "{}", "[1]", '[{"id": "x"}]'):
        told = {"items": sent, "user": cast.users["helper"].pk}
        assert cast.client("helper").post(reverse("offline-send"), told).status_code == 400
    assert cast.client("helper").get(reverse("offline-send")).status_code == 405


def test_nothing_is_sent_under_the_name_of_whoever_signed_in_after(cast):
    told = {"items": json.dumps([item(cast)]), "user": cast.users["helper"].pk}
    assert cast.client("class_teacher").post(reverse("offline-send"), told).status_code == 401
    assert not Contact.objects.exists()


def test_the_writer_alone_sees_both_versions_and_says_which_is_meant(cast):
    client, id = cast.client("helper"), uuid4()
    send(client, item(cast, id=id, thoughts="数学作业没交"), item(cast, id=id, thoughts="数学作业补交了"))
    address = reverse("version-differs", args=[OtherVersion.objects.get().pk])
    assert address in client.get(reverse("week")).content.decode()
    page = client.get(address).content.decode()
    assert "数学作业没交" in page and "数学作业补交了" in page
    assert cast.client("class_teacher").get(address).status_code == 404
    assert client.post(address, {"keep": "neither"}).status_code == 422
    client.post(address, {"keep": "first"})
    assert Contact.objects.standing().get().revisions.get().body["thoughts"] == "数学作业没交"
    assert address not in client.get(reverse("week")).content.decode()


def test_whoever_may_not_write_for_the_student_writes_nothing(cast):
    assert statuses(send(cast.client("other_teacher"), item(cast))) == [403]
    assert not Contact.objects.exists()


def test_a_bright_moment_is_taken_in_too(cast):
    (answer,) = send(cast.client("helper"), item(cast, form="highlight", phrase="1", words=""))
    assert Contact.objects.get(pk=answer["record"]).kind == "highlight"


def test_a_photo_comes_along_once(cast):
    one = item(cast)
    for _time in range(2):
        photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        (answer,) = send(cast.client("helper"), one, **{one["id"]: photo})
    assert Contact.objects.get(pk=answer["record"]).attachments.count() == 1


def test_a_word_of_danger_leads_to_who_can_be_called(cast):
    (answer,) = send(cast.client("helper"), item(cast, thoughts="他说不想活了"))
    assert "caught" in answer["leads_to"]


def test_what_nobody_foresaw_holds_up_no_other_record(cast, monkeypatch):
    written = offline.take_in

    def fails(request, form, *more, **facts):
        if "坏" in form.cleaned_data["thoughts"]:
            raise RuntimeError("something new")
        return written(request, form, *more, **facts)

    monkeypatch.setattr(offline, "take_in", fails)
    answers = send(cast.client("helper"), item(cast, thoughts="坏了"), item(cast))
    assert statuses(answers) == [503, 200]


def test_of_twenty_records_about_one_child_the_child_and_the_family_are_looked_up_once(cast):
    client = cast.client("helper")
    asked = []
    for number in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            send(client, *(item(cast, thoughts=f"{number} 条里的第 {n} 条") for n in range(number)))
        looked_up = [
            query["sql"]
            for query in queries
            if re.search(r'^SELECT .* FROM "people_(student|guardian)"', query["sql"])
        ]
        asked.append(len(looked_up))
    assert asked[1] == asked[0]
