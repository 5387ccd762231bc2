"""The text index of the notes: kept in the transaction of the action that writes, corrects or withdraws.

Invariants:
- a restricted record is never in it, a withdrawn one no longer;
- it is searched only below what the actor sees: filter first, count afterwards;
- a deleted student takes the rows along; SQLite's index forgets the words themselves (`secure-delete`).
"""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from . import search
from .models import Contact, ContactRevision, ContactSet, NoteText, State, Visibility

ROWS_AT_ONCE = 500
#: The rows of `NoteText` that a search meets, in the words of each database.
MATCHING = {
    "sqlite": "SELECT rowid FROM contacts_noteindex WHERE contacts_noteindex MATCH %s",
    "postgresql": (
        "SELECT id FROM contacts_notetext WHERE to_tsvector('simple', text) @@ to_tsquery('simple', %s)"
    ),
}


def keep(contact: Contact, body: Mapping[str, str]) -> None:
    """Bring the index to where this record stands now; `body` are its answers."""
    if contact.restricted or contact.withdrawn:
        NoteText.objects.filter(contact=contact).delete()
        return
    row = NoteText(contact=contact, school_id=contact.school_id, text=_spaced(body))
    NoteText.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["contact"], update_fields=["text"]
    )


def fill() -> int:
    """Take the records into the index that are not in it yet; returns how many. Run when a version is new."""
    missing = Contact.objects.standing().filter(visibility=Visibility.TEAM, note=None)
    ids = list(missing.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), ROWS_AT_ONCE):
        told = ContactRevision.objects.exclude(state=State.WITHDRAWN).order_by("number")
        rows = told.filter(contact__in=ids[start : start + ROWS_AT_ONCE])
        latest = {row[0]: row for row in rows.values_list("contact_id", "school_id", "body")}
        NoteText.objects.bulk_create(
            NoteText(contact_id=contact, school_id=school, text=_spaced(body))
            for contact, school, body in latest.values()
        )
    return len(ids)


def matching(contacts: ContactSet, wanted: Sequence[Sequence[str]]) -> ContactSet:
    """Those of `contacts` whose note meets every part of a search (`search.parts`)."""
    query = QUERY[connection.vendor](wanted)
    return contacts.filter(note__pk__in=RawSQL(MATCHING[connection.vendor], [query]))  # noqa: S611  # a constant


def _spaced(body: Mapping[str, str]) -> str:
    """The answers as the index holds them, one after the other."""
    return search.spaced("\n".join(body.values()))


def _phrase(part: Sequence[str]) -> str:
    """FTS5: a phrase whose last word may go on, if it is a Latin one."""
    return f'"{" ".join(part)}"' + ("*" if part[-1].isascii() else "")


def _following(part: Sequence[str]) -> str:
    """PostgreSQL: words that follow each other, the last of which may go on."""
    return " <-> ".join(f"'{word}'" for word in part) + (":*" if part[-1].isascii() else "")


QUERY = {
    "sqlite": lambda wanted: " AND ".join(_phrase(part) for part in wanted),
    "postgresql": lambda wanted: " & ".join(f"({_following(part)})" for part in wanted),
}
