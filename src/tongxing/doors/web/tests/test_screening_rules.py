"""The pages of the rules, without JavaScript: in words, tried out, saved."""

import pytest
from django.urls import reverse

from tongxing.care.screening.models import Looked, RuleVersion
from tongxing.doors.web.tests.test_screening import exam, round, text  # noqa: F401  # fixtures

SENT = {
    "failed_on": "on", "low_on": "on", "absence_on": "on", "late_on": "on", "conduct_on": "on", "home_on": "on",
    "failed_at_least": 3, "failed_serious": 5, "pass_share": 60, "low_at_least": 3, "absence_amber": 5,
    "absence_red": 10, "absence_days": 10, "late_at_least": 5, "late_serious": 10, "conduct_at_least": 3,
    "conduct_serious": 6, "lowest_bands": "E 待合格", "low_bands": "D", "full_marks_of": "语文 120，数学120",
}  # fmt: skip


def test_the_rules_are_told_with_their_thresholds(cast, round):  # noqa: F811
    page = text(cast.client("deputy").get(reverse("screening-rules")))
    assert "满 5 % 提醒，满 10 % 算较重" in page
    assert "这里不拿分数比较同学" in page


def test_moved_lines_show_before_and_after_and_save_nothing(cast, round):  # noqa: F811
    page = text(cast.client("coordinator").get(reverse("screening-rules-try"), {"show": "1", **SENT}))
    assert "会不再列入" in page
    assert "苏苗苗" in page
    assert not RuleVersion.objects.exists()
    round.refresh_from_db()
    assert round.rule_set.failed_subjects.at_least == 2


def test_what_was_shown_is_saved_with_one_button_as_a_version(cast, round):  # noqa: F811
    browser = cast.client("coordinator")
    page = text(browser.post(reverse("screening-rules-save"), {**SENT, "note": "语文满分 120"}, follow=True))
    assert "第 1 版" in page
    assert "石磊" in page
    round.refresh_from_db()
    assert round.rule_set.failed_subjects.full_marks_of == {"语文": 120.0, "数学": 120.0}
    assert round.rule_set.failed_subjects.lowest_bands == ("E", "待合格")
    assert Looked.objects.get(student=cast.students.plain).outcome == "cleared"
    back = text(browser.get(reverse("screening-rules-try"), {"base": "defaults"}))
    assert "会新列入" in back
    assert "苏苗苗" in back


def test_a_rule_can_be_switched_off(cast, round):  # noqa: F811
    sent = {name: value for name, value in SENT.items() if name not in {"failed_on", "low_on"}}
    cast.client("coordinator").post(reverse("screening-rules-save"), sent)
    round.refresh_from_db()
    assert (round.rule_set.failed_subjects.on, round.rule_set.absence.on) == (False, True)


def test_lines_that_contradict_each_other_are_refused_in_words(cast, round):  # noqa: F811
    browser = cast.client("coordinator")
    wrong = browser.get(reverse("screening-rules-try"), {"show": "1", **SENT, "absence_red": 4})
    assert wrong.status_code == 422
    assert "互相矛盾" in wrong.content.decode()
    assert browser.post(reverse("screening-rules-save"), {**SENT, "absence_red": 4}).status_code == 422
    assert not RuleVersion.objects.exists()


def test_a_saved_version_can_be_tried_again_and_one_that_is_not_there_is_404(cast, round):  # noqa: F811
    browser = cast.client("coordinator")
    browser.post(reverse("screening-rules-save"), SENT)
    assert "这是现在用的规则" in text(browser.get(reverse("screening-rules-try"), {"base": "1"}))
    assert browser.get(reverse("screening-rules-try"), {"base": "7"}).status_code == 404


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor"])
def test_others_try_and_save_no_rules(cast, round, role):  # noqa: F811
    browser = cast.client(role)
    for response in (
        browser.get(reverse("screening-rules")),
        browser.get(reverse("screening-rules-try"), {"show": "1", **SENT}),
        browser.post(reverse("screening-rules-save"), SENT),
    ):
        assert response.status_code == 403
    assert not RuleVersion.objects.exists()


def test_before_the_first_round_rules_can_be_tried_and_saved_too(cast, exam):  # noqa: F811
    browser = cast.client("head")
    assert "苏苗苗" in text(browser.get(reverse("screening-rules-try"), {"show": "1", **SENT}))
    assert "下一轮按这套规则看" in text(browser.post(reverse("screening-rules-save"), SENT, follow=True))
