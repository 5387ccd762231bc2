"""Calling a meeting, writing its minutes, deciding who sees to what by when, and saying that it is done."""

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import SchoolClass, Staff
from tongxing.ground.people.queries import current_term

from .models_meetings import HOLD, LINE, MANAGE, PLACE, TEXT, TITLE, Decision, Meeting, Presence

ASKED = gettext_lazy("A meeting asked you to see to something.")
#: So long after they were written minutes can be corrected.
CORRECTED_FOR = datetime.timedelta(days=7)
LONGEST = {"title": TITLE, "place": PLACE, "agenda": TEXT}


@transaction.atomic
def call(actor: Actor, *, school: Organisation, client_id: UUID, kind: str, facts: dict[str, Any]) -> Meeting:
    """A meeting on a day, past or to come. `facts`: title, day, place, led_by, school_class, agenda."""
    user_id = _person(actor, HOLD, school.pk)
    if kind not in Meeting.Kind:
        raise Refused(_("Please choose what kind of meeting it is."), field="kind")
    facts = _checked(actor, school, kind, facts)
    found = Meeting.objects.filter(school=school, client_id=client_id)

    def called() -> Meeting:
        made = Meeting.objects.create(
            school=school,
            client_id=client_id,
            entered_by_id=user_id,
            entered_at=clock.now(),
            kind=kind,
            **facts,
        )
        _log(actor, "meeting.call", made, kind=kind)
        return made

    return once(found.first, called)


@transaction.atomic
def change(actor: Actor, *, meeting: Meeting, facts: dict[str, Any]) -> None:
    """What was planned differently; the minutes are written apart."""
    meeting = _held(actor, meeting)
    facts = _checked(actor, meeting.school, meeting.kind, facts)
    for name, value in facts.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=list(facts))
    _log(actor, "meeting.change", meeting)


def _checked(actor: Actor, school: Organisation, kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    facts = facts | {name: str(facts.get(name, "")).strip() for name in LONGEST}
    if not facts["title"]:
        raise Refused(_("Please say what the meeting is about."), field="title")
    for name, longest in LONGEST.items():
        if len(facts[name]) > longest:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=name)
    led_by, school_class = facts["led_by"], facts.get("school_class")
    if led_by.school_id != school.pk or (school_class and school_class.school_id != school.pk):
        raise Refused(_("This belongs to another school."))
    is_theme = kind == Meeting.Kind.THEME
    if is_theme and school_class is None:
        raise Refused(_("Please choose the class."), field="school_class")
    if not actor.may(MANAGE, school_id=school.pk) and not (is_theme and _leads(actor, school, school_class)):
        raise Refused(_("A class teacher calls the themed meeting of the own class."), field="kind")
    return facts | {"school_class": school_class if is_theme else None}


def _leads(actor: Actor, school: Organisation, school_class: SchoolClass | None) -> bool:
    term = current_term(school, clock.today())
    if term is None or school_class is None:
        return False
    return classes_for(actor, HOLD, term).filter(pk=school_class.pk).exists()


@transaction.atomic
def write_minutes(
    actor: Actor, *, meeting: Meeting, minutes: str, staff: Collection[Staff], students: int | None
) -> None:
    """What was said and who was there; corrected within a week, then the minutes stand."""
    user_id = _person(actor, HOLD, meeting.school_id)
    meeting, minutes = _held(actor, meeting), minutes.strip()
    if meeting.day > clock.today():
        raise Refused(_("Minutes are written once the meeting has been held."), field="minutes")
    if not minutes:
        raise Refused(_("Please write in a few lines what was said."), field="minutes")
    if len(minutes) > TEXT:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": TEXT}, field="minutes")
    if any(one.school_id != meeting.school_id for one in staff):
        raise Refused(_("This belongs to another school."))
    if meeting.minuted_at is None:
        meeting.minuted_by_id, meeting.minuted_at = user_id, clock.now()
    elif not is_correctable(meeting):
        raise Refused(
            _("These minutes have stood for a week. Please note what is new at the next meeting."),
            field="minutes",
        )
    meeting.minutes, meeting.students = minutes, students
    meeting.save(update_fields=["minutes", "students", "minuted_by", "minuted_at"])
    meeting.presences.exclude(staff__in=staff).delete()
    known = set(meeting.presences.values_list("staff", flat=True))
    new = [one for one in staff if one.pk not in known]
    Presence.objects.bulk_create(
        Presence(school_id=meeting.school_id, meeting=meeting, staff=one) for one in new
    )
    _log(actor, "meeting.minutes", meeting, people=len(staff))


@transaction.atomic
def cancel(actor: Actor, *, meeting: Meeting, reason: str) -> None:
    """Not held; what it had decided is asked of nobody."""
    user_id = _person(actor, HOLD, meeting.school_id)
    meeting, reason = _held(actor, meeting), " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why it is not held."), field="reason")
    if meeting.minutes:
        raise Refused(_("It has been held: its minutes stay."))
    meeting.end(user_id, reason)
    _log(actor, "meeting.cancel", meeting)


