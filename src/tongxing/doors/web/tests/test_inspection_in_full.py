"""The whole way of an inspection as a browser gets it, with a refusal at each step."""

import datetime
import io
import re
from uuid import uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.promised import talk

from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Registration
from tongxing.oversight.inspection.models import Check, Finding, Proof, Sample, Stop

from .test_inspection import opened, text_of

pytestmark = pytest.mark.usefixtures("promised")


def at(month, day):
    return datetime.datetime(2026, month, day, 15, 0, tzinfo=clock.SCHOOL_TIME)


@pytest.fixture(autouse=True)
def since_september(promised):
    Registration.objects.update(recorded_at=promised.students.key.pairs.get().confirmed_at)


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def address(name, row):
    return reverse(name, args=[row.pk])


def planned(cast, client, **told):
    values = {
        "client_id": uuid4(), "kind": "class", "topic": "赠书题词", "school_class": cast.class_one.pk,
        "person": "", "goes": cast.staff["deputy"].pk, "planned_on": "2026-11-25",
    }  # fmt: skip
    return client.post(f"{reverse('inspection-plan')}?month=2026-11", values | told)


def plan_and_go(cast, office):
    """Who goes where, and what was seen."""
    assert cast.client("deputy").get(reverse("inspection-plan")).status_code == 403
    wrong = planned(cast, office, school_class="")
    assert wrong.status_code == 422 and "请选班级" in text_of(wrong) and "赠书题词" in wrong.content.decode()
    page = text_of(office.get(planned(cast, office).url))
    assert "赠书题词 已安排" in page and "裴青" in page
    stop, deputy = Stop.objects.get(), cast.client("deputy")
    assert address("inspection-stop", stop) in deputy.get(reverse("week")).content.decode()
    assert cast.client("helper").get(address("inspection-stop", stop)).status_code == 404
    early = deputy.post(address("inspection-stop", stop), {"happened_on": "2026-11-26", "seen": "27 本都有"})
    assert (
        early.status_code == 422
        and "这一天还没到" in text_of(early)
        and "27 本都有" in early.content.decode()
    )
    seen = {"happened_on": "2026-11-25", "asked": "5", "seen": "27 本书都有题词。"}
    assert deputy.post(address("inspection-stop", stop), seen).status_code == 302


def draw_and_look(cast, office, month):
    """The list, the word, the look."""
    deputy = cast.client("deputy")
    fix = f"{month}samples/"
    assert office.post(fix, {"client_id": uuid4(), "size": "99"}).status_code == 422
    assert deputy.post(fix, {"client_id": uuid4(), "size": "2"}).status_code == 403
    page = office.post(fix, {"client_id": uuid4(), "size": "2"}, follow=True)
    sample = Sample.objects.get()
    assert sample.fingerprint in page.content.decode() and "清单已经定下" in text_of(page)
    draw = address("inspection-sample-draw", sample)
    assert office.post(draw, {"word": "", "source": "县报"}).status_code == 422
    page = text_of(office.post(draw, {"word": "秋收起义", "source": "县报头版"}, follow=True))
    assert "词：“秋收起义”（县报头版）" in page and "周晓禾" in page
    assert office.post(draw, {"word": "别的词", "source": "县报"}).status_code == 422
    sheet = text_of(office.get(address("inspection-sample-sheet", sample)))
    assert "秋收起义" in sheet and "周晓禾" not in sheet
    check = Check.objects.first()
    told = {"against": "paper", "outcome": "differs", "words": "", "checked_on": "2026-11-25"}
    assert office.post(address("inspection-check", check), told).status_code == 422
    assert deputy.post(address("inspection-check", check), told).status_code == 403
    page = office.post(address("inspection-check", check), told | {"words": "纸上写的是周二"}, follow=True)
    assert "不一致" in text_of(page) and "纸上写的是周二" in text_of(page)


def ask_and_show(cast, office, month):
    """Thanks, a point, and the file that shows what was done."""
    point = {
        "client_id": uuid4(),
        "text": "补记三次谈心",
        "person": cast.staff["helper"].pk,
        "due_on": "2026-12-02",
    }
    assert office.post(f"{month}findings/", point).status_code == 422
    office.post(f"{month}thanks/", {"thanks": "谢谢每位老师。"})
    assert office.post(f"{month}findings/", point).status_code == 302
    finding, helper = Finding.objects.get(), cast.client("helper")
    file = SimpleUploadedFile("x.exe", b"MZ", "image/png")
    assert helper.post(address("finding-file", finding), {"label": "照片", "file": file}).status_code == 422
    file = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    helper.post(address("finding-file", finding), {"label": "台账照片", "file": file})
    kept = Proof.objects.get()
    assert office.get(address("proof", kept))["Content-Type"] == "image/jpeg"
    assert cast.client("class_teacher").get(address("proof", kept)).status_code == 404
    return finding


