"""Work-study: the lists by which months are paid, and their files."""

import datetime
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.ledger.models_books import MAKE
from tongxing.aid.ledger.queries.books import books_of
from tongxing.aid.workstudy.actions import pay as actions
from tongxing.aid.workstudy.models import PayList
from tongxing.aid.workstudy.models_posts import HOURS, MANAGE, PAY
from tongxing.aid.workstudy.queries import posts as queries
from tongxing.aid.workstudy.queries.people import month_of_post
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.documents import workstudy as documents

from .around import form_id
from .documents import attachment
from .page import apply_refusal, page, say
from .pay_form import PayForm
from .workstudy import manages, month_asked, post_of


@page(can=PAY)
def lists(request: Any) -> HttpResponse:
    """What can be put on a list, and the lists so far."""
    found = queries.lists_of(request.actor, request.school)
    to_pay = queries.months_to_pay(request.actor, request.school) if manages(request) else []
    context = {
        "lists": [(one, _stand(one)) for one in found],
        "to_pay": [(month, uuid4()) for month in to_pay],
    }
    return render(request, "workstudy/lists.html", context)


def _stand(one: Any) -> str:
    """How a list of `queries.lists_of` stands: back, open, reversed, written or posted."""
    if one.ended_at:
        return "back"
    if one.entry is None or one.entry.ended_at:
        return "open"
    if one.reversed:
        return "reversed"
    return "posted" if one.entry.is_posted else "written"


@require_POST
@page(can=MANAGE)
def make(request: Any) -> HttpResponse:
    try:
        month = datetime.date.fromisoformat(f"{request.POST.get('month', '')}-01")
    except ValueError:
        raise Refused(_("Choose a month.")) from None
    made = actions.make_list(request.actor, school=request.school, month=month, client_id=form_id(request))
    say(request, _("The list is made. Finance pays it once, as a whole."))
    return redirect("workstudy-list", made.pk)


def _list(request: Any, pay_list_id: int) -> PayList:
    return get_object_or_404(queries.lists_of(request.actor, request.school), pk=pay_list_id)


@page(can=PAY)
def pay_list(request: Any, pay_list_id: int) -> HttpResponse:
    """One list; whoever keeps the books writes its payment (POST)."""
    found = _list(request, pay_list_id)
    may_pay = _may_pay(request, found)
    form = PayForm(request) if may_pay else None
    if form and form.is_valid():
        try:
            entry = actions.pay(
                request.actor,
                pay_list=found,
                paid=form.paid(request),
                client_id=form.cleaned_data["client_id"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Written into the books. It counts once a colleague has checked it there."))
            return redirect("ledger-entry", entry.pk)
    return _show(request, found, form)


def _may_pay(request: Any, found: PayList) -> bool:
    maker = request.actor.may(MAKE, school_id=found.school_id)
    return maker and _stand(found) == "open" and books_of(request.actor, request.school) is not None


def _show(request: Any, found: PayList, form: PayForm | None) -> HttpResponse:
    lines = found.lines.select_related("student", "assignment__post")
    context = {
        "list": found,
        "stand": _stand(found),
        "form": form,
        "may_manage": manages(request),
        "lines": list(lines) if manages(request) else [],
        "sees_books": request.actor.may("ledger.view", school_id=found.school_id),
        "makes": request.actor.may(MAKE, school_id=found.school_id),
    }
    return render(request, "workstudy/list.html", context, status=422 if form and form.errors else 200)


@require_POST
@page(can=MANAGE)
def list_back(request: Any, pay_list_id: int) -> HttpResponse:
    found = _list(request, pay_list_id)
    actions.take_list_back(request.actor, pay_list=found, reason=request.POST.get("reason", ""))
    say(request, _("The list is taken back. Its months can go on another one."))
    return redirect("workstudy-lists")


@page(can=PAY)
def list_file(request: Any, pay_list_id: int, file_kind: str) -> HttpResponse:
    """To pay by (xlsx), or for everybody to sign for the own pay (pdf)."""
    if file_kind not in documents.SHEET_KINDS:
        raise Http404
    found = _list(request, pay_list_id)
    file = documents.pay_sheet(request.actor, pay_list=found, kind=file_kind)
    return attachment(file, " ".join((_("Work-study pay"), f"{found.month:%Y-%m}")), file_kind)


@page(can=HOURS)
def month_file(request: Any, post_id: int, file_kind: str) -> HttpResponse:
    """勤工助学考勤与酬金表 of one post and month."""
    if file_kind not in documents.SHEET_KINDS:
        raise Http404
    found = post_of(request, post_id)
    month = month_of_post(request.actor, found, *month_asked(request))
    file = documents.month_sheet(request.actor, month=month, kind=file_kind, with_pay=manages(request))
    return attachment(file, f"{found.name} {month.first:%Y-%m}", file_kind)


urlpatterns = [
    path("work/lists/", lists, name="workstudy-lists"),
    path("work/lists/make/", make, name="workstudy-list-make"),
    path("work/lists/<int:pay_list_id>/", pay_list, name="workstudy-list"),
    path("work/lists/<int:pay_list_id>/back/", list_back, name="workstudy-list-back"),
    path("work/lists/<int:pay_list_id>/<str:file_kind>/", list_file, name="workstudy-list-file"),
    path("work/<int:post_id>/month/<str:file_kind>/", month_file, name="workstudy-month-file"),
]
