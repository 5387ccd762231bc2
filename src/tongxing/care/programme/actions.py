"""Changing what the school promises its students.

Who may: `settings.manage`. A change ends one version and begins the next with the next window; a stop says why.
"""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from . import versions
from .builtin import BUILTINS, FIRST, Builtin
from .models import Commitment, Programme
from .versions import Terms


@transaction.atomic
def install(actor: Actor, *, school: Organisation, programmes: Iterable[str] = FIRST) -> int:
    """Give a school these built-in programmes; what it has already stays as it is. Returns what was added."""
    return take_in(actor, school=school, sets=[BUILTINS[code] for code in programmes])


@transaction.atomic
def take_in(actor: Actor, *, school: Organisation, sets: Iterable[Builtin]) -> int:
    """Give a school what of these sets of promises it does not have yet; each goes under the set's name."""
    actor.require("settings.manage", school_id=school.pk)
    added, drafts = 0, [(one, versions.of_builtin(school, one)) for one in sets]
    for builtin, promises in drafts:
        programme = _programme(school, builtin.code, builtin.name_zh, builtin.name_en)
        for promise in promises:
            promise.programme, promise.recorded_by_id = programme, actor.user_id
            promise.position += added
            promise.save(force_insert=True)
        added += len(promises)
    if added:
        audit.record(actor, "programme.install", school_id=school.pk, detail={"commitments": added})
    return added


@transaction.atomic
def add(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    terms: Terms,
    starts_on: datetime.date | None = None,
    reason: str = "",
) -> Commitment:
    """A promise of the school's own. The same `client_id` again gives the same promise again."""
    actor.require("settings.manage", school_id=school.pk)
    code = f"own-{client_id.hex[:20]}"
    if found := Commitment.objects.filter(school=school, code=code).first():
        return found
    _refuse_twin(school, terms)
    new = versions.draft_new(school, code, terms, starts_on, reason)
    new.programme = _programme(school, "own", "本校约定", "The school's own promises")
    new.position = Commitment.objects.filter(school=school).count()
    new.recorded_by_id = actor.user_id
    new.save(force_insert=True)
    _log(actor, "programme.add", new, _cadence(new))
    return new


@transaction.atomic
def change(
    actor: Actor,
    *,
    commitment: Commitment,
    terms: Terms,
    starts_on: datetime.date | None = None,
    reason: str = "",
) -> Commitment:
    """Ask a promise in another way from the next window on, or later; what was asked until then stays as it was.

    A name alone says nothing about what is asked: it changes at once.
    """
    actor.require("settings.manage", school_id=commitment.school_id)
    old = _open_version(commitment)
    if old.pk != commitment.pk:
        raise Refused(_("This promise was changed in the meantime. Please look at it once more."))
    if versions.only_name(old, terms):
        return _rename(actor, old, terms)
    _refuse_twin(old.school, terms, but=old.code)
    new = versions.draft_change(old, terms, starts_on, reason)
    new.recorded_by_id = actor.user_id
    versions.end(actor, old, versions.day_before(new), reason)
    new.save(force_insert=True)
    _log(actor, "programme.change", new, _cadence(new))
    return new


@transaction.atomic
def stop(actor: Actor, *, commitment: Commitment, reason: str) -> None:
    """Ask a promise no longer, from tomorrow on; what is open today is released tomorrow."""
    actor.require("settings.manage", school_id=commitment.school_id)
    versions.need_reason(reason)
    old = _open_version(commitment)
    versions.end(actor, old, clock.today(), reason)
    _log(actor, "programme.stop", old, {})


@transaction.atomic
def stop_programme(actor: Actor, *, programme: Programme, reason: str) -> int:
    """Ask for nothing of this programme any more, from tomorrow on. Returns how many promises ended."""
    actor.require("settings.manage", school_id=programme.school_id)
    versions.need_reason(reason)
    held = list(programme.commitments.open().select_for_update())
    if not held:
        raise Refused(_("Nothing of this programme is asked for at the moment."))
    for one in held:
        versions.end(actor, one, clock.today(), reason)
    audit.record(
        actor,
        "programme.stop",
        school_id=programme.school_id,
        subject=("programme", programme.pk),
        detail={"code": programme.code, "commitments": len(held)},
    )
    return len(held)


@transaction.atomic
def resume(actor: Actor, *, commitment: Commitment) -> Commitment:
    """Ask a promise again that was stopped, from today on; a window that the stop has cut is asked for whole.

    The stopped version stays as it was, so that looking back shows the time without it.
    """
    actor.require("settings.manage", school_id=commitment.school_id)
    found = Commitment.objects.select_for_update().filter(
        school_id=commitment.school_id, code=commitment.code
    )
    if found.filter(ends_on=None).exists():
        raise Refused(_("This promise is being kept already."))
    last = found.latest("pk")
    starts = versions.resumes(last)
    new = versions.another(last, starts_on=starts, reason="", recorded_by_id=actor.user_id)
    new.save(force_insert=True)
    _log(actor, "programme.resume", new, {})
    return new


def _programme(school: Organisation, code: str, name_zh: str, name_en: str) -> Programme:
    names = {"name_zh": name_zh, "name_en": name_en}
    return Programme.objects.get_or_create(school=school, code=code, defaults=names)[0]


def _rename(actor: Actor, one: Commitment, terms: Terms) -> Commitment:
    versions.check(terms)
    if terms.label.strip() != one.label:
        one.label_zh = one.label_en = terms.label.strip()
        one.save(update_fields=["label_zh", "label_en"])
        _log(actor, "programme.rename", one, {"label": one.label})
    return one


def _open_version(commitment: Commitment) -> Commitment:
    """The version in force, locked: a second click, or a page that is out of date, finds it gone."""
    found = (
        Commitment.objects.select_for_update()
        .filter(school_id=commitment.school_id, code=commitment.code, ends_on=None)
        .first()
    )
    if found is None:
        raise Refused(_("This promise is not being kept at the moment."))
    return found


def _refuse_twin(school: Organisation, terms: Terms, but: str = "") -> None:
    """The same promise twice would ask everything twice."""
    for one in Commitment.objects.filter(school=school).open().exclude(code=but):
        if terms.same_as(replace(Terms.of(one), label=terms.label)):
            raise Refused(_("“%(what)s” asks for the same already.") % {"what": one.label})


def _cadence(commitment: Commitment) -> dict[str, object]:
    return {"every": commitment.every, "n": commitment.n, "due_from": commitment.due_from}


def _log(actor: Actor, action: str, commitment: Commitment, detail: dict[str, object]) -> None:
    audit.record(
        actor,
        action,
        school_id=commitment.school_id,
        subject=("commitment", commitment.pk),
        detail={"code": commitment.code, **detail},
    )
