"""The two pages on whether help helped: of the school, and of one child."""

import datetime
import re

import pytest
from django.urls import reverse

from tongxing.doors.web.effects import in_words
from tongxing.ground.records.models import Exam, Score
from tongxing.oversight.insight.effect import Effect, Moves


def sat(cast, student, *, first="D", second="C"):
    for name, day, band in (("第一次", 20, first), ("第二次", 25, second)):
        exam, _new = Exam.objects.get_or_create(
            school=cast.school,
            term=cast.term,
            name=name,
            kind="other",
            held_on=datetime.date(2026, 10, day),
        )
        Score.objects.create(school=cast.school, exam=exam, student=student, subject="数学", grade=band)


def test_the_head_finds_it_on_the_overview_and_few_children_say_nothing(cast):
    sat(cast, cast.students.key)
    assert reverse("effects") in cast.client("head").get(reverse("overview")).content.decode()
    page = cast.client("head").get(reverse("effects")).content.decode()
    assert page.count("目前看不出差别") == 4 and "任何数字都可能只是碰巧" in page


def test_without_two_exams_the_page_says_what_to_do(cast):
    page = cast.client("head").get(reverse("effects")).content.decode()
    assert "需要两次考试的成绩" in page and reverse("import") in page


def test_two_exams_are_chosen_and_nonsense_is_the_last_two(cast):
    sat(cast, cast.students.key)
    one, two = Exam.objects.order_by("held_on")
    for query in (
        {"from": two.pk, "to": one.pk},
        {"from": "x", "to": 999_999},
        {"from": one.pk, "to": one.pk},
    ):
        page = cast.client("head").get(reverse("effects"), query)
        assert page.status_code == 200 and "第一次 → 第二次" in page.content.decode()


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "guardian", "county_supervisor"])
def test_nobody_else_opens_it(cast, role):
    assert cast.client(role).get(reverse("effects")).status_code == 403


def test_a_helper_reads_how_it_went_on_and_nothing_like_a_rank(cast):
    sat(cast, cast.students.key)
    address = reverse("student-progress", args=[cast.students.key.pk])
    assert (
        address in cast.client("helper").get(reverse("student", args=[cast.students.key.pk])).content.decode()
    )
    page = cast.client("helper").get(address).content.decode()
    assert "D → C" in page and "起点相近的同学太少" in page
    assert not re.search("名次|第[0-9]+名|进步最", page)


def test_of_one_child_too_any_two_exams_it_sat_are_chosen_and_nonsense_is_the_last_two(cast):
    exams = three_exams(cast)
    address = reverse("student-progress", args=[cast.students.key.pk])
    client = cast.client("helper")
    assert chosen_in(client.get(address)) == [exams[1].pk, exams[2].pk]
    asked = {"from": exams[2].pk, "to": exams[0].pk}
    assert chosen_in(client.get(address, asked)) == [exams[0].pk, exams[2].pk], "the earlier one first"
    Score.objects.filter(exam=exams[0], student=cast.students.key).delete()
    asked = {"from": exams[0].pk, "to": exams[2].pk}
    page = client.get(address, asked).content.decode()
    assert "<select" not in page and exams[1].name in page, "one that the child did not sit is not offered"


def three_exams(cast) -> list[Exam]:
    sat(cast, cast.students.key)
    later = Exam.objects.create(
        school=cast.school, term=cast.term, name="第三次", kind="other", held_on=datetime.date(2026, 11, 10)
    )
    Score.objects.create(school=cast.school, exam=later, student=cast.students.key, subject="数学", grade="B")
    return list(Exam.objects.order_by("held_on"))


def chosen_in(answer) -> list[int]:
    return [int(one) for one in re.findall(r'value="(\d+)" selected', answer.content.decode())]


def test_of_another_child_there_is_no_page(cast):
    sat(cast, cast.students.plain)
    address = reverse("student-progress", args=[cast.students.plain.pk])
    assert cast.client("helper").get(address).status_code == 404
    assert cast.client("counsellor").get(address).status_code in {403, 404}  # no right to results


def test_a_child_with_one_exam_has_a_kind_empty_page(cast):
    page = cast.client("helper").get(reverse("student-progress", args=[cast.students.key.pk]))
    assert "需要两次考试的成绩" in page.content.decode()


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-0.1, 0.3, "看不出差别"), (0.1, 0.5, "走得更远"), (-0.5, -0.1, "走得慢一些")],
)
def test_the_sentence_says_what_the_interval_allows(low, high, words):
    assert words in in_words(Effect((low + high) / 2, low, high, 30, 200), None)


def test_bands_are_told_as_movement_and_nothing_at_all_as_no_difference():
    told = in_words(None, Moves({"up": 12, "same": 8, "down": 0}, {"up": 5.2, "same": 10, "down": 4.8}, 20))
    assert "20 科次里有 12 科次升了等级" in told and "5" in told
    assert "看不出差别" in in_words(None, None)
