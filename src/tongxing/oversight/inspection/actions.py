"""Opening a month, saying thanks, asking a colleague to see to something, looking again, closing.

Invariants:
- the figures are frozen as of the moment of opening; opening a month again gives the inspection that is there;
- thanks come first: nothing is asked of anybody before a word of thanks is written;
- what the inspection found is decided (seen to, or visibly not yet) before it closes; then nothing changes;
- whoever was asked to see to something is not the one who looks again;
- what is not yet seen to goes on in the next month that is opened, once.
"""

import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff, Term
from tongxing.ground.people.queries import current_term
from tongxing.oversight.insight.facts import facts_for

from .figures import as_json, first_of, has_begun, last_of, month_figures
from .models import LONGEST, MANAGE, Finding, Inspection

#: So long at least a colleague has for what goes on from the month before.
GOES_ON_FOR = datetime.timedelta(days=14)
ASKED_FOR = gettext_lazy("The monthly inspection asks you to see to something")


@transaction.atomic
def open_month(actor: Actor, *, school: Organisation, month: datetime.date) -> Inspection:
    """Freeze the figures of a month; the same month again gives the inspection that is there."""
    actor.require(MANAGE, school_id=school.pk)
    month, now = first_of(month), clock.now()
    if not has_begun(month, now):
        raise Refused(_("This month has not begun yet."), field="month")
    term = current_term(school, last_of(month))
    if term is None or last_of(month) < term.starts_on:
        raise Refused(_("There was no term in this month."), field="month")
    Term.objects.select_for_update(no_key=True).get(pk=term.pk)  # a second click waits and finds the first
    known = Inspection.objects.filter(school=school, month=month).first()
    if known:
        return known
    with translation.override(settings.LANGUAGE_CODE):  # the definitions stay as they were, for every reader
        figures = as_json(month_figures(facts_for(actor, school, term, now), month))
    found = Inspection.objects.create(
        school=school, term=term, month=month, as_of=now, figures=figures, opened_by_id=actor.user_id
    )
    carried = _carry_over(actor, found)
    _note(actor, "inspection.open", found, lines=len(figures["lines"]), carried=carried)
    return found


def _carry_over(actor: Actor, into: Inspection) -> int:
    """What earlier months left as not yet goes on here, with time to see to it."""
    left = Finding.objects.filter(
        school=into.school, inspection__month__lt=into.month, outcome=Finding.Outcome.NOT_YET, carried_to=None
    )
    rows = list(left.select_related("person__user").order_by("due_on", "pk"))
    known = into.items
    for one in rows:
        made = Finding.objects.create(
            school=into.school, inspection=into, client_id=uuid4(), carried_from=one, text=one.text,
            item=one.item if one.item in known else "", person=one.person,
            due_on=max(one.due_on, clock.today() + GOES_ON_FOR), recorded_at=clock.now(),
            recorded_by_id=actor.user_id,
        )  # fmt: skip
        _remind(actor, made)
    return len(rows)


@transaction.atomic
def say_thanks(actor: Actor, *, inspection: Inspection, thanks: str) -> None:
    """What went well, in one's own words; it stands before everything that is asked."""
    found = _open(actor, inspection)
    if not thanks.strip():
        raise Refused(_("Please write what you say thank you for."), field="thanks")
    found.thanks = thanks.strip()
    found.save(update_fields=["thanks"])
    _note(actor, "inspection.thank", found)


@transaction.atomic
def ask(
    actor: Actor,
    *,
    inspection: Inspection,
    client_id: UUID,
    text: str,
    person: Staff,
    due_on: datetime.date,
    item: str = "",
) -> Finding:
    """Ask a colleague to see to something until a day; the same `client_id` again is the same finding."""
    found = _open(actor, inspection)
    known = Finding.objects.filter(school=found.school_id, client_id=client_id).first()
    if known:
        return known
    _check(found, text, person, due_on)
    finding = Finding.objects.create(
        school_id=found.school_id,
        inspection=found,
        client_id=client_id,
        item=item if item in found.items else "",
        text=text.strip(),
        person=person,
        due_on=due_on,
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
    )
    _remind(actor, finding)
    _note(actor, "inspection.ask", finding, person=person.pk)
    return finding


