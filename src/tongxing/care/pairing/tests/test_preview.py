"""What is shown before it happens is what happens, and nothing happens before."""

import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxing.care.pairing import actions, fixed_actions, move_actions, preview, words
from tongxing.care.pairing.models import Pair, Proposal, Weighting
from tongxing.care.pairing.rules import Weights
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration, SchoolYear, Staff, Student, Teaching, Term

SEPTEMBER = datetime.date(2026, 9, 14)


@pytest.fixture
def lead(cast):
    """林岚 teaches the class of both students, 宋桥 lives in the village of 周晓禾; each can take one."""
    Staff.objects.filter(school=cast.school).update(pairing_capacity=0)
    for name in ("helper", "other_teacher"):
        Staff.objects.filter(pk=cast.staff[name].pk).update(pairing_capacity=1)
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(village="柳塘")
    Student.objects.filter(pk=cast.students.key.pk).update(village="柳塘")
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["other_teacher"],
        school_class=cast.class_two,
        subject="英语",
    )
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["helper"],
        school_class=cast.class_one,
        subject="数学",
    )
    Registration.objects.filter(student=cast.students.normal).delete()
    Grant.objects.filter(role="helper").delete()
    return cast.actor("coordinator")


def effect(cast, lead, everyone=False, **points):
    weights = Weights.of(points)
    return preview.of_weights(lead, cast.school, cast.term, weights, everyone=everyone, on=today())


def renewal(cast, lead):
    return preview.of_renewal(lead, cast.school, cast.term, today())


def renew(cast, lead, seen=None):
    seen = renewal(cast, lead).mark if seen is None else seen
    return move_actions.renew(lead, school=cast.school, term=cast.term, seen=seen)


def paired(cast, lead, student, helper, since=SEPTEMBER):
    return actions.choose_other(lead, student=student, helper=cast.staff[helper], starts_on=since)


def test_other_weights_show_who_would_change_from_whom_to_whom_and_why(cast, lead):
    found = effect(cast, lead, same_village=90)
    (change,) = found.moved
    assert (change.student, change.before.helper.name, change.after.helper.name) == (
        cast.students.key,
        "林岚",
        "宋桥",
    )
    assert [reason.code for reason in change.before.reasons] == ["teaches_class"]
    assert [reason.code for reason in change.after.reasons] == ["same_village", "same_grade"]
    assert change.gap == 90 + 6 - 25
    (told,) = words.told(found.moved)
    assert (told.before, told.after, told.why) == (
        "教这个班",
        "和学生同住柳塘，教这个年级",
        "宋桥老师更合适，多 71 分。",
    )


def test_showing_other_weights_saves_nothing(cast, lead):
    actions.propose(lead, school=cast.school, term=cast.term)
    before = (AuditEntry.objects.count(), list(Proposal.objects.values_list("pk", "helper")))
    effect(cast, lead, same_village=90)
    assert (AuditEntry.objects.count(), list(Proposal.objects.values_list("pk", "helper"))) == before
    assert not Weighting.objects.exists()


def test_what_is_shown_is_what_the_proposals_say_once_the_weights_are_used(cast, lead):
    shown = effect(cast, lead, same_village=90).rows[0].after.helper
    fixed_actions.set_weights(lead, school=cast.school, points={"same_village": 90})
    actions.propose(lead, school=cast.school, term=cast.term)
    assert Proposal.objects.get().helper == shown
    assert effect(cast, lead, same_village=90).moved == ()


def who(rows):
    return {row.student.pk: row.after and row.after.helper.pk for row in rows}


def a_small_school(cast, lead, dice):
    """Up to six students and five helpers so alike that many answers are equally good; some have a helper."""
    for n in range(dice.randint(2, 4)):
        cast.add_student(f"同学{n}", dice.choice((cast.class_one, cast.class_two)), "normal")
    for n in range(dice.randint(1, 3)):
        cast.add_staff(
            f"more-{n}", f"老师{n}", offence_check_on=SEPTEMBER, pairing_capacity=dice.choice((1, 2))
        )
    for model in (Student, Staff):
        for one in model.objects.filter(school=cast.school):
            model.objects.filter(pk=one.pk).update(village=dice.choice(("", "柳塘", "上湾")))
    cast.teach("helper", dice.choice((cast.class_one, cast.class_two)))
    fixed_actions.set_weights(lead, school=cast.school, points=some_points(dice))
    if dice.random() < 0.5:
        paired(cast, lead, cast.students.key, dice.choice(("helper", "other_teacher")))
    if dice.random() < 0.8:
        actions.propose(lead, school=cast.school, term=cast.term)


