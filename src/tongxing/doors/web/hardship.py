"""Recognising hardship: what comes next in the round, who reviews, the school's levels and points."""

import datetime
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.hardship import queries, rules
from tongxing.aid.hardship.actions import rounds as actions
from tongxing.aid.hardship.models import PanelMember, Round
from tongxing.aid.hardship.models_rounds import MANAGE, REVIEW, TOLD
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import SchoolClass, Staff

from .by_class import students_for
from .contact_forms import DayInput
from .hardship_frame import round_of
from .page import apply_refusal, page, say

WEEKS_TO_APPLY = datetime.timedelta(weeks=2)


class RoundForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Which round"), choices=Round.Kind.choices, widget=forms.RadioSelect
    )
    told = forms.CharField(
        label=gettext_lazy("What families are told"),
        max_length=TOLD,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("It stands at the family's door and can be read out or sent home."),
    )
    apply_until = forms.DateField(label=gettext_lazy("Applications until"), widget=DayInput())


class PanelForm(forms.Form):
    staff = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who sits together"),
        queryset=Staff.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, staff: Any, named: list[int]) -> None:
        super().__init__(data, initial={"staff": named})
        cast(forms.ModelMultipleChoiceField, self.fields["staff"]).queryset = staff


@page(can=REVIEW)
def home(request: Any) -> HttpResponse:
    """What waits in this round: for whoever runs it all of it, for a class teacher the own class."""
    found = queries.current_round(request.actor, request.school)
    runs = request.actor.may_all(MANAGE, school_id=request.school.pk)
    context = {
        "round": found,
        "runs": runs,
        "progress": queries.progress(request.actor, found) if found and runs else None,
        "classes": queries.by_class(request.actor, found) if found else [],
        "rows": queries.in_review(request.actor, found) if found and not runs else [],
        "last": queries.rounds(request.actor, request.school).first(),
        "today": clock.today(),
    }
    return render(request, "hardship/home.html", context)


