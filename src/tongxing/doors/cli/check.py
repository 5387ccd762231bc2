"""`tongxing check`: does everything still fit together? Words for a person, and an exit code for a program."""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.aid.ledger import auditor
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.encryption import Unreadable, verify_key
from tongxing.ground.kernel.models import SubjectKey

#: What the pragmas answer when all is well; a database in memory, as in tests, has no pages to authenticate.
FINE = {"ok", "database file is undefined"}


class Finding(NamedTuple):
    ok: bool
    text: str


def run(_options: argparse.Namespace) -> int:
    sound = True
    for finding in findings():
        sound = sound and finding.ok
        print(("✓ " if finding.ok else "✗ ") + finding.text, flush=True)
    return 0 if sound else 1


def findings() -> Iterator[Finding]:
    """What is sound and what is not. A database that cannot be read ends the check."""
    try:
        yield from _database()
        if not _tables_are_current():
            yield Finding(
                False, _("The tables are of another version. Start Tongxing once; it brings them up to date.")
            )
            return
        yield _chain()
        yield _keys()
        yield from _money()
    except DatabaseError as error:
        yield Finding(False, _("The database cannot be read: %(reason)s") % {"reason": error})


def _database() -> Iterator[Finding]:
    problems: list[str] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for check in ("cipher_integrity_check", "integrity_check"):
                cursor.execute(f"PRAGMA {check}")
                problems += [str(row[0]) for row in cursor.fetchall() if row[0] not in FINE]
            cursor.execute("PRAGMA foreign_key_check")
            problems += [f"{table} {row}" for table, row, *_rest in cursor.fetchall()]
        else:
            cursor.execute("SELECT 1")
    for problem in problems[:5]:
        yield Finding(False, _("The database file is damaged: %(problem)s") % {"problem": problem})
    if not problems:
        yield Finding(True, _("The database is whole."))


def _tables_are_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _chain() -> Finding:
    verdict = audit.verify()
    if verdict.intact:
        text = ngettext(
            "The audit trail is unbroken: %(n)s entry.",
            "The audit trail is unbroken: %(n)s entries.",
            verdict.entries,
        )
        return Finding(True, text % {"n": verdict.entries})
    if verdict.broken_at == 0:
        return Finding(False, _("The audit trail was cut off at its end."))
    return Finding(
        False,
        _("The audit trail does not fit from entry %(id)s on: somebody changed it by hand.")
        % {"id": verdict.broken_at},
    )


def _money() -> Iterator[Finding]:
    problems = auditor.complaints()
    for problem in problems[:5]:
        yield Finding(False, _("The aid books are wrong: %(problem)s") % {"problem": problem})
    if not problems:
        yield Finding(True, _("The aid books of every school add up, and nobody checked their own entry."))


def _keys() -> Finding:
    opened = unreadable = 0
    for key in SubjectKey.objects.iterator(chunk_size=2000):
        try:
            verify_key(key)
            opened += 1
        except Unreadable:
            unreadable += 1
    if unreadable:
        text = ngettext(
            "%(n)s student's key cannot be opened with the installation's key.",
            "%(n)s students' keys cannot be opened with the installation's key.",
            unreadable,
        )
        return Finding(False, text % {"n": unreadable})
    return Finding(
        True, ngettext("%(n)s student's key opens.", "%(n)s students' keys open.", opened) % {"n": opened}
    )
