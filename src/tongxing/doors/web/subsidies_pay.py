"""The lists of aid projects: made, paid or handed out, what came back, what families say, their files."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import MAKE
from tongxing.aid.ledger.queries.books import books_of
from tongxing.aid.subsidies.actions import pay as actions
from tongxing.aid.subsidies.models import PayLine, Project
from tongxing.aid.subsidies.models_projects import MANAGE, PAY, WORDS
from tongxing.aid.subsidies.queries import rounds as queries
from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.documents import subsidies as documents

from .around import form_id
from .contact_forms import DayInput
from .documents import attachment
from .fields import offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say
from .pay_form import PayForm
from .subsidies import manages, round_of

Payer = Project.Payer


@page(can=PAY)
def lists(request: Any) -> HttpResponse:
    found = queries.lists_of(request.actor, request.school)
    context = {"lists": [(one, queries.stand(one)) for one in found], "may_manage": manages(request)}
    return render(request, "subsidies/lists.html", context)


@require_POST
@page(can=MANAGE)
def make(request: Any, subsidy_round_id: int) -> HttpResponse:
    found = round_of(request, subsidy_round_id)
    made = actions.make_list(request.actor, round=found, client_id=form_id(request))
    say(request, _("The list is made. Its children stand on no other one."))
    return redirect("subsidy-list", made.pk)


class MatchForm(forms.Form):
    """Alike payments, such as one for each child of a batch, are one line to tick."""

    entries = forms.MultipleChoiceField(
        label=gettext_lazy("Payments of the county in the books"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, found: Iterable[Entry]) -> None:
        super().__init__(data)
        self.alike: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
        for one in found:
            self.alike[one.day, one.reference, one.narrative, _moved(one)].append(one)
        field = self.fields["entries"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(some[0].pk), _called(some)) for some in self.alike.values()]

    def chosen(self) -> list[Entry]:
        ticked = set(self.cleaned_data["entries"])
        return [one for some in self.alike.values() if str(some[0].pk) in ticked for one in some]


def _moved(entry: Entry) -> int:
    return sum(line.amount for line in entry.lines.all() if line.amount > 0)


def _called(entries: list[Entry]) -> str:
    first, amount = entries[0], _moved(entries[0])
    yuan = money.yuan(amount)
    if len(entries) > 1:
        yuan = f"{len(entries)} × {yuan} = {money.yuan(len(entries) * amount)}"
    return f"{first.day:%Y-%m-%d} {yuan} {first.narrative}"


class HandOutForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Handed out on"), widget=DayInput())


class CameBackForm(SentOnce):
    """`number`: as the list numbers its children; finance needs no name on a screen."""

    number = forms.IntegerField(label=gettext_lazy("Number on the list"), min_value=1)
    day = forms.DateField(label=pgettext_lazy("money", "Came back on"), widget=DayInput())
    reason = forms.CharField(label=gettext_lazy("What the bank says"), max_length=WORDS)


class CountyBackForm(forms.Form):
    """What went back to the county by its own statement, and whose it was."""

    number = forms.IntegerField(label=gettext_lazy("Number on the list"), min_value=1)
    entry = forms.ModelChoiceField(
        Entry.objects.none(), label=gettext_lazy("What went back, in the books"), empty_label=None
    )
    reason = forms.CharField(label=gettext_lazy("What the bank says"), max_length=WORDS)

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None, auto_id="back-%s")
        found = actions.county_refunds(request.school).prefetch_related("lines")
        offer_rows(self, "entry", found, lambda one: _called([one]))


def list_of(request: Any, subsidy_list_id: int) -> Any:
    return get_object_or_404(queries.lists_of(request.actor, request.school), pk=subsidy_list_id)


@page(can=PAY)
def one_list(request: Any, subsidy_list_id: int) -> HttpResponse:
    """One list; whoever keeps the books writes its payment, or lays it beside what the county paid (POST)."""
    found = list_of(request, subsidy_list_id)
    form = _form(request, found)
    if form and form.is_valid():
        try:
            _pay(request, found, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("subsidy-list", found.pk)
    return _show(request, found, form=form)


def _form(request: Any, found: Any) -> Any:
    """What the next step asks for: the payment, the county's payment, or the day things were handed out."""
    if queries.stand(found) != "open":
        return None
    payer, data = found.round.project.payer, request.POST or None
    if payer == Payer.GOODS:
        return HandOutForm(data, initial={"day": clock.today()}) if manages(request) else None
    if (
        not request.actor.may(MAKE, school_id=found.school_id)
        or books_of(request.actor, request.school) is None
    ):
        return None
    if payer == Payer.SCHOOL:
        return PayForm(request)
    return MatchForm(data, actions.county_entries(request.school).prefetch_related("lines"))


def _pay(request: Any, found: Any, form: Any) -> None:
    if isinstance(form, HandOutForm):
        actions.hand_out(request.actor, pay_list=found, day=form.cleaned_data["day"])
        say(request, _("Noted: handed out, each by the own signature."))
    elif isinstance(form, MatchForm):
        actions.match(request.actor, pay_list=found, entries=form.chosen())
        say(request, _("List and payment of the county agree to the fen."))
    else:
        sent = form.cleaned_data["client_id"]
        actions.pay(request.actor, pay_list=found, paid=form.paid(request), client_id=sent)
        say(request, _("Written into the books. It counts once a colleague has checked it there."))


