"""What a change would ask for, shown before it is saved; Wednesday 2026-11-25, teaching week 12 of 20."""

from dataclasses import replace
from uuid import uuid4

import pytest
from tests.promised import pair, works_away

from tongxing.care.programme import actions, queries, versions
from tongxing.care.programme.builtin import BUILTINS
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.preview import preview
from tongxing.care.programme.versions import Terms
from tongxing.ground.kernel import clock

pytestmark = pytest.mark.usefixtures("promised")


def open_version(code="talk") -> Commitment:
    return Commitment.objects.get(code=code, ends_on=None)


def look(cast, role="head", code="talk", **changes):
    old = open_version(code)
    new = versions.draft_change(old, replace(Terms.of(old), **changes))
    return preview(cast.actor(role), cast.term, [new])


def asked_from_now(cast, code) -> int:
    found = queries.obligations(cast.actor("head"), cast.term, clock.now())
    return sum(one.commitment == code and one.ends >= clock.today() for one in found)


def test_it_compares_how_often_and_of_whom_before_and_after(cast):
    seen = look(cast, every="weeks", n=2)
    assert (seen.before.students, seen.before.times) == (1, 9)
    assert (seen.after.students, seen.after.times) == (1, 5)
    assert seen.before.everything - seen.after.everything == 4
    assert [(line.number, line.before, line.after) for line in seen.weeks][:3] == [
        (12, 1, 1),
        (13, 1, 0),
        (14, 1, 1),
    ]
    assert (seen.after.spread.carers, seen.after.spread.fewest, seen.after.spread.most) == (1, 5, 5)
    (example,) = seen.examples
    assert example.student == cast.students.key
    assert str(example.due_on) == "2026-11-30", "not what is asked until the change begins"


def test_what_was_shown_is_what_is_asked_once_it_is_kept(cast):
    terms = replace(Terms.of(open_version()), to="registered", every="weeks", n=3)
    old = open_version()
    seen = preview(cast.actor("head"), cast.term, [versions.draft_change(old, terms)])
    actions.change(cast.actor("head"), commitment=old, terms=terms)
    assert seen.after.times == asked_from_now(cast, "talk")
    assert seen.after.spread.nobody > 0, "the other student has no helper"


def test_a_whole_programme_is_seen_at_once_and_only_where_it_concerns_somebody(cast):
    new = versions.of_builtin(cast.school, BUILTINS["two_carers"])
    assert preview(cast.actor("head"), cast.term, new).after.times == 0
    works_away(cast, cast.students.key)
    seen = preview(cast.actor("head"), cast.term, new)
    assert (seen.before.times, seen.after.students) == (0, 1)
    actions.install(cast.actor("head"), school=cast.school, programmes=["two_carers"])
    assert seen.after.times == sum(asked_from_now(cast, one.code) for one in new)


def test_looking_writes_nothing_and_who_sees_no_student_sees_no_figure(cast):
    before = Commitment.objects.count()
    seen = look(cast, "system_admin", every="month")
    assert Commitment.objects.count() == before
    assert (seen.before.times, seen.after.times, seen.examples) == (0, 0, ())


def test_its_queries_do_not_grow_with_the_students(cast, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(30) as seen:
            look(cast, every="weeks", n=2)
        return len(seen)

    few = count()
    for number in range(8):
        pair(cast, cast.add_student(f"学生{number}", cast.class_one, "key"), "helper")
    assert count() == few


def test_a_new_promise_shows_who_would_have_something_to_do(cast):
    terms = Terms("看望", "month", reached=("student",), by="class_teacher")
    draft = versions.draft_new(cast.school, f"own-{uuid4().hex[:8]}", terms)
    seen = preview(cast.actor("head"), cast.term, [draft])
    assert (seen.after.students, seen.after.spread.carers) == (2, 1), "one class teacher for both"
