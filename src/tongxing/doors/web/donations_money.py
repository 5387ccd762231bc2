"""Handing over: one grid for classes and departments, finance receives, corrections, names, goods, the register."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.donations.actions import gifts, money
from tongxing.aid.donations.models import Campaign, Department, Gift, Goods, HandingOver, Share
from tongxing.aid.donations.models_campaigns import ENTER, MONEY, VIEW
from tongxing.aid.donations.models_gifts import HANDED
from tongxing.aid.donations.queries.campaigns import with_entries
from tongxing.aid.donations.queries.roster import classes_to_enter, departments_to_enter, young_in
from tongxing.aid.donations.wording import voluntary
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student
from tongxing.paper.documents import donations as files
from tongxing.paper.documents.ledger import report_pdf, report_sheet

from .documents import attachment
from .donations import campaign_of, rights, show
from .donations_forms import (
    CorrectForm,
    GoodsForm,
    GridForm,
    NamedForm,
    PassForm,
    ReasonForm,
    as_it_was,
    colleagues_of,
)
from .page import apply_refusal, page, say


def _units(request: Any, campaign: Campaign) -> list[SchoolClass | Department]:
    return [*classes_to_enter(request.actor, campaign), *departments_to_enter(request.actor, campaign)]


@page(can=ENTER)
def grid(request: Any, campaign_id: int) -> HttpResponse:
    """How many took part and the money together, for each class and department one brings."""
    campaign = campaign_of(request, campaign_id)
    units, today = _units(request, campaign), clock.today()
    young = young_in([one.pk for one in units if isinstance(one, SchoolClass)], today)
    me = Staff.objects.filter(user=request.actor.user_id, school=request.school).first()
    form = GridForm(request.POST or None, campaign, units, young, initial={"day": today, "first": me})
    if request.method == "POST" and form.is_valid():
        try:
            handed = money.hand_over(
                request.actor,
                campaign=campaign,
                client_id=form.cleaned_data["client_id"],
                counted=form.counted(),
                rows=form.rows(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            _say_handed(request, handed)
            return redirect("donation-handed", handed.pk)
    context = {"form": form, "campaign": campaign, "voluntary": voluntary(), "handed": None}
    return render(request, "donations/grid.html", context, status=422 if form.errors else 200)


def _say_handed(request: Any, handed: HandingOver) -> None:
    if handed.received_at:
        say(request, _("It stands in the books and waits there for a second look."))
    else:
        say(
            request,
            _("Thank you. Finance sees it and receives the money."),
            undo=reverse("donation-handed-back", args=[handed.pk]) + "?reason=" + _("entered by mistake"),
        )


def _handed(request: Any, handing_id: int) -> HandingOver:
    found = HandingOver.objects.visible_to(request.actor).filter(school=request.school)
    related = ("school", "campaign__fund", "first_counter", "second_counter", "entered_by", "received_by")
    fetched = found.select_related(*related).prefetch_related("shares__school_class", "shares__department")
    return get_object_or_404(fetched, pk=handing_id)


@page(can=VIEW)
def handed_over(request: Any, handing_id: int) -> HttpResponse:
    return _show(request, _handed(request, handing_id))


def _show(request: Any, found: HandingOver, **forms_: Any) -> HttpResponse:
    own = found.entered_by_id == request.actor.user_id
    may = rights(request)
    named = Gift.objects.visible_to(request.actor).standing().filter(share__handed=found)
    (stands,) = with_entries(HANDED, [found])
    open_now = found.ended_at is None
    may_change = open_now and (may["may_money"] or (own and found.received_at is None)) and may["may_enter"]
    context = may | {
        "handed": found,
        "entry": stands.entry,
        "named": list(named.select_related("student", "staff", "share__school_class", "share__department")),
        "may_change": may_change,
        "may_name": open_now and may["may_enter"],
        "may_receive": open_now
        and may["may_post"]
        and (found.received_at is None or (stands.entry is None and found.total)),
        "named_form": forms_.get("named_form") or NamedForm(None, _givers(request, found)),
        "back_form": forms_.get("back_form") or ReasonForm(auto_id="back-%s"),
    }
    return render(request, "donations/handed.html", context, status=422 if forms_ else 200)


def _givers(request: Any, found: HandingOver) -> list[tuple[str, Any]]:
    """Who may be named: children of these classes whom this person sees, colleagues where a department brought it."""
    classes = {share.school_class_id: share for share in found.shares.all() if share.school_class_id}
    members = ClassMembership.objects.on(found.day).filter(school_class__in=classes)
    seen = (
        Student.objects.visible_to(request.actor).filter(pk__in=members.values("student")).order_by("pinyin")
    )
    groups: list[tuple[str, Any]] = [("", [(f"s{one.pk}", one.name) for one in seen])] if classes else []
    if any(share.department_id for share in found.shares.all()):
        groups.append((_("Colleagues"), [(f"t{one.pk}", one.name) for one in colleagues_of(found.school_id)]))
    return [group for group in groups if group[1]]


@require_POST
@page(can=MONEY)
def receive(request: Any, handing_id: int) -> HttpResponse:
    money.receive(request.actor, handed=_handed(request, handing_id))
    say(request, _("It stands in the books and waits there for a second look."))
    return redirect("donations")


@require_POST
@page(can=ENTER)
def back(request: Any, handing_id: int) -> HttpResponse:
    found, form = _handed(request, handing_id), ReasonForm(request.POST, auto_id="back-%s")
    if not form.is_valid():
        return _show(request, found, back_form=form)
    money.take_back(request.actor, handed=found, reason=form.cleaned_data["reason"])
    say(request, _("Taken back."))
    return redirect("donation-campaign", found.campaign_id)


@page(can=ENTER)
def correct(request: Any, handing_id: int) -> HttpResponse:
    """The same grid with what was said; what stands in the books is reversed and followed by the new one."""
    found = _handed(request, handing_id)
    units = _units(request, found.campaign)
    young = young_in([one.pk for one in units if isinstance(one, SchoolClass)], found.day)
    form = CorrectForm(request.POST or None, found.campaign, units, young, initial=as_it_was(found))
    if request.method == "POST" and form.is_valid():
        try:
            new = money.correct(
                request.actor,
                handed=found,
                client_id=form.cleaned_data["client_id"],
                counted=form.counted(),
                rows=form.rows(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Corrected. What was there before stays readable."))
            return redirect("donation-handed", new.pk)
    context = {"form": form, "campaign": found.campaign, "voluntary": voluntary(), "handed": found}
    return render(request, "donations/grid.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=ENTER)
def name_gift(request: Any, handing_id: int) -> HttpResponse:
    found = _handed(request, handing_id)
    form = NamedForm(request.POST, _givers(request, found))
    if form.is_valid():
        try:
            gift = _name(request, found, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Noted."),
                undo=reverse("donation-gift-back", args=[gift.pk]) + "?reason=" + _("entered by mistake"),
            )
            return redirect("donation-handed", found.pk)
    return _show(request, found, named_form=form)


def _name(request: Any, found: HandingOver, form: NamedForm) -> Gift:
    said = dict(form.cleaned_data)
    chosen, client_id = said.pop("giver"), said.pop("client_id")
    share: Share | None
    giver: Student | Staff
    if chosen.startswith("s"):
        giver = Student.objects.visible_to(request.actor).get(pk=chosen[1:])
        of = (
            ClassMembership.objects.on(found.day).filter(student=giver).values_list("school_class", flat=True)
        )
        share = next((one for one in found.shares.all() if one.school_class_id in of), None)
    else:
        giver = Staff.objects.get(pk=chosen[1:], school=request.school)
        share = next((one for one in found.shares.all() if one.department_id), None)
    if share is None:
        raise Refused(_("Please choose somebody who belongs to it."), field="giver")
    share.handed = found
    return gifts.name_gift(
        request.actor, share=share, client_id=client_id, named=gifts.Named(giver=giver, **said)
    )


@require_POST
@page(can=ENTER)
def gift_back(request: Any, gift_id: int) -> HttpResponse:
    mine = Gift.objects.visible_to(request.actor).filter(school=request.school)
    gift = get_object_or_404(mine.select_related("school", "share"), pk=gift_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Please say what was wrong."))
    gifts.end_gift(request.actor, gift=gift, reason=form.cleaned_data["reason"])
    say(request, _("Taken back."))
    return redirect("donation-handed", gift.share.handed_id) if gift.share else redirect("donation-outside")


@require_POST
@page(can=ENTER)
def note_goods(request: Any, campaign_id: int) -> HttpResponse:
    found, form = campaign_of(request, campaign_id), GoodsForm(request.POST, auto_id="goods-%s")
    if form.is_valid():
        try:
            goods = gifts.note_goods(request.actor, campaign=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted."))
            return redirect("donation-goods-passed", goods.pk)
    return show(request, found, goods_form=form)


@page(can=ENTER)
def goods_passed(request: Any, goods_id: int) -> HttpResponse:
    """To whom goods went, without names."""
    mine = Goods.objects.visible_to(request.actor).filter(school=request.school).select_related("campaign")
    goods = get_object_or_404(mine.prefetch_related("passed"), pk=goods_id)
    form = PassForm(request.POST or None, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            gifts.pass_on(request.actor, goods=goods, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted."))
            return redirect("donation-goods-passed", goods.pk)
    return render(
        request, "donations/goods.html", {"goods": goods, "form": form}, status=422 if form.errors else 200
    )


@page(can=MONEY)
def register(request: Any, campaign_id: int, file_kind: str) -> HttpResponse:
    """捐款台账, for finance alone."""
    found = campaign_of(request, campaign_id)
    make = {"xlsx": report_sheet, "pdf": report_pdf}.get(file_kind)
    if make is None:
        raise Http404
    report = files.register_report(request.actor, found)
    return attachment(make(request.actor, report, found.school), report.title, file_kind)


urlpatterns = [
    path("donations/<int:campaign_id>/grid/", grid, name="donation-grid"),
    path("donations/<int:campaign_id>/goods/", note_goods, name="donation-goods"),
    path("donations/<int:campaign_id>/register/<str:file_kind>/", register, name="donation-register"),
    path("donations/handed/<int:handing_id>/", handed_over, name="donation-handed"),
    path("donations/handed/<int:handing_id>/receive/", receive, name="donation-receive"),
    path("donations/handed/<int:handing_id>/back/", back, name="donation-handed-back"),
    path("donations/handed/<int:handing_id>/correct/", correct, name="donation-correct"),
    path("donations/handed/<int:handing_id>/names/", name_gift, name="donation-name"),
    path("donations/gifts/<int:gift_id>/back/", gift_back, name="donation-gift-back"),
    path("donations/goods/<int:goods_id>/", goods_passed, name="donation-goods-passed"),
]
