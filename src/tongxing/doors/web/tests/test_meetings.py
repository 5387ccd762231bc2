"""Meetings as a browser gets them: from the call to the minutes, decisions on the week, the pack of a class meeting."""

import io
import re
from uuid import uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.ground.files.tests.pictures import picture
from tongxing.oversight.notices.models import Decision, Enclosure, Meeting


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def called(cast, who="coordinator", **told):
    values = {
        "client_id": uuid4(),
        "kind": "staff",
        "title": "帮扶工作启动会",
        "day": "2026-11-25",
        "place": "会议室",
    }
    answer = cast.client(who).post(reverse("meeting-new"), values | {"led_by": cast.staff["head"].pk} | told)
    assert answer.status_code == 302, text_of(answer)
    return Meeting.objects.latest("pk")


def address(name, row):
    return reverse(name, args=[row.pk])


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def decided(cast, office, meeting, **told):
    values = {
        "client_id": uuid4(),
        "text": "把方案贴到橱窗",
        "person": cast.staff["helper"].pk,
        "due_on": "2026-12-01",
    }
    return office.post(address("meeting-decide", meeting), values | told)


def test_from_the_call_to_minutes_decision_and_done(cast, office):
    meeting = called(cast)
    people = [cast.staff[name].pk for name in ("head", "helper")]
    told = {"minutes": "一、通报。二、分工。", "staff": people, "students": ""}
    assert office.post(address("meeting-minutes", meeting), told | {"minutes": ""}).status_code == 422
    page = text_of(office.post(address("meeting-minutes", meeting), told, follow=True))
    assert "一、通报。二、分工。" in page and "到会：顾言、林岚" in page or "到会：林岚、顾言" in page
    assert decided(cast, office, meeting, due_on="2026-11-01").status_code == 422
    assert decided(cast, office, meeting).status_code == 302
    decision, helper = Decision.objects.get(), cast.client("helper")
    assert address("decision", decision) in helper.get(reverse("week")).content.decode()
    assert "把方案贴到橱窗" in text_of(helper.get(reverse("reminders")))
    assert helper.post(address("decision-done", decision), {"words": ""}).status_code == 422
    answer = helper.post(address("decision-done", decision), {"words": "贴好了"}, follow=True)
    assert "11月25日 周三办好" in text_of(answer) and 'name="back"' in answer.content.decode()
    assert address("decision", decision) not in helper.get(reverse("week")).content.decode()
    sheet = text_of(office.get(address("meeting-sheet", meeting)))
    word = docx.Document(io.BytesIO(office.post(address("meeting-word", meeting)).content))
    lines = [one.text for one in word.paragraphs]
    assert "一、通报。二、分工。" in lines and any("把方案贴到橱窗（林岚" in line for line in lines)
    assert cast.client("outsider").post(address("meeting-word", meeting)).status_code == 404
    assert "会议纪要" in sheet and "1. 把方案贴到橱窗（林岚，12月1日 周二前）" in sheet


def test_minutes_go_out_as_a_circular_without_typing_them_again(cast, office):
    meeting = called(cast)
    office.post(address("meeting-minutes", meeting), {"minutes": "一、通报。", "staff": [], "students": ""})
    way = f"{reverse('circular-new')}?minutes={meeting.pk}"
    assert way in office.get(address("meeting", meeting)).content.decode()
    page = office.get(way).content.decode()
    assert "一、通报。" in page and 'value="minutes" selected' in page
    assert office.get(f"{reverse('circular-new')}?minutes=999999").status_code == 404


def test_the_leadership_meets_among_itself(cast, office):
    meeting = called(cast, kind="leadership")
    for who in ("helper", "class_teacher", "outsider"):
        assert cast.client(who).get(address("meeting", meeting)).status_code == 404, who
    assert "帮扶工作启动会" not in text_of(cast.client("helper").get(reverse("meetings")))
    decided(cast, office, meeting)
    page = cast.client("helper").get(address("decision", Decision.objects.get()))
    assert page.status_code == 200 and address("meeting", meeting) not in page.content.decode()


def test_a_class_teacher_keeps_the_pack_of_a_class_meeting_and_another_class_takes_it(cast):
    teacher = cast.client("class_teacher")
    page = teacher.get(reverse("meeting-new")).content.decode()
    assert "主题班会" in page and "领导小组会" not in page
    told = {"kind": "theme", "school_class": cast.class_one.pk, "led_by": cast.staff["class_teacher"].pk}
    meeting = called(cast, "class_teacher", agenda="一、故事；二、讨论", **told)
    slides = SimpleUploadedFile("课件.jpg", picture(), "image/jpeg")
    teacher.post(address("meeting-enclose", meeting), {"label": "课件", "file": slides})
    made = Enclosure.objects.get()
    other = cast.client("other_class_teacher")
    page = other.get(address("meeting", meeting))
    assert "一、故事；二、讨论" in text_of(page) and address("enclosure", made) in page.content.decode()
    assert other.get(address("enclosure", made))["Content-Type"] == "image/jpeg"
    assert other.post(address("enclosure-away", made)).status_code == 403
    assert cast.client("guardian").get(address("enclosure", made)).status_code == 403
    assert cast.client("outsider").get(address("enclosure", made)).status_code == 404
    teacher.post(address("enclosure-away", made))
    assert other.get(address("enclosure", made)).status_code == 404


def test_a_file_that_is_none_is_refused_beside_the_field(cast, office):
    meeting = called(cast)
    wrong = SimpleUploadedFile("x.exe", b"MZ", "image/png")
    answer = office.post(address("meeting-enclose", meeting), {"label": "课件", "file": wrong})
    assert answer.status_code == 422 and not Enclosure.objects.exists()


def test_not_held_with_a_reason_and_put_back(cast, office):
    meeting = called(cast)
    assert office.post(address("meeting-cancel", meeting), {"reason": ""}).status_code == 422
    assert "没有开：停电" in text_of(
        office.post(address("meeting-cancel", meeting), {"reason": "停电"}, follow=True)
    )
    office.post(address("meeting-cancel", meeting), {"back": "1"})
    meeting.refresh_from_db()
    assert meeting.ended_at is None


def test_who_holds_no_meeting_finds_no_way_to_change_one(cast, office):
    meeting = called(cast)
    helper = cast.client("helper")
    assert address("meeting-minutes", meeting) not in helper.get(address("meeting", meeting)).content.decode()
    for name in ("meeting-minutes", "meeting-change"):
        assert helper.get(address(name, meeting)).status_code == 403
    assert cast.client("class_teacher").get(address("meeting-minutes", meeting)).status_code == 403


def test_the_list_narrows_to_a_kind_and_keeps_its_queries(cast, office, django_assert_max_num_queries):
    for number in range(6):
        called(cast, title=f"第 {number} 次会")
    called(cast, kind="cadres", title="班干部分工")
    page = text_of(office.get(reverse("meetings") + "?kind=cadres"))
    assert "班干部分工" in page and "第 1 次会" not in page
    with django_assert_max_num_queries(22):
        office.get(reverse("meetings"))
