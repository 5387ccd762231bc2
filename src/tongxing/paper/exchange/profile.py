"""Profiles: a TOML file that says how one school's or one system's files are to be read.

name = "…"                        shown to people
term = "2018-2019-1"              the term that the files speak of (otherwise the current one)
[school]                          for `tongxing try`: name, stage
[[years]]                         for `tongxing try`: name, first and second term (starts_on, ends_on, week_one)
[[files]]
pattern = "1_teacher*"            file name with * and ?
kind = "teaching"                 one of students, guardians, staff, teaching, attendance, scores
leave_out_unknown = true          rows of students who are not on the roster are counted, not refused
[files.columns]  field = "heading" (or a list of headings)
[files.values.FIELD]  "as written" = "as meant"
[files.constants]  field = "the same for every row"
"""

import datetime
import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.errors import Refused

from . import values
from .kinds import KINDS


@dataclass(frozen=True, slots=True)
class FilePlan:
    """How files whose name fits `pattern` are read."""

    pattern: str
    kind: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    leave_out_unknown: bool = False

    def fits(self, name: str) -> bool:
        return fnmatch.fnmatch(name.lower(), self.pattern.lower())


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A school year: the days of its two terms as (first day, last day, Monday of week 1)."""

    name: str
    first: tuple[datetime.date, datetime.date, datetime.date]
    second: tuple[datetime.date, datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Profile:
    name: str = ""
    term: tuple[str, int] | None = None
    school: str = ""
    stage: str = ""
    years: tuple[YearPlan, ...] = ()
    files: tuple[FilePlan, ...] = ()

    def plans(self, name: str) -> list[FilePlan]:
        """The plans for a file of that name: a file may hold several kinds."""
        return [plan for plan in self.files if plan.fits(name)]


EMPTY = Profile()


def read_profile(text: str) -> Profile:
    """Raises Refused with a sentence that names the place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(_("it is no TOML: %(error)s") % {"error": error}) from error
    _known(data, {"name", "term", "school", "years", "files"}, "")
    school = data.get("school", {})
    _known(school, {"name", "stage"}, "school")
    if school.get("stage", "") not in {"", *Organisation.Stage.values}:
        raise _refused(_("“%(value)s” is no type of school") % {"value": school["stage"]})
    try:
        return Profile(
            name=str(data.get("name", "")),
            term=values.term(str(data["term"])) if "term" in data else None,
            school=str(school.get("name", "")),
            stage=str(school.get("stage", "")),
            years=tuple(_year(entry) for entry in data.get("years", ())),
            files=tuple(_plan(entry) for entry in data.get("files", ())),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _refused(str(error)) from error


def _year(entry: Mapping[str, Any]) -> YearPlan:
    _known(entry, {"name", "first", "second"}, "years")
    terms = [
        tuple(entry[half][key] for key in ("starts_on", "ends_on", "week_one"))
        for half in ("first", "second")
    ]
    if not all(isinstance(day, datetime.date) for days in terms for day in days):
        raise _refused(_("the days of a term are written without quotes, like 2026-09-01"))
    return YearPlan(str(entry["name"]), *terms)  # type: ignore[arg-type]  # always two: first and second


def _plan(entry: Mapping[str, Any]) -> FilePlan:
    _known(entry, {"pattern", "kind", "columns", "values", "constants", "leave_out_unknown"}, "files")
    kind = KINDS.get(entry["kind"])
    if kind is None:
        raise _refused(_("“%(value)s” is no kind of file") % {"value": entry["kind"]})
    fields = {one.code for one in kind.fields}
    for part in ("columns", "values", "constants"):
        _known(entry.get(part, {}), fields, f"{entry['pattern']}.{part}")
    columns = entry.get("columns", {})
    return FilePlan(
        pattern=entry["pattern"],
        kind=entry["kind"],
        columns={key: (value,) if isinstance(value, str) else tuple(value) for key, value in columns.items()},
        values={
            key: {str(a): str(b) for a, b in one.items()} for key, one in entry.get("values", {}).items()
        },
        constants={key: str(value) for key, value in entry.get("constants", {}).items()},
        leave_out_unknown=bool(entry.get("leave_out_unknown", False)),
    )


def _known(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(entry.keys() - known):
        raise _refused(
            _("“%(word)s” is not known%(where)s")
            % {"word": unknown[0], "where": f" ({where})" if where else ""}
        )


def _refused(reason: str) -> Refused:
    return Refused(_("The profile cannot be used: %(reason)s.") % {"reason": reason}, field="uploads")
