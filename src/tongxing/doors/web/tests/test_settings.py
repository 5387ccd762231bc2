import datetime

from django.urls import reverse

from tongxing.ground.access.models import Grant
from tongxing.ground.people.actions import reveal
from tongxing.ground.people.models import CalendarDay, Staff, Term
from tongxing.ground.people.queries import term_calendar

TERM = {"starts_on": "2026-09-01", "ends_on": "2027-01-22", "week_one": "2026-08-31"}


def test_moving_the_first_teaching_week_renumbers_the_weeks(cast):
    today = datetime.date(2026, 11, 25)
    assert term_calendar(cast.term).week_of(today).number == 12
    response = cast.client("coordinator").post(reverse("settings-term", args=[cast.term.pk]), TERM)
    assert response.status_code == 302
    assert term_calendar(Term.objects.get(pk=cast.term.pk)).week_of(today).number == 13


def test_a_teaching_week_that_begins_on_a_tuesday_is_refused_beside_its_field(cast):
    wrong = {**TERM, "week_one": "2026-09-01"}
    response = cast.client("coordinator").post(reverse("settings-term", args=[cast.term.pk]), wrong)
    assert response.status_code == 422
    assert 'id="id_week_one-error"' in response.content.decode()
    cast.term.refresh_from_db()
    assert cast.term.week_one == datetime.date(2026, 9, 7)


def test_a_term_that_ends_before_it_begins_is_refused(cast):
    wrong = {**TERM, "ends_on": "2026-08-01"}
    assert (
        cast.client("coordinator").post(reverse("settings-term", args=[cast.term.pk]), wrong).status_code
        == 422
    )


def test_days_off_are_noted_and_made_ordinary_again(cast):
    browser = cast.client("coordinator")
    week = {"first": "2026-10-01", "last": "2026-10-07", "kind": "off", "name": "国庆"}
    assert browser.post(reverse("settings-days"), week).status_code == 302
    assert CalendarDay.objects.filter(school=cast.school, kind="off").count() == 7
    assert not term_calendar(cast.term).is_school_day(datetime.date(2026, 10, 5))
    browser.post(reverse("settings-days"), {**week, "kind": "ordinary"})
    assert not CalendarDay.objects.filter(school=cast.school).exists()


def test_a_span_backwards_is_refused(cast):
    wrong = {"first": "2026-10-07", "last": "2026-10-01", "kind": "off"}
    assert cast.client("coordinator").post(reverse("settings-days"), wrong).status_code == 422
    assert not CalendarDay.objects.exists()


def test_the_coordinator_makes_a_class_teacher_and_ends_it_again(cast):
    browser, user = cast.client("coordinator"), cast.users["other_teacher"]
    address = reverse("settings-account", args=[user.pk])
    assert browser.post(address, {"role": "class_teacher"}).status_code == 422
    response = browser.post(address, {"role": "class_teacher", "school_class": cast.class_two.pk})
    assert response.status_code == 302
    grant = Grant.objects.get(user=user)
    assert browser.post(reverse("settings-end-role", args=[user.pk, grant.pk])).status_code == 302
    assert cast.actor("other_teacher").scopes == ()


def test_the_coordinator_cannot_make_a_head(cast):
    address = reverse("settings-account", args=[cast.users["other_teacher"].pk])
    assert cast.client("coordinator").post(address, {"role": "head"}).status_code == 422
    assert not Grant.objects.filter(user=cast.users["other_teacher"]).exists()
    assert cast.client("head").post(address, {"role": "deputy"}).status_code == 302


def test_helpers_roles_are_ended_by_pairing_alone(cast):
    grant = Grant.objects.get(user=cast.users["helper"])
    address = reverse("settings-end-role", args=[cast.users["helper"].pk, grant.pk])
    assert cast.client("head").post(address).status_code == 404


def test_accounts_of_guardians_and_other_schools_are_not_listed(cast):
    text = cast.client("coordinator").get(reverse("settings-accounts")).content.decode()
    assert "林岚" in text
    assert "周桂兰" not in text
    assert "章远" not in text


def test_the_audit_trail_is_checked_on_request_and_names_the_purpose(cast):
    reveal(cast.actor("helper"), student=cast.students.key, field="phone", purpose="约家访时间")
    response = cast.client("head").post(reverse("settings-audit"))
    text = response.content.decode()
    assert "完整" in text
    assert "约家访时间" in text
    assert "林岚" in text


def test_a_new_colleague_is_added_and_a_taken_number_is_refused_beside_its_field(cast):
    browser, address = cast.client("system_admin"), reverse("settings-add-colleague")
    new = {"name": "苗青", "code": "T900", "login": "MiaoQing"}
    assert browser.post(address, new).status_code == 302
    staff = Staff.objects.get(code="T900")
    assert (staff.user.login, staff.initials, staff.user.has_usable_password()) == ("miaoqing", "mq", False)
    again = browser.post(address, {**new, "login": "other"})
    assert again.status_code == 422
    assert 'id="id_code-error"' in again.content.decode()
    assert Staff.objects.filter(code="T900").count() == 1


def test_whoever_leads_reads_purposes_and_the_system_administrator_does_not(cast):
    reveal(cast.actor("helper"), student=cast.students.key, field="phone", purpose="奶奶住院了")
    page = cast.client("system_admin").get(reverse("settings-audit")).content.decode()
    assert "林岚" in page
    assert "奶奶住院了" not in page
