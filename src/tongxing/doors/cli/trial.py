"""`tongxing try FOLDER --out OUT`: the whole chain on a folder of spreadsheets, in a database that is thrown away.

Invariants:
- nothing outside OUT is written, and OUT holds no more than the report and four documents;
- nobody is paired: the trial proposes, because only a person can note an offence-record check;
- it is reproducible: it happens on one day, the day of `--as-of` or the day the term of the files allows.

What a person would decide is decided by a written default, which report.json repeats: candidates are confirmed at
the suggested level (others as normal), the register starts on the term's first day, helpers are those who teach in
the term, and week 1 is what would be asked if all proposals were confirmed.
"""

import argparse
import datetime
import json
import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from django.utils.translation import gettext as _

from tongxing.care.pairing.actions import Proposed, propose
from tongxing.care.pairing.models import Proposal
from tongxing.care.programme import facts
from tongxing.care.programme.actions import install
from tongxing.care.programme.rules import Obligation, Span, obligations
from tongxing.care.screening import actions as screening
from tongxing.care.screening.models import Looked, Round
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Staff, Student, Term
from tongxing.ground.people.queries import term_calendar
from tongxing.paper.documents.actions import dossier, issue_summary, proposal_table, register_volume
from tongxing.paper.exchange.pipeline import (
    SPREADSHEETS,
    Profile,
    Taken,
    found_school,
    load_profile,
    take_folder,
)

PURPOSE = "tongxing try"
AFTERNOON = datetime.time(18)
WRONG_INPUT = 2
#: What a person would have decided, as report.json says it.
ASSUMED = {
    "levels": "candidates are confirmed at the suggested level, without one as normal",
    "register": "entries start on the first day of the term",
    "without_records": "students of whom the files say nothing are passed over; in real use somebody looks at them",
    "helpers": "colleagues who teach in the term (without lessons everyone), two students each",
    "pairs": "proposed, none confirmed: nobody starts before the offence-record check is noted",
    "week_1": "what teaching week 1 would ask for, had all proposals been confirmed",
}


def run(options: argparse.Namespace) -> int:
    steps = Steps()
    try:
        profile = checked(options.folder, options.out, options.profile)
        with steps.step("database", _("Preparing a database that is thrown away")):
            make_database()
        report = try_folder(options.folder, options.out, profile, options.as_of, steps)
    except Refused as refusal:
        print(f"\ntongxing: {refusal}", file=sys.stderr)
        return WRONG_INPUT
    finally:
        connections.close_all()
    print(closing_words(report, options.out))
    return 0


def make_database() -> None:
    """Nothing in it needs to outlive a power cut, so nobody waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    call_command("migrate", interactive=False, verbosity=0)


def checked(folder: Path, out: Path, profile: Path | None) -> Profile:
    """Everything that can be wrong with the command, said before any work begins."""
    if not folder.is_dir():
        raise Refused(_("There is no folder %(folder)s.") % {"folder": folder})
    if not os.access(folder, os.R_OK | os.X_OK):
        raise Refused(_("The folder %(folder)s may not be read.") % {"folder": folder})
    if not any(file.suffix.lower() in SPREADSHEETS for file in folder.iterdir()):
        raise Refused(
            _("There is no spreadsheet (xlsx, xls or csv) in the folder %(folder)s.") % {"folder": folder}
        )
    if out.resolve() == folder.resolve():
        raise Refused(_("Choose another folder for the results; this one holds your files."))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            _("The results cannot be written to %(folder)s: %(reason)s.")
            % {"folder": out, "reason": error.strerror}
        ) from error
    try:
        return load_profile(profile)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("There is no readable profile %(file)s.") % {"file": profile}) from error


@dataclass
class Steps:
    """Says what is being done and keeps how long it took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        began = time.monotonic()
        print(f"{words} …", end=" ", flush=True)
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        print(f"{self.seconds[name]:.1f} s", flush=True)


def try_folder(
    folder: Path, out: Path, profile: Profile, as_of: datetime.date | None, steps: Steps
) -> dict[str, Any]:
    """Import, screening, register, pairing, obligations, documents; returns what report.json says."""
    start = afternoon(as_of) if as_of else clock.now()
    with clock.telling(start), steps.step("import", _("Reading the spreadsheets")):
        school = found_school(SYSTEM, profile)
        taken = take_folder(SYSTEM, school=school, folder=folder, profile=profile)
    day = day_in_term(taken.term, as_of)
    with clock.telling(afternoon(day)):
        with steps.step("screening", _("Looking at every student")):
            looked = screening.run_round(SYSTEM, term=taken.term, as_of=day)
        screened = looked.looked.count()
        with steps.step("register", _("Confirming the register")):
            confirm_register(looked)
        with steps.step("pairing", _("Proposing a helper for everyone")):
            only_those_who_teach(taken)
            proposed = propose(SYSTEM, school=school, term=taken.term)
        with steps.step("obligations", _("Working out what week 1 asks for")):
            install(SYSTEM, school=school)
            asked = of_week_one(taken.term)
        with steps.step("documents", _("Writing the documents")):
            written = write_documents(out, taken.term)
    report = told(taken, day, looked, screened, proposed, asked) | {"documents": written}
    report["seconds"] = steps.seconds | {"total": round(sum(steps.seconds.values()), 1)}
    (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return report


def afternoon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, AFTERNOON, clock.SCHOOL_TIME)


