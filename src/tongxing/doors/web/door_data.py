"""What a guardian decides and may know: consents, what is stored, a copy of it, and requests about it."""

import json
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.activities.photos import take_down_without_consent
from tongxing.care.family import consent_words, data_requests
from tongxing.care.family.messages import log
from tongxing.care.family.models import GUARDIAN, DataRequest
from tongxing.care.family.stored import stored
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import consents as purposes

from .door_frame import WordsForm, child, render_door
from .jinja import day
from .page import apply_refusal, page, say


class AskForm(WordsForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect
    )
    field_order = ("client_id", "kind", "text")


@page(can=GUARDIAN)
def consents(request: Any, student_id: int) -> HttpResponse:
    """Yes or no (POST), purpose by purpose; from fourteen the child's own word is waited for."""
    student = child(request, student_id)
    if request.method == "POST":
        purpose, actor = request.POST.get("purpose", ""), request.actor
        if "stop" in request.POST:
            consent_words.stop(actor, student=student, purpose=purpose)
            take_down_without_consent()
            say(request, _("Withdrawn. This purpose stops from now on; help and lessons go on as before."))
        elif consent_words.agree(actor, student=student, purpose=purpose):
            say(request, _("Noted. You can change your mind at any time."))
        else:
            say(request, _("Noted. Now the child is asked; until then it does not hold."))
        return redirect("family-consents", student.pk)
    rows = consent_words.standing_of(request.actor, student)
    own_say = purposes.must_agree_too(student, clock.today())
    context = {"student": student, "rows": rows, "own_say": own_say}
    return render_door(request, "door/consents.html", context)


@page(can=GUARDIAN)
def known(request: Any, student_id: int) -> HttpResponse:
    student = child(request, student_id)
    return render_door(
        request, "door/stored.html", {"student": student, "parts": stored(request.actor, student)}
    )


@page(can=GUARDIAN)
def copy(request: Any, student_id: int) -> HttpResponse:
    """The same as a file to keep: a page any browser opens, or data for other programs (`?as=data`)."""
    student = child(request, student_id)
    parts = stored(request.actor, student)
    facts = {"student": student, "parts": parts, "on": clock.today()}
    if request.GET.get("as") == "data":
        kind, suffix, text = "application/json", "json", _as_data(facts)
    else:
        kind, suffix, text = "text/html", "html", render_to_string("door/copy.html", facts, request)
    with transaction.atomic():
        log(request.actor, "family.copy", student, {"as": suffix})
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tongxing-{clock.today()}.{suffix}"'
    return response


def _as_data(facts: dict[str, Any]) -> str:
    parts = [
        {"title": part.title, "lines": [{"label": line.label, "value": line.value} for line in part.lines]}
        for part in facts["parts"]
    ]
    return json.dumps({"on": facts["on"].isoformat(), "parts": parts}, ensure_ascii=False, indent=1)


@page(can=GUARDIAN, gives_back=True)
def requests(request: Any, student_id: int) -> HttpResponse:
    """Ask the school about what is stored (POST), and what it answered."""
    student = child(request, student_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = data_requests.ask(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            due = {"day": day(asked.due_on)}
            say(request, _("Asked. The school answers in writing until %(day)s at the latest.") % due)
            return redirect("family-requests", student.pk)
    found = data_requests.requests_of(request.actor, student)
    context = {"student": student, "form": form, "found": found}
    return render_door(request, "door/requests.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("family/<int:student_id>/consents/", consents, name="family-consents"),
    path("family/<int:student_id>/stored/", known, name="family-stored"),
    path("family/<int:student_id>/stored/copy/", copy, name="family-copy"),
    path("family/<int:student_id>/requests/", requests, name="family-requests"),
]
