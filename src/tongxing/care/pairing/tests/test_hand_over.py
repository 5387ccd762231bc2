"""A helper is on leave or goes: the children go to colleagues, the promises and the notes go with them."""

import datetime

import pytest
from tests.promised import talk

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing import actions, fixed_actions, move_actions
from tongxing.care.pairing.handing import handing
from tongxing.care.pairing.models import Pair, Pin
from tongxing.care.programme.queries import obligations
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Staff, Teaching

DAY = datetime.timedelta(days=1)


@pytest.fixture
def leaving(promised):
    """林岚 accompanies 周晓禾 since September and 孟宇航 since last week; 宋桥 and 唐雨 can each take one."""
    cast = promised
    Staff.objects.filter(school=cast.school).update(pairing_capacity=0)
    for name, room in (("helper", 2), ("other_teacher", 1), ("class_teacher", 1)):
        Staff.objects.filter(pk=cast.staff[name].pk).update(pairing_capacity=room)
        cast.staff[name].refresh_from_db()
    lead = cast.actor("coordinator")
    actions.choose_other(
        lead, student=cast.students.normal, helper=cast.staff["helper"], starts_on=today() - 7 * DAY
    )
    cast.lead = lead
    return cast


def pairs_of(cast, name):
    return list(Pair.objects.open().filter(helper=cast.staff[name]).order_by("pk"))


def hand_over(cast, to=("other_teacher", "class_teacher"), on=None, actor=None, **about):
    pairs = pairs_of(cast, "helper")
    moves = [(pair, cast.staff[name]) for pair, name in zip(pairs, to, strict=False)]
    values = {"on": on or today(), "reason": "helper_away"} | about
    return move_actions.hand_over(actor or cast.lead, moves=moves, **values)


def sees(cast, name, student):
    return cast.actor(name).sees("care", school_id=cast.school.pk, student_id=student.pk)


def test_all_students_go_to_several_colleagues_in_one_go(leaving):
    made = hand_over(leaving, note="产假")
    assert [(p.student.name, p.helper.name) for p in made] == [("周晓禾", "宋桥"), ("孟宇航", "唐雨")]
    assert pairs_of(leaving, "helper") == []
    ended = Pair.objects.filter(helper=leaving.staff["helper"])
    assert {(p.ended_reason, p.ended_note, p.ends_on) for p in ended} == {
        ("helper_away", "产假", today() - DAY)
    }
    assert AuditEntry.objects.filter(action="pairing.hand-over").count() == 1


def test_the_old_helpers_access_ends_and_the_new_ones_begins_on_that_day(leaving, at_school):
    key = leaving.students.key
    hand_over(leaving, on=today() + 5 * DAY)
    assert (sees(leaving, "helper", key), sees(leaving, "other_teacher", key)) == (True, False)
    at_school.shift(4 * DAY)
    assert (sees(leaving, "helper", key), sees(leaving, "other_teacher", key)) == (True, False)
    at_school.shift(DAY)
    assert (sees(leaving, "helper", key), sees(leaving, "other_teacher", key)) == (False, True)
    assert Pair.objects.on(today()).get(student=key).helper == leaving.staff["other_teacher"]


def test_from_then_on_the_promises_are_asked_of_the_new_helper_and_the_past_stays(leaving):
    talk(leaving, happened_at=clock.now() - 9 * DAY)
    hand_over(leaving)
    asked = obligations(leaving.lead, leaving.term, clock.now(), [leaving.students.key.pk])
    of = {one.helper_id for one in asked if one.starts <= today() <= one.ends}
    before = {one.helper_id for one in asked if one.ends < today()}
    assert of == {leaving.staff["other_teacher"].pk}
    assert before == {leaving.staff["helper"].pk}


def test_earlier_notes_are_readable_for_the_new_helper(leaving):
    note = talk(leaving, happened_at=clock.now() - 9 * DAY)
    assert not Contact.objects.visible_to(leaving.actor("other_teacher")).exists()
    hand_over(leaving)
    assert Contact.objects.visible_to(leaving.actor("other_teacher")).get() == note


