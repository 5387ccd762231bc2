"""A colleague with whom a request stands has left, or no longer looks after the child: it goes to the next right person.

Invariants:
- it goes to somebody who was to read it by its way, as far as the asker wished, else to whoever takes in what nobody
  can; those it is kept from are passed over;
- whoever has taken it up again since stays with it; what tells of harm goes its own way (`danger`);
- the next one has the days of a first answer, learns of it by message, and the step says why it was handed on.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.people.models import Staff

from . import rules, ways
from .log import record, step, tell_holder
from .models import HelpRequest, RequestStep

State, Kind = HelpRequest.State, RequestStep.Kind


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that stands with somebody who goes, and who it goes to; nobody: the school has nobody left."""

    request: HelpRequest
    to: User | None


def waiting_with(actor: Actor, staff: Staff) -> list[Waiting]:
    """What stands with this colleague, as far as the reader may know that it is there, and who goes on with it."""
    rows = HelpRequest.objects.visible_to(actor).open().filter(holder=staff.user_id, in_safety=False)
    rows = rows.filter(school=staff.school_id)
    found = rows.select_related("student", "school", "school_class").order_by("due_on", "pk")
    return [Waiting(request, next_holder(request)) for request in found]


def next_holder(request: HelpRequest) -> User | None:
    """The next right person, who is not whoever has it now."""
    near = ways.people_near(request.school, student=request.student, school_class=request.school_class)
    past = {request.holder_id, *request.kept_from.values_list("pk", flat=True)} - {None}
    way = [role for role in ways.rules_for(request.school).ways[request.topic] if role in request.readers]
    way += [role for role in request.readers if role not in way]
    found = rules.route(way, near.ids, kept_from=past)
    return User.objects.get(pk=found.holder) if found else None


@transaction.atomic
def see_to_leavers() -> int:
    """Each open request whose holder can no longer go on with it is handed on. Returns how many. Twice does no harm."""
    rows = HelpRequest.objects.open().filter(in_safety=False, holder__isnull=False)
    found = list(rows.select_related("holder", "school").order_by("pk"))
    held_by = {(request.school_id, request.holder_id): request for request in found}
    gone = {both for both, request in held_by.items() if _cannot_answer(request)}
    former = _former_helpers(found)
    return sum(
        pass_on(request)
        for request in found
        if (request.school_id, request.holder_id) in gone or request.pk in former
    )


def _cannot_answer(request: HelpRequest) -> bool:
    """Whoever has it does not work here any more, cannot sign in, or answers no requests."""
    user = request.holder
    if user is None or not user.is_active:
        return True
    left = Staff.objects.filter(school=request.school_id, user=user, ends_on__lt=clock.today())
    return left.exists() or not actor_for(user).may("request.answer", school_id=request.school_id)


def _former_helpers(found: Iterable[HelpRequest]) -> set[int]:
    """Requests that came to somebody as the child's helper and who is that no longer, unless they took it up since."""
    as_helper = [one for one in found if one.to_helper and one.student_id]
    students = {one.student_id for one in as_helper}
    pairs = Pair.objects.filter(student__in=students).order_by("starts_on", "pk")
    ends = {
        (student, user): ends_on
        for student, user, ends_on in pairs.values_list("student_id", "helper__user_id", "ends_on")
    }
    return {
        one.pk
        for one in as_helper
        if (on := ends.get((one.student_id or 0, one.holder_id or 0)))
        and on < clock.today()
        and not _taken_up_since(one, on)
    }


def _taken_up_since(request: HelpRequest, ended_on: datetime.date) -> bool:
    """The holder did something with it, or it was handed to them, after the pair had ended."""
    own = Q(by=request.holder_id) | Q(to=request.holder_id)
    return request.steps.filter(own, at__gte=clock.end_of(ended_on)).exists()


@transaction.atomic
def pass_on(request: HelpRequest, actor: Actor = SYSTEM) -> bool:
    """To the next right person. Whether there is one."""
    rows = HelpRequest.objects.select_for_update(of=("self",))
    held = rows.select_related("holder", "school", "student", "school_class", "key").get(pk=request.pk)
    to = next_holder(held)
    if to is None or held.state == State.DONE or held.holder_id != request.holder_id:
        return False
    held.holder = to
    if held.state != State.SOLVED:
        held.state = State.ASKED
        pace = ways.rules_for(held.school).pace
        held.due_on = ways.due_after(held.school, clock.today(), pace.until_answer(urgent=held.urgent))
    held.save(update_fields=["holder", "state", "due_on"])
    step(
        actor, held, Kind.HANDED_ON, _("Whoever had it has left, or accompanies the child no longer."), to=to
    )
    record(actor, "request.hand-on", held, to=to.pk)
    if held.state == State.ASKED:
        tell_holder(held, again=f":{held.steps.count()}")
    return True
