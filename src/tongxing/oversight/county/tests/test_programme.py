"""The county's programme: drafted, published, taken over as a lower bound, different in one point with a reason."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxing.care.programme import actions as promising
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.versions import Terms
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.oversight.county import programme
from tongxing.oversight.county.comparing import lines_of, newest, schools_with
from tongxing.oversight.county.models import Adaptation, CountyVersion, Takeover

WEEKLY = Terms("读书", "week", reached=("student",), topics=("talk",))


def drafted(cast, name="百千万工程", **facts):
    given = {"county": cast.county, "client_id": uuid4(), "name": name} | facts
    return programme.begin(cast.actor("county_supervisor"), **given)


def published(cast, changed="谈心改为两周一次", draft=None):
    return programme.publish(cast.actor("county_supervisor"), version=draft or drafted(cast), changed=changed)


def taken(cast, version, role="head", **facts):
    given = {"school": cast.school, "version": version, "client_id": uuid4()} | facts
    return programme.take_over(cast.actor(role), **given)


def lines(cast, version=None):
    return {one.point.code: one for one in lines_of(cast.school, version or newest(cast.county))}


def point(version, code):
    return version.points.get(code=code)


def asking(version, code, cast, **changes):
    """In the draft, ask this point in another way."""
    one = point(version, code)
    return programme.change_point(
        cast.actor("county_supervisor"), point=one, terms=replace(Terms.of(one), **changes)
    )


def test_the_first_draft_begins_with_what_the_product_brings_and_schools_do_not_see_it(cast):
    draft = drafted(cast)
    assert {"talk", "visit", "with_student"} <= set(draft.points.values_list("code", flat=True))
    assert not CountyVersion.objects.visible_to(cast.actor("head")).exists() and newest(cast.county) is None
    published(cast, draft=draft)
    assert CountyVersion.objects.visible_to(cast.actor("head")).get() == newest(cast.county) == draft
    assert not CountyVersion.objects.visible_to(cast.actor("helper")).exists()
    assert Message.objects.filter(to=cast.users["head"], link_name="county-taken").exists()


def test_a_school_without_promises_takes_all_over_and_a_second_time_changes_nothing(cast):
    version = published(cast)
    assert {one.standing for one in lines(cast).values()} == {"missing"}
    made = taken(cast, version)
    assert made.added == version.points.count() == Commitment.objects.filter(school=cast.school).count()
    assert {one.standing for one in lines(cast).values()} == {"same"}
    again = taken(cast, version)
    assert again == made and (again.added, again.changed) == (made.added, 0)
    assert {one.programme.code for one in Commitment.objects.filter(school=cast.school)} == {"county"}


def test_what_the_school_has_stays_where_it_is_and_what_asks_for_less_is_raised(cast):
    promising.install(cast.actor("head"), school=cast.school)
    draft = drafted(cast)
    asking(draft, "talk_others", cast, n=2)
    version = published(cast, draft=draft)
    assert lines(cast)["talk_others"].standing == "less" and lines(cast)["talk"].standing == "same"
    made = taken(cast, version)
    assert (made.added, made.changed) == (0, 1)
    own = Commitment.objects.get(school=cast.school, code="talk_others", ends_on=None)
    assert own.n == 2 and own.programme.code == "six_ones" and own.reason == "百千万工程"
    assert lines(cast)["talk_others"].standing == "same"


def test_more_than_the_county_asks_stays(cast):
    head = cast.actor("head")
    promising.install(head, school=cast.school)
    own = Commitment.objects.get(school=cast.school, code="talk_others")
    promising.change(head, commitment=own, terms=replace(Terms.of(own), every="week", n=1, due_from=1))
    version = published(cast)
    assert lines(cast)["talk_others"].standing == "more"
    assert taken(cast, version).changed == 0
    assert lines(cast)["talk_others"].own.every == "week"


def test_another_promise_that_keeps_the_point_stands_for_it(cast):
    draft = drafted(cast)
    programme.add_point(
        cast.actor("county_supervisor"),
        version=draft,
        client_id=uuid4(),
        terms=replace(WEEKLY, every="month"),
    )
    promising.add(cast.actor("head"), school=cast.school, client_id=uuid4(), terms=WEEKLY)
    version = published(cast, draft=draft)
    line = next(one for code, one in lines(cast).items() if code.startswith("county-"))
    assert line.standing == "more" and line.own.code.startswith("own-")
    taken(cast, version)
    assert not Commitment.objects.filter(school=cast.school, code=line.point.code).exists()


def test_what_was_stopped_is_asked_for_again(cast):
    promising.install(cast.actor("head"), school=cast.school)
    own = Commitment.objects.get(school=cast.school, code="visit")
    promising.stop(cast.actor("head"), commitment=own, reason="路太远")
    version = published(cast)
    assert lines(cast)["visit"].standing == "missing"
    assert taken(cast, version).added == 1
    assert lines(cast)["visit"].standing == "same"


def test_one_point_may_be_different_with_a_reason_and_then_it_is_left_alone(cast):
    version, head = published(cast), cast.actor("head")
    with pytest.raises(Refused):
        programme.adapt(
            head, school=cast.school, point=point(version, "visit"), client_id=uuid4(), reason=" "
        )
    told = programme.adapt(
        head,
        school=cast.school,
        point=point(version, "visit"),
        client_id=uuid4(),
        reason="山路远，改为两学期一次",
    )
    taken(cast, version)
    assert not Commitment.objects.filter(school=cast.school, code="visit").exists()
    assert lines(cast)["visit"].adaptation == told and not lines(cast)["visit"].is_open
    programme.adapt_no_more(head, adaptation=told)
    assert lines(cast)["visit"].is_open
    programme.adapt_again(head, adaptation=told)
    assert not lines(cast)["visit"].is_open


def test_a_reason_holds_for_the_next_version_unless_the_point_asks_for_something_else(cast):
    version, head = published(cast), cast.actor("head")
    for code in ("visit", "book"):
        programme.adapt(
            head, school=cast.school, point=point(version, code), client_id=uuid4(), reason="先做试点"
        )
    draft = drafted(cast)
    asking(draft, "book", cast, n=1)
    published(cast, draft=draft)
    assert lines(cast)["visit"].adaptation and lines(cast)["book"].adaptation is None


@pytest.mark.parametrize("name", ["周晓禾", "林岚"])
def test_a_reason_that_the_county_reads_names_nobody(cast, name):
    version = published(cast)
    with pytest.raises(Refused):
        programme.adapt(
            cast.actor("head"),
            school=cast.school,
            point=point(version, "visit"),
            client_id=uuid4(),
            reason=f"{name}家远",
        )


def test_the_county_sees_each_school_taken_over_different_or_not_yet(cast):
    version = published(cast)
    programme.adapt(
        cast.actor("head"),
        school=cast.school,
        point=point(version, "visit"),
        client_id=uuid4(),
        reason="山路远",
    )
    taken(cast, version)
    here, there = schools_with(cast.actor("county_supervisor"), cast.county, version)
    assert here.school == cast.school and here.taken.version == version
    assert [one.adaptation.reason for one in here.adapted] == ["山路远"] and not here.open
    assert there.taken is None and len(there.open) == version.points.count()


def test_a_published_version_stays_as_it_is(cast):
    version, supervisor = published(cast), cast.actor("county_supervisor")
    for refused in (
        lambda: programme.add_point(supervisor, version=version, client_id=uuid4(), terms=WEEKLY),
        lambda: asking(version, "talk", cast, n=2),
        lambda: programme.leave_out(supervisor, point=point(version, "talk")),
        lambda: programme.publish(supervisor, version=version, changed="再发一次"),
    ):
        with pytest.raises(Refused):
            refused()


def test_the_next_draft_says_what_is_new_and_there_is_one_at_a_time(cast):
    published(cast)
    draft = drafted(cast)
    assert draft.number == 2 and draft.points.count() == CountyVersion.objects.get(number=1).points.count()
    with pytest.raises(Refused):
        drafted(cast)
    with pytest.raises(Refused):
        published(cast, changed=" ", draft=draft)


def test_what_is_left_out_is_not_asked_and_can_be_put_back(cast):
    draft, supervisor = drafted(cast), cast.actor("county_supervisor")
    programme.leave_out(supervisor, point=point(draft, "talk"))
    programme.leave_out(supervisor, point=point(draft, "book"))
    programme.leave_out(supervisor, point=point(draft, "book"), left_out=False)
    published(cast, draft=draft)
    assert "talk" not in lines(cast) and "book" in lines(cast)


def test_an_older_version_is_not_taken_over(cast):
    old = published(cast)
    published(cast)
    with pytest.raises(Refused):
        taken(cast, old)


@pytest.mark.parametrize("role", ["deputy", "class_teacher", "county_supervisor", "outsider"])
def test_only_who_changes_the_school_s_promises_takes_over(cast, role):
    version = published(cast)
    with pytest.raises(NotAllowed):
        taken(cast, version, role=role)
    assert not Takeover.objects.exists()


@pytest.mark.parametrize("role", ["head", "county_aid_officer", "county_data_officer"])
def test_only_the_supervisor_drafts_and_publishes(cast, role):
    draft = drafted(cast)
    for refused in (
        lambda: programme.begin(cast.actor(role), county=cast.county, client_id=uuid4(), name="别的"),
        lambda: programme.publish(cast.actor(role), version=draft),
        lambda: schools_with(cast.actor(role), cast.county, draft),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_same_form_sent_twice_and_one_row_for_each_step(cast):
    draft = drafted(cast, client_id=UUID(int=3))
    assert drafted(cast, client_id=UUID(int=3)) == draft
    version = published(cast, draft=draft)
    first = taken(cast, version, client_id=UUID(int=4))
    assert taken(cast, version, client_id=UUID(int=4)) == first
    told = {
        "school": cast.school,
        "point": point(version, "visit"),
        "client_id": UUID(int=6),
        "reason": "山路远",
    }
    assert programme.adapt(cast.actor("head"), **told) == programme.adapt(cast.actor("head"), **told)
    assert Adaptation.objects.count() == 1
    steps = AuditEntry.objects.filter(action__startswith="county.").values_list("action", flat=True)
    assert sorted(steps) == [
        "county.adapt",
        "county.programme-draft",
        "county.programme-publish",
        "county.take-over",
    ]


def test_the_queries_do_not_grow_with_the_schools(cast):
    version, supervisor = published(cast), cast.actor("county_supervisor")

    def made():
        with CaptureQueriesContext(connection) as queries:
            schools_with(supervisor, cast.county, version)
        return len(queries)

    before = made()
    for number in range(4):
        Organisation.objects.create(kind="school", name=f"学校{number}", parent=cast.county, stage="primary")
    assert made() == before
