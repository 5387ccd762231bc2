"""Publicity and suggestions as a browser gets them."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.ground.files.tests.pictures import picture
from tongxing.oversight.notices.models import Display, Enclosure, Suggestion


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def noted(client, **told):
    values = {
        "client_id": uuid4(),
        "channel": "banner",
        "words": "一个都不能少",
        "day": "2026-11-20",
        "place": "校门口",
    }
    return client.post(reverse("display-new"), values | told, follow=True)


def test_a_line_is_noted_counted_photographed_and_taken_back(cast, office):
    assert noted(office, words="").status_code == 422
    page = text_of(noted(office))
    assert "横幅 1" in page and "一个都不能少 横幅 · 11月20日 周五 · 校门口" in page
    made = Display.objects.get()
    photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    office.post(reverse("display-enclose", args=[made.pk]), {"label": "照片", "file": photo})
    address = reverse("enclosure", args=[Enclosure.objects.get().pk])
    helper = cast.client("helper")
    assert address in helper.get(reverse("publicity")).content.decode()
    assert helper.get(address)["Content-Type"] == "image/jpeg"
    back = reverse("display-back", args=[made.pk])
    assert helper.post(back, {"reason": "不对"}).status_code == 403
    assert office.post(back, {"reason": ""}).status_code == 422
    assert "横幅 1" not in text_of(office.post(back, {"reason": "记错了"}, follow=True))
    office.post(back, {"back": "1"})
    assert "横幅 1" in text_of(office.get(reverse("publicity")))


def test_a_class_meeting_that_was_held_stands_in_the_log_by_itself(cast, office):
    told = {"client_id": uuid4(), "kind": "theme", "title": "小帮手", "day": "2026-11-24"}
    told |= {"led_by": cast.staff["class_teacher"].pk, "school_class": cast.class_one.pk}
    page = office.post(reverse("meeting-new"), told).url
    office.post(f"{page}minutes/", {"minutes": "写了卡片。", "students": "40", "staff": []})
    shown = office.get(reverse("publicity"))
    assert "班会 1" in text_of(shown) and page in shown.content.decode()


def test_who_notes_nothing_finds_no_form(cast):
    helper = cast.client("helper")
    assert reverse("display-new") not in helper.get(reverse("publicity")).content.decode()
    assert helper.get(reverse("display-new")).status_code == 403
    assert cast.client("guardian").get(reverse("publicity")).status_code == 403


def said(client, **told):
    return client.post(
        reverse("suggestions"), {"client_id": uuid4(), "text": "会议能短一些吗？"} | told, follow=True
    )


def test_said_without_a_name_answered_and_read_by_colleagues(cast, office):
    helper = cast.client("helper")
    assert said(helper, text="").status_code == 422
    page = text_of(said(helper))
    assert "已收到。一周内答复" in page and "会议能短一些吗" not in page
    made = Suggestion.objects.get()
    page = text_of(office.get(reverse("suggestions")))
    assert "会议能短一些吗？ 没有署名" in page and "林岚" not in page
    address = reverse("suggestion", args=[made.pk])
    assert helper.get(address).status_code == 403
    assert office.post(address, {"answer": ""}).status_code == 422
    office.post(address, {"answer": "谢谢，以后不超过四十分钟。"})
    page = text_of(helper.get(reverse("suggestions")))
    assert "谢谢，以后不超过四十分钟。" in page and "会议能短一些吗" not in page
    office.post(reverse("suggestion-open", args=[made.pk]))
    assert "四十分钟" not in text_of(helper.get(reverse("suggestions")))
    office.post(address, {"answer": "谢谢，以后不超过四十分钟。", "shows_words": "on"})
    assert "会议能短一些吗？" in text_of(cast.client("class_teacher").get(reverse("suggestions")))


def test_under_the_own_name_the_writer_finds_it_on_the_way_and_nobody_else_does(cast):
    assert "会议能短一些吗？ 林岚" in text_of(said(cast.client("helper"), signed="on"))
    assert "会议能短一些吗" not in text_of(cast.client("class_teacher").get(reverse("suggestions")))


def test_words_of_danger_are_pointed_to_those_who_look_after_it_today(cast):
    assert "请马上在“安全”里也说一声" in text_of(said(cast.client("helper"), text="有个孩子说他不想活了"))


def test_all_of_it_is_two_clicks_from_the_first_page(cast):
    for who in ("coordinator", "helper", "class_teacher"):
        browser = cast.client(who)
        assert reverse("circulars") in browser.get(reverse("home"), follow=True).content.decode()
        page = browser.get(reverse("circulars")).content.decode()
        assert all(
            reverse(name) in page for name in ("meetings", "publicity", "suggestions", "leading-group")
        )


def test_the_county_has_circulars_and_no_staffroom(cast):
    officer = cast.client("county_supervisor")
    page = officer.get(reverse("circulars"))
    assert page.status_code == 200 and reverse("suggestions") not in page.content.decode()
    for name in ("meetings", "leading-group", "publicity", "suggestions"):
        assert officer.get(reverse(name)).status_code == 403, name
