"""The leading group as a browser gets it: seen by colleagues, kept by those who manage accounts, on one page."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.ground.people.models import Responsibility
from tongxing.oversight.notices.models import Seat

GROUP = reverse("leading-group")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def test_what_nobody_holds_stands_out_with_the_way_to_name_somebody(cast, office):
    page = office.get(GROUP)
    assert "初一年级组长 还没有人" in text_of(page)
    address = re.search(r'href="(/leading-group/name/\?post=grade_leader[^"]*)"', page.content.decode())[1]
    address = address.replace("&amp;", "&")
    told = {"client_id": uuid4(), "post": "grade_leader", "grade": "7", "staff": cast.staff["helper"].pk}
    assert office.post(address, told | {"starts_on": ""}).status_code == 422
    answer = office.post(address, told | {"starts_on": "2026-11-25"}, follow=True)
    assert "林岚：年级组长" in text_of(answer) and "初一年级组长 还没有人" not in text_of(answer)
    held = Responsibility.objects.get(post="grade_leader")
    ended = office.post(reverse("group-post-end", args=[held.pk]), follow=True)
    assert 'name="back"' in ended.content.decode()
    office.post(reverse("group-post-end", args=[held.pk]), {"back": "1"})
    assert Responsibility.objects.get(post="grade_leader").ends_on is None


def test_a_member_and_a_cadre_are_added_and_end_with_a_reason(cast, office):
    told = {
        "client_id": uuid4(),
        "staff": cast.staff["helper"].pk,
        "words": "宣传",
        "starts_on": "2026-09-01",
    }
    assert office.post(reverse("group-seat"), told | {"words": ""}).status_code == 422
    assert "林岚 宣传" in text_of(office.post(reverse("group-seat"), told, follow=True))
    cadre = {"client_id": uuid4(), "class": cast.class_one.pk, "student": cast.students.key.pk}
    cadre |= {"words": "广播站", "starts_on": "2026-09-01"}
    assert "周晓禾 初一(1)班 广播站" in text_of(office.post(reverse("group-cadre"), cadre, follow=True))
    place = Seat.objects.get(staff__isnull=False)
    assert office.post(reverse("seat-leave", args=[place.pk]), {"reason": ""}).status_code == 422
    assert "林岚 宣传" not in text_of(
        office.post(reverse("seat-leave", args=[place.pk]), {"reason": "新学期"}, follow=True)
    )


def test_colleagues_read_it_and_find_nothing_to_change(cast):
    for who in ("helper", "class_teacher", "finance_maker"):
        page = cast.client(who).get(GROUP)
        assert "顾言" in text_of(page) and "/leading-group/name/" not in page.content.decode()
        assert cast.client(who).get(reverse("group-name")).status_code == 403
    for who in ("guardian", "student"):
        assert cast.client(who).get(GROUP).status_code == 403


def test_it_stands_on_one_page_as_of_a_day(cast, office):
    page = text_of(office.get(reverse("leading-group-sheet") + "?on=2026-10-01"))
    assert "和风镇中心初中 学生帮扶工作领导小组" in page and "10月1日" in page and "初一(1)班 唐雨" in page


def test_it_is_two_clicks_from_the_first_page(cast, office):
    assert reverse("circulars") in office.get(reverse("home"), follow=True).content.decode()
    assert GROUP in office.get(reverse("circulars")).content.decode()
