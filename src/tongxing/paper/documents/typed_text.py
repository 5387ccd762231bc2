"""Text as people type it, as the blocks of an official document. Pure.

A line that begins as the standard's headings do (一、 and （一）) is one, if it is short, is no sentence and carries the
number that is due; everything else stays as it was typed.
"""

import re
from collections.abc import Iterator
from typing import Literal

from .content import Heading, HeadingNumbers, Paragraph, in_chinese

NUMERAL = "[一二三四五六七八九十]{1,3}"
TYPED: tuple[tuple[Literal[1, 2], re.Pattern[str]], ...] = (
    (1, re.compile(rf"({NUMERAL})[、.．]\s*(.+)")),
    (2, re.compile(rf"[（(]({NUMERAL})[）)]\s*(.+)")),
)
LONGEST_HEADING = 40  # characters


def paragraphs(text: str) -> Iterator[Paragraph]:
    """A paragraph for each line."""
    return (Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def told(text: str) -> Iterator[Heading | Paragraph]:
    numbers = HeadingNumbers()
    for one in paragraphs(text):
        yield _heading(one.text, numbers) or one


def _heading(line: str, numbers: HeadingNumbers) -> Heading | None:
    """The heading this line is, and counted as such; None where it is none."""
    if not in_chinese():
        return None
    for level, pattern in TYPED:
        found = pattern.fullmatch(line)
        if found and len(found[2]) <= LONGEST_HEADING and not set(found[2]) & set("。；"):
            heading = Heading(found[2], level)
            if numbers.due(heading).strip("（）、") == found[1]:
                numbers.label(heading)
                return heading
    return None
