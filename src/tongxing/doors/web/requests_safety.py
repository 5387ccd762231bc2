"""What was asked and tells of harm, for those who answer for children's safety: words as said, the report duty, who it is."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.requests import actions, danger, queries
from tongxing.care.requests.models import Evidence, HelpRequest
from tongxing.care.safety.queries import words_for
from tongxing.ground.kernel.errors import Refused

from .page import page, say
from .requests import child_called, file_of

REPORT_LABELS = {
    "police": gettext_lazy("the police (110)"),
    "bureau": gettext_lazy("the education bureau"),
    "civil_affairs": gettext_lazy("the civil affairs department"),
}


def _request(request: Any, request_id: int) -> HelpRequest:
    rows = HelpRequest.objects.filter(school=request.school, in_safety=True)
    found = get_object_or_404(
        rows.select_related("student__key", "key", "school", "school_class", "holder", "asked_by"),
        pk=request_id,
    )
    if not danger.may_look_after(request.actor, found):
        raise Http404
    return found


@page(can="safety.respond")
def one(request: Any, request_id: int) -> HttpResponse:
    return _show(request, _request(request, request_id))


def _show(request: Any, found: HelpRequest, **more: Any) -> HttpResponse:
    words, steps = actions.open_for_safety(request.actor, request=found)
    flag = danger.flag_of(request.actor, found)
    context = {
        "request_": found,
        "flag": flag,
        "words": words,
        "steps": steps,
        "reported": [one for one in steps if one.row.kind in ("reported", "not_reported")],
        "report_to": REPORT_LABELS,
        "evidence": found.evidence.select_related("file"),
        "may_release": flag is None or flag.outcome == "false_alarm",
        "duty": words_for(found.school),
        "refused": "",
        "typed": request.POST.get("text", "") if more else "",
        "did": request.POST.get("do", "") if more else "",
    }
    return render(request, "requests/safety.html", context | more, status=422 if "refused" in more else 200)


#: What the page's forms ask for, by the name of their button.
STEPS = {
    "take": lambda actor, found, post, text: danger.take_on(actor, request=found),
    "note": lambda actor, found, post, text: danger.note(actor, request=found, text=text),
    "report": lambda actor, found, post, text: danger.note_report(
        actor, request=found, to=post.get("to", ""), text=text
    ),
    "close": lambda actor, found, post, text: danger.close(actor, request=found, text=text),
    "release": lambda actor, found, post, text: danger.release(actor, request=found, reason=text),
    "name": lambda actor, found, post, text: actions.name_child(
        actor, request=found, student=child_called(found, post)
    ),
}


@page(can="safety.respond", gives_back=True)
@require_POST
def step(request: Any, request_id: int) -> HttpResponse:
    found = _request(request, request_id)
    act = STEPS.get(request.POST.get("do", ""))
    if act is None:
        return redirect("request-safety", found.pk)
    try:
        after = act(request.actor, found, request.POST, request.POST.get("text", "")[:1000])
    except Refused as refusal:
        return _show(request, _request(request, request_id), refused=refusal.message)
    say(request, _("Noted, with day and name. Thank you."))
    stays = after.in_safety and danger.may_look_after(request.actor, after)
    return redirect("request-safety", found.pk) if stays else redirect("safety")


@page(can="safety.respond")
def evidence(request: Any, evidence_id: int) -> HttpResponse:
    rows = Evidence.objects.filter(school=request.school).select_related("file__key", "request__student")
    found = get_object_or_404(rows, pk=evidence_id)
    if not danger.may_look_after(request.actor, found.request):
        raise Http404
    return file_of(request, found)


def unnamed(request: Any) -> Any:
    """Requests without a name, for the page of those who answer."""
    return queries.unnamed_in_danger(request.actor, request.school)


urlpatterns = [
    path("safety/requests/<int:request_id>/", one, name="request-safety"),
    path("safety/requests/<int:request_id>/step/", step, name="request-safety-step"),
    path("safety/requests/evidence/<int:evidence_id>/", evidence, name="request-safety-evidence"),
]
