"""A day kept free by the counsellor: no time is offered then, and whoever had one is moved or told."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.models import Appointment, ClosedDay
from tongxing.care.counselling.queries import days, next_free
from tongxing.care.counselling.room_calendar import booked, closed_days, has_time_on, own_closed_days
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

from .test_appointments import DAY, HOUR, State, arrange, in_days

PLACE = "二楼心理室"


def close(cast, number=1, by="counsellor", reason="外出培训", client_id=None):
    day = clock.today() + number * DAY
    told = {"school": cast.school, "client_id": client_id or uuid4(), "day": day, "reason": reason}
    return actions.close_day(cast.actor(by), **told)


def opened(cast, weekday, place=PLACE):
    hours = {"opens": datetime.time(16), "closes": datetime.time(18), "place": place}
    return actions.add_hours(
        cast.actor("counsellor"), school=cast.school, client_id=uuid4(), weekday=weekday, **hours
    )


def test_the_free_times_offered_leave_out_a_day_that_is_kept_free(room):
    opened(room, 3), opened(room, 4)
    tomorrow = clock.today() + DAY
    assert next_free(room.actor("counsellor"), room.school)["day"] == tomorrow
    closed = close(room)
    assert next_free(room.actor("counsellor"), room.school)["day"] == tomorrow + DAY
    (day,) = days(room.actor("counsellor"), room.school, tomorrow, 1)
    assert (day.is_open, day.closed) == ([], closed)
    assert days(room.actor("second"), room.school, tomorrow, 1)[0].is_open, "each counsellor has an own day"
    actions.reopen_day(room.actor("counsellor"), closed=closed)
    assert next_free(room.actor("counsellor"), room.school)["day"] == tomorrow


def test_no_time_is_agreed_on_such_a_day_and_a_regular_talk_leaves_it_out(room):
    close(room, 8)
    with pytest.raises(Refused) as refusal:
        arrange(room, in_days(8))
    assert refusal.value.field == "day"
    first = arrange(room, in_days(1), every=1, until=clock.today() + 15 * DAY)
    met = Appointment.objects.filter(series=first.series).order_by("at")
    assert [(clock.day_of(one.at) - clock.today()).days for one in met] == [1, 15]
    assert arrange(room, in_days(8), "plain", by="second")


def test_a_day_is_closed_once_and_the_reason_is_in_no_trail(room):
    same = uuid4()
    assert close(room, client_id=same) == close(room, client_id=same) == close(room)
    entry = AuditEntry.objects.get(action="counselling.close-day")
    assert "培训" not in str(entry.detail)
    with pytest.raises(Refused) as refusal:
        close(room, -1)
    assert refusal.value.field == "day"


@pytest.mark.parametrize("by", ["head", "coordinator", "class_teacher", "student", "outsider"])
def test_nobody_else_closes_or_reopens(room, by):
    closed = close(room)
    with pytest.raises(NotAllowed):
        close(room, 2, by=by)
    with pytest.raises(NotAllowed):
        actions.reopen_day(room.actor(by), closed=closed)


def test_another_counsellor_does_not_reopen_ones_day(room):
    closed = close(room)
    with pytest.raises(NotAllowed):
        actions.reopen_day(room.actor("second"), closed=closed)
    actions.reopen_day(room.actor("counsellor"), closed=closed)
    actions.reopen_day(room.actor("counsellor"), closed=closed)
    assert AuditEntry.objects.filter(action="counselling.reopen-day").count() == 1
    assert close(room) != closed, "it can be closed again"


def test_whoever_has_a_time_then_is_listed_and_moved_and_told(room):
    asked = room.room.agree(room.room.ask(), hours=20)
    closed = close(room)
    assert [one.row for one in has_time_on(room.actor("counsellor"), closed)] == [asked]
    assert own_closed_days(room.actor("counsellor"), room.school) == [(closed, 1)]
    assert has_time_on(room.actor("second"), closed) == []
    with pytest.raises(Refused):
        actions.move(room.actor("counsellor"), appointment=asked, at=in_days(1, 18), place="")
    for by in ("second", "class_teacher", "student"):
        with pytest.raises(NotAllowed):
            actions.move(room.actor(by), appointment=asked, at=in_days(2), place="")
    moved = actions.move(room.actor("counsellor"), appointment=asked, at=in_days(2), place=PLACE)
    assert (moved.state, moved.at, moved.place) == (State.AGREED, in_days(2), PLACE)
    assert has_time_on(room.actor("counsellor"), closed) == []
    told = Message.objects.filter(to=room.users["student"]).latest("pk")
    assert "改" in told.subject and told.link_name == "counselling-ask"


def test_put_off_it_waits_again_so_that_nobody_is_forgotten(room):
    asked = room.room.agree(room.room.ask(), hours=20)
    again = actions.put_off(room.actor("counsellor"), appointment=asked)
    assert (again.state, again.at) == (State.WISHED, None)
    assert Message.objects.filter(to=room.users["student"]).count() == 2
    with pytest.raises(Refused):
        actions.put_off(room.actor("counsellor"), appointment=asked)
    room.room.agree(again, hours=70)
    assert Message.objects.filter(to=room.users["student"]).count() == 3, "the new time is told as well"


def test_of_a_regular_talk_one_meeting_is_left_out_and_the_next_stands(room):
    first = arrange(room, in_days(1), every=1, until=clock.today() + 8 * DAY)
    gone = actions.put_off(room.actor("counsellor"), appointment=first)
    assert (gone.state, gone.called_off_by) == (State.DID_NOT, "counsellor")
    assert Appointment.objects.agreed().filter(series=first.series).count() == 1
    assert not Message.objects.exists(), "nobody asked through a door"


def test_what_is_over_is_neither_moved_nor_put_off(room, at_school):
    one = arrange(room, in_days(1))
    at_school.shift(48 * HOUR)
    for act in (
        lambda: actions.move(room.actor("counsellor"), appointment=one, at=in_days(2), place=""),
        lambda: actions.put_off(room.actor("counsellor"), appointment=one),
    ):
        with pytest.raises(Refused):
            act()


def test_two_do_not_come_at_one_time_after_a_move_but_ones_own_time_is_in_nobodys_way(room):
    one, _other = arrange(room, in_days(1, 16)), arrange(room, in_days(1, 17), "normal")
    with pytest.raises(Refused) as refusal:
        actions.move(room.actor("counsellor"), appointment=one, at=in_days(1, 17), place="")
    assert refusal.value.field == "at"
    later = in_days(1, 16) + datetime.timedelta(minutes=10)
    assert actions.move(room.actor("counsellor"), appointment=one, at=later, place="").at == later


def test_a_child_is_told_of_days_only_when_no_counsellor_is_there(room):
    until = clock.today() + 20 * DAY
    close(room)
    assert closed_days(room.school, until) == []
    close(room, by="second")
    assert closed_days(room.school, until) == [clock.today() + DAY]


def test_the_calendar_knows_time_and_room_and_nothing_about_anybody(room):
    opened(room, 3)
    arrange(room, in_days(1), place=PLACE)
    arrange(room, in_days(2), "normal", place="周晓禾家")
    found = booked(room.actor("counsellor"), clock.now())
    assert [(one.at, one.room) for one in found] == [(in_days(1), PLACE), (in_days(2), "")]
    assert all(UUID(one.uid) for one in found)
    for by in ("second", "head", "class_teacher", "helper"):
        assert booked(room.actor(by), clock.now()) == []


def test_a_closed_day_is_somebodys(room):
    closed = close(room)
    assert ClosedDay.objects.get() == closed and closed.counsellor == room.users["counsellor"]
