"""A colleague leaves, or hands a child over: what stood with them goes to the next right person, never silently stays."""

import datetime

import pytest

from tongxing.care.pairing.models import Pair
from tongxing.care.requests import actions, leavers
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.access.leaving import leave
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

from .school import a_box, by_guardian, by_slip, by_student

DAY = datetime.timedelta(days=1)


def with_whom(request):
    request.refresh_from_db()
    return request.holder


def leaves(cast, who="helper", last_day=None):
    leave(cast.actor("head"), staff=cast.staff[who], last_day=last_day or clock.today() - DAY)


def pair(cast, who="helper"):
    facts = {"starts_on": cast.term.starts_on, "confirmed_at": clock.now()}
    return Pair.objects.create(school=cast.school, student=cast.students.key, helper=cast.staff[who], **facts)


def test_what_stood_with_a_helper_who_left_goes_on_by_its_way_and_the_next_is_told(cast):
    request = actions.take_on(cast.actor("helper"), request=by_student(cast), text="明天找你")
    assert with_whom(request) == cast.users["helper"]
    leaves(cast)
    (waiting,) = leavers.waiting_with(cast.actor("coordinator"), cast.staff["helper"])
    assert (waiting.request, waiting.to) == (request, cast.users["class_teacher"])
    assert leavers.see_to_leavers() == 1 and leavers.see_to_leavers() == 0
    assert with_whom(request) == cast.users["class_teacher"]
    assert request.state == HelpRequest.State.ASKED and request.due_on > clock.today()
    assert Message.objects.filter(to=cast.users["class_teacher"], link_name="request").exists()
    last = request.steps.last()
    assert (last.kind, last.to) == ("handed_on", cast.users["class_teacher"])
    entry = AuditEntry.objects.get(action="request.hand-on")
    assert entry.detail == {"to": cast.users["class_teacher"].pk}


def test_until_the_last_day_it_stays(cast, at_school):
    request = by_student(cast)
    leaves(cast, last_day=clock.today() + DAY)
    assert leavers.see_to_leavers() == 0
    at_school.shift(2 * DAY)
    assert leavers.see_to_leavers() == 1
    assert with_whom(request) == cast.users["class_teacher"]


def test_those_it_is_kept_from_are_passed_over(cast):
    request = by_student(cast, without=["class_teacher"])
    leaves(cast)
    leavers.see_to_leavers()
    assert with_whom(request) == cast.users["coordinator"]
    assert not HelpRequest.objects.visible_to(cast.actor("class_teacher")).exists()


def test_what_was_done_already_is_with_somebody_when_it_did_not_help(cast):
    request = actions.solve(cast.actor("helper"), request=by_student(cast), text="做完了")
    leaves(cast)
    leavers.see_to_leavers()
    assert with_whom(request) == cast.users["class_teacher"]
    assert request.state == HelpRequest.State.SOLVED, "whoever asked still says whether it helped"
    again = actions.say_whether_it_helped(cast.actor("student"), request=request, helped="not_yet")
    assert (again.state, again.holder) == (HelpRequest.State.ASKED, cast.users["class_teacher"])


def test_an_account_that_is_closed_holds_nothing_back(cast):
    request = by_guardian(cast)
    User.objects.filter(pk=request.holder_id).update(is_active=False)
    leavers.see_to_leavers()
    assert with_whom(request) == cast.users["helper"]


def test_an_unsigned_slip_of_a_class_goes_on_too(cast):
    request = by_slip(cast, a_box(cast), school_class=cast.class_one)
    assert with_whom(request) == cast.users["class_teacher"]
    leaves(cast, "class_teacher")
    leavers.see_to_leavers()
    assert with_whom(request) == cast.users["coordinator"]


def test_nobody_else_loses_a_request(cast):
    pair(cast)
    request = by_student(cast)
    assert leavers.see_to_leavers() == 0
    assert with_whom(request) == cast.users["helper"]


def test_when_the_child_is_handed_over_it_goes_along_to_the_new_helper(cast):
    request = by_student(cast)
    yesterday = clock.today() - DAY
    old = pair(cast)
    Pair.objects.filter(pk=old.pk).update(ends_on=yesterday, ended_reason=Pair.Ended.SWAPPED)
    cast.users["helper"].grants.update(ends_on=yesterday)
    cast.grant("helper", "class_teacher", school_class=cast.class_two)  # still at school, still answers
    cast.grant("other_teacher", "helper", student=cast.students.key)
    pair(cast, "other_teacher")
    HelpRequest.objects.update(asked_on=yesterday)
    request.steps.update(at=clock.now() - 2 * DAY)
    assert leavers.see_to_leavers() == 1
    assert with_whom(request) == cast.users["other_teacher"]


def test_whoever_took_it_up_again_keeps_it(cast):
    request = by_student(cast)
    old = pair(cast)
    Pair.objects.filter(pk=old.pk).update(ends_on=clock.today() - DAY, ended_reason=Pair.Ended.SWAPPED)
    actions.take_on(cast.actor("helper"), request=request)
    assert leavers.see_to_leavers() == 0


@pytest.mark.parametrize("by", ["class_teacher", "helper", "student", "outsider", "system_admin"])
def test_who_sees_no_requests_of_others_is_told_of_none(cast, by):
    by_student(cast, without=["class_teacher"])
    shown = leavers.waiting_with(cast.actor(by), cast.staff["helper"])
    assert len(shown) == (1 if by == "helper" else 0)