def some_points(dice):
    return {name: dice.choice((0, 5, 10)) for name in Weights.names()}


@pytest.mark.parametrize("seed", range(12))
def test_exactly_the_changes_shown_are_the_changes_applied(cast, lead, seed):
    dice = random.Random(seed)
    a_small_school(cast, lead, dice)
    points = some_points(dice)
    board = dict(Proposal.objects.open().filter(helper__isnull=False).values_list("student", "helper"))
    shown, anew = effect(cast, lead, **points), effect(cast, lead, everyone=True, **points)
    fixed_actions.set_weights(lead, school=cast.school, points=points)
    actions.propose(lead, school=cast.school, term=cast.term)
    assert who(shown.rows) == dict(Proposal.objects.open().values_list("student", "helper"))
    assert who(anew.rows) == who(renewal(cast, lead).rows)
    before = {row.student.pk: row.before.helper.pk for row in shown.rows if row.before}
    assert before == board or not board
    assert effect(cast, lead, **points).moved == ()


def test_what_is_as_good_as_before_is_never_shown_as_a_change(cast, lead):
    """Nothing is proposed yet and most answers are equally good: only who gains by the weights is shown."""
    for n in range(6):
        cast.add_student(f"同学{n}", cast.class_two, "normal")
        cast.add_staff(f"more-{n}", f"老师{n}", offence_check_on=SEPTEMBER, pairing_capacity=1)
    fixed_actions.set_weights(lead, school=cast.school, points=dict.fromkeys(Weights.names(), 0))
    for everyone in (False, True):
        found = effect(cast, lead, everyone, **dict.fromkeys(Weights.names(), 0) | {"same_village": 30})
        assert {row.gap for row in found.moved} <= {30}
        assert len(found.moved) <= 2


def test_the_same_weights_change_nobody(cast, lead):
    assert [row.kind for row in effect(cast, lead).rows] == ["kept"]


def test_who_has_a_helper_is_looked_at_only_if_asked_and_stays_untouched(cast, lead):
    pair = paired(cast, lead, cast.students.key, "helper")
    assert effect(cast, lead, same_village=90).rows == ()
    (change,) = effect(cast, lead, everyone=True, same_village=190).moved
    assert change.after.helper.name == "宋桥"
    pair.refresh_from_db()
    assert pair.ends_on is None


def test_a_helper_who_is_needed_elsewhere_is_told_by_the_other_students_name(cast, lead):
    other = cast.add_student("欧阳一诺", cast.class_one, "normal")
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(sex="female", village="")
    Teaching.objects.filter(staff=cast.staff["helper"]).delete()
    Student.objects.filter(pk=other.pk).update(village="上湾")
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(village="上湾", pairing_capacity=1)
    Student.objects.filter(pk=cast.students.key.pk).update(village="上湾")
    paired(cast, lead, cast.students.key, "helper")
    fixed_actions.set_weights(lead, school=cast.school, points={"same_grade": 0, "continues": 0})
    fixed_actions.pin(lead, student=other, helper=cast.staff["helper"], reason="…")
    row = next(row for row in renewal(cast, lead).rows if row.student == cast.students.key)
    assert (row.kind, row.needed_for) == ("changed", "欧阳一诺")
    assert words.why_changed(row) == "林岚老师会去陪欧阳一诺，这样合起来大家都更合适。"


def test_a_new_term_is_told_as_the_difference_to_the_helpers_so_far(cast, lead):
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(pairing_capacity=3)
    paired(cast, lead, cast.students.key, "helper")
    newcomer = cast.add_student("欧阳一诺", cast.class_two, "normal")
    kinds = {row.student.name: row.kind for row in renewal(cast, lead).rows}
    assert kinds == {cast.students.key.name: "kept", newcomer.name: "new"}


