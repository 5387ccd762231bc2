"""Exporting: a sheet in the columns of another system, after saying what for; and changing those columns."""

import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import export, sheets_made
from tongxing.paper.exchange.export_profile import built_in
from tongxing.paper.exchange.models import SheetMade

from .contact_forms import DayInput
from .documents import ClassForm, attachment, classes_of
from .fields import offer_rows
from .page import apply_refusal, page, say

SHOWN = 30


class SheetForm(ClassForm):
    approved_by = forms.ModelChoiceField(
        label=gettext_lazy("Who agreed to it"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("A second person, who gets a message about it."),
    )
    use_until = forms.DateField(
        label=gettext_lazy("It may be used until"),
        widget=DayInput(),
        help_text=gettext_lazy("The day stands on the sheet; after it the file is to be deleted."),
    )
    with_contact = forms.BooleanField(
        label=gettext_lazy("With phones and addresses"),
        required=False,
        help_text=gettext_lazy("Only if the other system asks for them; otherwise these columns stay open."),
    )
    field_order = ("school_class", "purpose", "approved_by", "use_until", "with_contact")

    def __init__(self, data: Any, *, people: list[User], **options: Any) -> None:
        last = clock.today() + datetime.timedelta(days=sheets_made.USUAL_DAYS)
        super().__init__(data, initial={"use_until": last}, **options)
        found = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name", "pk")
        offer_rows(self, "approved_by", found, lambda user: user.name)


class ProfileForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Columns"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
    )


def _offered(request: Any, code: str) -> export.Offered:
    found = next((one for one in export.offered(request.school) if one.code == code), None)
    if found is None:
        raise Http404
    return found


@page(can="exchange.export")
def exports(request: Any) -> HttpResponse:
    found = [
        (one, export.may_make(request.actor, request.school, one.profile))
        for one in export.offered(request.school)
    ]
    made = SheetMade.objects.visible_to(request.actor).filter(school=request.school, destroyed_at=None)
    made = made.select_related("made_by", "approved_by")[:SHOWN]
    names = {one.code: one.profile.name for one, _may in found}
    context = {"offered": found, "made": [(one, names.get(one.code, one.code)) for one in made]}
    return render(request, "exports/list.html", context | {"today": clock.today()})


@require_POST
@page(can="exchange.export")
def destroyed(request: Any, sheet_id: int) -> HttpResponse:
    """The file exists no more; with `back` the way back."""
    mine = SheetMade.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=sheet_id)
    if "back" in request.POST:
        sheets_made.not_destroyed(request.actor, made=found)
        say(request, _("It stands on the list again."))
    else:
        sheets_made.destroy(request.actor, made=found)
        undo = f"{reverse('export-destroyed', args=[found.pk])}?back=1"
        say(request, _("Noted that the file is deleted."), undo=undo)
    return redirect("exports")


@page(can="exchange.export")
def make(request: Any, export_code: str) -> HttpResponse:
    found = _offered(request, export_code)
    people = sheets_made.approvers(request.actor, request.school)
    data = request.POST if request.method == "POST" else None
    form = SheetForm(data, people=people, classes=classes_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            file = export.make_sheet(
                request.actor, school=request.school, code=export_code, **form.cleaned_data
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return attachment(file, f"{found.profile.name} {clock.today()}", "xlsx")
    context = {
        "form": form,
        "one": found,
        "may": export.may_make(request.actor, request.school, found.profile),
    }
    return render(request, "exports/make.html", context, status=422 if form.errors else 200)


@page(can="exchange.export")
def columns(request: Any, export_code: str) -> HttpResponse:
    found = _offered(request, export_code)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            export.change_profile(
                request.actor, school=request.school, code=export_code, text=form.cleaned_data["text"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The columns are changed."))
            return redirect("export", export_code)
    context = {"form": form, "one": found, "original": built_in()[export_code]}
    return render(request, "exports/columns.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("export/", exports, name="exports"),
    path("export/made/<int:sheet_id>/destroyed/", destroyed, name="export-destroyed"),
    path("export/<slug:export_code>/", make, name="export"),
    path("export/<slug:export_code>/columns/", columns, name="export-columns"),
]
