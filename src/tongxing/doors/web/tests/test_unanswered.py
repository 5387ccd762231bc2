"""The list of family words that wait for an answer: from the first page, answered there, settled and taken back."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.family import messages
from tongxing.care.family.models import FamilyMessage
from tongxing.ground.people.models import Guardian, Student

LIST = reverse("unanswered")


@pytest.fixture
def words(cast) -> FamilyMessage:
    child = Student.objects.select_related("key", "school").get(pk=cast.students.key.pk)
    return messages.reply(
        cast.actor("guardian"), student=child, text="他这几天咳嗽，请多留意", client_id=uuid4()
    )


def text(response) -> str:
    return response.content.decode()


def post(browser, name, words, **sent):
    return browser.post(reverse(name, args=[words.pk]), {"client_id": uuid4()} | sent)


def test_the_class_teacher_finds_them_in_one_tap_from_the_first_page_while_something_waits(cast, words):
    browser = cast.client("class_teacher")
    home = text(browser.get(reverse("week")))
    assert f'href="{LIST}"' in home and "有 1 位家长在等回复" in home
    page = text(browser.get(LIST))
    assert "他这几天咳嗽" in page and "周晓禾" in page and "奶奶 周桂兰" in page and "今天" in page
    post(browser, "words-answer", words, text="好的，我看着他。")
    assert f'href="{LIST}"' not in text(browser.get(reverse("week")))
    assert "没有家长在等回复" in text(browser.get(LIST))


def test_answered_from_the_list_it_stands_at_the_familys_door(cast, words):
    done = post(cast.client("helper"), "words-answer", words, text="好的，我看着他。")
    assert done["Location"] == LIST
    door = text(cast.client("guardian").get(reverse("family-words", args=[words.student_id])))
    assert "好的，我看着他。" in door


def test_an_empty_or_too_long_answer_is_said_beside_the_field_and_nothing_typed_is_lost(cast, words):
    browser = cast.client("class_teacher")
    for typed in ("", "字" * 501):
        answer = post(browser, "words-answer", words, text=typed)
        assert answer.status_code == 422 and 'class="field wrong"' in text(answer) and typed in text(answer)
    assert not FamilyMessage.objects.filter(from_family=False).exists()


def test_spoken_about_it_leaves_the_list_and_comes_back_at_a_tap(cast, words):
    browser = cast.client("class_teacher")
    told = text(browser.post(reverse("words-settle", args=[words.pk]), follow=True))
    assert "当面或电话里说过" in told and "撤回" in told and "他这几天咳嗽" not in told
    assert "已经说过" in text(browser.get(reverse("student-door", args=[words.student_id])))
    browser.post(reverse("words-settle", args=[words.pk]), {"again": "1"})
    assert "他这几天咳嗽" in text(browser.get(LIST))


def test_the_ready_answer_read_it_all_right_waits_for_nothing_and_please_call_does(cast):
    child = cast.students.key
    guardian, at_door = cast.client("guardian"), reverse("family-words", args=[child.pk])
    guardian.post(at_door, {"client_id": uuid4(), "ready": "yes", "text": ""})
    assert "没有家长在等回复" in text(cast.client("helper").get(LIST))
    guardian.post(at_door, {"client_id": uuid4(), "ready": "call", "text": ""})
    assert "请给我打电话" in text(cast.client("helper").get(LIST))


def test_who_sees_to_the_whole_school_finds_that_it_waits_without_the_words(cast, words):
    browser = cast.client("coordinator")
    assert f'href="{LIST}"' in text(browser.get(reverse("invitations")))
    page = text(browser.get(LIST))
    assert "周晓禾" in page and "他这几天咳嗽" not in page
    assert reverse("words-answer", args=[words.pk]) not in page


def test_nobody_else_sees_answers_or_settles_them(cast, words):
    Guardian.objects.filter(name="周桂兰").update(reads=True)
    for by, status in (("other_class_teacher", 404), ("guardian", 403), ("counsellor", 403)):
        for name in ("words-answer", "words-settle"):
            assert post(cast.client(by), name, words, text="…").status_code == status
    assert "他这几天咳嗽" not in text(cast.client("other_class_teacher").get(LIST))
    assert FamilyMessage.objects.unanswered().count() == 1
