import io

import openpyxl

from tongxing.ground.kernel.models import AuditEntry


def text(response) -> str:
    return response.content.decode()


def test_a_sheet_is_made_after_saying_what_for(cast):
    client = cast.client("coordinator")
    assert "学籍系统" in text(client.get("/export/"))
    assert "还没有人和您的系统核对过" in text(client.get("/export/xueji-students/"))
    assert client.post("/export/xueji-students/", {}).status_code == 422
    done = client.post("/export/xueji-students/", {"purpose": "核对学籍", "school_class": cast.class_one.pk})
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
