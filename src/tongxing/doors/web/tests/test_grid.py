"""A sheet of paper is keyed in: by 林岚 herself, or by the coordinator 石磊 in her name."""

import datetime
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.promised import pair, talk

from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import clock

pytestmark = pytest.mark.usefixtures("promised")
GRID = "/records/grid/"


@pytest.fixture(autouse=True)
def helper_of_two(cast):
    cast.grant("helper", "helper", student=cast.students.normal)
    pair(cast, cast.students.normal, "helper")


def row(number, student, **cells):
    typed = {"student": student.pk, "day": "2026-11-24", "kind": "talk", "reached": "student", "words": ""}
    return {f"r{number}-{name}": value for name, value in (typed | cells).items()}


def sheet(*rows, **more):
    form = {"client_id": str(uuid4()), "row": [str(number) for number in range(len(rows))]} | more
    for one in rows:
        form |= one
    return form


def text(response):
    return response.content.decode()


def test_rows_become_records_and_empty_rows_do_not(cast):
    key, normal = cast.students.key, cast.students.normal
    visit = {"kind": "visit", "reached": "student+second_guardian", "words": "会做饭", "companion": "何静"}
    form = sheet(row(0, key, words="想学好英语"), row(1, normal, **visit), row(2, key, reached=""))
    assert cast.client("helper").post(GRID, form).status_code == 302
    talk, home = Contact.objects.order_by("pk")
    assert clock.day_of(talk.happened_at) == datetime.date(2026, 11, 24)
    assert talk.staff == cast.staff["helper"] and talk.revisions.get().body == {"thoughts": "想学好英语"}
    assert home.channel == "at_home" and home.reached == ["second_guardian", "student"]


def test_a_mistake_in_one_row_keeps_it_and_saves_the_others(cast):
    key, normal = cast.students.key, cast.students.normal
    form = sheet(
        row(0, key, words="想学好英语"),
        row(1, normal, kind="visit", words="没有同行的老师"),
        row(2, normal, words="明天的事", day="2026-11-26"),
        row(3, key, words="哪一天？", day=""),
        row(4, key, reached=""),
    )
    response = cast.client("helper").post(GRID, form)
    page = text(response)
    assert response.status_code == 422 and Contact.objects.count() == 1
    assert "已存好 1 行" in page
    assert "没有同行的老师" in page and "明天的事" in page and "哪一天？" in page and "想学好英语" not in page
    assert page.count('class="error"') == 3


def test_a_talk_reached_the_student_though_nobody_said_so_and_a_call_still_asks(cast):
    key = cast.students.key
    form = sheet(
        row(0, key, words="想学好英语", reached=""), row(1, key, kind="call", words="说了近况", reached="")
    )
    response = cast.client("helper").post(GRID, form)
    talk = Contact.objects.get()
    assert (talk.kind, talk.reached, response.status_code) == ("talk", ["student"], 422)
    assert "谈心等：学生本人" in text(response)


def test_a_row_keeps_the_number_of_the_paper_and_the_banner_leads_to_it(cast):
    key, normal = cast.students.key, cast.students.normal
    form = sheet(row(0, key, words="想学好英语"), row(1, normal, kind="visit", words="没有同行的老师"))
    page = text(cast.client("helper").post(GRID, form))
    assert '<a href="#row-2">第 2 行 · 孟宇航</a>' in page
    assert 'id="row-2"' in page and 'id="row-1"' not in page
    printed = text(cast.client("helper").get(reverse("record-grid-print")))
    assert re.findall(r'<td class="num">(\d+)</td><td>', printed)[:3] == ["1", "2", "3"]


def test_the_same_sheet_sent_twice_is_saved_once(cast):
    form, helper = sheet(row(0, cast.students.key, words="想学好英语")), cast.client("helper")
    for _ in range(2):
        assert helper.post(GRID, form).status_code == 302
    assert Contact.objects.count() == 1


