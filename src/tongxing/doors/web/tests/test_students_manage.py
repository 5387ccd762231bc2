import datetime
import uuid

from tongxing.care.pairing.models import Pair
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Likeness, Student

NEW = {"name": "温小满", "sex": "female", "birth_date": "2013-07-04", "phone": "13900002222"}


def text(response) -> str:
    return response.content.decode()


def test_a_student_is_entered_and_asked_about_when_likely_on_record(cast):
    client = cast.client("coordinator")
    assert "来了哪位新同学" in text(client.get("/students/new/"))
    client.post("/students/new/", {**NEW, "client_id": uuid.uuid4(), "school_class": cast.class_one.pk})
    first = Student.objects.get(name="温小满")
    again = {**NEW, "client_id": uuid.uuid4()}
    asked = client.post("/students/new/", again)
    assert (asked.status_code, "是同一个孩子吗" in text(asked)) == (422, True)
    assert Student.objects.filter(name="温小满").count() == 1
    client.post("/students/new/", {**again, "different": str(first.pk)})
    assert Student.objects.filter(name="温小满").count() == 2
    assert Likeness.objects.get().verdict == "different"


def test_corrections_never_show_sealed_details_and_keep_what_is_left_empty(cast):
    client, address = cast.client("coordinator"), f"/students/{cast.students.key.pk}/edit/"
    shown = text(client.get(address))
    assert "138****5678" in shown
    assert "13812345678" not in shown
    client.post(
        address, {"name": "周晓禾", "code": "S0001", "sex": "female", "village": "柳溪村", "address": "-"}
    )
    cast.students.key.refresh_from_db()
    student = cast.students.key
    assert (student.village, student.phone_masked, student.address_masked) == ("柳溪村", "138****5678", "")


def test_class_leaving_and_coming_back_are_noted_with_their_day(cast):
    student, client = cast.students.key, cast.client("coordinator")
    Pair.objects.create(
        school=cast.school, student=student, helper=cast.staff["helper"], starts_on=datetime.date(2026, 9, 7),
        confirmed_at=clock.now(),
    )  # fmt: skip
    address = f"/students/{student.pk}/place/"
    client.post(address, {"what": "move", "school_class": cast.class_two.pk, "on": "2026-11-25"})
    assert student.memberships.get(ends_on=None).school_class == cast.class_two
    client.post(address, {"what": "leave", "on": "2026-11-25"})
    assert not Pair.objects.filter(ends_on=None).exists()
    assert not student.memberships.filter(ends_on=None).exists()
    refused = client.post(address, {"what": "return", "on": "2026-11-25"})
    assert (refused.status_code, "离校日期在这一天之后" in text(refused)) == (422, True)
    client.post(address, {"what": "return", "on": "2026-11-26", "school_class": cast.class_one.pk})
    student.refresh_from_db()
    assert student.status == "enrolled"


def test_two_entries_are_compared_and_the_answer_is_remembered(cast):
    Student.objects.filter(pk=cast.students.key.pk).update(birth_date="2013-07-04")
    twin = cast.add_student("周晓禾", cast.class_two, birth_date=datetime.date(2013, 7, 4))
    client = cast.client("coordinator")
    assert "周晓禾" in text(client.get("/students/same/"))
    address = f"/students/{cast.students.key.pk}/same/"
    assert address in text(client.get(f"/students/{twin.pk}/")).replace(
        str(twin.pk), str(cast.students.key.pk)
    )
    assert "/same/" not in text(cast.client("helper").get(f"/students/{cast.students.key.pk}/"))
    assert "是同一个孩子吗" in text(client.get(address))
    assert client.post(address, {"other": cast.students.far.pk, "verdict": "same"}).status_code == 404
    pair = Pair.objects.create(
        school=cast.school, student=cast.students.key, helper=cast.staff["helper"],
        starts_on=datetime.date(2026, 9, 7), confirmed_at=clock.now(),
    )  # fmt: skip
    client.post(address, {"other": twin.pk, "verdict": "same-other"})
    pair.refresh_from_db()
    assert (pair.ended_reason, pair.ends_on) == ("student_left", clock.today())
    cast.students.key.refresh_from_db()
    assert cast.students.key.status == "left"
    assert "只录了一次" in text(client.get(address))
