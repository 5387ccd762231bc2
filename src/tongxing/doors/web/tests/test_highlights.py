"""宋桥 teaches in 初一(1) and taps a name after the lesson; nothing else of the file opens to her."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts.models import Contact


@pytest.fixture
def teacher(cast):
    cast.teach("other_teacher", cast.class_one)
    return cast.client("other_teacher")


def address(cast, student="key"):
    return reverse("student-highlight", args=[getattr(cast.students, student).pk])


def tap(browser, cast, student="key", **changes):
    form = {"client_id": str(uuid4()), "phrase": "0", "words": "", "back": "class"} | changes
    return browser.post(address(cast, student), form)


def text(response):
    return response.content.decode()


def seen():
    return [contact.revisions.get().body["seen"] for contact in Contact.objects.order_by("pk")]


def test_the_first_page_of_a_subject_teacher_is_the_class_and_one_tap_notes(cast, teacher):
    assert teacher.get(reverse("home"))["Location"] == reverse("highlights")
    page = text(teacher.get(reverse("highlights")))
    assert "周晓禾" in page and "孟宇航" in page and "苏苗苗" not in page and "●" not in page
    assert tap(teacher, cast).status_code == 302
    assert seen() == ["主动举手回答"]
    assert "主动举手回答" in text(teacher.get(reverse("highlights")))


def test_own_words_stand_alone_or_behind_the_phrase(cast, teacher):
    tap(teacher, cast, phrase="", words="给同桌讲题讲了三遍")
    tap(teacher, cast, phrase="1", words="抬桌子")
    assert seen()[0] == "给同桌讲题讲了三遍" and seen()[1].endswith("；抬桌子")
    assert tap(teacher, cast, phrase="99").status_code == 422
    assert tap(teacher, cast, client_id="x").status_code == 422


def test_a_tap_is_undone_from_the_same_page(cast, teacher):
    tap(teacher, cast)
    contact = Contact.objects.get()
    undo = reverse("highlight-undo", args=[contact.pk])
    assert undo in text(teacher.get(reverse("highlights")))
    assert cast.client("class_teacher").post(undo).status_code == 404
    assert teacher.post(undo).status_code == 302
    contact.refresh_from_db()
    assert contact.withdrawn


def test_lessons_open_no_page_of_the_file(cast, teacher):
    for name in ("student", "record-new"):
        address = reverse(name, args=[cast.students.key.pk])
        assert teacher.get(address).status_code in {403, 404}
    assert teacher.get(reverse("students")).status_code == 403
    for student in ("plain", "far"):
        assert tap(teacher, cast, student).status_code == 404


def test_a_helper_notes_on_the_students_page_and_comes_back_to_it(cast):
    helper, page = cast.client("helper"), reverse("student", args=[cast.students.key.pk])
    assert address(cast) in text(helper.get(page))
    assert tap(helper, cast, back="student")["Location"] == page
    assert reverse("highlight-undo", args=[Contact.objects.get().pk]) in text(helper.get(page))


def test_the_list_offers_the_tap_and_names_taught_students_without_a_way_to_their_file(cast):
    cast.teach("helper", cast.class_one)
    page = text(cast.client("helper").get(reverse("students")))
    assert address(cast) in page and address(cast, "normal") in page
    assert reverse("student", args=[cast.students.normal.pk]) + '"' not in page


def test_enter_in_the_words_notes_nobody(cast, teacher):
    response = teacher.post(reverse("highlights"), {"words": "唱得真好", "phrase": ""})
    assert response.status_code == 200 and "唱得真好" in text(response) and not Contact.objects.exists()
