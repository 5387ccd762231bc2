"""The class teacher's page and the pages of requests, without JavaScript."""

import datetime

import pytest
from django.urls import reverse

from tongxing.care.screening import actions
from tongxing.care.screening.actions import Said
from tongxing.care.screening.models import ClassDone, Looked, Nomination
from tongxing.doors.web.tests.test_screening import exam, round, text  # noqa: F401  # fixtures

WORDS = "3 次未交作业"


@pytest.fixture
def address(cast):
    return reverse("screening-class", args=[cast.class_two.pk])


@pytest.fixture
def unseen(cast, round):  # noqa: F811
    return cast.add_student("江小满", cast.class_two, enrolled_on=datetime.date(2026, 11, 26))


def test_a_class_teacher_is_led_to_the_own_class(cast, round, address):  # noqa: F811
    page = cast.client("other_class_teacher").get(reverse("screening"), follow=True)
    assert page.redirect_chain[-1][0] == address
    assert "初一(2)班：还有 1 位同学等您说一句" in text(page)
    assert "3 门里有 2 门在最低一档" in text(page)


def test_the_whole_class_is_answered_with_one_button(cast, unseen, address):
    plain, browser = cast.students.plain, cast.client("other_class_teacher")
    page = text(browser.get(address))
    assert page.index("江小满") < page.index("苏苗苗"), "the unlooked first"
    assert "11月26日 周四转入" in page
    sent = {f"choice-{plain.pk}": "as_proposed", f"choice-{unseen.pk}": "seen"}
    response = browser.post(address, sent, follow=True)
    assert "初一(2)班 已看完：每个孩子都看过了" in text(response)
    assert Looked.objects.get(student=plain).decision == "confirmed_normal"
    overview = text(cast.client("head").get(reverse("screening")))
    assert "邵明 已看完" in overview
    assert "2 个班中，已有 1 个班由班主任看完" in overview


def test_a_missing_word_keeps_everything_typed(cast, unseen, address):
    plain = cast.students.plain
    sent = {f"choice-{plain.pk}": "not_now", f"choice-{unseen.pk}": "key", f"words-{unseen.pk}": WORDS}
    response = cast.client("other_class_teacher").post(address, sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "请为苏苗苗写一句" in page
    assert WORDS in page
    assert not Looked.objects.filter(student=unseen).exists()


def test_what_makes_no_sense_is_refused(cast, round, address):  # noqa: F811
    sent = {f"choice-{cast.students.plain.pk}": "urgent"}
    assert cast.client("other_class_teacher").post(address, sent).status_code == 422
    assert not ClassDone.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("class_teacher", 404), ("outsider", 404), ("helper", 403), ("counsellor", 403), ("deputy", 200)],
)
def test_the_class_opens_for_its_teacher_and_the_leading_group_only(cast, round, address, role, status):  # noqa: F811
    assert cast.client(role).get(address).status_code == status


def test_a_class_teacher_reads_no_hardship_reason_and_no_other_class(cast, round, address):  # noqa: F811
    page = text(cast.client("other_class_teacher").get(address))
    assert "周晓禾" not in page
    assert "初一(1)班" not in page


def test_before_the_first_round_a_child_can_be_named_already(cast, address):
    assert "这一轮还没有开始" in text(cast.client("other_class_teacher").get(address))


# --- requests ---


def test_a_helper_asks_for_the_own_student_and_reads_the_answer(cast):
    browser = cast.client("helper")
    assert "周晓禾" in text(browser.get(reverse("screening-ask")))
    ask = reverse("screening-ask-for", args=[cast.students.key.pk])
    form = browser.get(ask).content.decode()
    assert "这是谁的话" not in form
    client_id = form.split('name="client_id" value="')[1].split('"')[0]
    response = browser.post(ask, {"client_id": client_id, "words": WORDS}, follow=True)
    assert "已经记下，等候答复" in text(response)
    browser.post(ask, {"client_id": client_id, "words": WORDS})
    one = Nomination.objects.get()
    page = text(cast.client("coordinator").get(reverse("screening-requests")))
    assert "1 条提请等着答复" in page
    assert WORDS in page
    answer = reverse("screening-answer", args=[one.pk])
    cast.client("coordinator").post(answer, {"do": "answer", "words": "唐老师先去家访"})
    assert "唐老师先去家访" in text(browser.get(reverse("screening-requests")))


