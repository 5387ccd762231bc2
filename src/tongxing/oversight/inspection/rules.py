"""Drawing a sample that anybody can repeat, and what the month has cost its writers. No ORM.

Invariants:
- the list is fixed and has its fingerprint before the word is known; the word alone decides who is drawn;
- every class that has records is drawn from while the sample is large enough, larger classes more often;
- the same list, size and word always give the same records, whatever the order of the list.
"""

import hashlib
from collections.abc import Iterable, Mapping
from statistics import median
from typing import NamedTuple

#: Record numbers by the class their student is in; 0 for students in no class.
Population = Mapping[int, Iterable[int]]


class Drawn(NamedTuple):
    """`ticket`: the digest that decided, so that a single one can be checked by hand."""

    class_id: int
    record: int
    ticket: str


def fingerprint(population: Population) -> str:
    """SHA-256 of the list as it is printed: a line for each class, numbers ascending."""
    lines = [f"{key}:{','.join(map(str, sorted(set(population[key]))))}" for key in sorted(population)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def ticket(word: str, record: int) -> str:
    """SHA-256 of “word/number”; the smallest digests of a class are drawn."""
    return hashlib.sha256(f"{word}/{record}".encode()).hexdigest()


def shares(sizes: Mapping[int, int], size: int) -> dict[int, int]:
    """How many are drawn of each class: one each first, then in proportion (Adams); never more than there are."""
    found = dict.fromkeys(sorted(key for key in sizes if sizes[key]), 0)
    for _turn in range(min(size, sum(sizes.values()))):
        next_one = max(found, key=lambda key: (found[key] == 0, sizes[key] / (found[key] or 1), -key))
        found[next_one] += 1
    return found


def draw(population: Population, size: int, word: str) -> list[Drawn]:
    """The sample, class by class, in the order of the tickets."""
    records = {key: set(population[key]) for key in population}
    many = shares({key: len(records[key]) for key in records}, size)
    return [
        Drawn(key, record, digest)
        for key in many
        for digest, record in sorted((ticket(word, one), one) for one in records[key])[: many[key]]
    ]


def usual(fields_by_person: Mapping[int, int]) -> float | None:
    """The median of the fields people filled in; None below three people, where it would tell of one of them."""
    written = [count for count in fields_by_person.values() if count]
    return median(written) if len(written) >= FEWEST_PEOPLE else None


FEWEST_PEOPLE = 3
