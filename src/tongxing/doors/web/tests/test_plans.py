"""The page of a student's own plan: looked at first, then kept, with reason and review date."""

from uuid import uuid4

import pytest

from tongxing.care.programme.models import Commitment, PlanItem
from tongxing.care.programme.versions import Terms

pytestmark = pytest.mark.usefixtures("promised")


def asked(code="talk", **changes) -> dict:
    """What the form sends for a promise of the school."""
    terms = Terms.of(Commitment.objects.get(code=code, ends_on=None))
    said = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    more = {"client_id": uuid4(), "how": "differently", "review_on": "2027-01-04", "after": ""}
    return said | more | {"starts_on": "", "reason": "住在镇上姑姑家"} | changes


def read(cast, role, path, data=None) -> str:
    return cast.client(role).get(path, data).content.decode()


def test_the_class_teacher_looks_first_then_keeps_and_the_students_page_tells(cast):
    path = f"/students/{cast.students.key.pk}/plan/"
    client = cast.client("class_teacher")
    assert "谈心" in read(cast, "class_teacher", path)
    said = asked(every="weeks", n=2)
    page = read(cast, "class_teacher", f"{path}talk/", said)
    assert "9 次" in page and "5 次" in page and not PlanItem.objects.exists()
    assert client.post(f"{path}talk/", said).status_code == 302
    assert client.post(f"{path}talk/", said).status_code == 422, "the page is out of date"
    page = read(cast, "class_teacher", path)
    assert "与大家不同" in page and "住在镇上姑姑家" in page and "每个教学周" in page
    student = read(cast, "helper", f"/students/{cast.students.key.pk}/")
    assert "住在镇上姑姑家" in student and "1月4日" in student and "/plan/" not in student
    item = PlanItem.objects.get()
    assert client.post(f"{path}{item.pk}/end/", {"reason": ""}).status_code == 422
    assert client.post(f"{path}{item.pk}/end/", {"reason": "回奶奶家住了"}).status_code == 302
    assert "回奶奶家住了" in read(cast, "class_teacher", path)


def test_a_promise_is_left_out_for_one_student(cast):
    path = f"/students/{cast.students.key.pk}/plan/visit/"
    said = asked("visit", how="never", reason="奶奶希望先不上门")
    page = read(cast, "class_teacher", path, said)
    assert "不要求" in page or "未执行" in page
    assert cast.client("class_teacher").post(path, said).status_code == 302
    assert PlanItem.objects.get().every == "never"
    assert 'value="never"' in read(cast, "class_teacher", path)


def test_one_more_promise_is_added_once(cast):
    path = f"/students/{cast.students.key.pk}/plan/add/"
    said = asked(label="晚自习辅导", topics=["tutoring"], reached=[], channels=[])
    assert "晚自习辅导" in read(cast, "head", path, said)
    for _ in range(2):
        assert cast.client("head").post(path, said).status_code == 302
    assert PlanItem.objects.get().label_zh == "晚自习辅导"


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"review_on": ""}, {"review_on": "2026-11-01"}, {"topics": ["book", "goal"]}]
)
def test_a_plan_that_cannot_be_keeps_the_form(cast, wrong):
    path = f"/students/{cast.students.key.pk}/plan/talk/"
    assert cast.client("class_teacher").post(path, asked(**wrong)).status_code == 422
    assert not PlanItem.objects.exists()


def test_a_promise_that_does_not_concern_the_student_has_no_page(cast):
    path = f"/students/{cast.students.key.pk}/plan/talk_others/"
    assert cast.client("head").get(path).status_code == 404


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
def test_nobody_else_opens_the_plan(cast, role, status):
    path = f"/students/{cast.students.key.pk}/plan/"
    for address in (path, f"{path}talk/", f"{path}add/"):
        assert cast.client(role).get(address).status_code == status
        assert cast.client(role).post(address, asked()).status_code in {status, 405}
