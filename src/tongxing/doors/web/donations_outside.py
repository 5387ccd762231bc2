"""Gifts from outside, as a lawful account has accepted them; the private address on which a giver sees what they became."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongxing.aid.donations.actions import gifts
from tongxing.aid.donations.models import Gift, GiftLink
from tongxing.aid.donations.models_campaigns import MONEY
from tongxing.aid.donations.queries.became import became
from tongxing.aid.donations.queries.campaigns import gifts_from_outside
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.documents import donations as files

from .documents import attachment
from .donations import rights
from .donations_forms import OutsideForm
from .page import apply_refusal, page, say
from .requests_open import quiet


@page(can=MONEY)
def outside(request: Any) -> HttpResponse:
    context = rights(request) | {"gifts": gifts_from_outside(request.actor, request.school)}
    return render(request, "donations/outside.html", context)


@page(can="ledger.make")
def new(request: Any) -> HttpResponse:
    form = OutsideForm(request.POST or None, request.school.pk)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        client_id = said.pop("client_id")
        try:
            gift = gifts.take_gift(
                request.actor, school=request.school, client_id=client_id, told=gifts.FromOutside(**said)
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It stands in the books and waits there for a second look."))
            return redirect("donation-gift", gift.pk)
    form.fields["day"].initial = clock.today()
    return render(request, "donations/outside_new.html", {"form": form}, status=422 if form.errors else 200)


def _gift(request: Any, gift_id: int) -> Gift:
    """From outside, as finance sees it."""
    mine = Gift.objects.visible_to(request.actor).filter(school=request.school).exclude(who__in=Gift.INSIDE)
    return get_object_or_404(mine.select_related("school", "key", "fund"), pk=gift_id)


def _name(found: Gift) -> str:
    """Of a giver from outside, whom a key of their own stands for."""
    assert found.key
    return unseal(found.key, found.name_sealed, gifts.NAME_AT)


@page(can=MONEY)
def gift(request: Any, gift_id: int) -> HttpResponse:
    """One gift with the giver's name, and the private address if there is one."""
    found = _gift(request, gift_id)
    link = GiftLink.objects.visible_to(request.actor).standing().filter(gift=found).first()
    address = request.build_absolute_uri(reverse("gift-became", args=[gifts.token_of(link)])) if link else ""
    context = rights(request) | {
        "gift": found,
        "name": _name(found),
        "link": link,
        "address": address,
    }
    return render(request, "donations/gift.html", context)


@require_POST
@page(can=MONEY)
def open_link(request: Any, gift_id: int) -> HttpResponse:
    found = _gift(request, gift_id)
    gifts.open_link(request.actor, gift=found)
    say(request, _("Give this address to the giver alone. One that was given before opens nothing any more."))
    return redirect("donation-gift", found.pk)


@require_POST
@page(can=MONEY)
def close_link(request: Any, gift_id: int) -> HttpResponse:
    found = _gift(request, gift_id)
    gifts.close_link(request.actor, gift=found)
    say(request, _("This address opens nothing any more."))
    return redirect("donation-gift", found.pk)


@page(can=MONEY)
def card(request: Any, gift_id: int) -> HttpResponse:
    """A card of thanks for whoever would like one."""
    found = _gift(request, gift_id)
    if not found.wants_thanks:
        raise Refused(_("This giver would rather have no card."))
    name = _name(found)
    file = files.thanks_cards(
        request.actor, school=found.school, cards=[(name, files.usual_thanks(found.day))]
    )
    return attachment(file, _("Cards of thanks"), "pdf")


@never_cache
@page(public=True)
@require_safe
def gift_became(request: Any, gift_token: str) -> HttpResponse:
    """What the gifts of this fund became. No name, no amount of the giver: an address may be passed on."""
    try:
        link = gifts.link_of(gift_token, address=request.META["REMOTE_ADDR"])
    except gifts.TooMany as refusal:
        return quiet(render(request, "refused.html", {"message": refusal.message}, status=429))
    if link is None:
        raise Http404
    (found,) = became([link.gift.fund])
    context = {"found": found, "school": link.school, "day": link.gift.day}
    return quiet(render(request, "donations/gift_became.html", context))


urlpatterns = [
    path("donations/outside/", outside, name="donation-outside"),
    path("donations/outside/new/", new, name="donation-outside-new"),
    path("donations/outside/<int:gift_id>/", gift, name="donation-gift"),
    path("donations/outside/<int:gift_id>/address/", open_link, name="donation-link"),
    path("donations/outside/<int:gift_id>/address/end/", close_link, name="donation-link-end"),
    path("donations/outside/<int:gift_id>/card/", card, name="donation-card"),
    path("gift/<str:gift_token>/", gift_became, name="gift-became"),
]
