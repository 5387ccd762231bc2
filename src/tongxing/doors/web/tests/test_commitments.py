"""What the school promises, in settings; what rests for one student."""

import pytest

from tongxing.care.programme.models import Commitment, Exemption
from tongxing.ground.kernel import clock


def post(cast, role, path, **data):
    return cast.client(role).post(path, data)


def read(cast, role, path) -> str:
    return cast.client(role).get(path).content.decode()


def test_a_school_without_promises_is_offered_the_built_in_ones(cast):
    assert "用这两套开始" in read(cast, "coordinator", "/settings/commitments/")
    assert post(cast, "coordinator", "/settings/commitments/install/").status_code == 302
    page = read(cast, "coordinator", "/settings/commitments/")
    assert "六个一" in page and "三沟通" in page
    assert "重点同学 · 每个教学周 · 联系到：学生本人" in page


@pytest.mark.usefixtures("promised")
def test_a_rhythm_is_changed_from_next_week_on(cast):
    one = Commitment.objects.get(code="talk")
    path = f"/settings/commitments/{one.pk}/"
    response = post(cast, "head", path, **{"talk-every": "weeks", "talk-n": 2, "talk-due_from": 1})
    assert response.status_code == 302
    page = read(cast, "head", "/settings/commitments/")
    assert "每 2 个教学周一次" in page and "11月30日" in page


@pytest.mark.usefixtures("promised")
def test_a_rhythm_that_cannot_be_says_what_is_wrong(cast):
    one = Commitment.objects.get(code="talk")
    response = post(
        cast,
        "head",
        f"/settings/commitments/{one.pk}/",
        **{"talk-every": "weeks", "talk-n": 40, "talk-due_from": 1},
    )
    assert response.status_code == 422 and "请填 1 到 10 周" in response.content.decode()


@pytest.mark.usefixtures("promised")
def test_a_promise_is_stopped_and_kept_again_and_a_stale_page_is_told(cast):
    one = Commitment.objects.get(code="book")
    path = f"/settings/commitments/{one.pk}/switch/"
    assert post(cast, "head", path, keep="0").status_code == 302
    assert post(cast, "head", path, keep="0").status_code == 422
    assert "未执行" in read(cast, "head", "/settings/commitments/")
    assert post(cast, "head", path, keep="1").status_code == 302


@pytest.mark.usefixtures("promised")
def test_only_those_who_set_up_the_school_open_it(cast):
    one = Commitment.objects.get(code="talk")
    for role in ("helper", "class_teacher", "deputy", "counsellor", "guardian"):
        assert cast.client(role).get("/settings/commitments/").status_code == 403
        assert post(cast, role, f"/settings/commitments/{one.pk}/").status_code == 403
    assert post(cast, "outsider", f"/settings/commitments/{one.pk}/").status_code == 404


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
