"""四优先 where places are short: registered students first, nobody loses a place, and nobody else can see why."""

import datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.activities import actions, queries
from tongxing.care.activities.models import Offer, PlaceReason, SignUp
from tongxing.care.profiles.actions import note_trait
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration, Staff

from .school import TODAY, YESTERDAY, given, offered, wished

DAY = datetime.timedelta(days=1)


def placed(offer):
    return {row.student.name for row in SignUp.objects.placed().filter(offer=offer)}


def test_the_coordinator_offers_a_group_and_sent_twice_it_is_one(cast):
    facts = {"kind": "club", "name": "棋社", "leader": cast.staff["helper"], "weekday": 3, "places": 12}
    for _again in range(2):
        actions.make_offer(
            cast.actor("coordinator"),
            term=cast.term,
            facts=facts | {"grades": [], "wishes_until": TODAY},
            client_id=UUID(int=1),
        )
    assert Offer.objects.get().seed
    assert AuditEntry.objects.filter(action="activity.offer").count() == 1


@pytest.mark.parametrize(
    "by", ["class_teacher", "helper", "other_teacher", "student", "guardian", "outsider"]
)
def test_nobody_else_offers_changes_or_ends_a_group(cast, by):
    offer = offered(cast)
    with pytest.raises(NotAllowed):
        offered(cast, by=by, name="棋社")
    with pytest.raises(NotAllowed):
        actions.change_offer(cast.actor(by), offer=offer, facts={"places": 30})
    with pytest.raises(NotAllowed):
        actions.end_offer(cast.actor(by), offer=offer, reason="老师调走")


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "剪纸社"}),
        ("kind", {"kind": "rank"}),
        ("places", {"places": 0}),
        ("weekday", {"weekday": None}),
        ("wishes_until", {"wishes_until": YESTERDAY}),
        ("about", {"about": "他说过不想活了"}),
    ],
)
def test_what_an_offer_lacks_is_said_beside_its_field(cast, field, facts):
    offered(cast)
    with pytest.raises(Refused) as refusal:
        offered(cast, **({"name": "棋社"} | facts))
    assert refusal.value.field == field


def test_a_leader_has_the_offence_check_noted_works_here_and_can_open_the_page(cast):
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(offence_check_on=None)
    for leader in ("helper", "finance_maker", "outsider"):
        cast.staff[leader].refresh_from_db()
        with pytest.raises(Refused) as refusal:
            offered(cast, leader=leader)
        assert refusal.value.field == "leader"


def test_wishes_are_collected_first_and_places_given_after_the_last_day(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    with pytest.raises(Refused):
        actions.give_places(cast.actor("other_teacher"), offer=offer)
    assert placed(offer) == set()
    assert given(cast, offer, at_school, by="other_teacher") == 1
    assert placed(offer) == {"苏苗苗"}


def test_where_places_are_short_key_students_come_first_then_other_registered_ones(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain, cast.students.normal, cast.students.key)
    given(cast, offer, at_school)
    assert placed(offer) == {"周晓禾"}
    actions.change_offer(cast.actor("coordinator"), offer=offer, facts={"places": 2})
    assert placed(offer) == {"周晓禾", "孟宇航"}


def test_whoever_has_a_place_keeps_it_when_a_registered_student_wishes_later(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school)
    wished(offer, cast.students.key)
    actions.change_offer(cast.actor("coordinator"), offer=offer, facts={"places": 1})
    actions.give_places(cast.actor("coordinator"), offer=offer)
    assert placed(offer) == {"苏苗苗"}


def test_a_place_given_back_goes_to_the_next_by_the_same_rule(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school)
    other = cast.add_student("何小满", cast.class_two, pinyin="hexiaoman")
    wished(offer, other)
    at_school.shift(datetime.timedelta(days=3))
    wished(offer, cast.students.normal)
    sign_up = SignUp.objects.get(student=cast.students.plain)
    actions.leave(cast.actor("other_class_teacher"), sign_up=sign_up, why="time")
    actions.leave(cast.actor("other_class_teacher"), sign_up=sign_up, why="time")
    assert placed(offer) == {"孟宇航"}
    sign_up.refresh_from_db()
    assert (sign_up.ended_because, sign_up.ended_by) == ("time", cast.users["other_class_teacher"])


def test_after_the_places_are_given_a_free_one_is_given_at_once(cast, at_school):
    offer = offered(cast, places=2)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school)
    wished(offer, cast.students.normal)
    assert placed(offer) == {"苏苗苗", "孟宇航"}
    assert not PlaceReason.objects.exists()


def short(cast, clock, places=1):
    """Twelve classmates wish a day before 周晓禾 and 孟宇航."""
    offer = offered(cast, places=places, wishes_until=TODAY + DAY)
    wished(offer, *(cast.add_student(f"同学{n}", cast.class_two, pinyin=f"tongxue{n:02}") for n in range(12)))
    clock.shift(DAY)
    wished(offer, cast.students.key, cast.students.normal)
    given(cast, offer, clock)
    return offer