@transaction.atomic
def hold_after_all(actor: Actor, *, meeting: Meeting) -> None:
    """Cancelled by mistake a moment ago."""
    require_holds(actor, meeting)
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if held.ended_at is None:
        return
    held.end_no_more(_("It was cancelled a while ago. Please call it anew."))
    _log(actor, "meeting.hold", held)


@transaction.atomic
def decide(
    actor: Actor, *, meeting: Meeting, client_id: UUID, text: str, person: Staff, due_on: datetime.date
) -> Decision:
    """Somebody sees to something by a day; a message says so, and it stands on that colleague's week."""
    user_id = _person(actor, HOLD, meeting.school_id)
    meeting, text = _held(actor, meeting), _line(text, "text")
    if person.school_id != meeting.school_id or not Staff.objects.active(clock.today()).filter(pk=person.pk):
        raise Refused(_("This colleague does not work here."), field="person")
    if due_on < meeting.day:
        raise Refused(_("The day lies before the meeting."), field="due_on")
    found = Decision.objects.filter(school=meeting.school, client_id=client_id)

    def decided() -> Decision:
        made = Decision.objects.create(
            school=meeting.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            meeting=meeting, text=text, person=person, due_on=due_on,
        )  # fmt: skip
        _log(actor, "meeting.decide", meeting, decision=made.pk, staff=person.pk)
        if person.user_id != user_id:
            send(
                to=person.user, school=meeting.school, code="meeting", subject=ASKED,
                link=("decision", [made.pk]), key=f"decision.{made.pk}",
            )  # fmt: skip
        return made

    return once(found.first, decided)


@transaction.atomic
def see_to(actor: Actor, *, decision: Decision, words: str) -> None:
    """Done, with a line that shows it: said by the colleague, or noted by whoever holds the meeting."""
    decision = _open(actor, decision)
    decision.done_words, decision.done_on = _line(words, "words"), clock.today()
    decision.done_by_id, decision.done_at = actor.user_id, clock.now()
    decision.save(update_fields=["done_words", "done_on", "done_by", "done_at"])
    _log(actor, "meeting.done", decision.meeting, decision=decision.pk)


@transaction.atomic
def not_yet(actor: Actor, *, decision: Decision) -> None:
    """Said to be done by mistake a moment ago."""
    _sees_to(actor, decision)
    held = Decision.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=decision.pk)
    if held.done_at is None:
        return
    if not is_recent(held.done_at):
        raise Refused(_("It was done a while ago. Please decide it anew."))
    held.done_on, held.done_words, held.done_by, held.done_at = None, "", None, None
    held.save(update_fields=["done_on", "done_words", "done_by", "done_at"])
    _log(actor, "meeting.not-yet", held.meeting, decision=held.pk)


@transaction.atomic
def drop(actor: Actor, *, decision: Decision, reason: str) -> None:
    """Not needed any more, with the reason; asked of nobody from now on."""
    require_holds(actor, decision.meeting)
    decision = _open(actor, decision)
    decision.end(actor.user_id, _line(reason, "reason"))
    _log(actor, "meeting.drop", decision.meeting, decision=decision.pk)


def is_correctable(meeting: Meeting) -> bool:
    return meeting.minuted_at is None or meeting.minuted_at >= clock.now() - CORRECTED_FOR


def holds(actor: Actor, meeting: Meeting) -> bool:
    """Whoever leads; of a themed meeting also the class teacher who called it."""
    if actor.may(MANAGE, school_id=meeting.school_id):
        return True
    return meeting.entered_by_id == actor.user_id and actor.may(HOLD, school_id=meeting.school_id)


def require_holds(actor: Actor, meeting: Meeting) -> None:
    if not holds(actor, meeting):
        raise NotAllowed(HOLD)


def _person(actor: Actor, ability: str, school_id: int) -> int:
    actor.require(ability, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def _held(actor: Actor, meeting: Meeting) -> Meeting:
    """As it stands now, held, for somebody who holds it."""
    require_holds(actor, meeting)
    found = Meeting.objects.select_for_update(of=("self",)).select_related("school").get(pk=meeting.pk)
    if found.ended_at is not None:
        raise Refused(_("This meeting was cancelled."))
    return found


def _sees_to(actor: Actor, decision: Decision) -> None:
    is_mine = actor.user_id is not None and decision.person.user_id == actor.user_id
    if not is_mine:
        require_holds(actor, decision.meeting)


def _open(actor: Actor, decision: Decision) -> Decision:
    _sees_to(actor, decision)
    held = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("meeting", "person")
        .get(pk=decision.pk)
    )
    if held.ended_at is not None or held.meeting.ended_at is not None:
        raise Refused(_("This is not needed any more."))
    if held.done_on is not None:
        raise Refused(_("This is done already. Thank you."))
    return held


def _line(text: str, field: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise Refused(_("Please write it in a line."), field=field)
    if len(line) > LINE:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LINE}, field=field)
    return line


def _log(actor: Actor, action: str, meeting: Meeting, **detail: object) -> None:
    audit.record(actor, action, school_id=meeting.school_id, subject=("meeting", meeting.pk), detail=detail)
