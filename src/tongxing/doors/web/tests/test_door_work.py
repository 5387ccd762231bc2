"""A student asks for a post at the own door: sees what may be had, asks once, takes it back, reads the answer."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.cast import TERM_START

from tongxing.aid.workstudy.actions import selection
from tongxing.aid.workstudy.models import Application
from tongxing.aid.workstudy.queries.people import asked_by
from tongxing.aid.workstudy.tests import school as stories
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed

SIXTEEN, FIFTEEN = datetime.date(2010, 9, 1), datetime.date(2011, 12, 1)


@pytest.fixture
def college(cast):
    cast.students.key.birth_date = SIXTEEN
    cast.students.key.save()
    return stories.college(cast)


@pytest.fixture
def browser(college):
    return college.cast.client("student")


def text(answer):
    assert answer.status_code in {200, 422}, answer.status_code
    return answer.content.decode()


def asks(browser, post, **more):
    told = {"client_id": uuid4(), "post": post.pk, "text": "想学着整理书"} | more
    return browser.post(reverse("my-work"), told, follow=True)


def test_a_student_asks_and_reads_it_there(college, browser):
    post = college.open()
    assert reverse("my-work") in text(browser.get(reverse("mine")))
    page = text(asks(browser, post))
    assert "想学着整理书" in page and "等答复" in page
    assert Application.objects.get().recorded_by == college.cast.users["student"]


def test_without_any_post_the_door_does_not_speak_of_work(college, browser):
    assert reverse("my-work") not in text(browser.get(reverse("mine")))
    assert "暂时没有" in text(browser.get(reverse("my-work")))


def test_who_is_not_sixteen_sees_unpaid_posts_alone(college, browser):
    college.cast.students.key.birth_date = FIFTEEN
    college.cast.students.key.save()
    paid, unpaid = college.open(), college.open("图书角", "volunteer")
    page = text(browser.get(reverse("my-work")))
    assert unpaid.name in page and paid.name not in page
    assert asks(browser, paid).status_code == 422
    assert not Application.objects.exists()


def test_the_same_form_twice_and_another_for_the_same_post_are_one_application(college, browser):
    post, sent = college.open(), uuid4()
    asks(browser, post, client_id=sent)
    asks(browser, post, client_id=sent)
    assert asks(browser, post).status_code == 422
    assert Application.objects.count() == 1


def test_it_is_taken_back_while_it_waits_and_not_by_others(college, browser):
    asks(browser, college.open())
    address = reverse("my-work-back", args=[Application.objects.get().pk])
    for role, status in (("guardian", 403), ("helper", 403), ("outsider", 403)):
        assert college.cast.client(role).post(address).status_code == status
    browser.post(address)
    assert Application.objects.get().outcome == "withdrawn"
    assert browser.post(address).status_code == 404


def test_the_answer_is_read_at_the_door_but_not_why_somebody_was_chosen(college, browser):
    first, second = college.open(), college.open("食堂帮厨")
    asks(browser, first), asks(browser, second)
    place, other = Application.objects.order_by("pk")
    selection.not_now(college.manager, application=other, reason="这学期名额满了，下学期再来")
    college.agrees(college.cast.students.key)
    selection.choose(
        college.manager,
        application=place,
        starts_on=TERM_START,
        agreed_on=TERM_START,
        reason="只对评议人说的",
    )
    page = text(browser.get(reverse("my-work")))
    assert "下学期再来" in page and "只对评议人说的" not in page


def test_nobody_asks_in_another_childs_name(college):
    post, other = college.open(), college.student("林小满", SIXTEEN)
    with pytest.raises(NotAllowed):
        selection.apply(
            college.cast.actor("student"), post=post, student=other, year=college.cast.year, words="",
            client_id=uuid4(),
        )  # fmt: skip
    assert asked_by(college.cast.actor("student"), other) == []


def test_words_that_sound_like_danger_reach_the_named_responder(college, browser):
    asks(browser, college.open(), text="我不想活了")
    assert RiskFlag.objects.filter(student=college.cast.students.key).exists()
