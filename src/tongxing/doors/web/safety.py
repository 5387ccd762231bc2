"""A child may be in danger: asking somebody to look after it, and the pages of those who answer."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.contacts.actions import open_for_safety
from tongxing.care.contacts.models import Contact
from tongxing.care.contacts.queries import answers_of
from tongxing.care.safety import actions, queries
from tongxing.care.safety.models import Category, RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, Staff, Student

from .fields import offer_rows
from .page import apply_refusal, page, say
from .requests_safety import unnamed

#: A child in danger is seen again by then.
SOON = datetime.timedelta(days=1)
#: How many that are done stay below the open ones.
DONE_SHOWN = 30
MEASURES = (
    gettext_lazy("stayed with the child"),
    gettext_lazy("talked with the child"),
    gettext_lazy("told the head"),
    gettext_lazy("told the guardian"),
    gettext_lazy("asked the counsellor"),
    gettext_lazy("reported to the police (110)"),
    gettext_lazy("reported to the education bureau"),
)
HARMLESS = (
    gettext_lazy("a manner of speaking"),
    gettext_lazy("from a book, a film or a game"),
    gettext_lazy("asked in person: no danger"),
)


class RaiseForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=gettext_lazy("What you saw or heard, in the words that were used"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    named = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Is it about a grown-up of the school? They will not see it."),
        queryset=Staff.objects.none(),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
    )

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_id": uuid4()}, **kwargs)
        offer_rows(self, "named", staff)


class AnyoneForm(RaiseForm):
    """A student whom one does not look after: named by class and name."""

    name = forms.CharField(label=gettext_lazy("Name of the student"), max_length=60)
    school_class = forms.CharField(
        label=gettext_lazy("Class, as it is written in your school"), max_length=30
    )
    field_order = ("client_id", "name", "school_class")


def _flag(request: Any, flag_id: int) -> RiskFlag:
    flags = RiskFlag.objects.visible_to(request.actor).filter(school=request.school)
    rows = flags.select_related("student__key", "school", "responder", "raised_by", "closed_by")
    return get_object_or_404(rows, pk=flag_id)


@page(can="safety.respond")
def flags(request: Any) -> HttpResponse:
    """What waits for somebody first; what was closed waits for a second look; what is done comes last."""
    mine = RiskFlag.objects.visible_to(request.actor).filter(school=request.school)
    rows = mine.select_related("student", "responder").order_by("-raised_at", "-pk")
    not_done = list(rows.not_done())
    groups = [
        (state.label, [flag for flag in not_done if flag.state == state])
        for state in RiskFlag.State
        if state != RiskFlag.State.DONE
    ]
    context = {
        "groups": [(label, found) for label, found in groups if found],
        "done": rows.filter(state=RiskFlag.State.DONE)[:DONE_SHOWN],
        "line": queries.line(request.school),
        "unnamed": unnamed(request),
    }
    return render(request, "safety/list.html", context)


@page(can="safety.respond")
def flag(request: Any, flag_id: int) -> HttpResponse:
    return _show(request, _flag(request, flag_id))


def _show(request: Any, found: RiskFlag, **more: Any) -> HttpResponse:
    in_class = ClassMembership.objects.on(clock.today()).filter(student=found.student)
    context = {
        "flag": found,
        "said": queries.said(found),
        "steps": queries.steps_of(found),
        "asked": queries.asked_for(found),
        "class_name": in_class.values_list("school_class__name", flat=True).first(),
        "measures": MEASURES,
        "harmless": HARMLESS,
        "outcomes": [
            outcome for outcome in RiskFlag.Outcome if outcome not in ("", RiskFlag.Outcome.FALSE_ALARM)
        ],
        "words": queries.words_for(found.school),
        "record": None,
        "refused": "",
    }
    return render(request, "safety/flag.html", context | more, status=422 if "refused" in more else 200)


def _level(flag: RiskFlag, post: Any) -> int:
    """Who had been asked when the page was shown: a button pressed twice asks once."""
    shown = post.get("level", "")
    return int(shown) if shown.isdecimal() else flag.level


#: What the page's forms ask for, by the name of their button.
STEPS = {
    "take": lambda actor, flag, post, text: actions.take_on(actor, flag=flag),
    "note": lambda actor, flag, post, text: actions.note_step(actor, flag=flag, text=text),
    "next": lambda actor, flag, post, text: actions.escalate(actor, flag=flag, seen=_level(flag, post)),
    "close": lambda actor, flag, post, text: actions.close(
        actor, flag=flag, outcome=post.get("outcome", ""), reason=text
    ),
    "sign": lambda actor, flag, post, text: actions.sign_off(actor, flag=flag),
    "again": lambda actor, flag, post, text: actions.take_up_again(actor, flag=flag, reason=text),
}


@page(can="safety.respond")
@require_POST
def step(request: Any, flag_id: int) -> HttpResponse:
    """One step on: taken on, something done, closed, looked at again."""
    found = _flag(request, flag_id)
    act = STEPS.get(request.POST.get("do", ""))
    if act is None:
        return redirect("safety-flag", found.pk)
    text = "；".join(filter(None, [*request.POST.getlist("quick"), request.POST.get("text", "").strip()]))[
        :2000
    ]
    try:
        act(request.actor, found, request.POST, text)
    except Refused as refusal:
        return _show(request, _flag(request, flag_id), refused=refusal.message)
    say(request, _("Noted, with day and name. Thank you."))
    return redirect("safety-flag", found.pk)


@page(can="safety.respond")
@require_POST
def read_record(request: Any, flag_id: int) -> HttpResponse:
    """The record it came from, also a restricted one: shown once, noted on the timeline and in the trail."""
    found = _flag(request, flag_id)
    if found.source_kind == "request":
        return redirect("request-safety", found.source_id)
    contact, text = open_for_safety(request.actor, flag=found)
    return _show(request, found, record=contact, answers=answers_of(contact.asks, text))


def _colleagues(request: Any) -> Any:
    active = Staff.objects.filter(school=request.school).active(clock.today())
    return active.exclude(user_id=request.actor.user_id).order_by("pinyin", "name")


@page(can="safety.raise")
def raise_one(request: Any, student_id: int) -> HttpResponse:
    """About a student one sees."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("key", "school"), pk=student_id)
    form = RaiseForm(request.POST or None, staff=_colleagues(request))
    return _raise(request, form, student)


