"""At the family's door: what was paid for the own child, and whether it has come."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.subsidies.actions.pay import confirm
from tongxing.aid.subsidies.models import PayLine
from tongxing.aid.subsidies.models_projects import CONFIRM
from tongxing.aid.subsidies.queries.rounds import paid_out

from .door_frame import child, for_which_child, render_door
from .page import page, say


@page(can=CONFIRM)
def family(request: Any) -> HttpResponse:
    return for_which_child(request, "family-aid-child")


@page(can=CONFIRM)
def family_child(request: Any, student_id: int) -> HttpResponse:
    student = child(request, student_id)
    return render_door(
        request, "subsidies/door.html", {"student": student, "lines": paid_out(request.actor, student)}
    )


@require_POST
@page(can=CONFIRM)
def answer(request: Any, subsidy_line_id: int) -> HttpResponse:
    """Received, or not (`not`)."""
    line = get_object_or_404(PayLine.objects.of_family(request.actor), pk=subsidy_line_id)
    child(request, line.student_id)
    received = "not" not in request.POST
    confirm(request.actor, line=line, received=received)
    say(
        request,
        _("Thank you. The school sees it.") if received else _("The school looks where it is and tells you."),
    )
    return redirect("family-aid-child", line.student_id)


urlpatterns = [
    path("family/aid/", family, name="family-aid"),
    path("family/<int:student_id>/aid/", family_child, name="family-aid-child"),
    path("family/aid/<int:subsidy_line_id>/", answer, name="family-aid-answer"),
]
