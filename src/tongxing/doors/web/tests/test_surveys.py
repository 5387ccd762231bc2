"""Forms of interviews and surveys over HTTP: made, filled in on the phone and from paper, printed empty."""

import io
from uuid import uuid4

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.profiles.models import Survey, SurveyAnswers
from tongxing.care.profiles.survey_actions import take_ready
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent


def text(response):
    return response.content.decode()


@pytest.fixture
def survey(cast):
    return take_ready(SYSTEM, school=cast.school, code="interests")


def agree(cast, student):
    facts = {"purpose": "survey", "given_by": "奶奶", "student_agreed": True}
    return give_consent(SYSTEM, student=student, **facts)


def fill(cast, survey, by="helper", student=None, **said):
    address = reverse("survey-fill", args=[(student or cast.students.key).pk, survey.pk])
    sent = {"client_id": uuid4(), "asked_on": "2026-11-25", "likes": "看书", "group": "剪纸"} | said
    return cast.client(by).post(address, sent, follow=True)


def topics(*labels, **more):
    sent = {"t-TOTAL_FORMS": str(len(labels)), "t-INITIAL_FORMS": more.pop("initial", "0")}
    return sent | {f"t-{number}-label": label for number, label in enumerate(labels)} | more


def test_who_leads_takes_a_ready_form_and_a_class_teacher_finds_it(cast):
    lead = cast.client("coordinator")
    assert "兴趣和特长" in text(lead.get(reverse("surveys")))
    lead.post(reverse("survey-ready"), {"ready": "interests"})
    page = text(cast.client("class_teacher").get(reverse("surveys")))
    assert "兴趣和特长" in page and 'name="ready"' not in page
    assert cast.client("class_teacher").post(reverse("survey-ready"), {"ready": "home"}).status_code == 403


def test_a_form_is_made_and_changed_topic_by_topic(cast):
    lead = cast.client("head")
    choices = {"t-1-choices": "九点前、十点后", "t-1-essential": "on"}
    sent = {"client_id": uuid4(), "title": "晚上", "asked": "guardian"} | topics(
        "几点吃饭", "几点睡", "", **choices
    )
    page = text(lead.post(reverse("survey-new"), sent, follow=True))
    assert "九点前 / 十点后" in page and "问家里" in page
    made = Survey.objects.get()
    edit = reverse("survey-edit", args=[made.pk])
    codes = {"t-0-code": "t1", "t-1-code": "t2"} | choices
    sent = {"client_id": uuid4(), "title": "晚上和周末", "after": "1"}
    lead.post(edit, sent | topics("晚饭几点吃", "几点睡", "周末呢", initial="2", **codes))
    assert [one.label for one in Survey.objects.get().current.questions] == ["晚饭几点吃", "几点睡", "周末呢"]
    page = text(lead.get(reverse("survey", args=[made.pk])))
    assert "以前的问法" in page and "几点吃饭" in page


def test_a_form_that_does_not_fit_says_why_and_keeps_what_was_typed(cast):
    sent = {"client_id": uuid4(), "title": "晚上", "asked": "guardian"} | topics(
        "几点睡", **{"t-0-choices": "九点"}
    )
    response = cast.client("head").post(reverse("survey-new"), sent)
    assert (
        response.status_code == 422
        and "只有一个选项" in text(response)
        and 'value="几点睡"' in text(response)
    )
    assert not Survey.objects.exists()


def test_ending_a_form_has_a_way_back(cast, survey):
    lead, end = cast.client("coordinator"), reverse("survey-end", args=[survey.pk])
    page = text(lead.post(end, follow=True))
    assert "不再使用，以前的回答都留着" in page and 'name="runs"' in page
    lead.post(end, {"runs": "1"})
    assert Survey.objects.running().exists()


def test_without_the_familys_word_the_page_leads_to_noting_it(cast, survey):
    page = text(cast.client("helper").get(reverse("survey-fill", args=[cast.students.key.pk, survey.pk])))
    assert "还没有同意" in page and reverse("consents", args=[cast.students.key.pk]) in page
    assert "<textarea" not in page
    response = fill(cast, survey)
    assert response.status_code == 422 and not SurveyAnswers.objects.exists()


