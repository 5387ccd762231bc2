"""The way to the first day: steps read from the records."""

from django.test import Client
from django.urls import reverse

from tongxing.doors.web.setup import facts, steps
from tongxing.ground.access.founding import first_run_token
from tongxing.ground.access.models import Grant
from tongxing.ground.access.slips import make_slips
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.actions import add_staff
from tongxing.ground.people.models import Registration, Staff, Student, Term

from .test_firstrun import GIVEN


def standing(school):
    return {
        step.code: "done" if step.done else "next" if step.now else "later" for step in steps(facts(school))
    }


def test_a_school_just_founded_has_its_calendar_and_goes_on_with_its_leaders(db):
    browser = Client()
    first_page = browser.post(reverse("first-run", args=[first_run_token()]), GIVEN)["Location"]
    found = standing(Organisation.objects.get())
    assert (found["calendar"], found["leaders"], found["classes"]) == ("done", "next", "later")
    text = browser.get(first_page).content.decode()
    assert reverse("settings-accounts") in text
    assert browser.get("/")["Location"] == reverse("setup")


def test_a_step_is_done_when_its_facts_are_there_and_open_again_when_they_are_gone(cast):
    before = standing(cast.school)
    assert before["classes"] == before["staff"] == before["students"] == before["screening"] == "done"
    Student.objects.filter(school=cast.school).update(status="left")
    assert standing(cast.school)["students"] != "done"
    Term.objects.filter(school=cast.school).update(ends_on="2026-11-01")
    assert standing(cast.school)["calendar"] == "next"


def test_slips_are_done_when_nobody_waits_and_a_newcomer_opens_the_step_again(cast):
    assert standing(cast.school)["slips"] != "done"
    staff = Staff.objects.filter(school=cast.school, user__is_active=True).select_related("user")
    make_slips(SYSTEM, school=cast.school, users=[one.user for one in staff], batch=cast.school.pk)
    assert standing(cast.school)["slips"] == "done"
    add_staff(SYSTEM, school=cast.school, code="T901", name="苗青")
    assert standing(cast.school)["slips"] != "done"


def test_a_head_without_a_coordinator_is_not_enough(cast):
    assert standing(cast.school)["leaders"] == "done"
    Grant.objects.filter(role="coordinator").delete()
    assert standing(cast.school)["leaders"] == "next"


def test_the_way_leaves_the_menu_with_the_first_child_on_the_register(cast):
    browser = cast.client("coordinator")
    address = f'<a href="{reverse("setup")}"'
    menu = browser.get(reverse("settings-accounts")).content.decode()
    assert address not in menu
    assert reverse("setup") in browser.get(reverse("settings")).content.decode()
    Registration.objects.filter(school=cast.school).delete()
    assert address in browser.get(reverse("settings-accounts")).content.decode()
    assert browser.get("/")["Location"] == reverse("setup")


def test_the_administrator_sees_what_others_have_to_do_without_a_way_there(cast):
    Student.objects.filter(school=cast.school).update(status="left")
    text = cast.client("system_admin").get(reverse("setup")).content.decode()
    assert reverse("import") not in text
    assert "政教处" in text
    assert cast.client("class_teacher").get(reverse("setup")).status_code == 403
