"""Where the inspection goes: the plan of a month, and what was seen at each stop."""

import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.safety.rules import danger_words
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Staff
from tongxing.ground.people.queries import staff_of
from tongxing.oversight.inspection import plan as actions
from tongxing.oversight.inspection import queries
from tongxing.oversight.inspection.figures import first_of, last_of
from tongxing.oversight.inspection.models import MANAGE, Stop
from tongxing.oversight.inspection.models_plan import SEEN, TOPIC
from tongxing.oversight.review.queries import left_from_before
from tongxing.paper.documents.inspection import month_name

from .contact_forms import DayInput
from .fields import offer, offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say


class StopForm(SentOnce):
    kind = forms.ChoiceField(label=pgettext_lazy("inspection", "What for"))
    topic = forms.CharField(
        label=pgettext_lazy("inspection", "What is looked at"), max_length=TOPIC,
        help_text=gettext_lazy("For example “talks written down on the day, the book with a motto”."),
    )  # fmt: skip
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label=gettext_lazy("Class"), required=False,
        empty_label=pgettext_lazy("meeting", "no class"),
        help_text=gettext_lazy("For a visit to a class or a talk with its students."),
    )  # fmt: skip
    person = forms.ModelChoiceField(
        Staff.objects.none(), label=pgettext_lazy("inspection", "Talk with"), required=False,
        empty_label=gettext_lazy("nobody in particular"),
        help_text=gettext_lazy("For a talk with a colleague."),
    )  # fmt: skip
    goes = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who goes"), empty_label=gettext_lazy("please choose")
    )
    planned_on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())

    def __init__(self, request: Any, month: datetime.date) -> None:
        today = clock.today()
        day = min(max(today, month), last_of(month))
        super().__init__(
            request.POST or None, initial={"planned_on": day, "goes": staff_of(request.actor.user_id)}
        )
        offer(self, "kind", Stop.Kind.choices)
        colleagues = Staff.objects.filter(school=request.school, user__is_active=True).active(today)
        for name in ("goes", "person"):
            offer_rows(self, name, colleagues.order_by("pinyin", "name", "pk"))
        classes = SchoolClass.objects.visible_to(request.actor).filter(year=request.term.year)
        offer_rows(self, "school_class", classes)


class SeenForm(forms.Form):
    happened_on = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())
    asked = forms.IntegerField(
        label=gettext_lazy("How many students you asked"), min_value=0, max_value=500, required=False
    )
    seen = forms.CharField(
        label=gettext_lazy("What you saw"), max_length=SEEN, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Facts one can see or count, good ones first. No student’s name, please."),
    )  # fmt: skip

    def __init__(self, data: Any, stop: Stop) -> None:
        day = stop.happened_on or min(stop.planned_on, clock.today())
        super().__init__(data, initial={"happened_on": day, "seen": stop.seen, "asked": stop.asked})
        if stop.kind not in actions.OF_A_CLASS:
            del self.fields["asked"]


def _month(request: Any) -> datetime.date:
    """The chosen month of the term, else this one or the nearest."""
    months = queries.months_to_plan(request.term)
    chosen = request.GET.get("month", "")
    return next(
        (one for one in months if f"{one:%Y-%m}" == chosen),
        min(months, key=lambda one: abs(one - first_of(clock.today()))),
    )


@page(can=MANAGE, gives_back=True)
def plan(request: Any) -> HttpResponse:
    """The stops of a month (GET), and one more (POST)."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    month = _month(request)
    form = StopForm(request, month)
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "client_id"}
        try:
            made = actions.plan(
                request.actor, school=request.school, client_id=form.cleaned_data["client_id"],
                facts=facts | {"month": month},
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s finds it on the own week.") % {"name": made.goes.name})
            return redirect(f"{reverse('inspection-plan')}?{urlencode({'month': f'{month:%Y-%m}'})}")
    context = {
        "form": form,
        "month": month,
        "months": [(one, month_name(one)) for one in queries.months_to_plan(request.term)],
        "stops": queries.stops_of(request.actor, request.school, month),
        "left": left_from_before(request.actor, request.school, request.term),
        "today": clock.today(),
    }
    return render(request, "inspection/plan.html", context, status=422 if form.errors else 200)


def _stop(request: Any, stop_id: int) -> Stop:
    mine = Stop.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "school_class", "person", "goes"), pk=stop_id)


@page(signed_in=True, gives_back=True)
def stop(request: Any, stop_id: int) -> HttpResponse:
    """Where and when, and what was seen (POST) by whoever went."""
    found = _stop(request, stop_id)
    form = SeenForm(request.POST if request.method == "POST" else None, found)
    if form.is_valid():
        try:
            actions.note_seen(request.actor, stop=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _written(form.cleaned_data["seen"]))
            return redirect("inspection-stop", found.pk)
    context = {"stop": found, "form": form, "name": month_name(found.month), "today": clock.today()}
    context |= {"inspects": request.actor.may(MANAGE, school_id=found.school_id)}
    return render(request, "inspection/stop.html", context, status=422 if form.errors else 200)


def _written(seen: str) -> str:
    """Nobody is named here, so no flag can be raised by itself: whoever writes of danger is told where to."""
    if danger_words(seen):
        return _("Written down. It speaks of danger: please open the child’s page and raise it there now.")
    return _("Written down.")


@require_POST
@page(can=MANAGE)
def end(request: Any, stop_id: int) -> HttpResponse:
    """Not needed, with the reason; with `back` the way back."""
    found = _stop(request, stop_id)
    if "back" in request.POST:
        actions.go_after_all(request.actor, stop=found)
        say(request, _("It stands there again."))
    else:
        actions.let_go(request.actor, stop=found, reason=request.POST.get("reason", ""))
        say(request, _("Let go."), undo=f"{reverse('inspection-stop-end', args=[found.pk])}?back=1")
    return redirect(f"{reverse('inspection-plan')}?{urlencode({'month': f'{found.month:%Y-%m}'})}")


urlpatterns = [
    path("inspection/plan/", plan, name="inspection-plan"),
    path("inspection/stops/<int:stop_id>/", stop, name="inspection-stop"),
    path("inspection/stops/<int:stop_id>/end/", end, name="inspection-stop-end"),
]
