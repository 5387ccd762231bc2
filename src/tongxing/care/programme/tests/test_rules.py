"""Obligations told by worked examples in one autumn term; week 12 is 23–27 November."""

import dataclasses
import datetime
import time

import pytest

from tongxing.care.programme.rules import Cadence, Commitment, Exempted, Span, Supported, obligations
from tongxing.ground.people.calendar import DAY

from .school import D, at, autumn, contact

MONDAY, FRIDAY, SUNDAY = D(2026, 11, 23), D(2026, 11, 27), D(2026, 11, 29)
TALK = Commitment("talk", Cadence("week"), "key", reached=frozenset({"student"}))
OTHERS = Commitment("talk_others", Cadence("weeks", 3, 2), "other", reached=frozenset({"student"}))
GOAL = Commitment("goal", Cadence("month"), "key", topics=frozenset({"goal"}), min_days=8)
VISIT = Commitment("visit", Cadence("term", due_from=8), channels=frozenset({"at_home"}))
BOOK = Commitment("book", Cadence("term_start", 3), "key", topics=frozenset({"book"}))


def key(**fields) -> Supported:
    values = {"levels": [Span("key", D(2026, 9, 1))], "helpers": [Span(7, D(2026, 9, 1))]}
    return Supported(1, **(values | fields))


def ask(commitment, person=None, evidence=(), exemptions=(), as_of=None, calendar=None):
    person = person or key()
    return obligations(
        [commitment], [person], calendar or autumn(), evidence, exemptions, as_of or at(D(2026, 11, 25))
    )


def week(number: int, found):
    return next((one for one in found if one.weeks == (number,)), None)


def test_a_talk_is_asked_for_from_monday_and_done_when_it_is_written_down():
    assert week(12, ask(TALK, as_of=at(SUNDAY - 7 * DAY))).state == "upcoming"
    assert week(12, ask(TALK, as_of=at(MONDAY, 0, 0))).state == "due"
    done = week(12, ask(TALK, evidence=[contact(5, 1, at(MONDAY))]))
    assert (done.state, done.evidence_id, done.helper_id) == ("done", 5, 7)
    assert (done.starts, done.ends) == (MONDAY, SUNDAY)


def test_a_week_is_overdue_from_the_first_minute_of_the_next_monday():
    assert week(12, ask(TALK, as_of=at(SUNDAY, 23, 59))).state == "due"
    assert week(12, ask(TALK, as_of=at(MONDAY + 7 * DAY, 0, 0))).state == "overdue"


def test_a_talk_written_down_after_its_week_is_recorded_later_not_done():
    talk = contact(5, 1, at(FRIDAY), at(MONDAY + 7 * DAY, 0, 0))
    assert week(12, ask(TALK, evidence=[talk], as_of=at(SUNDAY))).state == "due"
    assert week(12, ask(TALK, evidence=[talk], as_of=at(MONDAY + 8 * DAY))).state == "recorded_later"
    on_time = talk._replace(recorded_at=at(SUNDAY, 23, 59))
    assert week(12, ask(TALK, evidence=[on_time], as_of=at(MONDAY + 8 * DAY))).state == "done"


def test_a_later_version_takes_the_place_of_an_earlier_one_once_it_is_known():
    stopped = dataclasses.replace(VISIT, holds=Span(None, None, MONDAY, None, at(MONDAY)))
    again = dataclasses.replace(VISIT, holds=Span(None, D(2026, 9, 1), None, at(D(2026, 12, 1))))
    visit = contact(5, 1, at(D(2026, 10, 20)), channel="at_home")

    def seen(day):
        found = obligations([stopped, again], [key()], autumn(), [visit], [], at(day))
        return [(one.ends, one.state) for one in found]

    assert seen(FRIDAY) == [(MONDAY, "done")]
    assert seen(D(2026, 12, 2)) == [(D(2027, 1, 22), "done")]


def test_a_call_that_reached_nobody_is_shown_and_satisfies_nothing():
    tried = contact(5, 1, at(MONDAY), made=False)
    found = week(12, ask(TALK, evidence=[tried]))
    assert (found.state, found.evidence_id, found.attempts) == ("due", None, (5,))


def test_the_label_never_matters_a_home_visit_that_reached_the_student_is_a_talk_too():
    visit = contact(5, 1, at(MONDAY), channel="at_home", reached=frozenset({"student", "mother"}))
    assert week(12, ask(TALK, evidence=[visit])).state == "done"
    assert ask(VISIT, evidence=[visit])[0].state == "done"
    with_mother_alone = visit._replace(reached=frozenset({"mother"}))
    assert week(12, ask(TALK, evidence=[with_mother_alone])).state == "due"


