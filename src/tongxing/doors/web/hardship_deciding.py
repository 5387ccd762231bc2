"""From a decision to what holds: the notice, filing, changes within the year, and what was decided about one child."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.aid.hardship import queries
from tongxing.aid.hardship.actions import deciding as actions
from tongxing.aid.hardship.models import Recognition, Round
from tongxing.aid.hardship.models_rounds import DECIDE, MANAGE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .fields import offer
from .hardship_frame import level_choices, level_of, round_of
from .notice_form import NoticeForm
from .page import apply_refusal, page, say


class AdjustForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("From now on"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=actions.LONGEST_REASON, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any, recognition: Recognition) -> None:
        super().__init__(data)
        choices = level_choices(recognition.school, gettext_lazy("no longer needed"))
        offer(self, "level", [one for one in choices if one[0] != str(recognition.level_id)])


@page(can=MANAGE)
def publish(request: Any) -> HttpResponse:
    """One notice for everybody who was recognised and stands on none yet."""
    found = round_of(request)
    waiting = queries.to_publish(request.actor, found)
    form = NoticeForm(request.POST or None, initial=_first(found))
    if request.method == "POST" and form.is_valid():
        try:
            sent: UUID = form.cleaned_data["client_id"]
            notice = actions.make_public(request.actor, round=found, said=form.said(), client_id=sent)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Published. It is gone by itself after its last day."))
            return redirect("notice", notice.pk)
    context = {"form": form, "waiting": waiting, "round": found}
    return render(request, "hardship/publish.html", context, status=422 if form.errors else 200)


def _first(found: Round) -> dict[str, Any]:
    words = _(
        "After applications and reviews by class and school, the recognition of %(year)s is made known inside the school. Whoever sees it differently tells the student affairs office while this notice stands; every word is looked into and answered."
    )
    return {
        "title": _("Recognition %(year)s: for your information") % {"year": found.year.name},
        "words": words % {"year": found.year.name},
        "first_day": clock.today(),
        "on_board": True,
    }


@require_POST
@page(can=MANAGE)
def file_round(request: Any) -> HttpResponse:
    """Whose notice is over, holds from today."""
    done = actions.file_round(request.actor, round=round_of(request))
    if not done.filed:
        raise Refused(
            _("Nothing can be filed yet: a notice still stands, or an objection waits for its answer.")
        )
    words = ngettext("%(n)s recognition is filed.", "%(n)s recognitions are filed.", done.filed)
    say(request, words % {"n": done.filed})
    return redirect("hardship")


@page(can=MANAGE)
def recognised(request: Any) -> HttpResponse:
    """What holds today, by class and name; and what is decided and on its way."""
    found = queries.current_round(request.actor, request.school)
    context = {
        "rows": queries.recognised(request.actor, request.school),
        "waiting": queries.waiting(request.actor, found) if found else [],
        "round": found,
        "may_decide": request.actor.may(DECIDE, school_id=request.school.pk),
    }
    return render(request, "hardship/recognised.html", context)


def _recognition(request: Any, recognition_id: int) -> Recognition:
    found = Recognition.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(
        found.select_related("student__key", "level", "school", "round"), pk=recognition_id
    )


@page(can=DECIDE)
def adjust(request: Any, recognition_id: int) -> HttpResponse:
    """More, less, or no longer: within the year, with its reason."""
    found = _recognition(request, recognition_id)
    form = AdjustForm(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            level = level_of(request.school, said["level"])
            actions.adjust(
                request.actor, recognition=found, round=round_of(request), level=level, reason=said["reason"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Decided. It holds once it was public for its days.")
                if level
                else _("Ended. The history stays."),
            )
            return redirect("hardship-recognised")
    context = {"form": form, "recognition": found, "student": found.student}
    context["round"] = queries.current_round(request.actor, request.school)
    return render(request, "hardship/adjust.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=DECIDE)
def drop(request: Any, recognition_id: int) -> HttpResponse:
    """An objection was right, or it was a slip: decided anew."""
    found = _recognition(request, recognition_id)
    actions.drop(request.actor, recognition=found, reason=request.POST.get("reason", ""))
    say(request, _("Taken back. It is decided anew."))
    if found.application_id:
        return redirect("hardship-application", found.application_id)
    return redirect("hardship-recognised")


@page(can=MANAGE)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """Everything decided about one child, the newest first."""
    mine = Student.objects.visible_to(request.actor, "hardship").filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()), pk=student_id)
    found = queries.current_round(request.actor, request.school)
    context = {"student": student, "history": queries.history(request.actor, student), "round": found}
    return render(request, "hardship/student.html", context)


urlpatterns = [
    path("hardship/publish/", publish, name="hardship-publish"),
    path("hardship/file/", file_round, name="hardship-file"),
    path("hardship/recognised/", recognised, name="hardship-recognised"),
    path("hardship/recognised/<int:recognition_id>/", adjust, name="hardship-adjust"),
    path("hardship/recognised/<int:recognition_id>/drop/", drop, name="hardship-drop"),
    path("students/<int:student_id>/hardship/", of_student, name="student-hardship"),
]
