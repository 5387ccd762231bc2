"""What the door asks and which PIN it takes. Pure."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.access import pins

BORN = datetime.date(2013, 5, 6)
WAYS = (
    *("{0:%Y%m%d}", "{0:%Y-%m-%d}", "{0.year}-{0.month}-{0.day}", "{0.year}年{0.month}月{0.day}日"),
    *("{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}", " {0.year} {0.month} {0.day} "),
)
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


@given(
    day=st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    way=st.sampled_from(WAYS),
    wide=st.booleans(),
)
def test_a_day_is_understood_however_it_is_written(day, way, wide):
    written = way.format(day)
    assert pins.read_day(written.translate(WIDE) if wide else written) == day


@pytest.mark.parametrize("text", ["", "2013", "20130231", "5月6日", "周晓禾", "201305061", "1111"])
def test_what_is_no_day_is_none(text):
    assert pins.read_day(text) is None


@given(text=st.text(max_size=12))
def test_nothing_opens_but_the_birthday_and_the_last_four_digits(text):
    if pins.fits(text, birth_date=BORN, phone="13900001111"):
        assert pins.digits_of(text).lstrip("0") in {"1111", "20130506", "201356", "2013506", "2013056"}


def test_the_last_four_digits_fit_and_nothing_shorter_or_longer():
    def fits(text, phone="139 0000 1111"):
        return pins.fits(text, birth_date=None, phone=phone)

    assert fits("1111") and fits(" １１１１ ")
    assert not any(fits(text) for text in ("111", "01111", "13900001111", "", "2222"))
    assert not fits("", phone="") and not fits("12", phone="12")


@given(st.from_regex(r"\d{0,5}", fullmatch=True))
def test_fewer_than_six_digits_are_no_pin(secret):
    assert pins.fault_of(secret, ()) == "short"


@pytest.mark.parametrize("secret", ["111111", "123456", "987654", "234567", "000000"])
def test_what_anybody_tries_first_is_no_pin(secret):
    assert pins.fault_of(secret, ()) == "simple"


@pytest.mark.parametrize("secret", ["20130506", "130506", "001111", "13900001111", "139000011112"])
def test_what_others_know_is_no_pin(secret):
    assert pins.fault_of(secret, ["20130506", "13900001111"]) == "known"


@pytest.mark.parametrize("secret", ["308517", "春天在田埂上走来", "kapok-tree"])
def test_other_digits_or_a_password_will_do(secret):
    assert pins.fault_of(secret, ["20130506", "13900001111"]) == ""


def test_a_short_word_is_no_password():
    assert pins.fault_of("kapok", ()) == "short"
