import pytest

from tongxing.care.pairing import actions, fixed_actions, queries
from tongxing.care.pairing.models import Exclusion, Pin, Proposal, VisitWish
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Staff

OTHERS = ("helper", "class_teacher", "counsellor", "county_supervisor", "guardian", "outsider")


@pytest.fixture
def lead(cast):
    Staff.objects.filter(school=cast.school).update(pairing_capacity=1)
    return cast.actor("coordinator")


def proposed(cast, lead, student):
    actions.propose(lead, school=cast.school, term=cast.term)
    return Proposal.objects.open().get(student=student)


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_pinned_student_is_proposed_with_this_helper_and_says_so(cast, lead):
    bridge = cast.staff["other_teacher"]
    assert proposed(cast, lead, cast.students.normal).helper != bridge
    fixed_actions.pin(lead, student=cast.students.normal, helper=bridge, reason="孩子很信任宋老师")
    assert not Proposal.objects.open().filter(student=cast.students.normal).exists()
    one = proposed(cast, lead, cast.students.normal)
    assert (one.helper, one.reasons[0][0]) == (bridge, "pinned")
    fixed_actions.unpin(lead, pin=Pin.objects.get())
    assert proposed(cast, lead, cast.students.normal).helper != bridge
    assert audited("pairing.pin") == audited("pairing.unpin") == 1


def test_a_student_is_pinned_to_one_helper_and_waits_if_there_is_no_room(cast, lead):
    for name in ("helper", "other_teacher"):
        fixed_actions.pin(lead, student=cast.students.key, helper=cast.staff[name], reason="…")
    assert Pin.objects.get().helper == cast.staff["other_teacher"]
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(pairing_capacity=0)
    assert proposed(cast, lead, cast.students.key).why_none == "pinned"


def test_pins_and_vetoes_ask_why_and_do_not_contradict_each_other(cast, lead):
    key, helper = cast.students.key, cast.staff["helper"]
    with pytest.raises(Refused):
        fixed_actions.pin(lead, student=key, helper=helper, reason=" ")
    with pytest.raises(Refused):
        fixed_actions.pin(lead, student=key, helper=cast.staff["outsider"], reason="…")
    fixed_actions.pin(lead, student=key, helper=helper, reason="…")
    with pytest.raises(Refused):
        fixed_actions.exclude(lead, student=key, helper=helper, reason="…")
    fixed_actions.unpin(lead, pin=Pin.objects.get())
    fixed_actions.exclude(lead, student=key, helper=helper, reason="…")
    with pytest.raises(Refused):
        fixed_actions.pin(lead, student=key, helper=helper, reason="…")
    assert (Pin.objects.count(), Exclusion.objects.count()) == (0, 1)


def test_a_wish_for_visits_counts_from_the_day_it_is_noted_until_it_ends(cast, lead, at_school):
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(sex="female")

    def reasons():
        found = queries.candidates(lead, cast.students.key, cast.term, today())
        return next(one.reasons for one in found if one.staff == cast.staff["other_teacher"])

    assert reasons() == ()
    wish = fixed_actions.wish_visits(lead, student=cast.students.key, reason="奶奶打电话来说的")
    assert fixed_actions.wish_visits(lead, student=cast.students.key, reason="又说了一次") == wish
    assert [reason.code for reason in reasons()] == ["same_sex"]
    at_school.shift(86_400)
    fixed_actions.end_wish(lead, wish=wish)
    assert reasons() == ()
    assert VisitWish.objects.get().reason == "奶奶打电话来说的"
    assert audited("pairing.wish") == audited("pairing.end-wish") == 1


def test_a_wish_needs_its_reason_and_a_recorded_sex(cast, lead):
    with pytest.raises(Refused):
        fixed_actions.wish_visits(lead, student=cast.students.key, reason=" ")
    unknown = cast.add_student("欧阳一诺", cast.class_one, "normal")
    with pytest.raises(Refused):
        fixed_actions.wish_visits(lead, student=unknown, reason="本人提出")
    assert not VisitWish.objects.exists()


def test_room_and_dormitory_of_a_helper_count_in_the_next_calculation(cast, lead):
    cast.students.key.dormitory = "桂园 301"
    cast.students.key.save()
    fixed_actions.set_helper(lead, helper=cast.staff["other_teacher"], capacity=2, dormitory=" 桂园 ")
    best = queries.candidates(lead, cast.students.key, cast.term, today())[0]
    assert (best.staff.name, best.room, best.reasons[0]) == ("宋桥", 2, ("same_dormitory", -8, "桂园"))
    with pytest.raises(Refused):
        fixed_actions.set_helper(lead, helper=cast.staff["other_teacher"], capacity=21)


@pytest.mark.parametrize("role", OTHERS)
def test_only_those_who_manage_pairing_fix_anything_and_read_the_reasons(cast, lead, role):
    key, helper = cast.students.key, cast.staff["helper"]
    fixed_actions.pin(lead, student=key, helper=helper, reason="孩子很信任林老师")
    wish = fixed_actions.wish_visits(lead, student=key, reason="奶奶说的")
    actor = cast.actor(role)
    for attempt in (
        lambda: fixed_actions.pin(actor, student=key, helper=helper, reason="…"),
        lambda: fixed_actions.unpin(actor, pin=Pin.objects.get()),
        lambda: fixed_actions.wish_visits(actor, student=key, reason="…"),
        lambda: fixed_actions.end_wish(actor, wish=wish),
        lambda: fixed_actions.set_helper(actor, helper=helper, capacity=3),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not Pin.objects.visible_to(actor).exists()
    assert not VisitWish.objects.visible_to(actor).exists()
    assert Pin.objects.visible_to(lead).exists()


def test_whoever_cares_for_the_student_learns_of_the_wish_and_nobody_else(cast, lead):
    fixed_actions.wish_visits(lead, student=cast.students.key, reason="奶奶说的")

    def told(role):
        return queries.visits_by_same_sex(cast.actor(role), cast.students.key, today())

    assert told("helper")
    assert told("class_teacher")
    for role in ("other_class_teacher", "other_teacher", "guardian", "outsider", "county_supervisor"):
        assert not told(role)
