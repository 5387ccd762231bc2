import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import parse_child, reader
from tongxing.paper.exchange.reader import read

from .files import HEADINGS, ROSTER, csv, xlsx

ROWS = [["学号", "姓名"], ["00012", "周晓禾"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_are_read_in_every_usual_writing(encoding, delimiter):
    assert read("a.csv", csv(ROWS, encoding, delimiter))[0].rows == ROWS


def test_the_content_says_what_a_file_is_not_its_name():
    assert read("名册.xls", xlsx(ROWS))[0].rows == ROWS
    assert read("名册.xlsx", csv(ROWS))[0].rows == ROWS


def test_numbers_that_are_names_come_out_as_they_were_written():
    rows = read("a.xlsx", xlsx([[99003, "00012", 79.5, 330227200101011234, True]]))[0].rows
    assert rows == [["99003", "00012", "79.5", "3.30227E+17", "1"]]


def test_old_workbooks_are_read_too():
    content = Path(__file__).with_name("roster.xls").read_bytes()
    rows = read("名册.xls", content)[0].rows
    assert rows[1] == list(HEADINGS)
    assert [row[0] for row in rows[2:]] == ["20260301", "00012", "330227200101011234", "99003"]


def test_signs_that_no_database_takes_are_dropped():
    assert parse_child.text("周\0晓禾 ") == "周晓禾"


def test_lines_keep_their_numbers_when_empty_ones_stand_above():
    assert read("a.xlsx", xlsx([[], [], ["学号"]]))[0].rows[2] == ["学号"]


def bomb() -> bytes:
    """An archive that states to inflate to more than the limit."""
    content = xlsx(ROSTER)
    size = content.index(b"PK\x01\x02") + 24
    return content[:size] + (parse_child.MAX_INFLATED + 1).to_bytes(4, "little") + content[size + 4 :]


def word_file() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return target.getvalue()


BAD = {
    "empty": (b"", "is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf\r\n", "is empty"),
    "a sheet without cells": (xlsx([]), "is empty"),
    "cut off": (xlsx(ROSTER)[:400], "is damaged"),
    "inflates beyond measure": (bomb(), "is too large"),
    "a Word file": (word_file(), "is no spreadsheet"),
    "an old Word file": (parse_child.OLE + os.urandom(3000), "is damaged"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + os.urandom(300), "is no spreadsheet"),
    "a PDF": (b"%PDF-1.7 ", "is no spreadsheet"),
    "a web page called xls": (b"<html><table><tr><td>1</table>", "is a web page"),
    "with a password": (parse_child.OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
    "too many columns": (csv([["1"] * 400]), "columns"),
    "above the limit": (b"1" * (reader.MAX_BYTES + 1), "is too large"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_a_clear_sentence_at_once(kind, english):
    content, words = BAD[kind]
    begun = time.perf_counter()
    with pytest.raises(Refused, match=words) as refusal:
        read("名册.xlsx", content)
    assert "名册.xlsx" in refusal.value.message
    assert time.perf_counter() - begun < 10


def test_what_takes_too_long_is_ended(english):
    with pytest.raises(Refused, match="too long"):
        read("a.csv", csv(ROWS), seconds=0.001)


def test_a_system_without_limits_reads_too(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "resource", None)
    parse_child.limit()
    assert parse_child.read(csv(ROWS))[0]["rows"] == ROWS


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_parser_otherwise_than_with_a_reason(data):
    try:
        parse_child.read(data)
    except parse_child.Stop as stop:
        assert stop.args[0] in reader.REASONS


@given(st.integers(0, 10**14))
def test_whole_numbers_lose_nothing(number):
    assert parse_child.text(float(number)) == str(number)
