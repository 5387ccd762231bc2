"""Slips: who may make them for whom, what they end, and how a code is used."""

import datetime
from uuid import UUID

import pytest
from django.contrib.auth import authenticate

from tongxing.ground.access import actions, slips
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.actions import WRONG_CODES, find_start_code, start
from tongxing.ground.accounts.models import StartCode
from tongxing.ground.accounts.start_codes import ALPHABET, code_for, tidy
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.actions import open_feed
from tongxing.ground.outbox.models import Feed, MailAddress

HERE = "203.0.113.7"
PASSWORD = "春天在田埂上走来-1"


def slip_for(cast, *names, by="coordinator", batch=1):
    users = [cast.users[name] for name in names]
    made = slips.make_slips(cast.actor(by), school=cast.school, users=users, batch=UUID(int=batch))
    return made[0].code if len(made) == 1 else [slip.code for slip in made]


def come_in(code, login="", password=PASSWORD):
    return start(find_start_code(code, address=HERE), password=password, login=login)


def test_a_slip_lets_a_colleague_choose_login_and_password_once(cast):
    code = slip_for(cast, "other_teacher")
    user = come_in(code, login=" SongQiao ")
    assert authenticate(username="songqiao", password=PASSWORD) == user
    with pytest.raises(Refused, match="用过"):
        find_start_code(code, address=HERE)


@pytest.mark.parametrize(("had_password", "left"), [(True, 0), (False, 1)])
def test_a_reset_takes_back_the_feed_and_an_address_nobody_confirmed(cast, had_password, left):
    for name in ("helper", "other_teacher"):
        user = cast.users[name]
        if had_password or name == "other_teacher":
            user.set_password(PASSWORD)
            user.save()
        open_feed(cast.actor(name))
        MailAddress.objects.create(user=user, address=f"{name}@school.example")
    slip_for(cast, "helper")
    for mine in (Feed.objects, MailAddress.objects):
        assert mine.filter(user=cast.users["helper"]).count() == left
        assert mine.filter(user=cast.users["other_teacher"]).count() == 1


def test_a_confirmed_address_outlives_a_reset(cast):
    user = cast.users["helper"]
    user.set_password(PASSWORD)
    user.save()
    MailAddress.objects.create(user=user, address="helper@school.example", confirmed_at=clock.now())
    slip_for(cast, "helper")
    assert MailAddress.objects.filter(user=user).exists()


def test_the_code_is_kept_nowhere_and_made_slips_leave_one_row_without_it(cast):
    codes = slip_for(cast, "other_teacher", "helper")
    row = AuditEntry.objects.get(action="account.activation")
    assert row.detail == {"users": sorted([cast.users["other_teacher"].pk, cast.users["helper"].pk])}
    for kept in StartCode.objects.values_list("fingerprint", flat=True):
        assert not any(code in kept or tidy(code) in kept for code in codes)


@pytest.mark.parametrize("above", ["head", "system_admin", "deputy", "counsellor"])
def test_a_coordinator_makes_no_slip_for_anyone_above(cast, above):
    with pytest.raises(Refused):
        slip_for(cast, above)
    with pytest.raises(Refused):
        slip_for(cast, "other_teacher", above)
    assert not StartCode.objects.exists()
    assert slip_for(cast, above, by="system_admin" if above == "head" else "head")


def test_nor_for_somebody_who_will_be_head_from_tomorrow_on(cast):
    tomorrow = datetime.date(2026, 11, 26)
    Grant.objects.create(
        school=cast.school, user=cast.users["other_teacher"], role="head", starts_on=tomorrow
    )
    with pytest.raises(Refused):
        slip_for(cast, "other_teacher")


def test_a_slip_made_before_its_holder_got_a_leading_role_ends(cast):
    code = slip_for(cast, "other_teacher")
    chosen = {"school": cast.school, "user": cast.users["other_teacher"], "role": Role.DEPUTY}
    actions.grant(cast.actor("head"), **chosen)
    with pytest.raises(Refused):
        find_start_code(code, address=HERE)


@pytest.mark.parametrize("by", ["class_teacher", "helper", "deputy", "outsider"])
def test_nobody_without_the_right_makes_slips(cast, by):
    with pytest.raises(NotAllowed):
        slip_for(cast, "other_teacher", by=by)


