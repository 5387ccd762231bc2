"""Leaders go to the classes: what a visit needs, what becomes of the children named, which classes still wait."""

import datetime
from dataclasses import replace

import pytest

from tongxing.care.screening import actions
from tongxing.care.screening.actions import Visit
from tongxing.care.screening.models import ClassVisit, ClassVisitor, Looked, Nomination
from tongxing.care.screening.visits import classes_without_visit, named_on, those_who_go, visits_of
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Responsibility

DAY = datetime.date(2026, 11, 24)


@pytest.fixture
def visit(cast):
    """The head asked class teacher and students of 初一(2); 苏苗苗 was named."""
    return Visit(
        DAY,
        [cast.staff["head"]],
        ["students", "class_teacher"],
        "教室后排两扇窗关不严",
        {cast.students.plain.pk: "作业本用完没有买新的"},
    )


def record(cast, visit, role="coordinator"):
    return actions.record_visit(cast.actor(role), school_class=cast.class_two, visit=visit)


def test_a_visit_tells_who_went_when_whom_they_asked_and_what_they_noticed(cast, visit):
    row = record(cast, visit)
    (shown,) = visits_of(cast.actor("deputy"), cast.term)
    assert shown == row
    assert [one.staff.name for one in shown.visitors.all()] == ["顾言"]
    assert shown.asked == ["class_teacher", "students"]
    assert AuditEntry.objects.filter(action="screening.visit").count() == 1


@pytest.mark.parametrize("role", ["class_teacher", "other_class_teacher", "helper", "counsellor", "outsider"])
def test_only_the_leading_group_writes_down_and_reads_visits(cast, visit, role):
    with pytest.raises(NotAllowed):
        record(cast, visit, role)
    record(cast, visit)
    assert visits_of(cast.actor(role), cast.term) == []
    assert not ClassVisitor.objects.visible_to(cast.actor(role)).exists()


def test_children_named_on_a_visit_are_nominations_that_an_open_round_takes_up(cast, visit):
    round = actions.run_round(cast.actor("coordinator"), term=cast.term)
    row = record(cast, visit)
    one = Nomination.objects.get()
    assert (one.source, one.visit, one.said_on, one.round) == ("visit", row, DAY, round)
    assert Looked.objects.get(round=round, student=cast.students.plain).decision == "pending"
    assert named_on(cast.actor("head"), [row]) == {row.pk: [one]}


def test_without_an_open_round_they_wait_for_the_next(cast, visit):
    record(cast, visit)
    assert Nomination.objects.open().count() == 1


def test_sent_twice_it_is_one(cast, visit):
    assert record(cast, visit) == record(cast, visit)
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("on", {"on": datetime.date(2026, 11, 26)}),
        ("on", {"on": datetime.date(2025, 9, 1)}),
        ("visitors", {"visitors": []}),
        ("asked", {"asked": []}),
        ("asked", {"asked": ["neighbours"]}),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_beside_its_field(cast, visit, field, changes):
    with pytest.raises(Refused) as refusal:
        record(cast, replace(visit, **changes))
    assert refusal.value.field == field
    assert not ClassVisit.objects.exists()


def test_nobody_of_another_school_goes_and_no_child_of_another_class_is_named(cast, visit):
    with pytest.raises(Refused):
        record(cast, replace(visit, visitors=[cast.staff["outsider"]]))
    with pytest.raises(Refused):
        record(cast, replace(visit, named={cast.students.key.pk: "作业本用完没有买新的"}))
    with pytest.raises(Refused):
        record(cast, replace(visit, named={cast.students.plain.pk: " "}))
    assert not Nomination.objects.exists()


def test_classes_without_a_visit_this_term_are_listed(cast, visit):
    head = cast.actor("head")
    assert [one.name for one in classes_without_visit(head, cast.term)] == ["初一(1)班", "初一(2)班"]
    record(cast, visit)
    assert [one.name for one in classes_without_visit(head, cast.term)] == ["初一(1)班"]


def test_a_visit_written_down_by_mistake_is_withdrawn_with_its_reason_and_counts_no_more(cast, visit):
    row, head = record(cast, visit), cast.actor("head")
    with pytest.raises(Refused):
        actions.withdraw_visit(head, visit=row, reason="")
    with pytest.raises(NotAllowed):
        actions.withdraw_visit(cast.actor("outsider"), visit=row, reason="班级选错了")
    actions.withdraw_visit(head, visit=row, reason="班级选错了")
    assert len(classes_without_visit(head, cast.term)) == 2
    assert len(visits_of(head, cast.term)) == 1
    with pytest.raises(Refused):
        actions.withdraw_visit(head, visit=row, reason="班级选错了")


def test_those_with_a_leading_post_are_offered_and_everybody_where_no_post_is_noted(cast):
    assert len(those_who_go(cast.school.pk)) > 5
    Responsibility.objects.create(
        school=cast.school, staff=cast.staff["deputy"], post="deputy", starts_on=cast.term.starts_on
    )
    assert [one.name for one in those_who_go(cast.school.pk)] == ["裴青"]
