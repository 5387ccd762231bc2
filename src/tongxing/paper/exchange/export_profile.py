"""Profiles for export: a TOML text that says in which columns another system wants its sheet. Pure.

name = "…"             shown to people
verified = false        whether somebody compared it with that system's own template
sheet = "…"            name of the sheet
who = "enrolled"        or "hardship" (who has a hardship circumstance), "registered" (who is on the support register),
                        "subsidies" (a row for whatever a child was granted this term), "pay_list" (made at a pay list)
dates = "%Y-%m-%d"      how days are written
columns = [
  { heading = "姓名", field = "name" },
  { heading = "性别", field = "sex", words = { male = "男" } },   # values as that system writes them
  { heading = "国籍", constant = "中国" },                        # the same in every row …
  { heading = "监护", constant = "是", beside = "guardian1_name" }, # … or in rows where that field is filled
  { heading = "籍贯" },                                           # left open, to be filled in by hand
]
"""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Circumstance

FOLDER = Path(__file__).with_name("profiles")
WHO = ("enrolled", "registered", "hardship", "subsidies", "pay_list")
ROSTER = ("name", "sex", "birth_date", "code", "class_name", "grade", "ethnicity", "enrolled_on", "boarding")
#: What a field opens. A national number holds the ID number.
ZONES = {
    **dict.fromkeys((*ROSTER, "dormitory", "residence", "village", "school"), "roster"),
    **dict.fromkeys(("id_kind", "seat_number", "distance_km"), "roster"),
    **dict.fromkeys(("health", "guardianship"), "care"),
    **dict.fromkeys(("id_number", "national_code", "phone", "address", "household"), "contact"),
    **{
        f"guardian{n}_{part}": "contact"
        for n in (1, 2)
        for part in ("name", "relation", "phone", "away", "work")
    },
    **{code: "care" if code in Circumstance.FAMILY else "hardship" for code in Circumstance.Category.values},
    "categories": "hardship",
    **dict.fromkeys(
        ("recognised_level", "recognised_on", "subsidy_project", "subsidy_amount", "subsidy_on"), "hardship"
    ),
    **dict.fromkeys(("pay_number", "card_holder", "card_number"), "money"),
}
ZONE_OF_WHO = {
    "enrolled": "roster",
    "registered": "care",
    "hardship": "hardship",
    "subsidies": "hardship",
    "pay_list": "money",
}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    heading: str
    field: str = ""
    constant: str = ""
    beside: str = ""
    dates: str = ""
    words: Mapping[str, str] = made_by(default_factory=dict)

    def cell(self, facts: Mapping[str, Any], dates: str) -> str:
        """What stands in the column for somebody of whom `facts` are known."""
        if not self.field:
            return self.constant if not self.beside or facts.get(self.beside) else ""
        value = facts.get(self.field)
        if value is None or value == "":
            return ""
        if isinstance(value, datetime.date):
            return value.strftime(self.dates or dates)
        if isinstance(value, bool):
            return self.words.get("yes" if value else "no", "")
        return self.words.get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class ExportProfile:
    name: str
    columns: tuple[ExportColumn, ...]
    sheet: str = ""
    who: str = "enrolled"
    dates: str = "%Y-%m-%d"
    verified: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the columns show."""
        return frozenset({column.field or column.beside for column in self.columns} - {""})

    @property
    def zones(self) -> frozenset[str]:
        """What one has to be allowed to see to make this sheet."""
        return frozenset({ZONES[one] for one in self.fields} | {"roster", ZONE_OF_WHO[self.who]})


def built_in() -> dict[str, str]:
    """The profiles that come with the product, by code."""
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def read_export_profile(text: str) -> ExportProfile:
    """Raises Refused with a sentence that names the place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(_("it is no TOML: %(error)s") % {"error": error}) from error
    _only(data, {"name", "verified", "sheet", "who", "dates", "columns"}, "")
    columns = data.get("columns")
    if not isinstance(columns, list) or not columns or not str(data.get("name", "")).strip():
        raise _refused(_("it needs a name and columns"))
    if data.get("who", "enrolled") not in WHO:
        raise _refused(_("“%(value)s” is not known%(where)s") % {"value": data["who"], "where": " (who)"})
    return ExportProfile(
        str(data["name"])[:80],
        tuple(_column(entry) for entry in columns[:200]),
        str(data.get("sheet", ""))[:31],
        data.get("who", "enrolled"),
        str(data.get("dates", "%Y-%m-%d")),
        bool(data.get("verified", False)),
    )


def _column(entry: Any) -> ExportColumn:
    if not isinstance(entry, dict) or not str(entry.get("heading", "")).strip():
        raise _refused(_("every column needs a heading"))
    heading = str(entry["heading"])
    _only(entry, {"heading", "field", "constant", "beside", "dates", "words"}, heading)
    for name in ("field", "beside"):
        if entry.get(name, "") not in {"", *ZONES}:
            raise _refused(
                _("“%(value)s” is not known%(where)s") % {"value": entry[name], "where": f" ({heading})"}
            )
    words = {str(a): str(b) for a, b in dict(entry.get("words", {})).items()}
    texts = {name: str(entry.get(name, "")) for name in ("field", "constant", "beside", "dates")}
    return ExportColumn(heading=heading, words=words, **texts)


def _only(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(entry.keys() - known):
        raise _refused(
            _("“%(value)s” is not known%(where)s")
            % {"value": unknown[0], "where": f" ({where})" if where else ""}
        )


def _refused(reason: str) -> Refused:
    return Refused(_("The profile cannot be used: %(reason)s.") % {"reason": reason}, field="text")