def test_that_a_child_came_first_is_written_only_where_it_made_the_difference(cast, at_school):
    roomy = offered(cast, name="棋社", places=9)
    wished(roomy, cast.students.plain, cast.students.key)
    offer = short(cast, at_school)
    actions.give_places(cast.actor("coordinator"), offer=roomy)
    assert placed(offer) == {"周晓禾"} and placed(roomy) == {"周晓禾", "苏苗苗"}
    assert PlaceReason.objects.get().sign_up.offer == offer


def test_why_a_child_came_first_opens_with_the_care_zone_alone(cast, at_school):
    short(cast, at_school)
    assert PlaceReason.objects.get().student == cast.students.key
    sees = {name for name in cast.users if PlaceReason.objects.visible_to(cast.actor(name)).exists()}
    assert sees == {"head", "deputy", "coordinator", "class_teacher", "helper", "counsellor"}


def test_a_list_with_registered_students_looks_like_one_without(cast, at_school):
    """Names in their order, nothing else: the same page once the register has forgotten everybody."""
    offer = short(cast, at_school, places=2)
    found = queries.group(cast.actor("other_teacher"), offer)
    assert [row.student.name for row in found.placed] == ["孟宇航", "周晓禾"]
    assert [row.student.name for row in found.waiting] == [f"同学{n}" for n in range(12)]
    Registration.objects.all().delete()
    again = queries.group(cast.actor("other_teacher"), offer)
    assert [row.student.name for row in again.placed] == ["孟宇航", "周晓禾"]


def test_leader_class_teacher_and_helper_see_only_their_own(cast, at_school):
    offer = offered(cast, places=9)
    wished(offer, cast.students.key, cast.students.normal, cast.students.plain)

    def names(by):
        return {row.student.name for row in queries.group(cast.actor(by), offer).waiting}

    everybody = {"周晓禾", "孟宇航", "苏苗苗"}
    assert names("other_teacher") == names("coordinator") == everybody
    assert names("class_teacher") == {"周晓禾", "孟宇航"}
    assert names("helper") == names("student") == names("guardian") == {"周晓禾"}
    assert names("counsellor") == names("outsider") == set()


@pytest.mark.parametrize("by", ["class_teacher", "helper", "coordinator", "student"])
def test_class_teacher_helper_office_and_the_student_wish(cast, by):
    offer = offered(cast)
    assert actions.wish(cast.actor(by), offer=offer, students=[cast.students.key]) == 1
    assert actions.wish(cast.actor(by), offer=offer, students=[cast.students.key]) == 0
    assert SignUp.objects.get().wished_by == cast.users[by]


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "guardian", "counsellor", "outsider"])
def test_nobody_else_wishes_for_a_child_or_gives_its_wish_back(cast, by):
    offer = offered(cast, leader="helper")
    with pytest.raises(NotAllowed):
        actions.wish(cast.actor(by), offer=offer, students=[cast.students.key])
    wished(offer, cast.students.key)
    with pytest.raises(NotAllowed):
        actions.leave(cast.actor(by), sign_up=SignUp.objects.get(), why="wish")


@pytest.mark.parametrize("by", ["class_teacher", "helper", "student", "guardian", "outsider"])
def test_only_the_leader_and_the_office_give_places(cast, at_school, by):
    offer = offered(cast)
    wished(offer, cast.students.key)
    at_school.shift(datetime.timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.give_places(cast.actor(by), offer=offer)


def test_a_group_for_other_grades_and_an_ended_one_take_no_wish(cast):
    with pytest.raises(Refused):
        wished(offered(cast, grades=[8]), cast.students.key)
    ended = offered(cast, name="棋社")
    wished(ended, cast.students.key)
    actions.end_offer(cast.actor("coordinator"), offer=ended, reason="老师调走")
    assert SignUp.objects.get(offer=ended).ended_because == "ended"
    with pytest.raises(Refused):
        wished(ended, cast.students.normal)
    with pytest.raises(Refused):
        actions.end_offer(cast.actor("coordinator"), offer=offered(cast, name="合唱"), reason=" ")


def test_the_trail_holds_ids_and_no_level(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain, cast.students.key)
    given(cast, offer, at_school)
    told = str(
        list(AuditEntry.objects.filter(action__startswith="activity.").values_list("detail", flat=True))
    )
    assert "key" not in told and "周晓禾" not in told


def test_the_database_keeps_one_open_wish_and_a_reason_for_every_end(cast):
    offer = offered(cast)
    wished(offer, cast.students.key)
    row = SignUp.objects.get()
    for wrong in ({"ended_at": None}, {"ended_at": row.wished_at, "ended_because": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.create(
                school=cast.school, offer=offer, student=cast.students.key, wished_at=row.wished_at, **wrong
            )


def test_what_a_child_likes_is_a_suggestion_to_those_who_may_read_it(cast):
    offer = offered(cast)
    note_trait(
        cast.actor("helper"), student=cast.students.key, kind="talent", words="剪纸", client_id=uuid4()
    )
    students = [cast.students.key.pk, cast.students.plain.pk]
    assert queries.may_like(cast.actor("class_teacher"), offer, students) == {cast.students.key.pk: "剪纸"}
    assert queries.may_like(cast.actor("other_teacher"), offer, students) == {}
    assert not SignUp.objects.exists()
