"""A class teacher goes through the own class in one sitting; whoever decides for the school may do it for them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tongxing.care.screening import actions, queries
from tongxing.care.screening.classlist import class_sheet, classes_of
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.doors.web.safety import after_writing
from tongxing.doors.web.screening_forms import ClassForm
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused


@page(can="screening.nominate")
@require_safe
def classes(request: Any) -> HttpResponse:
    """The own classes; a single one opens by itself."""
    mine = classes_of(request.actor, request.school.pk)
    if len(mine) == 1:
        return redirect("screening-class", mine[0].pk)
    return render(request, "screening/classes.html", {"classes": mine})


@page(can="screening.nominate")
def one_class(request: Any, class_id: int) -> HttpResponse:
    """Everyone in the class, who waits first; one form for all of them."""
    mine = {one.pk: one for one in classes_of(request.actor, request.school.pk)}
    if class_id not in mine:
        raise Http404
    round = queries.current_round(request.actor, request.term)
    if round is None:
        return render(request, "screening/class_waits.html", {"school_class": mine[class_id]})
    sheet = class_sheet(request.actor, round, mine[class_id])
    form = ClassForm(request.POST or None, sheet=sheet, is_open=round.state == "open")
    begun = clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            gone = actions.go_through(
                request.actor, round=round, school_class=mine[class_id], answers=form.answers
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _what_came_of_it(mine[class_id].name, gone))
            return after_writing(request, begun) or redirect("screening-class", class_id)
    shown = {"round": round, "sheet": sheet, "form": form}
    return render(request, "screening/class.html", shown, status=422 if form.errors else 200)


def _what_came_of_it(name: str, gone: actions.Gone) -> str:
    if not gone.waiting:
        return _("%(class)s is through: every child has been seen. Thank you.") % {"class": name}
    return ngettext(
        "Saved. %(n)s student in the class still waits for a word.",
        "Saved. %(n)s students in the class still wait for a word.",
        gone.waiting,
    ) % {"n": gone.waiting}


urlpatterns = [
    path("screening/classes/", classes, name="screening-classes"),
    path("screening/classes/<int:class_id>/", one_class, name="screening-class"),
]