def day_in_term(term: Term, as_of: datetime.date | None) -> datetime.date:
    """The day asked for; without one today, or the nearest day of the term that the files speak of."""
    if as_of is None:
        return min(max(clock.today(), term.starts_on), term.ends_on)
    if not term.starts_on <= as_of <= term.ends_on:
        raise Refused(
            _("The day %(day)s lies outside the term of these files (%(first)s to %(last)s).")
            % {"day": as_of, "first": term.starts_on, "last": term.ends_on}
        )
    return as_of


def confirm_register(round: Round) -> None:
    """Every candidate at the suggested level, others as normal; approved from the term's first day on.

    Students of whom the files say nothing are passed over here; the report counts them.
    """
    waiting = round.looked.filter(decision=Looked.Decision.PENDING)
    levels = {student: level or "normal" for student, level in waiting.values_list("student_id", "level")}
    if levels:
        screening.confirm(SYSTEM, round=round, levels=levels)
    unseen = Student.objects.filter(school_id=round.school_id).enrolled()
    unseen = unseen.exclude(pk__in=round.looked.values("student"))
    if unseen.exists():
        screening.look_at(SYSTEM, round=round, students=unseen)
    screening.approve(SYSTEM, round=round, on=round.term.starts_on)


def only_those_who_teach(taken: Taken) -> None:
    """Who no longer teaches is no helper; a folder without lessons leaves everyone."""
    if taken.teaching:
        staff = Staff.objects.filter(school=taken.school)
        staff.exclude(teaching__term=taken.term).update(pairing_capacity=0)


def of_week_one(term: Term) -> list[Obligation]:
    """What teaching week 1 asks for, as if every proposal were confirmed on the term's first day."""
    calendar = term_calendar(term)
    rules = [promise.rule for promise in facts.promises(term, calendar.until)]
    helpers = dict(Proposal.objects.open().filter(term=term).values_list("student_id", "helper_id"))
    people = [
        person._replace(helpers=[Span(helper, term.starts_on)] if helper else [])
        for person in facts.supported(SYSTEM, term, calendar.until, rules)
        for helper in [helpers.get(person.student_id)]
    ]
    found = obligations(rules, people, calendar, (), (), clock.now())
    return [one for one in found if 1 in one.weeks]


def write_documents(out: Path, term: Term) -> list[str]:
    """In the school's language, whatever the terminal speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        files = {
            "register.xlsx": register_volume(SYSTEM, term=term, purpose=PURPOSE),
            "pairing.xlsx": proposal_table(SYSTEM, term=term, purpose=PURPOSE),
            "summary.docx": bytes(issue_summary(SYSTEM, term=term, client_id=uuid.uuid4()).file),
        }
        student = first_student(term)
        if student:
            files["dossier.pdf"] = dossier(SYSTEM, student=student, term=term, purpose=PURPOSE)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return sorted(files)


def first_student(term: Term) -> Student | None:
    """A key student if there is one, else somebody on the register."""
    entries = Registration.objects.on(clock.today()).filter(school_id=term.school_id)
    entry = entries.order_by("level", "student_id").select_related("student__school").first()
    return entry.student if entry else None


def told(
    taken: Taken,
    day: datetime.date,
    round: Round,
    screened: int,
    proposed: Proposed,
    asked: list[Obligation],
) -> dict[str, Any]:
    candidates = round.looked.filter(outcome=Looked.Outcome.CANDIDATE)
    reasons = Counter(
        code
        for found in candidates.values_list("reasons", flat=True)
        for code in {one["code"] for one in found}
    )
    register = Registration.objects.on(day).filter(school=taken.school)
    return {
        "as_of": day.isoformat(),
        "term": str(taken.term),
        "students": taken.students,
        "enrolled": taken.enrolled,
        "classes": taken.classes,
        "unassigned": taken.unassigned,
        "staff": taken.staff,
        "teaching": taken.teaching,
        "events": taken.events,
        "events_kept": taken.events_kept,
        "events_repeated": taken.events_repeated,
        "events_of_nobody": taken.events_of_nobody,
        "scores": taken.scores,
        "files_not_read": list(taken.not_read),
        "screened": screened,
        "without_records": taken.enrolled - screened,
        "candidates": candidates.count(),
        "candidates_by_reason": dict(reasons.most_common()),
        "registered": register.count(),
        "key": register.filter(level=Registration.Level.KEY).count(),
        "pairs_proposed": proposed.pairs,
        "unpaired": len(proposed.unpaired),
        "unpaired_by_reason": dict(Counter(one.why for one in proposed.unpaired)),
        "obligations_week_1": len(asked),
        "obligations_week_1_by_commitment": dict(Counter(one.commitment for one in asked)),
        "assumed": ASSUMED,
    }


def closing_words(report: dict[str, Any], out: Path) -> str:
    lines = [
        _(
            "%(students)s students, %(enrolled)s of them enrolled, in %(classes)s classes; %(staff)s colleagues."
        ),
        _("%(screened)s looked at; %(registered)s on the register, %(key)s of them key."),
        _("%(pairs_proposed)s pairs proposed, %(unpaired)s students still without a helper."),
        _("Week 1 would ask for %(obligations_week_1)s things."),
    ]
    if report["files_not_read"]:
        lines.append(_("Not understood: %(files)s.") % {"files": ", ".join(report["files_not_read"])})
    lines.append(_("The report and the documents are in %(folder)s. The database is gone.") % {"folder": out})
    return "\n" + "\n".join(line % report if "%(" in line else line for line in lines)
