"""Publicity: what was put up or said where, with the counts that follow from it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices import publicity as actions
from tongxing.oversight.notices.belonging import STAFFROOM
from tongxing.oversight.notices.models import Display
from tongxing.oversight.notices.models_publicity import NOTE, PLACE, WORDS

from .contact_forms import DayInput
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say


class DisplayForm(SentOnce):
    channel = forms.ChoiceField(
        label=pgettext_lazy("publicity", "Where"), choices=Display.Channel.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=pgettext_lazy("publicity", "What it was, in a line"), max_length=WORDS,
        help_text=gettext_lazy("No student’s name, please."),
    )  # fmt: skip
    day = forms.DateField(label=pgettext_lazy("publicity", "Since which day"), widget=DayInput())
    until = forms.DateField(
        label=pgettext_lazy("publicity", "Until which day"), required=False, widget=DayInput(),
        help_text=gettext_lazy("For what stays up."),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Place"), max_length=PLACE, required=False)


@page(can=STAFFROOM)
def publicity(request: Any) -> HttpResponse:
    """The lines of this term, with what campaigns and class meetings have noted already."""
    rows = actions.log(request.actor, request.school, request.term) if request.term else []
    context = {
        "rows": rows,
        "counts": actions.counts(rows),
        "labels": dict(Display.Channel.choices),
        "notes": request.actor.may(NOTE, school_id=request.school.pk),
        "keeps": [
            row.display.pk for row in rows if row.display and actions.keeps(request.actor, row.display)
        ],
        "today": clock.today(),
    }
    return render(request, "publicity/log.html", context)


@page(can=NOTE, gives_back=True)
def note(request: Any) -> HttpResponse:
    form = DisplayForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid():
        told = dict(form.cleaned_data)
        client_id = told.pop("client_id")
        try:
            made = actions.note(request.actor, school=request.school, client_id=client_id, facts=told)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Noted."),
                undo=f"{reverse('display-back', args=[made.pk])}?reason=" + _("noted by mistake"),
            )
            return redirect("publicity")
    return render(request, "publicity/note.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@page(can=NOTE)
def take_back(request: Any, display_id: int) -> HttpResponse:
    """Noted by mistake, with the reason; with `back` the way back."""
    mine = Display.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=display_id)
    if "back" in request.POST:
        actions.put_back(request.actor, display=found)
        say(request, _("It stands there again."))
    else:
        actions.take_back(request.actor, display=found, reason=request.POST.get("reason", ""))
        say(request, _("Taken back."), undo=f"{reverse('display-back', args=[found.pk])}?back=1")
    return redirect("publicity")


urlpatterns = [
    path("publicity/", publicity, name="publicity"),
    path("publicity/new/", note, name="display-new"),
    path("publicity/<int:display_id>/back/", take_back, name="display-back"),
]
