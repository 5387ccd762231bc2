import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongxing.ground.people.models import Student
from tongxing.paper.exchange.models import ImportBatch, ImportProfile
from tongxing.paper.exchange.tests.files import HEADINGS, WEN, xlsx

STRANGE = (("甲", "乙", "丙", "丁"), ("20260301", "温小满", "女", "初一(3)班"))
CHOICE = {"kind": "students", "line": "0", "column-0": "code", "column-1": "name", "column-3": "class_name"}


@pytest.fixture
def hand_in(cast):
    def hand_in(content):
        client = cast.client("coordinator")
        client.post("/import/", {"uploads": SimpleUploadedFile("名册.xlsx", content)})
        return client, ImportBatch.objects.first()

    return hand_in


def text(response) -> str:
    return response.content.decode()


def test_an_unknown_sheet_leads_to_the_choice_of_its_columns(hand_in):
    client, batch = hand_in(xlsx(STRANGE))
    address = f"/import/{batch.pk}/sheets/0/"
    assert address in text(client.get(f"/import/{batch.pk}/"))
    shown = text(client.get(f"{address}?kind=students&line=0"))
    assert "温小满" in shown
    assert "还缺" not in shown
    assert "还缺" in text(client.get(f"{address}?kind=attendance&line=0"))
    done = client.post(address, {**CHOICE, "name": "学籍导出"}, follow=True)
    assert "已按您的选择读取" in text(done)
    assert "take-over" in text(done)
    assert "学籍导出" in text(client.get("/import/"))
    client.post(f"/import/{batch.pk}/take-over/")
    assert Student.objects.get(code="20260301").name == "温小满"


def test_where_nothing_was_recognised_the_page_says_so_and_leads_on(hand_in):
    client, batch = hand_in(xlsx(STRANGE))
    page = text(client.get(f"/import/{batch.pk}/"))
    assert "<h1>还没认出这是什么表</h1>" in page and "没有要改动的" not in page
    assert f'<a class="btn main" href="/import/{batch.pk}/sheets/0/">' in page
    client.post(f"/import/{batch.pk}/sheets/0/", {"kind": "", "line": "0"})
    assert "还没认出这是什么表" not in text(client.get(f"/import/{batch.pk}/"))


def test_what_the_cells_look_like_is_chosen_beforehand(hand_in):
    client, batch = hand_in(xlsx(STRANGE))
    page = text(client.get(f"/import/{batch.pk}/sheets/0/"))
    for code in ("code", "name", "sex", "class_name"):
        assert f'<option value="{code}" selected>' in page, code


def test_what_is_lacking_or_chosen_twice_is_said_and_the_choice_stays(hand_in):
    client, batch = hand_in(xlsx(STRANGE))
    address = f"/import/{batch.pk}/sheets/0/"
    lacking = client.post(address, {"kind": "students", "line": "0", "column-0": "code"})
    assert (lacking.status_code, "还缺" in text(lacking)) == (422, True)
    assert '<option value="code" selected>' in text(lacking)
    twice = client.post(address, {**CHOICE, "column-2": "name"})
    assert (twice.status_code, "选了两列" in text(twice)) == (422, True)
    assert client.get(f"/import/{batch.pk}/sheets/7/").status_code == 404
    assert client.post(address, {"kind": "shoes", "line": "0"}).status_code == 404


def test_a_remembered_sheet_can_be_forgotten(hand_in):
    client, batch = hand_in(xlsx(STRANGE))
    client.post(f"/import/{batch.pk}/sheets/0/", {**CHOICE, "name": "学籍导出"})
    client.post(f"/import/profiles/{ImportProfile.objects.get().pk}/forget/")
    assert not ImportProfile.objects.exists()


def test_rows_are_corrected_in_the_page_or_left_out(hand_in):
    rows = (HEADINGS, WEN, ("2", "温大满", "??", "初一(3)班"), ("3", "方晓", "女", "飞行班"))
    client, batch = hand_in(xlsx(rows))
    address = f"/import/{batch.pk}/rows/"
    shown = text(client.get(address))
    assert "温大满" in shown
    assert 'value="??"' in shown
    assert "13900002222" not in shown
    left = client.post(
        address, {"cell|0|2|sex": "男", "cell|0|3|class_name": "飞行班", "shown|0|3": ""}, follow=True
    )
    assert "还剩 1 行" in text(left)
    done = client.post(address, {"shown|0|3": "", "out|0|3": "on"}, follow=True)
    assert "每一行都没问题了" in text(done)
    client.post(f"/import/{batch.pk}/take-over/")
    assert Student.objects.get(code="2").sex == "male"
    assert not Student.objects.filter(code="3").exists()


def test_a_hidden_cell_is_kept_written_anew_or_emptied(hand_in):
    client, batch = hand_in(xlsx((HEADINGS, (*WEN[:4], "320106201307041230", *WEN[5:]))))
    address = f"/import/{batch.pk}/rows/"
    assert "320106201307041230" not in text(client.get(address))
    client.post(address, {"cell|0|1|id_number": ""})
    batch.refresh_from_db()
    assert batch.problem_count == 1
    client.post(address, {"cell|0|1|id_number": "-"})
    batch.refresh_from_db()
    assert batch.problem_count == 0


def test_a_decided_import_is_no_longer_corrected(hand_in):
    client, batch = hand_in(xlsx((HEADINGS, WEN)))
    client.post(f"/import/{batch.pk}/take-over/")
    assert client.get(f"/import/{batch.pk}/rows/").status_code == 422
    assert client.post(f"/import/{batch.pk}/sheets/0/", CHOICE).status_code == 422


def test_children_who_may_be_on_record_are_asked_about_one_by_one_or_all_together(cast, hand_in):
    rows = (HEADINGS[:4], ("71", "周晓禾", "女", "初一(1)班"), ("72", "孟宇航", "男", "初一(1)班"))
    rows += (("73", "苏苗苗", "女", "初一(2)班"), ("74", "方晓", "女", "初一(2)班"))
    client, batch = hand_in(xlsx(rows))
    address = f"/import/{batch.pk}/rows/"
    assert "是同一个孩子吗" in text(client.get(address))
    client.post(address, {"cell|0|1|same_as": "S0001", "cell|0|2|same_as": "-"})
    batch.refresh_from_db()
    assert batch.problem_count == 1
    client.post(address, {"all-different": "1"})
    batch.refresh_from_db()
    assert batch.problem_count == 0
    client.post(f"/import/{batch.pk}/take-over/")
    assert set(Student.objects.filter(code__startswith="7").values_list("code", flat=True)) == {
        "72",
        "73",
        "74",
    }
