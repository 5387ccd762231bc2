"""A folder of spreadsheets, taken over in one go: the entry of `tongxing try`. Prepares the school and its calendar
where the profile describes them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar import suggest_week_one
from tongxing.ground.people.calendar_actions import TermDates, open_year, take_official_days
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student, Teaching, Term

from .engine import Counts, Settings, plan, total
from .known import terms_of
from .lines import Problem
from .profile import EMPTY, Profile, YearPlan, read_profile
from .reader import Sheet, read
from .recognise import recognise

SPREADSHEETS = {".xlsx", ".xls", ".csv", ".txt", ".xlsm", ".ods"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a folder held. `unassigned`: enrolled, in no class yet. `nobody`: events of people not on the roster."""

    school: Organisation
    term: Term
    students: int
    enrolled: int
    classes: int
    unassigned: int
    staff: int
    teaching: int
    events: int
    events_kept: int
    events_repeated: int
    events_of_nobody: int
    scores: int
    not_read: tuple[str, ...]
    counts: tuple[Counts, ...]


def load_profile(path: Path | None) -> Profile:
    return read_profile(path.read_text("utf-8-sig")) if path else EMPTY


def found_school(actor: Actor, profile: Profile) -> Organisation:
    """The school and the calendar of a profile; without one a school with the usual days of the current year."""
    school = Organisation.objects.create(
        kind=Organisation.Kind.SCHOOL,
        name=profile.school or _("A school"),
        stage=profile.stage or Organisation.Stage.JUNIOR,
    )
    for year in profile.years or (usual_year(clock.today()),):
        first, second = TermDates(*year.first), TermDates(*year.second)
        open_year(actor, school=school, name=year.name, first=first, second=second)
        take_official_days(actor, school=school, first=first.starts_on, last=second.ends_on)
    return school


def usual_year(day: datetime.date) -> YearPlan:
    """1 September to late January, mid-February to early July: what a school corrects in the settings."""
    start = day.year if day.month >= 8 else day.year - 1
    first, second = datetime.date(start, 9, 1), datetime.date(start + 1, 2, 20)
    return YearPlan(
        f"{start}-{start + 1}",
        (first, datetime.date(start + 1, 1, 25), suggest_week_one(first)),
        (second, datetime.date(start + 1, 7, 5), suggest_week_one(second)),
    )


@transaction.atomic
def take_folder(actor: Actor, *, school: Organisation, folder: Path, profile: Profile = EMPTY) -> Taken:
    """Take over every spreadsheet of a folder, all or nothing. Raises Refused with the first mistakes in words."""
    tables, not_read = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SPREADSHEETS:
            continue
        found = [table for sheet in _sheets(path) for table in recognise(sheet, profile)]
        tables += found
        if not found:
            not_read.append(path.name)
    if not tables:
        raise Refused(_("No spreadsheet in this folder could be understood."))
    term = _term(school, profile)
    day = min(max(clock.today(), term.starts_on), term.ends_on)
    outcome, book = plan(actor, school=school, tables=tables, settings=Settings(day, profile.term, ask=False))
    if outcome.problems:
        raise Refused("\n".join(mistakes(outcome.problems)[:20]))
    book.write(actor)
    return _taken(school, term, outcome.counts, not_read)


def _sheets(path: Path) -> list[Sheet]:
    return read(path.name, path.read_bytes())


def _term(school: Organisation, profile: Profile) -> Term:
    terms = terms_of(school)
    wanted = profile.term or next(reversed(terms), None)
    if wanted not in terms:
        raise Refused(_("The term of the profile is not in the calendar."))
    if profile.term is None:
        begun = [row for row in terms.values() if row.starts_on <= clock.today()]
        return begun[-1] if begun else terms[wanted]
    return terms[wanted]


def mistakes(problems: Iterable[Problem]) -> list[str]:
    """One sentence per kind of mistake in a column: where it is first, and how many more there are."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.file, problem.heading, problem.message), []).append(problem)
    return [_sentence(first, len(more)) for first, *more in alike.values()]


def _sentence(first: Problem, more: int) -> str:
    what = f"{first.heading} “{first.value}”" if first.value else first.heading
    words = {"file": first.file, "line": first.line, "heading": what, "message": first.message}
    if not first.line:
        return f"{first.file}: {first.message}"
    if not more:
        return _("%(file)s, line %(line)s, %(heading)s: %(message)s") % words
    return ngettext(
        "%(file)s, line %(line)s and %(n)s more, %(heading)s: %(message)s",
        "%(file)s, line %(line)s and %(n)s more, %(heading)s: %(message)s",
        more,
    ) % (words | {"n": more})


def _taken(school: Organisation, term: Term, counts: list[Counts], not_read: list[str]) -> Taken:
    students = Student.objects.filter(school=school)
    placed = ClassMembership.objects.filter(school=school, ends_on=None).values("student")
    return Taken(
        school,
        term,
        students=students.count(),
        enrolled=students.enrolled().count(),
        classes=SchoolClass.objects.filter(school=school).count(),
        unassigned=students.enrolled().exclude(pk__in=placed).count(),
        staff=Staff.objects.filter(school=school).count(),
        teaching=Teaching.objects.filter(term=term).values("staff").distinct().count(),
        events=total(counts, "attendance", "read"),
        events_kept=total(counts, "attendance", "new"),
        events_repeated=total(counts, "attendance", "same"),
        events_of_nobody=total(counts, "attendance", "nobody"),
        scores=total(counts, "scores", "new") + total(counts, "wide_scores", "new"),
        not_read=tuple(not_read),
        counts=tuple(counts),
    )