@page(can="safety.raise")
def raise_any(request: Any) -> HttpResponse:
    """About any student of the school, named by class and name."""
    form = AnyoneForm(request.POST or None, staff=_colleagues(request))
    student = None
    if form.is_valid():
        student = queries.student_called(
            request.school, form.cleaned_data["name"], form.cleaned_data["school_class"]
        )
        if student is None:
            form.add_error(
                "name", _("Not found. If you are not sure of the name, please tell the head in person, now.")
            )
    return _raise(request, form, student)


def _raise(request: Any, form: RaiseForm, student: Student | None) -> HttpResponse:
    if form.is_valid() and student:
        told = form.cleaned_data
        try:
            raised = actions.raise_flag(
                request.actor,
                student=student,
                categories=told["categories"],
                text=told["text"],
                named_user_ids=[staff.user_id for staff in told["named"]],
                client_id=told["client_id"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("safety-caught", raised.pk)
    context = {"form": form, "student": student if "name" not in form.fields else None}
    return render(request, "safety/raise.html", context, status=422 if form.errors else 200)


@page(can="safety.raise")
def caught(request: Any, flag_id: int) -> HttpResponse:
    """For whoever wrote it, right after: who takes it in today, what the law asks, whom one can call."""
    mine = RiskFlag.objects.raised_by(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("school", "student"), pk=flag_id)
    asked, everybody = queries.asked_for(found), queries.in_line(found)
    source_id = found.source_id if found.source_kind == "contact" else None
    records = Contact.objects.visible_to(request.actor).filter(pk=source_id)
    context = {
        "flag": found,
        "asked": asked,
        "then": [user for user in everybody if user not in asked and user.pk != request.user.pk],
        "late": records.filter(next_on__gt=clock.today() + SOON).first(),
        "words": queries.words_for(found.school),
        "family_later": found.family_later,
        "sealed": found.by_people and found.source_kind == "contact",
    }
    return render(request, "safety/caught.html", context)


def after_writing(request: Any, moment: datetime.datetime) -> HttpResponse | None:
    """What was written since this moment spoke of danger: the page that tells its writer so."""
    raised = queries.raised_since(request.actor, moment)
    return redirect("safety-caught", raised.pk) if raised else None


urlpatterns = [
    path("safety/", flags, name="safety"),
    path("safety/raise/", raise_any, name="safety-raise-any"),
    path("safety/<int:flag_id>/", flag, name="safety-flag"),
    path("safety/<int:flag_id>/step/", step, name="safety-step"),
    path("safety/<int:flag_id>/record/", read_record, name="safety-record"),
    path("safety/<int:flag_id>/caught/", caught, name="safety-caught"),
    path("students/<int:student_id>/safety/", raise_one, name="safety-raise"),
]
