"""The pages of companions: entered, checked, promised, noted, thanked and ended without shame."""

import datetime
from uuid import uuid4 as new_id

import pytest
from django.urls import reverse

from tongxing.aid.companions.models import Companion, Kept, Letter, Promise
from tongxing.aid.ledger.tests.books import books
from tongxing.ground.people.models import Consent

FIRST = datetime.date(2026, 9, 10)


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def text(browser, name, *args):
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def alumnus(office) -> Companion:
    sent = {
        "client_id": new_id(),
        "kind": "alumnus",
        "name": "韩笑",
        "comes_from": "2008 届",
        "phone": "13800001234",
    }
    assert office.post(reverse("companion-new"), sent).status_code == 302
    return Companion.objects.get()


@pytest.fixture
def agreed(cast) -> Consent:
    return Consent.objects.create(
        school=cast.school, student=cast.students.key, purpose="companion", basis="guardian", given_by="奶奶",
        student_agreed=True, given_on=FIRST,
    )  # fmt: skip


def said(companion, **more):
    usual = {
        "client_id": new_id(), "companion": companion.pk, "what": "每月写一封信", "every": "month",
        "starts_on": "2026-09-10", "until": "2027-07-10",
    }  # fmt: skip
    return usual | more


@pytest.fixture
def promise(cast, office, alumnus, agreed) -> Promise:
    address = reverse("student-companions", args=[cast.students.key.pk])
    assert office.post(address, said(alumnus)).status_code == 302
    return Promise.objects.get()


def test_somebody_is_entered_and_the_number_is_shown_for_a_purpose_only(office, alumnus):
    page = text(office, "companion", alumnus.pk)
    assert "138****1234" in page and "13800001234" not in page
    address = reverse("companion-reveal", args=[alumnus.pk])
    assert office.post(address, {"purpose": ""}).status_code == 422
    assert "13800001234" in office.post(address, {"purpose": "约时间"}).content.decode()
    assert "13800001234" not in text(office, "companion", alumnus.pk)


def test_a_form_without_a_name_keeps_what_was_typed(office):
    sent = {"client_id": new_id(), "kind": "neighbour", "name": "", "comes_from": "柳溪村"}
    page = office.post(reverse("companion-new"), sent)
    assert page.status_code == 422 and "柳溪村" in page.content.decode()
    assert not Companion.objects.exists()


def test_meeting_waits_for_the_check_and_promising_for_the_family(cast, office, alumnus):
    address = reverse("student-companions", args=[cast.students.key.pk])
    page = office.post(address, said(alumnus))
    assert page.status_code == 422 and "家里" in page.content.decode()
    Consent.objects.create(
        school=cast.school, student=cast.students.key, purpose="companion", basis="guardian", given_by="奶奶",
        student_agreed=True, given_on=FIRST,
    )  # fmt: skip
    page = office.post(address, said(alumnus, meets="on"))
    assert page.status_code == 422 and "犯罪记录查询还没记下" in page.content.decode()
    assert office.post(reverse("companion", args=[alumnus.pk]), {"on": "2027-01-01"}).status_code == 422
    assert office.post(reverse("companion", args=[alumnus.pk]), {"on": "2026-09-01"}).status_code == 302
    assert office.post(address, said(alumnus, meets="on")).status_code == 302


def test_what_was_done_is_noted_and_what_was_not_is_visible(office, promise):
    page = text(office, "companion-promise", promise.pk)
    assert page.count("还没记上") >= 2 and "现在" in page
    sent = {"client_id": new_id(), "kind": "call", "day": "2026-09-20", "words": "聊了半小时"}
    assert office.post(reverse("companion-promise", args=[promise.pk]), sent).status_code == 302
    page = text(office, "companion-promise", promise.pk)
    assert "聊了半小时" in page and "做到了" in page
    late = {"client_id": new_id(), "kind": "call", "day": "2026-12-20", "words": "以后的事"}
    answer = office.post(reverse("companion-promise", args=[promise.pk]), late)
    assert answer.status_code == 422 and "以后的事" in answer.content.decode()
    office.post(reverse("companion-note-back", args=[Kept.objects.get().pk]))
    assert "聊了半小时" not in text(office, "companion-promise", promise.pk)


