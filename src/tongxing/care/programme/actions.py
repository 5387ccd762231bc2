"""Changing what the school promises, and letting a promise rest for one student.

Who may: programmes and cadences `settings.manage`; exemptions `programme.exempt` for that student. A helper alone
cannot exempt: nobody excuses themselves.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Student
from tongxing.ground.people.queries import current_term

from .builtin import BUILTINS
from .models import Commitment, Exemption, Programme

DAY = datetime.timedelta(days=1)
MOST_WEEKS = 10
MOST_DUE_FROM = 20
OF_THE_TERM = {"term", "term_start", "break"}


@transaction.atomic
def install(actor: Actor, *, school: Organisation) -> int:
    """Give a school the built-in programmes; what it has already stays as it is. Returns what was added."""
    actor.require("settings.manage", school_id=school.pk)
    known = set(Commitment.objects.filter(school=school).values_list("code", flat=True))
    added = 0
    for builtin in BUILTINS:
        programme, _made = Programme.objects.get_or_create(
            school=school,
            code=builtin.code,
            defaults={"name_zh": builtin.name_zh, "name_en": builtin.name_en},
        )
        for promise in builtin.commitments:
            if promise["code"] not in known:
                Commitment.objects.create(
                    school=school,
                    programme=programme,
                    position=len(known) + added,
                    recorded_at=clock.now(),
                    **promise,
                )
                added += 1
    if added:
        audit.record(actor, "programme.install", school_id=school.pk, detail={"commitments": added})
    return added


@transaction.atomic
def change_cadence(
    actor: Actor, *, commitment: Commitment, every: str, n: int = 1, due_from: int = 1
) -> Commitment:
    """Ask a promise in another rhythm from the next window on; what was asked until then stays as it was."""
    actor.require("settings.manage", school_id=commitment.school_id)
    old = _open_version(commitment)
    _check_cadence(every, n, due_from)
    if (old.every, old.n, old.due_from) == (every, n, due_from):
        return old
    from_day = max(_next_window(old, old.every), _next_window(old, every))
    new = _another(old, starts_on=from_day, every=every, n=n, due_from=due_from)
    _end(old, from_day - DAY)
    new.save(force_insert=True)
    _log(actor, "programme.change", new, {"every": every, "n": n, "due_from": due_from})
    return new


@transaction.atomic
def stop(actor: Actor, *, commitment: Commitment) -> None:
    """Ask a promise no longer, from tomorrow on; what is open today is released tomorrow."""
    actor.require("settings.manage", school_id=commitment.school_id)
    old = _open_version(commitment)
    _end(old, clock.today())
    _log(actor, "programme.stop", old, {})


@transaction.atomic
def resume(actor: Actor, *, commitment: Commitment) -> Commitment:
    """Ask a promise again that was stopped: from today on, or for the whole term if it is one of the term."""
    actor.require("settings.manage", school_id=commitment.school_id)
    versions = Commitment.objects.select_for_update().filter(
        school_id=commitment.school_id, code=commitment.code
    )
    if versions.filter(ends_on=None).exists():
        raise Refused(_("This promise is being kept already."))
    last = versions.latest("pk")
    ended = last.ends_on or clock.today()
    begins = max(clock.today(), ended + DAY)
    if last.every in OF_THE_TERM:
        begins = _next_window(last, last.every)
        last.ends_on = min(ended, begins - DAY)
        last.save(update_fields=["ends_on"])
    new = _another(last, starts_on=begins)
    new.save(force_insert=True)
    _log(actor, "programme.resume", new, {})
    return new


@transaction.atomic
def exempt(
    actor: Actor,
    *,
    student: Student,
    reason: str,
    commitment: str = "",
    starts_on: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Exemption:
    """Let one promise, or (empty) every promise, rest for a student. The same exemption twice is one."""
    actor.require("programme.exempt", school_id=student.school_id, student_id=student.pk)
    starts_on, reason = starts_on or clock.today(), reason.strip()
    if not reason:
        raise Refused(_("Please say why, so that others understand it later."), field="reason")
    if until and until < starts_on:
        raise Refused(_("The last day lies before the first."), field="until")
    if not Registration.objects.filter(student=student).exclude(ends_on__lt=starts_on).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": student.name})
    if commitment and not Commitment.objects.filter(school=student.school_id, code=commitment).exists():
        raise Refused(_("Choose what is not to be asked for."), field="commitment")
    Student.objects.select_for_update(no_key=True).get(
        pk=student.pk
    )  # a second click waits and finds the first
    found, made = Exemption.objects.get_or_create(
        school_id=student.school_id,
        student=student,
        commitment=commitment,
        starts_on=starts_on,
        until=until,
        ended_at=None,
        defaults={"reason": reason, "recorded_at": clock.now(), "recorded_by_id": actor.user_id},
    )
    if made:
        detail = {
            "student": student.pk,
            "commitment": commitment,
            "days": (until - starts_on).days + 1 if until else None,
        }
        audit.record(
            actor,
            "programme.exempt",
            school_id=student.school_id,
            subject=("exemption", found.pk),
            detail=detail,
        )
    return found


@transaction.atomic
def end_exemption(actor: Actor, *, exemption: Exemption) -> None:
    """Ask again from today on; the days until yesterday stay exempt."""
    actor.require("programme.exempt", school_id=exemption.school_id, student_id=exemption.student_id)
    held = Exemption.objects.select_for_update().get(pk=exemption.pk)
    if held.ended_at or (held.until and held.until < clock.today()):
        raise Refused(_("This exemption is over already."))
    held.ended_on, held.ended_at = clock.today() - DAY, clock.now()
    held.save(update_fields=["ended_on", "ended_at"])
    audit.record(
        actor,
        "programme.end-exemption",
        school_id=held.school_id,
        subject=("exemption", held.pk),
        detail={"student": held.student_id},
    )


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


def _check_cadence(every: str, n: int, due_from: int) -> None:
    if every not in Commitment.Every.values:
        raise Refused(_("Choose how often."), field="every")
    if not 1 <= n <= MOST_WEEKS:
        raise Refused(_("Choose between 1 and %(n)d weeks.") % {"n": MOST_WEEKS}, field="n")
    if not 1 <= due_from <= MOST_DUE_FROM:
        raise Refused(_("Choose a week between 1 and %(n)d.") % {"n": MOST_DUE_FROM}, field="due_from")


def _next_window(commitment: Commitment, every: str) -> datetime.date:
    """The day a change of this cadence can begin without cutting what is being asked: next Monday, the first of
    next month, or, for promises of the term or its break, the term's first day, so that what is done in it still
    counts."""
    today = clock.today()
    if every in {"week", "weeks", "break_weeks"}:
        return today + DAY * (7 - today.weekday())
    if every == "month":
        return (today.replace(day=1) + 32 * DAY).replace(day=1)
    term = current_term(commitment.school, today)
    return min(term.starts_on, today) if term else today


def _another(old: Commitment, **changes: object) -> Commitment:
    kept = {field.attname: getattr(old, field.attname) for field in Commitment._meta.concrete_fields}
    dates = {"id": None, "ends_on": None, "ended_at": None, "recorded_at": clock.now()}
    return Commitment(**(kept | dates | changes))


def _end(commitment: Commitment, last_day: datetime.date) -> None:
    commitment.ends_on, commitment.ended_at = last_day, clock.now()
    commitment.save(update_fields=["ends_on", "ended_at"])


def _log(actor: Actor, action: str, commitment: Commitment, detail: dict[str, object]) -> None:
    audit.record(
        actor,
        action,
        school_id=commitment.school_id,
        subject=("commitment", commitment.pk),
        detail={"code": commitment.code, **detail},
    )