def test_a_required_topic_must_be_covered():
    november = [one for one in ask(GOAL) if one.starts == D(2026, 11, 1)][0]
    assert november.state == "due"
    plain, goal = contact(5, 1, at(MONDAY)), contact(6, 1, at(MONDAY), topics=frozenset({"goal", "home"}))
    assert [one.state for one in ask(GOAL, evidence=[plain]) if one.starts == D(2026, 11, 1)] == ["due"]
    assert [one.state for one in ask(GOAL, evidence=[goal]) if one.starts == D(2026, 11, 1)] == ["done"]


def test_a_week_with_fewer_than_three_school_days_asks_nothing():
    short = autumn(off=autumn().off | {D(2026, 10, 8)})
    assert week(5, ask(TALK)) is not None
    assert week(5, ask(TALK, calendar=short)) is None
    assert len(ask(TALK)) == 20


def test_the_days_before_the_first_teaching_week_ask_no_weekly_talk():
    assert min(one.starts for one in ask(TALK)) == D(2026, 9, 7)


def test_the_others_are_talked_to_every_three_weeks_from_the_second_week_on():
    person = key(levels=[Span("normal", D(2026, 9, 1))])
    block = next(one for one in ask(OTHERS, person) if 12 in one.weeks)
    assert (block.weeks, block.due_on) == ((10, 11, 12), D(2026, 11, 16))
    early = [contact(5, 1, at(D(2026, 11, 10)))]
    assert [one.state for one in ask(OTHERS, person, early) if one.weeks == block.weeks] == ["done"]


def test_once_a_term_is_upcoming_until_its_eighth_week_and_due_until_the_end():
    assert ask(VISIT, as_of=at(D(2026, 10, 20)))[0].state == "upcoming"
    assert ask(VISIT, as_of=at(D(2026, 10, 26)))[0].state == "due"
    assert ask(VISIT, as_of=at(D(2027, 1, 22), 23, 59))[0].state == "due"
    assert ask(VISIT, as_of=at(D(2027, 1, 23), 0, 0))[0].state == "overdue"


def test_the_book_comes_in_the_first_weeks_of_the_term_or_after_joining():
    assert ask(BOOK)[0].ends == D(2026, 9, 27)
    joined = ask(BOOK, key(levels=[Span("key", D(2026, 10, 14))]))[0]
    assert (joined.starts, joined.ends) == (D(2026, 10, 14), D(2026, 11, 8))


def test_a_book_given_after_its_weeks_is_done_late_and_keeps_its_day():
    given = contact(5, 1, at(D(2026, 10, 20)), topics=frozenset({"book"}))
    assert ask(BOOK, evidence=[given], as_of=at(D(2026, 10, 19)))[0].state == "overdue"
    late = ask(BOOK, evidence=[given])[0]
    assert (late.state, late.evidence_id, late.done_on, late.met) == ("done_late", 5, D(2026, 10, 20), True)
    in_time = given._replace(happened_at=at(D(2026, 9, 22)), recorded_at=at(D(2026, 9, 22)))
    assert ask(BOOK, evidence=[in_time])[0].state == "done"
    assert ask(BOOK, key(levels=[Span("key", D(2026, 9, 1), D(2026, 10, 1))]), [given])[0].state == "overdue"


def test_a_home_visit_of_the_break_is_a_late_one_of_the_term_and_a_talk_of_next_week_is_not_last_weeks():
    visit = contact(5, 1, at(D(2027, 2, 3)), channel="at_home")
    assert ask(VISIT, evidence=[visit], as_of=at(D(2027, 2, 4)))[0].state == "done_late"
    talk = contact(6, 1, at(MONDAY + 7 * DAY))
    assert week(12, ask(TALK, evidence=[talk], as_of=at(MONDAY + 8 * DAY))).state == "overdue"


def test_the_break_asks_by_its_own_weeks_and_once_for_all():
    every_two = dataclasses.replace(TALK, cadence=Cadence("break_weeks", 2))
    once = Commitment("safety", Cadence("break", due_from=2), topics=frozenset({"safety"}))
    found = ask(every_two, as_of=at(D(2027, 2, 3)))
    assert [(one.starts, one.ends, one.weeks) for one in found] == [
        (D(2027, 1, 23), D(2027, 2, 7), (1, 2)),
        (D(2027, 2, 8), D(2027, 2, 21), (3, 4)),
    ]
    assert [one.state for one in found] == ["due", "upcoming"]
    assert ask(once, as_of=at(D(2027, 1, 30)))[0].state == "upcoming"
    assert ask(once, as_of=at(D(2027, 2, 1)))[0].state == "due"
    called = contact(5, 1, at(D(2027, 1, 31)), channel="phone", topics=frozenset({"talk", "safety"}))
    after = at(D(2027, 2, 22), 0, 0)
    assert [one.state for one in ask(every_two, evidence=[called], as_of=after)] == ["done", "overdue"]
    assert ask(once, evidence=[called], as_of=after)[0].state == "done"


