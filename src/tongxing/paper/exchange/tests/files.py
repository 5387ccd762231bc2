"""Spreadsheets as schools hand them in, made on the spot."""

import io
from collections.abc import Sequence

import xlsxwriter

HEADINGS = (
    "学号",
    "姓名",
    "性别",
    "班级",
    "身份证号",
    "监护人1姓名",
    "监护人1关系",
    "监护人1电话",
    "是否留守儿童",
)
WEN = ("20260301", "温小满", "女", "初一（3）班", "", "温守田", "爷爷", "13900002222", "双亲留守")
ROSTER = (("和风镇中心初中学生名册",), HEADINGS, WEN, ("00012", "古丽努尔·艾山", "女", "初一(2)班"))


def xlsx(*sheets: Sequence[Sequence[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    page.write(line, column, value)
    return target.getvalue()


def csv(rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows).encode(encoding)
