"""The county's first pages: sums of its schools in tens, which schools need a hand, one figure from month to month."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.oversight.county import hands, queries
from tongxing.oversight.county.models import Hand
from tongxing.oversight.county.scoping import MANAGE, REASON, VIEW
from tongxing.oversight.insight.county import county_sums
from tongxing.oversight.insight.county_counts import MONTHLY, SUMS
from tongxing.oversight.insight.county_months import county_months
from tongxing.oversight.insight.county_shares import FROM_AFAR, Shares, county_shares
from tongxing.paper.documents.county import county_report, in_words

from .county_frame import done, status
from .documents import attachment
from .page import page, say


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What the county will do"), max_length=REASON, widget=forms.Textarea({"rows": 3})
    )


@page(can=VIEW)
def county(request: Any) -> HttpResponse:
    """Who asked for a hand and where records are missing come first, in the order of names."""
    moment = clock.now()
    sums = county_sums(request.actor, request.school, moment)
    needing = queries.needing_a_hand(request.actor, request.school, sums)
    context = {"sums": sums, "moment": moment, "labels": SUMS, "needing": needing}
    return render(request, "county/county.html", context)


@page(can=VIEW)
def months(request: Any) -> HttpResponse:
    """Counts in tens, or one of the indicators, of all schools together and of each by name."""
    code, moment = request.GET.get("figure", ""), clock.now()
    context = {"labels": MONTHLY, "indicators": FROM_AFAR, "moment": moment}
    if code in FROM_AFAR:
        shares = county_shares(request.actor, request.school, code, moment)
        context |= {"shares": shares, "says": _says(shares)}
        return render(request, "county/shares.html", context)
    code = code if code in MONTHLY else next(iter(MONTHLY))
    found = county_months(request.actor, request.school, code, moment)
    return render(request, "county/months.html", context | {"found": found})


def _says(found: Shares) -> str:
    """The indicator's own sentence, with all schools' counts as they are shown; nothing where one of them is not."""
    now = found.whole[-1]
    if now.percent is None:
        return _("There are too few records yet to say anything.")
    if now.of.kind == "hidden":
        return ""
    counts = {"of": now.of, "out_of": now.out_of}
    as_shown = {
        name: f"{one.value}+" if one.kind == "shown" else in_words(one) for name, one in counts.items()
    }
    return str(found.indicator.says) % as_shown


@page(can=MANAGE, gives_back=True)
def hand(request: Any, hand_id: int) -> HttpResponse:
    """What a school asks for, and the county's answer (POST)."""
    below = Hand.objects.visible_to(request.actor).filter(school__parent=request.school)
    found = get_object_or_404(below.select_related("school"), pk=hand_id)
    form = AnswerForm(request.POST or None, initial={"words": found.answer})
    if done(form, lambda words: hands.answer(request.actor, hand=found, words=words)):
        say(request, _("The school finds your answer."))
        return redirect("county")
    return render(request, "county/hand.html", {"hand": found, "form": form}, status=status(form))


@require_POST
@page(can=VIEW)
def document(request: Any) -> HttpResponse:
    """All schools in one document, for the files and for meetings."""
    kind = "pdf" if request.POST.get("kind") == "pdf" else "docx"
    file = county_report(request.actor, request.school, clock.now(), kind)
    return attachment(file, " ".join([request.school.name, _("County report"), str(clock.today())]), kind)


urlpatterns = [
    path("county/", county, name="county"),
    path("county/months/", months, name="county-months"),
    path("county/hands/<int:hand_id>/", hand, name="county-hand"),
    path("county/document/", document, name="county-document"),
]