def test_without_a_known_break_nothing_is_asked_of_it():
    once = dataclasses.replace(TALK, cadence=Cadence("break"))
    assert ask(once, calendar=autumn(recess=None), as_of=at(D(2027, 2, 3))) == []


def test_joining_on_thursday_asks_nothing_of_that_week_joining_on_wednesday_does():
    thursday = ask(TALK, key(levels=[Span("key", D(2026, 11, 26))]))
    wednesday = ask(TALK, key(levels=[Span("key", D(2026, 11, 25))]))
    assert week(12, thursday) is None
    assert week(12, wednesday).starts == D(2026, 11, 25)
    assert week(11, wednesday) is None


def test_leaving_releases_the_week_that_is_undone_and_keeps_the_one_that_is_done():
    left = key(levels=[Span("key", D(2026, 9, 1), D(2026, 11, 25))])
    assert week(12, ask(TALK, left, as_of=at(D(2026, 11, 25)))).state == "due"
    assert week(12, ask(TALK, left, as_of=at(D(2026, 11, 26)))) is None
    assert week(11, ask(TALK, left, as_of=at(D(2026, 12, 26)))).state == "overdue"
    talk = [contact(5, 1, at(D(2026, 11, 24)), at(D(2026, 11, 27)))]
    assert week(12, ask(TALK, left, talk, as_of=at(D(2026, 12, 26)))).state == "done"


def test_leaving_tomorrow_with_too_few_days_asks_nothing_today():
    left = key(levels=[Span("key", D(2026, 9, 1), D(2026, 11, 24))])
    assert week(12, ask(TALK, left, as_of=at(MONDAY))) is None


def test_leaving_that_is_recorded_later_leaves_the_past_as_it_was():
    left = key(levels=[Span("key", D(2026, 9, 1), D(2026, 11, 24), None, at(D(2026, 12, 3)))])
    assert week(12, ask(TALK, left, as_of=at(D(2026, 12, 2)))).state == "overdue"
    assert week(12, ask(TALK, left, as_of=at(D(2026, 12, 4)))) is None


def test_a_student_registered_later_owed_nothing_before_that_was_recorded():
    person = key(levels=[Span("key", D(2026, 9, 7), None, at(D(2026, 9, 20)))])
    assert ask(TALK, person, as_of=at(D(2026, 9, 19))) == []
    assert week(1, ask(TALK, person, as_of=at(D(2026, 9, 21)))).state == "overdue"


def test_from_normal_to_key_each_commitment_follows_its_own_level():
    person = key(levels=[Span("normal", D(2026, 9, 1), D(2026, 11, 22)), Span("key", MONDAY)])
    found = ask(OTHERS, person) + ask(TALK, person)
    assert [one.weeks for one in found if one.ends >= MONDAY][0] == (12,)
    assert not any(one.weeks == (10, 11, 12) for one in found)
    assert len(ask(VISIT, person)) == 1, "a new level is no leaving"


def test_after_a_swap_the_helper_of_the_windows_end_is_responsible():
    person = key(helpers=[Span(7, D(2026, 9, 1), D(2026, 11, 24)), Span(8, D(2026, 11, 25))])
    found = ask(TALK, person, as_of=at(D(2026, 12, 1)))
    assert [week(number, found).helper_id for number in (11, 12, 13)] == [7, 8, 8]
    assert week(12, ask(TALK, person, as_of=at(D(2026, 11, 24)))).helper_id == 7
    assert week(12, ask(TALK, key(helpers=[]))).helper_id is None


def test_the_class_teacher_answers_for_what_is_theirs():
    person = key(class_teachers=[Span(3, D(2026, 9, 1))])
    commitment = dataclasses.replace(TALK, by="class_teacher")
    assert week(12, ask(commitment, person)).helper_id == 3


def test_parents_who_work_away_are_called_only_where_they_work_away():
    call = Commitment("away", Cadence("month"), needs_circumstance="left_behind", min_days=8)
    assert ask(call) == []
    away = key(circumstances=[Span("left_behind", D(2026, 10, 1), D(2026, 11, 30))])
    assert [one.starts.month for one in ask(call, away)] == [10, 11]


