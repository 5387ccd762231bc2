"""林岚 helps 周晓禾; 唐雨 is the class teacher, 石磊 the coordinator, 白露 the counsellor."""

import datetime
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tongxing.care.contacts import actions, queries
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.models import Contact, ContactRevision
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

TALK = Told(
    {"thoughts": "数学作业 3 次未交，说晚上要照看弟弟。", "promise": "本周五前补交两次作业"},
    channel="in_person",
    reached=["student"],
    minutes=15,
)
ONE = UUID("11111111-1111-4111-8111-111111111111")
DAY = datetime.timedelta(days=1)


def write(cast, role="helper", student=None, told=TALK, client_id=None, kind="talk", **more):
    return actions.write_contact(
        cast.actor(role) if isinstance(role, str) else role,
        student=student or cast.students.key,
        client_id=client_id or uuid4(),
        kind=kind,
        told=told,
        **more,
    )


def texts(contact):
    return [revision.body for revision in contact.revisions.all()]


def evidence(cast, as_of=None, days=30):
    today = clock.today()
    return queries.evidence([cast.students.key.pk], today - days * DAY, today, as_of or clock.now())


@pytest.mark.parametrize("role", ["helper", "class_teacher", "counsellor", "head", "deputy", "coordinator"])
def test_who_is_near_the_student_writes(cast, role):
    contact = write(cast, role)
    assert contact.staff == cast.staff[role] and contact.recorded_by == cast.users[role]
    assert texts(contact) == [TALK.body]
    assert contact.topics == ["talk", "thoughts"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.user_id) == (
        "contact.write",
        contact.pk,
        cast.users[role].pk,
    )


@pytest.mark.parametrize(
    "role",
    ["other_teacher", "other_class_teacher", "finance_maker", "system_admin", "county_supervisor", "guardian"]
    + ["student", "outsider", "deactivated"],
)
def test_nobody_else_writes(cast, role):
    with pytest.raises(NotAllowed):
        write(cast, role)
    assert not Contact.objects.exists() and not AuditEntry.objects.exists()


def test_a_helper_does_not_write_for_another_student(cast):
    with pytest.raises(NotAllowed):
        write(cast, student=cast.students.normal)


def test_the_same_submit_twice_is_one_record_and_the_same_answer(cast):
    first, again = (write(cast, client_id=ONE) for _ in range(2))
    assert first == again and Contact.objects.count() == ContactRevision.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_the_second_click_comes_a_minute_later_and_is_still_the_same(cast, at_school):
    first = write(cast, client_id=ONE)
    at_school.shift(60)
    assert write(cast, client_id=ONE) == first


def test_two_clicks_at_the_same_moment_are_one_record(cast, monkeypatch):
    first = write(cast, client_id=ONE)
    answers = [None, first]
    monkeypatch.setattr(actions, "_sent_before", lambda *_: answers.pop(0))
    assert write(cast, client_id=ONE) == first
    assert Contact.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"told": replace(TALK, body={"thoughts": "想学好英语"})},
        {"told": replace(TALK, minutes=20)},
        {"role": "head"},
    ]
    + [{"kind": "tutoring", "told": replace(TALK, body={"covered": "移项"})}],
)
def test_the_same_id_with_other_content_is_refused(cast, other):
    write(cast, client_id=ONE)
    with pytest.raises(Refused) as no:
        write(cast, client_id=ONE, **other)
    assert no.value.field == "client_id" and Contact.objects.count() == 1


def test_a_coordinator_keys_in_a_colleagues_paper(cast):
    contact = write(cast, "coordinator", staff=cast.staff["helper"])
    assert contact.staff == cast.staff["helper"] and contact.recorded_by == cast.users["coordinator"]


def test_a_helper_does_not_write_in_a_colleagues_name(cast):
    with pytest.raises(NotAllowed):
        write(cast, staff=cast.staff["class_teacher"])


def test_nobody_keys_in_for_a_colleague_of_another_school(cast):
    with pytest.raises(Refused):
        write(cast, "coordinator", staff=cast.staff["outsider"])


def test_a_confidential_talk_is_not_keyed_in_by_somebody_else(cast):
    with pytest.raises(Refused) as no:
        write(cast, "coordinator", staff=cast.staff["helper"], visibility="counsellor")
    assert no.value.field == "visibility"


