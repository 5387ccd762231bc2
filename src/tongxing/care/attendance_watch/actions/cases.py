"""Bringing a child back to school: noticed, looked into, visited in twos, back or lawfully elsewhere, looked at again.

Whoever follows up the student may open a case and write down steps; closing waits for a second person who leads.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff, Student

from .. import rules
from ..models import CaseStep, ReturnCase
from ..models_absence import FOLLOW, MANAGE
from ..models_cases import AGREED, FOUND, OPEN_STATES, State
from ..queries.days import belonging_since, calendar_of, days_away
from ..thresholds import thresholds
from .absences import check_goers
from .roll import class_teachers_of, leads

Kind, Outcome, Origin = CaseStep.Kind, ReturnCase.Outcome, ReturnCase.Origin
LONGEST = 1500
DAY = datetime.timedelta(days=1)
NOTICED = gettext_lazy("A child may be staying away from school. Please look into it.")
SECOND_LOOK = gettext_lazy("A child is back at school or elsewhere: please look at it as the second person.")
#: What each kind of step leads to.
LEADS_TO = {Kind.CHECKED: State.CHECKED, Kind.CALL: None, Kind.VISIT: State.BRINGING}


@dataclass(frozen=True, slots=True)
class Told:
    """What was found, what was agreed, when it is looked at next, and who was there."""

    found: str
    agreed: str = ""
    on: datetime.date | None = None
    next_on: datetime.date | None = None
    people: Collection[Staff] = ()


@transaction.atomic
def open_case(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    found: str,
    origin: str = Origin.HAND,
    facts: dict[str, int] | None = None,
) -> ReturnCase:
    """Somebody is worried, or a rule spoke. A case that is not at rest yet is this one."""
    actor.require(FOLLOW, school_id=student.school_id, student_id=student.pk)
    if not found.strip() and origin == Origin.HAND:
        raise Refused(_("Please write what you saw or heard."), field="found")
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    standing = ReturnCase.objects.not_done().filter(student=student).first()
    if standing:
        return standing

    def make() -> ReturnCase:
        case = ReturnCase.objects.create(
            school_id=student.school_id,
            student=student,
            client_id=client_id,
            origin=origin,
            facts=facts or {},
            opened_at=clock.now(),
            opened_by_id=actor.user_id,
        )
        _step(actor, case, Kind.OPENED, Told(found), student=student)
        _log(actor, "return.open", case, {"origin": str(origin)})
        _tell(case, [*class_teachers_of(student.pk, clock.today()), *leads(student.school)], NOTICED, actor)
        return case

    return once(lambda: ReturnCase.objects.filter(client_id=client_id, student=student).first(), make)


@transaction.atomic
def note_step(actor: Actor, *, case: ReturnCase, kind: str, told: Told, client_id: UUID) -> CaseStep:
    """Looked into, talked with the family, or visited in twos: what was found and agreed, and the next date."""
    case = _held(actor, case, FOLLOW)
    if known := CaseStep.objects.filter(case=case, client_id=client_id).first():
        return known
    if kind not in LEADS_TO:
        raise Refused(_("Please choose what was done."), field="kind")
    if not case.is_open:
        raise Refused(_("This has been closed meanwhile. Please take it up again first."))
    _check(told)
    if kind == Kind.VISIT and not told.people:
        raise Refused(_("Please go in twos: choose the colleagues who were there."), field="people")
    check_goers(told.people if kind == Kind.VISIT else (), case.school_id, "people")
    if told.next_on is None:
        raise Refused(_("Please say when it is looked at next."), field="next_on")
    case.state = _further(case.state, LEADS_TO[Kind(kind)])
    case.next_on = told.next_on
    case.save(update_fields=["state", "next_on"])
    step = _step(actor, case, kind, told, student=case.student, client_id=client_id)
    _log(actor, "return.step", case, {"kind": str(kind)})
    return step


def _further(state: str, reached: str | None) -> str:
    """A case never goes back by a step: looked into again, it is still being brought back."""
    order = list(OPEN_STATES)
    return max(state, reached or state, key=lambda one: order.index(State(one)))


@transaction.atomic
def close(
    actor: Actor,
    *,
    case: ReturnCase,
    outcome: str,
    on: datetime.date,
    found: str,
    to_school: str = "",
    confirmed_on: datetime.date | None = None,
) -> ReturnCase:
    """Back at school, or a lawful exit, since `on`. A second person looks at it before it rests."""
    case = _held(actor, case, FOLLOW)
    if not case.is_open:
        raise Refused(_("This has been closed meanwhile. Please take it up again first."))
    if outcome not in Outcome.values or not outcome:
        raise Refused(_("Please choose how it ended."), field="outcome")
    _check(Told(found, on=on))
    if outcome == Outcome.TRANSFERRED and not to_school.strip():
        raise Refused(_("Please write which school takes the child in."), field="to_school")
    if confirmed_on and confirmed_on > clock.today():
        raise Refused(_("This day has not come yet."), field="confirmed_on")
    case.state, case.outcome, case.ended_on = State.CLOSED, outcome, on
    case.to_school, case.confirmed_on = to_school.strip(), confirmed_on
    case.closed_at, case.closed_by_id, case.next_on = clock.now(), actor.user_id, None
    case.save()
    _step(actor, case, Kind.CLOSED, Told(found, on=on), student=case.student)
    _log(actor, "return.close", case, {"outcome": outcome})
    _tell(case, leads(case.school), SECOND_LOOK, actor, f"second{case.closed_at:%y%m%d%H%M%S}")
    return case


@transaction.atomic
def sign(actor: Actor, *, case: ReturnCase, confirmed_on: datetime.date | None = None) -> ReturnCase:
    """A second person has seen for themselves, and it rests. `confirmed_on`: the other school has answered."""
    case = _held(actor, case, MANAGE)
    if case.state == State.DONE:
        return case
    if case.state != State.CLOSED:
        raise Refused(_("This has not been closed yet."))
    if case.closed_by_id == actor.user_id:
        raise Refused(_("Somebody else looks at it again: you have closed it yourself."))
    case.confirmed_on = confirmed_on or case.confirmed_on
    if case.outcome == Outcome.TRANSFERRED and not case.confirmed_on:
        raise Refused(_("Please wait until the other school has confirmed it."), field="confirmed_on")
    if case.confirmed_on and case.confirmed_on > clock.today():
        raise Refused(_("This day has not come yet."), field="confirmed_on")
    case.state = State.DONE
    case.save(update_fields=["state", "confirmed_on"])
    _step(actor, case, Kind.SIGNED, Told(""), student=case.student)
    _log(actor, "return.sign", case)
    return case


@transaction.atomic
def take_up_again(actor: Actor, *, case: ReturnCase, found: str) -> ReturnCase:
    """It is not over: the child is away again, or the second look saw something else."""
    case = _held(actor, case, FOLLOW)
    if case.is_open:
        return case
    if not found.strip():
        raise Refused(_("Please write what you saw or heard."), field="found")
    others = ReturnCase.objects.not_done().filter(student=case.student).exclude(pk=case.pk)
    if others.exists():
        raise Refused(_("There is a later one for this child already. Please go on there."))
    case.state, case.outcome, case.ended_on = State.CHECKED, "", None
    case.closed_at, case.closed_by, case.confirmed_on, case.to_school = None, None, None, ""
    case.save()
    _step(actor, case, Kind.AGAIN, Told(found), student=case.student)
    _log(actor, "return.again", case)
    return case


def notice(school: Organisation, now: datetime.datetime, students: Collection[int] | None = None) -> int:
    """Open a case for every child of whom the rule says that it may be staying away. Safe to run again: what a case
    at rest was about is not noticed a second time."""
    today = clock.day_of(now)
    calendar = calendar_of(school, today)
    if calendar is None:
        return 0
    enrolled = Student.objects.filter(school=school).enrolled().select_related("key", "school")
    away = days_away(school, calendar.starts_on, today, students)
    may = [pk for pk, days in away.items() if days.unexcused()]
    known, since, opened = thresholds(school, today), belonging_since(may), 0
    cases = ReturnCase.objects.filter(student__in=may)
    open_now = set(cases.not_done().values_list("student_id", flat=True))
    rested = dict(cases.filter(state=State.DONE).order_by("closed_at").values_list("student_id", "ended_on"))
    for student in enrolled.filter(pk__in=set(may) - open_now):
        first = max(calendar.starts_on, since.get(student.pk, calendar.starts_on))
        if ended := rested.get(student.pk):
            first = max(first, ended)
        unexcused = away[student.pk].unexcused()
        last = today if today in unexcused else today - DAY  # a morning nobody has looked at yet says nothing
        found = rules.suspicion(calendar.school_days(first, last), unexcused, known)
        if found:
            opened += 1
            facts = {"days": found.days, "of": found.of}
            open_case(SYSTEM, student=student, client_id=uuid4(), found="", origin=found.origin, facts=facts)
    return opened


def _step(
    actor: Actor,
    case: ReturnCase,
    kind: str,
    told: Told,
    *,
    student: Student,
    client_id: UUID | None = None,
) -> CaseStep:
    step = CaseStep.objects.create(
        school_id=case.school_id,
        case=case,
        client_id=client_id,
        kind=kind,
        state=case.state,
        on=told.on or clock.today(),
        at=clock.now(),
        by_id=actor.user_id,
        next_on=told.next_on,
        found_sealed=seal(student.key, told.found.strip(), FOUND),
        agreed_sealed=seal(student.key, told.agreed.strip(), AGREED),
    )
    step.people.set(told.people)
    if words := f"{told.found}\n{told.agreed}".strip():
        look_for_danger(actor, student=student, text=words)
    return step


def _check(told: Told) -> None:
    if not told.found.strip():
        raise Refused(_("Please write what was found."), field="found")
    for name, text in (("found", told.found), ("agreed", told.agreed)):
        if len(text.strip()) > LONGEST:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field=name)
    if told.on and told.on > clock.today():
        raise Refused(_("This day has not come yet."), field="on")
    if told.next_on and told.next_on < clock.today():
        raise Refused(_("This day has passed. Choose a day to come."), field="next_on")


def _tell(
    case: ReturnCase, people: Collection[User], words: str | Promise, actor: Actor, key: str = "opened"
) -> None:
    for user in people:
        if user.pk != actor.user_id:
            send(
                to=user,
                school=case.school,
                code="return.case",
                subject=words,
                link=("return-case", [case.pk]),
                key=f"return:{case.pk}:{key}",
            )


def _held(actor: Actor, case: ReturnCase, ability: str) -> ReturnCase:
    actor.require(ability, school_id=case.school_id, student_id=case.student_id)
    held = ReturnCase.objects.select_for_update(of=("self",)).select_related("student__key", "school")
    return held.get(pk=case.pk)


def _log(actor: Actor, action: str, case: ReturnCase, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=case.school_id, subject=("return_case", case.pk), detail=detail or {}
    )
