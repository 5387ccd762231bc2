"""The pages of the rounds: which there were, opening the next, what has changed."""

import pytest
from django.urls import reverse

from tongxing.care.screening import actions
from tongxing.care.screening.models import Round
from tongxing.doors.web.tests.test_screening import exam, round, score, text  # noqa: F401  # fixtures
from tongxing.ground.people.models import Registration
from tongxing.ground.records.models import Score
from tongxing.oversight.insight.facts import school_facts


@pytest.fixture
def approved(cast, round):  # noqa: F811
    levels = dict.fromkeys(round.looked.values_list("student_id", flat=True), "normal")
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    return round


def test_the_next_round_is_offered_once_the_last_is_approved(cast, round):  # noqa: F811
    assert "开始第 2 轮" not in text(cast.client("coordinator").get(reverse("screening-rounds")))
    levels = dict.fromkeys(round.looked.values_list("student_id", flat=True), "normal")
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    assert "开始第 2 轮" in text(cast.client("coordinator").get(reverse("screening-rounds")))


def test_opening_a_round_leads_to_what_has_changed(cast, approved):
    Score.objects.filter(student=cast.students.plain).update(grade="良")
    response = cast.client("coordinator").post(reverse("screening-open"), {"number": "2"}, follow=True)
    page = text(response)
    assert "第 2 轮开始了" in page
    assert "已不再有" in page
    assert "3 门里有 2 门在最低一档" in page
    assert "第 2 轮" in text(cast.client("head").get(reverse("screening")))


@pytest.mark.parametrize("number", ["", "x", "3"])
def test_a_number_that_makes_no_sense_is_refused_in_words(cast, approved, number):
    assert cast.client("head").post(reverse("screening-open"), {"number": number}).status_code == 422
    assert Round.objects.count() == 1


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "finance_maker"])
def test_others_open_no_round(cast, approved, role):
    assert cast.client(role).post(reverse("screening-open"), {"number": "2"}).status_code == 403
    assert Round.objects.count() == 1


def test_the_rounds_of_another_school_are_not_there(cast, approved):
    address = reverse("screening-compare", args=[approved.pk])
    assert cast.client("outsider").get(address).status_code == 404
    assert "这是第一轮" in text(cast.client("deputy").get(address))


def test_the_overview_counts_the_newest_round_and_a_past_moment_its_own(cast, approved, at_school):
    def looked(moment):
        return len(school_facts(cast.actor("head"), cast.school, cast.term, moment).looked)

    before = approved.approved_at
    at_school.shift(3600 * 24)
    Score.objects.filter(student=cast.students.plain).delete()
    Registration.objects.filter(student=cast.students.plain).delete()
    second = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    assert (looked(before), looked(second.opened_at)) == (3, 2)
