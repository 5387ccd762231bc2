"""A class teacher asks; 宋桥, who teaches the class, answers in one line and sees nothing else of the child."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.profiles.models import Asking, Impression


@pytest.fixture
def taught(cast):
    cast.teach("other_teacher", cast.class_one)
    return cast


def text(response):
    return response.content.decode()


def ask(cast, by="class_teacher", **sent):
    told = {"client_id": uuid4(), "words": "这个月课上看到了什么？", "closes_on": "2026-12-02"} | sent
    return cast.client(by).post(reverse("askings", args=[cast.students.key.pk]), told, follow=True)


def answer(cast, by="other_teacher", **sent):
    address = reverse("impression", args=[Impression.objects.get().pk])
    return cast.client(by).post(address, sent, follow=True)


def test_a_question_goes_out_and_the_answer_comes_back_with_name_and_day(taught):
    assert "已经问了" in text(ask(taught))
    page = text(taught.client("other_teacher").get(reverse("reminders")))
    assert "有同事想问问您课上看到了什么" in page and "周晓禾" not in page
    page = text(answer(taught, words="举手三次"))
    assert "您的回答收到了" in page and 'name="back"' in page
    page = text(taught.client("helper").get(reverse("student-file", args=[taught.students.key.pk])))
    assert "举手三次" in page and "宋桥" in page and "音乐" in page


def test_the_page_of_the_answer_shows_the_name_and_the_question_and_nothing_else(taught):
    ask(taught)
    page = text(taught.client("other_teacher").get(reverse("impression", args=[Impression.objects.get().pk])))
    assert "周晓禾" in page and "这个月课上看到了什么？" in page and "写看得见的事" in page
    for secret in ("重点", "●", "昆山", "周桂兰", "林岚", "138****"):
        assert secret not in page
    assert (
        taught.client("other_teacher").get(reverse("student-file", args=[taught.students.key.pk])).status_code
        == 403
    )


def test_nothing_special_is_one_tap_and_an_empty_answer_says_so(taught):
    ask(taught)
    response = answer(taught, words="")
    assert response.status_code == 422 and "没有特别的" in text(response)
    answer(taught, nothing="1")
    assert "没有特别的" in text(
        taught.client("class_teacher").get(reverse("askings", args=[taught.students.key.pk]))
    )


def test_an_answer_is_taken_back_for_a_moment(taught):
    ask(taught)
    answer(taught, words="写错人了")
    assert "可以重新回答" in text(answer(taught, back="1"))
    assert Impression.objects.get().answered_at is None


def test_a_question_is_closed_with_a_way_back_and_is_not_answered_any_more(taught):
    ask(taught)
    close = reverse("asking-close", args=[Asking.objects.get().pk])
    assert 'name="opens"' in text(taught.client("class_teacher").post(close, follow=True))
    assert answer(taught, words="来晚了").status_code == 422
    assert taught.client("helper").post(close, {"opens": "1"}).status_code == 403  # it is not hers
    taught.client("class_teacher").post(close, {"opens": "1"})
    assert answer(taught, words="举手三次").status_code == 200


def test_a_question_that_cannot_go_out_says_why_and_keeps_its_words(cast):
    page = ask(cast, words="换座位以后怎么样？")
    assert (
        page.status_code == 422
        and "没有别的老师教这个班" in text(page)
        and "换座位以后怎么样？" in text(page)
    )


@pytest.mark.parametrize(
    ("by", "status"), [("other_class_teacher", 404), ("other_teacher", 403), ("guardian", 403)]
)
def test_nobody_else_asks_or_answers(taught, by, status):
    assert ask(taught, by).status_code == status
    ask(taught)
    assert answer(taught, "class_teacher", words="好").status_code == 404


def test_danger_in_an_answer_tells_its_writer_who_helps(taught):
    ask(taught)
    assert "12356" in text(answer(taught, words="说过不想活了"))
