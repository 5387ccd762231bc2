"""From the coordinator's printer to a colleague's first page."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tongxing.ground.accounts.models import StartCode

NEW = {"new": "春天在田埂上走来-1", "again": "春天在田埂上走来-1"}


def printed(cast, *names, by="coordinator"):
    chosen = {"users": [cast.users[name].pk for name in names], "batch": str(uuid4())}
    return cast.client(by).post(reverse("slips-print"), chosen)


def code_on(response) -> str:
    return re.search(r'<strong class="num">([A-Z0-9-]{11})</strong>', response.content.decode()).group(1)


def test_a_colleague_comes_in_with_the_code_on_the_slip(cast):
    sheet = printed(cast, "other_teacher")
    text = sheet.content.decode()
    assert "宋桥" in text and "和风镇中心初中" in text and "testserver/start" in text and "<svg" in text
    assert sheet.headers["Cache-Control"] == "no-store"
    browser = Client()
    assert browser.post(reverse("start"), {"code": code_on(sheet).lower()})["Location"] == reverse(
        "start-choose"
    )
    assert "宋桥" in browser.get(reverse("start-choose")).content.decode()
    response = browser.post(reverse("start-choose"), {**NEW, "login": "songqiao"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.get("/password/").status_code == 200
    assert Client().post(reverse("sign-in"), {"login": "SongQiao", "password": NEW["new"]}).status_code == 302


def test_opening_the_address_of_the_square_uses_nothing_up(cast):
    code = code_on(printed(cast, "other_teacher"))
    assert code in Client().get(reverse("start"), {"code": code}, follow=True).content.decode()
    assert Client().post(reverse("start"), {"code": code}).status_code == 302


def test_the_code_of_the_square_stays_in_no_address(cast):
    code, browser = code_on(printed(cast, "other_teacher")), Client()
    answer = browser.get(reverse("start"), {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, reverse("start"))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert code in browser.get(reverse("start")).content.decode()
    assert code not in browser.get(reverse("start")).content.decode()


@pytest.mark.parametrize("wrong", ["", "AAAAA-AAAAA", "林岚"])
def test_a_wrong_code_is_told_in_words(cast, wrong):
    assert Client().post(reverse("start"), {"code": wrong}).status_code == 422
    assert Client().get(reverse("start-choose"))["Location"] == reverse("start")


def test_two_people_with_one_code_the_second_stands_outside(cast):
    code = code_on(printed(cast, "other_teacher"))
    first, second = Client(), Client()
    for browser in (first, second):
        browser.post(reverse("start"), {"code": code})
    assert first.post(reverse("start-choose"), {**NEW, "login": "songqiao"}).status_code == 302
    assert second.post(reverse("start-choose"), {**NEW, "login": "thief"})["Location"] == reverse("start")


def test_a_reset_ends_the_sessions_that_were_open(cast):
    user = cast.users["helper"]
    user.set_password("从前的密码-长长的")
    user.save()
    browser = cast.client("helper")
    assert browser.get("/password/").status_code == 200
    assert printed(cast, "helper").status_code == 200
    assert browser.get("/password/").status_code == 302


def test_the_list_ticks_who_waits_and_offers_nobody_above(cast):
    cast.users["helper"].set_password("从前的密码-长长的")
    cast.users["helper"].save()
    text = cast.client("coordinator").get(reverse("slips")).content.decode()

    def box(name):
        return re.search(rf'<input[^>]*value="{cast.users[name].pk}"[^>]*>', text)

    assert "checked" in box("other_teacher").group()
    assert "checked" not in box("helper").group()
    assert box("head") is box("coordinator") is box("outsider") is None


def test_whom_one_may_not_reset_is_refused_on_the_page(cast):
    assert printed(cast, "head").status_code == 422
    assert printed(cast, "outsider").status_code == 422
    assert printed(cast).status_code == 422
    assert printed(cast, "helper", by="class_teacher").status_code == 403


def test_beside_who_is_out_of_reach_it_says_who_can_help(cast):
    text = cast.client("coordinator").get(reverse("slips")).content.decode()
    assert "只有校长或系统管理员能为这位同事办理" in text and "授予或结束" not in text


def test_slips_that_work_on_this_computer_alone_are_printed_only_when_one_says_so(cast):
    chosen = {"users": [cast.users["other_teacher"].pk], "batch": str(uuid4())}
    here, address = cast.client("coordinator"), reverse("slips-print")
    asked = here.post(address, chosen, headers={"host": "127.0.0.1:8000"})
    assert asked.status_code == 422 and "只能在这台电脑上打开" in asked.content.decode()
    assert re.search(rf'value="{chosen["users"][0]}" checked', asked.content.decode())
    assert not StartCode.objects.exists()
    assert (
        here.post(address, chosen | {"even_so": "on"}, headers={"host": "127.0.0.1:8000"}).status_code == 200
    )
    assert 'name="even_so"' not in here.get(reverse("slips")).content.decode()


def test_a_name_is_found_among_many(cast):
    found = cast.client("coordinator").get(reverse("slips"), {"q": "宋"}).content.decode()
    assert "宋桥" in found and "林岚" not in found
    assert (
        "没有叫这个名字的同事"
        in cast.client("coordinator").get(reverse("slips"), {"q": "无此人"}).content.decode()
    )