def _show(request: Any, found: Any, *, form: Any = None, back_form: Any = None) -> HttpResponse:
    stand = queries.stand(found)
    makes = request.actor.may(MAKE, school_id=found.school_id)
    if makes and stand == "posted" and back_form is None:
        back_form = _back_form(request, found)
    context = {
        "list": found,
        "stand": stand,
        "form": form,
        "kind": "out"
        if isinstance(form, HandOutForm)
        else "county"
        if isinstance(form, MatchForm)
        else "pay",
        "back_form": back_form,
        "may_manage": manages(request),
        "lines": queries.lines_of(found, request.actor) if manages(request) else [],
        "is_out": _is_out(found),
        "sees_books": request.actor.may("ledger.view", school_id=found.school_id),
        "makes": makes,
    }
    wrong = (form and form.errors) or (back_form and back_form.errors)
    return render(request, "subsidies/list.html", context, status=422 if wrong else 200)


@require_POST
@page(can=MANAGE)
def list_back(request: Any, subsidy_list_id: int) -> HttpResponse:
    found = list_of(request, subsidy_list_id)
    actions.take_list_back(request.actor, pay_list=found, reason=request.POST.get("reason", ""))
    say(request, _("The list is taken back. Its children can stand on another one."))
    return redirect("subsidy-round", found.round_id)


@require_POST
@page(can=PAY)
def came_back(request: Any, subsidy_list_id: int) -> HttpResponse:
    """The bank sent the money of one child back."""
    found = list_of(request, subsidy_list_id)
    form = _back_form(request, found)
    if form.is_valid():
        try:
            say(request, _came_back(request, found, form))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("subsidy-list", found.pk)
    return _show(request, found, back_form=form)


def _back_form(request: Any, found: Any) -> Any:
    if found.round.project.payer == Payer.COUNTY:
        return CountyBackForm(request)
    return CameBackForm(request.POST or None, initial={"day": clock.today()}, auto_id="back-%s")


def _came_back(request: Any, found: Any, form: Any) -> str:
    """What is said when it is noted."""
    said = form.cleaned_data
    line = _numbered(found, said.pop("number"))
    if isinstance(form, CountyBackForm):
        actions.county_took_back(request.actor, line=line, **said)
        return _("Noted. The child can stand on another list.")
    actions.came_back(request.actor, line=line, **said)
    return _(
        "Written into the books. Once a colleague has checked it there, the child can stand on another list."
    )


def _numbered(found: Any, number: int) -> PayLine:
    lines = list(found.lines.order_by("pk").select_related("school"))
    if number > len(lines):
        raise Refused(_("The list has no such number."), field="number")
    return lines[number - 1]


@require_POST
@page(can=MANAGE)
def confirm(request: Any, subsidy_line_id: int) -> HttpResponse:
    """What a family signed on its slip: received, or not (`not`)."""
    mine = PayLine.objects.visible_to(request.actor).filter(school=request.school)
    line = get_object_or_404(mine.select_related("student"), pk=subsidy_line_id)
    actions.confirm(request.actor, line=line, received="not" not in request.POST, on_paper=True)
    say(request, _("Noted. Thank you."))
    return redirect("subsidy-list", line.pay_list_id)


@page(can=PAY)
def list_file(request: Any, subsidy_list_id: int, file_kind: str) -> HttpResponse:
    """To sign (pdf), to pay by (xlsx), for the bank (bank), to ask each family (slips, once it is out)."""
    found = list_of(request, subsidy_list_id)
    if file_kind not in documents.LIST_KINDS or (file_kind == "slips" and not _is_out(found)):
        raise Http404
    file = documents.list_file(request.actor, pay_list=found, kind=file_kind)
    names = {"bank": _("For the bank"), "slips": _("Slips for the families")}
    name = f"{names.get(file_kind, found.round.project.name)} {clock.day_of(found.made_at)}"
    return attachment(file, name, "pdf" if file_kind in ("pdf", "slips") else "xlsx")


def _is_out(found: Any) -> bool:
    return queries.stand(found) in ("posted", "handed")


@page(can=MANAGE)
def volume(request: Any, subsidy_round_id: int) -> HttpResponse:
    """资助归档册 of a project in a term."""
    found = round_of(request, subsidy_round_id)
    kind = "docx" if request.GET.get("make") == "docx" else "pdf"
    file = documents.volume(request.actor, round=found, kind=kind)
    return attachment(file, " ".join((_("File of aid"), found.project.name)), kind)


urlpatterns = [
    path("subsidies/lists/", lists, name="subsidy-lists"),
    path("subsidies/<int:subsidy_round_id>/list/", make, name="subsidy-list-make"),
    path("subsidies/<int:subsidy_round_id>/volume/", volume, name="subsidy-volume"),
    path("subsidies/lists/<int:subsidy_list_id>/", one_list, name="subsidy-list"),
    path("subsidies/lists/<int:subsidy_list_id>/back/", list_back, name="subsidy-list-back"),
    path("subsidies/lists/<int:subsidy_list_id>/returned/", came_back, name="subsidy-came-back"),
    path("subsidies/lists/<int:subsidy_list_id>/<str:file_kind>/", list_file, name="subsidy-list-file"),
    path("subsidies/lines/<int:subsidy_line_id>/confirm/", confirm, name="subsidy-confirm"),
]
