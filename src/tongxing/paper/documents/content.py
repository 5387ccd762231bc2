"""The content of an official document, without any format: writers turn the same content into Word and PDF.

The order of levels follows GB/T 9704-2012: 一、 (一) 1. (1). Writers number; content never types a number.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils import dateformat
from django.utils.translation import get_language

from tongxing.ground.kernel.clock import SCHOOL_TIME


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: Literal[1, 2, 3, 4] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Widths are parts of the text width; the header row repeats on every page."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Appendix:
    """An attachment: named under the text, printed on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`number` is the document number, such as 和中〔2026〕18号; the seal's place stays empty.

    A title that needs two lines says where it breaks (a newline), so that no word is torn.
    """

    title: str
    blocks: tuple[Block, ...]
    issuer: str
    dated: datetime.date
    number: str = ""
    appendix: Appendix | None = None

    @property
    def dated_text(self) -> str:
        return dated_text(self.dated)

    def printed(self) -> Iterator[tuple[str, str, Block]]:
        """Kind, text and block, in order, headings with their numbers."""
        return numbered(self.blocks)


NUMERALS = "一二三四五六七八九十"


def chinese_number(number: int) -> str:
    """1–99 in Chinese numerals, as headings count."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens - 1] + "十")
    return head + (NUMERALS[ones - 1] if ones else "")


def in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


class HeadingNumbers:
    """Counts headings level by level: a heading restarts the levels beneath it."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0, 0]

    def label(self, heading: Heading) -> str:
        level = heading.level - 1
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * (3 - level)
        number = self._counts[level]
        if not in_chinese():
            return ".".join(str(count) for count in self._counts[: level + 1]) + " "
        return (
            f"{chinese_number(number)}、",
            f"（{chinese_number(number)}）",
            f"{number}. ",
            f"（{number}）",
        )[level]


def numbered(blocks: Iterable[Block]) -> Iterator[tuple[str, str, Block]]:
    """(kind, text, block) of each block: "heading" with its number, "paragraph", "table" without a text."""
    numbers = HeadingNumbers()
    for block in blocks:
        if isinstance(block, Heading):
            yield "heading", numbers.label(block) + block.text, block
        elif isinstance(block, Paragraph):
            yield "paragraph", block.text, block
        else:
            yield "table", "", block


def dated_text(day: datetime.date) -> str:
    """A document's date as it is printed: 2026年11月23日, without leading zeros."""
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return dateformat.format(day, "j F Y")


def moment_text(moment: datetime.datetime) -> str:
    """A moment on the school's clock: 2026年11月23日 15:42."""
    local = moment.astimezone(SCHOOL_TIME)
    return f"{dated_text(local.date())} {local:%H:%M}"
