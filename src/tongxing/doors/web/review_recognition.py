"""Praise that came to the school, with its papers."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.review import queries
from tongxing.oversight.review import recognition as actions
from tongxing.oversight.review.models import Recognition, RecognitionFile
from tongxing.oversight.review.models_recognition import FROM, NOTE, STAFFROOM, TEXT

from .contact_forms import DayInput
from .enclosures import FileForm
from .files import handed_out
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say


class RecognitionForm(SentOnce):
    kind = forms.ChoiceField(
        label=pgettext_lazy("recognition", "From whom"), choices=Recognition.Kind.choices
    )
    from_whom = forms.CharField(
        label=pgettext_lazy("recognition", "Which office"), max_length=FROM,
        help_text=gettext_lazy("For example “county bureau” or “a family of class 7.1”; no child’s and no parent’s name."),
    )  # fmt: skip
    text = forms.CharField(label=pgettext_lazy("recognition", "What was praised, in a line"), max_length=TEXT)
    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"day": clock.today()})


@page(can=STAFFROOM, gives_back=True)
def recognitions(request: Any) -> HttpResponse:
    """What came this term (GET), and one more line (POST)."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    form = RecognitionForm(request.POST or None)
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "client_id"}
        try:
            actions.note(
                request.actor, school=request.school, client_id=form.cleaned_data["client_id"], facts=facts
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It stands here, and in the summary of the term."))
            return redirect("recognitions")
    context = {
        "form": form,
        "rows": queries.praise_of(request.actor, request.term).prefetch_related("files"),
        "keeps": request.actor.may(NOTE, school_id=request.school.pk),
    }
    return render(request, "review/recognitions.html", context, status=422 if form.errors else 200)


def _recognition(request: Any, recognition_id: int) -> Recognition:
    mine = Recognition.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine, pk=recognition_id)


@require_POST
@page(can=NOTE)
def back(request: Any, recognition_id: int) -> HttpResponse:
    """Taken back with the reason; with `again` the way back."""
    found = _recognition(request, recognition_id)
    if "again" in request.POST:
        actions.put_back(request.actor, recognition=found)
        say(request, _("It stands there again."))
    else:
        actions.take_back(request.actor, recognition=found, reason=request.POST.get("reason", ""))
        say(request, _("Taken back."), undo=f"{reverse('recognition-back', args=[found.pk])}?again=1")
    return redirect("recognitions")


@page(can=NOTE)
def add_file(request: Any, recognition_id: int) -> HttpResponse:
    found = _recognition(request, recognition_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["file"].read(LARGEST_PICTURE + 1)
        try:
            actions.add_file(
                request.actor, recognition=found, label=form.cleaned_data["label"], content=content
            )
        except Refused as refusal:
            apply_refusal(form, Refused(refusal.message, field="file"))
        else:
            say(request, _("The file stands with it."))
            return redirect("recognitions")
    context = {"form": form, "recognition": found}
    return render(request, "review/recognition_file.html", context, status=422 if form.errors else 200)


def _file(request: Any, recognition_file_id: int) -> RecognitionFile:
    mine = RecognitionFile.objects.visible_to(request.actor).filter(school=request.school).standing()
    return get_object_or_404(mine, pk=recognition_file_id)


@page(can=STAFFROOM)
def file(request: Any, recognition_file_id: int) -> HttpResponse:
    found = _file(request, recognition_file_id)
    try:
        content, media_type = actions.open_file(request.actor, file=found)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, media_type, str(found.pk))


@require_POST
@page(can=NOTE)
def file_away(request: Any, recognition_file_id: int) -> HttpResponse:
    actions.take_file_away(request.actor, file=_file(request, recognition_file_id))
    say(request, _("The file is gone for good."))
    return redirect("recognitions")


urlpatterns = [
    path("review/recognition/", recognitions, name="recognitions"),
    path("review/recognition/<int:recognition_id>/back/", back, name="recognition-back"),
    path("review/recognition/<int:recognition_id>/files/", add_file, name="recognition-add-file"),
    path("review/recognition/files/<int:recognition_file_id>/", file, name="recognition-file"),
    path("review/recognition/files/<int:recognition_file_id>/away/", file_away, name="recognition-file-away"),
]
