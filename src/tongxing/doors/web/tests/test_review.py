"""The review of a term as a browser gets it: families, recognition, looking back, what is done next, the paper."""

import datetime
import io
import re
from uuid import uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.ground.files.tests.pictures import picture
from tongxing.oversight.review.models import FeedbackRound, NextStep, Recognition, RecognitionFile, Reflection


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(name, row):
    return reverse(name, args=[row.pk])


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def asked(office):
    page = office.get(reverse("feedback-new")).content.decode()
    told = dict(re.findall(r'name="(question_\d)" value="([^"]+)"', page))
    answer = office.post(
        reverse("feedback-new"), told | {"client_id": uuid4(), "last_day": "2026-12-02"}, follow=True
    )
    assert answer.status_code == 200, text_of(answer)
    return FeedbackRound.objects.get()


def test_families_answer_without_a_name_and_ten_answers_are_shown_after_the_last_day(cast, office, at_school):
    wrong = office.post(reverse("feedback-new"), {"client_id": uuid4(), "last_day": "2026-12-02"})
    assert wrong.status_code == 422 and not FeedbackRound.objects.exists()
    assert cast.client("helper").get(reverse("feedback-new")).status_code == 403
    assert "现在没有问题要答" in text_of(cast.client("guardian").get(reverse("family-feedback")))
    round, family = asked(office), cast.client("guardian")
    assert "学校想问您三件事" in text_of(family.get(reverse("family-feedback")))
    taps = {"q0": "yes", "q1": "partly", "q2": "yes", "words": "谢谢唐雨老师"}
    missing = family.post(reverse("family-feedback"), taps | {"q2": ""})
    assert missing.status_code == 422 and "谢谢唐雨老师" in missing.content.decode()
    assert "您答过了" in text_of(family.post(reverse("family-feedback"), taps, follow=True))
    assert office.post(reverse("family-feedback"), taps).status_code == 403
    slips = text_of(office.get(address("feedback-slips", round)))
    assert slips.count("□ 说不好") == 12
    count = {"client_id": uuid4(), "slips": "9", "q0_yes": "9", "q1_yes": "10", "q2_yes": "9", "words": ""}
    assert "比纸条还多" in text_of(office.post(address("feedback-count", round), count))
    office.post(address("feedback-count", round), count | {"q1_yes": "8"})
    page = text_of(office.get(address("feedback", round)))
    assert (
        "10 份回答" in page and "现在还不能看" in page and "唐雨" not in page.split("现在还不能看")[1][:400]
    )
    at_school.move_to(datetime.datetime(2026, 12, 3, 9, tzinfo=datetime.UTC))
    page = text_of(cast.client("coordinator").get(address("feedback", round)))
    assert "谢谢○○老师" in page and "是 10" in page
    assert cast.client("class_teacher").get(address("feedback", round)).status_code == 403


def test_the_last_day_moves_while_the_round_is_open(cast, office):
    round = asked(office)
    assert office.post(address("feedback-last-day", round), {"last_day": "2026-11-01"}).status_code == 422
    office.post(address("feedback-last-day", round), {"last_day": "2026-12-20"})
    round.refresh_from_db()
    assert round.last_day == datetime.date(2026, 12, 20)


def test_words_of_danger_are_read_by_whoever_answers_for_safety(cast, office):
    round = asked(office)
    taps = {"q0": "yes", "q1": "yes", "q2": "yes", "words": "有人打他，不敢上学"}
    cast.client("guardian").post(reverse("family-feedback"), taps)
    assert "有人打他" in text_of(cast.client("head").get(address("feedback-alarms", round)))
    assert office.get(address("feedback-alarms", round)).status_code == 403


def praised(client, **told):
    values = {
        "client_id": uuid4(),
        "kind": "superior",
        "from_whom": "县教育局",
        "text": "帮扶有实效",
        "day": "2026-11-20",
    }
    return client.post(reverse("recognitions"), values | told)


def test_praise_stands_in_the_log_with_its_paper_and_in_the_summary(cast, office):
    assert praised(office, text="周晓禾进步大").status_code == 422
    assert praised(cast.client("helper")).status_code == 403
    assert praised(office).status_code == 302
    row = Recognition.objects.get()
    wrong = SimpleUploadedFile("x.exe", b"MZ", "image/png")
    assert (
        office.post(address("recognition-add-file", row), {"label": "信", "file": wrong}).status_code == 422
    )
    office.post(
        address("recognition-add-file", row),
        {"label": "表扬信", "file": SimpleUploadedFile("x.jpg", picture(), "image/jpeg")},
    )
    kept, helper = RecognitionFile.objects.get(), cast.client("helper")
    assert helper.get(address("recognition-file", kept))["Content-Type"] == "image/jpeg"
    assert helper.post(address("recognition-file-away", kept)).status_code == 403
    summary = text_of(office.get(reverse("summary-new")))
    assert "收到的肯定" in summary and "县教育局：帮扶有实效" in summary
    assert office.post(address("recognition-back", row), {"reason": ""}).status_code == 422
    page = office.post(address("recognition-back", row), {"reason": "记错了"}, follow=True)
    assert 'name="again"' in page.content.decode()
    assert "县教育局" not in text_of(office.get(reverse("summary-new")))
    office.post(address("recognition-back", row), {"again": "1"})
    office.post(address("recognition-file-away", kept))
    assert helper.get(address("recognition-file", kept)).status_code == 404


