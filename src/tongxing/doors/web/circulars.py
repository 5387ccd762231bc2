"""Circulars: what came to me and is to be confirmed, what the office writes, changes, takes back, and who has confirmed."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.donations.models import Campaign
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models_calendar import grade_name
from tongxing.oversight.inspection.queries import months
from tongxing.oversight.notices import circulars as actions
from tongxing.oversight.notices import queries
from tongxing.oversight.notices.belonging import MANAGE
from tongxing.oversight.notices.models import Circular, Meeting
from tongxing.oversight.notices.models_circulars import CHANGED, TEXT, TITLE, VIEW
from tongxing.paper.documents import drafts
from tongxing.paper.documents.school_papers import circular_file

from .contact_forms import DayInput
from .documents import attachment
from .fields import offer
from .ledger_frame import SentOnce
from .letterheads import number_context
from .page import apply_refusal, page, say

SHOWN, FEW = 20, 3


class WordsForm(SentOnce):
    title = forms.CharField(label=pgettext_lazy("circular", "Title"), max_length=TITLE)
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=TEXT,
        widget=forms.Textarea({"rows": 12}),
        help_text=gettext_lazy("What is to be done, by whom and by when. No student’s name, please."),
    )


class CircularForm(WordsForm):
    kind = forms.ChoiceField(label=pgettext_lazy("circular", "What it is"), choices=Circular.Kind.choices)
    group = forms.ChoiceField(
        label=gettext_lazy("Which colleagues"), choices=Circular.Group.choices, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    grade = forms.TypedChoiceField(
        label=gettext_lazy("Which grade"), coerce=int, empty_value=None, required=False
    )
    families = forms.BooleanField(label=gettext_lazy("Families too, at their door"), required=False)
    asks = forms.BooleanField(label=gettext_lazy("Please confirm that you have read it"), required=False)
    by = forms.DateField(label=gettext_lazy("Please confirm by"), required=False, widget=DayInput())
    field_order = ("client_id", "kind", "title", "text", "group", "grade", "families", "asks", "by")

    def __init__(self, data: Any, office: Organisation, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"group": Circular.Group.ALL, "asks": True} | initial)
        self.schools = office.kind == Organisation.Kind.COUNTY
        if self.schools:
            for name in ("group", "grade", "families"):
                del self.fields[name]
        else:
            grades = [(grade, grade_name(grade)) for grade in queries.grades_of(office)]
            offer(self, "grade", [("", _("all grades")), *grades])

    @property
    def facts(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        to = {name: told.pop(name) for name in ("group", "grade", "families", "asks", "by") if name in told}
        return told | {"to": actions.To(**to, schools=self.schools)}


class AnewForm(WordsForm):
    changed = forms.CharField(
        label=gettext_lazy("What is new, in a line"),
        max_length=CHANGED,
        help_text=gettext_lazy("It stands above the text, so that nobody has to compare."),
    )
    asks_anew = forms.BooleanField(
        label=gettext_lazy("Ask everybody to confirm anew"),
        required=False,
        help_text=gettext_lazy("For a change of what is to be done; not for a corrected sign."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=CHANGED)


@page(can=VIEW)
def circulars(request: Any) -> HttpResponse:
    """What came to me, what waits first; for whoever writes also what the office wrote."""
    waiting = queries.waiting(request.actor)
    waits = {one.circular.pk for one in waiting}
    others = [one for one in queries.received(request.actor) if one.circular.pk not in waits]
    writes = request.actor.may(MANAGE, school_id=request.school.pk)
    own = queries.circulars(request.actor).filter(school=request.school)
    written = Paginator(own if writes else own.none(), SHOWN).get_page(request.GET.get("page"))
    context = {"waiting": waiting, "others": others[:SHOWN], "writes": writes, "written": written}
    context["to_families"] = _to_families(request) if not writes else []
    return render(request, "circulars/list.html", context)


def _to_families(request: Any) -> Any:
    """The newest that went to families, for whoever keeps in touch with them."""
    if not request.actor.may(queries.FAMILIES, school_id=request.school.pk):
        return []
    return queries.circulars(request.actor).filter(school=request.school, to_families=True)[:FEW]


def _circular(request: Any, circular_id: int) -> Circular:
    return get_object_or_404(
        queries.circulars(request.actor).select_related("based_on__school", "ended_by"), pk=circular_id
    )


def _own(request: Any, circular_id: int) -> Circular:
    """One that this office wrote."""
    found = _circular(request, circular_id)
    request.actor.require(MANAGE, school_id=found.school_id)
    return found


@page(signed_in=True)
def circular(request: Any, circular_id: int) -> HttpResponse:
    """To read; whom it is addressed to has opened it with this."""
    found = _circular(request, circular_id)
    mine = queries.is_addressed(request.actor, found)
    if mine:
        actions.open_it(request.actor, circular=found)
    return _shown(request, found, mine=mine)


def _shown(
    request: Any, found: Circular, *, mine: bool = False, form: ReasonForm | None = None
) -> HttpResponse:
    asked = mine and queries.is_asked(request.actor, found)
    context = {
        "circular": found,
        "state": queries.reading_of(request.actor, found) if asked else "",
        "writes": request.actor.may(MANAGE, school_id=found.school_id),
        "form": form or ReasonForm(),
        "grade": grade_name(found.grade) if found.grade else "",
        **_passing_on(request, found),
    }
    return render(request, "circulars/circular.html", context, status=422 if form else 200)


def _passing_on(request: Any, found: Circular) -> dict[str, Any]:
    """Whether this school may write its own on what the county wrote, and what it has written."""
    school = request.school
    from_above = found.to_schools and school is not None and school.parent_id == found.school_id
    if not from_above:
        return {"may_pass_on": False, "passed_on": None}
    own = found.passed_on.standing().filter(school=school).prefetch_related("versions")
    return {"may_pass_on": request.actor.may(MANAGE, school_id=school.pk), "passed_on": own.first()}


@require_POST
@page(signed_in=True)
def confirm(request: Any, circular_id: int) -> HttpResponse:
    """I have read it; with `back` the way back."""
    found = _circular(request, circular_id)
    if "back" in request.POST:
        actions.not_yet(request.actor, circular=found)
        say(request, _("It waits for you again."))
    else:
        number = request.POST.get("number", "")
        actions.confirm(request.actor, circular=found, number=int(number) if number.isdecimal() else 0)
        say(
            request, _("Confirmed, thank you."), undo=f"{reverse('circular-confirm', args=[found.pk])}?back=1"
        )
    return redirect("circular", found.pk)


def _begun(request: Any) -> tuple[Circular | None, dict[str, Any]]:
    """What a new one begins with: the county's words, or the minutes of a meeting."""
    wanted, minutes = (request.GET.get(name, "") for name in ("based_on", "minutes"))
    if wanted.isdecimal():
        source = get_object_or_404(queries.circulars(request.actor).filter(to_schools=True), pk=wanted)
        return source, {"kind": source.kind, "title": source.current.title, "text": source.current.text}
    if minutes.isdecimal():
        held = Meeting.objects.visible_to(request.actor).filter(school=request.school)
        meeting = get_object_or_404(held, pk=minutes)
        return None, {"kind": Circular.Kind.MINUTES, "title": meeting.title, "text": meeting.minutes}
    draft = _drafted(request)
    return None, {"kind": Circular.Kind.NOTICE, "title": draft.title, "text": draft.text} if draft else {}


