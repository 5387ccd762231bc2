"""One application: what it says, what class and school say to it, the decision; and the form to print."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.hardship import queries
from tongxing.aid.hardship.actions import applications as actions
from tongxing.aid.hardship.actions import deciding
from tongxing.aid.hardship.actions.rounds import stand_back as stand_back_action
from tongxing.aid.hardship.models import Application, Review
from tongxing.aid.hardship.models_rounds import DECIDE, REVIEW
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff
from tongxing.paper.documents import hardship as documents

from .documents import attachment
from .fields import offer
from .hardship_frame import application_of, level_choices, level_of, round_of
from .page import apply_refusal, page, say

State = Application.State
NO_LEVEL = gettext_lazy("no recognition at the moment")


class OpinionForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("What speaks for this child"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=actions.LONGEST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Facts from the form and from what you know, in one or two sentences."),
    )

    def __init__(self, data: Any, application: Application, suggested: str = "") -> None:
        super().__init__(data, auto_id="opinion-%s", initial={"level": suggested})
        offer(self, "level", level_choices(application.school, NO_LEVEL))


class StandBackForm(forms.Form):
    staff = forms.ModelChoiceField(label=gettext_lazy("Who stands back"), queryset=Staff.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=60, help_text=gettext_lazy("For example: a relative.")
    )

    def __init__(self, data: Any, staff: Any) -> None:
        super().__init__(data, auto_id="back-%s")
        self.fields["staff"].queryset = staff  # type: ignore[attr-defined]  # a model field
        self.initial["staff"] = next(iter(staff), None)


@page(can=REVIEW)
def applications(request: Any) -> HttpResponse:
    """Everything on the way to a decision, by class and name."""
    found = round_of(request)
    context = {"rows": queries.in_review(request.actor, found), "round": found}
    return render(request, "hardship/applications.html", context)


@page(can=REVIEW)
def application(request: Any, application_id: int) -> HttpResponse:
    return _shown(request, application_of(request, application_id))


def _shown(request: Any, found: Application, form: OpinionForm | None = None) -> HttpResponse:
    opened = queries.opened(found)
    step = {State.HANDED_IN: "class", State.CLASS_SEEN: "school", State.SCHOOL_SEEN: "decide"}.get(
        State(found.state), ""
    )
    suggested = str(opened.suggested.pk) if opened.suggested else ""
    may = _may(request, found, step)
    out = actions.stays_out(found.round, found.student)
    context = {
        "application": found,
        "opened": opened,
        "step": step,
        "form": (form or OpinionForm(None, found, suggested)) if may else None,
        "panel": actions.panel(found, step, out) if step in actions.STEPS else [],
        "back_form": StandBackForm(None, _may_stand_back(request)),
        "out": Staff.objects.filter(pk__in=out),
        "recognition": found.recognitions.filter(dropped_at=None)
        .select_related("level", "student__key")
        .first(),
    }
    return render(request, "hardship/application.html", context, status=422 if form else 200)


def _may(request: Any, found: Application, step: str) -> bool:
    ids = {"school_id": found.school_id}
    may = {
        "class": request.actor.may(REVIEW, **ids, student_id=found.student_id),
        "school": request.actor.may_all(REVIEW, **ids),
        "decide": request.actor.may(DECIDE, **ids),
    }
    return may.get(step, False) and found.round.closed_at is None


def _may_stand_back(request: Any) -> Any:
    """Oneself; whoever runs the round names others too."""
    staff = Staff.objects.visible_to(request.actor).filter(school=request.school)
    if request.actor.may_all(REVIEW, school_id=request.school.pk):
        return staff.order_by("pinyin", "pk")
    return staff.filter(user=request.actor.user_id)


@require_POST
@page(can=REVIEW, gives_back=True)
def review(request: Any, application_id: int) -> HttpResponse:
    found = application_of(request, application_id)
    form = OpinionForm(request.POST, found)
    if form.is_valid():
        try:
            made = _review(request, found, form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Written down."), undo=reverse("hardship-review-back", args=[made.pk]))
            return redirect("hardship-application", found.pk)
    return _shown(request, found, form)


def _review(request: Any, found: Application, said: dict[str, Any]) -> Review:
    step = Review.Step.CLASS if found.state == State.HANDED_IN else Review.Step.SCHOOL
    level = level_of(request.school, said["level"])
    return actions.review(request.actor, application=found, step=step, level=level, words=said["words"])


@require_POST
@page(can=REVIEW)
def review_back(request: Any, review_id: int) -> HttpResponse:
    mine = Review.objects.filter(
        application__in=Application.objects.visible_to(request.actor), school=request.school
    )
    found = get_object_or_404(mine.select_related("application"), pk=review_id)
    actions.take_back_review(request.actor, review=found)
    say(request, _("Taken back."))
    return redirect("hardship-application", found.application_id)


@require_POST
@page(can=DECIDE, gives_back=True)
def decide(request: Any, application_id: int) -> HttpResponse:
    found = application_of(request, application_id)
    form = OpinionForm(request.POST, found)
    if form.is_valid():
        said = form.cleaned_data
        try:
            level = level_of(request.school, said["level"])
            made = deciding.decide(request.actor, application=found, level=level, reason=said["words"])
        except Refused as refusal:
            apply_refusal(
                form, Refused(refusal.message, field="words" if refusal.field == "reason" else refusal.field)
            )
        else:
            say(
                request,
                _("Decided. It holds once it was public for its days.") if made.level else _("Decided."),
            )
            return redirect("hardship-application", found.pk)
    return _shown(request, found, form)


@require_POST
@page(can=REVIEW)
def stand_back(request: Any, application_id: int) -> HttpResponse:
    found = application_of(request, application_id)
    form = StandBackForm(request.POST, _may_stand_back(request))
    if not form.is_valid():
        raise Refused(_("Please write in a few words why, such as: a relative."))
    stand_back_action(request.actor, round=found.round, student=found.student, **form.cleaned_data)
    say(request, _("Noted. Others review and decide here."))
    return redirect("hardship-application", found.pk)


@require_POST
@page(can=REVIEW)
def form_file(request: Any, application_id: int) -> HttpResponse:
    """The statutory form, filled in: PDF to sign, Word to go on writing in."""
    found = application_of(request, application_id)
    kind = request.POST.get("kind", "pdf")
    file = documents.application_form(request.actor, application=found, kind=kind)
    return attachment(file, " ".join((found.student.code, _("Application"))), kind)


urlpatterns = [
    path("hardship/applications/", applications, name="hardship-applications"),
    path("hardship/applications/<int:application_id>/", application, name="hardship-application"),
    path("hardship/applications/<int:application_id>/review/", review, name="hardship-review"),
    path("hardship/applications/<int:application_id>/decide/", decide, name="hardship-decide"),
    path("hardship/applications/<int:application_id>/stand-back/", stand_back, name="hardship-stand-back"),
    path("hardship/applications/<int:application_id>/form/", form_file, name="hardship-form"),
    path("hardship/reviews/<int:review_id>/back/", review_back, name="hardship-review-back"),
]