def test_a_changed_cadence_starts_when_it_says_and_leaves_what_was_asked_before():
    changed = at(D(2026, 11, 25))
    weekly = dataclasses.replace(TALK, holds=Span(None, None, SUNDAY, ended_at=changed))
    every_two = dataclasses.replace(
        TALK, cadence=Cadence("weeks", 2), holds=Span(None, MONDAY + 7 * DAY, None, changed)
    )

    def asked(as_of):
        found = obligations([weekly, every_two], [key()], autumn(), [], [], as_of)
        return [one.weeks for one in found if one.ends >= MONDAY]

    assert asked(changed - datetime.timedelta(minutes=1))[:3] == [(12,), (13,), (14,)]
    assert asked(changed)[:3] == [(12,), (13, 14), (15, 16)]
    assert week(12, ask(weekly, as_of=at(D(2026, 12, 2)))).state == "overdue"


def exempt(start, end=None, commitment=None, recorded=None) -> Exempted:
    return Exempted(1, commitment, Span(None, start, end, recorded or at(start)))


def test_a_family_that_refuses_visits_is_asked_for_no_visit_any_more():
    refuses = exempt(D(2026, 11, 9), None, "visit")
    assert ask(VISIT, exemptions=[refuses], as_of=at(D(2026, 11, 6)))[0].state == "due"
    assert ask(VISIT, exemptions=[refuses], as_of=at(D(2026, 11, 10)))[0].state == "exempt"
    assert week(12, ask(TALK, exemptions=[refuses])).state == "due", "only the visit is exempt"


def test_days_of_illness_do_not_count_and_too_few_days_left_make_the_week_exempt():
    ill = exempt(MONDAY, MONDAY + 2 * DAY)
    assert week(12, ask(TALK, exemptions=[ill])).state == "exempt"
    one_day = exempt(MONDAY, MONDAY)
    assert week(12, ask(TALK, exemptions=[one_day])).state == "due"
    assert week(12, ask(TALK, exemptions=[one_day], as_of=at(MONDAY + 7 * DAY))).state == "overdue"
    assert week(12, ask(TALK, evidence=[contact(5, 1, at(MONDAY))], exemptions=[ill])).state == "done"


def test_an_exemption_at_the_end_of_a_window_counts_once_no_counted_day_is_left():
    away = exempt(D(2026, 11, 26), FRIDAY, recorded=at(MONDAY, 8))
    states = [week(12, ask(TALK, exemptions=[away], as_of=at(MONDAY + i * DAY))).state for i in range(8)]
    assert states == ["due", "due", "due"] + ["exempt"] * 5


def test_an_exemption_that_ends_early_leaves_the_past_as_it_was():
    span = Span(None, MONDAY, MONDAY, at(MONDAY, 8), ended_at=at(D(2026, 12, 1)), planned=D(2027, 1, 22))
    ended = [Exempted(1, None, span)]
    assert week(12, ask(TALK, exemptions=ended, as_of=at(D(2026, 11, 30)))).state == "exempt"
    assert week(12, ask(TALK, exemptions=ended, as_of=at(D(2026, 12, 2)))).state == "overdue"


@pytest.mark.parametrize(("schools", "seconds"), [(1, 0.05), (10, 0.5)])
def test_a_term_of_66_students_takes_well_under_50_ms(schools, seconds):
    commitments = [TALK, OTHERS, GOAL, VISIT, BOOK, dataclasses.replace(VISIT, code="success")]
    levels = ["key"] * 27 + ["normal"] * 39
    people = [
        Supported(number, [Span(level, D(2026, 9, 1))], [Span(7, D(2026, 9, 1))])
        for number, level in enumerate(levels * schools)
    ]
    talks = [
        contact(person.student_id * 100 + number, person.student_id, at(D(2026, 9, 8) + 7 * number * DAY))
        for person in people
        for number in range(20)
    ]
    calendar, best = autumn(), 9.0
    for _ in range(3):
        start = time.process_time()
        found = obligations(commitments, people, calendar, talks, [], at(D(2027, 1, 20)))
        best = min(best, time.process_time() - start)
    assert len(found) > 1_000 * schools
    assert best < seconds


def test_moments_are_the_schools_own_whatever_the_clock_of_the_server():
    utc = at(SUNDAY, 23, 59).astimezone(datetime.UTC)
    assert week(12, ask(TALK, evidence=[contact(5, 1, utc)], as_of=utc)).state == "done"
