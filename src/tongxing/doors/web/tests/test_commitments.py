"""What the school promises, in settings: looked at first, then kept."""

from uuid import uuid4

import pytest

from tongxing.care.programme import actions
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.versions import Terms
from tongxing.ground.kernel.actor import SYSTEM


def post(cast, role, path, **data):
    return cast.client(role).post(path, data)


def read(cast, role, path) -> str:
    return cast.client(role).get(path).content.decode()


def test_a_school_without_promises_is_offered_the_built_in_ones(cast):
    assert "就用这些开始" in read(cast, "coordinator", "/settings/commitments/")
    assert post(cast, "coordinator", "/settings/commitments/install/").status_code == 302
    page = read(cast, "coordinator", "/settings/commitments/")
    assert "六个一" in page and "三沟通" in page
    assert "重点同学 · 每个教学周 · 联系到：学生本人" in page


def asked(one: Commitment, **changes) -> dict:
    """What the form of a promise sends."""
    terms = Terms.of(one)
    said = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    return said | {"client_id": uuid4(), "starts_on": "", "reason": ""} | changes


@pytest.mark.usefixtures("promised")
def test_a_change_is_looked_at_first_and_then_kept(cast):
    one = Commitment.objects.get(code="talk")
    path = f"/settings/commitments/{one.pk}/"
    said = asked(one, every="weeks", n=2, reason="两周一次更从容")
    page = cast.client("head").get(path, said).content.decode()
    assert "每 2 个教学周一次" in page and "1 位同学" in page and "周晓禾" in page
    assert "9 次" in page and "5 次" in page
    assert Commitment.objects.filter(code="talk").count() == 1, "looking changes nothing"
    assert post(cast, "head", path, **said).status_code == 302
    page = read(cast, "head", "/settings/commitments/")
    assert "每 2 个教学周一次" in page and "11月30日" in page
    assert post(cast, "head", path, **said).status_code == 422, "the page is out of date now"
    new = Commitment.objects.get(code="talk", ends_on=None)
    history = read(cast, "head", f"/settings/commitments/{new.pk}/")
    assert "顾言" in history and "两周一次更从容" in history and "每个教学周" in history


@pytest.mark.usefixtures("promised")
def test_another_name_alone_is_shown_as_such_before_it_is_kept(cast):
    one = Commitment.objects.get(code="talk")
    path, said = f"/settings/commitments/{one.pk}/", asked(one, label="每周一谈")
    page = cast.client("head").get(path, said).content.decode()
    assert "只换名字，马上生效" in page and "每周一谈" in page
    assert post(cast, "head", path, **said).status_code == 302
    assert [str(one) for one in Commitment.objects.filter(code="talk")] == ["每周一谈"]


@pytest.mark.usefixtures("promised")
def test_a_promise_that_cannot_be_says_what_is_wrong(cast):
    one = Commitment.objects.get(code="talk")
    path = f"/settings/commitments/{one.pk}/"
    for said, words in (
        (asked(one, every="weeks", n=40), "请填 1 到 10 周"),
        (asked(one, topics=["book", "goal"]), "没有哪种记录能同时"),
        (asked(one, reached=["away_parent"]), "不是每位同学都有外出的家长"),
    ):
        for response in (cast.client("head").get(path, said), cast.client("head").post(path, said)):
            assert response.status_code == 422 and words in response.content.decode()
    assert Commitment.objects.filter(code="talk").count() == 1


@pytest.mark.usefixtures("promised")
def test_a_promise_of_the_schools_own_is_added_once(cast):
    one = Commitment.objects.get(code="visit")
    said = asked(one, label="看望", every="month", due_from=1)
    assert "看望" in cast.client("head").get("/settings/commitments/new/", said).content.decode()
    for _ in range(2):
        assert post(cast, "head", "/settings/commitments/new/", **said).status_code == 302
    assert Commitment.objects.filter(label_zh="看望").count() == 1
    assert "本校约定" in read(cast, "head", "/settings/commitments/")


@pytest.mark.usefixtures("promised")
def test_a_programme_is_looked_at_added_and_stopped_with_its_reason(cast):
    assert "四优先" in read(cast, "head", "/settings/commitments/")
    page = read(cast, "head", "/settings/programmes/four_first/")
    assert "安全优先" in page and "2 位同学" in page
    assert not Commitment.objects.filter(code="first_safety").exists()
    assert post(cast, "head", "/settings/programmes/four_first/").status_code == 302
    added = Commitment.objects.get(code="first_safety")
    assert "已经都有了" in read(cast, "head", "/settings/programmes/four_first/")
    path = f"/settings/programmes/{added.programme_id}/stop/"
    assert post(cast, "head", path, reason="").status_code == 422
    assert post(cast, "head", path, reason="与六个一重复").status_code == 302
    assert "与六个一重复" in read(cast, "head", "/settings/commitments/")
    assert cast.client("head").get("/settings/programmes/unknown/").status_code == 404


@pytest.mark.usefixtures("promised")
def test_a_promise_is_stopped_and_kept_again_and_a_stale_page_is_told(cast):
    one = Commitment.objects.get(code="book")
    path = f"/settings/commitments/{one.pk}/switch/"
    assert post(cast, "head", path, keep="0").status_code == 422, "without a reason"
    assert post(cast, "head", path, keep="0", reason="书已发完").status_code == 302
    assert post(cast, "head", path, keep="0", reason="书已发完").status_code == 422
    assert "书已发完" in read(cast, "head", "/settings/commitments/")
    assert post(cast, "head", path, keep="1").status_code == 302


def test_without_a_term_there_is_nothing_to_count_yet(cast):
    actions.install(SYSTEM, school=cast.school)
    one = Commitment.objects.get(code="talk")
    cast.term.delete()
    page = cast.client("head").get(f"/settings/commitments/{one.pk}/", asked(one, n=2, every="weeks"))
    assert page.status_code == 200 and "先设好校历" in page.content.decode()


@pytest.mark.usefixtures("promised")
def test_only_those_who_set_up_the_school_open_it(cast):
    one = Commitment.objects.get(code="talk")
    for role in ("helper", "class_teacher", "deputy", "counsellor", "guardian"):
        assert cast.client(role).get("/settings/commitments/").status_code == 403
        assert post(cast, role, f"/settings/commitments/{one.pk}/").status_code == 403
    assert post(cast, "outsider", f"/settings/commitments/{one.pk}/").status_code == 404
