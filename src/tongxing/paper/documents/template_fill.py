"""Placeholders in a school's own Word file: which are there, and the file filled. Pure: bytes and words in, bytes out.

A placeholder is {{姓名}}, also where Word has torn it into pieces of different looks; its value takes the looks of its
first piece. In a file for a class the table row that holds a student's placeholder is written once for each student.
Values are text, whatever stands in them.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import docx

from .template_check import W
from .word import MADE, same_every_time

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def placeholders(content: bytes) -> list[str]:
    """Each once, in the order of the text."""
    word = docx.Document(io.BytesIO(content))
    found = (name for root in _roots(word) for name in _names(root))
    return list(dict.fromkeys(found))


def outside_rows(content: bytes, names: Iterable[str]) -> list[str]:
    """Those of these placeholders that stand outside any row of a table."""
    asked, word = set(names), docx.Document(io.BytesIO(content))
    found = [
        name
        for root in _roots(word)
        for line in root.iter(f"{W}p")
        if not any(one.tag == f"{W}tr" for one in line.iterancestors())
        for name in PLACEHOLDER.findall(_text(line))
        if name in asked
    ]
    return list(dict.fromkeys(found))


def fill(content: bytes, values: Mapping[str, str], rows: Sequence[Mapping[str, str]] | None = None) -> bytes:
    """`rows`: what each student's row says, for a file of a class."""
    word = docx.Document(io.BytesIO(content))
    for root in _roots(word):
        if rows is not None:
            _repeat(root, rows, set(values))
        for line in root.iter(f"{W}p"):
            _put(line, values)
    word.core_properties.author = word.core_properties.comments = word.core_properties.last_modified_by = ""
    word.core_properties.created = word.core_properties.modified = MADE
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


def _roots(word: Any) -> Iterator[Any]:
    """The text and every header and footer, each once."""
    yield word.element.body
    parts = {
        part.partname: part.element
        for part in (relation.target_part for relation in word.part.rels.values() if not relation.is_external)
        if part.partname.startswith(("/word/header", "/word/footer")) and hasattr(part, "element")
    }
    yield from parts.values()


def _names(root: Any) -> Iterator[str]:
    for line in root.iter(f"{W}p"):
        yield from PLACEHOLDER.findall(_text(line))


def _pieces(line: Any) -> list[Any]:
    """The pieces of text of a paragraph itself, not of a text box that hangs in it."""
    return [one for one in line.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is line]


def _text(line: Any) -> str:
    return "".join(one.text or "" for one in _pieces(line))


def _repeat(root: Any, rows: Sequence[Mapping[str, str]], known: set[str]) -> None:
    for row in list(root.iter(f"{W}tr")):
        inner = any(True for one in row.iter(f"{W}tr") if one is not row)
        if inner or not set(_names(row)) - known:
            continue
        for values in rows:
            copy = deepcopy(row)
            for line in copy.iter(f"{W}p"):
                _put(line, values)
            row.addprevious(copy)
        row.getparent().remove(row)


def _put(line: Any, values: Mapping[str, str]) -> None:
    pieces = _pieces(line)
    text = _text(line)
    for found in reversed(list(PLACEHOLDER.finditer(text))):
        if found[1] in values:
            _replace(
                pieces, found.start(), found.end(), UNPRINTABLE.sub("", " ".join(values[found[1]].split()))
            )


def _replace(pieces: list[Any], start: int, end: int, value: str) -> None:
    """The signs from `start` to `end` of the pieces taken together become the value, in the first piece they touch."""
    place = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - place, 0), min(end - place, len(text))
        place += len(text)
        if first < last:
            piece.text = text[:first] + value + text[last:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            value = ""
