"""Study partners of a class: whom one could put together, who learns together, a talk noted with one tap."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.peers import actions
from tongxing.care.peers.models import Together
from tongxing.care.peers.queries import pairs_of, partners_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .around import class_chosen, form_id
from .page import apply_refusal, page, say

CAN = actions.CAN
TALKS = actions.PARTNER.question("discussed").quick


class BeginForm(forms.Form):
    student_yes = forms.BooleanField(required=False)
    partner_yes = forms.BooleanField(required=False)
    goal = forms.CharField(
        label=gettext_lazy("What the two want to reach together"),
        max_length=actions.LONGEST,
        help_text=gettext_lazy("In their own words, for example: correct three exercises every day."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: Any, together: Together) -> None:
        super().__init__(data)
        for name, child in (("student_yes", together.student), ("partner_yes", together.partner)):
            self.fields[name].label = _("%(name)s was asked and says yes") % {"name": child.name}


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it ends"), choices=Together.Ended.choices, widget=forms.RadioSelect
    )
    thanks = forms.CharField(
        label=gettext_lazy("Words of thanks for both"),
        max_length=actions.LONGEST,
        required=False,
        help_text=gettext_lazy("Read it out to the two: thanks go both ways."),
        widget=forms.Textarea({"rows": 2}),
    )


@page(can=CAN)
def partners(request: Any) -> HttpResponse:
    classes, chosen = class_chosen(request, CAN)
    found = partners_of(request.actor, chosen, request.term, clock.today()) if chosen else None
    context = {"classes": classes, "chosen": chosen, "found": found, "new_id": uuid4, "talks": TALKS}
    return render(request, "around/partners.html", context)


def child(request: Any, pk: str) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    return get_object_or_404(mine.select_related("key", "school"), pk=int(pk) if pk.isdecimal() else 0)


@page(can=CAN)
@require_POST
def accept(request: Any) -> HttpResponse:
    """These two, proposed or chosen by hand: next come the yes of both and of their families."""
    two = {name: child(request, request.POST.get(name, "")) for name in ("student", "partner")}
    made = actions.accept(request.actor, client_id=form_id(request), **two)
    return redirect("together", made.pk)


def together_of(request: Any, together_id: int) -> Together:
    mine = Together.objects.visible_to(request.actor).filter(school=request.school).with_both()
    return get_object_or_404(mine, pk=together_id)


@page(can="contact.write")
def together(request: Any, together_id: int) -> HttpResponse:
    found = together_of(request, together_id)
    return _show(request, found)


def _show(request: Any, found: Together, **forms_: Any) -> HttpResponse:
    may_pair = all(request.actor.may(CAN, school_id=one.school_id, student_id=one.pk) for one in found.both)
    may_note = request.actor.may("contact.write", school_id=found.school_id, student_id=found.student_id)
    context = {"pair": pairs_of([found])[0], "may_pair": may_pair, "may_note": may_note, "talks": TALKS}
    context |= {"begin": BeginForm(None, found), "end": EndForm(None), "new_id": uuid4} | forms_
    wrong = context["begin"].errors or context["end"].errors
    return render(request, "around/together.html", context, status=422 if wrong else 200)


@page(can=CAN, gives_back=True)
@require_POST
def begin(request: Any, together_id: int) -> HttpResponse:
    found = together_of(request, together_id)
    form = BeginForm(request.POST, found)
    if form.is_valid():
        yes = actions.Yes(form.cleaned_data["student_yes"], form.cleaned_data["partner_yes"])
        try:
            actions.begin(request.actor, together=found, yes=yes, goal=form.cleaned_data["goal"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("From today the two learn together."))
            return redirect("together", found.pk)
    return _show(request, found, begin=form)


@page(can="contact.write")
@require_POST
def talk(request: Any, together_id: int) -> HttpResponse:
    """One tap: the two have talked about something."""
    found = together_of(request, together_id)
    chosen = request.POST.get("what", "")
    what = str(TALKS[int(chosen)]) if chosen.isdecimal() and int(chosen) < len(TALKS) else ""
    contact = actions.discussed(request.actor, together=found, what=what, client_id=form_id(request))
    said = _("Noted for %(name)s.") % {"name": found.student.name}
    say(request, said, undo=reverse("record-undo", args=[contact.pk]))
    return redirect("together", found.pk)


@page(can=CAN, gives_back=True)
@require_POST
def end(request: Any, together_id: int) -> HttpResponse:
    found = together_of(request, together_id)
    form = EndForm(request.POST)
    if form.is_valid():
        actions.end(request.actor, together=found, **form.cleaned_data)
        say(request, _("Ended today. Thank you to both."))
        return redirect("together", found.pk)
    return _show(request, found, end=form)


urlpatterns = [
    path("around/partners/", partners, name="partners"),
    path("around/partners/accept/", accept, name="partner-accept"),
    path("around/together/<int:together_id>/", together, name="together"),
    path("around/together/<int:together_id>/begin/", begin, name="together-begin"),
    path("around/together/<int:together_id>/talk/", talk, name="together-talk"),
    path("around/together/<int:together_id>/end/", end, name="together-end"),
]