def _drafted(request: Any) -> drafts.Draft | None:
    """What the records tell already: of a month, of a campaign."""
    month, campaign = (request.GET.get(name, "") for name in ("month", "campaign"))
    if campaign.isdecimal():
        held = Campaign.objects.visible_to(request.actor).filter(school=request.school)
        return drafts.campaign_summary(request.actor, campaign=get_object_or_404(held, pk=campaign))
    begun = months(request.school, request.term, clock.now()) if request.term else []
    chosen = next((one for one in begun if f"{one:%Y-%m}" == month), None)
    if chosen is None:
        return None
    return drafts.month_brief(request.actor, school=request.school, term=request.term, month=chosen)


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    """Write one; `based_on`: what the county wrote and the school passes on as its own."""
    source, initial = _begun(request)
    form = CircularForm(request.POST or None, request.school, initial)
    if form.is_valid():
        try:
            made = actions.publish(request.actor, office=request.school, based_on=source, **form.facts)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It stands with everybody it is for."))
            return redirect("circular", made.pk)
    return render(
        request, "circulars/new.html", {"form": form, "source": source}, status=422 if form.errors else 200
    )


@page(can=MANAGE, gives_back=True)
def anew(request: Any, circular_id: int) -> HttpResponse:
    found = _own(request, circular_id)
    now = found.current
    form = AnewForm(request.POST or None, initial={"title": now.title, "text": now.text})
    if form.is_valid():
        try:
            actions.write_anew(request.actor, circular=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The new version stands; the one before stays readable."))
            return redirect("circular", found.pk)
    return render(
        request, "circulars/anew.html", {"form": form, "circular": found}, status=422 if form.errors else 200
    )


@require_POST
@page(can=MANAGE)
def take_back(request: Any, circular_id: int) -> HttpResponse:
    """With the reason; with `back` the way back."""
    found = _own(request, circular_id)
    if "back" in request.POST:
        actions.put_back(request.actor, circular=found)
        say(request, _("It stands there again."))
        return redirect("circular", found.pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    actions.take_back(request.actor, circular=found, reason=form.cleaned_data["reason"])
    say(request, _("Taken back."), undo=f"{reverse('circular-back', args=[found.pk])}?back=1")
    return redirect("circular", found.pk)


@page(can=MANAGE)
def read(request: Any, circular_id: int) -> HttpResponse:
    """For the office that wrote it: who has confirmed, whom one can still tell."""
    found = _own(request, circular_id)
    if found.to_schools:
        context: dict[str, Any] = {"schools": queries.schools_of(request.actor, found)}
    else:
        context = {"overview": queries.overview(request.actor, found), "words": _to_copy(found)}
        if found.to_families:
            context["families"] = queries.families(request.actor, found)
    return render(request, "circulars/read.html", context | {"circular": found})


def _to_copy(circular: Circular) -> str:
    """A text for the group chat: no names, thanks included."""
    told = {"title": circular.current.title, "day": ""}
    if circular.confirm_by:
        from .jinja import day  # the environment of the templates

        told["day"] = day(circular.confirm_by)
        return (
            _(
                "“%(title)s” stands in Tongxing: please read it by %(day)s and tap “I have read it”. Thank you to everybody who has."
            )
            % told
        )
    return (
        _(
            "“%(title)s” stands in Tongxing: please read it and tap “I have read it”. Thank you to everybody who has."
        )
        % told
    )


@page(can=queries.FAMILIES)
def families(request: Any, circular_id: int) -> HttpResponse:
    """For whoever keeps in touch with families: how far it has come with those of the own children."""
    found = _circular(request, circular_id)
    if not found.to_families:
        raise Http404
    context = {"circular": found, "families": queries.families(request.actor, found)}
    return render(request, "circulars/families.html", context)


@require_POST
@page(can=MANAGE)
def remind(request: Any, circular_id: int) -> HttpResponse:
    found = _own(request, circular_id)
    people = actions.remind(request.actor, circular=found)
    words = ngettext("%(n)s colleague finds a reminder.", "%(n)s colleagues find a reminder.", people)
    say(request, words % {"n": people})
    return redirect("circular-read", found.pk)


@page(signed_in=True)
def sheet(request: Any, circular_id: int) -> HttpResponse:
    """On paper, for the notice board or to carry home."""
    found = _circular(request, circular_id)
    return render(request, "circulars/sheet.html", number_context(request, found))


@require_POST
@page(signed_in=True)
def word(request: Any, circular_id: int) -> HttpResponse:
    """As Word, or as PDF (`make`)."""
    found, kind = _circular(request, circular_id), request.POST.get("make", "docx")
    return attachment(circular_file(request.actor, found, kind), found.current.title, kind)


urlpatterns = [
    path("circulars/", circulars, name="circulars"),
    path("circulars/new/", new, name="circular-new"),
    path("circulars/<int:circular_id>/", circular, name="circular"),
    path("circulars/<int:circular_id>/confirm/", confirm, name="circular-confirm"),
    path("circulars/<int:circular_id>/anew/", anew, name="circular-anew"),
    path("circulars/<int:circular_id>/back/", take_back, name="circular-back"),
    path("circulars/<int:circular_id>/read/", read, name="circular-read"),
    path("circulars/<int:circular_id>/families/", families, name="circular-families"),
    path("circulars/<int:circular_id>/remind/", remind, name="circular-remind"),
    path("circulars/<int:circular_id>/word/", word, name="circular-word"),
    path("circulars/<int:circular_id>/sheet/", sheet, name="circular-sheet"),
]
