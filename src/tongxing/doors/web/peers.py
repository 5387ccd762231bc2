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

from tongxing.care.peers import actions, shared
from tongxing.care.peers.holding import CAN, LONGEST
from tongxing.care.peers.models import SharedGoal, SharedThanks, Together
from tongxing.care.peers.queries import pairs_of, partners_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .around import class_chosen, form_id
from .page import apply_refusal, page, say

TALKS = actions.PARTNER.question("discussed").quick


class BeginForm(forms.Form):
    student_yes = forms.BooleanField(required=False)
    partner_yes = forms.BooleanField(required=False)
    goal = forms.CharField(
        label=gettext_lazy("What the two want to reach together"),
        max_length=LONGEST,
        help_text=gettext_lazy("In their own words, for example: correct three exercises every day."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: Any, together: Together) -> None:
        super().__init__(data)
        for name, child in (("student_yes", together.student), ("partner_yes", together.partner)):
            self.fields[name].label = _("%(name)s was asked and says yes") % {"name": child.name}


class GoalForm(forms.Form):
    """Another goal of the two, in the place of the one so far."""

    goal = BeginForm.declared_fields["goal"]


class ThanksForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Words of thanks for both"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "Both children and their families find it at their own door, where they have one."
        ),
        widget=forms.Textarea({"rows": 2}),
    )


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it ends"), choices=Together.Ended.choices, widget=forms.RadioSelect
    )
    thanks = forms.CharField(
        label=gettext_lazy("Words of thanks for both"),
        max_length=LONGEST,
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
    empty = {
        "begin": BeginForm(None, found),
        "end": EndForm(None),
        "next_goal": GoalForm(None, auto_id="next-%s"),
        "say_thanks": ThanksForm(None, auto_id="thanks-%s", initial={"client_id": uuid4()}),
    }
    context |= empty | {"new_id": uuid4} | forms_
    wrong = any(context[name].errors for name in empty)
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


@page(can=CAN, gives_back=True)
@require_POST
def next_goal(request: Any, together_id: int) -> HttpResponse:
    """Another goal of the two; the one so far stays in the history."""
    found = together_of(request, together_id)
    form = GoalForm(request.POST, auto_id="next-%s")
    if form.is_valid():
        try:
            shared.next_goal(request.actor, together=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The new goal of the two stands."))
            return redirect("together", found.pk)
    return _show(request, found, next_goal=form)


@page(can=CAN)
@require_POST
def goal_reached(request: Any, shared_goal_id: int) -> HttpResponse:
    """The two have done it; with `not` the way back."""
    mine = SharedGoal.objects.visible_to(request.actor).filter(school=request.school)
    goal = get_object_or_404(mine.select_related("together"), pk=shared_goal_id)
    if "not" in request.POST:
        shared.not_reached(request.actor, goal=goal)
        say(request, _("It stands there again."))
    else:
        shared.reach_goal(request.actor, goal=goal)
        back = f"{reverse('shared-goal-reached', args=[goal.pk])}?not=1"
        say(request, _("The two have done it. Time for a few words of thanks?"), undo=back)
    return redirect("together", goal.together_id)


@page(can=CAN, gives_back=True)
@require_POST
def thank(request: Any, together_id: int) -> HttpResponse:
    found = together_of(request, together_id)
    form = ThanksForm(request.POST, auto_id="thanks-%s")
    if form.is_valid():
        try:
            said = shared.say_thanks(request.actor, together=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            back = f"{reverse('thanks-card', args=[said.pk])}?back=1"
            say(request, _("It stands at their doors. Print the card, or read it out."), undo=back)
            return redirect("together", found.pk)
    return _show(request, found, say_thanks=form)


@page(can="contact.write")
def thanks_card(request: Any, shared_thanks_id: int) -> HttpResponse:
    """A card for each of the two, to print; with `back` the words are taken back."""
    mine = SharedThanks.objects.visible_to(request.actor).standing().filter(school=request.school)
    said = get_object_or_404(mine, pk=shared_thanks_id)
    pair = together_of(request, said.together_id)
    if request.method == "POST" and "back" in request.POST:
        shared.take_back(request.actor, thanks=said)
        say(request, _("Taken back."))
        return redirect("together", pair.pk)
    found = shared.shared_of([pair])[pair.pk]
    words = next(one.words for one in found.thanks if one.row.pk == said.pk)
    context = {"together": pair, "words": words, "said": said}
    return render(request, "around/thanks_card.html", context)


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
    path("around/together/<int:together_id>/goal/", next_goal, name="together-goal"),
    path("around/together/goals/<int:shared_goal_id>/reached/", goal_reached, name="shared-goal-reached"),
    path("around/together/<int:together_id>/thanks/", thank, name="together-thanks"),
    path("around/together/thanks/<int:shared_thanks_id>/card/", thanks_card, name="thanks-card"),
    path("around/together/<int:together_id>/talk/", talk, name="together-talk"),
    path("around/together/<int:together_id>/end/", end, name="together-end"),
]
