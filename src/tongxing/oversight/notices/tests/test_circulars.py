"""Circulars: who writes, whom they reach, versions, confirming, reminding, the county's way to its schools."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Responsibility
from tongxing.oversight.notices import circulars, queries
from tongxing.oversight.notices.circulars import To
from tongxing.oversight.notices.models import Circular, Reading

pytestmark = pytest.mark.usefixtures("english")

TERM_START = datetime.date(2026, 9, 1)


def write(cast, who="coordinator", office=None, to=None, **told):
    facts = {"kind": "plan", "title": "实施方案", "text": "一对一帮扶。", "client_id": uuid4()} | told
    made = circulars.publish(cast.actor(who), office=office or cast.school, to=to or To("all"), **facts)
    return queries.circulars(cast.actor(who)).get(pk=made.pk)


def again(cast, made, who="coordinator", **told):
    facts = {
        "title": "实施方案",
        "text": "改过的",
        "changed": "家访改为两次",
        "asks_anew": True,
        "client_id": uuid4(),
    }
    return circulars.write_anew(cast.actor(who), circular=made, **facts | told)


def reads(cast, who):
    return {one.circular.pk for one in queries.received(cast.actor(who))}


def test_whoever_leads_the_work_writes_to_all_colleagues(cast):
    made = write(cast)
    assert all(made.pk in reads(cast, who) for who in ("head", "helper", "other_teacher", "finance_maker"))
    assert made.pk not in reads(cast, "outsider") | reads(cast, "guardian") | reads(cast, "county_supervisor")


@pytest.mark.parametrize(
    "who", ["class_teacher", "helper", "counsellor", "system_admin", "guardian", "outsider"]
)
def test_nobody_else_writes(cast, who):
    with pytest.raises(NotAllowed):
        write(cast, who)
    assert not Circular.objects.exists()


def test_the_same_form_twice_is_one_circular(cast):
    same = uuid4()
    assert write(cast, client_id=same) == write(cast, client_id=same)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"text": "字" * 6_001}, "text"),
        ({"kind": "poem"}, "kind"),
        ({"to": To()}, "group"),
        ({"to": To("somebody")}, "group"),
        ({"to": To(schools=True)}, "group"),
        ({"to": To("all", by=TERM_START)}, "by"),
        ({"to": To("all", asks=False, by=datetime.date(2027, 1, 1))}, "by"),
    ],
)
def test_what_says_nothing_or_reaches_nobody_is_refused(cast, told, field):
    with pytest.raises(Refused) as refusal:
        write(cast, **told)
    assert refusal.value.field == field


def test_groups_and_grades_reach_those_who_belong_to_them_today(cast):
    cast.class_two.grade = 8
    cast.class_two.save()
    cast.teach("subject_teacher", cast.class_two)
    leader = cast.staff["other_teacher"]
    Responsibility.objects.create(
        school=cast.school, staff=leader, post="grade_leader", grade=7, starts_on=TERM_START
    )
    reached = {
        (group, grade): queries.recipients(write(cast, to=To(group, grade)))
        for group in ("all", "class_teachers", "helpers")
        for grade in (None, 7, 8)
    }
    users = {name: user.pk for name, user in cast.users.items()}
    assert reached["class_teachers", None] == {users["class_teacher"], users["other_class_teacher"]}
    assert reached["class_teachers", 7] == {users["class_teacher"]}
    assert reached["helpers", None] == reached["helpers", 7] == {users["helper"]}
    assert reached["helpers", 8] == set()
    assert reached["all", 7] == {users["class_teacher"], users["other_teacher"]}
    assert reached["all", 8] == {users["other_class_teacher"], users["subject_teacher"]}
    assert users["deactivated"] not in reached["all", None] and users["head"] in reached["all", None]


def test_what_somebody_receives_is_what_reaches_them(cast):
    """The two ways of asking give one answer, for everybody of the school."""
    cast.teach("subject_teacher", cast.class_one)
    made = [
        write(cast, to=To(group, grade))
        for group in ("all", "class_teachers", "helpers")
        for grade in (None, 7, 9)
    ]
    for who in (*cast.staff, "guardian", "county_supervisor"):
        user = cast.users[who]
        if user.is_active and who != "outsider":
            assert reads(cast, who) == {one.pk for one in made if user.pk in queries.recipients(one)}, who


def test_a_colleague_who_has_left_is_not_asked(cast):
    made = write(cast)
    cast.staff["helper"].ends_on = TERM_START
    cast.staff["helper"].save()
    assert made.pk not in reads(cast, "helper")
    assert cast.users["helper"].pk not in queries.missing(made)


def test_opening_and_confirming_are_kept_once_each(cast):
    made, helper = write(cast), cast.actor("helper")
    assert [one.circular.pk for one in queries.waiting(helper)] == [made.pk]
    circulars.open_it(helper, circular=made)
    circulars.open_it(helper, circular=made)
    assert queries.reading_of(helper, made) == "opened"
    circulars.confirm(helper, circular=made, number=1)
    circulars.confirm(helper, circular=made, number=1)
    assert queries.reading_of(helper, made) == "confirmed" and queries.waiting(helper) == []
    assert Reading.objects.count() == 1
    assert AuditEntry.objects.filter(action="circular.confirm").count() == 1


def test_whom_it_does_not_reach_confirms_nothing(cast):
    made = write(cast, to=To("class_teachers"))
    with pytest.raises(NotAllowed):
        circulars.confirm(cast.actor("helper"), circular=made, number=1)
    circulars.confirm(cast.actor("class_teacher"), circular=made, number=1)
    assert Reading.objects.get().user == cast.users["class_teacher"]


def test_a_confirmation_is_taken_back_at_once_but_not_later(cast, at_school):
    made, helper = write(cast), cast.actor("helper")
    circulars.confirm(helper, circular=made, number=1)
    circulars.not_yet(helper, circular=made)
    assert queries.reading_of(helper, made) == "opened"
    circulars.confirm(helper, circular=made, number=1)
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        circulars.not_yet(helper, circular=made)


def test_a_new_version_keeps_the_old_and_asks_anew_where_it_says_so(cast):
    made, helper = write(cast), cast.actor("helper")
    circulars.confirm(helper, circular=made, number=1)
    again(cast, made, asks_anew=False, changed="改一个错字")
    made = queries.circulars(helper).get()
    assert queries.reading_of(helper, made) == "confirmed"
    again(cast, made)
    made = queries.circulars(helper).get()
    assert [one.text for one in made.newest_first] == ["改过的", "改过的", "一对一帮扶。"]
    assert queries.reading_of(helper, made) == "again" and queries.waiting(helper)
    with pytest.raises(Refused):
        circulars.confirm(helper, circular=made, number=2)
    circulars.confirm(helper, circular=made, number=3)
    assert queries.waiting(helper) == []


@pytest.mark.parametrize("told", [{"changed": " "}, {"changed": "字" * 201}, {"title": ""}, {"text": " "}])
def test_a_version_that_does_not_say_what_is_new_is_refused(cast, told):
    made = write(cast)
    with pytest.raises(Refused):
        again(cast, made, **told)
    assert made.versions.count() == 1


def test_nobody_but_the_office_changes_or_takes_back(cast):
    made = write(cast)
    for who in ("helper", "class_teacher", "outsider"):
        with pytest.raises(NotAllowed):
            again(cast, made, who)
        with pytest.raises(NotAllowed):
            circulars.take_back(cast.actor(who), circular=made, reason="不对")
        with pytest.raises(NotAllowed):
            circulars.remind(cast.actor(who), circular=made)


def test_what_is_taken_back_stands_with_nobody_and_comes_back_at_once_only(cast, at_school):
    made, office = write(cast), cast.actor("coordinator")
    with pytest.raises(Refused):
        circulars.take_back(office, circular=made, reason=" ")
    circulars.take_back(office, circular=made, reason="发错了")
    assert reads(cast, "helper") == set() and queries.circulars(office).filter(pk=made.pk).exists()
    with pytest.raises(Refused):
        circulars.confirm(cast.actor("helper"), circular=made, number=1)
    circulars.put_back(office, circular=made)
    assert reads(cast, "helper") == {made.pk}
    circulars.take_back(office, circular=made, reason="发错了")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        circulars.put_back(office, circular=made)


def test_only_those_missing_are_reminded_and_once_a_day(cast, at_school):
    made, office = write(cast, to=To("class_teachers")), cast.actor("coordinator")
    circulars.confirm(cast.actor("class_teacher"), circular=made, number=1)
    assert circulars.remind(office, circular=made) == 1
    circulars.remind(office, circular=made)
    message = Message.objects.get()
    assert message.to == cast.users["other_class_teacher"] and "实施方案" not in message.subject
    at_school.shift(datetime.timedelta(days=1))
    circulars.remind(office, circular=made)
    assert Message.objects.count() == 2
    circulars.confirm(cast.actor("other_class_teacher"), circular=made, number=1)
    with pytest.raises(Refused):
        circulars.remind(office, circular=made)


def test_what_asks_nothing_reminds_nobody(cast):
    made = write(cast, to=To("all", asks=False))
    assert queries.waiting(cast.actor("helper")) == []
    with pytest.raises(Refused):
        circulars.remind(cast.actor("coordinator"), circular=made)


def test_what_is_more_than_a_year_old_asks_nobody_any_more_until_it_is_written_anew(cast, at_school):
    made, helper = write(cast), cast.actor("helper")
    at_school.shift(datetime.timedelta(days=366))
    assert queries.waiting(helper) == [] and made.pk in reads(cast, "helper")
    again(cast, made)
    assert [one.circular for one in queries.waiting(helper)] == [made]


def test_families_of_the_grade_read_it_at_their_door(cast):
    made = write(cast, to=To(families=True, grade=7))
    other = write(cast, to=To(families=True, grade=9))
    assert reads(cast, "guardian") == {made.pk}
    circulars.confirm(cast.actor("guardian"), circular=made, number=1)
    with pytest.raises(NotAllowed):
        circulars.confirm(cast.actor("guardian"), circular=other, number=1)
    found = queries.families(cast.actor("coordinator"), made)
    assert [one.name for one in found.confirmed] == ["周晓禾"] and found.waiting == []
    assert [one.name for one in found.no_door] == ["孟宇航", "苏苗苗"]


def test_a_class_teacher_sees_how_far_it_has_come_with_the_own_families_alone(cast):
    made = write(cast, to=To(families=True))
    assert [one.name for one in queries.families(cast.actor("class_teacher"), made).waiting] == ["周晓禾"]
    assert [one.name for one in queries.families(cast.actor("helper"), made).waiting] == ["周晓禾"]
    other = queries.families(cast.actor("other_class_teacher"), made)
    assert other.waiting == [] and [one.name for one in other.no_door] == ["苏苗苗"]
    nobody = queries.families(cast.actor("finance_maker"), made)
    assert nobody.waiting == nobody.no_door == []


def test_what_families_read_every_colleague_may_read_and_is_not_asked_to_confirm(cast):
    made = write(cast, to=To(families=True))
    helper = cast.actor("helper")
    assert (
        made in queries.circulars(helper) and queries.waiting(helper) == [] and reads(cast, "helper") == set()
    )
    assert made not in queries.circulars(cast.actor("outsider"))


def test_what_was_written_to_last_years_families_is_not_read_by_those_who_come_after(cast, at_school):
    made = write(cast, to=To(families=True))
    at_school.shift(datetime.timedelta(days=364))
    assert reads(cast, "guardian") == {made.pk}
    at_school.shift(datetime.timedelta(days=2))
    assert reads(cast, "guardian") == set()


def test_who_has_confirmed_is_for_the_office_that_wrote_it(cast):
    made = write(cast)
    circulars.confirm(cast.actor("helper"), circular=made, number=1)
    found = queries.overview(cast.actor("head"), made)
    assert [one.name for one in found.confirmed] == ["林岚"]
    assert "卫国" not in {one.name for one in found.waiting}
    for who in ("class_teacher", "helper", "outsider"):
        with pytest.raises(NotAllowed):
            queries.overview(cast.actor(who), made)


def test_the_countys_word_reaches_the_heads_and_is_passed_on_as_the_schools_own(cast):
    source = write(cast, "county_supervisor", cast.county, To(schools=True))
    assert source.pk in reads(cast, "head") and source.pk in reads(cast, "coordinator")
    assert source.pk not in reads(cast, "helper")
    assert [one.circular for one in queries.waiting(cast.actor("head"))] == [source]
    assert queries.waiting(cast.actor("coordinator")) == []  # the head is asked
    circulars.confirm(cast.actor("head"), circular=source, number=1)
    own = write(cast, "head", based_on=source)
    assert own.based_on == source and own.pk in reads(cast, "helper")
    rows = {one.school: one for one in queries.schools_of(cast.actor("county_supervisor"), source)}
    assert rows[cast.school].state == "confirmed" and rows[cast.school].passed_on == (own,)
    assert rows[cast.other_school].state == "received" and rows[cast.other_school].passed_on == ()
    assert own not in queries.circulars(cast.actor("county_supervisor"))


def test_a_county_writes_to_schools_alone_and_nobody_passes_on_a_schools_own(cast):
    with pytest.raises(Refused):
        write(cast, "county_supervisor", cast.county, To("all"))
    with pytest.raises(Refused):
        write(cast, "county_supervisor", cast.county, To(schools=True, families=True))
    own = write(cast)
    with pytest.raises(NotAllowed):
        write(cast, based_on=own)
    for who in ("county_data_officer", "county_aid_officer", "head"):
        with pytest.raises(NotAllowed):
            write(cast, who, cast.county, To(schools=True))


def test_the_database_holds_that_it_reaches_somebody(cast):
    made = write(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Circular.objects.filter(pk=made.pk).update(group="")
    with pytest.raises(IntegrityError), transaction.atomic():
        made.versions.update(number=2)
    circulars.open_it(cast.actor("helper"), circular=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.update(confirmed=2, confirmed_at=clock.now())
