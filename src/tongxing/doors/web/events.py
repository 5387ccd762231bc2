"""What is held on a day: planned, listed, closed, ticked, written down."""

import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.activities import adults, event_actions, outcomes, queries, rights
from tongxing.care.activities.models import Event, GroupPhoto, Offer, Part
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import SchoolClass
from tongxing.ground.people.queries import staff_of

from .activities import offer_of, one_class
from .activity_forms import COMPANIONS, WITH_GROUP, WITHOUT_GROUP, EventForm, RecordForm, named
from .page import apply_refusal, page, say

Kind = Event.Kind


def event_of(request: Any, event_id: int) -> Event:
    found = Event.objects.visible_to(request.actor).filter(school=request.school)
    found = found.select_related("leader", "offer__leader", "offer__term", "school_class", "school")
    return get_object_or_404(found, pk=event_id)


def held_event_of(request: Any, event_id: int) -> Event:
    event = event_of(request, event_id)
    rights.require_holds(request.actor, event)
    return event


@page(can=rights.VIEW)
def new(request: Any) -> HttpResponse:
    """Plan an event: of a group (`offer`) by its leader, else by a class teacher for the class, or by the office."""
    offer = _offer(request)
    kinds = WITH_GROUP if offer else WITHOUT_GROUP
    if offer is None:
        request.actor.require(rights.HOLD, school_id=request.school.pk)
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    kind = next((one for one in kinds if one == wanted), kinds[0])
    form = _new_form(request, kind, offer)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("event", _plan(request, form, kind, offer).pk)
        except Refused as refusal:
            apply_refusal(form, refusal)
    context = {
        "form": form,
        "kinds": kinds,
        "kind": kind,
        "offer": offer,
        "festival": _festival(request, kind),
    }
    return render(request, "activities/event_form.html", context, status=422 if form.errors else 200)


def _plan(request: Any, form: EventForm, kind: str, offer: Offer | None) -> Event:
    told = form.cleaned_data
    return event_actions.plan(
        request.actor,
        school=request.school,
        kind=kind,
        facts=form.told(),
        client_id=told["client_id"],
        leader=told.get("leader") or _own_staff(request),
        offer=offer,
        school_class=told.get("school_class"),
        companions=form.companions() or (),
    )


def _offer(request: Any) -> Offer | None:
    wanted = request.POST.get("offer") or request.GET.get("offer", "")
    if not wanted.isdecimal():
        return None
    offer = offer_of(request, int(wanted))
    rights.require_leads(request.actor, offer)
    return offer


def _new_form(request: Any, kind: str, offer: Offer | None) -> EventForm:
    manages = request.actor.may(rights.MANAGE, school_id=request.school.pk)
    classes: list[SchoolClass] = []
    if request.term and not offer:
        classes = list(classes_for(request.actor, rights.HOLD, request.term))
    own = staff_of(request.actor.user_id)
    initial: dict[str, Any] = {"leader": own.pk if own else None}
    if len(classes) == 1:
        initial["school_class"] = classes[0].pk
    if festival := _festival(request, kind):
        initial |= {"on": festival[1]} if festival[1] >= clock.today() else {}
    return EventForm(
        request.POST or None,
        kind=kind,
        adults=adults.to_choose(request.school.pk),
        classes=classes,
        needs_class=kind == Kind.THANKS or not manages,
        leader=manages,
        initial=initial,
    )


def _festival(request: Any, kind: str) -> tuple[datetime.date, datetime.date] | None:
    return queries.suggested_service_day(request.term) if request.term and kind == Kind.SERVICE else None


def _own_staff(request: Any) -> Any:
    staff = staff_of(request.actor.user_id)
    if staff is None:
        raise NotAllowed(rights.HOLD)
    return staff


@page(can=rights.VIEW)
def event(request: Any, event_id: int) -> HttpResponse:
    found = event_of(request, event_id)
    return render(request, "activities/event.html", shown(request, found))


