"""Who changes the school's promises, in which way, and what stays as it was."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.promised import talk

from tongxing.care.programme import actions, queries
from tongxing.care.programme.builtin import BUILTINS
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.versions import Terms, check, fulfilling
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

D = datetime.date


def promise(code="talk") -> Commitment:
    return Commitment.objects.get(code=code, ends_on=None)


def terms(code="talk", **changes) -> Terms:
    return replace(Terms.of(promise(code)), **changes)


def change(cast, role, code="talk", starts_on=None, **changes) -> Commitment:
    return actions.change(
        cast.actor(role), commitment=promise(code), terms=terms(code, **changes), starts_on=starts_on
    )


def weeks(cast, code, as_of=None):
    found = queries.obligations(SYSTEM, cast.term, as_of or clock.now(), [cast.students.key.pk])
    return {one.weeks: one.state for one in found if one.commitment == code}


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_school_gets_the_built_in_promises_once(cast):
    assert actions.install(SYSTEM, school=cast.school) == 14
    assert actions.install(cast.actor("coordinator"), school=cast.school) == 0
    assert audited("programme.install") == 1
    assert {one.programme.code for one in Commitment.objects.all()} == {
        "six_ones",
        "three_conversations",
        "holidays",
    }


@pytest.mark.parametrize("role", ["helper", "class_teacher", "deputy", "counsellor", "guardian", "outsider"])
def test_only_those_who_set_up_the_school_change_promises(promised, role):
    actor = promised.actor(role)
    for change in (
        lambda: actions.install(actor, school=promised.school),
        lambda: actions.change(actor, commitment=promise(), terms=terms("talk", every="month")),
        lambda: actions.add(
            actor, school=promised.school, client_id=uuid4(), terms=terms("talk", label="周记")
        ),
        lambda: actions.stop(actor, commitment=promise(), reason="改由班主任做"),
        lambda: actions.stop_programme(actor, programme=promise().programme, reason="停"),
        lambda: actions.resume(actor, commitment=promise()),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_changed_rhythm_begins_next_monday_and_the_past_stays(promised):
    before = weeks(promised, "talk")
    change(promised, "coordinator", every="weeks", n=2, due_from=2)
    after = weeks(promised, "talk")
    assert {key: state for key, state in before.items() if key[0] <= 12}.items() <= after.items()
    assert [key for key in after if key[0] > 12][:2] == [(13, 14), (15, 16)]
    assert audited("programme.change") == 1


def test_changing_twice_in_a_week_leaves_one_rhythm_from_next_monday(promised):
    change(promised, "head", every="weeks", n=2)
    change(promised, "head", every="weeks", n=3)
    assert [key for key in weeks(promised, "talk") if key[0] > 12][0] == (13, 14, 15)


def test_a_promise_of_the_term_changes_for_the_whole_term_and_what_is_done_counts(promised):
    visit = datetime.datetime(2026, 10, 20, 18, 0, tzinfo=clock.SCHOOL_TIME)
    talk(
        promised,
        kind="visit",
        channel="at_home",
        body={"at_home": "奶奶在家", "companion": "唐老师"},
        happened_at=visit,
    )
    change(promised, "head", "visit", every="term", due_from=3)
    assert list(weeks(promised, "visit").values()) == ["done"]
    actions.stop(promised.actor("head"), commitment=promise("visit"), reason="本学期先停")
    actions.resume(promised.actor("head"), commitment=Commitment.objects.filter(code="visit").latest("pk"))
    assert list(weeks(promised, "visit").values()) == ["done"]


def test_the_same_rhythm_again_changes_nothing(promised):
    assert change(promised, "head", every="week") == promise()
    assert audited("programme.change") == 0


@pytest.mark.parametrize(
    ("rhythm", "field"),
    [
        ({"every": "daily"}, "every"),
        ({"every": "weeks", "n": 0}, "n"),
        ({"every": "week", "due_from": 99}, "due_from"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(promised, rhythm, field):
    with pytest.raises(Refused) as refused:
        change(promised, "head", **rhythm)
    assert refused.value.field == field


def test_a_stopped_promise_is_released_and_can_be_resumed(promised, at_school):
    old = promise("goal")
    with pytest.raises(Refused):
        actions.stop(SYSTEM, commitment=old, reason=" ")
    actions.stop(SYSTEM, commitment=old, reason="改为每学期一次")
    with pytest.raises(Refused):
        actions.stop(SYSTEM, commitment=old, reason="改为每学期一次")
    at_school.move_to(datetime.datetime(2026, 12, 1, 9, 0, tzinfo=clock.SCHOOL_TIME))
    found = queries.obligations(SYSTEM, promised.term, clock.now(), [promised.students.key.pk])
    assert [one.starts.month for one in found if one.commitment == "goal"] == [9, 10]
    actions.resume(SYSTEM, commitment=old)
    with pytest.raises(Refused):
        actions.resume(SYSTEM, commitment=old)
    assert promise("goal").starts_on == D(2026, 12, 1)


def noon(month, day):
    return datetime.datetime(2026, month, day, 12, 0, tzinfo=clock.SCHOOL_TIME)


def asked(cast, code, as_of, student=None):
    found = queries.obligations(SYSTEM, cast.term, as_of, [(student or cast.students.key).pk])
    return [(one.starts, one.ends, one.state, one.evidence_id) for one in found if one.commitment == code]


@pytest.mark.parametrize("code", ["visit", "book", "holiday_safety", "talk", "goal"])
def test_taking_a_promise_up_again_changes_nothing_of_what_was_seen_before(promised, at_school, code):
    actions.stop(SYSTEM, commitment=promise(code), reason="本学期先停")
    stopped = Commitment.objects.get(code=code)
    moments = [noon(*day) for day in ((11, 25), (11, 26), (11, 29), (12, 9))]
    before = [asked(promised, code, moment) for moment in moments]
    at_school.move_to(datetime.datetime(2026, 12, 10, 9, 0, tzinfo=clock.SCHOOL_TIME))
    actions.resume(promised.actor("head"), commitment=stopped)
    assert [asked(promised, code, moment) for moment in moments] == before
    later = asked(promised, code, clock.now())
    assert later and len({ends for _starts, ends, *_rest in later}) == len(later)


@pytest.mark.parametrize("day", [9, 10])
def test_a_stop_taken_back_asks_the_weeks_it_had_cut_once(promised, at_school, day):
    student = promised.students.normal
    at_school.move_to(noon(12, 9))
    talk(promised, student, happened_at=noon(12, 1))
    untouched = asked(promised, "talk_others", clock.now(), student)
    actions.stop(SYSTEM, commitment=promise("talk_others"), reason="按错了")
    at_school.move_to(noon(12, day))
    actions.resume(SYSTEM, commitment=Commitment.objects.get(code="talk_others"))
    assert asked(promised, "talk_others", clock.now(), student) == untouched
    assert (D(2026, 11, 30), D(2026, 12, 20), "done") in [one[:3] for one in untouched]


def test_a_change_does_not_cut_a_window_of_several_weeks(promised, at_school):
    at_school.move_to(noon(12, 9))
    student = promised.students.normal
    windows = [one[:2] for one in asked(promised, "talk_others", clock.now(), student)]
    new = change(promised, "head", "talk_others", due_from=1)
    assert new.starts_on == D(2026, 12, 21), "week 14 is in the middle of the weeks 13 to 15"
    assert windows and [one[:2] for one in asked(promised, "talk_others", clock.now(), student)] == windows
    later = change(promised, "head", "talk", every="weeks", n=2, starts_on=D(2026, 12, 16))
    assert later.starts_on == D(2026, 12, 21), "a chosen day inside a week waits for the next"


def test_another_name_alone_makes_no_version(promised):
    before = promise()
    kept = change(promised, "head", label="每周一谈", starts_on=D(2026, 12, 7))
    assert (kept.pk, kept.label, kept.ends_on) == (before.pk, "每周一谈", None)
    assert Commitment.objects.filter(code="talk").count() == 1
    assert (audited("programme.rename"), audited("programme.change")) == (1, 0)
    with pytest.raises(Refused):
        change(promised, "head", label=" ")


def test_a_changed_promise_may_ask_for_other_people_and_ways_from_a_chosen_day(promised):
    new = change(
        promised,
        "head",
        starts_on=D(2026, 12, 7),
        channels=("phone",),
        reached=("student", "mother"),
        every="weeks",
        n=2,
    )
    old = Commitment.objects.filter(code="talk").earliest("pk")
    assert (new.starts_on, old.ends_on, old.ended_by) == (
        D(2026, 12, 7),
        D(2026, 12, 6),
        promised.users["head"],
    )
    assert (new.channels, new.recorded_by, new.record_as) == (["phone"], promised.users["head"], "talk")
    with pytest.raises(Refused) as refused:
        change(promised, "head", starts_on=D(2026, 12, 3), every="week")
    assert refused.value.field == "starts_on"


def test_a_page_that_is_out_of_date_does_not_overwrite_a_newer_change(promised):
    old = promise()
    change(promised, "head", every="weeks", n=2)
    with pytest.raises(Refused):
        actions.change(SYSTEM, commitment=old, terms=terms(every="weeks", n=3))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "很" * 21}, "label"),
        ({"topics": ("book", "goal")}, "topics"),
        ({"topics": ("tutoring",), "channels": ("phone",)}, "channels"),
        ({"topics": ("tutoring",), "channels": (), "reached": ("mother",)}, "reached"),
        ({"reached": ("away_parent",)}, "needs_circumstance"),
        ({"needs_circumstance": "low_income"}, "needs_circumstance"),
        ({"every": "weeks", "n": 2, "due_from": 3}, "due_from"),
        ({"every": "never"}, "every"),
        ({"to": "nobody"}, "to"),
    ],
)
def test_a_promise_that_nobody_could_keep_is_refused_in_words(promised, changes, field):
    with pytest.raises(Refused) as refused:
        change(promised, "head", **changes)
    assert refused.value.field == field and refused.value.message


def test_every_built_in_promise_can_be_kept(cast):
    actions.install(SYSTEM, school=cast.school, programmes=BUILTINS)
    for one in Commitment.objects.all():
        check(Terms.of(one))
        assert one.record_as in [kind.code for kind in fulfilling(Terms.of(one))], one.code


def test_a_promise_of_the_schools_own_begins_with_its_next_window_and_is_added_once(promised):
    client_id, asked = uuid4(), terms("visit", label="看望", every="month", due_from=1)
    for _ in range(2):
        own = actions.add(promised.actor("head"), school=promised.school, client_id=client_id, terms=asked)
    assert (own.starts_on, own.min_days, str(own.programme)) == (D(2026, 12, 1), 8, "本校约定")
    assert audited("programme.add") == 1
    with pytest.raises(Refused):
        actions.add(SYSTEM, school=promised.school, client_id=uuid4(), terms=asked)


def test_a_programme_added_in_the_term_asks_nothing_of_the_weeks_before(promised):
    assert actions.install(promised.actor("head"), school=promised.school, programmes=["four_first"]) == 4
    found = queries.obligations(SYSTEM, promised.term, clock.now(), [promised.students.key.pk])
    firsts = [one for one in found if one.commitment.startswith("first_")]
    assert firsts and min(one.starts for one in firsts) > clock.today()
    assert actions.install(SYSTEM, school=promised.school, programmes=["four_first"]) == 0


def test_a_whole_programme_is_stopped_with_its_reason(promised):
    programme = promise("with_student").programme
    with pytest.raises(Refused):
        actions.stop_programme(SYSTEM, programme=programme, reason="")
    assert actions.stop_programme(promised.actor("head"), programme=programme, reason="并入六个一") == 3
    assert {one.ended_reason for one in programme.commitments.all()} == {"并入六个一"}
    with pytest.raises(Refused):
        actions.stop_programme(SYSTEM, programme=programme, reason="并入六个一")
