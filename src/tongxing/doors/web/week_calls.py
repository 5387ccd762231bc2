"""The calls of one's own week, on my week: spoken, nobody answered, another day, each in one tap."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch.actions.breaks import not_put_off, put_off
from tongxing.care.attendance_watch.models import CallPutOff
from tongxing.care.attendance_watch.queries.breaks import Call, calls_now, gap_on
from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.kinds import Channel
from tongxing.care.peers import calls
from tongxing.care.peers.queries import calls_to_make
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.queries import staff_of, term_calendar

from .around import form_id
from .calls import call_of, guardian_words
from .jinja import daytime
from .page import page, say

CAN = calls.CAN


def to_call(request: Any, in_break: bool) -> dict[str, Any]:
    """What my week shows of calls."""
    if request.school is None or not request.actor.may(CAN, school_id=request.school.pk):
        return {"to_call": [], "holiday_calls": [], "whom": guardian_words}
    arranged = calls_to_make(request.actor, request.school.pk, clock.today())
    holiday = holiday_calls(request) if in_break else []
    return {
        "to_call": [(one, one.at <= clock.now()) for one in arranged],
        "holiday_calls": [(one, uuid4()) for one in holiday],
        "whom": guardian_words,
    }


def holiday_calls(request: Any) -> list[Call]:
    staff = staff_of(request.actor.user_id)
    if staff is None or request.term is None or staff.school_id != request.school.pk:
        return []
    found = calls_now(request.actor, request.school, request.term, staff)
    may = {"school_id": request.school.pk}
    return [one for one in found if request.actor.may(CAN, student_id=one.student.pk, **may)]


@page(can=CAN)
@require_POST
def tap(request: Any, call_id: int) -> HttpResponse:
    """An arranged call that was not held: nobody answered, or another day."""
    call, what = call_of(request, call_id), request.POST.get("what", "")
    if what == "no-answer":
        again = calls.no_answer(request.actor, call=call)
        said = _("Noted. %(name)s tries again on %(when)s.")
    elif what == "another-day":
        again = calls.another_day(request.actor, call=call)
        said = _("%(name)s calls on %(when)s instead.")
    else:
        raise Refused(_("Choose how it went."))
    say(request, said % {"name": call.student.name, "when": daytime(again.at)})
    return redirect("week")


@page(can=CAN)
@require_POST
def holiday(request: Any, student_id: int) -> HttpResponse:
    """A call of the holidays: spoken with the child, or nobody answered, one record; or tomorrow instead."""
    call = next((one for one in holiday_calls(request) if one.student.pk == student_id), None)
    if call is None:
        raise Http404
    if request.POST.get("what") == "another-day":
        return _put_off(request, call)
    made = request.POST.get("what") == "spoken"
    words = _("Spoke on the telephone in the holidays.") if made else _("Nobody answered.")
    told = Told({"thoughts": words}, channel=Channel.PHONE, reached=["student"] if made else [], made=made)
    contact = write_contact(
        request.actor, student=call.student, client_id=form_id(request), kind="talk", told=told
    )
    said = _("Written down for %(name)s.") if made else _("Noted. It stays in your week for another try.")
    undo = reverse("record-undo", args=[contact.pk])
    say(request, said % {"name": call.student.name} if made else said, undo=undo)
    return redirect("week")


def _put_off(request: Any, call: Call) -> HttpResponse:
    recess = term_calendar(request.term).recess
    gap = gap_on(request.term, recess.starts_on) if recess else None
    if gap is None:
        raise Http404
    made = put_off(request.actor, student=call.student, gap=gap)
    undo = reverse("week-put-off-back", args=[made.pk])
    say(request, _("%(name)s is called tomorrow instead.") % {"name": call.student.name}, undo=undo)
    return redirect("week")


@page(can=CAN)
@require_POST
def put_off_back(request: Any, put_off_id: int) -> HttpResponse:
    mine = CallPutOff.objects.filter(school=request.school, by=request.user)
    not_put_off(request.actor, put_off=get_object_or_404(mine, pk=put_off_id))
    say(request, _("It stands there again."))
    return redirect("week")


urlpatterns = [
    path("week/put-off/<int:put_off_id>/back/", put_off_back, name="week-put-off-back"),
    path("week/calls/<int:call_id>/", tap, name="week-call"),
    path("week/holiday-calls/<int:student_id>/", holiday, name="week-holiday-call"),
]
