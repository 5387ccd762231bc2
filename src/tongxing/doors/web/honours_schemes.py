"""Schemes of honours: written, the committee named, published, ended; the page on which their way is seen."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolYear, Staff
from tongxing.oversight.notices.models import Circular
from tongxing.oversight.recognition import queries, schemes
from tongxing.oversight.recognition.evidence import choices
from tongxing.oversight.recognition.models import Criterion, Scheme
from tongxing.oversight.recognition.models_schemes import ABOUT, AWARD, LINE, MANAGE, NAME, PROPOSE, VIEW

from .contact_forms import DayInput
from .fields import offer_rows
from .honours import way_back
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

ROWS = 5  # criteria that the form asks for


class SchemeForm(SentOnce):
    kind = forms.ChoiceField(
        label=gettext_lazy("Who is honoured"), choices=Scheme.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=pgettext_lazy("honour", "Title"), max_length=NAME,
        help_text=gettext_lazy("As it stands on the certificate, for example “Warm light of the year”."),
    )  # fmt: skip
    about = forms.CharField(
        label=pgettext_lazy("honour", "What it is about"),
        max_length=ABOUT,
        widget=forms.Textarea({"rows": 3}),
    )
    circular = forms.ModelChoiceField(
        Circular.objects.none(), label=gettext_lazy("The circular it rests on"), required=False,
        empty_label=gettext_lazy("none"),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("Looked at from"), widget=DayInput())
    until = forms.DateField(label=pgettext_lazy("honour", "until"), widget=DayInput())
    open_until = forms.DateField(label=gettext_lazy("Proposals until"), widget=DayInput())

    def __init__(self, request: Any, found: Scheme | None) -> None:
        super().__init__(request.POST or None, initial=_first(request, found))
        rules = Circular.objects.visible_to(request.actor).standing().filter(school=request.school)
        offer_rows(self, "circular", rules.filter(kind=Circular.Kind.RULES).prefetch_related("versions"))
        for number in range(1, ROWS + 1):
            self.fields[f"criterion_{number}"] = forms.CharField(
                label=_("Criterion %(n)s") % {"n": number}, max_length=LINE, required=number == 1
            )
            self.fields[f"weight_{number}"] = forms.TypedChoiceField(
                label=_("How much it matters"), choices=Criterion.Weight.choices, coerce=int
            )
            self.fields[f"evidence_{number}"] = forms.ChoiceField(
                label=_("What of the records shows it"), required=False,
                choices=[("", _("nothing is counted: people judge")), *choices],
            )  # fmt: skip

    @property
    def facts(self) -> schemes.Facts:
        names = ("kind", "name", "about", "starts_on", "until", "open_until", "circular")
        return schemes.Facts(**{name: self.cleaned_data[name] for name in names})

    @property
    def asks(self) -> list[schemes.Asks]:
        told = self.cleaned_data
        rows = [
            [told[f"{name}_{n}"] for name in ("criterion", "weight", "evidence")] for n in range(1, ROWS + 1)
        ]
        return [schemes.Asks(*row) for row in rows if row[0].strip()]


def _first(request: Any, found: Scheme | None) -> dict[str, Any]:
    """What the form begins with: the draft, or the time from the first day of the school year to today."""
    weights = {f"weight_{number}": Criterion.Weight.MORE for number in range(1, ROWS + 1)}
    if found is None:
        year = queries.current_year(request.school)
        return weights | {"starts_on": year.starts_on if year else None, "until": clock.today()}
    names = ("kind", "name", "about", "circular", "starts_on", "until", "open_until")
    told = {name: getattr(found, name) for name in names}
    for number, one in enumerate(found.criteria.all(), 1):
        told |= {f"criterion_{number}": one.words, f"weight_{number}": one.weight, f"evidence_{number}": one.evidence}  # fmt: skip
    return weights | told


class CommitteeForm(forms.Form):
    staff = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who looks at it together"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, request: Any, found: Scheme) -> None:
        sitting = list(found.committee.filter(ended_at=None).values_list("staff_id", flat=True))
        super().__init__(request.POST or None, initial={"staff": sitting})
        people = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=found.school_id)
        rows = people.filter(user__is_active=True).select_related("user").order_by("pinyin", "name", "pk")
        self.fields["staff"].queryset = rows  # type: ignore[attr-defined]  # a model field


def scheme_of(request: Any, scheme_id: int) -> Scheme:
    found = queries.schemes(request.actor, request.school).select_related("school", "published_by")
    return get_object_or_404(found, pk=scheme_id)


def _form(request: Any, form: SchemeForm, found: Scheme | None) -> HttpResponse:
    rows = [
        [form[f"{name}_{number}"] for name in ("criterion", "weight", "evidence")]
        for number in range(1, ROWS + 1)
    ]
    first = [bound for bound in form if "_" not in bound.name or not bound.name[-1].isdigit()]
    context = {"form": form, "first": first, "rows": rows, "scheme": found}
    return render(request, "honours/scheme_form.html", context, status=422 if form.errors else 200)


def _written(request: Any, found: Scheme | None, year: SchoolYear) -> HttpResponse:
    form = SchemeForm(request, found)
    if form.is_valid():
        try:
            made = schemes.write(
                request.actor, school=request.school, year=year, scheme=found, facts=form.facts,
                criteria=form.asks, client_id=form.cleaned_data["client_id"],
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("honour-scheme", made.pk)
    return _form(request, form, found)


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    year = queries.current_year(request.school)
    if year is None:
        raise Refused(_("There is no school year yet: enter its dates in the settings first."))
    return _written(request, None, year)


@page(can=MANAGE, gives_back=True)
def change(request: Any, scheme_id: int) -> HttpResponse:
    """A draft; what is published stays as it is."""
    found = scheme_of(request, scheme_id)
    if not found.is_draft:
        raise Refused(_("This scheme is published. End it and write another one."))
    return _written(request, found, found.year)


@page(can=VIEW)
def scheme(request: Any, scheme_id: int) -> HttpResponse:
    """What it asks, who looks at it, what one can do now; for the committee and those who lead also who was proposed."""
    found = scheme_of(request, scheme_id)
    leads = request.actor.may(MANAGE, school_id=found.school_id)
    is_open = found.stands and found.open_until >= clock.today()
    context = {
        "scheme": found,
        "criteria": found.criteria.all(),
        "committee": [one.staff for one in found.committee.filter(ended_at=None).select_related("staff")],
        "leads": leads,
        "sits": queries.sits(request.actor, found),
        "open": is_open,
        "own": queries.own_parts(request.actor, found) if is_open else [],
        "may_propose": is_open and request.actor.may(PROPOSE, school_id=found.school_id),
        "proposals": queries.proposals(request.actor, found),
        "checks": queries.self_checks(request.actor, found),
        "to_publish": queries.to_publish(found).exists() if leads else False,
        "to_award": queries.to_award(found).exists() if leads else False,
        "may_award": request.actor.may(AWARD, school_id=found.school_id),
    }
    return render(request, "honours/scheme.html", context)


@page(can=MANAGE)
def committee(request: Any, scheme_id: int) -> HttpResponse:
    found = scheme_of(request, scheme_id)
    form = CommitteeForm(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            schemes.name_committee(request.actor, scheme=found, staff=list(form.cleaned_data["staff"]))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The committee is named."))
            return redirect("honour-scheme", found.pk)
    context = {"form": form, "scheme": found}
    return render(request, "honours/committee.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=MANAGE)
def publish(request: Any, scheme_id: int) -> HttpResponse:
    """With `back` the way back."""
    found = scheme_of(request, scheme_id)
    if "back" in request.POST:
        schemes.back_to_draft(request.actor, scheme=found)
        say(request, _("It is a draft again."))
    else:
        schemes.publish(request.actor, scheme=found)
        say(request, _("Every colleague reads it now."), undo=way_back("honour-publish", found.pk))
    return redirect("honour-scheme", found.pk)


@require_POST
@page(can=MANAGE)
def end(request: Any, scheme_id: int) -> HttpResponse:
    """With the reason; with `back` the way back."""
    found = scheme_of(request, scheme_id)
    if "back" in request.POST:
        schemes.go_on(request.actor, scheme=found)
        say(request, _("It goes on."))
    else:
        schemes.end(request.actor, scheme=found, reason=request.POST.get("reason", ""))
        say(request, _("Ended. What was given stays."), undo=way_back("honour-end", found.pk))
    return redirect("honour-scheme", found.pk)


urlpatterns = [
    path("honours/schemes/new/", new, name="honour-scheme-new"),
    path("honours/schemes/<int:scheme_id>/", scheme, name="honour-scheme"),
    path("honours/schemes/<int:scheme_id>/change/", change, name="honour-scheme-change"),
    path("honours/schemes/<int:scheme_id>/committee/", committee, name="honour-committee"),
    path("honours/schemes/<int:scheme_id>/publish/", publish, name="honour-publish"),
    path("honours/schemes/<int:scheme_id>/end/", end, name="honour-end"),
]
