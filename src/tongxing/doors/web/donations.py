"""Giving at school: what waits, campaigns with their appeal, what was done to make it known, thanks, what it became."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.donations.actions import campaigns as actions
from tongxing.aid.donations.actions import thanks
from tongxing.aid.donations.models import Campaign, Goods, Honour, Step
from tongxing.aid.donations.models_campaigns import ENTER, MANAGE, MONEY, VIEW
from tongxing.aid.donations.models_thanks import PRAISE
from tongxing.aid.donations.queries import campaigns as queries
from tongxing.aid.donations.queries.became import became, funds_of_gifts
from tongxing.aid.donations.queries.roster import year_classes
from tongxing.aid.donations.wording import voluntary
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student
from tongxing.paper.documents import donations as files

from .documents import attachment
from .donations_forms import (
    FROM_OUTSIDE,
    CampaignForm,
    GoodsForm,
    ReasonForm,
    StepForm,
    ThanksForm,
    colleagues_of,
)
from .ledger_frame import opened
from .page import apply_refusal, page, say


def rights(request: Any) -> dict[str, bool]:
    """What this person does here, for templates."""
    names = {"may_manage": MANAGE, "may_enter": ENTER, "may_money": MONEY, "may_post": "ledger.make"}
    return {name: request.actor.may(ability, school_id=request.school.pk) for name, ability in names.items()}


@page(can=VIEW)
def home(request: Any) -> HttpResponse:
    """What waits for this person first, then the campaigns."""
    found = Campaign.objects.visible_to(request.actor).filter(school=request.school)
    today, may = clock.today(), rights(request)
    running = [one for one in found if queries.is_running(one, today)]
    context = may | {
        "running": running,
        "today": today,
        "past": [one for one in found if one not in running],
        "to_receive": queries.to_receive(request.actor, request.school) if may["may_post"] else [],
        "to_post": queries.openings_to_post(request.actor, request.school) if may["may_post"] else [],
        "to_confirm": queries.openings_to_confirm(request.actor, request.school),
    }
    return render(request, "donations/home.html", context)


def campaign_of(request: Any, campaign_id: int) -> Campaign:
    mine = Campaign.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "fund"), pk=campaign_id)


@page(can=VIEW)
def campaign(request: Any, campaign_id: int) -> HttpResponse:
    return show(request, campaign_of(request, campaign_id))


def show(request: Any, found: Campaign, **forms_: forms.Form) -> HttpResponse:
    """The campaign's page; a form that was refused stands on it again."""
    goods = Goods.objects.visible_to(request.actor).standing().filter(campaign=found)
    context = rights(request) | {
        "campaign": found,
        "running": queries.is_running(found, clock.today()),
        "voluntary": voluntary(),
        "share": queries.participation(found) if found.shows_share else None,
        "steps": found.steps.filter(ended_at=None).select_related("school_class"),
        "handed": queries.handed_over(request.actor, found),
        "goods": list(goods.prefetch_related("passed")),
        "thanked": queries.thanked(found),
        "step_form": forms_.get("step_form") or StepForm(None, found),
        "goods_form": forms_.get("goods_form")
        or GoodsForm(initial={"day": clock.today()}, auto_id="goods-%s"),
        "close_form": forms_.get("close_form") or ReasonForm(auto_id="close-%s"),
    }
    return render(request, "donations/campaign.html", context, status=422 if forms_ else 200)


@page(can=MANAGE)
def new(request: Any) -> HttpResponse:
    if not request.actor.may("ledger.view", school_id=request.school.pk):
        return _form(request, None)
    opened(request)
    return _form(request, None)


@page(can=MANAGE)
def change(request: Any, campaign_id: int) -> HttpResponse:
    return _form(request, campaign_of(request, campaign_id))


