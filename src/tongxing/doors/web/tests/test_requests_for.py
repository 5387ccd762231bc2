"""Whoever teaches a class asks for a child of it: from the first page, by name alone, and sees how it goes on."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.requests.models import HelpRequest
from tongxing.ground.people.models import Teaching

WHOM = reverse("request-for-whom")


@pytest.fixture
def teacher(cast):
    """程一川 teaches 初一(1)班, and has no role besides."""
    cast.teach("subject_teacher", cast.class_one)
    return cast.client("subject_teacher")


def text(response) -> str:
    return response.content.decode()


def main_of(response) -> str:
    return text(response).split("<main")[1].split("</main>")[0]


def ask(browser, student, **more):
    form = {"client_id": uuid4(), "topic": "studying", "text": "这两周上课总走神"} | more
    return browser.post(reverse("request-for", args=[student.pk]), form, follow=True)


def test_from_the_first_page_class_child_and_topic_are_one_tap_each(cast, teacher):
    first = teacher.get(reverse("home"), follow=True)
    assert f"{WHOM}?class={cast.class_one.pk}" in text(first)
    names = teacher.get(WHOM)
    address = reverse("request-for", args=[cast.students.key.pk])
    assert address in text(names)
    asking = teacher.get(address)
    assert "?about=studying" in text(asking) and f'href="{WHOM}"' in text(asking)
    back = ask(teacher, cast.students.key)
    assert back.redirect_chain[-1][0] == WHOM and "收到了" in text(back)
    assert HelpRequest.objects.get().asked_by == cast.users["subject_teacher"]


def test_nothing_of_a_child_is_shown_but_name_and_class(cast, teacher):
    for page in (teacher.get(WHOM), teacher.get(reverse("request-for", args=[cast.students.key.pk]))):
        shown = main_of(page)
        assert "周晓禾" in shown
        own_page = f'href="{reverse("student", args=[cast.students.key.pk])}"'
        for more in ("●", cast.students.key.code, "138****", "周桂兰", "重点", own_page):
            assert more not in shown


def test_only_children_of_the_taught_classes_stand_there_and_others_cannot_be_asked_for(cast, teacher):
    shown = main_of(teacher.get(WHOM, {"class": cast.class_two.pk}))
    assert cast.students.plain.name not in shown and "周晓禾" in shown
    for other in (cast.students.plain, cast.students.far):
        assert ask(teacher, other).status_code == 404
    assert not HelpRequest.objects.exists()


def test_of_several_classes_one_is_chosen(cast):
    cast.teach("subject_teacher", cast.class_one, cast.class_two)
    teacher = cast.client("subject_teacher")
    assert "周晓禾" in main_of(teacher.get(WHOM))
    second = main_of(teacher.get(WHOM, {"class": cast.class_two.pk}))
    assert cast.students.plain.name in second and "周晓禾" not in second


def test_how_it_goes_on_stands_below_and_whoever_asked_says_whether_it_helped(cast, teacher):
    ask(teacher, cast.students.key)
    request = HelpRequest.objects.get()
    holder = next(name for name, user in cast.users.items() if user == request.holder)
    step = reverse("request-step", args=[request.pk])
    cast.client(holder).post(step, {"do": "take", "text": "今天就找他聊"})
    cast.client(holder).post(step, {"do": "solve", "text": "换到了前排"})
    below = main_of(teacher.get(WHOM))
    assert "换到了前排" in below and "帮上你了吗" in below
    said = reverse("request-said-for", args=[request.pk])
    assert cast.client("deputy").post(said, {"helped": "yes"}).status_code == 404
    assert teacher.post(said, {"helped": "yes"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.helped) == ("done", "yes")
    assert "换到了前排" not in main_of(teacher.get(WHOM))


def test_somebody_elses_request_is_not_answered_for_them(cast, teacher):
    ask(cast.client("class_teacher"), cast.students.key)
    said = reverse("request-said-for", args=[HelpRequest.objects.get().pk])
    assert teacher.post(said, {"helped": "yes"}).status_code == 404
    assert "这两周上课总走神" not in text(teacher.get(WHOM))


@pytest.mark.parametrize("by", ["guardian", "student", "finance_maker", "system_admin"])
def test_nobody_without_the_right_opens_the_list(cast, by):
    assert cast.client(by).get(WHOM).status_code in (403, 404)


def test_without_lessons_any_more_there_is_no_child_to_ask_for(cast, teacher):
    Teaching.objects.filter(staff=cast.staff["subject_teacher"]).delete()
    assert teacher.get(WHOM).status_code == 403


def test_a_full_class_takes_as_many_queries_as_a_small_one(cast, teacher):
    ask(teacher, cast.students.key)
    teacher.get(WHOM)
    with CaptureQueriesContext(connection) as few:
        teacher.get(WHOM)
    for number in range(20):
        ask(teacher, cast.add_student(f"同学{number}", cast.class_one))
    with CaptureQueriesContext(connection) as many:
        teacher.get(WHOM)
    assert len(many) == len(few)
