"""The demo school is a school: complete, believable, the same from the same seed, and never open elsewhere."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import ClassVisit, Round
from tongxing.doors.cli.demo import load
from tongxing.doors.cli.demo.calendar import year_around
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import Registration, SchoolClass, Staff, Student

THURSDAY = datetime.datetime(2026, 11, 26, 16, 30, tzinfo=SCHOOL_TIME)


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    """Built once for this module; removed with the test database."""
    with django_db_blocker.unblock(), time_machine.travel(THURSDAY, tick=False):
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield load()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_school_has_the_size_and_posts_of_such_a_school(school):
    assert Student.objects.enrolled().count() == 1184
    assert Staff.objects.count() == 90
    assert SchoolClass.objects.filter(year__name="2026-2027").count() == 24
    register = Registration.objects.on(THURSDAY.date())
    assert (register.count(), register.filter(level="key").count()) == (66, 27)


@pytest.mark.django_db
def test_every_registered_student_has_a_helper_whose_check_is_noted(school):
    open_pairs = Pair.objects.open()
    assert open_pairs.values("student").distinct().count() == 66
    assert not open_pairs.filter(helper__offence_check_on=None).exists()
    head = Staff.objects.get(responsibilities__post="head")
    assert open_pairs.filter(helper=head).exists()


@pytest.mark.django_db
def test_the_term_has_missed_calls_late_records_a_hand_over_and_a_refused_visit(school):
    assert Contact.objects.filter(made=False).exists()
    assert any(contact.written_days_after for contact in Contact.objects.all())
    assert Pair.objects.filter(ended_reason=Pair.Ended.SWAPPED).count() == 1
    assert not Contact.objects.filter(recorded_at__gt=THURSDAY).exists()


@pytest.mark.django_db
def test_the_audit_chain_of_the_whole_story_is_whole(school):
    verdict = audit.verify()
    assert verdict.intact
    assert verdict.entries > 900


@pytest.mark.django_db
def test_one_click_opens_every_role_and_only_in_the_demo(school, monkeypatch):
    monkeypatch.setattr(settings, "MODE", "demo")
    for role in Role:
        assert Client().post(f"/demo/{role.value}/").status_code == 302, role
    Organisation.objects.filter(pk=school.pk).update(is_demo=False)
    assert Client().post("/demo/head/").status_code == 404
    Organisation.objects.filter(pk=school.pk).update(is_demo=True)
    monkeypatch.setattr(settings, "MODE", "school")
    assert Client().post("/demo/head/").status_code == 404
    assert "demo/head" not in Client().get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_a_visitor_comes_in_as_a_helper_whose_student_would_like_a_talk(school, monkeypatch):
    monkeypatch.setattr(settings, "MODE", "demo")
    visitor = Client()
    visitor.post("/demo/helper/")
    assert "一位同学等您聊聊" in visitor.get("/week/").content.decode()


@pytest.mark.parametrize(
    "day", [datetime.date(2026, 1, 1) + datetime.timedelta(days=9 * n) for n in range(60)]
)
def test_on_any_day_of_the_year_the_story_is_in_mid_term(day):
    dates = year_around(day)
    assert dates.now.starts_on <= day <= dates.now.ends_on
    assert 7 <= (day - dates.now.week_one).days // 7 <= 20
    for term in (dates.now, dates.before, dates.after):
        term.check()


@pytest.mark.django_db
def test_after_the_mid_term_a_second_round_is_under_way_and_most_classes_are_through(school):
    first, second = Round.objects.filter(school=school).order_by("number")
    assert (first.state, second.state) == ("approved", "open")
    assert second.classes_done.count() == 19
    assert second.looked.filter(decision="pending").exists()
    assert second.nominations.count() == 2
    assert ClassVisit.objects.values("school_class").distinct().count() == 22
