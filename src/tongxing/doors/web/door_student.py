"""A student's own pages, at home or in the computer room: own goals, what went well, ways to help, the own word.

Nothing here labels: no register, no category, no helper's text but what went well. Nothing is kept on the device.
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.workstudy.queries.posts import is_offered
from tongxing.care.activities.photos import take_down_without_consent
from tongxing.care.family import consent_words, goals
from tongxing.care.family.models import CHILD, OwnGoal
from tongxing.care.family.rules import LONGEST
from tongxing.care.peers import shared
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import consents as purposes

from .door_frame import STUDENT_WAYS, WordsForm, myself, render_door, topics, ways
from .page import apply_refusal, page, say


class GoalForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("What I want to reach"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("In your own words. Your helper and your class teacher see it and can help."),
    )
    text = None  # type: ignore[assignment]  # asked as `words` here


@page(can=CHILD, gives_back=True)
def mine(request: Any) -> HttpResponse:
    """My goals and a new one (POST), what I achieved, where I can ask."""
    student = myself(request)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            goals.set_goal(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Your goal stands. Good luck!"))
            return redirect("mine")
    context = {
        "student": student,
        "form": form,
        "goals": goals.goals_of(request.actor, student),
        "shared": shared.at_the_door(student),
        "good": goals.good_of(request.actor, student),
        "ways": ways(request.actor, STUDENT_WAYS),
        "work": is_offered(student.school_id),
        "topics": topics(request.actor, student),
        "asked": [row for row in consent_words.standing_of(request.actor, student) if row.waits],
    }
    return render_door(request, "door/mine.html", context, status=422 if form.errors else 200)


@page(can=CHILD)
@require_POST
def end(request: Any, own_goal_id: int) -> HttpResponse:
    """Reached, or laid aside (`aside`); with `go_on` the way back."""
    goal = get_object_or_404(OwnGoal.objects.visible_to(request.actor), pk=own_goal_id)
    if "go_on" in request.POST:
        goals.go_on(request.actor, goal=goal)
        say(request, _("It stands there again."))
        return redirect("mine")
    aside = "aside" in request.POST
    goals.end_goal(request.actor, goal=goal, reached=not aside)
    back = f"{reverse('own-goal-end', args=[goal.pk])}?go_on=1"
    say(request, _("Laid aside.") if aside else _("You have done it. Well done!"), undo=back)
    return redirect("mine")


@page(can=CHILD)
def say_so(request: Any) -> HttpResponse:
    """My own word to what my family agreed to (POST): yes, no, or no longer."""
    student = myself(request)
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        if "stop" in request.POST:
            consent_words.stop(request.actor, student=student, purpose=purpose)
            take_down_without_consent()
        else:
            agreed = request.POST.get("word") == "yes"
            consent_words.say(request.actor, student=student, purpose=purpose, agreed=agreed)
        say(request, _("Your word is noted. You can change your mind at any time."))
        return redirect("mine-say")
    context = {
        "student": student,
        "rows": consent_words.standing_of(request.actor, student),
        "own_say": purposes.must_agree_too(student, clock.today()),
    }
    return render_door(request, "door/say.html", context)


urlpatterns = [
    path("mine/", mine, name="mine"),
    path("mine/goals/<int:own_goal_id>/", end, name="own-goal-end"),
    path("mine/say/", say_so, name="mine-say"),
]
