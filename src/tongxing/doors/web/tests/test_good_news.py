"""Good news of the week: cards and words for the family, by name on a notice only with consent."""

import re
from uuid import uuid4

from django.urls import reverse

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.family.messages import thread
from tongxing.ground.people.models import Consent, Guardian, Student


def page(cast, role, name, *args):
    return cast.client(role).get(reverse(name, args=args)).content.decode()


def test_good_news_names_a_child_on_the_notice_only_with_the_familys_consent(cast):
    highlight = {"client_id": uuid4(), "kind": "highlight", "seen": "讲清了一道题", "when": "now"}
    for student in (cast.students.key, cast.students.normal):
        write_contact(
            cast.actor("class_teacher"),
            student=student,
            client_id=uuid4(),
            kind="highlight",
            told=Told({"seen": highlight["seen"]}, channel="activity"),
        )
    Consent.objects.create(
        school=cast.school,
        student=cast.students.normal,
        purpose="praise",
        basis="guardian",
        given_on="2026-11-01",
    )
    shown = page(cast, "class_teacher", "good-news")
    notice = shown.split('id="board"')[1].split("</textarea>")[0]
    assert "孟宇航：讲清了一道题" in notice and "周晓禾" not in notice and "班里一位同学" in notice
    card = re.search(r"/good-news/(\d+)/card/", shown)[1]
    assert "亲爱的" in page(cast, "class_teacher", "good-news-card", card)
    assert cast.client("other_class_teacher").get(reverse("good-news-card", args=[card])).status_code == 404
    assert cast.client("counsellor").get(reverse("good-news")).status_code == 403


def a_success(cast, student):
    told = Told({"seen": "讲清了一道题"}, channel="activity")
    return write_contact(
        cast.actor("class_teacher"), student=student, client_id=uuid4(), kind="highlight", told=told
    )


def test_a_helper_sees_the_good_news_of_the_own_children_alone_and_no_notice(cast):
    a_success(cast, cast.students.key)
    a_success(cast, cast.students.normal)
    shown = page(cast, "helper", "good-news")
    assert "周晓禾" in shown and "孟宇航" not in shown and 'id="board"' not in shown
    assert "孟宇航" in page(cast, "class_teacher", "good-news")


def test_good_news_goes_to_the_familys_door_with_one_tap_and_only_once(cast):
    news = a_success(cast, cast.students.key)
    send = reverse("good-news-send", args=[news.pk])
    Guardian.objects.filter(student=cast.students.key).update(user=None)
    assert send not in page(cast, "helper", "good-news")
    assert cast.client("helper").post(send).status_code == 422, "no door yet: the card on paper"
    Guardian.objects.filter(name="周桂兰").update(user=cast.users["guardian"])
    assert send in page(cast, "helper", "good-news") and send in page(
        cast, "helper", "good-news-card", news.pk
    )
    for _again in range(2):
        cast.client("helper").post(send)
    (said,) = thread(cast.actor("helper"), Student.objects.select_related("key").get(pk=news.student_id))
    assert "讲清了一道题" in said.text and said.message.guardian.name == "周桂兰"
    assert "家里已收到" in page(cast, "helper", "good-news")
    for by, status in (("other_teacher", 403), ("other_class_teacher", 404), ("counsellor", 403)):
        assert cast.client(by).post(send).status_code == status
