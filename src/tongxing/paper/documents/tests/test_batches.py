"""What is made at once and in other formats: the volume of files, forms as Excel, registers as PDF and Word."""

import dataclasses
import datetime
import io
from uuid import uuid4

import docx
import openpyxl
import pypdf
import pytest
from django.utils import translation
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promised import talk

from tongxing.care.profiles.actions import note_trait
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance
from tongxing.paper.documents import actions
from tongxing.paper.documents.dossier import volume_file
from tongxing.paper.documents.form_excel import form_excel
from tongxing.paper.documents.forms import Form, Grid, boxes, line, long_line, signatures
from tongxing.paper.documents.sheets import Column, Sheet
from tongxing.paper.documents.table_file import letters, table_file

from .test_files import NAME, dossier

FORM = Form(
    "谈心谈话记录",
    "和风镇中心初中",
    (
        line(("姓名", NAME), ("班级", "初一(3)班"), ("时间", "2026-11-03")),
        line(("走读/住校", boxes([(1, "走读"), (2, "住校")], 2)), ("电话", "=1+1")),
        long_line("思想动态", "想学好英语。\n怕问问题。"),
        Grid("家庭成员", ("姓名", "关系", "年收入"), (3, 2, 4), (("周桂兰", "奶奶", "0"), ("周建军", "父亲", "30000"))),
        signatures(("签字", "")),
    ),
    "2026年11月3日打印",
)  # fmt: skip
LIST = Sheet(
    "结对", "和风镇中心初中结对帮扶登记表", "数据截至 2026年11月23日",
    (Column("学号", 12), Column("姓名", 10), Column("开始", 12), Column("人数", 6, "center")),
    (("0071", NAME, datetime.date(2026, 9, 21), 3), ("0072", "孟宇航", None, 0)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def pages(file):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages]


def sheet_of(file):
    return openpyxl.load_workbook(io.BytesIO(file)).active


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value]


def test_a_form_as_excel_holds_every_label_and_every_answer():
    found = texts_of(sheet_of(form_excel(FORM)))
    for cell in FORM.cells:
        assert cell.label in found
        assert not cell.text or cell.text in found or f"'{cell.text}" in found
    assert {"家庭成员", "年收入", "周建军", "30000"} <= set(found)


def test_a_form_as_excel_is_one_page_to_print_and_no_cell_is_a_formula():
    sheet = sheet_of(form_excel(FORM))
    assert sheet.page_setup.paperSize == 9 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert "'=1+1" in texts_of(sheet)


