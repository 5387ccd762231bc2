"""Sizes a person can hold in mind, and nothing of anyone's own machine in the tree."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
HOMES = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/")
BINARY = {
    ".png",
    ".webp",
    ".jpg",
    ".gif",
    ".ico",
    ".woff2",
    ".woff",
    ".ttf",
    ".otf",
    ".pdf",
    ".xlsx",
    ".xls",
    ".docx",
    ".gz",
}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def too_long(source: str) -> list[str]:
    """The functions of `source` that are longer than allowed."""
    return [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]


def test_no_file_is_longer_than_400_lines():
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert [f"{path}: {lines}" for path, lines in sizes.items() if lines > MOST_LINES_OF_A_FILE] == []


def test_no_function_is_longer_than_50_lines():
    assert [
        (str(path), found) for path in python_files() if (found := too_long(path.read_text("utf-8")))
    ] == []


def test_a_long_function_is_seen():
    assert too_long("def f():\n" + "    x = 1\n" * 50) == ["f: 51 lines"]


def machine_paths(text: str, own: tuple[str, ...]) -> bool:
    return any(path in text for path in own) or bool(HOMES.search(text))


def test_no_file_names_a_path_of_somebodys_machine():
    own = tuple(f"{path}/" for path in (ROOT, ROOT.parent) if path not in (Path("/"), Path("/tmp")))
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in BINARY and machine_paths(path.read_text("utf-8", errors="replace"), own)
    ]
    assert found == []


def test_a_machine_path_is_seen():
    home = "/" + "home/somebody/notes"
    assert machine_paths(f"see {home}", ())
    assert machine_paths("in /srv/checkout/x", ("/srv/checkout/",))
    assert not machine_paths("week/ and students/home/ are pages", ())


def test_no_file_keeps_the_marks_of_a_merge():
    texts = [path for path in tracked() if path.suffix not in BINARY]
    marks = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
    assert [str(path.relative_to(ROOT)) for path in texts if marks.search(path.read_text("utf-8"))] == []
