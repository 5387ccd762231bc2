"""The overview of the school or of a class, now or as a past week ended, and the records behind every figure."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.care.contacts.agreed import appointments
from tongxing.care.contacts.queries import last_times
from tongxing.care.programme.rules import Obligation
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import SchoolClass
from tongxing.ground.people.queries import term_calendar
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.behind import behind
from tongxing.oversight.insight.facts import VIEW
from tongxing.oversight.insight.figures import Figure
from tongxing.oversight.insight.weekmap import CELL_OF

from .page import page

#: Rows of one page: what a village line brings at once.
ROWS = 60
INSTANT = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader looks at: the school (None) or a class, now (None) or as it stood when a week ended."""

    classes: tuple[SchoolClass, ...]
    may_all: bool
    school_class: SchoolClass | None
    weeks: tuple[Week, ...]
    week: Week | None

    @property
    def class_id(self) -> int | None:
        return self.school_class.pk if self.school_class else None

    @property
    def as_of(self) -> datetime.datetime:
        return clock.end_of(self.week.sunday) - INSTANT if self.week else clock.now()

    def query(self, **more: int) -> str:
        """The choice as the end of an address."""
        one_of_several = self.may_all or len(self.classes) > 1
        told = {
            "class": (self.class_id or 0) if one_of_several else 0,
            "week": self.week.number if self.week else 0,
        }
        kept = {name: value for name, value in (told | more).items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def chosen(request: Any) -> Choice:
    """By the address; whoever answers for classes alone looks at one of these."""
    classes = tuple(classes_for(request.actor, VIEW, request.term))
    may_all = request.actor.may_all(VIEW, school_id=request.school.pk)
    wanted = request.GET.get("class", "")
    school_class = next((one for one in classes if str(one.pk) == wanted), None)
    if wanted and not school_class:
        raise Http404
    if not may_all and not classes:
        raise Refused(_("This school year no class is in your charge."))
    weeks = tuple(week for week in term_calendar(request.term).weeks if week.sunday < clock.today())
    week = next((one for one in weeks if str(one.number) == request.GET.get("week", "")), None)
    return Choice(classes, may_all, school_class or (None if may_all else classes[0]), weeks, week)


@page(can="overview.view")
def overview(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    choice = chosen(request)
    shown = queries.overview(request.actor, request.school, request.term, choice.as_of, choice.class_id)
    context = {"overview": shown, "choice": choice, "words": cell_words()}
    return render(request, "overview/overview.html", context)


def cell_words() -> dict[str, str]:
    """What a cell of the map says beside its colour."""
    return {
        "done": pgettext("cell", "done"),
        "later": pgettext("cell", "recorded later"),
        "due": _("still this week"),
        "late": _("not written down yet"),
        "rest": _("nothing asked"),
    }


@page(can="overview.view")
def figure(request: Any, code: str) -> HttpResponse:
    if request.term is None:
        raise Http404
    choice, of = chosen(request), request.GET.get("of", "")
    week = int(of) if of.isdecimal() else None
    found = queries.figure(
        request.actor, request.school, request.term, code, choice.as_of, choice.class_id, week
    )
    if not found:
        raise Http404
    context = {"figure": found.figure, "choice": choice, "of_week": week, "names": found.names}
    context["beside"] = found.beside
    return render(request, "overview/figure.html", context | listed(request, found.figure, found.duties))


def listed(request: Any, found: Figure, duties: Iterable[Obligation] = ()) -> dict[str, Any]:
    """The records of a figure, a page of them at a time, and how many of them this reader may not see."""
    whole = behind(request.actor, found, duties)
    paper = Paginator(whole.rows, ROWS).get_page(request.GET.get("page"))
    records = whole.part(paper.start_index() - 1, paper.end_index()) if whole.rows else whole
    ids = [student.pk for student, _times in records.students]
    is_now = clock.day_of(found.as_of) == clock.today()
    return {
        "is_now": is_now,
        "last": last_times(request.actor, ids) if is_now else {},
        "agreed": appointments(request.actor, ids) if is_now else {},
        "behind": records,
        "hidden": len(found.records) - whole.shown,
        "paper": paper,
        "rest": urlencode([(name, one) for name, one in request.GET.items() if name != "page"]),
        "repeated": any(times > 1 for _student, times in whole.students),
        "cell_of": CELL_OF,
        "states": cell_words() | {"due": _("still time")},
    }


urlpatterns = [
    path("overview/", overview, name="overview"),
    path("overview/<str:code>/", figure, name="overview-figure"),
]
