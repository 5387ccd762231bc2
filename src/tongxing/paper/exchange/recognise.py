"""Which kind of rows a sheet holds and which column means what: by a profile, else by the headings. Pure.

Titles above the headings are passed over; the sheet of the kind with most columns understood wins, and of equals
the one that stands first in ORDER.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .kinds import KINDS, SUBJECTS, Kind, headings, plain
from .mapping import NONE, Corrections, Mapping
from .profile import FilePlan, Profile
from .reader import Sheet

SEARCHED_LINES = 15  # a title, a sub-title and a note or two stand above the headings
ORDER = ("scores", "attendance", "teaching", "guardians", "wide_scores", "staff", "students")
SUBJECT_ENDINGS = ("成绩", "分数", "得分", "等级", "")


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised sheet. `columns`: field → column; `subjects`: subject → column; `heading` counts lines from 0."""

    sheet: Sheet
    kind: Kind
    heading: int
    columns: dict[str, int]
    subjects: dict[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    plan: FilePlan | None = None
    corrections: Corrections = NONE

    @property
    def title(self) -> str:
        """What stands above the headings, in one line."""
        return " ".join(cell for row in self.sheet.rows[: max(0, self.heading)] for cell in row if cell)

    def heading_of(self, code: str) -> str:
        position = self.columns.get(code)
        if position is None or self.heading < 0:
            return str(self.kind.field(code))
        return self.sheet.rows[self.heading][position]


def recognise(sheet: Sheet, profile: Profile) -> list[Table]:
    """The tables in a sheet: none if nothing fits, several if the profile reads a file in several ways."""
    plans = profile.plans(sheet.file)
    if plans:
        return [table for plan in plans if (table := _by_plan(sheet, plan))]
    found = [
        table
        for code in ORDER
        for line in range(min(SEARCHED_LINES, len(sheet.rows)))
        if (table := _by_headings(sheet, KINDS[code], line))
    ]
    if not found:
        return []
    best = max(found, key=lambda table: len(table.columns) + len(table.subjects))
    return [*_staff_in(best), best]


def by_hand(sheet: Sheet, mapping: Mapping) -> list[Table]:
    """The tables in a sheet whose kind and columns a person chose."""
    if not mapping.kind:
        return []
    heads = sheet.rows[mapping.heading] if mapping.heading >= 0 else []
    unused = _unused(heads, mapping.columns, mapping.subjects)
    kind = KINDS[mapping.kind]
    table = Table(sheet, kind, mapping.heading, mapping.columns, mapping.subjects, unused)
    return [*_staff_in(table), table]


def guess(sheet: Sheet, kind: Kind, line: int) -> Mapping:
    """The columns that can be told by their headings if `line` holds them, whatever is still lacking."""
    heads = [plain(cell) for cell in sheet.rows[line]] if 0 <= line < len(sheet.rows) else []
    subjects = _subjects(heads) if kind.code == "wide_scores" else {}
    return Mapping(kind.code, line, _columns(kind, heads), subjects)


def _staff_in(table: Table) -> list[Table]:
    """A sheet of lessons that names its teachers with number and name brings them along."""
    if table.kind.code != "teaching" or not {"staff_code", "name"} <= table.columns.keys():
        return []
    columns = {code: table.columns[code] for code in ("staff_code", "name")}
    return [Table(table.sheet, KINDS["staff"], table.heading, columns)]


def _by_plan(sheet: Sheet, plan: FilePlan) -> Table | None:
    """The first line that holds every heading the plan names once at least."""
    kind = KINDS[plan.kind]
    for line, row in enumerate(sheet.rows[:SEARCHED_LINES]):
        heads = [plain(cell) for cell in row]
        columns = {
            code: heads.index(plain(heading))
            for code, headings in plan.columns.items()
            for heading in headings
            if plain(heading) in heads
        }
        if columns and len(columns) == len(plan.columns):
            subjects = _subjects(heads) if plan.kind == "wide_scores" else {}
            return Table(sheet, kind, line, columns, subjects, _unused(row, columns, subjects), plan)
    return None


def _by_headings(sheet: Sheet, kind: Kind, line: int) -> Table | None:
    row = sheet.rows[line]
    heads = [plain(cell) for cell in row]
    columns = _columns(kind, heads)
    subjects = _subjects(heads) if kind.code == "wide_scores" else {}
    present = columns.keys() | ({"*subjects"} if subjects else set())
    if any(not need & present for need in kind.needs):
        return None
    return Table(sheet, kind, line, columns, subjects, _unused(row, columns, subjects))


def _columns(kind: Kind, heads: Sequence[str]) -> dict[str, int]:
    """Field → column. A field's earlier synonyms win; a column means one field only, the first that names it."""
    columns: dict[str, int] = {}
    for field_ in kind.fields:
        for word in headings(field_):
            if word in heads and (place := heads.index(word)) not in columns.values():
                columns[field_.code] = place
                break
    return columns


def _subjects(heads: Sequence[str]) -> dict[str, int]:
    names = {subject + ending: subject for ending in SUBJECT_ENDINGS for subject in SUBJECTS}
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        if head in names:
            found.setdefault(names[head], place)
    return found


def _unused(row: Sequence[str], columns: dict[str, int], subjects: dict[str, int]) -> tuple[str, ...]:
    used = {*columns.values(), *subjects.values()}
    return tuple(cell for place, cell in enumerate(row) if cell and place not in used)


def missing(sheet: Sheet) -> str:
    """For a sheet of no kind: the headings that were read, so that one sees what was looked at."""
    widest = max(sheet.rows[:SEARCHED_LINES], key=lambda row: sum(bool(cell) for cell in row), default=[])
    return "、".join(cell[:20] for cell in widest if cell)[:200]
