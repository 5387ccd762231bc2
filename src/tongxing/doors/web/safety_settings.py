"""Settings of the head: who answers for children's safety, and what writers read."""

from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.safety import naming, queries
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Responsibility, Staff

from .page import apply_refusal, page, say

Post = Responsibility.Post


class NamingForm(forms.Form):
    responder = forms.ModelChoiceField(
        label=gettext_lazy("Responder"), queryset=Staff.objects.none(), required=False
    )
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Deputy responder"), queryset=Staff.objects.none(), required=False
    )

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            cast(forms.ModelChoiceField, field).queryset = staff
            cast(forms.ModelChoiceField, field).empty_label = _("nobody yet: the head answers")


class WordsForm(forms.Form):
    duty = forms.CharField(
        label=gettext_lazy("What the law asks of us"), max_length=3000, widget=forms.Textarea({"rows": 8})
    )
    lines = forms.CharField(
        label=gettext_lazy("Help lines, one a line"), max_length=1000, widget=forms.Textarea({"rows": 5})
    )


@page(can="safety.name")
def named(request: Any) -> HttpResponse:
    """Who answers (POST: name them)."""
    staff = Staff.objects.filter(school=request.school).active(clock.today()).select_related("user")
    form = NamingForm(request.POST or None, staff=staff.order_by("pinyin", "name"), initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            naming.name_both(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Named. They find what waits for them under “Safety”."))
            return redirect("settings-safety")
    return _show(request, form)


def _initial(request: Any) -> dict[str, Any]:
    line = queries.line(request.school)
    return {
        name: users[0].staff.pk if users else None
        for name, users in (("responder", line.responders), ("deputy", line.deputies))
    }


def _show(request: Any, form: NamingForm, words_form: WordsForm | None = None) -> HttpResponse:
    words = queries.words_for(request.school)
    words_form = words_form or WordsForm(initial={"duty": words.duty, "lines": words.lines})
    context = {"form": form, "words_form": words_form, "line": queries.line(request.school)}
    wrong = form.errors or words_form.errors
    return render(request, "settings/safety.html", context, status=422 if wrong else 200)


@page(can="safety.name")
@require_POST
def words(request: Any) -> HttpResponse:
    form = WordsForm(request.POST)
    if form.is_valid():
        naming.set_words(request.actor, school=request.school, **form.cleaned_data)
        say(request, _("Saved."))
        return redirect("settings-safety")
    staff = Staff.objects.filter(school=request.school).active(clock.today()).order_by("pinyin", "name")
    return _show(request, NamingForm(staff=staff, initial=_initial(request)), form)


urlpatterns = [
    path("settings/safety/", named, name="settings-safety"),
    path("settings/safety/words/", words, name="settings-safety-words"),
]
