"""The laws of obligations, on terms, students and contacts drawn at random."""

import datetime
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tongxing.care.programme.rules import LATER, MET, STATES, Exempted, Span, obligations
from tongxing.care.programme.windows import OF_THE_BREAK, Cadence
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import DAY, TermCalendar

from . import oracle, school

#: What a state may become as time goes by, when only contacts are added.
BECOMES = {
    "upcoming": {"upcoming", "due", "overdue", "exempt", None} | MET,
    "due": {"due", "overdue", "exempt", None} | MET,
    "done": {"done"},
    "recorded_later": {"recorded_later"},
    "done_late": {"done_late"},
    "overdue": {"overdue"} | LATER,
    "exempt": {"exempt", None} | MET,
}
quick = settings(max_examples=30, deadline=None)


def by_key(found):
    keyed = {(one.student_id, one.commitment, one.starts): one for one in found}
    assert len(keyed) == len(found), "two obligations for one window"
    return keyed


@settings(max_examples=150, deadline=None)
@given(school.cases())
def test_it_agrees_with_the_definition_told_day_by_day(case):
    quickly = {key: (one.state, one.evidence_id) for key, one in by_key(obligations(**case)).items()}
    assert quickly == oracle.states(**case)


@settings(max_examples=100, deadline=None)
@given(school.cases(), st.data())
def test_a_plan_of_ones_own_agrees_with_the_definition_told_day_by_day(case, data):
    holds = data.draw(school.spans(case["calendar"], st.none()))
    own = replace(data.draw(school.commitments), holds=holds, student_id=1)
    planned = case | {"commitments": [*case["commitments"], own]}
    found = by_key(obligations(**planned))
    assert {key: (one.state, one.evidence_id) for key, one in found.items()} == oracle.states(**planned)
    others = {key: one for key, one in by_key(obligations(**case)).items() if key[0] != 1}
    assert others == {key: one for key, one in found.items() if key[0] != 1}, "a plan is about one student"


@quick
@given(school.cases())
def test_a_promise_never_asked_of_a_student_leaves_nothing_of_it(case):
    never = replace(case["commitments"][0], cadence=Cadence("never"), holds=Span(None, None), student_id=1)
    found = obligations(**(case | {"commitments": [*case["commitments"], never]}))
    assert found == [one for one in obligations(**case) if one.student_id != 1]


@quick
@given(school.cases())
def test_each_obligation_has_exactly_one_state_inside_the_term(case):
    calendar = case["calendar"]
    for one in by_key(obligations(**case)).values():
        assert one.state in STATES
        assert (one.evidence_id is not None) == one.met
        in_break = case["commitments"][0].cadence.every in OF_THE_BREAK
        first, last = (
            (calendar.ends_on + DAY, calendar.until) if in_break else (calendar.starts_on, calendar.ends_on)
        )
        assert first <= one.starts <= one.ends <= last
        assert (one.done_on is not None) == one.met
        assert one.done_on is None or (one.done_on > one.ends) == (one.state == "done_late")
        assert one.starts <= one.due_on
        assert list(one.weeks) == sorted(set(one.weeks))


