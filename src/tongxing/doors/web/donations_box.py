"""The donation box: where it stands, its openings by two with two counts, and the protocol to sign."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.donations.actions import box as actions
from tongxing.aid.donations.models import BoxOpening, DonationBox
from tongxing.aid.donations.models_box import BOX
from tongxing.aid.donations.models_campaigns import ENTER, MANAGE, MONEY, VIEW
from tongxing.aid.donations.queries.campaigns import with_entries
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff
from tongxing.paper.documents import donations as files

from .documents import attachment
from .donations import rights
from .donations_forms import BoxForm, OpeningForm, ReasonForm
from .page import apply_refusal, page, say


@page(can=VIEW)
def boxes(request: Any) -> HttpResponse:
    found = DonationBox.objects.visible_to(request.actor).filter(school=request.school)
    context = rights(request) | {"boxes": list(found.select_related("fund"))}
    return render(request, "donations/boxes.html", context)


@page(can=MANAGE)
def new(request: Any) -> HttpResponse:
    form = BoxForm(request.POST or None, request.school.pk)
    if request.method == "POST" and form.is_valid():
        try:
            box = actions.hang_up(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The box stands on the list."))
            return redirect("donation-box", box.pk)
    return render(request, "donations/box_new.html", {"form": form}, status=422 if form.errors else 200)


def _box(request: Any, donation_box_id: int) -> DonationBox:
    mine = DonationBox.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "fund"), pk=donation_box_id)


@page(can=VIEW)
def box(request: Any, donation_box_id: int) -> HttpResponse:
    """The openings one may see: finance all of them, others those they wrote down."""
    found = _box(request, donation_box_id)
    openings = BoxOpening.objects.visible_to(request.actor).standing().filter(box=found)
    rows = list(openings.select_related("first", "second"))
    context = rights(request) | {
        "box": found,
        "openings": with_entries(BOX, rows),
        "down_form": ReasonForm(auto_id="down-%s"),
    }
    return render(request, "donations/box.html", context)


@page(can=ENTER)
def open_box(request: Any, donation_box_id: int) -> HttpResponse:
    found = _box(request, donation_box_id)
    me = Staff.objects.filter(user=request.actor.user_id, school=request.school).first()
    form = OpeningForm(request.POST or None, request.school.pk, {"day": clock.today(), "first": me})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        client_id = said.pop("client_id")
        try:
            opening = actions.note_opening(
                request.actor, box=found, client_id=client_id, counts=actions.Counts(**said)
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Written down. It counts once both have confirmed."))
            return redirect("donation-opening", opening.pk)
    return render(
        request,
        "donations/opening_new.html",
        {"form": form, "box": found},
        status=422 if form.errors else 200,
    )


def _opening(request: Any, box_opening_id: int) -> BoxOpening:
    """What one wrote down, is named in, or sees as finance."""
    mine = BoxOpening.objects.readable_by(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "box__fund", "first", "second"), pk=box_opening_id)


@page(can=VIEW)
def opening(request: Any, box_opening_id: int) -> HttpResponse:
    return _show(request, _opening(request, box_opening_id))


def _show(request: Any, found: BoxOpening, **forms_: Any) -> HttpResponse:
    (stands,) = with_entries(BOX, [found])
    me = request.actor.user_id
    may, is_open = rights(request), found.ended_at is None
    to_confirm = (found.first.user_id == me and not found.first_confirmed_at) or (
        found.second.user_id == me and not found.second_confirmed_at
    )
    half = found.first_confirmed_at is not None and found.second_confirmed_at is None
    may_sign = half and may["may_money"] and me not in (found.first.user_id, found.second.user_id)
    context = may | {
        "opening": found,
        "entry": stands.entry,
        "may_confirm": is_open and to_confirm,
        "may_sign": is_open and may_sign,
        "may_book": is_open
        and may["may_post"]
        and found.is_confirmed
        and found.amount
        and stands.entry is None,
        "may_end": is_open
        and may["may_enter"]
        and (may["may_money"] or (found.entered_by_id == me and not found.is_confirmed)),
        "back_form": forms_.get("back_form") or ReasonForm(auto_id="back-%s"),
    }
    return render(request, "donations/opening.html", context, status=422 if forms_ else 200)


@require_POST
@page(can=VIEW)
def confirm(request: Any, box_opening_id: int) -> HttpResponse:
    found = actions.confirm(request.actor, opening=_opening(request, box_opening_id))
    say(request, _("Thank you for confirming."))
    return redirect("donation-opening", found.pk)


@require_POST
@page(can=MONEY)
def signed(request: Any, box_opening_id: int) -> HttpResponse:
    found = actions.note_signature(request.actor, opening=_opening(request, box_opening_id))
    say(request, _("Noted. Please keep the signed protocol with the bag’s papers."))
    return redirect("donation-opening", found.pk)


@require_POST
@page(can="ledger.make")
def book(request: Any, box_opening_id: int) -> HttpResponse:
    found = _opening(request, box_opening_id)
    actions.into_the_books(request.actor, opening=found)
    say(request, _("It stands in the books and waits there for a second look."))
    return redirect("donation-opening", found.pk)


@require_POST
@page(can=ENTER)
def back(request: Any, box_opening_id: int) -> HttpResponse:
    found, form = _opening(request, box_opening_id), ReasonForm(request.POST, auto_id="back-%s")
    if not form.is_valid():
        return _show(request, found, back_form=form)
    actions.end_opening(request.actor, opening=found, reason=form.cleaned_data["reason"])
    say(request, _("Taken back."))
    return redirect("donation-box", found.box_id)


@require_POST
@page(can=MANAGE)
def take_down(request: Any, donation_box_id: int) -> HttpResponse:
    found, form = _box(request, donation_box_id), ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Please say why it is taken down."))
    actions.take_down(request.actor, box=found, reason=form.cleaned_data["reason"])
    say(request, _("Noted. Its openings stay readable."))
    return redirect("donation-boxes")


@page(can=VIEW)
def blank_protocol(request: Any, donation_box_id: int, file_kind: str) -> HttpResponse:
    return _protocol(request, _box(request, donation_box_id), None, file_kind)


@page(can=VIEW)
def protocol(request: Any, box_opening_id: int, file_kind: str) -> HttpResponse:
    found = _opening(request, box_opening_id)
    return _protocol(request, found.box, found, file_kind)


def _protocol(request: Any, found: DonationBox, of: BoxOpening | None, file_kind: str) -> HttpResponse:
    if file_kind not in ("pdf", "docx"):
        raise Http404
    file = files.protocol_file(request.actor, box=found, opening=of, kind=file_kind)
    return attachment(file, _("Opening of the donation box"), file_kind)


urlpatterns = [
    path("donations/boxes/", boxes, name="donation-boxes"),
    path("donations/boxes/new/", new, name="donation-box-new"),
    path("donations/boxes/<int:donation_box_id>/", box, name="donation-box"),
    path("donations/boxes/<int:donation_box_id>/open/", open_box, name="donation-box-open"),
    path("donations/boxes/<int:donation_box_id>/down/", take_down, name="donation-box-down"),
    path(
        "donations/boxes/<int:donation_box_id>/protocol/<str:file_kind>/",
        blank_protocol,
        name="donation-blank-protocol",
    ),
    path("donations/openings/<int:box_opening_id>/", opening, name="donation-opening"),
    path("donations/openings/<int:box_opening_id>/confirm/", confirm, name="donation-opening-confirm"),
    path("donations/openings/<int:box_opening_id>/signed/", signed, name="donation-opening-signed"),
    path("donations/openings/<int:box_opening_id>/books/", book, name="donation-opening-book"),
    path("donations/openings/<int:box_opening_id>/back/", back, name="donation-opening-back"),
    path(
        "donations/openings/<int:box_opening_id>/protocol/<str:file_kind>/",
        protocol,
        name="donation-protocol",
    ),
]
