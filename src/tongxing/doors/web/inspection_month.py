"""Beside a month's figures: what was recorded later, and the files that show what was done about a finding."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.inspection import month
from tongxing.oversight.inspection import proofs as actions
from tongxing.oversight.inspection.models import MANAGE, Finding, Inspection, Proof
from tongxing.paper.documents.inspection import month_name

from .enclosures import FileForm
from .files import handed_out
from .page import apply_refusal, page, say


@page(can=MANAGE)
def later(request: Any, inspection_id: int) -> HttpResponse:
    """The records about this month that were written down after its figures were frozen."""
    mine = Inspection.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("school"), pk=inspection_id)
    context = {"inspection": found, "name": month_name(found.month)}
    return render(
        request, "inspection/later.html", context | {"later": month.recorded_later(request.actor, found)}
    )


@page(signed_in=True)
def add_file(request: Any, finding_id: int) -> HttpResponse:
    mine = Finding.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("person", "inspection"), pk=finding_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["file"].read(LARGEST_PICTURE + 1)
        try:
            actions.add(request.actor, finding=found, label=form.cleaned_data["label"], content=content)
        except Refused as refusal:
            apply_refusal(form, Refused(refusal.message, field="file"))
        else:
            say(request, _("The file stands with it."))
            return redirect("finding", found.pk)
    return render(
        request, "inspection/file.html", {"form": form, "finding": found}, status=422 if form.errors else 200
    )


def _proof(request: Any, proof_id: int) -> Proof:
    mine = Proof.objects.visible_to(request.actor).filter(school=request.school).standing()
    return get_object_or_404(mine.select_related("finding"), pk=proof_id)


@page(signed_in=True)
def proof(request: Any, proof_id: int) -> HttpResponse:
    found = _proof(request, proof_id)
    try:
        content, media_type = actions.open_file(request.actor, proof=found)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, media_type, str(found.pk))


@require_POST
@page(signed_in=True)
def take_away(request: Any, proof_id: int) -> HttpResponse:
    found = _proof(request, proof_id)
    actions.take_away(request.actor, proof=found)
    say(request, _("The file is gone for good."))
    return redirect("finding", found.finding_id)


urlpatterns = [
    path("inspection/<int:inspection_id>/later/", later, name="inspection-later"),
    path("inspection/findings/<int:finding_id>/files/", add_file, name="finding-file"),
    path("inspection/proofs/<int:proof_id>/", proof, name="proof"),
    path("inspection/proofs/<int:proof_id>/away/", take_away, name="proof-away"),
]
