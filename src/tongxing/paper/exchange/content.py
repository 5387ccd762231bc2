"""What was handed in, as it is kept between preview and decision: cells, choices, corrections. Pure.

Which way a sheet is read: as a person chose, else by the profile handed in with it, else by its headings.
"""

import datetime
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from tongxing.ground.kernel import clock

from .engine import Settings
from .mapping import NONE, Corrections, Mapping
from .profile import EMPTY, Profile, read_profile
from .reader import Sheet
from .recognise import Table, by_hand, missing, recognise
from .record_rules import ExamDefaults


@dataclass(slots=True)
class Content:
    """`exam`: name and day as said beside the files; `chosen` and `corrections` by the sheet's place."""

    sheets: list[Sheet]
    profile: str = ""
    exam: tuple[str, str] = ("", "")
    chosen: dict[int, Mapping] = field(default_factory=dict)
    corrections: dict[int, Corrections] = field(default_factory=dict)

    @property
    def handed_in_profile(self) -> Profile:
        return read_profile(self.profile) if self.profile else EMPTY

    def pack(self) -> bytes:
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode())

    def tables(self) -> list[Table]:
        profile = self.handed_in_profile
        return [table for sheet in self.sheets for table in self.tables_of(sheet, profile)]

    def tables_of(self, sheet: Sheet, profile: Profile) -> list[Table]:
        chosen = self.chosen.get(sheet.place)
        found = by_hand(sheet, chosen) if chosen else recognise(sheet, profile)
        corrections = self.corrections.get(sheet.place, NONE)
        return [replace(table, corrections=corrections) for table in found]

    def settings(self) -> Settings:
        name, held_on = self.exam
        day = datetime.date.fromisoformat(held_on) if held_on else None
        return Settings(clock.today(), self.handed_in_profile.term, ExamDefaults(name, day))

    def described(self, places: Sequence[int]) -> list[dict]:
        """What the sheets were taken for, for the page."""
        profile = self.handed_in_profile
        return [table for place in places for table in self._described(self.sheets[place], profile)]

    def _described(self, sheet: Sheet, profile: Profile) -> list[dict]:
        chosen = self.chosen.get(sheet.place)
        about = {
            "sheet": sheet.name,
            "place": sheet.place,
            "profile": chosen.profile if chosen else "",
            "aside": chosen is not None and not chosen.kind,
        }
        unknown = {"kind": "", "headings": missing(sheet), "unused": [], "columns": []}
        return [about | _of_table(table) for table in self.tables_of(sheet, profile)] or [about | unknown]


def _of_table(table: Table) -> dict:
    return {
        "kind": table.kind.code,
        "headings": "",
        "unused": list(table.unused),
        "columns": [table.heading_of(code) for code in table.columns] + list(table.subjects),
    }


def unpack(packed: bytes) -> Content:
    data = json.loads(zlib.decompress(packed))
    return Content(
        [Sheet(**sheet) for sheet in data["sheets"]],
        data["profile"],
        (data["exam"][0], data["exam"][1]),
        {int(place): Mapping(**chosen) for place, chosen in data.get("chosen", {}).items()},
        {int(place): Corrections.from_json(one) for place, one in data.get("corrections", {}).items()},
    )
