"""Runs alone in a limited process: one spreadsheet file in, its cells as text out (JSON on standard output).

Knows nothing of the product, so that a file built to break parsers meets nothing worth breaking. Exit codes: 0 read,
3 cannot be read (the reason is a word on standard output).
"""

import csv
import datetime
import io
import json
import sys
import zipfile
from pathlib import Path

MEMORY = 1_500 * 1024 * 1024  # bytes of address space: 100,000 × 30 cells need about 400 MB
SECONDS = 9
MAX_INFLATED = 400 * 1024 * 1024  # an honest sheet of 200,000 rows inflates to about 150 MB
MAX_ROWS = 200_000
MAX_COLUMNS = 300
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


class Stop(Exception):
    """The file cannot be read; the argument is the reason's word."""


def limit() -> None:
    """Bound memory and time where the system can; elsewhere the parent's clock alone bounds it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def read(data: bytes) -> list[dict]:
    if not data.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise Stop("empty")
    if data.startswith(ZIP):
        check_inflated(data)
        return read_workbook(data)
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Stop("password")
        return read_workbook(data)
    head = data[:2000].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Stop("web-page")
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8", b"gif8", b"rar!", b"{\\rtf")):
        raise Stop("not-a-table")
    return [{"name": "", "rows": read_text(data)}]


def check_inflated(data: bytes) -> None:
    """The size that the container itself states, before anything is inflated."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise Stop("damaged") from error
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Stop("too-large")
    if not any(entry.filename.startswith(("xl/", "content.xml")) for entry in entries):
        raise Stop("not-a-table")


def read_workbook(data: bytes) -> list[dict]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                raise Stop("too-many-rows")
            rows = [[text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            sheets.append({"name": name, "rows": rows})
    except python_calamine.PasswordError as error:
        raise Stop("password") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Stop("damaged") from error
    return sheets


def text(cell: object) -> str:
    """A cell as a person reads it: 99003.0 is 99003; 18 digits that a spreadsheet rounded stay visibly rounded."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float | int):
        if abs(cell) >= 1e15:
            return f"{cell:.5E}"
        return str(int(cell)) if cell == int(cell) else format(cell, ".15g")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell).replace("\0", "").strip()


def read_text(data: bytes) -> list[list[str]]:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Stop("not-a-table")
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            content = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Stop("encoding")
    first = content.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(100_000)
    rows = []
    try:
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
            rows.append([text(cell) for cell in row])
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise Stop("too-many-rows")
    except csv.Error as error:
        raise Stop("damaged") from error
    return rows


def main(path: str) -> int:
    limit()
    try:
        result: object = read(Path(path).read_bytes())
        code = 0
    except Stop as stop:
        result, code = stop.args[0], 3
    except MemoryError:
        result, code = "too-large", 3
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the child writes to a pipe
    json.dump(result, sys.stdout, ensure_ascii=False)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