def shown(request: Any, found: Event) -> dict[str, Any]:
    """What the page of one event and its papers show."""
    takings = queries.takings(request.actor, found)
    beside = [*adults.along(found), *adults.helping_at(found)]
    return {
        "event": found,
        "takings": takings,
        "unagreed": [one for one in takings if found.leaves_school and not one.agreed],
        "unpictured": [one for one in takings if not one.pictured],
        "companions": [named(one) for one in beside],
        "may_leave": adults.may_leave(found),
        "photos": GroupPhoto.objects.visible_to(request.actor).standing().filter(event=found).count(),
        "holds": rights.holds(request.actor, found),
        "lists": request.actor.may(rights.SIGN_UP, school_id=found.school_id),
        "today": clock.today(),
        "was_there": [one for one in takings if one.part.state == Part.State.PRESENT],
    }


@page(can=rights.VIEW)
def change(request: Any, event_id: int) -> HttpResponse:
    found = held_event_of(request, event_id)
    along = {adults.code(one): one for one in adults.along(found)}
    initial: dict[str, Any] = dict(zip(COMPANIONS, along, strict=False))
    initial |= {name: getattr(found, name) for name in event_actions.FACTS}
    people = adults.to_choose(request.school.pk) | along
    form = EventForm(request.POST or None, kind=found.kind, adults=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            event_actions.change(request.actor, event=found, facts=form.told(), companions=form.companions())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Changed."))
            return redirect("event", found.pk)
    context = {"form": form, "event": found, "kind": found.kind}
    return render(request, "activities/event_form.html", context, status=422 if form.errors else 200)


@page(can=rights.SIGN_UP)
def going(request: Any, event_id: int) -> HttpResponse:
    """Who comes along, of one class at a time."""
    found = event_of(request, event_id)
    students = queries.own_students(request.actor, request.school.pk)
    classes, chosen, of_class = one_class(request, students, found.school_class_id)
    if request.method == "POST":
        ticked = {student.pk for student in of_class if str(student.pk) in request.POST.getlist("student")}
        event_actions.set_list(request.actor, event=found, among=of_class, chosen=ticked)
        say(request, _("The list is noted."))
        return redirect("event", found.pk)
    on_list = Part.objects.visible_to(request.actor).standing().filter(event=found)
    context = {
        "event": found,
        "classes": classes,
        "chosen": chosen,
        "students": of_class,
        "ticked": set(on_list.values_list("student_id", flat=True)),
    }
    return render(request, "activities/going.html", context)


@page(can=rights.VIEW)
@require_POST
def group(request: Any, event_id: int) -> HttpResponse:
    """Everybody of the group stands on the list."""
    event_actions.list_group(request.actor, event=held_event_of(request, event_id))
    say(request, _("Everybody of the group stands on the list."))
    return redirect("event", event_id)


@page(can=rights.VIEW)
@require_POST
def off(request: Any, part_id: int) -> HttpResponse:
    parts = Part.objects.visible_to(request.actor).standing().filter(school=request.school)
    part = get_object_or_404(parts.select_related("event__leader", "event__offer__leader"), pk=part_id)
    event_actions.take_off(request.actor, event=part.event, part=part)
    say(request, _("Off the list. Nobody has to say why."))
    return redirect("event", part.event_id)


@page(can=rights.VIEW)
@require_POST
def close(request: Any, event_id: int) -> HttpResponse:
    """Close the list; with `again` the way back."""
    found, again = held_event_of(request, event_id), "again" in request.POST
    event_actions.close_list(request.actor, event=found, again=again)
    undo = "" if again else f"{reverse('event-close', args=[found.pk])}?again=1"
    say(request, _("The list is open again.") if again else _("The list is closed."), undo=undo)
    return redirect("event", found.pk)


@page(can=rights.VIEW)
def tick(request: Any, event_id: int) -> HttpResponse:
    """Who was there, the whole group on one page."""
    found = held_event_of(request, event_id)
    rows = queries.rows_to_tick(found)
    context = {"event": found, "rows": rows, "states": Part.State.choices[1:], "problem": None}
    if request.method == "POST":
        sent = {row.student.pk: row for row in ticked(request.POST, rows)}
        typed = [sent.get(row.student.pk, row) for row in rows]
        try:
            event_actions.tick(request.actor, event=found, **told(typed))
        except Refused as refusal:
            return render(
                request, "activities/tick.html", context | {"problem": refusal, "rows": typed}, status=422
            )
        say(request, ticked_thanks())
        return redirect("event", found.pk)
    return render(request, "activities/tick.html", context)


def ticked(data: QueryDict, rows: list[queries.Row]) -> list[queries.Row]:
    """Those of the rows that were sent, as they were sent."""
    found = []
    for row in rows:
        state, hours, result, prize = (
            str(data.get(f"{name}-{row.student.pk}", "")) for name in ("state", "hours", "result", "prize")
        )
        if state:
            found.append(queries.Row(row.student, state, _minutes(hours), result, prize))
    return found


def told(rows: list[queries.Row]) -> dict[str, Any]:
    """What the action asks for."""
    return {
        "states": {row.student.pk: row.state for row in rows},
        "minutes": {row.student.pk: row.minutes for row in rows if row.minutes},
        "won": {row.student.pk: event_actions.Won(row.result, row.prize) for row in rows},
    }


def ticked_thanks() -> str:
    return _("Noted. Thank you for being there.")


def _minutes(hours: str) -> int | None:
    """1.5 → 90."""
    try:
        return round(float(hours.replace(",", ".")) * 60)
    except (ValueError, OverflowError):
        return None


@page(can=rights.VIEW, gives_back=True)
def record(request: Any, event_id: int) -> HttpResponse:
    found = held_event_of(request, event_id)
    initial = {name: getattr(found, name) for name in event_actions.RECORD}
    form = RecordForm(request.POST or None, event=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            event_actions.write_record(request.actor, event=found, facts=form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Written down."))
            return redirect("event", found.pk)
    context = {"form": form, "event": found}
    return render(request, "activities/record.html", context, status=422 if form.errors else 200)


@page(can=rights.VIEW)
@require_POST
def cancel(request: Any, event_id: int) -> HttpResponse:
    event_actions.cancel(
        request.actor, event=held_event_of(request, event_id), reason=request.POST.get("reason", "")
    )
    say(request, _("Noted that it is not held."))
    return redirect("event", event_id)


@page(can=rights.VIEW)
@require_POST
def count(request: Any, event_id: int) -> HttpResponse:
    """Taking part stands in the files of those for whom it keeps a promise; nobody is told of whom."""
    outcomes.note_taking_part(request.actor, event=event_of(request, event_id))
    say(request, _("Noted in the files for which it counts."))
    return redirect("event", event_id)


@page(can="contact.write")
@require_POST
def success(request: Any, part_id: int) -> HttpResponse:
    parts = Part.objects.visible_to(request.actor).standing().filter(school=request.school)
    part = get_object_or_404(parts.select_related("event", "student__key"), pk=part_id)
    outcomes.note_success(request.actor, event=part.event, student=part.student)
    say(request, _("It stands in %(name)s's file. Congratulations!") % {"name": part.student.name})
    return redirect("event", part.event_id)


urlpatterns = [
    path("activities/events/new/", new, name="event-new"),
    path("activities/events/<int:event_id>/", event, name="event"),
    path("activities/events/<int:event_id>/change/", change, name="event-change"),
    path("activities/events/<int:event_id>/going/", going, name="event-going"),
    path("activities/events/<int:event_id>/group/", group, name="event-group"),
    path("activities/events/<int:event_id>/close/", close, name="event-close"),
    path("activities/events/<int:event_id>/tick/", tick, name="event-tick"),
    path("activities/events/<int:event_id>/record/", record, name="event-record"),
    path("activities/events/<int:event_id>/cancel/", cancel, name="event-cancel"),
    path("activities/events/<int:event_id>/count/", count, name="event-count"),
    path("activities/parts/<int:part_id>/off/", off, name="part-off"),
    path("activities/parts/<int:part_id>/success/", success, name="part-success"),
]