def test_a_call_in_vain_reached_nobody(cast):
    form = sheet(row(0, cast.students.key, kind="call", reached="nobody", words="没有人接"))
    cast.client("helper").post(GRID, form)
    assert not Contact.objects.get().made


def test_a_coordinator_keys_in_for_a_helper_and_it_says_who_did_both(cast):
    staff = cast.staff["helper"]
    coordinator = cast.client("coordinator")
    assert "孟宇航" in text(coordinator.get(GRID, {"staff": staff.pk}))
    form = sheet(row(0, cast.students.key, words="想学好英语"), staff=staff.pk)
    assert coordinator.post(GRID, form).status_code == 302
    contact = Contact.objects.get()
    assert (contact.staff, contact.recorded_by) == (staff, cast.users["coordinator"])


@pytest.mark.parametrize("role", ["helper", "class_teacher"])
def test_nobody_else_keys_in_for_a_colleague(cast, role):
    form = sheet(row(0, cast.students.key, words="…"), staff=cast.staff["head"].pk)
    assert cast.client(role).post(GRID, form).status_code == 404
    assert not Contact.objects.exists()


def test_a_student_who_is_not_on_the_sheet_is_not_taken(cast):
    for student in (cast.students.plain, cast.students.far):
        response = cast.client("helper").post(GRID, sheet(row(0, student, words="…")))
        assert response.status_code == 422
    assert not Contact.objects.exists()


def test_the_empty_sheet_has_the_same_columns_and_no_category(cast):
    page = text(cast.client("helper").get(reverse("record-grid-print")))
    assert "周晓禾" in page and "孟宇航" in page and "●" not in page
    keyed_in = text(cast.client("helper").get(GRID))
    for column in ("学生", "做了什么", "几句话", "同行的人"):
        assert (column in page) == (column in keyed_in), column


def test_words_of_danger_on_paper_lead_to_what_happens_now(cast):
    form = sheet(row(0, cast.students.key, words="他说不想活了"))
    response = cast.client("helper").post(GRID, form)
    assert response.status_code == 302 and "/caught/" in response["Location"]


class TestTodaysTalks:
    def test_only_those_with_whom_a_talk_is_due_have_a_row_and_the_others_are_one_tap_away(self, cast):
        talk(cast, cast.students.normal)
        page = text(cast.client("helper").get(GRID))
        assert "今天的谈心一起记" in page and "谈过了" in page
        rows = re.findall(r'name="r\d+-student" value="(\d+)"', page)
        assert rows == [str(cast.students.key.pk)]
        everybody = text(cast.client("helper").get(f"{GRID}?all=1"))
        assert "补录" in everybody and everybody.count("<select") > page.count("<select")
        assert cast.students.normal.name in everybody

    def test_a_tap_and_a_sentence_are_a_talk_and_a_tap_alone_says_that_nothing_was_written_down(self, cast):
        key, normal = cast.students.key, cast.students.normal
        form = sheet(
            row(0, key, talked="on", words="想当老师", reached=""),
            row(1, normal, talked="on", reached=""),
            due="1",
        )
        assert cast.client("helper").post(GRID, form).headers["Location"] == GRID
        told = [one.revisions.get().body["thoughts"] for one in Contact.objects.order_by("pk")]
        assert told == ["想当老师", "谈过了，当时没有记下内容。"]
        assert {tuple(one.reached) for one in Contact.objects.all()} == {("student",)}

    def test_a_tap_tells_nothing_about_a_visit_and_what_was_typed_stays(self, cast):
        form = sheet(row(0, cast.students.key, talked="on", kind="visit", companion="何静"), due="1")
        response = cast.client("helper").post(GRID, form)
        assert response.status_code == 422 and not Contact.objects.exists()
        assert "何静" in text(response) and "due-row" in text(response)

    def test_my_week_leads_to_them_where_there_are_several(self, cast):
        assert f'href="{GRID}"' in text(cast.client("helper").get(reverse("week")))
        talk(cast, cast.students.normal)
        assert f'href="{GRID}"' not in text(cast.client("helper").get(reverse("week")))