def test_the_new_helper_learns_by_message_without_a_name_in_it(leaving):
    hand_over(leaving, on=datetime.date(2026, 12, 1))
    message = Message.objects.get(to=leaving.users["other_teacher"])
    assert message.subject == "12月1日起有一位同学交给您陪，请看看之前约定了什么"
    pair = Pair.objects.open().get(student=leaving.students.key)
    assert (message.link_name, message.link_args) == ("pairing-taken-over", [pair.pk])


def test_one_student_is_handed_over_and_the_other_stays(leaving):
    hand_over(leaving, to=("other_teacher",))
    assert [pair.student.name for pair in pairs_of(leaving, "helper")] == ["孟宇航"]


def test_more_than_there_is_room_for_only_with_its_reason(leaving):
    both = ("other_teacher", "other_teacher")
    with pytest.raises(Refused):
        hand_over(leaving, to=both)
    assert len(pairs_of(leaving, "helper")) == 2
    made = hand_over(leaving, to=both, over_room="宋老师自愿，到期末为止")
    assert made[1].explanation["over_room"] == "宋老师自愿，到期末为止"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cast: Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=None),
        lambda cast: Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(ends_on=today() - DAY),
        lambda cast: fixed_actions.exclude(
            cast.lead, student=cast.students.key, helper=cast.staff["other_teacher"], reason="亲戚关系"
        ),
        lambda cast: Pair.objects.filter(student=cast.students.key).update(ends_on=today()),
    ],
    ids=["no check", "left the school", "ruled out", "ended meanwhile"],
)
def test_nobody_takes_over_who_may_not_start_and_then_nothing_changes(leaving, spoil):
    moves = [(pair, leaving.staff["other_teacher"]) for pair in pairs_of(leaving, "helper")[:1]]
    spoil(leaving)
    with pytest.raises(Refused):
        move_actions.hand_over(leaving.lead, moves=moves, on=today(), reason="helper_away")
    assert not Pair.objects.filter(helper=leaving.staff["other_teacher"]).exists()


@pytest.mark.parametrize(
    ("to", "about"),
    [
        (("helper",), {}),
        (("outsider",), {}),
        ((), {}),
        (("other_teacher",), {"on": datetime.date(2027, 3, 1)}),
        (("other_teacher",), {"on": datetime.date(2026, 9, 1)}),
        (("other_teacher",), {"reason": "no such reason"}),
    ],
    ids=["same person", "another school", "nobody", "after the term", "before the pair", "no reason"],
)
def test_a_hand_over_that_makes_no_sense_is_refused(leaving, to, about):
    with pytest.raises(Refused):
        hand_over(leaving, to=to, **about)
    assert len(pairs_of(leaving, "helper")) == 2


@pytest.mark.parametrize("role", ["helper", "class_teacher", "counsellor", "guardian", "outsider"])
def test_only_those_who_manage_pairing_hand_over(leaving, role):
    with pytest.raises(NotAllowed):
        hand_over(leaving, actor=leaving.actor(role))


def test_a_pin_ends_with_its_pair(leaving):
    fixed_actions.pin(leaving.lead, student=leaving.students.key, helper=leaving.staff["helper"], reason="…")
    hand_over(leaving)
    assert not Pin.objects.exists()


def test_the_successors_are_the_optimum_for_these_students_and_only_who_may_begin(leaving):
    Teaching.objects.create(
        school=leaving.school,
        term=leaving.term,
        staff=leaving.staff["other_teacher"],
        school_class=leaving.class_one,
        subject="数学",
    )
    Staff.objects.filter(pk=leaving.staff["head"].pk).update(pairing_capacity=2, offence_check_on=None)
    rows = handing(leaving.lead, leaving.staff["helper"], leaving.term, today())
    named = {row.pair.student.name: row.proposed.staff.name for row in rows}
    assert named == {"周晓禾": "唐雨", "孟宇航": "宋桥"} or named == {"周晓禾": "宋桥", "孟宇航": "唐雨"}
    for row in rows:
        assert {one.staff.name for one in row.successors} == {"宋桥", "唐雨"}
    Staff.objects.filter(pk=leaving.staff["other_teacher"].pk).update(pairing_capacity=0)
    assert "宋桥" not in {
        one.proposed.staff.name
        for one in handing(leaving.lead, leaving.staff["helper"], leaving.term, today())
        if one.proposed
    }
