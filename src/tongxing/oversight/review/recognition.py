"""Writing down praise that came, with its paper; taking a line back."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.beside import opened, put_beside, taken_away
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.queries import current_term

from .models import Recognition, RecognitionFile
from .models_recognition import FROM, NOTE, TEXT
from .names import names_family

MOST = 4
LONGEST = {"from_whom": FROM, "text": TEXT}


@transaction.atomic
def note(actor: Actor, *, school: Organisation, client_id: UUID, facts: dict[str, Any]) -> Recognition:
    """`facts`: kind, from_whom, day, text."""
    user_id = _person(actor, school.pk)
    told = _checked(school, facts)
    found = Recognition.objects.filter(school=school, client_id=client_id)

    def noted() -> Recognition:
        made = Recognition.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), **told
        )
        _log(actor, "recognition.note", made)
        return made

    return once(found.first, noted)


def _checked(school: Organisation, facts: dict[str, Any]) -> dict[str, Any]:
    told = facts | {name: " ".join(facts[name].split()) for name in LONGEST}
    if told["kind"] not in Recognition.Kind:
        raise Refused(_("Please choose from whom it came."), field="kind")
    for name, longest in LONGEST.items():
        if not told[name]:
            raise Refused(_("Please write it in a line."), field=name)
        if len(told[name]) > longest:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=name)
        if names_family(school, told[name]):
            raise Refused(
                _("Please name the office or “a family of class …”, no child and no parent."), field=name
            )
    if told["day"] > clock.today():
        raise Refused(_("This day has not come yet."), field="day")
    term = current_term(school, told["day"])
    if term is None:
        raise Refused(_("There is no term on this day."), field="day")
    return {name: told[name] for name in ("kind", "from_whom", "day", "text")} | {"term": term}


@transaction.atomic
def take_back(actor: Actor, *, recognition: Recognition, reason: str) -> None:
    """It did not come, or not like this; no summary says it any more."""
    held, reason = _held(actor, recognition), " ".join(reason.split())
    if held.ended_at is not None:
        return
    if not reason:
        raise Refused(_("Please say why it is taken back."), field="reason")
    held.end(actor.user_id, reason)
    _log(actor, "recognition.back", held)


@transaction.atomic
def put_back(actor: Actor, *, recognition: Recognition) -> None:
    """Taken back by mistake a moment ago."""
    held = _held(actor, recognition)
    if held.ended_at is not None:
        held.end_no_more(_("It was taken back a while ago. Please write it anew."))
        _log(actor, "recognition.again", held)


@transaction.atomic
def add_file(actor: Actor, *, recognition: Recognition, label: str, content: bytes) -> RecognitionFile:
    held = _held(actor, recognition)
    made = put_beside(
        RecognitionFile,
        actor.user_id,
        label=label,
        content=content,
        most=MOST,
        school=held.school,
        recognition=held,
    )
    _log(actor, "recognition.file", held)
    return made


@transaction.atomic
def open_file(actor: Actor, *, file: RecognitionFile) -> tuple[bytes, str]:
    rows = RecognitionFile.objects.visible_to(actor).standing()
    return opened(rows.select_related("file__key").get(pk=file.pk))


@transaction.atomic
def take_file_away(actor: Actor, *, file: RecognitionFile) -> None:
    """Gone for good, its key with it."""
    rows = RecognitionFile.objects.select_for_update(of=("self",))
    row = rows.select_related("key", "file", "recognition").get(pk=file.pk)
    _held(actor, row.recognition)
    if taken_away(row, actor.user_id):
        _log(actor, "recognition.file-away", row.recognition)


def keeps(actor: Actor, recognition: Recognition) -> bool:
    return actor.user_id is not None and actor.may(NOTE, school_id=recognition.school_id)


def _person(actor: Actor, school_id: int) -> int:
    actor.require(NOTE, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(NOTE)
    return actor.user_id


def _held(actor: Actor, recognition: Recognition) -> Recognition:
    _person(actor, recognition.school_id)
    rows = Recognition.objects.select_for_update(of=("self",)).select_related("school")
    return rows.get(pk=recognition.pk)


def _log(actor: Actor, action: str, recognition: Recognition) -> None:
    audit.record(actor, action, school_id=recognition.school_id, subject=("recognition", recognition.pk))
