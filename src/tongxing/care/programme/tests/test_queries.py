"""What my week and the student's page read; Wednesday 2026-11-25 is in teaching week 12."""

import datetime
from uuid import uuid4

import pytest
from tests.promised import pair, talk, works_away

from tongxing.care.pairing.proxies import end_proxy, start_proxy
from tongxing.care.programme import actions, queries
from tongxing.care.programme.models import Commitment
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Circumstance, Registration, Responsibility

pytestmark = pytest.mark.usefixtures("promised")
DAY = datetime.timedelta(days=1)


def moment(month: int, day: int, hour: int = 15) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, 40, tzinfo=clock.SCHOOL_TIME)


def my_week(cast, role="helper"):
    return queries.my_week(cast.actor(role), cast.staff[role], cast.term, clock.now())


def state_of(card, code):
    return next((duty.state for duty in card.duties if duty.obligation.commitment == code), None)


def test_a_helper_sees_who_waits_and_why(cast):
    talk(cast, happened_at=moment(11, 12), recorded_at=moment(11, 12, 18))
    week = my_week(cast)
    (card,) = week.mine
    assert week.week.number == 12 and not week.of_class
    assert card.student == cast.students.key and card.is_key and card.wants_talk
    assert card.next.obligation.commitment == "talk"
    assert (card.last.promise, clock.day_of(card.last.happened_at)) == (
        "周五前补交",
        datetime.date(2026, 11, 12),
    )
    assert [card.duties[0].state, card.duties[1].state] == ["due", "overdue"], "this week and the one before"


def test_once_the_talk_is_written_down_the_student_waits_no_more(cast):
    talk(cast)
    (card,) = my_week(cast).mine
    assert state_of(card, "talk") == "done" and not card.waits
    assert my_week(cast).calm == (card,)


def test_a_helper_who_took_over_is_not_asked_for_what_was_open_before(cast):
    helper = cast.students.key.pairs.get()
    helper.ends_on, helper.ended_at = datetime.date(2026, 11, 22), moment(11, 22)
    helper.save()
    pair(cast, cast.students.key, "other_teacher", starts_on=datetime.date(2026, 11, 23))
    cast.grant("other_teacher", "helper", student=cast.students.key)
    (card,) = my_week(cast, "other_teacher").mine
    assert {duty.state for duty in card.duties} & {"overdue"} == set()
    assert my_week(cast).mine == ()


def test_whoever_was_paired_by_mistake_and_parted_the_same_day_was_asked_until_then(cast):
    slip = pair(cast, cast.students.normal, "other_teacher", starts_on=clock.today())
    slip.confirmed_at = moment(11, 25, 17)
    slip.ends_on, slip.ended_at = slip.starts_on, moment(11, 25, 19)
    slip.save()
    asked = [
        {one.helper_id for one in queries.obligations(SYSTEM, cast.term, as_of)}
        for as_of in (moment(11, 25, 18), moment(11, 25, 20))
    ]
    assert [cast.staff["other_teacher"].pk in helpers for helpers in asked] == [True, False]


def test_a_class_teacher_sees_the_registered_students_of_the_class(cast):
    week = my_week(cast, "class_teacher")
    assert week.mine == ()
    assert {card.student for card in week.of_class} == {cast.students.key, cast.students.normal}
    assert {card.helper for card in week.of_class} == {cast.staff["helper"], None}
    assert my_week(cast, "other_class_teacher").of_class == ()


def test_a_call_in_vain_stays_open_and_is_shown(cast):
    talk(cast, made=False, reached=[], channel="phone", body={})
    (card,) = my_week(cast).mine
    due = next(duty for duty in card.duties if duty.obligation.commitment == "talk" and duty.state == "due")
    assert len(due.obligation.attempts) == 1


def test_parents_who_work_away_get_their_own_promise(cast):
    assert state_of(my_week(cast).mine[0], "with_away_parent") is None
    works_away(cast, cast.students.key)
    assert state_of(my_week(cast).mine[0], "with_away_parent") == "due"


def test_nobody_sees_obligations_of_students_outside_their_scope(cast):
    def students(role):
        found = queries.obligations(cast.actor(role), cast.term, clock.now())
        return {one.student_id for one in found}

    both = {cast.students.key.pk, cast.students.normal.pk}
    assert students("helper") == {cast.students.key.pk}
    assert students("class_teacher") == students("head") == both
    assert students("outsider") == students("system_admin") == students("guardian") == set()


def test_what_was_not_registered_yet_did_not_wait(cast):
    before = Registration.objects.get(student=cast.students.key).recorded_at - DAY
    assert queries.obligations(SYSTEM, cast.term, before) == []


def test_the_number_of_queries_does_not_grow_with_students_and_talks(cast, django_assert_num_queries):
    actor, staff = cast.actor("class_teacher"), cast.staff["class_teacher"]

    def count():
        with django_assert_num_queries(19):
            return queries.my_week(actor, staff, cast.term, clock.now())

    talk(cast)
    assert len(count().of_class) == 2
    for number in range(12):
        student = cast.add_student(f"学生{number}", cast.class_one, "key")
        pair(cast, student, "other_teacher")
        talk(cast, student, moment(11, 24), helper="other_teacher")
    actor = cast.actor("class_teacher")
    assert len(count().of_class) == 14


