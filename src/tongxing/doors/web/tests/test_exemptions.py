"""What rests for one student, by whom and until when."""

from uuid import uuid4

import pytest

from tongxing.care.programme.models import Exemption
from tongxing.ground.kernel import clock


def post(cast, role, path, **data):
    return cast.client(role).post(path, data)


def read(cast, role, path) -> str:
    return cast.client(role).get(path).content.decode()


@pytest.mark.usefixtures("promised")
def test_a_class_teacher_notes_a_family_that_refuses_and_ends_it(cast):
    path = f"/students/{cast.students.key.pk}/exempt/"
    assert "暂时不用做的事" in read(cast, "class_teacher", path)
    data = {"commitment": "visit", "starts_on": "2026-11-25", "until": "", "reason": "奶奶希望本学期先不上门"}
    assert post(cast, "class_teacher", path, **data).status_code == 302
    found = Exemption.objects.get()
    assert (found.commitment, found.until, found.starts_on) == ("visit", None, clock.today())
    assert "奶奶希望本学期先不上门" in read(cast, "class_teacher", path)
    assert post(cast, "class_teacher", f"{path}{found.pk}/end/").status_code == 302
    assert post(cast, "class_teacher", f"{path}{found.pk}/end/").status_code == 422


@pytest.mark.usefixtures("promised")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"starts_on": "2026-11-25", "until": "2026-11-01", "reason": "住院", "commitment": "everything"},
            "最后一天",
        ),
        ({"starts_on": "2026-11-25", "reason": "", "commitment": "everything"}, "必填"),
        ({"starts_on": "2026-11-25", "reason": "住院", "commitment": "nothing"}, "nothing"),
    ],
)
def test_an_exemption_that_cannot_be_keeps_the_form(cast, data, words):
    response = post(cast, "class_teacher", f"/students/{cast.students.key.pk}/exempt/", **data)
    assert response.status_code == 422 and words in response.content.decode()
    assert not Exemption.objects.exists()


@pytest.mark.usefixtures("promised")
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("helper", 403),
        ("counsellor", 403),
        ("other_class_teacher", 404),
        ("outsider", 404),
        ("guardian", 403),
    ],
)
def test_nobody_excuses_themselves_nor_students_of_others(cast, role, status):
    path = f"/students/{cast.students.key.pk}/exempt/"
    assert cast.client(role).get(path).status_code == status
    assert post(cast, role, path, starts_on="2026-11-25", reason="忙").status_code == status


@pytest.mark.usefixtures("promised")
def test_a_class_teacher_lets_an_exam_week_rest_for_the_class_and_takes_it_back(cast):
    data = {
        "client_id": uuid4(),
        "school_class": cast.class_one.pk,
        "commitment": "everything",
        "starts_on": "2026-11-23",
        "until": "2026-11-27",
        "reason": "全班外出研学",
    }
    assert ">全校<" not in read(cast, "class_teacher", "/exemptions/")
    assert post(cast, "class_teacher", "/exemptions/", **(data | {"until": ""})).status_code == 422
    assert post(cast, "class_teacher", "/exemptions/", **(data | {"school_class": ""})).status_code == 422
    assert post(cast, "other_class_teacher", "/exemptions/", **data).status_code == 422
    assert post(cast, "class_teacher", "/exemptions/", **data).status_code == 302
    page = read(cast, "class_teacher", "/exemptions/")
    assert "全班外出研学" in page and "2 位同学" in page
    assert "全班外出研学" not in read(cast, "other_class_teacher", "/exemptions/")
    path = f"/exemptions/{data['client_id']}/end/"
    assert post(cast, "other_class_teacher", path).status_code in {403, 422}
    assert post(cast, "class_teacher", path).status_code == 302
    assert post(cast, "class_teacher", path).status_code == 422


@pytest.mark.usefixtures("promised")
def test_the_head_lets_it_rest_for_the_whole_school(cast):
    data = {"client_id": uuid4(), "commitment": "talk", "starts_on": "2026-11-23", "until": "2026-11-27"}
    assert ">全校<" in read(cast, "head", "/exemptions/")
    assert post(cast, "head", "/exemptions/", reason="全校运动会", school_class="", **data).status_code == 302
    assert Exemption.objects.filter(commitment="talk").count() == 2
    for role in ("helper", "counsellor", "guardian"):
        assert cast.client(role).get("/exemptions/").status_code == 403