@quick
@given(school.cases(), st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_never_matters(case, rng: random.Random):
    mixed = dict(case)
    for name in ("people", "evidence", "exemptions"):
        mixed[name] = rng.sample(case[name], len(case[name]))
    mixed["people"] = [
        one._replace(levels=rng.sample(one.levels, len(one.levels)), helpers=one.helpers[::-1])
        for one in mixed["people"]
    ]
    assert obligations(**mixed) == obligations(**case)


@quick
@given(school.cases())
def test_without_a_contact_that_was_made_nothing_is_ever_done(case):
    tried = [one._replace(made=False) for one in case["evidence"]]
    assert not any(one.met for one in obligations(**(case | {"evidence": tried})))


@quick
@given(school.cases(), st.data())
def test_what_is_recorded_later_never_changes_the_past(case, data):
    as_of = case["as_of"]
    later = as_of + datetime.timedelta(minutes=1)
    contact = data.draw(school.contacts(case["calendar"], 99))._replace(recorded_at=later)
    span = data.draw(school.spans(case["calendar"], st.just("key"), False))._replace(recorded_at=later)
    more = dict(case)
    more["evidence"] = [*case["evidence"], contact]
    more["exemptions"] = [*case["exemptions"], Exempted(1, None, span)]
    more["people"] = [one._replace(levels=[*one.levels, span]) for one in case["people"]]
    assert obligations(**more) == obligations(**case)


@quick
@given(school.cases(dated=False), st.data())
def test_as_time_goes_by_states_only_move_forward(case, data):
    later = case | {"as_of": max(case["as_of"], data.draw(school.moments(case["calendar"])))}
    before, after = by_key(obligations(**case)), by_key(obligations(**later))
    for key, one in before.items():
        now = after.get(key)
        assert (now.state if now else None) in BECOMES[one.state]
        if one.met:
            assert now.evidence_id == one.evidence_id
    assert all(after[key].met for key in after.keys() - before.keys())


@quick
@given(school.cases(), st.data())
def test_one_more_contact_never_takes_a_done_away(case, data):
    more = case | {"evidence": [*case["evidence"], data.draw(school.contacts(case["calendar"], 99))]}
    before, after = by_key(obligations(**case)), by_key(obligations(**more))
    for key, one in before.items():
        assert after[key].state == one.state or after[key].met


@quick
@given(school.cases(dated=False), st.data())
def test_leaving_releases_what_is_undone_and_keeps_what_is_done(case, data):
    calendar = case["calendar"]
    last = data.draw(st.dates(calendar.starts_on, calendar.until))
    stays = [one._replace(levels=[Span("key", calendar.starts_on)]) for one in case["people"]]
    leaves = [one._replace(levels=[Span("key", calendar.starts_on, last)]) for one in case["people"]]
    before = by_key(obligations(**(case | {"people": stays})))
    after = by_key(obligations(**(case | {"people": leaves})))
    today, happened = day_of(case["as_of"]), {one.id: day_of(one.happened_at) for one in case["evidence"]}
    for key, one in before.items():
        if one.ends <= last and one.state == "done_late" and happened[one.evidence_id] > last:
            assert after[key].state in {"overdue", "recorded_later", "exempt"}, "late, after leaving"
        elif one.ends <= last:
            assert after[key] == one._replace(helper_id=after[key].helper_id)
        elif one.met and happened[one.evidence_id] <= last:
            assert (after[key].state, after[key].evidence_id) == (one.state, one.evidence_id)
        elif key in after and today > last and not after[key].met:
            raise AssertionError("undone after leaving")
    assert all(one.starts <= last for one in after.values())
    assert after.keys() <= before.keys()


@quick
@given(school.cases(dated=False), st.data())
def test_joining_mid_term_asks_nothing_of_the_time_before(case, data):
    calendar, cadence = case["calendar"], case["commitments"][0].cadence
    first = data.draw(st.dates(calendar.starts_on, calendar.ends_on))
    whole = [one._replace(levels=[Span("key", calendar.starts_on)]) for one in case["people"]]
    joins = [one._replace(levels=[Span("key", first)]) for one in case["people"]]
    before = by_key(obligations(**(case | {"people": whole})))
    after = by_key(obligations(**(case | {"people": joins})))
    assert all(one.starts >= first for one in after.values())
    if cadence.every != "term_start":
        assert {k: v for k, v in before.items() if v.starts >= first}.items() <= after.items()


@quick
@given(school.cases(), st.data())
def test_an_exemption_touches_only_what_is_not_met_on_its_days(case, data):
    span = data.draw(school.spans(case["calendar"], st.none(), False))
    more = case | {"exemptions": [*case["exemptions"], Exempted(1, None, span)]}
    before, after = by_key(obligations(**case)), by_key(obligations(**more))
    assert before.keys() == after.keys()
    for key, one in before.items():
        meets = one.student_id == 1 and any(
            span.holds(one.starts + DAY * i) for i in range((one.ends - one.starts).days + 1)
        )
        changes = meets and one.state not in MET
        assert after[key] == one or (changes and after[key].state == "exempt")


@quick
@given(school.cases(dated=False))
def test_an_exemption_of_the_whole_term_leaves_nothing_open(case):
    always = [Exempted(number, None, Span(None, None)) for number in (1, 2)]
    found = obligations(**(case | {"exemptions": always}))
    assert {one.state for one in found} <= MET | {"exempt"}


@quick
@given(school.cases(), st.integers(0, 9))
def test_a_week_off_asks_nothing_and_leaves_the_other_weeks_as_they_were(case, position):
    calendar, commitment = case["calendar"], case["commitments"][0]
    weekly = [school.Commitment("c", school.Cadence("week"), min_days=commitment.min_days)]
    week = calendar.weeks[position % len(calendar.weeks)]
    closed = TermCalendar(
        calendar.starts_on,
        calendar.ends_on,
        calendar.week_one,
        calendar.off | {week.monday + DAY * i for i in range(7)},
        calendar.make_up,
        calendar.recess,
    )
    before = by_key(obligations(**(case | {"commitments": weekly})))
    after = by_key(obligations(**(case | {"commitments": weekly, "calendar": closed})))
    assert after == {key: one for key, one in before.items() if one.weeks != (week.number,)}


@quick
@given(school.cases(), st.data())
def test_another_helper_changes_who_is_responsible_and_nothing_else(case, data):
    helper = data.draw(school.spans(case["calendar"], st.just(9), False))
    swapped = case | {"people": [one._replace(helpers=[helper]) for one in case["people"]]}
    before, after = obligations(**case), obligations(**swapped)
    assert [one._replace(helper_id=None) for one in before] == [one._replace(helper_id=None) for one in after]
    today = day_of(case["as_of"])
    assert all(one.helper_id == (9 if helper.holds(min(today, one.ends)) else None) for one in after)
