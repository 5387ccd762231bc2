"""Entries of the aid ledger: written in plain words, looked at by a second person, reversed, with their papers."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.ledger import rules
from tongxing.aid.ledger.actions import entries as actions
from tongxing.aid.ledger.models import Account, Entry, EntryFile, Fund
from tongxing.aid.ledger.models_books import CHECK, MAKE, VIEW
from tongxing.aid.ledger.queries.books import entries
from tongxing.aid.ledger.rules import Move
from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.errors import Refused

from .contact_forms import DayInput
from .files import contents_of, handed_out
from .ledger_frame import AmountField, SentOnce, entry_of, fund_and_purpose, fund_choices, opened
from .page import apply_refusal, page, say

Kind = Entry.Kind
ON_A_PAGE = 30
#: How an entry stands: colour and word.
WAITS, STANDS, BACK = "due", "done", "rest"


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that happens to money, as people say it. `offered`: among the choices of the form."""

    label: str | Promise
    come_from: str | Promise
    go_to: str | Promise
    offered: bool = True


WAYS: dict[str, Way] = {
    "receipt": Way(gettext_lazy("Money came in"), gettext_lazy("Where does it come from?"), gettext_lazy("Where is it now?")),
    "payment": Way(gettext_lazy("Money was paid"), gettext_lazy("Where was it taken from?"), gettext_lazy("What was it for?")),
    "promise": Way(gettext_lazy("Promised, paid later"), gettext_lazy("Noted as"), gettext_lazy("What will it be for?")),
    "transfer": Way(gettext_lazy("Between bank and cash"), gettext_lazy("Where was it?"), gettext_lazy("Where is it now?")),
    "reallocation": Way(gettext_lazy("To another fund"), gettext_lazy("Where is the money?"), gettext_lazy("To which fund?")),
    "refund": Way(gettext_lazy("Given back"), gettext_lazy("Where was it taken from?"), gettext_lazy("What had it come as?")),
    "returned": Way(gettext_lazy("A payment came back"), gettext_lazy("What had it been for?"), gettext_lazy("Where is it now?")),
    "opening": Way(gettext_lazy("There before the books"), gettext_lazy("Noted as"), gettext_lazy("Where is it?")),
}  # fmt: skip
#: The account that follows from the kind, so that nobody chooses it.
GIVEN = {"promise": "payable", "opening": "net"}


class EntryForm(SentOnce):
    amount = AmountField()
    come_from = forms.ChoiceField()
    go_to = forms.ChoiceField()
    fund = forms.ChoiceField(label=gettext_lazy("Which money is it?"))
    day = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())
    narrative = forms.CharField(
        label=pgettext_lazy("entry", "What for"),
        max_length=200,
        help_text=gettext_lazy("A few words, without a student’s name: names stand in the list behind it."),
    )
    party = forms.CharField(
        label=gettext_lazy("From or to whom"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A shop, an office, a bank."),
    )
    reference = forms.CharField(label=gettext_lazy("Number on the paper"), max_length=40, required=False)

    def __init__(self, data: Any, kind: str, request: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"day": clock.today()} | initial)
        self.kind, way = kind, WAYS[kind]
        self.fields["come_from"].label, self.fields["go_to"].label = str(way.come_from), str(way.go_to)
        accounts = list(Account.objects.visible_to(request.actor).filter(school=request.school))
        funds = list(
            Fund.objects.visible_to(request.actor).open().filter(school=request.school, memo=False).prefetch_related("purposes")
        )  # fmt: skip
        for name, kinds in zip(("come_from", "go_to"), rules.WAYS[kind], strict=True):
            self.choose(name, _account_choices(accounts, kinds))
            if name == "come_from" and kind in GIVEN:
                self.fields[name].widget = forms.HiddenInput()
                self.initial[name] = str(next(one.pk for one in accounts if one.kind == GIVEN[kind]))
        self.choose("fund", fund_choices(funds, with_purposes=kind in actions.SPENDS))
        if kind == "reallocation":
            self._between(accounts, funds)

    def _between(self, accounts: list[Account], funds: list[Fund]) -> None:
        places = [one for one in accounts if one.kind == Account.Kind.ASSET]
        self.choose("come_from", [(one.pk, one.name) for one in places])
        self.choose("go_to", fund_choices(funds, with_purposes=False))
        self.between = {one.kind: one.pk for one in accounts if one.between}

    def moves(self) -> list[Move]:
        said = self.cleaned_data
        fund, purpose = fund_and_purpose(said["fund"])
        if self.kind == "reallocation":
            place, other = int(said["come_from"]), fund_and_purpose(said["go_to"])[0]
            if other == fund:
                raise Refused(_("Please choose another fund than the one it comes from."), field="go_to")
            return [
                Move(place, self.between["expense"], fund, said["amount"]),
                Move(self.between["income"], place, other, said["amount"]),
            ]
        return [Move(int(said["come_from"]), int(said["go_to"]), fund, said["amount"], purpose)]

    def said(self, about: Entry | None) -> actions.Said:
        texts = {name: self.cleaned_data[name] for name in ("day", "narrative", "party", "reference")}
        return actions.Said(about=about, **texts)