def _form(request: Any, found: Campaign | None) -> HttpResponse:
    form = CampaignForm(request.POST or None, request.school.pk, found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, found, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved."))
            return redirect("donation-campaign", saved.pk)
    context = {"form": form, "campaign": found, "voluntary": voluntary()}
    return render(request, "donations/campaign_form.html", context, status=422 if form.errors else 200)


def _save(request: Any, found: Campaign | None, form: CampaignForm) -> Campaign:
    if found:
        saved = actions.change(request.actor, campaign=found, plan=form.plan())
    else:
        saved = actions.begin(
            request.actor, school=request.school, client_id=form.cleaned_data["client_id"], plan=form.plan()
        )
    actions.set_departments(request.actor, school=request.school, names=form.department_names())
    return saved


@require_POST
@page(can=MANAGE)
def note_step(request: Any, campaign_id: int) -> HttpResponse:
    found = campaign_of(request, campaign_id)
    form = StepForm(request.POST, found)
    if form.is_valid():
        try:
            step = actions.note_step(request.actor, campaign=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted."), undo=reverse("donation-step-back", args=[step.pk]))
            return redirect("donation-campaign", found.pk)
    return show(request, found, step_form=form)


@require_POST
@page(can=MANAGE)
def step_back(request: Any, step_id: int) -> HttpResponse:
    step = get_object_or_404(Step.objects.visible_to(request.actor).filter(school=request.school), pk=step_id)
    actions.take_step_back(request.actor, step=step)
    say(request, _("Taken back."))
    return redirect("donation-campaign", step.campaign_id)


@require_POST
@page(can=MANAGE)
def close(request: Any, campaign_id: int) -> HttpResponse:
    found, form = campaign_of(request, campaign_id), ReasonForm(request.POST, auto_id="close-%s")
    if not form.is_valid():
        return show(request, found, close_form=form)
    actions.close(request.actor, campaign=found, reason=form.cleaned_data["reason"])
    say(request, _("The campaign is closed; everything stays readable."))
    return redirect("donations")


@page(can=VIEW)
def appeal(request: Any, campaign_id: int, file_kind: str) -> HttpResponse:
    found = campaign_of(request, campaign_id)
    if file_kind not in ("pdf", "docx"):
        raise Http404
    file = files.appeal_file(request.actor, campaign=found, kind=file_kind)
    return attachment(file, " ".join((found.name, _("Appeal"))), file_kind)


@page(can=MANAGE)
def thank(request: Any, campaign_id: int) -> HttpResponse:
    """A class, a colleague, somebody from outside, or a child of the chosen class whose family agrees to praise by name."""
    found = campaign_of(request, campaign_id)
    classes = list(year_classes(found.school, found.counted_on))
    chosen = next((one for one in classes if str(one.pk) == request.GET.get("class", "")), None)
    people = _people(request, found, classes, chosen)
    form = ThanksForm(
        request.POST or None,
        [(group, [(key, str(who)) for key, who in some.items()]) for group, some in people],
    )
    if request.method == "POST" and form.is_valid():
        try:
            _thank(request, found, form, {key: who for _group, some in people for key, who in some.items()})
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("donation-campaign", found.pk)
    context = {"campaign": found, "form": form, "classes": classes, "chosen": chosen}
    return render(request, "donations/thank.html", context, status=422 if form.errors else 200)


def _people(
    request: Any, found: Campaign, classes: list[SchoolClass], chosen: SchoolClass | None
) -> list[tuple[str, dict[str, SchoolClass | Staff | Student]]]:
    groups: list[tuple[str, dict[str, SchoolClass | Staff | Student]]] = [
        (_("Classes"), {f"c{one.pk}": one for one in classes}),
        (_("Colleagues"), {f"t{one.pk}": one for one in colleagues_of(found.school_id)}),
    ]
    if chosen:
        members = ClassMembership.objects.on(clock.today()).filter(school_class=chosen).values("student")
        children = list(
            Student.objects.visible_to(request.actor).filter(pk__in=members).select_related("key")
        )
        agreed = with_consent([one.pk for one in children], PRAISE)
        groups.insert(0, (str(chosen), {f"s{one.pk}": one for one in children if one.pk in agreed}))
    return groups


def _thank(request: Any, found: Campaign, form: ThanksForm, people: dict[str, Any]) -> None:
    said = form.cleaned_data
    honour = thanks.thank(
        request.actor,
        campaign=found,
        client_id=said["client_id"],
        who=thanks.Guest(said["guest"]) if said["who"] == FROM_OUTSIDE else people[said["who"]],
        story=said["story"],
        asked=said["asked"],
    )
    say(request, _("Thank you for telling it."), undo=reverse("donation-thanks-end", args=[honour.pk]))


@require_POST
@page(can=MANAGE)
def end_thanks(request: Any, honour_id: int) -> HttpResponse:
    mine = Honour.objects.visible_to(request.actor).filter(school=request.school)
    honour = get_object_or_404(mine, pk=honour_id)
    thanks.end_thanks(request.actor, honour=honour)
    say(request, _("It is shown no longer."))
    return redirect("donation-campaign", honour.campaign_id) if honour.campaign_id else redirect("donations")


@page(can=VIEW)
def cards(request: Any, campaign_id: int) -> HttpResponse:
    """Cards of thanks for those of whom a story is told, to print."""
    found = campaign_of(request, campaign_id)
    told = [(one.name, one.story) for one in queries.thanked(found)]
    if not told:
        raise Refused(_("No story of thanks is told yet."))
    file = files.thanks_cards(request.actor, school=found.school, cards=told)
    return attachment(file, " ".join((found.name, _("Cards of thanks"))), "pdf")


@page(signed_in=True)
def what_it_became(request: Any) -> HttpResponse:
    """For everybody who belongs to the school: from the total to what it became."""
    if request.school is None:
        raise Http404
    context = {
        "found": became(funds_of_gifts(request.school)),
        "may_print": request.actor.may(VIEW, school_id=request.school.pk),
    }
    return render(request, "donations/became.html", context)


@page(can=VIEW)
def board_sheet(request: Any) -> HttpResponse:
    found = became(funds_of_gifts(request.school))
    file = files.board_file(request.actor, school=request.school, found=found)
    return attachment(file, _("What was given, and what it became"), "pdf")


urlpatterns = [
    path("donations/", home, name="donations"),
    path("donations/new/", new, name="donation-new"),
    path("donations/became/", what_it_became, name="donation-became"),
    path("donations/became/board/", board_sheet, name="donation-board"),
    path("donations/<int:campaign_id>/", campaign, name="donation-campaign"),
    path("donations/<int:campaign_id>/change/", change, name="donation-change"),
    path("donations/<int:campaign_id>/close/", close, name="donation-close"),
    path("donations/<int:campaign_id>/steps/", note_step, name="donation-step"),
    path("donations/<int:campaign_id>/appeal/<str:file_kind>/", appeal, name="donation-appeal"),
    path("donations/<int:campaign_id>/thanks/", thank, name="donation-thank"),
    path("donations/<int:campaign_id>/cards/", cards, name="donation-cards"),
    path("donations/steps/<int:step_id>/back/", step_back, name="donation-step-back"),
    path("donations/thanks/<int:honour_id>/end/", end_thanks, name="donation-thanks-end"),
]