def test_a_teacher_fills_in_a_form_on_the_phone_and_it_stands_in_the_file_with_an_undo(cast, survey):
    agree(cast, cast.students.key)
    page = text(fill(cast, survey))
    assert "记下了" in page and "看书" in page and "剪纸" in page and "林岚" in page
    answers = SurveyAnswers.objects.get()
    page = text(cast.client("helper").post(reverse("answers-back", args=[answers.pk]), follow=True))
    assert "看书" not in page and not SurveyAnswers.objects.standing().exists()


def test_a_wrong_answer_is_named_beside_its_field_and_the_rest_is_kept(cast, survey):
    agree(cast, cast.students.key)
    response = fill(cast, survey, asked_on="2026-11-26", likes="看科普书")
    assert response.status_code == 422 and "这一天还没到" in text(response) and "看科普书" in text(response)


@pytest.mark.parametrize(
    ("by", "status"),
    [("other_class_teacher", 404), ("other_teacher", 403), ("guardian", 403), ("outsider", 404)],
)
def test_nobody_else_fills_in(cast, survey, by, status):
    agree(cast, cast.students.key)
    assert fill(cast, survey, by).status_code == status
    assert not SurveyAnswers.objects.exists()


def test_danger_in_an_answer_tells_the_writer_at_once_who_helps(cast, survey):
    agree(cast, cast.students.key)
    page = text(fill(cast, survey, likes="有时候觉得不想活了"))
    assert "/caught/" in fill(cast, survey, likes="不想活了").redirect_chain[0][0] and "12356" in page


def test_a_round_on_paper_is_keyed_in_for_the_class_each_child_by_itself(cast, survey):
    key, normal = cast.students.key, cast.students.normal
    agree(cast, key)
    address = reverse("survey-class", args=[survey.pk, cast.class_one.pk])
    teacher = cast.client("class_teacher")
    page = text(teacher.get(address))
    assert "还有 1 家没有同意" in page and reverse("consents", args=[normal.pk]) in page
    agree(cast, normal)
    sent = {"client_id": uuid4(), "asked_on": "2026-11-20", f"s{key.pk}-likes": "看书"}
    response = teacher.post(address, sent | {f"s{normal.pk}-likes": "字" * 501})
    assert response.status_code == 422 and "已保存：" in text(response) and "字" * 501 in text(response)
    assert SurveyAnswers.objects.get().from_paper
    response = teacher.post(address, sent | {f"s{normal.pk}-likes": "打球"}, follow=True)
    assert SurveyAnswers.objects.count() == 2  # the first card sent again is the same record
    assert "以前填过" in text(response)


def test_a_helper_keys_in_the_own_student_alone_and_another_classs_teacher_nobody(cast, survey):
    for student in (cast.students.key, cast.students.normal):
        agree(cast, student)
    address = reverse("survey-class", args=[survey.pk, cast.class_one.pk])
    page = text(cast.client("helper").get(address))
    assert "周晓禾" in page and "孟宇航" not in page
    assert "周晓禾" not in text(cast.client("other_class_teacher").get(address))


def test_the_pages_of_a_class_do_not_ask_the_database_more_for_more_children(
    cast, survey, django_assert_max_num_queries
):
    address, browser = reverse("survey-class", args=[survey.pk, cast.class_one.pk]), cast.client("head")
    agree(cast, cast.students.key)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(8):
        agree(cast, cast.add_student(f"新同学{number}", cast.class_one))
    with django_assert_max_num_queries(len(few)):
        browser.get(address)


def test_the_empty_form_prints_once_or_for_each_child_of_the_class(cast, survey):
    address, teacher = reverse("survey-paper", args=[survey.pk]), cast.client("class_teacher")
    for chosen, names in (("", [""]), (cast.class_one.pk, ["孟宇航", "周晓禾"])):
        response = teacher.post(address, {"class": chosen})
        pages = [
            "".join(page.extract_text().split())
            for page in pypdf.PdfReader(io.BytesIO(response.content)).pages
        ]
        assert len(pages) == len(names)
        assert all(
            name in page and "课余最喜欢做什么" in page for name, page in zip(names, pages, strict=True)
        )
    assert cast.client("other_teacher").post(address).status_code == 403
