import io

import openpyxl

from tongxing.ground.kernel.models import AuditEntry
from tongxing.paper.exchange.models import SheetMade

AGREED = {"purpose": "核对学籍", "use_until": "2026-12-20"}


def text(response) -> str:
    return response.content.decode()


def test_a_sheet_is_made_after_saying_what_for(cast):
    client = cast.client("coordinator")
    assert "学籍系统" in text(client.get("/export/"))
    assert "还没有人和您的系统核对过" in text(client.get("/export/xueji-students/"))
    assert client.post("/export/xueji-students/", {}).status_code == 422
    done = client.post(
        "/export/xueji-students/",
        AGREED | {"school_class": cast.class_one.pk, "approved_by": cast.users["head"].pk},
    )
    assert done["Cache-Control"] == "no-store"
    names = [row[1].value for row in openpyxl.load_workbook(io.BytesIO(done.content)).active]
    assert names == ["姓名", "周晓禾", "孟宇航"]
    assert AuditEntry.objects.filter(action="export.make").count() == 1
    assert client.get("/export/shoes/").status_code == 404


def test_the_columns_are_the_schools_to_change(cast):
    client, address = cast.client("head"), "/export/xueji-students/columns/"
    assert "学校标识码" in text(client.get(address))
    refused = client.post(address, {"text": "nonsense"})
    assert (refused.status_code, "对照文件不能用" in text(refused)) == (
        422,
        True,
    )
    own = 'name = "我们的表"\nverified = true\ncolumns = [{ heading = "孩子", field = "name" }]'
    client.post(address, {"text": own})
    shown = text(client.get("/export/xueji-students/"))
    assert "我们的表" in shown
    assert "还没有人和您的系统核对过" not in shown


def test_who_may_not_export_finds_no_such_page(cast):
    for role in ("deputy", "class_teacher", "helper"):
        assert cast.client(role).get("/export/").status_code == 403


def test_a_sheet_without_a_second_person_is_refused_beside_the_field(cast):
    client = cast.client("coordinator")
    refused = client.post("/export/xueji-students/", AGREED)
    assert refused.status_code == 422 and "id_approved_by-error" in text(refused)
    own = client.post("/export/xueji-students/", AGREED | {"approved_by": cast.users["coordinator"].pk})
    assert own.status_code == 422


def test_what_was_made_stands_on_the_list_until_it_is_deleted(cast):
    client = cast.client("coordinator")
    client.post("/export/xueji-students/", AGREED | {"approved_by": cast.users["head"].pk})
    made = SheetMade.objects.get()
    address = f"/export/made/{made.pk}/destroyed/"
    assert address in text(client.get("/export/"))
    assert client.post(address).status_code == 302
    assert SheetMade.objects.get().destroyed_at is not None
    client.post(address, {"back": "1"})
    assert SheetMade.objects.get().destroyed_at is None
    assert cast.client("outsider").post(address).status_code in (403, 404)