def test_a_request_nobody_answered_shows_with_its_date_where_the_leading_group_looks(cast, round):  # noqa: F811
    levels = dict.fromkeys(round.looked.values_list("student_id", flat=True), "normal")
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    said = Said(WORDS, on=datetime.date(2026, 11, 20))
    one = actions.nominate(cast.actor("class_teacher"), student=cast.students.key, said=said)
    page = text(cast.client("head").get(reverse("screening")))
    assert "1 条提请等着答复" in page
    assert "11月20日" in page
    response = cast.client("deputy").post(
        reverse("screening-answer", args=[one.pk]), {"do": "take"}, follow=True
    )
    assert "已列入本轮" in text(response)


def test_a_word_that_judges_brings_a_hint_once_and_is_no_block(cast):
    browser, ask = cast.client("class_teacher"), reverse("screening-ask-for", args=[cast.students.key.pk])
    sent = {"client_id": "7b1c1f8e-1111-4111-8111-111111111111", "words": "上课态度不好", "level": "normal"}
    response = browser.post(ask, sent)
    assert "“态度”是评语" in text(response)
    assert not Nomination.objects.exists()
    assert browser.post(ask, {**sent, "hinted": "1"}).status_code == 302
    assert Nomination.objects.get().words == "上课态度不好"


def test_a_paper_slip_is_keyed_in_by_the_class_teacher(cast):
    ask = reverse("screening-ask-for", args=[cast.students.key.pk])
    sent = {
        "client_id": "7b1c1f8e-1111-4111-8111-111111111112", "words": "想有人陪我说说话", "level": "normal",
        "source": "student", "by": "", "on": "2026-11-20",
    }  # fmt: skip
    cast.client("class_teacher").post(ask, sent)
    one = Nomination.objects.get()
    assert (one.source, one.said_on, one.written_by) == (
        "student",
        datetime.date(2026, 11, 20),
        cast.users["class_teacher"],
    )


def test_a_guardian_asks_for_the_own_child_from_the_first_page(cast):
    browser = cast.client("guardian")
    assert reverse("screening-ask") in text(browser.get(reverse("home"), follow=True))
    assert "周晓禾" in text(browser.get(reverse("screening-ask")))
    far = reverse("screening-ask-for", args=[cast.students.plain.pk])
    assert browser.get(far).status_code == 404


@pytest.mark.parametrize("role", ["finance_maker", "student", "county_supervisor", "system_admin"])
def test_others_have_no_page_of_requests(cast, role):
    for name in ("screening-requests", "screening-ask"):
        assert cast.client(role).get(reverse(name)).status_code == 403


def test_a_request_of_another_school_is_not_there(cast):
    one = actions.nominate(cast.actor("outsider"), student=cast.students.far, said=Said(WORDS))
    assert (
        cast.client("head").post(reverse("screening-answer", args=[one.pk]), {"do": "take"}).status_code
        == 404
    )
    assert cast.client("class_teacher").post(reverse("screening-answer", args=[one.pk])).status_code == 403


def test_a_child_is_found_by_initials_and_named(cast, round):  # noqa: F811
    quiet = cast.add_student("柳星", cast.class_two, pinyin="liuxing", initials="lx")
    for n in range(15):
        cast.add_student(f"学生{n}", cast.class_two)
    browser = cast.client("coordinator")
    page = text(browser.get(reverse("screening-ask"), {"q": "lx"}))
    assert "柳星" in page
    assert "学生3" not in page
    sent = {
        "client_id": "7b1c1f8e-1111-4111-8111-111111111113",
        "words": "最近常常一个人坐着",
        "level": "normal",
    }
    ask = reverse("screening-ask-for", args=[quiet.pk])
    assert browser.post(ask, sent)["Location"] == reverse("screening-candidates")
    assert Looked.objects.get(student=quiet).decision == "pending"
    assert browser.post(reverse("screening-ask-for", args=[cast.students.far.pk]), sent).status_code == 404
