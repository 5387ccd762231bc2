"""Handing files in, looking at what they would change, taking them over: all or nothing.

Invariants:
- a preview plans the very import that is written later, so that it promises nothing else than what will be done,
  and holds up nobody meanwhile;
- nothing is taken over while one row is wrong, and nothing is half-written when a disk is full;
- the same files twice change nothing; one audit row says who took over what.
"""

import datetime
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.book import Book

from . import saved_profiles, trace
from .content import Content, unpack
from .engine import Outcome, plan
from .models import ImportBatch
from .profile import EMPTY, Profile, read_profile
from .reader import Sheet, read

MOST_FILES = 12
SECONDS = 9.0  # for all files together: a clear word within ten seconds
KEPT = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


def preview(
    actor: Actor,
    *,
    school: Organisation,
    uploads: Sequence[Upload],
    exam_name: str = "",
    held_on: datetime.date | None = None,
) -> ImportBatch:
    """Read the files and say what they would change. A .toml among them is taken as their profile."""
    actor.require("import.run", school_id=school.pk)
    if not uploads:
        raise Refused(_("Please choose at least one file."), field="uploads")
    if len(uploads) > MOST_FILES:
        raise Refused(
            _("Please choose at most %(most)s files at a time.") % {"most": MOST_FILES}, field="uploads"
        )
    profile, profile_text = _profile(uploads)
    sheets, files = _read_all([one for one in uploads if not _is_profile(one)])
    content = Content(sheets, profile_text, (exam_name.strip()[:80], held_on.isoformat() if held_on else ""))
    saved_profiles.apply(school, content, profile)
    counts, problems = planned(actor, school, content)[0].as_json()
    forget_content(older_than=KEPT)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            school=school,
            created_by_id=actor.user_id,
            created_at=clock.now(),
            files=described(files, content),
            counts=counts,
            problems=problems,
            content=content.pack(),
        )
        _log(actor, "import.preview", batch)
    return batch


def described(files: list[dict], content: Content) -> list[dict]:
    """Each file with what its sheets are taken for."""
    return [file | {"tables": content.described(file["places"])} for file in files]


def look_again(actor: Actor, *, batch: ImportBatch, before: bytes, content: Content) -> None:
    """Keep what a person chose or corrected since `before`, and say anew what would change."""
    counts, problems = planned(actor, batch.school, content)[0].as_json()
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if not held.is_open or bytes(held.content) != before:
            raise Refused(_("Somebody else has changed this import meanwhile. Please look at it again."))
        held.files, held.content = described(held.files, content), content.pack()
        held.counts, held.problems = counts, problems
        held.save(update_fields=["files", "content", "counts", "problems"])


def opened(batch: ImportBatch) -> tuple[bytes, Content]:
    """The content of an open import, as it is stored and as it is meant."""
    if not batch.is_open or not batch.content:
        raise Refused(_("This import is no longer open. Please hand the files in again."))
    return bytes(batch.content), unpack(bytes(batch.content))


def _is_profile(upload: Upload) -> bool:
    return PurePath(upload.name).suffix.lower() == ".toml"


def _profile(uploads: Sequence[Upload]) -> tuple[Profile, str]:
    found = [one for one in uploads if _is_profile(one)]
    if not found:
        return EMPTY, ""
    if len(found) > 1 or len(found) == len(uploads):
        raise Refused(_("Please choose one profile together with the files it describes."), field="uploads")
    try:
        text = found[0].content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            _("The profile cannot be used: it is not written in UTF-8."), field="uploads"
        ) from error
    return read_profile(text), text


def _read_all(uploads: Sequence[Upload]) -> tuple[list[Sheet], list[dict]]:
    """The sheets of all files, and per file the places of its sheets or why it was refused."""
    sheets: list[Sheet] = []
    files = []
    ends = time.monotonic() + SECONDS
    for upload in uploads:
        found: list[Sheet] = []
        refused = ""
        try:
            found = read(upload.name, upload.content, seconds=max(0.5, ends - time.monotonic()))
        except Refused as refusal:
            refused = refusal.message
        places = list(range(len(sheets), len(sheets) + len(found)))
        sheets += [replace(sheet, place=place) for sheet, place in zip(found, places, strict=True)]
        sha = hashlib.sha256(upload.content).hexdigest()
        files.append({"name": upload.name, "sha256": sha, "refused": refused, "places": places})
    return sheets, files


