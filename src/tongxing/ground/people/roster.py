"""What a roster says about a person: one frozen row each. None or "" means that the roster does not say."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class as a roster writes it; `key` is equal for two spellings of one class."""

    name: str
    key: str
    grade: int
    number: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class GuardianRow:
    name: str
    relation: str
    relation_text: str = ""
    phone: str = ""
    away_place: str = ""
    best_time: str = ""
    workplace: str = ""
    reads: bool | None = None
    lives_with: bool | None = None
    order: int = 1


@dataclass(frozen=True, slots=True)
class StudentRow:
    """`school_class` None: not said; `unplaced`: said to be in no class yet."""

    code: str
    name: str
    sex: str = ""
    birth_date: datetime.date | None = None
    birth_year: int | None = None
    ethnicity: str = ""
    boarding: bool | None = None
    dormitory: str = ""
    residence: str = ""
    village: str = ""
    national_code: str = ""
    enrolled_on: datetime.date | None = None
    left: bool = False
    school_class: ClassRef | None = None
    unplaced: bool = False
    id_number: str = ""
    phone: str = ""
    address: str = ""
    id_kind: str = ""
    seat_number: str = ""
    distance_m: int | None = None
    guardianship: str = ""
    household: str = ""
    health: str = ""
    income: str = ""
    aid: str = ""
    circumstances: tuple[str, ...] = ()
    guardians: tuple[GuardianRow, ...] = ()
    also: str = ""  # another number that the sheet knows this very child by
    traits: tuple[tuple[str, str], ...] = ()  # (kind, words): for whoever keeps what a child likes
    different: tuple[str, ...] = ()  # numbers of students of whom a person said that they are other children


@dataclass(frozen=True, slots=True)
class StaffRow:
    code: str
    name: str
    sex: str = ""
    village: str = ""


@dataclass(frozen=True, slots=True)
class TeachingRow:
    staff_code: str
    school_class: ClassRef
    subject: str


@dataclass(slots=True)
class Changes:
    """What a list of rows did, or would do. `unknown` rows name somebody who is not on the roster."""

    new: int = 0
    changed: int = 0
    same: int = 0
    unknown: int = 0

    @property
    def touched(self) -> int:
        return self.new + self.changed

    def count(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