@given(
    st.lists(
        st.one_of(
            st.integers(1, 3).map(lambda n: line(*[(f"项{k}", "字") for k in range(n)])),
            st.lists(st.integers(1, 13), min_size=1, max_size=6).map(
                lambda shares: Grid(
                    "表", tuple(map(str, shares)), tuple(shares), (tuple("字" * len(shares)),)
                )
            ),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=25, deadline=None)
def test_cells_of_any_form_as_excel_never_overlap_and_reach_the_edge(parts):
    sheet = sheet_of(form_excel(Form("表", "", tuple(parts), "")))
    taken, last = set(), sheet.max_column
    for merged in sheet.merged_cells.ranges:
        cells = {(row, column) for row, column in merged.cells}
        assert not cells & taken
        taken |= cells
    alone = {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value} - taken
    for row in range(3, sheet.max_row + 1):
        assert sum(1 for one in taken | alone if one[0] == row) == last


def test_a_register_says_the_same_as_excel_pdf_and_word():
    excel = texts_of(sheet_of(table_file("xlsx", LIST)))
    printed = "".join(pages(table_file("pdf", LIST)))
    word = docx.Document(io.BytesIO(table_file("docx", LIST)))
    cells = [cell.text for row in word.tables[0].rows for cell in row.cells]
    for text in (LIST.title, "学号", "0071", NAME, "孟宇航"):
        assert text in excel and text in printed
    assert cells[:4] == ["学号", "姓名", "开始", "人数"] and cells[4:8] == ["0071", NAME, "2026-09-21", "3"]
    assert "2026-09-21" in printed


def test_a_register_on_paper_repeats_its_header_and_lies_on_its_side():
    long = dataclasses.replace(LIST, rows=LIST.rows * 60)
    found = pages(table_file("pdf", long))
    assert len(found) > 1 and all("学号" in page for page in found)
    word = docx.Document(io.BytesIO(table_file("docx", long)))
    section = word.sections[0]
    assert section.page_width > section.page_height
    assert word.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_register_with_many_columns_is_set_in_smaller_letters_down_to_seven_points():
    wide = dataclasses.replace(LIST, columns=tuple(Column(str(n), 30) for n in range(10)))
    assert letters(LIST) == 9 and letters(wide) == 7


def test_a_volume_has_a_cover_contents_with_the_right_pages_and_one_page_for_each_child():
    files = [dataclasses.replace(dossier(3), name=f"同学{n:02}") for n in range(66)]
    found = pages(volume_file(files, "受帮扶学生档案"))
    first = next(number for number, page in enumerate(found) if "重点，2026-09-14起" in page)
    assert len(found) == first + 66
    assert "受帮扶学生档案" in found[0] and "66" in found[0]
    contents = "\n".join(found[1:first])
    for place, number in enumerate(range(first, first + 66)):
        name = f"同学{place:02}"
        assert name in found[number] and f"{number + 1} / {len(found)}" in found[number]
        after = contents.split(name, 1)[1].split("同学", 1)[0]
        assert str(number + 1) in after


@pytest.fixture
def registered(promised, cast):
    talk(cast)
    return cast


def test_the_volume_holds_everyone_on_the_register_by_class_and_leaves_a_row_with_the_purpose(registered):
    file = actions.dossier_volume(registered.actor("head"), term=registered.term, purpose="迎接检查")
    text = "".join(pages(file))
    assert "周晓禾" in text and "孟宇航" in text and "苏苗苗" not in text
    entry = AuditEntry.objects.latest("pk")
    assert entry.purpose == "迎接检查" and entry.detail["kind"] == "volume" and entry.detail["rows"] == 2
    assert "周晓禾" not in str(entry.detail)


def test_a_volume_of_a_class_holds_that_class_alone(registered):
    head, term = registered.actor("head"), registered.term
    one = actions.dossier_volume(head, term=term, purpose="家长会", school_class=registered.class_one)
    assert "周晓禾" in "".join(pages(one))
    with pytest.raises(Refused) as refused:
        actions.dossier_volume(head, term=term, purpose="家长会", school_class=registered.class_two)
    assert refused.value.field == "school_class"


def test_the_volume_knows_neither_hardship_nor_numbers_in_full(registered):
    student = registered.students.key
    Circumstance.objects.create(school=registered.school, student=student, category="minimum_living")
    note_trait(registered.actor("helper"), student=student, kind="talent", words="剪纸", client_id=uuid4())
    text = "".join(
        pages(actions.dossier_volume(registered.actor("head"), term=registered.term, purpose="检查"))
    )
    assert "低保" not in text and "13900001111" not in text and "139****1111" in text and "剪纸" in text


@pytest.mark.parametrize("who", ["helper", "class_teacher", "counsellor", "outsider"])
def test_only_whoever_makes_documents_makes_a_volume(registered, who):
    with pytest.raises(NotAllowed):
        actions.dossier_volume(registered.actor(who), term=registered.term, purpose="检查")


def test_a_volume_needs_a_purpose(registered):
    with pytest.raises(Refused) as refused:
        actions.dossier_volume(registered.actor("head"), term=registered.term, purpose=" ")
    assert refused.value.field == "purpose"


def test_the_pairing_table_is_made_in_three_formats_and_no_other(registered):
    head, term = registered.actor("head"), registered.term
    for kind in ("pdf", "docx", "xlsx"):
        assert actions.pairing_table(head, term=term, purpose="存档", kind=kind)
    with pytest.raises(Refused):
        actions.pairing_table(head, term=term, purpose="存档", kind="exe")
