"""The first page of a new installation: one link, once."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tongxing.care.programme.models import Commitment
from tongxing.doors.web.firstrun import suggestion
from tongxing.ground.access import founding
from tongxing.ground.access.models import Grant
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.people.models import CalendarDay, Term

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "山前初级中学",
    "stage": "junior",
    "administrator": "孟宇航",
    "login": "Meng",
    "password": "a path beside the river",
    "again": "a path beside the river",
    **suggestion(datetime.date(2026, 11, 23)),
}


@pytest.fixture
def address(db) -> str:
    return reverse("first-run", args=[founding.first_run_token()])


def test_school_calendar_and_administrator_come_from_one_form(address):
    browser = Client()
    assert browser.get(address).status_code == 200
    response = browser.post(address, GIVEN)
    assert response.status_code == 302
    assert response["Location"] == reverse("setup")
    school = Organisation.objects.get()
    assert (school.name, school.stage, school.is_demo) == ("山前初级中学", "junior", False)
    assert [term.week_one.isoformat() for term in Term.objects.all()] == ["2026-09-07", "2027-02-22"]
    assert CalendarDay.objects.filter(date=datetime.date(2026, 10, 1), kind="off").exists()
    grant = Grant.objects.get()
    assert (grant.user.login, grant.role) == ("meng", "system_admin")
    assert browser.get(reverse("settings")).status_code == 200
    assert Commitment.objects.filter(school=school, code="talk").exists()


def test_the_link_works_once(address):
    Client().post(address, GIVEN)
    assert Client().get(address).status_code == 404
    assert Client().post(address, {**GIVEN, "login": "second"}).status_code == 404
    assert Organisation.objects.count() == User.objects.count() == 1


def test_a_link_made_up_or_too_old_opens_nothing(address, time_machine):
    assert Client().get(reverse("first-run", args=["made-up"])).status_code == 404
    time_machine.move_to(timezone.now() + datetime.timedelta(days=4))
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("stage", "kindergarten"),
        ("first_ends_on", "2026-08-01"),
        ("first_week_one", "2026-09-08"),
        ("second_week_one", "2027-05-03"),
        ("login", ""),
        ("password", "short"),
        ("again", "something else"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_written(address, field, value):
    given = {**GIVEN, field: value}
    if field == "password":
        given["again"] = value
    response = Client().post(address, given)
    assert response.status_code == 422
    assert f'id="id_{field}-error"' in response.content.decode()
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_a_short_password_is_refused_in_the_reader_s_language(address):
    given = {**GIVEN, "password": "short", "again": "short"}
    assert "密码至少要 10 个字符" in Client().post(address, given).content.decode()
    english = Client(headers={"accept-language": "en"}).post(address, given).content.decode()
    assert "Please take at least 10 characters" in english


@pytest.mark.parametrize(
    ("today", "year", "week_one"),
    [
        ("2026-11-23", "2026–2027", "2026-09-07"),
        ("2027-03-01", "2026–2027", "2026-09-07"),
        ("2027-07-20", "2027–2028", "2027-09-06"),
    ],
)
def test_the_suggested_year_holds_today_or_comes_next(today, year, week_one):
    found = suggestion(datetime.date.fromisoformat(today))
    assert (found["year"], found["first_week_one"].isoformat()) == (year, week_one)
