"""The pages of the visits to classes, without JavaScript."""

import pytest
from django.urls import reverse

from tongxing.care.screening.models import ClassVisit, Nomination
from tongxing.doors.web.tests.test_screening import exam, round, text  # noqa: F401  # fixtures

CLIENT = "7b1c1f8e-1111-4111-8111-111111111121"


@pytest.fixture
def sent(cast):
    return {
        "client_id": CLIENT,
        "on": "2026-11-24",
        "visitors": [cast.staff["head"].pk],
        "asked": ["students"],
        "noticed": "后排两扇窗关不严",
        f"words-{cast.students.plain.pk}": "作业本用完没有买新的",
    }


@pytest.fixture
def address(cast):
    return reverse("screening-visit", args=[cast.class_two.pk])


def test_a_visit_is_written_down_and_the_class_no_longer_waits(cast, round, sent, address):  # noqa: F811
    browser = cast.client("coordinator")
    assert "本学期还有 2 个班没去看过" in text(browser.get(reverse("screening")))
    assert "苏苗苗" in text(browser.get(address))
    page = text(browser.post(address, sent, follow=True))
    assert "还有 1 个班等人去看看" in page
    assert "顾言" in page
    assert "作业本用完没有买新的" in page
    assert Nomination.objects.get().student == cast.students.plain


def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast, sent, address):
    response = cast.client("head").post(address, {**sent, "asked": []})
    assert response.status_code == 422
    assert "作业本用完没有买新的" in response.content.decode()
    late = cast.client("head").post(address, {**sent, "on": "2026-12-24"})
    assert "这个日期不对" in late.content.decode()
    assert not ClassVisit.objects.exists()


def test_a_visit_is_withdrawn_with_its_reason(cast, sent, address):
    browser = cast.client("head")
    browser.post(address, sent)
    withdraw = reverse("screening-visit-withdraw", args=[ClassVisit.objects.get().pk])
    assert cast.client("outsider").post(withdraw, {"reason": "选错了"}).status_code == 404
    assert browser.post(withdraw, {"reason": ""}).status_code == 422
    assert "还有 2 个班等人去看看" in text(browser.post(withdraw, {"reason": "班级选错了"}, follow=True))


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "finance_maker"])
def test_others_have_no_page_of_visits(cast, address, role):
    for page in (address, reverse("screening-visits")):
        assert cast.client(role).get(page).status_code == 403


def test_a_class_of_another_school_is_not_visited_here(cast, sent, address):
    assert cast.client("outsider").post(address, sent).status_code == 404
    assert not ClassVisit.objects.exists()
