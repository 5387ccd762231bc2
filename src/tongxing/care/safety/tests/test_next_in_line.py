"""Somebody looks after the child the same day: who is asked when nobody does, and when whoever did answers no longer."""

import datetime

import pytest

from tongxing.care.safety import actions, naming
from tongxing.care.safety.models import FlagStep, RiskFlag
from tongxing.ground.access.actions import set_active
from tongxing.ground.access.leaving import leave
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .school import HIT, asked, by_hand, note

HOUR = datetime.timedelta(hours=1)


def up(cast, hours):
    return actions.ask_next_in_line(clock.now() + hours * HOUR)["up"]


def test_nobody_takes_it_on_the_deputy_is_asked_then_the_head_each_once(named):
    note(named, HIT)
    assert up(named, 1) == 0
    assert up(named, 1.5) == 1 and asked(named) == ["counsellor", "deputy"]
    assert up(named, 1.5) == 0
    assert up(named, 4) == 1 and asked(named) == ["counsellor", "deputy", "head"]
    assert up(named, 8) == 0 and len(asked(named)) == 3
    assert list(FlagStep.objects.values_list("kind", flat=True)) == ["raised", "asked", "asked"]


def test_all_of_them_are_asked_again_every_morning_until_somebody_takes_it_on(named):
    note(named, HIT)
    up(named, 8)
    for hours, messages in ((14, 3), (16, 6), (20, 6), (40, 9)):
        up(named, hours)
        assert len(asked(named)) == messages
    actions.take_on(named.actor("counsellor"), flag=RiskFlag.objects.get())
    up(named, 64)
    assert len(asked(named)) == 9


def test_what_was_taken_on_goes_no_further_up_by_itself(named):
    note(named, HIT)
    actions.take_on(named.actor("counsellor"), flag=RiskFlag.objects.get())
    assert up(named, 24) == 0 and asked(named) == ["counsellor"]


def replaced(cast):
    cast.add_staff("new", "沈默", offence_check_on=cast.term.starts_on)
    naming.name_responder(cast.actor("head"), school=cast.school, post="safety", staff=cast.staff["new"])


def gone(cast):
    yesterday = clock.today() - datetime.timedelta(days=1)
    leave(cast.actor("head"), staff=cast.staff["counsellor"], last_day=yesterday)


def closed(cast):
    set_active(cast.actor("head"), school=cast.school, user=cast.users["counsellor"], active=False)


@pytest.mark.parametrize(
    ("what_happens", "next_one"), [(replaced, "new"), (gone, "deputy"), (closed, "deputy")]
)
def test_what_was_taken_on_by_somebody_who_answers_no_longer_waits_again_and_the_others_are_asked(
    named, what_happens, next_one
):
    flag = by_hand(named)
    actions.take_on(named.actor("counsellor"), flag=flag)
    what_happens(named)
    before = len(asked(named))
    assert actions.ask_next_in_line(clock.now())["let_go"] == 1
    flag.refresh_from_db()
    assert (flag.state, flag.responder) == ("raised", None) and asked(named)[before:] == [next_one]
    assert flag.steps.last().kind == "let_go" and flag.steps.last().by is None
    assert actions.ask_next_in_line(clock.now())["let_go"] == 0 and len(asked(named)) == before + 1
    assert up(named, 4) == 1 and "head" in asked(named)


def test_what_is_with_somebody_who_still_answers_stays_with_them(named):
    for role in ("counsellor", "deputy", "head"):
        actions.take_on(named.actor(role), flag=by_hand(named))
    replaced(named)
    assert actions.ask_next_in_line(clock.now())["let_go"] == 1
    assert set(RiskFlag.objects.filter(state="taken").values_list("responder__login", flat=True)) == {
        "deputy",
        "head",
    }


def test_a_responder_asks_the_next_in_line_by_hand_and_sent_twice_it_goes_up_by_one(named):
    flag = by_hand(named)
    for level in (0, 0, 1):
        actions.escalate(named.actor("counsellor"), flag=flag, seen=level)
        assert RiskFlag.objects.get().level == level + 1
    assert asked(named) == ["counsellor", "deputy", "head"]
    with pytest.raises(Refused):
        actions.escalate(named.actor("counsellor"), flag=flag, seen=2)
