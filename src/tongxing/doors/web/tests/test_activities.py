"""Groups with places over HTTP: an art group by talent, short places, and what nobody else can see."""

import datetime
import re
from uuid import UUID

import pytest
from django.urls import reverse

from tongxing.care.activities.models import Offer, PlaceReason, SignUp
from tongxing.care.activities.tests.school import TODAY, given, offered, wished
from tongxing.care.pairing.models import Volunteer
from tongxing.care.profiles.actions import note_trait
from tongxing.care.programme.actions import install
from tongxing.care.programme.queries import duties_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Registration, Staff

WHY = "名额优先"
DAY = datetime.timedelta(days=1)


def read(cast, by, page, /, *args, **query):
    return cast.client(by).get(reverse(page, args=args), query).content.decode()


def post(cast, by, page, /, *args, **sent):
    return cast.client(by).post(reverse(page, args=args), sent, follow=True)


def form(cast, **more):
    return {
        "client_id": UUID(int=1),
        "name": "剪纸社",
        "kind": "art",
        "leader": cast.staff["other_teacher"].pk,
        "places": 1,
        "weekday": 2,
        "starts_at": "16:20",
        "room": "美术室",
        "grades": ["7"],
        "wishes_until": TODAY.isoformat(),
        "likes": "剪纸 手工",
    } | more


def test_an_art_group_by_talent_from_the_offer_to_the_place(cast, at_school):
    cast.teach("other_teacher", cast.class_two)
    assert "开好了" in post(cast, "coordinator", "activity-new", **form(cast)).content.decode()
    offer = Offer.objects.get()
    note_trait(
        cast.actor("class_teacher"),
        student=cast.students.normal,
        kind="talent",
        words="剪纸",
        client_id=UUID(int=2),
    )
    page = read(cast, "class_teacher", "activity-names", offer.pk)
    assert "可能喜欢：剪纸" in page and page.index("孟宇航") < page.index("周晓禾")
    assert not SignUp.objects.exists()
    done = post(
        cast,
        "class_teacher",
        "activity-names",
        offer.pk,
        **{"class": cast.class_one.pk, "student": [cast.students.normal.pk, cast.students.key.pk]},
    )
    assert "报上了 2 个名字" in done.content.decode()
    assert "可以给名额了" not in read(cast, "other_teacher", "activity", offer.pk)
    assert post(cast, "other_teacher", "activity-give", offer.pk).status_code == 422
    at_school.shift(datetime.timedelta(days=1))
    assert "可以给名额了" in read(cast, "other_teacher", "activity", offer.pk)
    assert "名额给好了" in post(cast, "other_teacher", "activity-give", offer.pk).content.decode()
    assert SignUp.objects.placed().get().student == cast.students.key


