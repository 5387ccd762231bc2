"""Planning who goes where, writing down what was seen, letting a stop go."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff
from tongxing.ground.people.queries import current_term

from .figures import first_of, last_of
from .models import MANAGE, Inspection, Stop
from .models_plan import SEEN, TOPIC

GOES = gettext_lazy("The inspection of the month has you on its way: look where and when.")
#: What was seen is corrected so long after it was written.
CORRECTED_FOR = datetime.timedelta(days=7)
OF_A_CLASS, OF_A_PERSON = {Stop.Kind.CLASS, Stop.Kind.STUDENTS}, {Stop.Kind.TALK}


@transaction.atomic
def plan(actor: Actor, *, school: Organisation, client_id: UUID, facts: dict[str, Any]) -> Stop:
    """`facts`: month, kind, topic, school_class, person, goes, planned_on."""
    user_id = _person(actor, school)
    facts = _checked(school, facts)
    found = Stop.objects.filter(school=school, client_id=client_id)

    def planned() -> Stop:
        made = Stop.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), **facts
        )
        _log(actor, "inspection.plan", made)
        if made.goes.user_id != user_id:
            send(
                to=made.goes.user, school=school, code="inspection.stop", subject=GOES,
                link=("inspection-stop", [made.pk]), key=f"inspection.stop:{made.pk}",
            )  # fmt: skip
        return made

    return once(found.first, planned)


def _checked(school: Organisation, facts: dict[str, Any]) -> dict[str, Any]:
    kind, month, day = facts["kind"], first_of(facts["month"]), facts["planned_on"]
    if kind not in Stop.Kind:
        raise Refused(_("Please choose what kind of stop it is."), field="kind")
    topic = _text(facts["topic"], TOPIC, "topic", _("Please write what is looked at."))
    if not month <= day <= last_of(month):
        raise Refused(_("Choose a day in the month of the plan."), field="planned_on")
    term = current_term(school, day)
    if term is None or not term.starts_on <= day <= term.ends_on:
        raise Refused(_("There is no term on this day."), field="planned_on")
    school_class = facts.get("school_class") if kind in OF_A_CLASS else None
    person = facts.get("person") if kind in OF_A_PERSON else None
    if kind in OF_A_CLASS and school_class is None:
        raise Refused(_("Please choose the class."), field="school_class")
    if kind in OF_A_PERSON and person is None:
        raise Refused(_("Please choose whom the talk is with."), field="person")
    goes = facts["goes"]
    if any(one and one.school_id != school.pk for one in (school_class, person, goes)):
        raise Refused(_("This belongs to another school."))
    if person and person == goes:
        raise Refused(_("Nobody inspects the own work: choose somebody else to go."), field="goes")
    if not Staff.objects.filter(pk=goes.pk, user__is_active=True).active(clock.today()).exists():
        raise Refused(_("Choose a colleague of this school."), field="goes")
    return {
        "month": month, "kind": kind, "topic": topic, "school_class": school_class, "person": person,
        "goes": goes, "planned_on": day,
    }  # fmt: skip


@transaction.atomic
def note_seen(
    actor: Actor, *, stop: Stop, happened_on: datetime.date, seen: str, asked: int | None = None
) -> Stop:
    """What was seen, as facts; by whoever went or plans, once the day has come. Corrected within a week."""
    held = _held(actor, stop)
    seen = _text(seen, SEEN, "seen", _("Please write what was seen, as facts."), lines=True)
    if happened_on > clock.today():
        raise Refused(_("This day has not come yet."), field="happened_on")
    if not held.month <= happened_on <= last_of(held.month):
        raise Refused(_("Choose a day in the month of the plan."), field="happened_on")
    if held.noted_at is not None and held.noted_at < clock.now() - CORRECTED_FOR:
        raise Refused(_("This has stood for a week and is only read now."), field="seen")
    if held.noted_at is None:
        held.noted_at, held.noted_by_id = clock.now(), actor.user_id
    held.happened_on, held.seen = happened_on, seen
    held.asked = asked if held.kind in OF_A_CLASS else None
    held.save(update_fields=["happened_on", "seen", "asked", "noted_at", "noted_by"])
    _log(actor, "inspection.seen", held)
    return held


@transaction.atomic
def let_go(actor: Actor, *, stop: Stop, reason: str) -> None:
    """Not needed after all."""
    user_id, held = _person(actor, stop.school), _held(actor, stop)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why it is not needed."), field="reason")
    if held.happened_on:
        raise Refused(_("It has been held: what was seen stays."))
    held.end(user_id, reason)
    _log(actor, "inspection.stop-let-go", held)


@transaction.atomic
def go_after_all(actor: Actor, *, stop: Stop) -> None:
    """Let go by mistake a moment ago."""
    _person(actor, stop.school)
    held = Stop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    if held.ended_at is not None:
        held.end_no_more(_("It was let go a while ago. Please plan it anew."))
        _log(actor, "inspection.stop-again", held)


def notes(actor: Actor, stop: Stop) -> bool:
    """Whether this actor writes down what was seen there."""
    is_mine = actor.user_id is not None and stop.goes.user_id == actor.user_id
    return is_mine or actor.may(MANAGE, school_id=stop.school_id)


def _held(actor: Actor, stop: Stop) -> Stop:
    held = Stop.objects.select_for_update(of=("self",)).select_related("goes", "school").get(pk=stop.pk)
    if actor.user_id is None or not notes(actor, held):
        raise NotAllowed(MANAGE)
    if held.ended_at is not None:
        raise Refused(_("This stop is not needed any more."))
    closed = Inspection.objects.filter(school=held.school, month=held.month, closed_at__isnull=False)
    if closed.exists():
        raise Refused(_("This month is closed and can only be read."))
    return held


def _person(actor: Actor, school: Organisation) -> int:
    actor.require(MANAGE, school_id=school.pk)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _text(text: str, longest: int, field: str, empty: str, *, lines: bool = False) -> str:
    text = text.strip() if lines else " ".join(text.split())
    if not text:
        raise Refused(empty, field=field)
    if len(text) > longest:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=field)
    return text


def _log(actor: Actor, action: str, stop: Stop) -> None:
    audit.record(actor, action, school_id=stop.school_id, subject=("stop", stop.pk))