def test_a_look_back_is_private_until_it_is_handed_in(cast, office, at_school):
    helper = cast.client("helper")
    helper.post(reverse("reflection"), {"text": "想多听少说。"})
    assert "想多听少说。" in helper.get(reverse("reflection")).content.decode()
    assert "想多听少说" not in text_of(office.get(reverse("reflections")))
    assert helper.post(reverse("reflection"), {"text": "", "hand-in": "1"}).status_code == 422
    page = helper.post(reverse("reflection"), {"text": "想多听少说。", "hand-in": "1"}, follow=True)
    assert "11月25日 周三交" in text_of(page) and 'name="back"' in page.content.decode()
    assert "林岚 想多听少说。" in text_of(office.get(reverse("reflections")))
    assert helper.get(reverse("reflections")).status_code == 403
    helper.post(reverse("reflection-back"), {"back": "1"})
    assert Reflection.objects.get().handed_in_at is None
    assert reverse("reflection") not in helper.get(reverse("week")).content.decode()
    at_school.move_to(datetime.datetime(2027, 1, 5, 1, tzinfo=datetime.UTC))
    assert reverse("reflection") in cast.client("helper").get(reverse("week")).content.decode()


def decided(cast, office, **told):
    values = {
        "client_id": uuid4(), "text": "家访排到周末", "person": cast.staff["helper"].pk, "due_on": "2027-03-01"
    }  # fmt: skip
    return office.post(reverse("next-step-new"), values | told)


def test_what_is_done_next_goes_from_the_review_to_the_week_and_is_done(cast, office):
    wrong = decided(cast, office, due_on="2026-11-01")
    assert wrong.status_code == 422 and "家访排到周末" in wrong.content.decode()
    assert decided(cast, cast.client("helper")).status_code == 403
    decided(cast, office)
    row, helper = NextStep.objects.get(), cast.client("helper")
    assert address("next-step", row) in helper.get(reverse("week")).content.decode()
    assert helper.post(address("next-step-done", row), {"words": ""}).status_code == 422
    assert (
        cast.client("class_teacher").post(address("next-step-done", row), {"words": "x"}).status_code == 403
    )
    page = helper.post(address("next-step-done", row), {"words": "排好了"}, follow=True)
    assert "排好了" in text_of(page)
    helper.post(address("next-step-done", row), {"back": "1"})
    assert helper.post(address("next-step-let-go", row), {"reason": "…"}).status_code == 403
    assert office.post(address("next-step-let-go", row), {"reason": ""}).status_code == 422
    office.post(address("next-step-let-go", row), {"reason": "已经不需要"})
    assert address("next-step", row) not in helper.get(reverse("week")).content.decode()


def test_the_review_leaves_as_word_and_pdf_and_names_no_child(cast, office):
    praised(office)
    decided(cast, office)
    answer = office.post(reverse("review-paper", args=["docx"]))
    word = docx.Document(io.BytesIO(answer.content))
    told = "\n".join(one.text for one in word.paragraphs)
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert "学期总结交流" in told and {"县教育局", "帮扶有实效", "家访排到周末", "林岚"} <= cells
    assert "周晓禾" not in told + "".join(cells)
    assert office.post(reverse("review-paper", args=["pdf"])).content.startswith(b"%PDF")
    assert office.post(reverse("review-paper", args=["exe"])).status_code == 422
    assert cast.client("helper").post(reverse("review-paper", args=["pdf"])).status_code == 403


def test_the_exchange_meeting_is_called_from_the_review_without_typing_its_title(cast, office):
    way = re.search(r'href="(/meetings/new/[^"]+)"', office.get(reverse("review")).content.decode()).group(1)
    page = office.get(way.replace("&amp;", "&")).content.decode()
    assert 'value="学期交流会"' in page and '<option value="staff" selected>' in page
    assert "/meetings/new/" not in cast.client("helper").get(reverse("review")).content.decode()


def test_the_page_of_the_review_keeps_its_queries(cast, office, django_assert_max_num_queries):
    for number in range(5):
        praised(office, text=f"第 {number} 次")
        decided(cast, office, text=f"第 {number} 件")
    assert "第 4 件" in text_of(office.get(reverse("review")))
    with django_assert_max_num_queries(35):
        office.get(reverse("review"))
