"""The school's notices: what stands today, who is on one, what was said against it, the sheet to hang up."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.ground.publicity import actions, queries
from tongxing.ground.publicity.models import LONGEST_SAID, PUBLISH, VIEW, Notice, Objection
from tongxing.paper.documents import notices as documents

from .contact_forms import DayInput
from .documents import attachment
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say


class ObjectionForm(SentOnce):
    student = forms.ModelChoiceField(
        label=gettext_lazy("About whom"), queryset=Student.objects.none(), required=False,
        empty_label=gettext_lazy("the notice as a whole"),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What was said"), max_length=LONGEST_SAID, widget=forms.Textarea({"rows": 3})
    )
    by = forms.CharField(
        label=gettext_lazy("Who said it"), max_length=60, required=False,
        help_text=gettext_lazy("People may stay unnamed."),
    )  # fmt: skip
    said_on = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())

    def __init__(self, data: Any, notice: Notice) -> None:
        super().__init__(data, initial={"said_on": clock.today()})
        on_it = Student.objects.filter(pk__in=notice.lines.values("student")).select_related("key")
        self.fields["student"].queryset = on_it  # type: ignore[attr-defined]  # a model field


@page(can=VIEW)
def notices(request: Any) -> HttpResponse:
    """What stands today; for whoever publishes also what stood."""
    publishes = request.actor.may(PUBLISH, school_id=request.school.pk)
    standing = list(queries.board(request.actor, request.school))
    others = queries.notices(request.actor, request.school).exclude(pk__in=[one.pk for one in standing])
    context = {"standing": standing, "others": others[:30] if publishes else [], "today": clock.today()}
    return render(request, "notices/notices.html", context)


def _notice(request: Any, notice_id: int) -> Notice:
    mine = queries.notices(request.actor, request.school).select_related(
        "school", "key", "published_by", "taken_down_by"
    )
    return get_object_or_404(mine, pk=notice_id)


@page(can=VIEW)
def notice(request: Any, notice_id: int) -> HttpResponse:
    return _shown(request, _notice(request, notice_id))


def _shown(request: Any, found: Notice, form: ObjectionForm | None = None) -> HttpResponse:
    publishes = request.actor.may(PUBLISH, school_id=found.school_id)
    said = Objection.objects.visible_to(request.actor).filter(notice=found)
    context = {
        "notice": found,
        "named": queries.named(found),
        "level_word": documents.level_word(found),
        "stands": found.stands_on(clock.today()),
        "over": found.is_over(clock.today()),
        "publishes": publishes,
        "objections": said.select_related("student__key", "notice__key", "noted_by", "answered_by"),
        "outcomes": Objection.Outcome.choices,
        "form": (form or ObjectionForm(None, found)) if publishes else None,
    }
    answer = render(request, "notices/notice.html", context, status=422 if form else 200)
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer


@require_POST
@page(can=PUBLISH)
def down(request: Any, notice_id: int) -> HttpResponse:
    """Before its day, with the reason; with `back` the way back."""
    found = _notice(request, notice_id)
    if "back" in request.POST:
        actions.put_back(request.actor, notice=found)
        say(request, _("It stands there again."))
    else:
        actions.take_down(request.actor, notice=found, reason=request.POST.get("reason", ""))
        say(request, _("Taken down."), undo=f"{reverse('notice-down', args=[found.pk])}?back=1")
    return redirect("notice", found.pk)


@require_POST
@page(can=PUBLISH, gives_back=True)
def object_to(request: Any, notice_id: int) -> HttpResponse:
    """Note what somebody said against it."""
    found = _notice(request, notice_id)
    form = ObjectionForm(request.POST, found)
    if form.is_valid():
        try:
            actions.object_to(request.actor, notice=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. What it is about is kept back until it is answered."))
            return redirect("notice", found.pk)
    return _shown(request, found, form)


@require_POST
@page(can=PUBLISH, gives_back=True)
def answer(request: Any, objection_id: int) -> HttpResponse:
    mine = Objection.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("notice"), pk=objection_id)
    text, outcome = (request.POST.get(name, "") for name in ("text", "outcome"))
    actions.answer(request.actor, objection=found, text=text, outcome=outcome)
    say(request, _("Answered."))
    return redirect("notice", found.notice_id)


@require_POST
@page(can=PUBLISH)
def sheet(request: Any, notice_id: int) -> HttpResponse:
    """To hang up inside the school: PDF or Word."""
    found = _notice(request, notice_id)
    kind = request.POST.get("kind", "pdf")
    return attachment(documents.notice_sheet(request.actor, notice=found, kind=kind), found.title, kind)


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/<int:notice_id>/", notice, name="notice"),
    path("notices/<int:notice_id>/down/", down, name="notice-down"),
    path("notices/<int:notice_id>/objections/", object_to, name="notice-object"),
    path("notices/<int:notice_id>/sheet/", sheet, name="notice-sheet"),
    path("objections/<int:objection_id>/answer/", answer, name="objection-answer"),
]
