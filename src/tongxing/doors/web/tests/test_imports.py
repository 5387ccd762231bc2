import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from tongxing.ground.people.models import Student
from tongxing.ground.people.pending import Pending
from tongxing.paper.exchange.models import ImportBatch
from tongxing.paper.exchange.tests.files import HEADINGS, ROSTER, WEN, xlsx

EVENTS = (("学号", "时间", "考勤类型"), ("S0001", "2026-11-23 07:50", "迟到"))


@pytest.fixture
def hand_in(cast):
    def hand_in(*contents, **said):
        files = [SimpleUploadedFile(f"名册{n}.xlsx", content) for n, content in enumerate(contents)]
        client = cast.client("coordinator")
        return client, client.post("/import/", {"uploads": files, **said}, follow=True)

    return hand_in


def text(response) -> str:
    return response.content.decode()


def test_files_are_looked_at_first_and_taken_over_by_a_second_step(hand_in):
    client, shown = hand_in(xlsx(ROSTER), xlsx(EVENTS))
    assert shown.status_code == 200
    assert "将新增或更新 3 行" in text(shown)
    assert not Student.objects.filter(code="20260301").exists()
    done = client.post(f"/import/{ImportBatch.objects.get().pk}/take-over/", follow=True)
    assert "已全部写入" in text(done)
    assert Student.objects.filter(code="20260301").exists()
    assert "名册0.xlsx" in text(client.get("/import/"))


def test_rows_to_correct_are_shown_with_their_line_and_downloadable(hand_in):
    client, shown = hand_in(xlsx((HEADINGS, WEN, ("=1+1", "方晓", "?", "初一(1)班"))))
    assert "要先改一改" in text(shown)
    assert "请写 男 或 女。" in text(shown)
    assert "take-over" not in text(shown)
    batch = ImportBatch.objects.get()
    listed = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/import/{batch.pk}/problems.xlsx").content)
    ).active
    assert [cell.value for cell in listed[2]][2:] == ["3", "性别", "?", "请写 男 或 女。"]
    plain = client.get(f"/import/{batch.pk}/problems.csv")
    assert plain.content.decode("utf-8-sig").count("请写 男 或 女。") == 1
    refused = client.post(f"/import/{batch.pk}/take-over/")
    assert (refused.status_code, "什么都没有写入" in text(refused)) == (422, True)


def test_a_sheet_that_is_not_understood_says_which_headings_were_read(hand_in):
    _client, shown = hand_in(xlsx((("菜名", "价格"), ("土豆", "3"))))
    assert "没认出表头（菜名、价格）" in text(shown)


def test_a_broken_file_gets_its_sentence(hand_in):
    _client, shown = hand_in(b"%PDF-1.7")
    assert "不是表格文件" in text(shown)
    assert not ImportBatch.objects.get().can_be_taken_over


def test_no_file_at_all_is_said_beside_the_field(cast):
    response = cast.client("coordinator").post("/import/", {})
    assert response.status_code == 422


def test_a_full_disk_leaves_nothing_and_says_so(hand_in, monkeypatch):
    client, _shown = hand_in(xlsx(ROSTER), xlsx(EVENTS))

    def full(*args, **kwargs):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(Pending, "write", full)
    response = client.post(f"/import/{ImportBatch.objects.get().pk}/take-over/")
    assert (response.status_code, "没能写入" in text(response)) == (422, True)
    assert not Student.objects.filter(code="20260301").exists()


def test_setting_aside_forgets_the_cells(hand_in):
    client, _shown = hand_in(xlsx(ROSTER))
    batch = ImportBatch.objects.get()
    client.post(f"/import/{batch.pk}/set-aside/")
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.content)) == ("discarded", b"")


def test_a_template_can_be_filled_and_handed_in(cast, hand_in):
    empty = cast.client("coordinator").get("/import/templates/students.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(empty.content))
    sheet.active["A2"], sheet.active["B2"], sheet.active["D2"] = "00077", "温小满", "初一(1)班"
    target = io.BytesIO()
    sheet.save(target)
    _client, shown = hand_in(target.getvalue())
    assert "将新增或更新 1 行" in text(shown)
    assert cast.client("coordinator").get("/import/templates/shoes.xlsx").status_code == 404
