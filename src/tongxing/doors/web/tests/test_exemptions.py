"""What rests for one student, by whom and until when."""

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