def planned(actor: Actor, school: Organisation, content: Content) -> tuple[Outcome, Book]:
    """What the import would do; nothing is written and nobody is held up."""
    return plan(actor, school=school, tables=content.tables(), settings=content.settings())


def commit(actor: Actor, *, batch: ImportBatch) -> ImportBatch:
    """Take a previewed import over, completely or not at all. A second click finds it done.

    It is planned before the transaction begins, so that others are held up by the writing alone; whatever happened
    in between, it is planned again inside.
    """
    actor.require("import.run", school_id=batch.school_id)
    if batch.state == ImportBatch.State.DONE:
        return batch
    before, content = opened(batch)
    if batch.problem_count:
        raise Refused(_("There are rows to correct first. Nothing was changed."))
    stood = audit.position()
    plan_made = planned(actor, batch.school, content)
    try:
        with transaction.atomic():
            held = ImportBatch.objects.select_for_update().select_related("school").get(pk=batch.pk)
            if held.state == ImportBatch.State.DONE:
                return held
            if bytes(held.content) != before or audit.position() != stood:
                plan_made = planned(actor, held.school, opened(held)[1])
            return _write(actor, held, *plan_made)
    except (DatabaseError, OSError) as error:
        _note_failure(batch.pk)
        raise _could_not_write() from error


def _write(actor: Actor, batch: ImportBatch, outcome: Outcome, book: Book) -> ImportBatch:
    if outcome.problems:
        raise Refused(
            _("The records have changed since the preview. Nothing was taken over; please hand the files in again.")
        )  # fmt: skip
    batch.trace = trace.pack(trace.trace_of(book.write(actor)))
    batch.counts, _none = outcome.as_json()
    _close(batch, ImportBatch.State.DONE)
    _log(actor, "import.commit", batch)
    return batch


def _log(actor: Actor, action: str, batch: ImportBatch) -> None:
    audit.record(
        actor,
        action,
        school_id=batch.school_id,
        subject=("import", batch.pk),
        detail={"files": len(batch.files), "rows": batch.touched},
    )


def _close(batch: ImportBatch, state: str) -> None:
    batch.state, batch.content, batch.problems, batch.decided_at = state, b"", [], clock.now()
    batch.save(update_fields=["state", "content", "problems", "decided_at", "counts", "trace"])


def _note_failure(batch_id: int) -> None:
    """As far as the disk allows: the import stays open, so that it can be tried again when there is room."""
    try:
        with transaction.atomic():
            ImportBatch.objects.filter(pk=batch_id, state=ImportBatch.State.PREVIEWED).update(
                decided_at=clock.now()
            )
    except (DatabaseError, OSError):
        return


def _could_not_write() -> Refused:
    return Refused(
        _("The data could not be written; perhaps the disk is full. Nothing was changed. Please try again later.")
    )  # fmt: skip


@transaction.atomic
def discard(actor: Actor, *, batch: ImportBatch) -> None:
    """Set an import aside; its cells are forgotten at once."""
    actor.require("import.run", school_id=batch.school_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_open:
        raise Refused(_("This import is no longer open."))
    _close(batch, ImportBatch.State.DISCARDED)
    _log(actor, "import.discard", batch)


def forget_content(*, older_than: datetime.timedelta) -> int:
    """Forget the cells of imports that nobody decided about. Also for the daily schedule."""
    waiting = ImportBatch.objects.filter(
        state=ImportBatch.State.PREVIEWED, created_at__lt=clock.now() - older_than
    )
    return waiting.update(state=ImportBatch.State.DISCARDED, content=b"", problems=[], decided_at=clock.now())
