"""From the supervisor's month to money: handed in, checked by another, listed once, paid by one entry."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions import entries
from tongxing.aid.ledger.models import Entry
from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import hours, pay, posts
from ..models import Month, PayLine, PayList
from ..queries.posts import months_to_check, months_to_pay
from .school import new_id

GROWN = datetime.date(2008, 1, 5)
OCTOBER = datetime.date(2026, 10, 1)
PAID_ON = datetime.date(2026, 11, 10)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def place(school):
    place = school.places(school.open(), school.student("关宁", GROWN))
    for day in (8, 15, 22):
        school.works(place, OCTOBER.replace(day=day), "16:00", "18:00")
    return place


def handed_in(school, place, month=OCTOBER):
    return hours.hand_in(school.supervisor, post=place.post, month=month)


def checked(school, place):
    return hours.check_month(school.manager, month=handed_in(school, place))


def listed(school, place):
    checked(school, place)
    return pay.make_list(school.manager, school=school.cast.school, month=OCTOBER, client_id=new_id())


def paid(school, found, **more):
    told = school.books
    usual = {
        "day": PAID_ON,
        "come_from": told.accounts["1002"],
        "fund": told.fund,
        "purpose": told.purposes["勤工助学"],
    }
    return pay.pay(told.maker, pay_list=found, paid=pay.Paid(**usual | more), client_id=new_id())


def test_a_month_is_handed_in_once_and_stands_still(school, place):
    month = handed_in(school, place)
    assert handed_in(school, place) == month
    assert months_to_check(school.manager, school.cast.school) == [month]
    with pytest.raises(Refused, match="handed in already"):
        school.works(place, OCTOBER.replace(day=29))
    row = place.hours.first()
    with pytest.raises(Refused, match="handed in already"):
        hours.take_hours_back(school.supervisor, row=row)


def test_a_month_that_is_not_over_or_empty_is_not_handed_in(school, place):
    with pytest.raises(Refused, match="not over yet"):
        handed_in(school, place, datetime.date(2026, 11, 1))
    with pytest.raises(Refused, match="No hours"):
        handed_in(school, place, datetime.date(2026, 9, 1))
    with pytest.raises(NotAllowed):
        hours.hand_in(school.cast.actor("class_teacher"), post=place.post, month=OCTOBER)


def test_whoever_handed_it_in_does_not_check_it(school, place):
    own = hours.hand_in(school.manager, post=place.post, month=OCTOBER)
    with pytest.raises(Refused, match="Somebody else"):
        hours.check_month(school.manager, month=own)
    with pytest.raises(NotAllowed):
        hours.check_month(school.supervisor, month=own)
    found = hours.check_month(school.second, month=own)
    assert hours.check_month(school.second, month=own).checked_at == found.checked_at
    with pytest.raises(IntegrityError), transaction.atomic():
        Month.objects.filter(pk=own.pk).update(checked_by=own.handed_in_by)


def test_a_month_sent_back_takes_hours_again(school, place):
    month = handed_in(school, place)
    with pytest.raises(Refused, match="few words"):
        hours.send_back(school.manager, month=month, reason="")
    hours.send_back(school.manager, month=month, reason="22 日是假期，请再看一下")
    hours.take_hours_back(school.supervisor, row=place.hours.last())
    again = handed_in(school, place)
    assert again != month and months_to_check(school.manager, school.cast.school) == [again]
    with pytest.raises(Refused, match="sent back"):
        hours.check_month(school.manager, month=month)


def test_a_list_holds_what_is_checked_and_nothing_twice(school, place):
    with pytest.raises(Refused, match="checked and unpaid"):
        pay.make_list(school.manager, school=school.cast.school, month=OCTOBER, client_id=new_id())
    found = listed(school, place)
    line = found.lines.get()
    assert (line.minutes, line.rate, line.amount, found.total) == (360, 15_00, 90_00, 90_00)
    with pytest.raises(Refused, match="checked and unpaid"):
        pay.make_list(school.manager, school=school.cast.school, month=OCTOBER, client_id=new_id())
    with pytest.raises(Refused, match="on a pay list"):
        hours.send_back(school.manager, month=Month.objects.get(), reason="再看")


def test_unpaid_work_stands_on_no_list(school):
    place = school.places(school.open("志愿", kind="volunteer"), school.student("艾宁", GROWN))
    school.works(place, OCTOBER.replace(day=8))
    checked(school, place)
    assert months_to_pay(school.manager, school.cast.school) == []
    with pytest.raises(Refused, match="checked and unpaid"):
        pay.make_list(school.manager, school=school.cast.school, month=OCTOBER, client_id=new_id())


def test_a_list_is_paid_by_one_entry_that_somebody_else_checks(school, place):
    school.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    found = listed(school, place)
    entry = paid(school, found)
    assert paid(school, found) == entry and Entry.objects.filter(source_kind="workstudy").count() == 1
    assert (entry.source_id, entry.kind) == (str(found.pk), "payment")
    school.cast.grant("finance_maker", "finance_checker")
    with pytest.raises(Refused, match="Somebody else"):
        entries.check(school.cast.actor("finance_maker"), entry=entry)
    entries.check(school.books.checker, entry=entry)
    assert school.books.balance("5004") == 90_00 and school.books.balance("1002") == 910_00
    assert "关宁" not in entry.narrative


def test_only_finance_pays_and_only_those_who_manage_make_the_list(school, place):
    found = listed(school, place)
    said = pay.Paid(
        PAID_ON, school.books.accounts["1002"], school.books.fund, school.books.purposes["勤工助学"]
    )
    for name in ("coordinator", "head", "finance_checker", "other_teacher"):
        with pytest.raises(NotAllowed):
            pay.pay(school.cast.actor(name), pay_list=found, paid=said, client_id=new_id())
    with pytest.raises(NotAllowed):
        pay.make_list(school.books.maker, school=school.cast.school, month=OCTOBER, client_id=new_id())


def test_a_payment_sent_back_can_be_written_anew_and_a_reversed_one_asks_for_a_new_list(school, place):
    school.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    found = listed(school, place)
    first = paid(school, found)
    with pytest.raises(Refused, match="stands in the books"):
        pay.take_list_back(school.manager, pay_list=found, reason="算错")
    entries.take_back(school.books.checker, entry=first, reason="日期不对")
    second = paid(school, found, day=PAID_ON + datetime.timedelta(days=1))
    entries.check(school.books.checker, entry=second)
    back = entries.reverse(
        school.books.maker, entry=second, day=datetime.date(2026, 11, 20), reason="多付", client_id=new_id()
    )
    entries.check(school.books.checker, entry=back)
    with pytest.raises(Refused, match="was reversed"):
        paid(school, found)
    pay.take_list_back(school.manager, pay_list=found, reason="多付")
    new = pay.make_list(school.manager, school=school.cast.school, month=OCTOBER, client_id=new_id())
    assert new != found and PayLine.objects.filter(pay_list=new).count() == 1
    assert paid(school, new) != second


def test_pay_that_fell_under_a_new_floor_is_not_handed_in(school, place):
    posts.set_floor(
        school.manager, school=school.cast.school, client_id=new_id(), unit="temporary", amount=16_00,
        starts_on=OCTOBER.replace(day=20), source="县里通知",
    )  # fmt: skip
    with pytest.raises(Refused, match=r"at least 16\.00"):
        handed_in(school, place)


def test_the_database_holds_a_month_to_one_list_and_amounts_to_something(school, place):
    found = listed(school, place)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayList.objects.filter(pk=found.pk).update(total=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Month.objects.update(checked_by=None, checked_at=None)
