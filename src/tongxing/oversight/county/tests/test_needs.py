"""The children behind a need: asked by one, opened by another, for hours, in the school's sight, and nothing after."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for, colleagues
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Circumstance, Guardian, Student
from tongxing.oversight.county import needs
from tongxing.oversight.county.models import Need

HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)
REASON = "县里想请师范学院的同学结对，先看看差几位"
DANGER = "派出所来电，说这个孩子可能在河边，需要马上找到班主任"


def asked(cast, kind="unpaired", hours=8, **facts):
    given = {
        "school": cast.school,
        "client_id": uuid4(),
        "kind": kind,
        "reason": REASON,
        "hours": hours,
    } | facts
    return needs.ask(cast.actor("county_supervisor"), **given)


def opened(cast, **facts):
    return needs.open_it(cast.actor("county_data_officer"), need=asked(cast, **facts))


def in_danger(cast, name="苏苗苗", **facts):
    given = {"school": cast.school, "client_id": uuid4(), "name": name, "reason": DANGER} | facts
    return needs.open_at_once(cast.actor("county_data_officer"), **given)


def seen(cast, role="county_data_officer"):
    return set(Student.objects.visible_to(cast.actor(role)).values_list("name", flat=True))


def test_the_data_officer_sees_exactly_the_requested_ones_until_the_hour_it_ends_and_nothing_after(
    cast, at_school
):
    """Registered without a helper: 周晓禾 and 孟宇航. Neither 苏苗苗 of the same school nor 何一帆 of the other."""
    assert seen(cast) == set()
    need = opened(cast, hours=8)
    exactly = {"周晓禾", "孟宇航"}
    assert need.until == clock.now() + 8 * HOUR
    assert (
        seen(cast)
        == {one.name for one in needs.read(cast.actor("county_data_officer"), need=need)}
        == exactly
    )
    at_school.shift(8 * HOUR - MINUTE)
    assert seen(cast) == exactly
    at_school.shift(MINUTE)
    assert seen(cast) == set()
    with pytest.raises(NotAllowed):
        needs.read(cast.actor("county_data_officer"), need=Need.objects.get(pk=need.pk))
    at_school.shift(datetime.timedelta(days=1))
    assert seen(cast) == set()


def test_by_name_and_class_alone_and_nowhere_to_work(cast):
    opened(cast)
    officer = cast.actor("county_data_officer")
    for zone in ("care", "academic", "contact", "hardship", "psych"):
        assert not Student.objects.visible_to(officer, zone).exists(), zone
    assert not Guardian.objects.visible_to(officer).exists()
    assert not Circumstance.objects.visible_to(officer).exists()
    assert officer.organisations == {cast.county.pk}
    assert not officer.may("student.view") and not officer.may("reveal")
    assert cast.users["county_data_officer"] not in colleagues(cast.school)


def test_who_comes_under_the_need_later_is_not_among_them(cast):
    opened(cast)
    cast.add_student("后来的同学", cast.class_one, "normal")
    assert "后来的同学" not in seen(cast)


def test_neither_the_supervisor_nor_another_officer_reads_what_one_officer_opened(cast):
    need = opened(cast)
    assert seen(cast, "county_supervisor") == seen(cast, "county_aid_officer") == set()
    with pytest.raises(NotAllowed):
        needs.read(cast.actor("county_supervisor"), need=need)
    user = cast.users["other_teacher"]
    cast.grant("other_teacher", Role.COUNTY_DATA_OFFICER, cast.county)
    with pytest.raises(NotAllowed):
        needs.read(actor_for(user), need=need)


def test_asking_opens_nothing(cast):
    asked(cast)
    assert seen(cast) == set() and not Grant.objects.filter(role=Role.COUNTY_NAMED).exists()


@pytest.mark.parametrize(
    "role", ["county_data_officer", "county_aid_officer", "head", "outsider", "guardian"]
)
def test_only_the_supervisor_asks(cast, role):
    with pytest.raises(NotAllowed):
        needs.ask(
            cast.actor(role), school=cast.school, client_id=uuid4(), kind="silent", reason=REASON, hours=8
        )


@pytest.mark.parametrize("role", ["county_supervisor", "county_aid_officer", "head", "outsider"])
def test_only_the_data_officer_decides(cast, role):
    need = asked(cast)
    with pytest.raises(NotAllowed):
        needs.open_it(cast.actor(role), need=need)
    with pytest.raises(NotAllowed):
        needs.refuse(cast.actor(role), need=need, answer="请直接问学校")


def test_whoever_asked_does_not_decide(cast):
    """Also where one person holds both posts."""
    cast.grant("county_supervisor", Role.COUNTY_DATA_OFFICER, cast.county)
    need = asked(cast)
    with pytest.raises(Refused):
        needs.open_it(cast.actor("county_supervisor"), need=need)


def test_it_is_decided_once_and_a_refusal_says_why(cast):
    need, officer = asked(cast), cast.actor("county_data_officer")
    with pytest.raises(Refused):
        needs.refuse(officer, need=need, answer=" ")
    assert needs.refuse(officer, need=need, answer="请直接和学校说").state == "refused"
    with pytest.raises(Refused):
        needs.open_it(officer, need=need)
    assert seen(cast) == set()


@pytest.mark.parametrize(
    "wrong", [{"kind": "emergency"}, {"kind": "all"}, {"hours": 9}, {"hours": 24 * 365}, {"reason": " "}]
)
def test_what_is_asked_has_a_need_a_reason_and_an_end(cast, wrong):
    with pytest.raises(Refused):
        asked(cast, **wrong)


@pytest.mark.parametrize("name", ["周晓禾", "周 晓禾", "周建军", "林岚"])
def test_a_reason_names_nobody(cast, name):
    with pytest.raises(Refused) as refused:
        asked(cast, reason=f"想了解{name}的情况")
    assert refused.value.field == "reason"


def test_so_many_children_are_asked_of_the_school(cast):
    for number in range(20):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    need = asked(cast)
    with pytest.raises(Refused):
        needs.open_it(cast.actor("county_data_officer"), need=need)
    assert seen(cast) == set()


def test_the_school_is_told_and_may_close_it(cast):
    need = opened(cast)
    for role in ("head", "deputy", "coordinator"):
        assert Message.objects.filter(to=cast.users[role], link_name="county-office-need").exists(), role
    assert not Message.objects.filter(to=cast.users["outsider"]).exists()
    assert Need.objects.visible_to(cast.actor("head")).filter(pk=need.pk).exists()
    assert not Need.objects.visible_to(cast.actor("outsider")).exists()
    with pytest.raises(NotAllowed):
        needs.close(cast.actor("outsider"), need=need)
    needs.close(cast.actor("coordinator"), need=need)
    assert seen(cast) == set()
    with pytest.raises(Refused):
        needs.close(cast.actor("county_data_officer"), need=need)


def test_closing_one_leaves_another_open(cast, at_school):
    first = opened(cast)
    at_school.shift(MINUTE)
    second = opened(cast, kind="unvisited")
    needs.close(cast.actor("county_data_officer"), need=first)
    assert seen(cast) == {"周晓禾", "孟宇航"}
    needs.close(cast.actor("county_data_officer"), need=second)
    assert seen(cast) == set()


def test_each_step_and_each_reading_leaves_a_row_with_ids(cast):
    need = opened(cast)
    needs.read(cast.actor("county_data_officer"), need=need)
    needs.close(cast.actor("county_data_officer"), need=need)
    rows = AuditEntry.objects.filter(action__startswith="county.need").order_by("pk")
    assert [row.action.partition("need-")[2] for row in rows] == ["ask", "open", "read", "close"]
    ids = sorted([cast.students.key.pk, cast.students.normal.pk])
    assert rows[1].detail["children"] == sorted(rows[2].detail["children"]) == ids
    assert "周晓禾" not in "".join(f"{row.purpose}{row.detail}" for row in rows)


def test_the_same_form_sent_twice_asks_once(cast):
    first = asked(cast, client_id=UUID(int=5))
    assert asked(cast, client_id=UUID(int=5)) == first and Need.objects.count() == 1


def test_in_danger_it_opens_at_once_for_a_day_and_the_school_is_told(cast, at_school):
    need = in_danger(cast)
    assert seen(cast) == {"苏苗苗"} and need.state == "open"
    for role in ("head", "coordinator"):
        assert Message.objects.get(to=cast.users[role]).urgent
    assert Message.objects.filter(to=cast.users["county_supervisor"], link_name="county-need").exists()
    at_school.shift(24 * HOUR)
    assert seen(cast) == set()


def test_a_name_that_is_not_there_is_told_and_looked_at_again_all_the_same(cast):
    """So nobody tries names out unseen."""
    need = in_danger(cast, name="无此人")
    assert seen(cast) == set() and not need.children.exists()
    assert Message.objects.filter(to=cast.users["head"]).exists()
    assert list(Need.objects.to_review()) == [need]


def test_a_child_of_another_school_is_not_found(cast):
    in_danger(cast, name="何一帆")
    assert seen(cast) == set()


@pytest.mark.parametrize(
    "wrong", [{"reason": "紧急"}, {"name": " "}, {"reason": "苏苗苗可能在河边，需要马上找到她的班主任老师"}]
)
def test_danger_says_what_it_is_without_a_name(cast, wrong):
    with pytest.raises(Refused):
        in_danger(cast, **wrong)
    assert seen(cast) == set()


@pytest.mark.parametrize("role", ["county_supervisor", "head", "outsider"])
def test_only_the_data_officer_opens_at_once(cast, role):
    with pytest.raises(NotAllowed):
        needs.open_at_once(
            cast.actor(role), school=cast.school, client_id=uuid4(), name="苏苗苗", reason=DANGER
        )


def test_somebody_else_looks_at_it_again_by_its_day(cast):
    need, supervisor = in_danger(cast), cast.actor("county_supervisor")
    assert need.review_by == datetime.date(2026, 11, 28)
    with pytest.raises(NotAllowed):
        needs.review(cast.actor("county_data_officer"), need=need, verdict="needed")
    with pytest.raises(Refused):
        needs.review(supervisor, need=need, verdict="not_needed")
    assert needs.review(supervisor, need=need, verdict="needed").reviewed_at
    with pytest.raises(Refused):
        needs.review(supervisor, need=need, verdict="needed")
    assert not Need.objects.to_review().exists()


def test_whoever_opened_it_does_not_look_at_it_again(cast):
    need = in_danger(cast)
    cast.grant("county_data_officer", Role.COUNTY_SUPERVISOR, cast.county)
    with pytest.raises(Refused):
        needs.review(cast.actor("county_data_officer"), need=need, verdict="needed")