def _remind(actor: Actor, finding: Finding) -> None:
    if finding.person.user_id != actor.user_id:
        send(
            to=finding.person.user,
            school=finding.school,
            code="inspection.finding",
            subject=ASKED_FOR,
            link=("finding", [finding.pk]),
            key=f"inspection.finding:{finding.pk}",
        )


def _check(inspection: Inspection, text: str, person: Staff, due_on: datetime.date) -> None:
    if not inspection.thanks:
        raise Refused(_("Thanks first: please write what went well, then what is to be improved."))
    if not text.strip():
        raise Refused(_("Please write what is to be improved."), field="text")
    if len(text.strip()) > LONGEST:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field="text")
    today = clock.today()
    active = Staff.objects.filter(school_id=inspection.school_id, user__is_active=True).active(today)
    if not active.filter(pk=person.pk).exists():
        raise Refused(_("Choose a colleague of this school."), field="person")
    if due_on < today:
        raise Refused(_("This day has passed. Choose a day to come."), field="due_on")


@transaction.atomic
def tell(actor: Actor, *, finding: Finding, evidence: str) -> None:
    """The colleague who was asked says in a line what was done."""
    held = _held(finding)
    if held.person.user_id != actor.user_id or actor.user_id is None:
        raise NotAllowed("inspection.tell")
    if held.inspection.is_closed or held.outcome:
        raise Refused(_("This has been looked at already."))
    held.evidence = _line(evidence)
    held.save(update_fields=["evidence"])
    _note(actor, "inspection.tell", held)


@transaction.atomic
def look_again(actor: Actor, *, finding: Finding, outcome: str, evidence: str = "") -> None:
    """Whoever inspects looks again: seen to, visibly not yet, or taken back."""
    held = _held(finding)
    _open(actor, held.inspection)
    if outcome != Finding.Outcome.TAKEN_BACK and held.person.user_id == actor.user_id:
        raise Refused(_("You see to this yourself: please let somebody else look again."))
    if outcome not in Finding.Outcome.values or not outcome:
        raise Refused(_("Please choose how it stands."), field="outcome")
    if evidence.strip() or (outcome == Finding.Outcome.DONE and not held.evidence):
        held.evidence = _line(evidence)
    held.outcome, held.checked_on, held.checked_by_id = outcome, clock.today(), actor.user_id
    held.save(update_fields=["outcome", "evidence", "checked_on", "checked_by"])
    _note(actor, "inspection.look-again", held, outcome=outcome)


@transaction.atomic
def close(actor: Actor, *, inspection: Inspection) -> None:
    """Close the month; from now on it only is read."""
    found = _open(actor, inspection)
    if not found.thanks:
        raise Refused(_("Thanks first: please write what went well, then close the month."))
    if found.findings.filter(outcome=Finding.Outcome.OPEN).exists():
        raise Refused(_("Please say of each point first whether it has been seen to."))
    found.closed_at, found.closed_by_id = clock.now(), actor.user_id
    found.save(update_fields=["closed_at", "closed_by"])
    _note(actor, "inspection.close", found, findings=found.findings.count())


def _open(actor: Actor, inspection: Inspection) -> Inspection:
    """The inspection, held, for somebody who may write in it, while it is open."""
    actor.require(MANAGE, school_id=inspection.school_id)
    found = Inspection.objects.select_for_update(of=("self",)).select_related("school").get(pk=inspection.pk)
    if found.is_closed:
        raise Refused(_("This month is closed and can only be read."))
    return found


def _held(finding: Finding) -> Finding:
    held = Finding.objects.select_for_update(of=("self",)).select_related("inspection", "person")
    return held.get(pk=finding.pk)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise Refused(_("Please write in a line what shows it."), field="evidence")
    if len(line) > LONGEST:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field="evidence")
    return line


def _note(actor: Actor, action: str, about: Inspection | Finding, **detail: object) -> None:
    subject = ("inspection" if isinstance(about, Inspection) else "finding", about.pk)
    audit.record(actor, action, school_id=about.school_id, subject=subject, detail=detail)