def test_what_was_typed_stays_when_the_leaders_check_is_not_noted(cast):
    cast.teach("other_teacher", cast.class_two)
    assert post(cast, "coordinator", "activity-new", **form(cast, places=0)).status_code == 422
    offered(cast, name="合唱团")
    response = post(cast, "coordinator", "activity-new", **form(cast, name="合唱团"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "已经有同名的小组了" in page and 'value="美术室"' in page
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=None)
    assert "宋桥" not in read(cast, "coordinator", "activity-new")


@pytest.fixture
def short(cast, at_school):
    """Two places; 周晓禾 and 孟宇航 have them since they are registered, classmates wished a day before them."""
    offer = offered(cast, places=2, wishes_until=TODAY + DAY)
    others = [cast.add_student(f"同学{n}", cast.class_one, pinyin=f"tongxue{n}") for n in range(3)]
    wished(offer, *others)
    at_school.shift(DAY)
    wished(offer, cast.students.key, cast.students.normal)
    given(cast, offer, at_school)
    assert PlaceReason.objects.count() == 2
    return offer


def test_why_a_child_came_first_stands_in_its_own_file_for_those_near_it(cast, short):
    for by in ("class_teacher", "helper", "coordinator", "head"):
        assert WHY in read(cast, by, "student-activities", cast.students.key.pk), by
    assert WHY not in read(cast, "class_teacher", "student-activities", cast.students.plain.pk)


def test_no_other_page_and_no_other_role_is_told_why(cast, short):
    pages = (
        ("activities",),
        ("activity", short.pk),
        ("activity-names", short.pk),
        ("clubs",),
        ("home",),
        ("students",),
    )
    for by in cast.users:
        for name, *args in pages:
            assert WHY not in read(cast, by, name, *args), (by, name)
    for by in ("other_class_teacher", "other_teacher", "guardian", "student", "outsider", "finance_maker"):
        own = cast.client(by).get(reverse("student-activities", args=[cast.students.key.pk]))
        assert own.status_code in (403, 404), by


def test_the_page_of_a_group_looks_alike_with_and_without_registered_students(cast, short):
    """Once the register has forgotten everybody and nobody came first, not a sign of the page is another."""

    def seen(by):
        page = read(cast, by, "activity", short.pk)
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", page)

    before = {by: seen(by) for by in ("other_teacher", "class_teacher")}
    Registration.objects.all().delete()
    PlaceReason.objects.all().delete()
    assert before == {by: seen(by) for by in before}


def test_a_child_sees_the_own_state_and_neither_others_nor_a_number(cast, short):
    page = read(cast, "student", "clubs")
    assert "你有名额了" in page
    assert "同学0" not in page and "孟宇航" not in page
    SignUp.objects.filter(student=cast.students.key).update(placed_at=None)
    page = read(cast, "student", "clubs")
    assert "已经记下，有消息告诉你" in page and WHY not in page


def test_a_child_wishes_and_changes_its_mind_and_nobody_elses(cast):
    offer = offered(cast)
    assert "已经记下你想参加" in post(cast, "student", "club-wish", offer.pk).content.decode()
    assert SignUp.objects.open().get().student == cast.students.key
    assert (
        "想来的话随时可以再报"
        in post(cast, "student", "club-wish", offer.pk, **{"not": "1"}).content.decode()
    )
    assert not SignUp.objects.open().exists()
    wished(offer, cast.students.normal)
    other = SignUp.objects.open().get()
    assert post(cast, "student", "sign-up-leave", other.pk, why="wish").status_code == 403
    assert post(cast, "guardian", "club-wish", offer.pk).status_code == 403


def test_a_place_given_back_goes_on_and_the_page_says_so(cast, short):
    row = SignUp.objects.get(student=cast.students.key)
    assert "随时可以再报" in post(cast, "helper", "sign-up-leave", row.pk, why="time").content.decode()
    assert SignUp.objects.placed().count() == 2
    assert post(cast, "helper", "sign-up-leave", row.pk, why="nonsense").status_code == 422
    assert post(cast, "other_class_teacher", "sign-up-leave", row.pk, why="time").status_code == 404


def test_a_teacher_puts_down_only_the_own_students(cast):
    offer = offered(cast)
    post(
        cast,
        "other_class_teacher",
        "activity-names",
        offer.pk,
        **{"class": cast.class_one.pk, "student": [cast.students.key.pk]},
    )
    assert not SignUp.objects.exists()
    assert "周晓禾" not in read(cast, "other_class_teacher", "activity-names", offer.pk)


def test_the_offer_changes_and_ends_with_a_reason(cast, short):
    changed = form(cast, places=4, leader=cast.staff["other_teacher"].pk)
    assert "改" in post(cast, "coordinator", "activity-change", short.pk, **changed).content.decode()
    assert SignUp.objects.placed().count() == 4
    assert post(cast, "coordinator", "activity-end", short.pk, reason="").status_code == 422
    assert (
        "小组已结束"
        in post(cast, "coordinator", "activity-end", short.pk, reason="学期结束").content.decode()
    )
    assert post(cast, "class_teacher", "activity-end", short.pk, reason="不想办").status_code == 403


def test_activities_are_one_tap_from_everywhere_and_the_way_from_the_childs_page_is_there(cast):
    offered(cast)
    assert reverse("activities") in read(cast, "class_teacher", "week")
    assert "剪纸社" in read(cast, "helper", "activities")
    assert reverse("student-activities", args=[cast.students.key.pk]) in read(
        cast, "helper", "student", cast.students.key.pk
    )
    assert "我带的小组" in read(cast, "other_teacher", "activities")


def test_tutoring_in_a_group_is_in_the_file_with_the_tick_and_keeps_the_promise_of_study_first(
    cast, at_school
):
    cast.teach("other_teacher", cast.class_two)
    with clock.telling(clock.start_of(cast.term.starts_on)):
        install(SYSTEM, school=cast.school, programmes=["four_first"])
    sent = form(cast, name="数学一点通", kind="tutoring", subject="数学", places=9)
    post(cast, "coordinator", "activity-new", **sent)
    offer = Offer.objects.get()
    wished(offer, cast.students.key, cast.students.plain)
    given(cast, offer, at_school)
    assert "辅导 · 数学" in read(cast, "other_teacher", "activity", offer.pk)
    post(cast, "other_teacher", "activity-meet", offer.pk, on=TODAY.isoformat())
    event = offer.events.get()
    there = {f"state-{one.pk}": "present" for one in (cast.students.key, cast.students.plain)}
    assert _study_first(cast) != "done"
    page = post(cast, "other_teacher", "event-tick", event.pk, **there).content.decode()
    assert "已随点名记为辅导" in page and reverse("event-count", args=[event.pk]) not in page
    assert "数学 · 数学一点通" in read(cast, "helper", "student", cast.students.key.pk)
    assert _study_first(cast) == "done"
    leaders = cast.client("other_teacher").get(reverse("student", args=[cast.students.key.pk]))
    assert leaders.status_code in {403, 404}  # tutoring opens no file
    missed = dict.fromkeys(there, "absent")
    post(cast, "other_teacher", "event-tick", event.pk, **missed)
    assert _study_first(cast) != "done"


def _study_first(cast):
    """How 学习优先 stands for 周晓禾 today."""
    student = cast.students.key.pk
    found = duties_of(SYSTEM, cast.term, [student], clock.now())[student]
    return next(duty.state for duty in reversed(found) if duty.obligation.commitment == "first_study")


def volunteer(cast, **told):
    sent = {"client_id": UUID(int=30), "name": "何春燕", "comes_from": "镇妇联"} | told
    post(cast, "coordinator", "volunteer-new", **sent)
    return Volunteer.objects.get(name=sent["name"])


def test_a_volunteer_helps_in_a_group_and_comes_along_once_the_check_is_noted(cast):
    offer, one = offered(cast), volunteer(cast)
    sent = {"volunteer": one.pk}
    assert "何春燕" not in read(cast, "other_teacher", "activity", offer.pk)
    assert post(cast, "other_teacher", "activity-volunteer", offer.pk, **sent).status_code == 422
    assert "何春燕" not in read(cast, "coordinator", "event-new", kind="service")
    post(cast, "coordinator", "volunteer", one.pk, on=TODAY.isoformat())
    assert "何春燕（镇妇联）" in read(cast, "coordinator", "event-new", kind="service")
    page = post(cast, "other_teacher", "activity-volunteer", offer.pk, **sent).content.decode()
    assert "来帮忙的志愿者" in page and "何春燕" in page
    assert "来帮忙的小组：剪纸社" in read(cast, "coordinator", "volunteer", one.pk)
    assert "何春燕" in read(cast, "class_teacher", "activity", offer.pk)
    row = offer.volunteers.get()
    for by in ("class_teacher", "helper"):
        assert post(cast, by, "activity-volunteer", offer.pk, **sent).status_code == 403
        assert post(cast, by, "activity-volunteer-end", offer.pk, row=row.pk, why="time").status_code == 403
    assert post(cast, "other_teacher", "activity-volunteer-end", offer.pk, row=row.pk).status_code == 422
    ended = {"row": row.pk, "why": "time"}
    done = post(cast, "other_teacher", "activity-volunteer-end", offer.pk, **ended).content.decode()
    assert "谢谢何春燕" in done
    assert post(cast, "other_teacher", "activity-volunteer", offer.pk, volunteer="").status_code == 422
