"""Decided child by child: suggested, granted by people, otherwise with a reason, never twice."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance, ClassMembership, Student

from ..actions import pay, rounds
from ..models import Subsidy
from ..queries.eligible import suggestion_for
from ..queries.rounds import classes_of, rounds_of, uncovered
from .school import new_id, recognise

pytestmark = pytest.mark.usefixtures("english")


def test_what_is_suggested_is_granted_by_a_person_and_nobody_else(aid):
    found = aid.round()
    everybody = list(Student.objects.values_list("pk", flat=True))
    assert rounds.grant_suggested(aid.office, round=found, students=everybody) == 2
    assert rounds.grant_suggested(aid.office, round=found, students=everybody) == 0
    granted = set(Subsidy.objects.values_list("student", "amount", "suggested"))
    assert granted == {(one.pk, 300_00, 300_00) for one in (aid.cast.students.key, aid.cast.students.plain)}
    one = rounds_of(aid.office, aid.cast.school).get()
    assert (one.children, one.granted) == (2, 600_00)
    row = AuditEntry.objects.filter(action="subsidy.grant").get()
    assert "周晓禾" not in str(row.detail) and len(row.detail["students"]) == 2


@pytest.mark.parametrize(
    "role", ["class_teacher", "finance_maker", "helper", "county_aid_officer", "outsider", "guardian"]
)
def test_nobody_without_the_task_decides(aid, role):
    found = aid.round()
    with pytest.raises(NotAllowed):
        rounds.grant_suggested(aid.cast.actor(role), round=found, students=[aid.cast.students.key.pk])
    with pytest.raises(NotAllowed):
        rounds.decide(
            aid.cast.actor(role), round=found, student=aid.cast.students.key, granted=True, amount=1
        )


def test_another_amount_or_another_child_asks_for_a_reason_that_stays_sealed(aid):
    found, student = aid.round(), aid.cast.students.key
    for more in ({"fen": 200_00}, {"granted": False}):
        with pytest.raises(Refused, match="say why"):
            aid.decide(found, student, **more)
    with pytest.raises(Refused, match="say why"):
        aid.decide(found, aid.cast.students.normal)
    made = aid.decide(found, student, 200_00, reason="十月转入，发两个月")
    assert aid.decide(found, student, 200_00, reason="再点一次") == made
    made = Subsidy.objects.select_related("student__key").get(pk=made.pk)
    assert made.reason == "十月转入，发两个月" and "转入".encode() not in bytes(made.reason_sealed)
    assert (made.amount, made.suggested, made.grounds) == (200_00, 300_00, ["level.比较困难"])
    assert aid.decide(found, aid.cast.students.plain).reason_sealed == b""


def test_a_child_gets_a_project_once_a_term(aid):
    found = aid.granted()
    with pytest.raises(Refused, match="decided already"):
        aid.decide(found, aid.cast.students.key, 100_00, reason="再加")
    twin = Subsidy.objects.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_projects_that_exclude_each_other_reach_a_child_once(aid):
    aid.granted(apart="生活补助")
    other = aid.round(apart="生活补助")
    student = aid.cast.students.key
    assert suggestion_for(other, student.pk).reasons == ("has_other",)
    with pytest.raises(Refused, match="excludes"):
        aid.decide(other, student, 100_00, reason="也给")
    free = aid.round()
    assert aid.decide(free, student).granted
    no = aid.decide(other, student, granted=False)
    assert not no.granted and no.amount == 0


def test_what_was_taken_back_can_be_decided_anew(aid):
    found, student = aid.granted(), aid.cast.students.key
    one = Subsidy.objects.get(student=student)
    with pytest.raises(Refused, match="few words"):
        rounds.take_back(aid.office, subsidy=one, reason="")
    rounds.take_back(aid.office, subsidy=one, reason="家长不要")
    again = aid.decide(found, student, granted=False, reason="家长不要")
    assert again.pk != one.pk and Subsidy.objects.get(pk=one.pk).ended_reason == "家长不要"


def test_an_emergency_is_decided_the_same_day_by_two_people(aid, at_school):
    found, student = aid.round(fen=0, kind="emergency"), aid.cast.students.normal
    with pytest.raises(Refused, match="say why"):
        aid.decide(found, student, 500_00)
    one = aid.decide(found, student, 500_00, reason="昨晚家里失火")
    assert not rounds.to_list(found).exists()
    with pytest.raises(Refused, match="Somebody else"):
        rounds.agree(aid.office, subsidy=one)
    with pytest.raises(NotAllowed):
        rounds.agree(aid.maker, subsidy=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subsidy.objects.filter(pk=one.pk).update(agreed_by=one.decided_by, agreed_at=one.decided_at)
    rounds.agree(aid.head, subsidy=one)
    assert [each.pk for each in rounds.to_list(found)] == [one.pk]
    late = aid.decide(found, aid.cast.students.plain, 100_00, reason="妈妈住院")
    at_school.shift(datetime.timedelta(days=1))
    with pytest.raises(Refused, match="same day"):
        rounds.agree(aid.head, subsidy=late)


def test_what_is_no_emergency_needs_no_second_person(aid):
    aid.granted()
    with pytest.raises(Refused, match="Only help in an emergency"):
        rounds.agree(aid.head, subsidy=Subsidy.objects.first())


def test_a_child_that_came_in_the_term_is_shown_its_part_and_people_decide(aid):
    new = aid.cast.add_student("尹安", None, boarding=True)
    day = datetime.date(2026, 11, 12)
    ClassMembership.objects.create(
        school=aid.cast.school, student=new, school_class=aid.cast.class_one, starts_on=day
    )
    recognise(aid.cast, new, since=day)
    found = aid.round(fen=144_00)
    suggestion = suggestion_for(found, new.pk)
    assert (suggestion.amount, suggestion.part) == (144_00, 72_00)
    both = [new.pk, aid.cast.students.key.pk]
    assert rounds.grant_suggested(aid.office, round=found, students=both) == 1
    assert not Subsidy.objects.filter(student=new).exists()  # neither the whole nor the part comes by itself
    opened = {line.student.name for of in classes_of(aid.office, found) for line in of.open}
    alone = {line.student.name for of in classes_of(aid.office, found) for line in of.alone}
    assert "尹安" not in opened and alone == {"尹安"}
    assert aid.decide(found, new, 72_00, reason="与原校商定各付一半").amount == 72_00


def test_what_a_sister_school_grants_the_same_child_is_told_and_decided_by_people(aid):
    found, student = aid.round(), aid.cast.students.key
    assert not suggestion_for(found, student.pk).elsewhere
    there = aid.sister(found.project)
    assert suggestion_for(found, student.pk).elsewhere
    assert not suggestion_for(found, aid.cast.students.plain.pk).elsewhere
    both = [student.pk, aid.cast.students.plain.pk]
    assert rounds.grant_suggested(aid.office, round=found, students=both) == 1
    assert not Subsidy.objects.filter(round=found, student=student).exists()
    with pytest.raises(Refused, match="Another school"):
        aid.decide(found, student)
    Subsidy.objects.filter(pk=there.pk).update(
        ended_at=clock.now(), ended_by=there.decided_by, ended_reason="转走"
    )
    assert aid.decide(found, student).granted


def test_another_project_of_a_sister_school_stands_in_nobodys_way(aid):
    found = aid.round()
    aid.sister(aid.project())
    assert not suggestion_for(found, aid.cast.students.key.pk).elsewhere
    with_reason = aid.round()
    aid.sister(with_reason.project)
    assert aid.decide(with_reason, aid.cast.students.key, reason="与原校商定由本校发").granted


def test_children_without_a_number_are_nobodys_twin(aid):
    found = aid.round()
    aid.sister(found.project)
    Student.objects.update(id_number_index="")
    assert not suggestion_for(found, aid.cast.students.key.pk).elsewhere


def test_a_group_that_an_office_confirms_is_enough_where_the_project_says_so(aid):
    student = aid.cast.students.normal
    Circumstance.objects.create(school=student.school, student=student, category="minimum_living")
    assert suggestion_for(aid.round(asks="known"), student.pk).reasons == ("group.minimum_living",)
    assert suggestion_for(aid.round(), student.pk).reasons == ("not_recognised",)


def test_by_class_with_who_answers_for_it_and_only_for_those_who_may_know(aid):
    found = aid.granted()
    classes = classes_of(aid.office, found)
    assert [(one.name, len(one.lines), one.total) for one in classes] == [
        ("初一(1)班", 1, 300_00),
        ("初一(2)班", 1, 300_00),
    ]
    assert all(one.open == [] for one in classes)
    for role in ("class_teacher", "finance_maker", "county_aid_officer", "helper"):
        assert classes_of(aid.cast.actor(role), found) == []
        assert not Subsidy.objects.visible_to(aid.cast.actor(role)).exists()


def test_whoever_is_recognised_and_gets_nothing_stands_on_a_list_with_what_is_next(aid):
    cast = aid.cast
    assert [one.student for one in uncovered(aid.office, cast.school, cast.term)] == [
        cast.students.key,
        cast.students.plain,
    ]
    found = aid.round()
    first, second = uncovered(aid.office, cast.school, cast.term)
    assert list(first.suggested) == [found] and first.level == "比较困难"
    rounds.grant_suggested(aid.office, round=found, students=[cast.students.key.pk])
    aid.decide(found, cast.students.plain, granted=False, reason="家长说暂时不需要")
    (left,) = uncovered(aid.office, cast.school, cast.term)
    assert (left.student, left.refused) == (cast.students.plain, "家长说暂时不需要")
    assert uncovered(cast.actor("class_teacher"), cast.school, cast.term) == []
    assert second.student == cast.students.plain


def test_a_round_is_closed_once_everything_granted_stands_on_a_list(aid):
    found = aid.granted()
    with pytest.raises(Refused, match="on no list"):
        rounds.close_round(aid.office, round=found)
    pay.make_list(aid.office, round=found, client_id=new_id())
    rounds.close_round(aid.office, round=found)
    with pytest.raises(Refused, match="closed"):
        aid.decide(found, aid.cast.students.normal, 1_00, reason="补")
    rounds.reopen_round(aid.office, round=found)
    assert aid.decide(found, aid.cast.students.normal, 1_00, reason="补").granted
