"""Help among classmates: who explains homework, shares an umbrella, walks home together. Never money."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.donations.actions import thanks as actions
from tongxing.aid.donations.models import HelpOffer
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from .around import class_chosen
from .donations_forms import HelpForm
from .page import apply_refusal, page, say

KEEP = actions.KEEP


@page(can=KEEP)
def mutual_help(request: Any) -> HttpResponse:
    """The roster of one class: kind by kind, who offers it; and a line to add one (POST)."""
    classes, chosen = class_chosen(request, KEEP)
    children = _children(request, chosen)
    form = HelpForm(request.POST or None, [(one.pk, one.name) for one in children])
    if request.method == "POST" and chosen and form.is_valid():
        try:
            _offer(request, chosen, children, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect(f"{reverse('mutual-help')}?class={chosen.pk}")
    context = {"classes": classes, "chosen": chosen, "form": form, "kinds": _by_kind(request, chosen)}
    return render(request, "donations/mutual_help.html", context, status=422 if form.errors else 200)


def _children(request: Any, chosen: SchoolClass | None) -> list[Student]:
    members = ClassMembership.objects.on(clock.today()).filter(school_class=chosen)
    seen = Student.objects.visible_to(request.actor).enrolled().filter(pk__in=members.values("student"))
    return list(seen.order_by("pinyin", "code"))


def _by_kind(request: Any, chosen: SchoolClass | None) -> list[tuple[str, list[HelpOffer]]]:
    found = HelpOffer.objects.visible_to(request.actor).filter(school_class=chosen, ends_on=None)
    rows = list(found.select_related("student").order_by("student__pinyin", "pk"))
    kinds = [(str(kind.label), [one for one in rows if one.kind == kind]) for kind in HelpOffer.Kind]
    return [both for both in kinds if both[1]]


def _offer(request: Any, chosen: SchoolClass, children: list[Student], form: HelpForm) -> None:
    said = form.cleaned_data
    student = next(one for one in children if str(one.pk) == said["student"])
    offer = actions.offer_help(request.actor, school_class=chosen, student=student, kind=said["kind"])
    say(request, _("It stands on the list."), undo=reverse("mutual-help-end", args=[offer.pk]))


@require_POST
@page(can=KEEP)
def end(request: Any, help_id: int) -> HttpResponse:
    offer = get_object_or_404(
        HelpOffer.objects.visible_to(request.actor).filter(school=request.school), pk=help_id
    )
    actions.end_help(request.actor, offer=offer)
    say(request, _("Taken off the list; nobody asks why."))
    return redirect(f"{reverse('mutual-help')}?class={offer.school_class_id}")


urlpatterns = [
    path("mutual-help/", mutual_help, name="mutual-help"),
    path("mutual-help/<int:help_id>/end/", end, name="mutual-help-end"),
]