def test_a_pair_whose_student_left_the_register_is_told_as_ended(cast, lead):
    paired(cast, lead, cast.students.key, "helper")
    Registration.objects.filter(student=cast.students.key).update(ends_on=SEPTEMBER)
    (row,) = renewal(cast, lead).rows
    assert (row.kind, words.why_changed(row)) == ("ended", "同学已经离开登记册")


def test_a_pair_that_ended_with_last_term_counts_as_the_helper_so_far_an_older_one_does_not(cast, lead):
    year = SchoolYear.objects.create(
        school=cast.school,
        name="2025-2026",
        starts_on=datetime.date(2025, 9, 1),
        ends_on=datetime.date(2026, 7, 10),
    )
    Term.objects.create(
        school=cast.school,
        year=year,
        number=2,
        starts_on=datetime.date(2026, 2, 23),
        ends_on=datetime.date(2026, 7, 10),
        week_one=datetime.date(2026, 2, 23),
    )
    pair = paired(cast, lead, cast.students.key, "other_teacher", datetime.date(2026, 3, 2))
    actions.end_pair(lead, pair=pair, reason="term_end", ends_on=datetime.date(2026, 7, 10))
    (row,) = renewal(cast, lead).rows
    assert (row.kind, row.after.helper.name) == ("kept", "宋桥")
    assert row.after.reasons[0].code == "continues"
    renew(cast, lead)
    assert Pair.objects.open().get().helper == cast.staff["other_teacher"]
    Pair.objects.open().delete()
    Pair.objects.update(starts_on=datetime.date(2025, 9, 8), ends_on=datetime.date(2026, 1, 20))
    (row,) = renewal(cast, lead).rows
    assert row.before is None


def test_pairing_anew_moves_who_changes_and_leaves_who_stays(cast, lead):
    stays = cast.add_student("欧阳一诺", cast.class_one, "normal")
    Staff.objects.filter(pk=cast.staff["class_teacher"].pk).update(pairing_capacity=1)
    kept = paired(cast, lead, stays, "helper")
    paired(cast, lead, cast.students.key, "class_teacher")
    fixed_actions.set_weights(lead, school=cast.school, points={"same_village": 500})
    done = renew(cast, lead)
    assert [(p.student.name, p.helper.name) for p in done.started] == [("周晓禾", "宋桥")]
    kept.refresh_from_db()
    assert (kept.ends_on, done.kept) == (None, 1)
    old = Pair.objects.get(student=cast.students.key, helper=cast.staff["class_teacher"])
    assert (old.ended_reason, old.ends_on) == ("term_end", today() - datetime.timedelta(days=1))
    assert cast.actor("other_teacher").sees("care", school_id=cast.school.pk, student_id=cast.students.key.pk)
    assert AuditEntry.objects.filter(action="pairing.renew").count() == 1


def test_nobody_is_left_alone_by_pairing_anew_when_the_next_helper_may_not_start(cast, lead):
    pair = paired(cast, lead, cast.students.key, "helper")
    fixed_actions.set_weights(lead, school=cast.school, points={"same_village": 500})
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=None)
    done = renew(cast, lead)
    assert (done.started, [student.name for student, _why in done.held_back]) == ((), ["周晓禾"])
    pair.refresh_from_db()
    assert pair.ends_on is None


def test_only_what_was_looked_at_is_confirmed_and_only_by_those_who_manage_pairing(cast, lead):
    seen = renewal(cast, lead).mark
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(pairing_capacity=0)
    with pytest.raises(Refused):
        renew(cast, lead, seen)
    for role in ("helper", "class_teacher", "counsellor", "guardian", "outsider"):
        with pytest.raises(NotAllowed):
            renew(cast, cast.actor(role), seen)
    assert not Pair.objects.exists()


def test_queries_do_not_grow_with_the_number_of_people(cast, lead):
    def count():
        with CaptureQueriesContext(connection) as captured:
            effect(cast, lead, everyone=True, same_village=90)
            renewal(cast, lead)
        return len(captured)

    few = count()
    for n in range(12):
        cast.add_student(f"同学{n}", cast.class_one, "normal")
        cast.add_staff(f"more-{n}", f"老师{n}", offence_check_on=today())
    assert count() == few