def _account_choices(accounts: list[Account], kinds: frozenset[str]) -> list[Any]:
    """By kind where there are several; what is used first stands first."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for one in accounts:
        if one.kind in kinds and not one.between:
            groups.setdefault(str(one.get_kind_display()), []).append((one.pk, one.name))
    choices = (
        [choice for some in groups.values() for choice in some] if len(groups) == 1 else list(groups.items())
    )
    return [("", "—"), *choices]


@page(can=MAKE)
def new(request: Any, way: str) -> HttpResponse:
    """One thing that happened to money, in the words of who was there. `about`: the entry it follows."""
    opened(request)
    if way not in WAYS:
        raise Http404
    about = _about(request)
    form = EntryForm(request.POST or None, way, request, _like(about, way))
    if request.method == "POST" and form.is_valid():
        try:
            entry = _write(request, form, about)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Written. It counts once a colleague has looked at it."),
                undo=reverse("ledger-back", args=[entry.pk]),
            )
            return redirect("ledger-entry", entry.pk)
    context = {"form": form, "way": way, "ways": WAYS, "about": about}
    return render(request, "ledger/new.html", context, status=422 if form.errors else 200)


def _write(request: Any, form: EntryForm, about: Entry | None) -> Entry:
    contents = contents_of(request)
    entry = actions.write_entry(
        request.actor,
        school=request.school,
        client_id=form.cleaned_data["client_id"],
        kind=form.kind,
        moves=form.moves(),
        said=form.said(about),
    )
    if contents and not entry.files.exists():
        actions.attach(request.actor, entry=entry, contents=contents)
    return entry


def _about(request: Any) -> Entry | None:
    given = request.GET.get("about", "")
    return entry_of(request, int(given)) if given.isdecimal() else None


def _like(about: Entry | None, way: str) -> dict[str, Any]:
    """What is known already from the entry this one follows: the same again, or the opposite way."""
    if about is None:
        return {}
    lines = list(about.lines.all())
    to, come_from = (next(one for one in lines if (one.amount > 0) == up) for up in (True, False))
    if way != about.kind:
        to, come_from = come_from, to
    with_purpose = way in actions.SPENDS and to.purpose_id
    return {
        "amount": money.yuan(abs(to.amount)),
        "come_from": come_from.account_id,
        "go_to": to.account_id,
        "fund": f"{to.fund_id}-{to.purpose_id if with_purpose else ''}",
        "narrative": about.narrative,
        "party": about.party,
        "reference": about.reference if way == about.kind else "",
    } | ({"day": about.day} if way == about.kind else {})


@page(can=VIEW)
def entry_list(request: Any) -> HttpResponse:
    """The newest first; narrowed by how they stand, a fund or a word."""
    opened(request)
    found, chosen = entries(request.actor, request.school), request.GET.get("stand", "")
    found = found.waiting() if chosen == "waiting" else found.filter(ended_at=None)
    if word := request.GET.get("word", "").strip()[:40]:
        found = found.filter(narrative__icontains=word)
    if (fund := request.GET.get("fund", "")).isdecimal():
        found = found.filter(lines__fund=fund).distinct()
    context = {
        "entries": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "funds": Fund.objects.visible_to(request.actor).filter(school=request.school),
        "chosen": {"stand": chosen, "word": word, "fund": fund},
    }
    return render(request, "ledger/entries.html", context)


@page(can=VIEW)
def entry(request: Any, entry_id: int) -> HttpResponse:
    return _show(request, entry_of(request, entry_id))


class ReverseForm(SentOnce):
    day = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())
    reason = forms.CharField(label=gettext_lazy("What was wrong"), max_length=200)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"day": clock.today()}, auto_id="reverse-%s")


class BackForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("ledger", "What should be different"), max_length=200)


def _show(request: Any, found: Entry, **forms_: Any) -> HttpResponse:
    lines = list(found.lines.all())
    own = found.made_by_id == request.actor.user_id
    followed = entries(request.actor, request.school).filter(about=found, ended_at=None)
    context = {
        "entry": found,
        "lines": lines,
        "total": sum(one.amount for one in lines if one.amount > 0),
        "files": found.files.select_related("file").defer("file__sealed"),
        "followed": list(followed),
        "own": own,
        "may_check": found.is_waiting and not own and request.actor.may(CHECK, school_id=found.school_id),
        "may_make": request.actor.may(MAKE, school_id=found.school_id),
        "reverse_form": forms_.get("reverse_form") or ReverseForm(),
        "back_form": forms_.get("back_form") or BackForm(auto_id="back-%s"),
        "refused": forms_.get("refused", ""),
        "way": found.kind if found.kind in WAYS else "",
    }
    return render(request, "ledger/entry.html", context, status=422 if forms_ else 200)


@require_POST
@page(can=CHECK)
def check(request: Any, entry_id: int) -> HttpResponse:
    found = entry_of(request, entry_id)
    try:
        posting = actions.check(request.actor, entry=found)
    except Refused as refusal:
        return _show(request, found, refused=refusal.message)
    say(request, _("It stands as number %(n)s of the month. Thank you for looking.") % {"n": posting.number})
    return redirect("ledger")


@require_POST
@page(can=VIEW)
def back(request: Any, entry_id: int) -> HttpResponse:
    """Taken back by who wrote it, or sent back with a reason by who checks."""
    found = entry_of(request, entry_id)
    form = BackForm(request.POST, auto_id="back-%s")
    own = found.made_by_id == request.actor.user_id
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if not own and not reason and request.actor.may(CHECK, school_id=found.school_id):
        return _show(request, found, back_form=form)
    actions.take_back(request.actor, entry=found, reason=reason)
    say(request, _("Taken back.") if own else _("Sent back. Who wrote it finds it on the first page."))
    return redirect("ledger")


@require_POST
@page(can=MAKE)
def reverse_entry(request: Any, entry_id: int) -> HttpResponse:
    found = entry_of(request, entry_id)
    form = ReverseForm(request.POST)
    if form.is_valid():
        said: dict[str, datetime.date | str | UUID] = form.cleaned_data
        try:
            made = actions.reverse(request.actor, entry=found, **said)  # type: ignore[arg-type]  # as the form's fields are
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The reversal waits to be checked."), undo=reverse("ledger-back", args=[made.pk]))
            return redirect("ledger-entry", made.pk)
    return _show(request, found, reverse_form=form)


@require_POST
@page(can=MAKE)
def attach(request: Any, entry_id: int) -> HttpResponse:
    found = entry_of(request, entry_id)
    try:
        added = actions.attach(request.actor, entry=found, contents=contents_of(request))
    except Refused as refusal:
        return _show(request, found, refused=refusal.message)
    if added:
        say(request, _("The paper is kept with the entry."))
    return redirect("ledger-entry", found.pk)


@page(can=VIEW)
def paper(request: Any, paper_id: int) -> HttpResponse:
    mine = EntryFile.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("file__key", "entry"), pk=paper_id)
    content, media_type = actions.open_file(request.actor, found=found)
    return handed_out(content, media_type, str(found.pk))


urlpatterns = [
    path("ledger/new/<str:way>/", new, name="ledger-new"),
    path("ledger/entries/", entry_list, name="ledger-entries"),
    path("ledger/entries/<int:entry_id>/", entry, name="ledger-entry"),
    path("ledger/entries/<int:entry_id>/check/", check, name="ledger-check"),
    path("ledger/entries/<int:entry_id>/back/", back, name="ledger-back"),
    path("ledger/entries/<int:entry_id>/reverse/", reverse_entry, name="ledger-reverse"),
    path("ledger/entries/<int:entry_id>/papers/", attach, name="ledger-attach"),
    path("ledger/papers/<int:paper_id>/", paper, name="ledger-paper"),
]