def test_only_setting_up_says_when_it_was_recorded(cast):
    then = clock.now() - 10 * DAY
    contact = write(cast, SYSTEM, staff=cast.staff["helper"], recorded_at=then)
    assert contact.recorded_at == contact.happened_at == contact.revisions.get().at == then
    with pytest.raises(NotAllowed):
        write(cast, recorded_at=then)


def test_a_restricted_talk_is_sealed(cast):
    contact = write(cast, visibility="counsellor")
    revision = contact.revisions.get()
    assert revision.body == {}
    assert len(revision.body_sealed) > 100 and TALK.body["thoughts"].encode() not in bytes(
        revision.body_sealed
    )


@pytest.mark.parametrize("role", ["helper", "counsellor"])
def test_author_and_counsellor_open_a_restricted_talk_and_it_is_logged(cast, role):
    contact = write(cast, visibility="counsellor")
    opened = actions.open_texts(cast.actor(role), contact=contact, purpose="准备一次谈话")
    assert opened == {1: TALK.body}
    assert AuditEntry.objects.last().action == "contact.open"


@pytest.mark.parametrize("role", ["head", "deputy", "coordinator", "class_teacher", "guardian", "outsider"])
def test_others_see_that_a_restricted_talk_is_there_but_not_its_text(cast, role):
    contact = write(cast, visibility="counsellor")
    with pytest.raises(NotAllowed):
        actions.open_texts(cast.actor(role), contact=contact)
    entries = queries.timeline(cast.actor(role), cast.students.key)
    if role in {"guardian", "outsider"}:
        assert entries == []
    else:
        assert [(entry.contact, entry.answers) for entry in entries] == [(contact, ())]


def test_counselling_is_written_by_the_counsellor_and_always_restricted(cast):
    told = Told({"heard": "晚上睡不好，想妈妈。"}, reached=["student"])
    assert write(cast, "counsellor", kind="counselling", told=told).restricted
    with pytest.raises(NotAllowed):
        write(cast, "head", kind="counselling", told=told)


def test_a_correction_stands_beside_the_first_text(cast):
    contact = write(cast)
    told = replace(TALK, body={"thoughts": "数学作业 2 次未交。"}, happened_at=clock.now() - DAY)
    actions.revise_contact(cast.actor("helper"), contact=contact, after=1, told=told, reason="次数写错了")
    assert texts(contact) == [TALK.body, told.body]
    contact.refresh_from_db()
    assert contact.state == "corrected" and contact.happened_at == clock.now() - DAY
    assert [r.happened_at for r in contact.revisions.all()] == [clock.now(), clock.now() - DAY]


@pytest.mark.parametrize("role", ["class_teacher", "head", "coordinator"])
def test_only_the_author_corrects(cast, role):
    contact = write(cast)
    with pytest.raises(NotAllowed):
        actions.revise_contact(cast.actor(role), contact=contact, after=1, told=TALK)
    assert contact.revisions.count() == 1


def test_a_helper_whose_pair_has_ended_corrects_nothing(cast):
    contact = write(cast)
    Grant.objects.filter(user=cast.users["helper"]).update(ends_on=clock.today() - DAY)
    with pytest.raises(NotAllowed):
        actions.revise_contact(cast.actor("helper"), contact=contact, after=1, told=TALK)


def test_the_same_correction_twice_is_one_and_a_stale_one_is_refused(cast):
    contact, helper = write(cast), cast.actor("helper")
    for _ in range(2):
        actions.revise_contact(helper, contact=contact, after=1, told=replace(TALK, minutes=20))
    assert contact.revisions.count() == 2
    with pytest.raises(Refused):
        actions.revise_contact(helper, contact=contact, after=1, told=replace(TALK, minutes=30))


def test_a_correction_obeys_the_same_rules(cast):
    contact = write(cast)
    with pytest.raises(Refused) as no:
        actions.revise_contact(
            cast.actor("helper"), contact=contact, after=1, told=replace(TALK, happened_at=clock.now() + DAY)
        )
    assert no.value.field == "happened_at"
    contact.refresh_from_db()
    assert contact.state == "written"


