import datetime

import pytest

from tongxing.ground.accounts.actions import PER_ACCOUNT, PER_ADDRESS, clear_old_failures, sign_in
from tongxing.ground.accounts.models import FailedSignIn, User
from tongxing.ground.kernel.errors import Refused

SCHOOL, HOME = "203.0.113.7", "198.51.100.2"


@pytest.fixture
def teacher(db, at_school):
    return User.objects.create_user("LinLan", "林岚", "长夜读书灯火明")


def fail(times, login="linlan", address=SCHOOL):
    for _ in range(times):
        with pytest.raises(Refused):
            sign_in(login, "wrong", address=address)


def test_the_sign_in_name_works_in_any_case(teacher):
    assert sign_in(" LINLAN ", "长夜读书灯火明", address=SCHOOL) == teacher


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(teacher):
    with pytest.raises(Refused) as wrong:
        sign_in("linlan", "wrong", address=SCHOOL)
    with pytest.raises(Refused) as unknown:
        sign_in("nobody", "wrong", address=SCHOOL)
    assert wrong.value.message == unknown.value.message


def test_a_deactivated_account_cannot_sign_in(teacher):
    User.objects.update(is_active=False)
    with pytest.raises(Refused):
        sign_in("linlan", "长夜读书灯火明", address=SCHOOL)


def test_guessing_locks_the_account_at_that_address_for_a_quarter_of_an_hour(teacher, at_school):
    fail(PER_ADDRESS)
    with pytest.raises(Refused):
        sign_in("linlan", "长夜读书灯火明", address=SCHOOL)
    assert sign_in("linlan", "长夜读书灯火明", address=HOME) == teacher
    at_school.shift(datetime.timedelta(minutes=16))
    assert sign_in("linlan", "长夜读书灯火明", address=SCHOOL) == teacher


def test_colleagues_at_the_schools_shared_address_are_never_locked_out(teacher):
    for number in range(40):
        fail(1, login=f"guess{number}")
    assert sign_in("linlan", "长夜读书灯火明", address=SCHOOL) == teacher


def test_guessing_from_many_addresses_locks_the_account(teacher):
    for number in range(PER_ACCOUNT):
        fail(1, address=f"192.0.2.{number}")
    with pytest.raises(Refused):
        sign_in("linlan", "长夜读书灯火明", address=HOME)


def test_failures_are_forgotten_after_a_day_and_never_name_anyone(teacher, at_school):
    fail(2)
    assert not FailedSignIn.objects.filter(login__icontains="linlan").exists()
    at_school.shift(datetime.timedelta(days=2))
    assert clear_old_failures() == 2
