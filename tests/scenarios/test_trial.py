"""`tongxing try`: a folder of spreadsheets becomes a report and four documents, and nothing else is left behind."""

import argparse
import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from tongxing.doors.cli import trial

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "real-school"
PROFILE = ROOT / "examples" / "profiles" / "competition-school.toml"
NAMES = ("周晓禾", "孟宇航", "苏苗苗", "何一帆", "温小满", "古丽努尔·艾山", "黎星辰", "罗瑞霖")
STAFF = ("顾言", "石磊", "林岚", "唐雨")


def sheet(path: Path, *rows: tuple) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)


@pytest.fixture
def folder(tmp_path):
    """A small school as offices keep it: a class list, who teaches what, a mid-term exam."""
    files = tmp_path / "files"
    files.mkdir()
    students = [
        (f"2026{n:04}", name, "女", f"初一({n % 2 + 1})班") for n, name in enumerate(NAMES * 3, start=1)
    ]
    sheet(files / "学生名册.xlsx", ("学号", "姓名", "性别", "班级"), *students)
    lessons = [
        (f"T{n:02}", name, f"初一({n % 2 + 1})班", subject)
        for n, (name, subject) in enumerate(
            zip(STAFF, ("语文", "数学", "英语", "数学"), strict=True), start=1
        )
    ]
    sheet(files / "教职工.xlsx", ("工号", "姓名"), *(lesson[:2] for lesson in lessons))
    sheet(files / "任课表.xlsx", ("工号", "姓名", "班级", "科目"), *lessons)
    marks = [
        (code, name, "2026-11-12", 41 if n % 8 == 0 else 82, 45 if n % 8 == 0 else 90)
        for n, (code, name, _sex, _class) in enumerate(students)
    ]
    sheet(files / "期中成绩.xlsx", ("学号", "姓名", "考试日期", "语文", "数学"), *marks)
    (files / "说明.md").write_text("not a spreadsheet")
    return files


def try_it(folder: Path, out: Path, *more: object) -> subprocess.CompletedProcess:
    """As a person runs it: a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TONGXING_", "DJANGO_"))}
    scratch = out.parent / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tongxing.doors.cli", "try", *map(str, (folder, "--out", out, *more))],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert list(scratch.iterdir()) == [], "the database is still there"
    return done


def text_of(document: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(document)).paragraphs)


def test_a_folder_becomes_a_report_and_documents(folder, tmp_path):
    out = tmp_path / "out"
    done = try_it(folder, out, "--as-of", "2026-11-25")
    assert done.returncode == 0, done.stderr
    assert "Proposing a helper for everyone …" in done.stdout
    report = json.loads((out / "report.json").read_text("utf-8"))
    told = {
        name: report[name] for name in ("students", "enrolled", "classes", "unassigned", "staff", "teaching")
    }
    assert told == {
        "students": 24, "enrolled": 24, "classes": 2, "unassigned": 0, "staff": 4, "teaching": 4,
    }  # fmt: skip
    assert (report["scores"], report["screened"], report["registered"]) == (48, 24, 3)
    assert report["candidates_by_reason"]["failed_subjects"] == 3
    assert (report["pairs_proposed"], report["unpaired"]) == (3, 0)
    assert report["obligations_week_1"] == sum(report["obligations_week_1_by_commitment"].values()) > 0
    assert set(report["seconds"]) >= {"import", "screening", "pairing", "documents", "total"}
    assert sorted(path.name for path in out.iterdir()) == sorted([*report["documents"], "report.json"])


def test_the_documents_open_and_name_no_pair_that_nobody_confirmed(folder, tmp_path):
    out = tmp_path / "out"
    assert try_it(folder, out, "--as-of", "2026-11-25").returncode == 0
    assert "登记需要帮扶的学生3人" in text_of(out / "summary.docx")
    register = openpyxl.load_workbook(out / "register.xlsx").active
    names = {cell for row in register.iter_rows(values_only=True) for cell in row}
    assert "周晓禾" in names
    assert not names & set(STAFF)
    proposals = openpyxl.load_workbook(out / "pairing.xlsx").active
    assert "仅为建议" in str(proposals["A2"].value)
    assert {row[4] for row in proposals.iter_rows(min_row=4, values_only=True)} <= set(STAFF)
    assert (out / "dossier.pdf").read_bytes().startswith(b"%PDF")


def options(folder: Path, out: Path, profile: Path | None = None) -> argparse.Namespace:
    return argparse.Namespace(folder=folder, out=out, profile=profile, as_of=None)


def refusal(capsys, *told) -> str:
    with translation.override("en"):
        assert trial.run(options(*told)) == 2
    return capsys.readouterr().err


def test_what_cannot_be_tried_is_said_before_any_work(folder, tmp_path, capsys):
    empty, file = tmp_path / "empty", tmp_path / "file"
    empty.mkdir()
    file.write_text("[[files]]\npattern = 3")
    out = tmp_path / "out"
    assert "There is no folder" in refusal(capsys, tmp_path / "none", out)
    assert "There is no spreadsheet" in refusal(capsys, empty, out)
    assert "There is no readable profile" in refusal(capsys, folder, out, tmp_path / "none.toml")
    assert "The profile cannot be used" in refusal(capsys, folder, out, file)
    assert "Choose another folder" in refusal(capsys, folder, folder)
    assert "cannot be written" in refusal(capsys, folder, file / "out")


def test_a_broken_spreadsheet_or_a_day_outside_the_term_is_said_in_one_line(folder, tmp_path):
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    done = try_it(folder, tmp_path / "out")
    assert done.returncode == 2
    assert "坏的.xlsx is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "report.json").exists()


def test_the_same_mistake_in_many_rows_is_one_sentence(folder, tmp_path):
    marks = [(f"2026{n:04}", NAMES[n - 1], 77) for n in range(1, 5)]
    sheet(folder / "月考成绩.xlsx", ("学号", "姓名", "语文"), *marks)
    done = try_it(folder, tmp_path / "out")
    assert done.returncode == 2
    assert "月考成绩.xlsx, line 2 and 3 more, Held on: When was the exam?" in done.stderr
    assert done.stderr.count("月考成绩.xlsx") == 1


def test_a_day_is_written_as_a_day():
    with pytest.raises(argparse.ArgumentTypeError, match="2026-11-25"):
        from tongxing.doors.cli.main import _day

        _day("25.11.2026")


def test_the_day_is_the_nearest_of_the_term():
    class Term:
        starts_on, ends_on = datetime.date(2018, 9, 1), datetime.date(2019, 1, 25)

    assert trial.day_in_term(Term, None) == Term.ends_on


@pytest.mark.skipif(not REAL.is_dir(), reason="the real school's files are not beside the repository")
def test_the_real_school_goes_through_the_whole_chain_in_a_minute(tmp_path):
    out = tmp_path / "out"
    began = time.monotonic()
    done = try_it(REAL, out, "--profile", PROFILE)
    assert done.returncode == 0, done.stderr
    report = json.loads((out / "report.json").read_text("utf-8"))
    told = ("students", "enrolled", "classes", "unassigned", "staff", "teaching", "screened", "scores")
    assert [report[name] for name in told] == [1765, 1740, 43, 5, 189, 130, 1740, 9055]
    assert report["registered"] == report["candidates"] > 0
    assert report["pairs_proposed"] + report["unpaired"] == report["registered"]
    assert report["seconds"]["total"] < 60
    assert time.monotonic() - began < 90  # other tests run beside it
