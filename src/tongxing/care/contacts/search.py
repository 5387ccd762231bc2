"""Finding words in notes. Pure: how a text becomes the words of the index, and where in it a search is met.

Invariants:
- a Chinese sign is a word of its own, Latin letters and digits form words; width, case and accents never matter;
- what is typed together must stand together; what blanks part may stand anywhere in the note;
- the end of a Latin word may be missing (“engl”), the end of a Chinese one too, as every sign is a word.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: A search of more parts than this is a whole sentence; the first ones are enough to find it.
MOST_PARTS = 8
#: Signs shown before and after a hit.
AROUND = 24


class Word(NamedTuple):
    """A word of the index and where it stands: text[start:end]."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in their order."""
    found: list[Word] = []
    joins = False
    for place, sign in enumerate(text):
        plain = _plain(sign)
        for part in plain:
            if part.isascii() and joins:
                last = found[-1]
                found[-1] = Word(last.text + part, last.start, place + 1)
            else:
                found.append(Word(part, place, place + 1))
            joins = part.isascii()
        if not plain and not unicodedata.combining(sign):
            joins = False
    return found


def _plain(sign: str) -> str:
    """A sign as it is compared: one width, lower case, no accent; nothing for blanks and punctuation."""
    parts = unicodedata.normalize("NFKD", sign).lower()
    return "".join(part for part in parts if part.isalnum() and not unicodedata.combining(part))


def spaced(text: str) -> str:
    """What the index holds of a text: its words with blanks between them."""
    return " ".join(word.text for word in words(text))


def parts(wanted: str) -> list[list[str]]:
    """What must stand together, for each part of a search that blanks separate."""
    found = ([word.text for word in words(part)] for part in wanted.split())
    return [part for part in found if part][:MOST_PARTS]


def hits(text: str, wanted: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where the parts of a search stand in a text, first to last, without overlaps: text[start:end]."""
    own = words(text)
    found = [
        (own[first].start, own[first + len(part) - 1].end)
        for part in wanted
        for first in range(len(own) - len(part) + 1)
        if _meets([word.text for word in own[first : first + len(part)]], part)
    ]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _meets(own: Sequence[str], part: Sequence[str]) -> bool:
    return own[:-1] == part[:-1] and own[-1].startswith(part[-1])


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; `hit`: it is what was searched for."""

    text: str
    hit: bool = False


def excerpt(text: str, wanted: Sequence[Sequence[str]]) -> list[Piece]:
    """The first hit with what stands around it, every hit in it marked; the text's beginning without one."""
    found = hits(text, wanted)
    first = found[0] if found else (0, 0)
    start, end = max(0, first[0] - AROUND), min(len(text), first[1] + AROUND)
    pieces = [Piece("…")] if start else []
    place = start
    for hit_start, hit_end in found:
        if hit_start >= end:
            break
        pieces += [Piece(text[place:hit_start]), Piece(text[hit_start : min(hit_end, end)], hit=True)]
        place = min(hit_end, end)
    pieces += [Piece(text[place:end]), Piece("…" if end < len(text) else "")]
    return [piece for piece in pieces if piece.text]
