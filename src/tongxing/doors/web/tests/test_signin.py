import pytest
from django.test import Client
from django.urls import reverse

from tongxing.ground.access import actions as access
from tongxing.ground.accounts.models import User

PASSWORD = "长夜读书灯火明-2026"


@pytest.fixture
def teacher(cast):
    user = cast.users["helper"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, login="helper", password=PASSWORD, **extra):
    return client.post(reverse("sign-in"), {"login": login, "password": password, **extra})


def test_signing_in_leads_to_the_page_one_wanted(teacher):
    response = sign_in(Client(), next="/password/")
    assert (response.status_code, response["Location"]) == (302, "/password/")


def test_signing_in_never_leads_to_another_site(teacher):
    assert sign_in(Client(), next="https://evil.example/")["Location"] == "/"


def test_a_wrong_password_is_told_in_words_and_the_name_stays(teacher):
    response = sign_in(Client(), password="wrong")
    assert response.status_code == 422
    assert 'value="helper"' in response.content.decode()


def test_a_page_asks_strangers_to_sign_in_and_brings_them_back(db):
    response = Client().get("/password/")
    assert response["Location"] == "/sign-in/?next=/password/"


def test_signed_in_pages_are_kept_by_no_cache(cast):
    assert cast.client("finance_maker").get("/").headers["Cache-Control"] == "no-store"


def test_a_closed_account_is_signed_out_with_its_next_request(cast):
    browser = cast.client("helper")
    assert browser.get("/password/").status_code == 200
    access.set_active(cast.actor("head"), school=cast.school, user=cast.users["helper"], active=False)
    assert browser.get("/password/").status_code == 302


def test_a_new_password_ends_other_sessions_but_not_this_one(teacher):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    new = {"new": "春天在田埂上走来-1", "again": "春天在田埂上走来-1"}
    assert here.post("/password/", new).status_code == 302
    assert here.get("/password/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302


@pytest.mark.parametrize(
    ("new", "again"), [("short", "short"), ("春天在田埂上走来-1", "别的别的别的别的别的-2")]
)
def test_a_weak_or_mistyped_password_is_refused(teacher, new, again):
    browser = Client()
    sign_in(browser)
    assert browser.post("/password/", {"new": new, "again": again}).status_code == 422
    assert User.objects.get(pk=teacher.pk).check_password(PASSWORD)


def test_one_person_with_two_schools_works_in_one_at_a_time(cast):
    cast.grant("head", "head", cast.other_school)
    browser = cast.client("head")
    assert browser.post(reverse("choose-school"), {"school": cast.other_school.pk}).status_code == 302
    assert browser.get(reverse("settings-term", args=[cast.term.pk])).status_code == 405
    assert browser.post(reverse("settings-term", args=[cast.term.pk])).status_code == 404
    assert browser.post(reverse("choose-school"), {"school": 99999}).status_code == 404
