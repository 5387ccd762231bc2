"""Files beside a meeting or a line of publicity: added, opened, taken away."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices import enclosures as actions
from tongxing.oversight.notices.belonging import STAFFROOM
from tongxing.oversight.notices.models import Display, Enclosure, Meeting
from tongxing.oversight.notices.models_enclosures import LABEL
from tongxing.oversight.notices.models_meetings import HOLD

from .files import handed_out
from .page import apply_refusal, page, say


class FileForm(forms.Form):
    label = forms.CharField(label=pgettext_lazy("file", "What it is"), max_length=LABEL)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("A PDF (slides too, saved as PDF) or a photo.")
    )


@page(can=HOLD)
def to_meeting(request: Any, meeting_id: int) -> HttpResponse:
    found = Meeting.objects.visible_to(request.actor).filter(school=request.school)
    return _add(request, get_object_or_404(found, pk=meeting_id), "meeting")


@page(can=HOLD)
def to_display(request: Any, display_id: int) -> HttpResponse:
    """A photo of the board, without children."""
    found = Display.objects.visible_to(request.actor).filter(school=request.school)
    return _add(request, get_object_or_404(found, pk=display_id), "publicity")


def _add(request: Any, owner: actions.Owner, back: str) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["file"].read(LARGEST_PICTURE + 1)
        try:
            actions.enclose(request.actor, owner=owner, label=form.cleaned_data["label"], content=content)
        except Refused as refusal:
            apply_refusal(form, Refused(refusal.message, field="file"))
        else:
            say(request, _("The file stands with it."))
            return _back(owner)
    context = {"form": form, "owner": owner, "is_meeting": back == "meeting"}
    return render(request, "meetings/file.html", context, status=422 if form.errors else 200)


def _back(owner: actions.Owner) -> HttpResponse:
    return redirect("meeting", owner.pk) if isinstance(owner, Meeting) else redirect("publicity")


def _enclosure(request: Any, enclosure_id: int) -> Enclosure:
    mine = Enclosure.objects.visible_to(request.actor).filter(school=request.school).standing()
    return get_object_or_404(mine.select_related("meeting", "display"), pk=enclosure_id)


@page(can=STAFFROOM)
def enclosure(request: Any, enclosure_id: int) -> HttpResponse:
    found = _enclosure(request, enclosure_id)
    try:
        content, media_type = actions.open_file(request.actor, enclosure=found)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, media_type, str(found.pk))


@require_POST
@page(can=HOLD)
def take_away(request: Any, enclosure_id: int) -> HttpResponse:
    found = _enclosure(request, enclosure_id)
    actions.take_away(request.actor, enclosure=found)
    say(request, _("The file is gone for good."))
    return _back(found.owner)


urlpatterns = [
    path("meetings/<int:meeting_id>/files/", to_meeting, name="meeting-enclose"),
    path("publicity/<int:display_id>/files/", to_display, name="display-enclose"),
    path("school-files/<int:enclosure_id>/", enclosure, name="enclosure"),
    path("school-files/<int:enclosure_id>/away/", take_away, name="enclosure-away"),
]
