"""The school's aid money: what is to be done now, funds and their purposes, budgets, months."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.ledger.actions import books as actions
from tongxing.aid.ledger.models import Account, Budget, Fund, Purpose
from tongxing.aid.ledger.models_books import CHECK, MAKE, MANAGE, VIEW
from tongxing.aid.ledger.queries.books import books_of, month_list, places, to_do
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .contact_forms import DayInput
from .ledger_frame import AmountField, SentOnce, fund_and_purpose, fund_choices, opened
from .page import apply_refusal, page, say


class OpenForm(forms.Form):
    month = forms.DateField(
        label=gettext_lazy("First month of the books"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Usually the first day of the school or calendar year. What was there before is entered next."),
    )  # fmt: skip


@page(can=VIEW)
def home(request: Any) -> HttpResponse:
    """What waits for this person first, then where the money is."""
    books = books_of(request.actor, request.school)
    if books is None:
        return _not_opened(request, OpenForm(initial={"month": clock.today().replace(month=1, day=1)}))
    context = {
        "todo": to_do(request.actor, books, clock.today()),
        "held": places(request.actor, request.school),
        "may_make": request.actor.may(MAKE, school_id=request.school.pk),
        "may_check": request.actor.may(CHECK, school_id=request.school.pk),
    }
    return render(request, "ledger/home.html", context)


def _not_opened(request: Any, form: OpenForm) -> HttpResponse:
    context = {"form": form, "may_open": request.actor.may(MANAGE, school_id=request.school.pk)}
    return render(request, "ledger/not_opened.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=MANAGE)
def open_books(request: Any) -> HttpResponse:
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            actions.open_books(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The books are open. Next, enter what was there before."))
            return redirect("ledger")
    return _not_opened(request, form)


class FundForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the fund"), max_length=60)
    terms = forms.CharField(
        label=gettext_lazy("Who gave it, and what it is meant for"), max_length=200, required=False
    )
    purposes = forms.CharField(
        label=gettext_lazy("What it may be used for, one a line"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Left empty, it may be used for anything that helps students."),
    )


class AccountForm(forms.Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("ledger", "It is"),
        choices=[("expense", Account.Kind.EXPENSE.label), ("income", Account.Kind.INCOME.label)],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=pgettext_lazy("ledger", "Its name"), max_length=60)


@page(can=VIEW)
def funds(request: Any) -> HttpResponse:
    opened(request)
    return _funds(request)


def _funds(request: Any, **forms_: forms.Form) -> HttpResponse:
    found = Fund.objects.visible_to(request.actor).filter(school=request.school)
    accounts = Account.objects.visible_to(request.actor).filter(school=request.school, between=False)
    context = {
        "funds": list(found.prefetch_related("purposes")),
        "accounts": list(accounts.filter(kind__in=["income", "expense"])),
        "form": forms_.get("form") or FundForm(auto_id="fund-%s"),
        "account_form": forms_.get("account_form") or AccountForm(auto_id="account-%s"),
        "may_manage": request.actor.may(MANAGE, school_id=request.school.pk),
    }
    return render(request, "ledger/funds.html", context, status=422 if forms_ else 200)


@require_POST
@page(can=MANAGE)
def add_fund(request: Any) -> HttpResponse:
    return _added(request, "form", FundForm(request.POST, auto_id="fund-%s"), actions.add_fund)


@require_POST
@page(can=MANAGE)
def add_account(request: Any) -> HttpResponse:
    form = AccountForm(request.POST, auto_id="account-%s")
    return _added(request, "account_form", form, actions.add_account)


def _added(request: Any, where: str, form: forms.Form, add: Callable[..., Fund | Account]) -> HttpResponse:
    opened(request)
    if form.is_valid():
        try:
            added = add(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("“%(name)s” stands on the list.") % {"name": added.name})
            return redirect("ledger-funds")
    return _funds(request, **{where: form})


def _fund(request: Any, fund_id: int) -> Fund:
    mine = Fund.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school"), pk=fund_id)


@require_POST
@page(can=MANAGE)
def add_purpose(request: Any, fund_id: int) -> HttpResponse:
    purpose = actions.add_purpose(
        request.actor, fund=_fund(request, fund_id), name=request.POST.get("name", "")
    )
    say(request, _("“%(name)s” stands on the list.") % {"name": purpose.name})
    return redirect("ledger-funds")


@require_POST
@page(can=MANAGE)
def end_fund(request: Any, fund_id: int) -> HttpResponse:
    fund = actions.end_fund(
        request.actor, fund=_fund(request, fund_id), reason=request.POST.get("reason", "")
    )
    say(request, _("“%(name)s” takes no more entries.") % {"name": fund.name})
    return redirect("ledger-funds")


class BudgetForm(SentOnce):
    fund = forms.ChoiceField(label=gettext_lazy("Which money, what for"))
    amount = AmountField(label=gettext_lazy("May be spent, in yuan"))
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    note = forms.CharField(label=gettext_lazy("Where it was decided"), max_length=200, required=False)
    reason = forms.CharField(label=gettext_lazy("Why it changes"), max_length=200, required=False)

    def __init__(self, data: Any, request: Any, initial: dict[str, Any] | None = None) -> None:
        term = request.term
        days = {"starts_on": term.starts_on, "ends_on": term.ends_on} if term else {}
        super().__init__(data, initial=days | (initial or {}))
        found = Fund.objects.visible_to(request.actor).open().filter(school=request.school, memo=False)
        funds = list(found.prefetch_related("purposes"))
        whole = [
            (f"{one.pk}-", _("%(fund)s, everything") % {"fund": one.name})
            for one in funds
            if one.purposes.all()
        ]
        self.choose("fund", [*fund_choices(funds, with_purposes=True), *whole])


@page(can=VIEW)
def budgets(request: Any) -> HttpResponse:
    opened(request)
    found = Budget.objects.visible_to(request.actor).filter(school=request.school)
    found = found.select_related("fund", "purpose", "decided_by", "ended_by")
    today = clock.today()
    context = {
        "now": [one for one in found if one.ended_at is None and one.ends_on >= today],
        "past": [one for one in found if one.ended_at or one.ends_on < today],
        "may_manage": request.actor.may(MANAGE, school_id=request.school.pk),
    }
    return render(request, "ledger/budgets.html", context)


@page(can=MANAGE)
def new_budget(request: Any) -> HttpResponse:
    opened(request)
    return _budget_form(request, None)


@page(can=MANAGE)
def change_budget(request: Any, budget_id: int) -> HttpResponse:
    mine = Budget.objects.visible_to(request.actor).open().filter(school=request.school)
    return _budget_form(request, get_object_or_404(mine.select_related("fund", "purpose"), pk=budget_id))


def _budget_form(request: Any, follows: Budget | None) -> HttpResponse:
    form = BudgetForm(request.POST or None, request, _as_initial(follows) if follows else None)
    if request.method == "POST" and form.is_valid():
        try:
            _set_budget(request, form, follows)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("From now on no payment goes beyond it."))
            return redirect("ledger-budgets")
    context = {"form": form, "follows": follows}
    return render(request, "ledger/budget.html", context, status=422 if form.errors else 200)


def _as_initial(budget: Budget) -> dict[str, Any]:
    chosen = f"{budget.fund_id}-{budget.purpose_id or ''}"
    return {"fund": chosen, "starts_on": budget.starts_on, "ends_on": budget.ends_on, "note": budget.note}


def _set_budget(request: Any, form: BudgetForm, follows: Budget | None) -> Budget:
    said = dict(form.cleaned_data)
    fund_id, purpose_id = fund_and_purpose(said.pop("fund"))
    fund = _fund(request, fund_id)
    purpose = Purpose.objects.filter(fund=fund, pk=purpose_id).first() if purpose_id else None
    return actions.set_budget(request.actor, fund=fund, purpose=purpose, follows=follows, **said)


@page(can=VIEW)
def months(request: Any) -> HttpResponse:
    context = {
        "months": month_list(opened(request), clock.today()),
        "may_check": request.actor.may(CHECK, school_id=request.school.pk),
    }
    return render(request, "ledger/months.html", context)


@require_POST
@page(can=CHECK)
def close_month(request: Any, month: str) -> HttpResponse:
    opened(request)
    try:
        day = datetime.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refused(_("Choose a month.")) from None
    actions.close_month(request.actor, school=request.school, month=day)
    say(request, _("The month of the books is closed. Thank you."))
    return redirect("ledger-months")


urlpatterns = [
    path("ledger/", home, name="ledger"),
    path("ledger/open/", open_books, name="ledger-open"),
    path("ledger/funds/", funds, name="ledger-funds"),
    path("ledger/funds/new/", add_fund, name="ledger-fund-new"),
    path("ledger/funds/accounts/", add_account, name="ledger-account-new"),
    path("ledger/funds/<int:fund_id>/purposes/", add_purpose, name="ledger-purpose-new"),
    path("ledger/funds/<int:fund_id>/end/", end_fund, name="ledger-fund-end"),
    path("ledger/budgets/", budgets, name="ledger-budgets"),
    path("ledger/budgets/new/", new_budget, name="ledger-budget-new"),
    path("ledger/budgets/<int:budget_id>/", change_budget, name="ledger-budget"),
    path("ledger/months/", months, name="ledger-months"),
    path("ledger/months/<str:month>/close/", close_month, name="ledger-month-close"),
]