@pytest.mark.parametrize("whose", ["outsider", "guardian", "county_supervisor"])
def test_no_slip_for_people_who_do_not_work_here(cast, whose):
    with pytest.raises(NotAllowed):
        slip_for(cast, whose, by="head")


def test_no_slip_for_oneself_a_closed_account_or_one_that_also_works_elsewhere(cast):
    cast.grant("other_teacher", Role.COUNTY_DATA_OFFICER, cast.county)
    for whose, by in (("coordinator", "coordinator"), ("deactivated", "head"), ("other_teacher", "head")):
        with pytest.raises(Refused):
            slip_for(cast, whose, by=by)


def test_a_teacher_whose_child_goes_to_another_school_gets_a_slip_like_others(cast):
    cast.grant("other_teacher", Role.GUARDIAN, cast.other_school, student=cast.students.far)
    assert slip_for(cast, "other_teacher")


def test_a_new_slip_ends_the_old_code_and_the_old_password(cast):
    first = slip_for(cast, "helper")
    user = come_in(first, login="linlan")
    second = slip_for(cast, "helper", batch=2)
    assert authenticate(username="linlan", password=PASSWORD) is None
    third = slip_for(cast, "helper", batch=3)
    with pytest.raises(Refused, match="新的纸条"):
        find_start_code(second, address=HERE)
    assert come_in(third, password="又一个春天在田埂上-2") == user


def test_the_same_page_of_slips_loaded_twice_gives_the_same_codes(cast):
    assert slip_for(cast, "helper") == slip_for(cast, "helper")
    assert StartCode.objects.count() == 1
    come_in(slip_for(cast, "helper"))
    with pytest.raises(Refused):
        slip_for(cast, "helper")


def test_a_slip_runs_out_and_ends_with_its_account(cast, at_school):
    code, other = slip_for(cast, "helper", "other_teacher")
    actions.set_active(cast.actor("head"), school=cast.school, user=cast.users["other_teacher"], active=False)
    with pytest.raises(Refused):
        find_start_code(other, address=HERE)
    at_school.shift(slips.LIVES)
    with pytest.raises(Refused, match="过期"):
        find_start_code(code, address=HERE)


def test_guessing_codes_is_stopped_at_one_address(cast, at_school):
    code = slip_for(cast, "helper")
    for _ in range(WRONG_CODES):
        with pytest.raises(Refused):
            find_start_code("AAAAA-AAAAA", address=HERE)
    with pytest.raises(Refused, match="太多"):
        find_start_code(code, address=HERE)
    assert find_start_code(code, address="198.51.100.2")
    at_school.shift(datetime.timedelta(minutes=16))
    assert find_start_code(code, address=HERE)


def test_a_taken_login_and_a_weak_password_are_refused_and_the_code_stays(cast):
    code = slip_for(cast, "other_teacher")
    for login, password, field in (
        ("head", PASSWORD, "login"),
        ("song qiao", PASSWORD, "login"),
        ("sq", "short", "new"),
    ):
        with pytest.raises(Refused) as refusal:
            come_in(code, login=login, password=password)
        assert refusal.value.field == field
    assert come_in(code, login="sq").login == "sq"


def test_who_signed_in_before_keeps_the_login(cast, at_school):
    cast.users["helper"].last_login = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    cast.users["helper"].save()
    assert come_in(slip_for(cast, "helper"), login="another").login == "helper"


def test_codes_have_no_look_alikes_and_are_read_in_any_writing():
    assert not set(ALPHABET) & set("0O1IL2Z5S8B6GUVQ")
    code = code_for(UUID(int=7), 12)
    assert len(code) == 11
    assert tidy(code.lower().replace("-", " ")) == tidy(code) == code.replace("-", "")


def test_slips_for_many_take_as_many_queries_as_for_few(cast, django_assert_max_num_queries):
    for number in range(60):
        cast.add_staff(f"new{number}", f"新同事{number}")
    names = [f"new{number}" for number in range(60)]
    with django_assert_max_num_queries(18):
        assert len(slip_for(cast, *names)) == 60
    with django_assert_max_num_queries(8):
        rows = slips.starting(cast.actor("coordinator"), cast.school)
    assert sum(row.slip_until is not None for row in rows) == 60
