"""The monthly inspection, as a browser gets it; its files as a colleague opens them."""

import datetime
import io
import re
from uuid import uuid4

import docx
import openpyxl
import pytest
from django.urls import reverse
from tests.promised import talk

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration, Term
from tongxing.oversight.inspection.models import Finding, Inspection

pytestmark = pytest.mark.usefixtures("promised")


@pytest.fixture(autouse=True)
def since_september(promised):
    Registration.objects.update(recorded_at=promised.students.key.pairs.get().confirmed_at)


@pytest.fixture
def coordinator(cast):
    return cast.client("coordinator")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def opened(client) -> str:
    return client.post(reverse("inspection-open"), {"month": "2026-11"}).url


def asked(cast, client, **told):
    address = opened(client)
    client.post(f"{address}thanks/", {"thanks": "谢谢林老师，孩子愿意说话了。"})
    values = {
        "client_id": uuid4(),
        "item": "talk",
        "text": "第 11 周谈心请补记",
        "person": cast.staff["helper"].pk,
        "due_on": "2026-12-02",
    }
    return client.post(f"{address}findings/", values | told)


def test_a_month_is_opened_thanked_asked_looked_at_again_and_closed(cast, coordinator):
    assert "2026年11月" in text_of(coordinator.get(reverse("inspections")))
    address = opened(coordinator)
    page = text_of(coordinator.get(address))
    assert "2026年11月督查" in page and "先在上面写一句谢谢" in page
    assert page.index("先说声谢谢") < page.index("应做与实做") < page.index("整改建议 先在上面")
    assert asked(cast, coordinator).url == address
    found = Finding.objects.get()
    page = text_of(coordinator.get(address))
    assert "已提醒林岚老师" in page and "第 11 周谈心请补记" in page and "正在办" in page
    look = reverse("finding-look", args=[found.pk])
    assert coordinator.post(look, {"outcome": "done", "evidence": ""}).status_code == 422
    assert coordinator.post(f"{address}close/").status_code == 422
    coordinator.post(look, {"outcome": "done", "evidence": "记录已补齐"})
    coordinator.post(f"{address}close/")
    page = text_of(coordinator.get(address))
    assert "本月督查已结束" in page and "做到了，谢谢" in page
    assert "提一条整改建议" not in page and "结束本月督查 " not in page
    assert coordinator.post(f"{address}thanks/", {"thanks": "再写"}).status_code == 422


def test_every_frozen_figure_opens_its_records(cast, coordinator):
    talk(cast, happened_at=datetime.datetime(2026, 11, 10, 15, 0, tzinfo=clock.SCHOOL_TIME))
    page = coordinator.get(opened(coordinator)).content.decode()
    links = {
        link.replace("&amp;", "&") for link in re.findall(r'href="(/inspection/\d+/figures/[^"]+)"', page)
    }
    assert len(links) > 20
    for link in links:
        assert coordinator.get(link).status_code == 200, link
    done = next(link for link in links if "/talk.done/" in link and "class" not in link)
    assert "周晓禾" in text_of(coordinator.get(done))


def test_what_came_later_stands_beside_the_frozen_figure(cast, coordinator, at_school):
    address = opened(coordinator)
    at_school.move_to(datetime.datetime(2026, 11, 27, 9, 0, tzinfo=clock.SCHOOL_TIME))
    talk(
        cast,
        happened_at=datetime.datetime(2026, 11, 10, 15, 0, tzinfo=clock.SCHOOL_TIME),
        recorded_at=clock.now(),
    )
    page = text_of(coordinator.get(address))
    assert re.search(r"谈心（重点同学） 应做 5 实做 无记录 现在 1", page)
    frozen = coordinator.get(f"{address}figures/talk.done/")
    assert "周晓禾" not in text_of(frozen) and "背后没有记录" in text_of(frozen)


def test_the_colleague_sees_the_point_on_the_week_and_answers(cast, coordinator):
    asked(cast, coordinator)
    found = Finding.objects.get()
    helper = cast.client("helper")
    assert reverse("finding", args=[found.pk]) in helper.get(reverse("week")).content.decode()
    page = helper.get(reverse("finding", args=[found.pk]))
    assert text_of(page).index("谢谢林老师") < text_of(page).index("第 11 周谈心请补记")
    assert helper.post(reverse("finding", args=[found.pk]), {"evidence": " "}).status_code == 422
    helper.post(reverse("finding", args=[found.pk]), {"evidence": "今天补记了"})
    assert "看得见的：今天补记了" in text_of(coordinator.get(reverse("finding", args=[found.pk])))
    for role in ("class_teacher", "deputy", "other_teacher", "guardian", "outsider"):
        assert cast.client(role).get(reverse("finding", args=[found.pk])).status_code == 404
    assert helper.get(reverse("inspection", args=[found.inspection_id])).status_code == 403


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(cast, coordinator):
    response = asked(cast, coordinator, due_on="2026-11-01")
    assert response.status_code == 422
    assert "这一天已经过去" in text_of(response) and "第 11 周谈心请补记" in response.content.decode()
    assert asked(cast, coordinator, person=cast.staff["outsider"].pk).status_code == 422
    assert not Finding.objects.exists()
    for month in ("2026-12", "2026-05", "soon", ""):
        assert coordinator.post(reverse("inspection-open"), {"month": month}).status_code == 422
    assert Inspection.objects.count() == 1


def test_the_form_leaves_as_excel_and_word_in_its_customary_columns(cast, coordinator):
    talk(cast, happened_at=datetime.datetime(2026, 11, 10, 15, 0, tzinfo=clock.SCHOOL_TIME))
    asked(cast, coordinator)
    address = reverse("inspection", args=[Inspection.objects.get().pk])
    book = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{address}excel/").content))
    form, classes = book.worksheets
    rows = list(form.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("检查项", "应做", "实做", "问题与整改建议", "责任人", "整改期限", "复查")
    line = next(row for row in rows if row[0] == "谈心（重点同学）")
    assert line[1:5] == (5, 1, "第 11 周谈心请补记", "林岚")
    assert form["A2"].value.startswith("谢谢林老师") and "督查表" in form["A1"].value
    assert [row[0] for row in classes.iter_rows(min_row=4, values_only=True)] == ["初一(1)班", "初一(2)班"]
    word = docx.Document(io.BytesIO(coordinator.get(f"{address}word/").content))
    told = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert told.index("谢谢林老师") < told.index("应做与实做") < told.index("整改建议")
    assert {cell.text for table in word.tables for cell in table.columns[0].cells} >= {"谈心（重点同学）"}
    assert not any(name in told for name in ("周晓禾", "孟宇航"))
    kinds = [entry.detail["kind"] for entry in AuditEntry.objects.filter(action="document.make")]
    assert kinds == ["inspection.xlsx", "inspection.docx"]


@pytest.mark.parametrize(
    "role", ["deputy", "class_teacher", "helper", "counsellor", "outsider", "county_supervisor"]
)
def test_others_find_no_inspection(cast, coordinator, role):
    address = opened(coordinator)
    for page in (address, f"{address}excel/", f"{address}word/", f"{address}figures/registered/"):
        assert cast.client(role).get(page).status_code in {403, 404}


def test_a_school_without_a_term_is_told_what_to_do(cast, coordinator):
    Term.objects.filter(school=cast.school).update(school=cast.other_school)
    assert "还没有学期" in text_of(coordinator.get(reverse("inspections")))
