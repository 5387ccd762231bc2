"""A student's door: the posts of work-study, asking for one, and what was answered."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.workstudy.actions import selection as actions
from tongxing.aid.workstudy.models import Application, Post
from tongxing.aid.workstudy.models_posts import ASK, WORDS
from tongxing.aid.workstudy.queries.people import asked_by, offered_to
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel.errors import Refused

from .door_frame import WordsForm, myself, render_door
from .fields import offer_rows
from .page import apply_refusal, page, say


class AskForm(WordsForm):
    post = forms.ModelChoiceField(
        Post.objects.none(), label=gettext_lazy("Which post"), widget=forms.RadioSelect, empty_label=None
    )
    text = forms.CharField(
        label=gettext_lazy("Why this post, in your own words"),
        max_length=WORDS,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("May stay empty. Nobody asks here how things are at home."),
    )


@page(can=ASK, gives_back=True)
def mine(request: Any) -> HttpResponse:
    """What there is, asking for one (POST), and what I asked for."""
    student = myself(request)
    offered, asked = offered_to(request.actor, student), asked_by(request.actor, student)
    form = AskForm(request.POST or None)
    offer_rows(form, "post", offered)
    if request.method == "POST" and form.is_valid():
        try:
            _ask(request, form, student)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("my-work")
    context = {"student": student, "offered": offered, "asked": asked, "form": form}
    return render_door(request, "door/work.html", context, status=422 if form.errors else 200)


def _ask(request: Any, form: AskForm, student: Any) -> None:
    if request.term is None:
        raise Refused(_("The school year has not begun yet. Please ask again when it has."))
    said = form.cleaned_data
    asked = actions.apply(
        request.actor, post=said["post"], student=student, year=request.term.year, words=said["text"],
        client_id=said["client_id"],
    )  # fmt: skip
    look_for_danger(request.actor, student=student, text=said["text"])
    say(request, _("Asked. You read the answer here."), undo=reverse("my-work-back", args=[asked.pk]))


@require_POST
@page(can=ASK)
def back(request: Any, asked_id: int) -> HttpResponse:
    mine = Application.objects.of_student(request.actor).waiting().select_related("student")
    actions.withdraw(request.actor, application=get_object_or_404(mine, pk=asked_id))
    say(request, _("Taken back. You can ask again."))
    return redirect("my-work")


urlpatterns = [
    path("mine/work/", mine, name="my-work"),
    path("mine/work/<int:asked_id>/back/", back, name="my-work-back"),
]
