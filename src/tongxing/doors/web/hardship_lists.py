"""Lists of other offices laid beside the roster, and who is known to an office and helped by nobody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.hardship import queries
from tongxing.aid.hardship.actions.applications import GROUPS
from tongxing.aid.hardship.actions.lists import undo_list
from tongxing.aid.hardship.models import OfficialList
from tongxing.aid.hardship.models_rounds import MANAGE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import category_lists as exchange
from tongxing.paper.exchange.reader import MAX_BYTES

from .contact_forms import DayInput
from .fields import offer
from .page import apply_refusal, page, say

SHOWN_WRONG = 30


class ListForm(forms.Form):
    office = forms.ChoiceField(
        label=gettext_lazy("From which office"), choices=OfficialList.Office.choices, widget=forms.RadioSelect
    )
    as_of = forms.DateField(label=pgettext_lazy("list", "As of"), widget=DayInput())
    category = forms.ChoiceField(
        label=gettext_lazy("What the list is of"),
        required=False,
        help_text=gettext_lazy("Empty: a column of the sheet says it."),
    )
    upload = forms.FileField(
        label=gettext_lazy("The list as a file"),
        help_text=gettext_lazy("xlsx, xls or csv with a column of ID numbers."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files, initial={"as_of": clock.today(), "office": "civil"})
        names = queries.category_names()
        offer(self, "category", [("", "—"), *((code, names[code]) for code in GROUPS)])


@page(can=MANAGE)
def lists(request: Any) -> HttpResponse:
    """Hand a list in; below, those that were handed in."""
    form = ListForm(request.POST or None, request.FILES or None)
    wrong: list[exchange.Wrong] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = _hand_in(request, form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            if isinstance(found, OfficialList):
                say(
                    request, _("Laid beside the roster."), undo=reverse("hardship-list-undo", args=[found.pk])
                )
                return redirect("hardship-list", found.pk)
            wrong = found
    taken = OfficialList.objects.visible_to(request.actor).filter(school=request.school)
    context = {
        "form": form,
        "wrong": wrong[:SHOWN_WRONG],
        "wrong_number": len(wrong),
        "lists": taken.select_related("taken_by")[:24],
    }
    return render(request, "hardship/lists.html", context, status=422 if form.errors or wrong else 200)


def _hand_in(request: Any, said: dict[str, Any]) -> OfficialList | list[exchange.Wrong]:
    sent = said["upload"]
    return exchange.hand_in(
        request.actor,
        school=request.school,
        office=said["office"],
        as_of=said["as_of"],
        category=said["category"],
        name=sent.name,
        content=sent.read(MAX_BYTES + 1),
    )


def _list(request: Any, official_list_id: int) -> OfficialList:
    taken = OfficialList.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(taken.select_related("taken_by"), pk=official_list_id)


@page(can=MANAGE)
def one_list(request: Any, official_list_id: int) -> HttpResponse:
    """Who of this school stands on it, by class and name."""
    found = _list(request, official_list_id)
    context = {"list": found, "rows": queries.listed(request.actor, found)}
    return render(request, "hardship/list.html", context)


@require_POST
@page(can=MANAGE)
def undo(request: Any, official_list_id: int) -> HttpResponse:
    undo_list(request.actor, official=_list(request, official_list_id))
    say(request, _("Taken back. What only this list had said no longer holds."))
    return redirect("hardship-lists")


@page(can=MANAGE)
def uncovered(request: Any) -> HttpResponse:
    found = queries.current_round(request.actor, request.school)
    rows = queries.uncovered(request.actor, request.school, found)
    return render(request, "hardship/uncovered.html", {"rows": rows, "round": found})


urlpatterns = [
    path("hardship/lists/", lists, name="hardship-lists"),
    path("hardship/lists/<int:official_list_id>/", one_list, name="hardship-list"),
    path("hardship/lists/<int:official_list_id>/undo/", undo, name="hardship-list-undo"),
    path("hardship/uncovered/", uncovered, name="hardship-uncovered"),
]
