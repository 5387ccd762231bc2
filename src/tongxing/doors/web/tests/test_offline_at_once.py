"""Many answers lost, many devices at once: one id stays one record, on either database."""

import random
import threading
from uuid import uuid4

import pytest
from django.db import connections

from tongxing.care.contacts.models import Contact, OtherVersion

from .test_offline import item, send, statuses

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 16


def all_at_once(cast, *sendings):
    """Each of these lists of items from a device of its own, set off together; what each was answered."""
    start, answers = threading.Barrier(len(sendings)), [None] * len(sendings)
    clients = [cast.client("helper") for _ in sendings]

    def go(place):
        start.wait(20)
        try:
            answers[place] = send(clients[place], *sendings[place])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[place]) for place in range(len(sendings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def until_taken(cast, sendings, answers):
    """As a device does: what was answered with “busy” is sent again."""
    client = cast.client("helper")
    return [
        send(client, *sent) if any(answer["status"] == 503 for answer in answer_of) else answer_of
        for sent, answer_of in zip(sendings, answers, strict=True)
    ]


def test_sixteen_sendings_of_one_id_at_once_are_one_record(cast):
    sendings = [[item(cast, id=uuid4())]] * AT_ONCE
    answers = until_taken(cast, sendings, all_at_once(cast, *sendings))
    assert {status for answer in answers for status in statuses(answer)} == {200}
    assert {answer[0]["record"] for answer in answers} == {Contact.objects.get().pk}
    assert Contact.objects.get().revisions.count() == 1


def test_sixteen_sendings_of_one_id_with_words_of_their_own_are_all_kept_for_a_person_to_decide(cast):
    id = uuid4()
    sendings = [[item(cast, id=id, thoughts=f"第{number}种说法")] for number in range(AT_ONCE)]
    answers = until_taken(cast, sendings, all_at_once(cast, *sendings))
    told = [status for answer in answers for status in statuses(answer)]
    assert sorted(told) == [200] + [409] * (AT_ONCE - 1)
    assert Contact.objects.count() == AT_ONCE and OtherVersion.objects.count() == AT_ONCE - 1
    assert len({contact.revisions.get().body["thoughts"] for contact in Contact.objects.all()}) == AT_ONCE


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_lost_reordered_or_sent_again_at_once_arrives_once(cast, seed):
    chance = random.Random(seed)
    items = [item(cast, thoughts=f"第{number}次聊", waited=chance.random() * 9_000) for number in range(12)]
    sendings = [chance.sample(items, chance.randint(4, 12)) for _device in range(5)] + [items]
    answers = until_taken(cast, sendings, all_at_once(cast, *sendings))
    records: dict[str, set[int]] = {}
    for answer in (one for of_device in answers for one in of_device):
        assert answer["status"] == 200
        records.setdefault(answer["id"], set()).add(answer["record"])
    assert len(records) == 12 and all(len(found) == 1 for found in records.values())
    assert Contact.objects.count() == 12


@pytest.mark.parametrize("waited", [-5, 10**12, float("inf"), float("nan"), "soon", None])
def test_a_clock_that_is_wrong_neither_loses_a_record_nor_dates_it_into_the_future(cast, waited):
    (answer,) = send(cast.client("helper"), item(cast, waited=waited))
    if waited in ("soon", None):
        assert answer["status"] == 400 and answer["said"]
    else:
        contact = Contact.objects.get(pk=answer["record"])
        assert contact.happened_at <= contact.recorded_at
