"""The calendar page: the year on the wall, what a change would do, and the change."""

from django.urls import reverse

from tongxing.doors.web.firstrun import suggestion
from tongxing.ground.people.calendar import DAY
from tongxing.ground.people.models import CalendarDay, SchoolYear

HOLIDAY = {"first": "2026-10-01", "last": "2026-10-07", "kind": "off", "name": "国庆节"}


def test_the_year_hangs_on_the_wall_with_its_weeks(cast):
    text = cast.client("coordinator").get(reverse("settings-calendar")).content.decode()
    assert "2026年9月" in text and "2027年1月" in text
    assert '<th scope="row">12</th>' in text


def test_what_changes_is_shown_before_it_is_noted(cast):
    browser, address = cast.client("coordinator"), reverse("settings-calendar")
    text = browser.get(address, HOLIDAY).content.decode()
    assert "5 → 2 个上课日" in text
    assert not CalendarDay.objects.exists()
    assert browser.post(reverse("settings-days"), HOLIDAY).status_code == 302
    text = browser.get(address).content.decode()
    assert "国庆节" in text and 'class="off"' in text


def test_a_preview_of_what_cannot_be_says_why(cast):
    monday = {"first": "2026-10-12", "last": "2026-10-12", "kind": "make_up", "name": ""}
    response = cast.client("coordinator").get(reverse("settings-calendar"), monday)
    assert response.status_code == 422
    assert "本来就要上课" in response.content.decode()


def test_the_next_year_is_suggested_and_added(cast):
    browser, address = cast.client("coordinator"), reverse("settings-year")
    assert "2027–2028" in browser.get(address).content.decode()
    given = suggestion(cast.year.ends_on + 30 * DAY)
    response = browser.post(address, given)
    year = SchoolYear.objects.get(name="2027–2028")
    assert response["Location"] == f"{reverse('settings-calendar')}?year={year.pk}"
    assert browser.get(response["Location"]).status_code == 200
    assert browser.post(address, given).status_code == 422


def test_the_year_of_another_school_is_not_there(cast):
    far = SchoolYear.objects.get(school=cast.other_school)
    assert cast.client("coordinator").get(reverse("settings-calendar"), {"year": far.pk}).status_code == 404
    assert cast.client("class_teacher").get(reverse("settings-calendar")).status_code == 403
