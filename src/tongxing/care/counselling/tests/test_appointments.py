"""From a wish to a time, once and regularly, and what became of it."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Plan
from tongxing.care.counselling.models import Appointment, Series
from tongxing.care.counselling.queries import away_from_lessons, days, next_meeting, waiting
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import CalendarDay

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
State = Appointment.State


def hours_on(cast, day):
    return days(cast.actor("counsellor"), cast.school, day, 1)[0].is_open


def in_days(number, hour=16):
    return clock.start_of(clock.today() + number * DAY) + hour * HOUR


def arrange(cast, at, student="key", by="counsellor", **more):
    return actions.arrange(
        cast.actor(by), student=getattr(cast.students, student), client_id=uuid4(), plan=Plan(at, **more)
    )


def test_a_wish_gets_its_time_and_whoever_asked_is_told(room):
    found = room.room.agree(room.room.ask(), place="心理室")
    assert (found.state, found.counsellor, found.place) == (State.AGREED, room.users["counsellor"], "心理室")
    assert Message.objects.get(to=room.users["student"]).link_name == "counselling-ask"
    with pytest.raises(Refused):
        room.room.agree(found, hours=30)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (lambda: Plan(clock.now() - HOUR), "at"),
        (lambda: Plan(in_days(1), minutes=5), "minutes"),
        (lambda: Plan(in_days(1), every=1), "until"),
        (lambda: Plan(in_days(1), every=1, until=clock.today()), "until"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_its_field(room, plan, field):
    with pytest.raises(Refused) as refusal:
        actions.agree(room.actor("counsellor"), appointment=room.room.ask(), plan=plan())
    assert refusal.value.field == field


@pytest.mark.parametrize("by", ["helper", "class_teacher", "head", "student", "outsider"])
def test_nobody_else_agrees_a_time(room, by):
    wish = room.room.ask()
    with pytest.raises(NotAllowed):
        room.room.agree(wish, by=by)


def test_two_do_not_come_at_one_time_but_each_counsellor_has_an_own_day(room):
    arrange(room, in_days(1))
    with pytest.raises(Refused):
        arrange(room, in_days(1) + 39 * datetime.timedelta(minutes=1), "normal")
    assert arrange(room, in_days(1) + 40 * datetime.timedelta(minutes=1), "normal")
    assert arrange(room, in_days(1), "plain", by="second")


def test_a_regular_appointment_leaves_out_days_off_and_ends_with_its_day(room):
    CalendarDay.objects.create(school=room.school, date=clock.today() + 15 * DAY, kind="off")
    first = arrange(room, in_days(1), every=1, until=clock.today() + 29 * DAY)
    met = Appointment.objects.filter(series=first.series).order_by("at")
    assert [(clock.day_of(one.at) - clock.today()).days for one in met] == [1, 8, 22, 29]
    twice = arrange(room, in_days(2), "normal", every=2, until=clock.today() + 30 * DAY)
    assert Appointment.objects.filter(series=twice.series).count() == 3


def test_ending_a_regular_appointment_calls_off_what_is_to_come(room):
    first = arrange(room, in_days(1), every=1, until=clock.today() + 22 * DAY)
    with pytest.raises(NotAllowed):
        actions.end_series(room.actor("second"), series=first.series, called_off_by="child")
    assert actions.end_series(room.actor("counsellor"), series=first.series, called_off_by="child") == 4
    assert Series.objects.get().ended_because == "child"
    assert actions.end_series(room.actor("counsellor"), series=first.series, called_off_by="child") == 0


def test_it_takes_place_or_somebody_calls_it_off_and_a_slip_of_the_finger_is_taken_back(room, at_school):
    one = arrange(room, in_days(1))
    with pytest.raises(Refused):
        actions.took_place(room.actor("counsellor"), appointment=one)
    with pytest.raises(Refused):
        actions.did_not(room.actor("counsellor"), appointment=one, called_off_by="")
    at_school.shift(26 * HOUR)
    assert actions.took_place(room.actor("counsellor"), appointment=one).state == State.TOOK_PLACE
    assert actions.take_back(room.actor("counsellor"), appointment=one).state == State.AGREED
    gone = actions.did_not(room.actor("counsellor"), appointment=one, called_off_by="school")
    assert (gone.state, gone.called_off_by) == (State.DID_NOT, "school")
    at_school.shift(HOUR)
    with pytest.raises(Refused):
        actions.take_back(room.actor("counsellor"), appointment=one)


def test_the_child_calls_off_what_it_asked_for_and_nobody_asks_why(room):
    one = room.room.agree(room.room.ask())
    with pytest.raises(NotAllowed):
        actions.call_off(room.actor("guardian"), appointment=one)
    gone = actions.call_off(room.actor("student"), appointment=one)
    assert (gone.state, gone.called_off_by) == (State.DID_NOT, "child")


def test_the_day_says_who_comes_next(room):
    arrange(room, in_days(0, 17), "normal")
    arrange(room, in_days(0, 19), "plain")
    (today,) = days(room.actor("counsellor"), room.school, clock.today(), 1)
    found = next_meeting(today, clock.now())
    assert found.row.student == room.students.normal and found.class_name == "初一(1)班"
    assert next_meeting(today, in_days(0, 20)) is None
    assert not days(room.actor("second"), room.school, clock.today(), 1)[0].meetings


def test_opening_hours_are_those_of_the_weekday_and_none_on_a_day_without_school(room):
    hours = actions.add_hours(
        room.actor("counsellor"),
        school=room.school,
        client_id=uuid4(),
        weekday=3,
        opens=datetime.time(16),
        closes=datetime.time(18),
        place="二楼心理室",
    )
    tomorrow = clock.today() + DAY
    assert hours_on(room, tomorrow) == [hours] and not hours_on(room, clock.today())
    arrange(room, in_days(1, 16))
    arrange(room, in_days(1, 19), "normal")
    (day,) = days(room.actor("counsellor"), room.school, tomorrow, 1)
    assert [one.outside for one in day.meetings] == [False, True]
    CalendarDay.objects.create(school=room.school, date=tomorrow, kind="off")
    assert not hours_on(room, tomorrow)
    actions.end_hours(room.actor("counsellor"), hours=hours)
    assert not hours_on(room, clock.today() + 8 * DAY)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"closes": datetime.time(15)}, "closes"),
        ({"place": " "}, "place"),
        ({"weekday": 7}, "weekday"),
    ],
)
def test_hours_that_cannot_be_are_refused(room, more, field):
    told = {"weekday": 1, "opens": datetime.time(16), "closes": datetime.time(17), "place": "心理室"} | more
    with pytest.raises(Refused) as refusal:
        actions.add_hours(room.actor("counsellor"), school=room.school, client_id=uuid4(), **told)
    assert refusal.value.field == field


def test_only_the_counsellor_keeps_the_room(room):
    told = {"weekday": 1, "opens": datetime.time(16), "closes": datetime.time(17), "place": "心理室"}
    for by in ("head", "coordinator", "helper", "system_admin", "outsider"):
        with pytest.raises(NotAllowed):
            actions.add_hours(room.actor(by), school=room.school, client_id=uuid4(), **told)


def test_teachers_learn_of_an_absence_only_where_the_counsellor_ticks_so(room):
    arrange(room, in_days(1), away=True)
    arrange(room, in_days(2), "normal")
    seen = away_from_lessons(room.actor("class_teacher"), room.school, clock.today())
    assert [row.student for row, _class in seen] == [room.students.key]
    assert away_from_lessons(room.actor("other_class_teacher"), room.school, clock.today()) == []
    assert away_from_lessons(room.actor("student"), room.school, clock.today()) == []


def test_what_waits_stands_by_the_day_it_came(room, at_school):
    room.room.ask()
    room.room.refer()
    found = waiting(room.actor("counsellor"), room.school)
    assert found.number == 2
    assert waiting(room.actor("head"), room.school).number == 0
    room.room.agree(Appointment.objects.get())
    at_school.shift(48 * HOUR)
    assert len(waiting(room.actor("counsellor"), room.school).unsettled) == 1
