"""The family of a child on the page: entered, corrected, ended, without JavaScript."""

from uuid import uuid4

from django.urls import reverse

from tongxing.ground.people.models import Guardian

FORM = {
    "name": "温桂兰",
    "relation": "grandparent",
    "relation_text": "外婆",
    "phone": "13900007788",
    "lives_with": "yes",
    "away_place": "",
    "workplace": "",
    "best_time": "晚饭后",
    "reads": "no",
    "order": "1",
}


def add(cast, by="helper", **more):
    address = reverse("guardian-new", args=[cast.students.key.pk])
    return cast.client(by).post(address, FORM | {"client_id": uuid4()} | more, follow=True)


def test_a_helper_enters_grandma_and_the_page_says_that_she_cannot_read(cast):
    page = add(cast).content.decode()
    assert "外婆 温桂兰" in page and "看不了文字消息，请打电话" in page and "方便通话：晚饭后" in page
    assert "139****7788" in page and "13900007788" not in page


def test_a_correction_never_shows_the_number_and_keeps_it_where_nothing_is_typed(cast):
    add(cast)
    grandma = Guardian.objects.get(name="温桂兰")
    address = reverse("guardian", args=[cast.students.key.pk, grandma.pk])
    page = cast.client("class_teacher").get(address).content.decode()
    assert "13900007788" not in page and 'placeholder="139****7788"' in page
    told = FORM | {"client_id": uuid4(), "phone": "", "away_place": "苏州", "lives_with": "no"}
    assert cast.client("class_teacher").post(address, told).status_code == 302
    grandma.refresh_from_db()
    assert (grandma.phone_masked, grandma.away_place, grandma.lives_with) == ("139****7788", "苏州", False)
    cast.client("class_teacher").post(address, told | {"phone": "-"})
    grandma.refresh_from_db()
    assert grandma.phone_masked == ""


def test_a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed(cast):
    response = add(cast, phone="以后再问")
    page = response.content.decode()
    assert response.status_code == 422
    assert "这不像一个电话号码" in page and 'value="温桂兰"' in page and 'value="晚饭后"' in page
    assert not Guardian.objects.filter(name="温桂兰").exists()


def test_ending_is_one_tap_with_a_way_back(cast):
    add(cast)
    grandma = Guardian.objects.get(name="温桂兰")
    end = reverse("guardian-end", args=[cast.students.key.pk, grandma.pk])
    page = cast.client("helper").post(end, follow=True).content.decode()
    assert "温桂兰不再是监护人" in page and 'name="resume"' in page and "外婆 温桂兰" not in page
    gone = reverse("guardian", args=[cast.students.key.pk, grandma.pk])
    assert cast.client("helper").get(gone).status_code == 404
    page = cast.client("helper").post(end, {"resume": "1"}, follow=True).content.decode()
    assert "外婆 温桂兰" in page


def test_a_guardian_of_another_child_is_not_found_under_this_one(cast):
    other = Guardian.objects.create(
        school=cast.school, student=cast.students.plain, name="苏国平", relation="father"
    )
    for name in ("guardian", "guardian-end"):
        address = reverse(name, args=[cast.students.key.pk, other.pk])
        assert cast.client("helper").post(address, FORM | {"client_id": uuid4()}).status_code == 404
    other.refresh_from_db()
    assert (other.name, other.ends_on) == ("苏国平", None)
