import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxing.care.pairing import actions, fixed_actions, queries
from tongxing.care.pairing.models import Pair, Proposal
from tongxing.care.screening.models import Looked, Round
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import today
from tongxing.ground.people.actions import leave_register
from tongxing.ground.people.models import Registration, Staff, Teaching


@pytest.fixture
def lead(cast):
    return cast.actor("coordinator")


def more_people(cast, students, helpers):
    for n in range(students):
        cast.add_student(
            f"同学{n}", cast.class_one if n % 2 else cast.class_two, "key" if n % 3 == 0 else "normal"
        )
    users = [
        User.objects.create_user(f"teacher{helpers}-{n}", f"老师{n}", password=None) for n in range(helpers)
    ]
    staff = Staff.objects.bulk_create(
        Staff(school=cast.school, user=user, code=user.login, name=user.name, offence_check_on=today())
        for user in users
    )
    Teaching.objects.bulk_create(
        Teaching(school=cast.school, term=cast.term, staff=one, school_class=cast.class_one, subject="数学")
        for one in staff[::3]
    )


def queries_of(work):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return len(captured)


def test_coverage_names_both_sides(cast, lead):
    before = queries.coverage(lead, cast.school, today())
    assert (before.registered, before.key, before.accompanied) == (2, 1, 0)
    assert [student.name for student in before.waiting] == ["周晓禾", "孟宇航"]
    assert before.waiting[0].is_key
    actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    after = queries.coverage(lead, cast.school, today())
    assert [student.name for student in after.waiting] == ["孟宇航"]
    assert {s.name for s in before.without_student} - {s.name for s in after.without_student} == {"林岚"}
    assert "卫国" not in {s.name for s in before.without_student}
    assert "章远" not in {s.name for s in before.without_student}


def test_coverage_lists_pairs_that_should_end(cast, lead):
    pair = actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    other = actions.choose_other(lead, student=cast.students.normal, helper=cast.staff["other_teacher"])
    assert queries.coverage(lead, cast.school, today()).to_end == ()
    entry = Registration.objects.get(student=cast.students.key)
    leave_register(
        cast.actor("head"), entry=entry, reason="进步很大", ends_on=today() - datetime.timedelta(days=1)
    )
    cast.staff["other_teacher"].ends_on = today() - datetime.timedelta(days=1)
    cast.staff["other_teacher"].save()
    assert queries.coverage(lead, cast.school, today()).to_end == (pair, other)


def test_outsiders_see_no_coverage(cast, lead):
    for name in ("outsider", "guardian", "system_admin", "county_supervisor"):
        found = queries.coverage(cast.actor(name), cast.school, today())
        assert (found.waiting, found.to_end) == ((), ())


def test_candidates_come_best_first_with_those_ruled_out_last(cast, lead):
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["other_teacher"],
        school_class=cast.class_one,
        subject="语文",
    )
    fixed_actions.exclude(lead, student=cast.students.key, helper=cast.staff["deputy"], reason="亲戚关系")
    rows = queries.candidates(lead, cast.students.key, cast.term, today())
    assert rows[0].staff.name == "宋桥"
    assert [r.code for r in rows[0].reasons] == ["teaches_class"]
    assert (rows[-1].staff.name, rows[-1].exclusion.reason, rows[-1].can_start) == ("裴青", "亲戚关系", False)
    assert queries.candidates(lead, cast.students.plain, cast.term, today()) == ()


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(cast, lead):
    def work():
        actions.propose(lead, school=cast.school, term=cast.term)
        list(queries.proposals(lead, cast.school))
        queries.coverage(lead, cast.school, today())
        list(queries.missing_checks(lead, cast.school))
        queries.candidates(lead, cast.students.key, cast.term, today())

    work()
    few = queries_of(work)
    more_people(cast, students=20, helpers=30)
    assert queries_of(work) == few
    confirmed_few = queries_of(lambda: actions.confirm_all(lead, school=cast.school))
    Pair.objects.all().delete()
    more_people(cast, students=10, helpers=10)
    actions.propose(lead, school=cast.school, term=cast.term)
    assert queries_of(lambda: actions.confirm_all(lead, school=cast.school)) == confirmed_few
    assert Pair.objects.count() == 32


def test_66_students_and_100_helpers_come_to_66_explained_proposals(cast, lead):
    more_people(cast, students=64, helpers=88)
    done = actions.propose(lead, school=cast.school, term=cast.term)
    assert (done.pairs, done.unpaired) == (66, ())
    assert Proposal.objects.open().exclude(runner_up=None).count() == 66


def test_subjects_that_screening_found_speak_for_their_teachers(cast, lead):
    taught = {"other_teacher": "英语", "helper": "历史"}
    for name, subject in taught.items():
        Teaching.objects.create(
            school=cast.school,
            term=cast.term,
            staff=cast.staff[name],
            school_class=cast.class_two,
            subject=subject,
        )
    round_ = Round.objects.create(
        school=cast.school, term=cast.term, rules={}, opened_at=clock.now(), ran_at=clock.now()
    )
    Looked.objects.create(
        school=cast.school,
        round=round_,
        student=cast.students.key,
        looked_at=clock.now(),
        outcome="candidate",
        decision="confirmed_key",
        reasons=[
            {"code": "failed_subjects", "severity": "notable", "figures": {"subjects": ["数学", "英语"]}}
        ],
    )
    best = queries.candidates(lead, cast.students.key, cast.term, today())[0]
    assert (best.staff.name, best.reasons[0]) == ("宋桥", ("subject_of_need", -20, "英语"))