@page(can=MANAGE)
def open_round(request: Any) -> HttpResponse:
    if request.term is None:
        raise Refused(_("There is no term yet: enter its dates in the settings first."))
    form = RoundForm(request.POST or None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        try:
            _open(request, form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The round is open. Families see it at their door."))
            return redirect("hardship")
    return render(request, "hardship/open.html", {"form": form}, status=422 if form.errors else 200)


def _first(request: Any) -> dict[str, Any]:
    held = Round.objects.filter(
        school=request.school, year=request.term.year, kind=Round.Kind.YEARLY
    ).exists()
    until = clock.today() + WEEKS_TO_APPLY
    words = _(
        "Dear families, the school now recognises which families need help with the costs of school. Whoever wishes it fills in one form, here or on paper with the class teacher; a signed promise is enough, no stamp is needed. It is treated in confidence. Please hand it in by %(month)s/%(day)s."
    )
    told = words % {"month": until.month, "day": until.day}
    return {"kind": "adjustment" if held else "yearly", "apply_until": until, "told": told}


def _open(request: Any, said: dict[str, Any]) -> Round:
    return actions.open_round(
        request.actor,
        school=request.school,
        year=request.term.year,
        term=request.term if said["kind"] == Round.Kind.ADJUSTMENT else None,
        told=said["told"],
        apply_until=said["apply_until"],
    )


@require_POST
@page(can=MANAGE)
def close_round(request: Any) -> HttpResponse:
    """Nobody waits any more; with `again` the way back."""
    if "again" in request.POST:
        last = queries.rounds(request.actor, request.school).first()
        if last is None:
            raise Http404
        actions.close_round(request.actor, round=last, again=True)
        say(request, _("The round is open again."))
    else:
        actions.close_round(request.actor, round=round_of(request))
        say(
            request,
            _("The round is closed. What changes later goes into an adjustment."),
            undo=f"{reverse('hardship-close')}?again=1",
        )
    return redirect("hardship")


@page(can=REVIEW)
def panel(request: Any) -> HttpResponse:
    """Who reviews: for the class of the address, or for the school."""
    found, school_class = round_of(request), _class(request)
    held = PanelMember.objects.filter(round=found, school_class=school_class, ended_at=None)
    staff = Staff.objects.visible_to(request.actor).filter(school=request.school).active(clock.today())
    form = PanelForm(
        request.POST or None, staff.order_by("pinyin", "pk"), list(held.values_list("staff_id", flat=True))
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_panel(
                request.actor, round=found, school_class=school_class, staff=list(form.cleaned_data["staff"])
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted who sits together."))
            return redirect("hardship")
    context = {"form": form, "school_class": school_class, "round": found}
    return render(request, "hardship/panel.html", context, status=422 if form.errors else 200)


def _class(request: Any) -> SchoolClass | None:
    """None: the school's own; only whoever runs the round names that."""
    given = request.GET.get("class", "")
    if given.isdecimal():
        found = get_object_or_404(
            SchoolClass.objects.visible_to(request.actor), pk=int(given), school=request.school
        )
        if not actions.reviews_class(request.actor, found):
            raise NotAllowed(REVIEW)
        return found
    if request.actor.may_all(MANAGE, school_id=request.school.pk):
        return None
    own = students_for(request, REVIEW).values_list("class_id", flat=True).first()
    return get_object_or_404(SchoolClass, pk=own, school=request.school)


class SettingsForm(forms.Form):
    """Up to four levels with their points, and the points of every answer and group."""

    def __init__(self, data: Any, school: Any) -> None:
        super().__init__(data)
        names = queries.category_names()
        levels = actions.levels_of(school)
        for number in range(1, actions.MOST_LEVELS + 1):
            held = levels[number - 1] if len(levels) >= number else None
            self.fields[f"level_{number}"] = forms.CharField(
                label=pgettext_lazy("hardship", "Level"),
                max_length=20,
                required=False,
                initial=held.name if held else "",
            )
            self.fields[f"from_{number}"] = _points(
                gettext_lazy("suggested from"), held.from_points if held else None
            )
        for code, points in actions.points_of(school).items():
            self.fields[f"p_{code}"] = _points(rules.in_words(code, names), points)

    def levels(self) -> list[tuple[str, int]]:
        said = self.cleaned_data
        numbers = range(1, actions.MOST_LEVELS + 1)
        return [(said[f"level_{n}"], said[f"from_{n}"] or 0) for n in numbers if said[f"level_{n}"].strip()]

    def points(self) -> dict[str, int]:
        return {
            name[2:]: value
            for name, value in self.cleaned_data.items()
            if name.startswith("p_") and value is not None
        }

    def level_fields(self) -> list[tuple[Any, Any]]:
        return [(self[f"level_{n}"], self[f"from_{n}"]) for n in range(1, actions.MOST_LEVELS + 1)]

    def point_fields(self, groups: bool) -> list[Any]:
        return [
            self[name]
            for name in self.fields
            if name.startswith("p_") and name.startswith("p_group.") == groups
        ]


def _points(label: Any, first: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=rules.MOST_POINTS, required=False, initial=first
    )


@page(can=MANAGE)
def settings(request: Any) -> HttpResponse:
    """Levels, and how much each answer counts; for rounds that are opened from now on."""
    form = SettingsForm(request.POST or None, request.school)
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved. It holds for the next round."))
            return redirect("hardship-settings")
    running = queries.current_round(request.actor, request.school)
    context = {"form": form, "round": running}
    return render(request, "hardship/settings.html", context, status=422 if form.errors else 200)


def _set(request: Any, form: SettingsForm) -> None:
    actions.set_points(request.actor, school=request.school, points=form.points())
    standing = [(one.name, one.from_points) for one in actions.levels_of(request.school)]
    if form.levels() != standing:
        actions.set_levels(request.actor, school=request.school, levels=form.levels())


urlpatterns = [
    path("hardship/", home, name="hardship"),
    path("hardship/open/", open_round, name="hardship-open"),
    path("hardship/close/", close_round, name="hardship-close"),
    path("hardship/panel/", panel, name="hardship-panel"),
    path("hardship/settings/", settings, name="hardship-settings"),
]
