"""The content of an official document, without any format: writers turn the same content into Word and PDF.

The order of levels follows GB/T 9704-2012: 一、 (一) 1. (1). Writers number; content never types a number.
"""

import datetime
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from django.utils import dateformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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


#: RGB in print. The standard's head is red.
COLOURS = {"red": "FF0000", "green": "14603A", "blue": "1F3A93", "black": "000000"}


@dataclass(frozen=True, slots=True)
class Head:
    """The coloured head (红头): the office's name in print, one of `COLOURS`, a JPEG or nothing, the office's address."""

    name: str
    colour_name: str = "red"
    logo: bytes = b""
    address: str = ""

    @property
    def colour(self) -> str:
        return COLOURS[self.colour_name]

    def as_json(self) -> dict[str, str]:
        return asdict(self) | {"logo": b64encode(self.logo).decode()}


def head_from_json(stored: Mapping[str, str]) -> Head:
    return Head(stored["name"], stored["colour_name"], b64decode(stored["logo"]), stored["address"])


@dataclass(frozen=True, slots=True)
class Document:
    """`number` is the document number, such as 和中〔2026〕18号; the seal's place stays empty.

    A title that needs two lines says where it breaks (a newline), so that no word is torn. With a `head` the number
    stands above the coloured line, and the last page ends with whom copies go to, who printed it and when.
    """

    title: str
    blocks: tuple[Block, ...]
    issuer: str
    dated: datetime.date
    number: str = ""
    appendix: Appendix | None = None
    head: Head | None = None
    addressed_to: str = ""
    copies_to: str = ""

    @property
    def salutation(self) -> str:
        """Whom it is addressed to (主送机关), as it stands above the text."""
        if not self.addressed_to:
            return ""
        return self.addressed_to.rstrip("：:") + ("：" if in_chinese() else ":")

    @property
    def imprint(self) -> tuple[tuple[str, str], ...]:
        """The lines at the foot of the last page (版记): left and right."""
        if self.head is None:
            return ()
        copies = ((_("Copies to: %(who)s") % {"who": self.copies_to}, ""),) if self.copies_to else ()
        printed = ((self.issuer, _("printed on %(day)s") % {"day": self.dated_text}),)
        where = (
            ((_("Address: %(address)s") % {"address": self.head.address}, ""),) if self.head.address else ()
        )
        return (*copies, *printed, *where)

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
        """The number of this heading, counted."""
        level = heading.level - 1
        self._counts = [*self._counts[:level], self._counts[level] + 1, *[0] * (3 - level)]
        return self._words(level, self._counts)

    def due(self, heading: Heading) -> str:
        """The number this heading would get; nothing is counted."""
        level = heading.level - 1
        return self._words(level, [*self._counts[:level], self._counts[level] + 1])

    def _words(self, level: int, counts: list[int]) -> str:
        number = counts[level]
        if not in_chinese():
            return ".".join(str(count) for count in counts[: level + 1]) + " "
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
