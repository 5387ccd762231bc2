"""Word and Excel files as another office program loads them: without repair, on as many pages as promised (`make long`)."""

import datetime
import io
import os
import re
import shutil
import subprocess
from dataclasses import replace

import pypdf
import pytest
from django.utils import translation
from tools import chinese_fonts

from tongxing.paper.documents.content import Document, Head, Paragraph
from tongxing.paper.documents.form_file import form_file
from tongxing.paper.documents.forms import Form, Grid, boxes, line, long_line, signatures
from tongxing.paper.documents.pdf import pdf_file
from tongxing.paper.documents.sheets import Column, Sheet
from tongxing.paper.documents.table_file import table_file
from tongxing.paper.documents.template_fill import fill
from tongxing.paper.documents.word import word_file

from ..architecture.papers_examples import template_file

pytestmark = pytest.mark.long
NAME = "阿依古丽·买买提、𬱖䶮㛃"
FORM = Form(
    "谈心谈话记录", "和风镇中心初中",
    (
        line(("姓名", NAME), ("班级", "初一(3)班"), ("时间", "2026-11-03")),
        line(("走读/住校", boxes([(1, "走读"), (2, "住校")], 2)), ("地点", "操场边")),
        long_line("思想动态", "想学好英语，怕问问题。" * 30),
        long_line("改进方法", "每天十个单词，周五听写。" * 30),
        Grid("家庭成员", ("姓名", "关系", "年收入"), (3, 2, 4), (("周桂兰", "奶奶", "0"), ("周建军", "父亲", "30000"))),
        signatures(("签字", ""), ("日期", "")),
    ),
    "2026年11月3日打印",
)  # fmt: skip
LIST = Sheet(
    "结对", "和风镇中心初中结对帮扶登记表", "数据截至 2026年11月23日",
    (Column("学号", 12), Column("姓名", 16), Column("开始", 12), Column("人数", 6, "center")),
    tuple((f"{n:04}", NAME, datetime.date(2026, 9, 21), n) for n in range(10)),
)  # fmt: skip
LETTER = Document(
    "帮扶工作实施方案", (Paragraph("每位老师和一名同学结对，" + NAME + "。"),), issuer="和风镇中心初中",
    dated=datetime.date(2026, 11, 3), number="和中〔2026〕18号", head=Head("和风镇中心初中文件"), addressed_to="各班",
    copies_to="县教育局",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Loads a file and prints it to PDF, with the fonts that come along."""
    found = shutil.which("soffice")
    if not found:
        pytest.fail(
            "No LibreOffice found. On Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
        )
    folder = tmp_path_factory.mktemp("office")
    chinese_fonts.offer()

    def printed(file: bytes, kind: str) -> list[str]:
        source = folder / f"one.{kind}"
        source.write_bytes(file)
        command = [
            found,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        subprocess.run(
            [*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=300, env=os.environ
        )  # fmt: skip
        result = folder / "one.pdf"
        texts = [
            re.sub(r"\s", "", page.extract_text())
            for page in pypdf.PdfReader(io.BytesIO(result.read_bytes())).pages
        ]
        result.unlink()
        return texts

    return printed


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_is_one_page_with_rare_names(office, kind):
    (page,) = office(form_file(FORM, kind), kind)
    assert NAME in page and "改进方法" in page


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_register_takes_as_many_pages_as_its_pdf(office, kind):
    promised = len(pypdf.PdfReader(io.BytesIO(table_file("pdf", LIST))).pages)
    found = office(table_file(kind, LIST), kind)
    assert len(found) == promised and "学号" in found[0] and found[-1].count(NAME) == len(LIST.rows)


def test_a_paper_with_a_head_keeps_its_page_and_its_foot(office):
    (page,) = office(word_file(LETTER), "docx")
    assert len(pypdf.PdfReader(io.BytesIO(pdf_file(LETTER))).pages) == 1
    for words in ("和风镇中心初中文件", "和中〔2026〕18号", "各班：", "抄送：县教育局"):
        assert words in page
    assert len(office(word_file(replace(LETTER, head=None)), "docx")) == 1


def test_a_filled_template_loads(office):
    file = fill(
        template_file("{{姓名}}的家长", row=("{{姓名}}", "")), {}, [{"姓名": NAME}, {"姓名": "孟宇航"}]
    )
    (page,) = office(file, "docx")
    assert NAME in page and "孟宇航" in page
