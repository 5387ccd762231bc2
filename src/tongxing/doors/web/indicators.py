"""Indicators: what they say now and how it went, of the school, a grade or a class; one of them with its records."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode

from tongxing.oversight.insight import spans
from tongxing.oversight.insight.facts import VIEW
from tongxing.oversight.insight.indicators import INDICATORS, Indicator
from tongxing.oversight.insight.reckoning import Place, Reading, Reckoning
from tongxing.oversight.insight.spans import By

from . import indicator_charts as charts
from .overview import Choice, chosen, listed
from .page import page


def code_of(place: Place) -> str:
    """A place in an address: g7, c12; empty for whatever the reader sees first."""
    return "" if place.kind == "school" else f"{place.kind[0]}{place.key}"


@dataclass(frozen=True, slots=True)
class Looking:
    """What the reader looks at: a place, now or as a week ended, week by week or month by month."""

    reckoning: Reckoning
    choice: Choice
    place: Place
    by: By

    def query(self, place: Place | None = None, **more: str) -> str:
        """The choice as the end of an address."""
        told = {
            "place": code_of(place or self.place),
            "week": str(self.choice.week.number) if self.choice.week else "",
            "by": "month" if self.by == "month" else "",
        }
        kept = {name: value for name, value in (told | more).items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def read(self, indicator: Indicator) -> "Shown":
        reckoning, place = self.reckoning, self.place
        trend = reckoning.trend(indicator, place, self.by)
        return Shown(reckoning.read(indicator, place), trend, charts.chart(trend))

    def parts(self) -> list[Place]:
        """The grades and classes of the place, in their order."""
        if self.place.kind == "class":
            return []
        grades = {one.pk: one.grade for one in self.reckoning.facts.classes}
        inside = self.place.kind == "school"
        return [
            one
            for one in self.reckoning.places
            if (one.kind == "grade" and inside)
            or (one.kind == "class" and (inside or grades[one.key] == self.place.key))
        ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading with its way so far, as it is drawn and said."""

    now: Reading
    trend: tuple[Reading, ...]
    chart: charts.Chart

    @property
    def value(self) -> str:
        return charts.value_text(self.now)

    @property
    def says(self) -> str:
        return charts.says(self.now)


def looking(request: Any) -> Looking:
    choice = chosen(request)
    reckoning = Reckoning(request.actor, request.school, request.term, choice.as_of)
    wanted = request.GET.get("place", "")
    known = {code_of(one): one for one in reckoning.places}
    if wanted and wanted not in known:
        raise Http404
    place = known[wanted] if wanted else reckoning.places[0]
    return Looking(reckoning, choice, place, "month" if request.GET.get("by") == "month" else "week")


@page(can=VIEW)
def indicators(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    found = looking(request)
    shown = [found.read(one) for one in found.reckoning.of(found.place)]
    return render(request, "indicators/indicators.html", {"looking": found, "shown": shown, **_words()})


def _words() -> dict[str, Any]:
    return {"code_of": code_of, "width": charts.WIDTH, "height": charts.HEIGHT}


def _indicator(request: Any, code: str) -> tuple[Looking, Indicator]:
    indicator = INDICATORS.get(code)
    if request.term is None or indicator is None:
        raise Http404
    found = looking(request)
    if not found.reckoning.may(indicator, found.place):
        raise Http404
    return found, indicator


@page(can=VIEW)
def indicator(request: Any, indicator_code: str) -> HttpResponse:
    """One of them: how it went, its grades and classes in their order, and the figures behind it."""
    found, one = _indicator(request, indicator_code)
    reckoning = found.reckoning
    opened = [] if (shown := found.read(one)).now.hidden else [
        each.figure for code in one.figures if (each := reckoning.open(one, code, found.place))
    ]  # fmt: skip
    context = {
        "looking": found,
        "shown": shown,
        "figures": opened,
        "rows": [(each, charts.span_name(each.span), charts.value_text(each)) for each in shown.trend],
        "multiples": _multiples(found, one),
    }
    return render(request, "indicators/indicator.html", context | _words())


def _multiples(found: Looking, one: Indicator) -> list[tuple[Place, Reading, str, charts.Chart]]:
    """The same picture for each part of the place, all on one scale."""
    reckoning = found.reckoning
    parts = [
        (part, reckoning.trend(one, part, found.by)) for part in found.parts() if reckoning.may(one, part)
    ]
    top = charts.top_of(reading for _part, trend in parts for reading in trend)
    nows = {part: reckoning.read(one, part) for part, _trend in parts}
    return [
        (part, nows[part], charts.value_text(nows[part]), charts.chart(trend, top)) for part, trend in parts
    ]


@page(can=VIEW)
def figure(request: Any, indicator_code: str, figure_code: str) -> HttpResponse:
    """The records behind a figure of an indicator; `span`: of that week or month."""
    found, one = _indicator(request, indicator_code)
    calendar, day = found.reckoning.calendar, found.reckoning.facts.day
    wanted = request.GET.get("span", "")
    span = spans.by_code(calendar, day, wanted) if wanted else None
    opened = found.reckoning.open(one, figure_code, found.place, span)
    if opened is None or (wanted and span is None):
        raise Http404
    names = {promise.code: promise.name for promise in found.reckoning.facts.promises}
    context = {
        "figure": opened.figure,
        "indicator": one,
        "looking": found,
        "span_name": charts.span_name(span) if span else "",
        "names": names,
    }
    return render(request, "overview/figure.html", context | listed(request, opened.figure, opened.duties))


urlpatterns = [
    path("indicators/", indicators, name="indicators"),
    path("indicators/<str:indicator_code>/", indicator, name="indicator"),
    path("indicators/<str:indicator_code>/<str:figure_code>/", figure, name="indicator-figure"),
]