def open_the_paper(cast, office, month):
    """In Word and PDF, without a child’s name."""
    deputy = cast.client("deputy")
    word = docx.Document(io.BytesIO(office.get(f"{month}word/").content))
    told = "\n".join(one.text for one in word.paragraphs)
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert (
        "27 本书都有题词。" in cells and "按词“秋收起义”（县报头版）抽取 2 条：一致 0 条，不一致 1 条" in told
    )
    assert "后来补记：1 × 谈心" in told and "周晓禾" not in told + "".join(cells)
    assert office.get(f"{month}pdf/").content.startswith(b"%PDF")
    assert deputy.get(f"{month}pdf/").status_code == 403


def test_from_the_plan_to_the_closed_month_with_a_refusal_at_each_step(cast, office, at_school):
    for day in (3, 10):
        talk(cast, happened_at=at(11, day))
    plan_and_go(cast, office)
    assert office.post(reverse("inspection-open"), {"month": "2026-12"}).status_code == 422
    month = opened(office)
    page = text_of(office.get(month))
    assert "27 本书都有题词。" in page and "问了 5 名同学" in page
    draw_and_look(cast, office, month)
    finding, helper = ask_and_show(cast, office, month), cast.client("helper")
    assert office.post(f"{month}close/").status_code == 422
    look = address("finding-look", finding)
    assert helper.post(look, {"outcome": "done", "evidence": "好了"}).status_code == 403
    office.post(look, {"outcome": "not_yet", "evidence": "还差一次"})
    assert office.post(f"{month}close/").status_code == 302
    assert office.post(f"{month}samples/", {"client_id": uuid4(), "size": "2"}).status_code == 422
    at_school.move_to(at(12, 2))
    talk(cast, happened_at=at(11, 12), recorded_at=clock.now())
    page = text_of(office.get(month))
    assert "后来补记 1 × 谈心" in page
    page = text_of(office.get(f"{month}later/"))
    assert "周晓禾 · 谈心" in page and "11月12日" in page
    open_the_paper(cast, office, month)
    december = office.post(reverse("inspection-open"), {"month": "2026-12"}).url
    assert "补记三次谈心" in text_of(office.get(december)) and "上个月接着办" in text_of(office.get(december))


def test_a_stop_is_let_go_with_a_reason_and_put_back(cast, office):
    planned(cast, office, topic="看门口的橱窗")
    stop = Stop.objects.get()
    assert office.post(address("inspection-stop-end", stop), {"reason": ""}).status_code == 422
    page = office.post(address("inspection-stop-end", stop), {"reason": "停电"}, follow=True)
    assert 'name="back"' in page.content.decode() and "橱窗" not in text_of(page)
    office.post(address("inspection-stop-end", stop), {"back": "1"})
    stop.refresh_from_db()
    assert stop.ended_at is None


def test_whoever_writes_of_danger_is_told_where_to_raise_it(cast, office):
    planned(cast, office)
    seen = {"happened_on": "2026-11-25", "seen": "有同学说被打了，不敢回家"}
    page = office.post(address("inspection-stop", Stop.objects.get()), seen, follow=True)
    assert "请马上打开这名同学的页面" in text_of(page)


def test_a_file_is_taken_away_for_good_by_whoever_added_it(cast, office):
    month = opened(office)
    office.post(f"{month}thanks/", {"thanks": "谢谢。"})
    point = {"client_id": uuid4(), "text": "补记", "person": cast.staff["helper"].pk, "due_on": "2026-12-02"}
    office.post(f"{month}findings/", point)
    helper, finding = cast.client("helper"), Finding.objects.get()
    file = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    helper.post(address("finding-file", finding), {"label": "照片", "file": file})
    kept = Proof.objects.get()
    assert cast.client("class_teacher").post(address("proof-away", kept)).status_code == 404
    helper.post(address("proof-away", kept))
    assert helper.get(address("proof", kept)).status_code == 404


def test_the_page_of_a_month_keeps_its_queries(cast, office, django_assert_max_num_queries):
    month = opened(office)
    for number in range(6):
        planned(cast, office, topic=f"第 {number} 站")
        talk(cast, happened_at=at(11, 3), recorded_at=clock.now())
    assert re.search("第 5 站", text_of(office.get(month)))
    with django_assert_max_num_queries(60):
        office.get(month)
