"""The school's side of the county: its programme taken over, reports to send, a hand asked for, names that were opened."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme import wording
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Student
from tongxing.oversight.county import hands, needs, programme, reports
from tongxing.oversight.county.comparing import Line, lines_of, newest
from tongxing.oversight.county.models import Adaptation, CountyPoint, Hand, Need, Takeover
from tongxing.oversight.county.models_needs import STATES
from tongxing.oversight.county.programme import PROMISES
from tongxing.oversight.county.reading import dues_of
from tongxing.oversight.county.report_parts import figures_of
from tongxing.oversight.county.scoping import ANSWER, REASON, WORDS

from .county_frame import done, status
from .ledger_frame import SentOnce
from .page import page, say

SHOWN = 20


class HandForm(SentOnce):
    kind = forms.ChoiceField(label=pgettext_lazy("hand", "What is needed"), choices=Hand.Kind.choices)
    words = forms.CharField(
        label=gettext_lazy("In a sentence"), max_length=REASON, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("What would help, and by when. The county reads it: no name, please."),
    )  # fmt: skip


class ReasonForm(SentOnce):
    reason = forms.CharField(
        label=gettext_lazy("Why it is different here"), max_length=WORDS,
        help_text=gettext_lazy("What is so at this school, and what you do instead. The county reads it."),
    )  # fmt: skip


class SendForm(SentOnce):
    """`as_of`: when the figures were looked at."""

    as_of = forms.DateTimeField(widget=forms.HiddenInput)


@page(can=ANSWER)
def office(request: Any) -> HttpResponse:
    """What waits first: reports by their day, the programme where it is not taken over."""
    school, now = request.school, newest(request.school.parent)
    lines = lines_of(school, now) if now else ()
    mine = {"school": school}
    context = {
        "now": now,
        "open": sum(1 for one in lines if one.is_open),
        "taken": Takeover.objects.visible_to(request.actor).filter(version=now, **mine).first()
        if now
        else None,
        "dues": list(dues_of(request.actor, school)),
        "hands": Hand.objects.visible_to(request.actor).standing().filter(**mine),
        "needs": Need.objects.visible_to(request.actor).filter(opened_at__isnull=False, **mine)[:SHOWN],
        "states": STATES,
        "today": clock.today(),
    }
    return render(request, "county_office/office.html", context)


@page(can=ANSWER, gives_back=True)
def new_hand(request: Any) -> HttpResponse:
    form = HandForm(request.POST or None)
    if done(form, lambda **told: hands.ask(request.actor, school=request.school, **told)):
        say(request, _("The county finds it on its page."))
        return redirect("county-office")
    return render(request, "county_office/hand.html", {"form": form}, status=status(form))


@require_POST
@page(can=ANSWER)
def hand_done(request: Any, hand_id: int) -> HttpResponse:
    """With `back` the way back."""
    mine = Hand.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=hand_id)
    if "back" in request.POST:
        hands.not_done(request.actor, hand=found)
    else:
        hands.done(request.actor, hand=found)
        say(
            request, _("Done with. Thank you."), undo=f"{reverse('county-hand-done', args=[found.pk])}?back=1"
        )
    return redirect("county-office")


@page(can=ANSWER)
def taken(request: Any) -> HttpResponse:
    """Each point of the county beside what the school asks for (GET); making them its own (POST)."""
    school, now = request.school, newest(request.school.parent)
    form = SentOnce(request.POST or None)
    if now and done(
        form, lambda **told: programme.take_over(request.actor, school=school, version=now, **told)
    ):
        say(request, _("Taken over. What is new begins with its next week, month or term."))
        return redirect("county-taken")
    lines = lines_of(school, now) if now else ()
    context = {
        "now": now,
        "lines": [(one, *_sentences(one)) for one in lines],
        "waiting": sum(1 for one in lines if one.is_open),
        "taken": Takeover.objects.filter(school=school, version=now).first() if now else None,
        "writes": request.actor.may(PROMISES, school_id=school.pk),
        "form": form,
    }
    return render(request, "county_office/programme.html", context, status=status(form))


def _sentences(line: Line) -> tuple[list[str], list[str]]:
    return wording.sentence(line.point), wording.sentence(line.own) if line.own else []


@page(can=PROMISES, gives_back=True)
def adapt(request: Any, county_asked_id: int) -> HttpResponse:
    """Say why one point is different here."""
    now = newest(request.school.parent)
    points = CountyPoint.objects.visible_to(request.actor).filter(version=now, left_out=False)
    point = get_object_or_404(points.select_related("version"), pk=county_asked_id)
    form = ReasonForm(request.POST or None)
    if done(form, lambda **told: programme.adapt(request.actor, school=request.school, point=point, **told)):
        say(request, _("The county reads why."))
        return redirect("county-taken")
    context = {"form": form, "point": point, "sentence": wording.sentence(point)}
    return render(request, "county_office/adapt.html", context, status=status(form))


@require_POST
@page(can=PROMISES)
def adapted_no_more(request: Any, adaptation_id: int) -> HttpResponse:
    """The reason is gone; with `back` it stands again."""
    mine = Adaptation.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=adaptation_id)
    if "back" in request.POST:
        programme.adapt_again(request.actor, adaptation=found)
    else:
        programme.adapt_no_more(request.actor, adaptation=found)
        undo = f"{reverse('county-adapted-end', args=[found.pk])}?back=1"
        say(request, _("The reason stands no longer."), undo=undo)
    return redirect("county-taken")


@page(can=ANSWER)
def report(request: Any, report_due_id: int) -> HttpResponse:
    """The figures as they stand now (GET); sending exactly those (POST)."""
    found = get_object_or_404(dues_of(request.actor, request.school), pk=report_due_id)
    sent = SendForm(request.POST or None)
    if done(sent, lambda **told: reports.send_it(request.actor, due=found, **told)):
        say(request, _("Sent. The county reads it in tens."))
        return redirect("county-office")
    moment = clock.now()
    context = {
        "due": found,
        "figures": figures_of(request.actor, request.school, found.report.parts, moment),
        "moment": moment,
        "form": SendForm(initial={"as_of": moment.isoformat()}),
        "refused": sent.non_field_errors() if sent.errors else (),
    }
    return render(request, "county_office/report.html", context, status=status(sent))


@page(can=ANSWER)
def opened(request: Any, need_id: int) -> HttpResponse:
    """What the county opened here: why, for whom, until when, which children."""
    mine = Need.objects.visible_to(request.actor).filter(school=request.school, opened_at__isnull=False)
    found = get_object_or_404(mine.select_related("opened_by", "entered_by"), pk=need_id)
    here = Student.objects.visible_to(request.actor).filter(pk__in=found.children.values("student"))
    children = here.with_class(clock.today()).order_by("pinyin", "pk")
    context = {"need": found, "children": children, "states": STATES}
    return render(request, "county_office/opened.html", context)


@require_POST
@page(can=ANSWER)
def close(request: Any, need_id: int) -> HttpResponse:
    mine = Need.objects.visible_to(request.actor).filter(school=request.school, opened_at__isnull=False)
    needs.close(request.actor, need=get_object_or_404(mine.select_related("school"), pk=need_id))
    say(request, _("Closed. The names are not open any more."))
    return redirect("county-office-need", need_id)


urlpatterns = [
    path("county-office/", office, name="county-office"),
    path("county-office/hands/new/", new_hand, name="county-hand-new"),
    path("county-office/hands/<int:hand_id>/done/", hand_done, name="county-hand-done"),
    path("county-office/programme/", taken, name="county-taken"),
    path("county-office/points/<int:county_asked_id>/", adapt, name="county-adapt"),
    path("county-office/reasons/<int:adaptation_id>/end/", adapted_no_more, name="county-adapted-end"),
    path("county-office/reports/<int:report_due_id>/", report, name="county-due"),
    path("county-office/needs/<int:need_id>/", opened, name="county-office-need"),
    path("county-office/needs/<int:need_id>/close/", close, name="county-office-need-close"),
]
