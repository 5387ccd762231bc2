"""Importing: choosing by hand what a sheet holds, and the school's saved profiles."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.doors.web.page import page, say
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import by_hand, saved_profiles
from tongxing.paper.exchange.actions import opened
from tongxing.paper.exchange.columns import Choice, choice, of_mapping, subject_named
from tongxing.paper.exchange.kinds import KINDS
from tongxing.paper.exchange.mapping import SUBJECT, Mapping
from tongxing.paper.exchange.models import ImportProfile
from tongxing.paper.exchange.reader import Sheet

from .imports import batch_of
from .settings import DateInput


class ChoiceForm(forms.Form):
    """What is chosen beside the columns themselves."""

    kind = forms.CharField(required=False)
    line = forms.IntegerField(min_value=-1, max_value=200)
    name = forms.CharField(
        label=gettext_lazy("Remember this choice as"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Sheets with the same headings are then read this way by themselves."),
    )
    exam_name = forms.CharField(label=gettext_lazy("Name of the exam"), max_length=80, required=False)
    held_on = forms.DateField(label=gettext_lazy("Day of the exam"), required=False, widget=DateInput())


@page(can="import.run")
def sheet(request: Any, batch_id: int, place: int) -> HttpResponse:
    found = batch_of(request, batch_id)
    _before, content = opened(found)
    if place >= len(content.sheets):
        raise Http404
    if request.method == "POST":
        return _choose(request, found, content.sheets[place])
    shown = choice(content, place, request.GET.get("kind"), _whole(request.GET.get("line", "")))
    initial = {"name": shown.mapping.profile, "exam_name": content.exam[0], "held_on": content.exam[1]}
    return _show(request, found, shown, ChoiceForm(initial=initial))


def _choose(request: Any, found: Any, sheet: Sheet) -> HttpResponse:
    form = ChoiceForm(request.POST)
    if not form.is_valid() or form.cleaned_data["kind"] not in {"", *KINDS}:
        raise Http404
    said = form.cleaned_data
    mapping, twice = mapping_from(request.POST, sheet, said["kind"], said["line"])
    shown = of_mapping(sheet, mapping)
    exam = (said["exam_name"], said["held_on"]) if shown.is_about_an_exam else None
    try:
        if twice:
            raise Refused(
                _("“%(field)s” is chosen for two columns. Please choose it once.") % {"field": twice}
            )
        by_hand.choose_columns(
            request.actor,
            batch=found,
            place=sheet.place,
            mapping=mapping,
            profile_name=said["name"],
            exam=exam,
        )
    except Refused as refusal:
        return _show(request, found, shown, form, refusal.message)
    say(request, _("Read as you chose."))
    return redirect("import-batch", found.pk)


def mapping_from(posted: Any, sheet: Sheet, code: str, line: int) -> tuple[Mapping, str]:
    """The choice as it was posted, and the field that was chosen twice, if one was."""
    mapping = Mapping(code, min(line, len(sheet.rows) - 1))
    kind = KINDS.get(code)
    codes = {one.code for one in kind.fields} if kind else set()
    twice = ""
    for key in posted:
        number = _whole(key.removeprefix("column-")) if key.startswith("column-") else None
        if kind is None or number is None or number > 300:
            continue
        field = posted[key]
        if field == SUBJECT and code == "wide_scores":
            mapping.subjects[subject_named(sheet, kind, mapping.heading, number)] = number
        elif field in mapping.columns:
            twice = str(kind.field(field))
        elif field in codes:
            mapping.columns[field] = number
    return mapping, twice


def _whole(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 6 else None


def _show(request: Any, found: Any, shown: Choice, form: ChoiceForm, trouble: str = "") -> HttpResponse:
    context = {
        "batch": found,
        "choice": shown,
        "form": form,
        "kinds": KINDS.values(),
        "subject": SUBJECT,
        "trouble": trouble,
    }
    return render(request, "imports/sheet.html", context, status=422 if trouble else 200)


@page(can="import.run")
@require_POST
def forget_profile(request: Any, profile_id: int) -> HttpResponse:
    mine = ImportProfile.objects.visible_to(request.actor).filter(school=request.school)
    saved_profiles.forget(request.actor, profile=get_object_or_404(mine, pk=profile_id))
    say(request, _("Forgotten. Such sheets are recognised by their headings again."))
    return redirect("import")


urlpatterns = [
    path("import/<int:batch_id>/sheets/<int:place>/", sheet, name="import-sheet"),
    path("import/profiles/<int:profile_id>/forget/", forget_profile, name="import-profile-forget"),
]