@pytest.mark.parametrize("role", ["helper", "coordinator", "head"])
def test_author_and_coordinator_withdraw_with_a_reason(cast, role):
    contact = write(cast)
    with pytest.raises(Refused):
        actions.withdraw_contact(cast.actor(role), contact=contact, reason=" ")
    for _ in range(2):
        actions.withdraw_contact(cast.actor(role), contact=contact, reason="记到了别的同学")
    assert texts(contact) == [TALK.body, {}]
    assert not Contact.objects.standing().exists() and Contact.objects.count() == 1
    (entry,) = queries.timeline(cast.actor("helper"), cast.students.key)
    assert entry.withdrawn_because == "记到了别的同学" and entry.answers == ()


def test_a_class_teacher_does_not_withdraw_a_colleagues_record(cast):
    contact = write(cast)
    with pytest.raises(NotAllowed):
        actions.withdraw_contact(cast.actor("class_teacher"), contact=contact, reason="重复")


def test_what_is_withdrawn_is_not_corrected(cast):
    contact, helper = write(cast), cast.actor("helper")
    actions.withdraw_contact(helper, contact=contact, reason="重复")
    with pytest.raises(Refused):
        actions.revise_contact(helper, contact=contact, after=2, told=TALK)


def test_the_timeline_keeps_what_earlier_helpers_wrote(cast):
    cast.grant("other_teacher", "helper", student=cast.students.key)
    write(cast, told=replace(TALK, happened_at=clock.now() - 7 * DAY))
    write(cast, "other_teacher")
    entries = queries.timeline(cast.actor("other_teacher"), cast.students.key)
    assert [entry.contact.staff.name for entry in entries] == ["宋桥", "林岚"]
    assert [answer for _question, answer in entries[0].answers] == list(TALK.body.values())


def test_the_timeline_takes_two_queries_however_long(cast, django_assert_num_queries):
    helper = cast.actor("helper")
    for days in range(5):
        write(cast, told=replace(TALK, happened_at=clock.now() - days * DAY))
    with django_assert_num_queries(2):
        assert len(queries.timeline(helper, cast.students.key)) == 5
    with django_assert_num_queries(2):
        queries.last_times(helper, [cast.students.key.pk, cast.students.normal.pk])


def test_the_last_time_brings_back_what_was_promised(cast):
    write(cast, told=replace(TALK, happened_at=clock.now() - 2 * DAY))
    write(cast, told=replace(TALK, made=False, reached=[], body={}))
    write(cast, kind="highlight", told=Told({"seen": "帮同学讲题"}))
    write(cast, visibility="counsellor")
    last = queries.last_times(cast.actor("helper"), [cast.students.key.pk])[cast.students.key.pk]
    assert (last.promise, last.staff_name) == ("本周五前补交两次作业", "林岚")
    assert clock.day_of(last.happened_at) == clock.today() - 2 * DAY
    assert queries.last_times(cast.actor("other_teacher"), [cast.students.key.pk]) == {}


def test_evidence_says_whom_it_reached_how_and_about_what(cast):
    contact = write(cast)
    (found,) = evidence(cast)
    assert (found.id, found.student_id, found.made, found.channel) == (
        contact.pk,
        cast.students.key.pk,
        True,
        "in_person",
    )
    assert found.reached == {"student"} and found.topics == {"talk", "thoughts"}


def test_evidence_is_as_known_at_a_moment(cast, at_school):
    at_start = clock.now()
    at_school.shift(3600)
    contact, helper = write(cast), cast.actor("helper")
    at_writing = clock.now()
    at_school.shift(3600)
    actions.revise_contact(
        helper, contact=contact, after=1, told=replace(TALK, channel="phone", happened_at=at_start - 9 * DAY)
    )
    at_correction = clock.now()
    at_school.shift(3600)
    actions.withdraw_contact(helper, contact=contact, reason="重复")
    assert evidence(cast, at_start) == []
    assert [e.channel for e in evidence(cast, at_writing)] == ["in_person"]
    assert [e.channel for e in evidence(cast, at_correction)] == ["phone"]
    assert evidence(cast, at_correction, days=3) == [] and len(evidence(cast, at_writing, days=3)) == 1
    assert evidence(cast) == []
    assert {e.recorded_at for e in evidence(cast, at_correction)} == {at_writing}


def test_an_attempt_is_evidence_that_reached_nobody(cast):
    write(cast, kind="call", told=Told({}, reached=["father"], made=False))
    (found,) = evidence(cast)
    assert not found.made and found.reached == frozenset()


def test_evidence_takes_one_query(cast, django_assert_num_queries):
    for _ in range(3):
        write(cast)
    with django_assert_num_queries(1):
        assert len(evidence(cast)) == 3