def test_money_is_noted_by_whoever_reads_the_books_and_shows_no_amount(cast, office, promise):
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    receipt = told.post("receipt", told.move("4005", "1002", 512_00))
    of_a_class = told.post("receipt", told.move("4001", "1002", 613_00))
    address = reverse("companion-promise", args=[promise.pk])
    sent = {"client_id": new_id(), "kind": "money", "day": "2026-11-03", "words": "", "entry": receipt.pk}
    assert 'name="entry"' not in text(office, "companion-promise", promise.pk)
    assert office.post(address, sent).status_code == 422
    head = cast.client("head")
    offered = text(head, "companion-promise", promise.pk)
    assert f'value="{receipt.pk}"' in offered and "512.00" in offered and "613.00" not in offered
    assert head.post(address, sent | {"entry": of_a_class.pk}).status_code == 422
    assert head.post(address, sent | {"entry": ""}).status_code == 422
    assert head.post(address, sent).status_code == 302
    page = text(office, "companion-promise", promise.pk)
    assert "捐了钱，走学校账户" in page and "512.00" not in page


def test_a_letter_is_read_before_it_goes_on(office, promise):
    address = reverse("companion-letter", args=[promise.pk])
    words = "谢谢您。我家在柳溪村三组，电话 13812345678"
    sent = {"client_id": new_id(), "text": words, "written_on": "2026-11-20"}
    answer = office.post(address, sent)
    assert answer.status_code == 422 and "柳溪村三组" in answer.content.decode()
    assert office.post(address, sent | {"own_will": "on"}).status_code == 302
    assert "有 1 封信等您读一读" in text(office, "companions")
    assert "<b>13812345678</b>" in text(office, "companion-promise", promise.pk)
    decide = reverse("companion-letter-decide", args=[Letter.objects.get().pk])
    assert office.post(decide, {"what": "pass"}).status_code == 422
    assert office.post(decide, {"what": "pass", "looked": "on"}).status_code == 302
    assert Letter.objects.get().outcome == "passed_on"


def test_either_side_stops_and_takes_it_back_at_a_tap(office, promise):
    address = reverse("companion-stop", args=[promise.pk])
    assert office.post(address, {"side": ""}).status_code == 422
    page = office.post(address, {"side": "family", "reason": "孩子想自己来"}, follow=True).content.decode()
    assert "谢谢双方" in page and "孩子想自己来" not in page
    assert office.post(address, {"resume": "1"}).status_code == 302
    assert Promise.objects.open().count() == 1


def test_a_companion_leaves_the_list_once_nothing_is_promised(office, alumnus, promise):
    address = reverse("companion-leave", args=[alumnus.pk])
    assert office.post(address).status_code == 422
    office.post(reverse("companion-stop", args=[promise.pk]), {"side": "companion"})
    assert office.post(address).status_code == 302
    assert "名单还是空的" in text(office, "companions")


def test_nobody_but_the_office_opens_these_pages(cast, alumnus, promise):
    for name in ("class_teacher", "helper", "finance_maker", "counsellor", "guardian", "student"):
        for page, args in (
            ("companions", []),
            ("companion", [alumnus.pk]),
            ("companion-promise", [promise.pk]),
            ("student-companions", [cast.students.key.pk]),
        ):
            assert cast.client(name).get(reverse(page, args=args)).status_code == 403
    assert cast.client("outsider").get(reverse("companion-promise", args=[promise.pk])).status_code == 404


def test_the_office_finds_them_from_the_students_page(cast, office, promise):
    page = text(office, "student", cast.students.key.pk)
    assert reverse("student-companions", args=[cast.students.key.pk]) in page
    assert reverse("student-work", args=[cast.students.key.pk]) in page
    assert reverse("companions") in page and reverse("workstudy") in page
