"""Statements beside the books, and the reports of the ledger: on the page, as a spreadsheet, as PDF."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.ledger.actions import statements as actions
from tongxing.aid.ledger.models import Account, Books, Line, Statement, StatementLine
from tongxing.aid.ledger.models_books import MAKE, VIEW
from tongxing.aid.ledger.queries.reports import Days
from tongxing.aid.ledger.queries.statements import balance_of, not_noted, read, readings
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.documents import ledger as documents
from tongxing.paper.exchange import statements as exchange
from tongxing.paper.exchange.reader import MAX_BYTES

from .contact_forms import DayInput
from .documents import attachment
from .ledger_frame import opened
from .page import apply_refusal, page, say

SHOWN_WRONG = 30


class StatementForm(forms.Form):
    profile = forms.ChoiceField(label=pgettext_lazy("ledger", "What it is"), widget=forms.RadioSelect)
    account = forms.ChoiceField(label=gettext_lazy("Which account"), required=False)
    upload = forms.FileField(
        label=gettext_lazy("The sheet"),
        help_text=gettext_lazy("xlsx, xls or csv, as the bank or the county gives it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, data: Any, files: Any, accounts: list[Account]) -> None:
        super().__init__(data, files, initial={"profile": "bank"})
        self.accounts = accounts
        for name, choices in (
            ("profile", [(code, one["name"]) for code, one in exchange.profiles().items()]),
            ("account", [(str(one.pk), one.name) for one in accounts if one.place == "bank"]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def chosen(self) -> Account:
        """The account the sheet speaks of; payments by the county have one of their own."""
        said = self.cleaned_data
        if exchange.profiles()[said["profile"]].get("memo"):
            return next(one for one in self.accounts if one.kind == Account.Kind.MEMO)
        for one in self.accounts:
            if one.place == "bank" and said["account"] in ("", str(one.pk)):
                return one
        raise Refused(_("Please choose the account."), field="account")


@page(can=VIEW)
def statements(request: Any) -> HttpResponse:
    """Hand a sheet in; below, what was handed in and whether somebody still has to say something."""
    opened(request)
    accounts = list(Account.objects.visible_to(request.actor).filter(school=request.school))
    form = StatementForm(request.POST or None, request.FILES or None, accounts)
    wrong: list[exchange.Wrong] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = _hand_in(request, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            if isinstance(found, Statement):
                return redirect("ledger-statement", found.pk)
            wrong = found
    mine = Statement.objects.visible_to(request.actor).filter(school=request.school)
    some = list(mine.select_related("account", "taken_by")[:24])
    read_now = readings([one for one in some if one.undone_at is None])
    context = {
        "form": form,
        "wrong": wrong[:SHOWN_WRONG],
        "wrong_number": len(wrong),
        "statements": [(one, read_now.get(one.pk)) for one in some],
        "may_make": request.actor.may(MAKE, school_id=request.school.pk),
    }
    return render(request, "ledger/statements.html", context, status=422 if form.errors or wrong else 200)


def _hand_in(request: Any, form: StatementForm) -> Statement | list[exchange.Wrong]:
    request.actor.require(MAKE, school_id=request.school.pk)
    sent = form.cleaned_data["upload"]
    return exchange.hand_in(
        request.actor,
        account=form.chosen(),
        profile=form.cleaned_data["profile"],
        name=sent.name,
        content=sent.read(MAX_BYTES + 1),
    )


def _statement(request: Any, statement_id: int) -> Statement:
    mine = Statement.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(
        mine.select_related("account", "school", "taken_by", "undone_by"), pk=statement_id
    )


@page(can=VIEW)
def statement(request: Any, statement_id: int) -> HttpResponse:
    found = _statement(request, statement_id)
    says, books = balance_of(found)
    is_memo = found.account.kind == Account.Kind.MEMO
    context = {
        "statement": found,
        "reading": read(found),
        "says": says,
        "books": books,
        "is_memo": is_memo,
        "to_note": len(not_noted(found)) if is_memo and not found.undone_at else 0,
        "may_make": request.actor.may(MAKE, school_id=found.school_id) and not found.undone_at,
    }
    return render(request, "ledger/statement.html", context)


@require_POST
@page(can=MAKE)
def settle(request: Any, statement_id: int) -> HttpResponse:
    found = _statement(request, statement_id)
    row, line = (request.POST.get(name, "") for name in ("row", "line"))
    actions.settle(
        request.actor,
        statement=found,
        row=StatementLine.objects.visible_to(request.actor).filter(pk=row).first()
        if row.isdecimal()
        else None,
        line=Line.objects.visible_to(request.actor).filter(pk=line).first() if line.isdecimal() else None,
        words=request.POST.get("words", ""),
    )
    say(request, _("Noted."))
    return redirect("ledger-statement", found.pk)


@require_POST
@page(can=MAKE)
def note_county(request: Any, statement_id: int) -> HttpResponse:
    made = actions.note_county(request.actor, statement=_statement(request, statement_id))
    text = ngettext(
        "%(n)s payment of the county is noted and waits to be checked.",
        "%(n)s payments of the county are noted and wait to be checked.",
        len(made),
    )
    say(request, text % {"n": len(made)})
    return redirect("ledger")


@require_POST
@page(can=MAKE)
def undo(request: Any, statement_id: int) -> HttpResponse:
    actions.undo_statement(request.actor, statement=_statement(request, statement_id))
    say(request, _("The sheet counts no longer."))
    return redirect("ledger-statements")


class DaysForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From which day"), widget=DayInput())
    last = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())


def _days(request: Any, books: Books) -> tuple[Days, DaysForm]:
    """The days asked for; otherwise from the first day of the books until today."""
    usual = {"first": books.opened_on, "last": clock.today()}
    form = DaysForm({**usual, **request.GET.dict()})
    said = form.cleaned_data if form.is_valid() else usual
    if said["last"] < said["first"]:
        form.add_error("last", _("The last day lies before the first."))
        said = usual
    return Days(said["first"], said["last"]), form


def _report(request: Any, code: str) -> tuple[documents.Report, DaysForm]:
    days, form = _days(request, opened(request))
    if code == "balance":
        return documents.balance_report(request.actor, request.school, days), form
    if code == "funds":
        return documents.funds_report(request.actor, request.school, days), form
    held = Account.objects.visible_to(request.actor).filter(school=request.school)
    account = (
        held.select_related("school")
        .filter(code=code, kind__in=[Account.Kind.ASSET, Account.Kind.MEMO])
        .first()
    )
    if account is None:
        raise Http404
    return documents.cash_report(request.actor, account, days), form


@page(can=VIEW)
def report(request: Any, report_code: str) -> HttpResponse:
    found, form = _report(request, report_code)
    held = Account.objects.visible_to(request.actor).filter(school=request.school)
    places = held.filter(place__in=["bank", "cash"]).order_by("-place", "code")
    context = {
        "report": found,
        "note": documents.note_of(found),
        "form": form,
        "code": report_code,
        "of_places": places,
        "query": f"first={found.days.first}&last={found.days.last}",
    }
    return render(request, "ledger/report.html", context)


@page(can=VIEW)
def report_file(request: Any, report_code: str, file_kind: str) -> HttpResponse:
    found, _form = _report(request, report_code)
    make = {"xlsx": documents.report_sheet, "pdf": documents.report_pdf}.get(file_kind)
    if make is None:
        raise Http404
    name = f"{request.school.name} {found.title} {found.days.first}–{found.days.last}"
    return attachment(make(request.actor, found, request.school), name, file_kind)


urlpatterns = [
    path("ledger/statements/", statements, name="ledger-statements"),
    path("ledger/statements/<int:statement_id>/", statement, name="ledger-statement"),
    path("ledger/statements/<int:statement_id>/settle/", settle, name="ledger-settle"),
    path("ledger/statements/<int:statement_id>/note/", note_county, name="ledger-note-county"),
    path("ledger/statements/<int:statement_id>/undo/", undo, name="ledger-statement-undo"),
    path("ledger/reports/<str:report_code>/", report, name="ledger-report"),
    path("ledger/reports/<str:report_code>/<str:file_kind>/", report_file, name="ledger-report-file"),
]