def test_promises_are_asked_of_the_first_helper_also_where_somebody_joins_later(cast):
    key = cast.students.key
    pair(cast, key, "other_teacher", role="also", starts_on=datetime.date(2026, 10, 12))
    found = queries.obligations(cast.actor("head"), cast.term, clock.now(), [key.pk])
    assert {one.helper_id for one in found} == {cast.staff["helper"].pk}


def test_a_student_whom_one_also_helps_is_there_and_asks_nothing_of_one(cast):
    pair(cast, cast.students.key, "other_teacher", role="also")
    found = my_week(cast, "other_teacher")
    assert ([card.student.name for card in found.also], found.mine) == ([], ())
    cast.grant("other_teacher", "helper", student=cast.students.key)
    found = my_week(cast, "other_teacher")
    assert ([card.student.name for card in found.also], found.mine) == (["周晓禾"], ())
    assert found.also[0].helper == cast.staff["helper"]


def _seen(cast, as_of):
    found = queries.obligations(SYSTEM, cast.term, as_of)
    return [one for one in found if one.commitment in {"with_away_parent", "class_teacher_family"}]


def test_what_is_written_down_late_about_a_family_changes_nothing_of_what_was_asked_before(cast, at_school):
    now = clock.now()
    at_school.move_to(now + datetime.timedelta(days=2))
    before = _seen(cast, now)
    Circumstance.objects.create(
        school=cast.school, student=cast.students.key, category="left_behind", since=cast.term.starts_on
    )
    assert (before, _seen(cast, now)) == ([], [])
    assert _seen(cast, clock.now()), "from now on it is known"


def test_a_class_teacher_named_or_ended_late_answers_as_it_was_known_then(cast, at_school):
    works_away(cast, cast.students.key)
    actions.install(SYSTEM, school=cast.school, programmes=["two_carers"])
    Commitment.objects.filter(code="class_teacher_family").update(starts_on=None)
    now, post = clock.now(), Responsibility.objects.filter(post="class_teacher")
    first, second = cast.staff["class_teacher"].pk, cast.staff["deputy"].pk

    def answers(as_of):
        found = [one for one in _seen(cast, as_of) if one.commitment == "class_teacher_family"]
        return {one.helper_id for one in found if one.starts.month == 11}

    assert answers(now) == {first}
    at_school.move_to(now + datetime.timedelta(days=2))
    last_day = datetime.date(2026, 11, 20)
    post.filter(staff=first).update(ends_on=last_day, ended_at=clock.now())
    Responsibility.objects.create(
        school=cast.school,
        staff_id=second,
        post="class_teacher",
        school_class=cast.class_one,
        starts_on=last_day + datetime.timedelta(days=1),
    )
    assert (answers(now), answers(clock.now())) == ({first}, {second})


def looks_after(cast, who: str, student=None):
    """This colleague is proxy parent from today."""
    student, head = student or cast.students.key, cast.actor("head")
    give_consent(head, student=student, purpose="proxy", given_by="奶奶", student_agreed=True)
    said = {"agreed_on": clock.today(), "rules_read": True, "client_id": uuid4()}
    return start_proxy(head, student=student, person=cast.staff[who], **said)


def test_what_the_proxy_parent_is_asked_for_stands_on_the_proxys_week_and_no_longer_on_the_helpers(
    cast, at_school
):
    works_away(cast, cast.students.key)
    actions.install(SYSTEM, school=cast.school, programmes=["two_carers"])
    (card,) = my_week(cast).mine
    assert state_of(card, "proxy_parent"), "without a proxy parent the helper sees to it"
    proxy = looks_after(cast, "other_teacher")
    at_school.move_to(moment(12, 2))
    (card,) = my_week(cast, "other_teacher").mine
    assert card.as_proxy and [duty.promise.code for duty in card.duties] == ["proxy_parent"]
    assert state_of(card, "proxy_parent") == "due" and card.waits
    assert not my_week(cast, "other_teacher").accompanied
    (card,) = my_week(cast).mine
    assert not card.as_proxy and state_of(card, "proxy_parent") is None and state_of(card, "talk")
    talk(cast, helper="other_teacher", body={"life": "作业写完了，晚饭吃得香。"})
    assert [state_of(one, "proxy_parent") for one in my_week(cast, "other_teacher").mine] == ["done"]
    end_proxy(cast.actor("head"), proxy=proxy, reason="other")
    assert my_week(cast, "other_teacher").mine == ()
    assert state_of(my_week(cast).mine[0], "proxy_parent"), "asked of the helper again"


def test_who_is_helper_and_proxy_parent_is_asked_for_both_on_one_card(cast):
    works_away(cast, cast.students.key)
    actions.install(SYSTEM, school=cast.school, programmes=["two_carers"])
    looks_after(cast, "helper")
    (card,) = my_week(cast).mine
    assert not card.as_proxy and state_of(card, "proxy_parent") and state_of(card, "talk")
