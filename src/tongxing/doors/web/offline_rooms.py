"""What comes from a phone beside records: the morning's roll, help for a child, a visit to a class, who came to a
group, how a measure went, a good deed. Each with the form and the rules of its page, as of the moment it was written.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tongxing.care.activities import event_actions, queries
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.attendance_watch.models import RollCall
from tongxing.care.peers import deeds
from tongxing.care.programme import measure_actions
from tongxing.care.requests import asking
from tongxing.care.safety.queries import raised_since
from tongxing.care.screening import actions as screening
from tongxing.ground.kernel import clock

from . import activities, attendance, events, files, measures, requests_asking
from .deeds import words_of
from .highlights import students_to_note
from .offline_item import Item, Taken, valid
from .request_forms import SignedInForm, any_reader
from .screening_visits import class_to_visit, visit_form


def roll(request: Any, item: Item) -> Taken:
    """Who of a class is not there, on the day on which the names were tapped."""
    school_class = attendance.marked_class(request, item.number("class"))
    missing = {int(one) for one in item.fields.getlist("missing") if one.isdecimal()}
    added = call_roll(request.actor, school_class=school_class, missing=missing, at=item.moment)
    call = RollCall.objects.get(school_class=school_class, day=clock.day_of(item.moment))
    return Taken(call.pk, said=attendance.said(len(added)))


def help_request(request: Any, item: Item) -> Taken:
    """Help for a child. Whom the words are kept from is chosen among all who might read them."""
    student = requests_asking.child(request, item.student_id)
    topic = item.fields.get("topic", "")
    form = valid(SignedInForm(item.fields, readers=any_reader(topic), topic=topic))
    told = replace(form.asked(files=files.read(item.files)), on=clock.day_of(item.moment))
    asked = asking.ask_for(request.actor, student=student, asked=told)
    return Taken(asked.pk, said=requests_asking.thanks(asked))


def class_visit(request: Any, item: Item) -> Taken:
    school_class, students = class_to_visit(request, item.number("class"))
    begun, form = clock.now(), valid(visit_form(request, students, item.fields))
    made = screening.record_visit(request.actor, school_class=school_class, visit=form.visit)
    return Taken(
        made.pk,
        leads_to=_caught(request, begun),
        said=_("The visit to %(class)s is written down.") % {"class": school_class.name},
    )


def _caught(request: Any, begun: Any) -> str:
    raised = raised_since(request.actor, begun)
    return reverse("safety-caught", args=[raised.pk]) if raised else ""


@transaction.atomic
def tick(request: Any, item: Item) -> Taken:
    """Who came: to an event, or to the group that met on the day of the taps. Nobody is ticked whom the phone did not show."""
    if "offer" in item.fields:
        offer = activities.offer_of(request, item.number("offer"))
        on = clock.day_of(item.moment)
        event = event_actions.meet(request.actor, offer=offer, on=on, client_id=item.id)
    else:
        event = events.held_event_of(request, item.number("event"))
    sent = events.told(events.ticked(item.fields, queries.rows_to_tick(event)))
    held = event_actions.tick(request.actor, event=event, at=item.moment, **sent)
    said = events.ticked_thanks() if held else _("Somebody has ticked it since then; that stays.")
    return Taken(event.pk, said=said)


def measure(request: Any, item: Item) -> Taken:
    held = measures.held_of(request, item.number("measure"))
    form = valid(measures.OutcomeForm(item.fields))
    told = form.cleaned_data | {"on": form.cleaned_data["on"] or clock.day_of(item.moment)}
    begun = clock.now()
    made = measure_actions.say_how_it_went(request.actor, held=held, **told)
    said, undo = measures.thanks(held, made)
    return Taken(made.pk, leads_to=_caught(request, begun), said=said, undo=undo)


def deed(request: Any, item: Item) -> Taken:
    student = get_object_or_404(students_to_note(request), pk=item.student_id)
    on = clock.day_of(item.moment)
    noted = deeds.note(request.actor, student=student, words=words_of(item.fields), client_id=item.id, on=on)
    said = _("Noted for %(name)s.") % {"name": student.name}
    return Taken(noted.pk, said=said, undo=reverse("deed-undo", args=[noted.pk]))
