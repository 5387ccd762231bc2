import datetime
import io

import openpyxl

from tongxing.paper.documents.sheets import Column, Sheet, workbook

PAIRS = Sheet(
    name="结对帮扶登记表",
    title="和风镇中心初中结对帮扶登记表",
    note="数据截至 2026年11月23日",
    columns=(Column("学号", 12), Column("姓名", 10), Column("开始", 12), Column("人数", 6, "center")),
    rows=(
        ("0071", "阿依古丽·买买提", datetime.date(2026, 9, 21), 3),
        ("0072", "=HYPERLINK(1)", None, 0),
        ("0073", "𬱖䶮㛃", None, 1),
    ),
)


def read():
    return openpyxl.load_workbook(io.BytesIO(workbook(PAIRS))).active


def test_the_heading_row_is_frozen_and_repeats_in_print():
    sheet = read()
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
    assert [cell.value for cell in sheet[3]] == ["学号", "姓名", "开始", "人数"]


def test_leading_zeros_rare_characters_and_dates_survive():
    sheet = read()
    code, name, since, count = (cell.value for cell in sheet[4])
    assert (code, name, since.date(), count) == ("0071", "阿依古丽·买买提", datetime.date(2026, 9, 21), 3)
    assert sheet["B6"].value == "𬱖䶮㛃"


def test_no_cell_is_ever_a_formula():
    cell = read()["B5"]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")
