"""One child in the counselling room: what was explained, a second role weighed, times, and handing over."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.models import Appointment, Explained, Handover, Note, Referral
from tongxing.care.counselling.words import words_for
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .counselling import CAN, show
from .counselling_asking import PlanForm, first_plan
from .fields import offer_rows
from .page import apply_refusal, page, say
from .safety import after_writing
from .settings import DateInput

ROLES = {
    "teaches": pgettext_lazy("second role", "you teach the class"),
    "class_teacher": pgettext_lazy("second role", "you are the class teacher"),
    "helper": pgettext_lazy("second role", "you are the helper"),
}


def child_of(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "psych").filter(school=request.school)
    return get_object_or_404(mine.with_class(clock.today()).select_related("key", "school"), pk=student_id)


@page(can=CAN)
def student(request: Any, student_id: int) -> HttpResponse:
    """What the room holds about this child: the way on first; texts are opened one by one."""
    found = child_of(request, student_id)
    return _show(request, found)


def _show(request: Any, found: Student, **more: Any) -> HttpResponse:
    held = queries.child(request.actor, found)
    handed = Handover.objects.visible_to(request.actor).filter(student=found, ended_at=None)
    context = {
        "student": found,
        "held": held,
        "roles": [ROLES[role] for role in held.roles],
        "changed": held.explained is not None and held.explained.version < words_for(found.school).number,
        "called_off": Appointment.CalledOff.choices,
        "handed": handed.select_related("by", "to"),
        "now": clock.now(),
        "refused": "",
    }
    return show(request, "student", context | more, wrong="refused" in more)


class ExplainForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=gettext_lazy("How was it told?"), choices=Explained.How.choices, widget=forms.RadioSelect
    )
    understood = forms.ChoiceField(
        label=gettext_lazy("What did the child make of it?"),
        choices=Explained.Understood.choices,
        widget=forms.RadioSelect,
    )


@page(can=CAN)
def explain(request: Any, student_id: int) -> HttpResponse:
    """The words to read out or to hand over, and what the child made of them (POST)."""
    found = child_of(request, student_id)
    form = ExplainForm(request.POST or None, initial={"client_id": uuid4(), "how": Explained.How.READ_OUT})
    if form.is_valid():
        made = actions.explain(request.actor, student=found, **form.cleaned_data)
        if made.understood == Explained.Understood.NOT_YET:
            say(request, _("Noted. Tell it once more before you write anything down."))
        else:
            say(request, _("Noted. Now you can write down what you talk about."))
        return redirect("counselling-student", found.pk)
    context = {"student": found, "form": form, "words": words_for(found.school)}
    return show(request, "explain", context, wrong=bool(form.errors))


@page(can=CAN)
@require_POST
def roles(request: Any, student_id: int) -> HttpResponse:
    """The counsellor also teaches or looks after the child: why the talks go on all the same."""
    found = child_of(request, student_id)
    try:
        actions.weigh_roles(request.actor, student=found, reason=request.POST.get("reason", "")[:500])
    except Refused as refusal:
        return _show(request, found, refused=refusal.message)
    say(request, _("Noted. You can hand the child over at any time."))
    return redirect("counselling-student", found.pk)


class ArrangeForm(PlanForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    whom = forms.ChoiceField(
        label=gettext_lazy("Who comes?"),
        choices=Appointment.Whom.choices,
        initial=Appointment.Whom.STUDENT,
        widget=forms.RadioSelect,
    )
    field_order = ("client_id", "whom")


class SlipForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What stands on the slip"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    slip_on = forms.DateField(label=gettext_lazy("Found on"), widget=DateInput)


@page(can=CAN)
def arrange(request: Any, student_id: int) -> HttpResponse:
    """A time agreed in person (POST), or a slip keyed in (POST with `slip`)."""
    found, before = child_of(request, student_id), clock.now()
    by_slip = "slip" in request.POST
    start = {"client_id": uuid4()}
    form = ArrangeForm(
        request.POST if request.POST and not by_slip else None, initial=start | first_plan(request)
    )
    slip = SlipForm(
        request.POST if by_slip else None,
        initial={"client_id": uuid4(), "slip_on": clock.today()},
        prefix="slip",
    )
    if (slip if by_slip else form).is_valid():
        try:
            _arranged(request, found, slip if by_slip else form)
        except Refused as refusal:
            apply_refusal(slip if by_slip else form, refusal)
        else:
            return after_writing(request, before) or redirect("counselling-student", found.pk)
    context = {"student": found, "form": form, "slip": slip, "referral": request.GET.get("referral", "")}
    return show(request, "arrange", context, wrong=bool(form.errors or slip.errors))


def _arranged(request: Any, found: Student, form: forms.Form) -> None:
    told = form.cleaned_data
    if isinstance(form, ArrangeForm):
        actions.arrange(
            request.actor,
            student=found,
            client_id=told["client_id"],
            plan=form.plan(),
            whom=told["whom"],
            referral=_referral(request, found),
        )
        say(request, _("Agreed."))
    else:
        actions.key_in(request.actor, student=found, **told)
        say(request, _("Keyed in. It waits for a time."))


def _referral(request: Any, found: Student) -> Referral | None:
    pk = request.POST.get("referral", "")
    mine = Referral.objects.visible_to(request.actor).filter(student=found)
    return get_object_or_404(mine, pk=pk) if pk.isdecimal() else None


class HandOverForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=User.objects.none(), empty_label=None)
    notes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Which notes"),
        queryset=Note.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    with_outside = forms.BooleanField(
        label=gettext_lazy("Also levels from outside and referrals"), required=False
    )

    def __init__(self, *args: Any, request: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_id": uuid4()}, **kwargs)
        fellows = queries.fellow_counsellors(request.actor, request.school)
        own = Note.objects.visible_to(request.actor).filter(student=student, counsellor=request.actor.user_id)
        users = User.objects.filter(pk__in=[one.user_id for one in fellows])
        offer_rows(self, "to", users, called=lambda user: user.name)
        offer_rows(self, "notes", own, called=lambda note: clock.day_of(note.happened_at).isoformat())


@page(can=CAN)
def hand_over(request: Any, student_id: int) -> HttpResponse:
    """Choose notes and a fellow counsellor (POST), or close them again (POST `back`)."""
    found = child_of(request, student_id)
    mine = Handover.objects.visible_to(request.actor).filter(student=found).select_related("student__key")
    if back := request.POST.get("back", ""):
        given = get_object_or_404(mine, pk=back) if back.isdecimal() else None
        if given is None:
            raise Http404
        actions.take_handover_back(request.actor, handover=given)
        say(request, _("Closed again."))
        return redirect("counselling-student", found.pk)
    form = HandOverForm(request.POST or None, request=request, student=found)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.hand_over(request.actor, student=found, **told | {"notes": list(told["notes"])})
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Handed over. Your colleague sees these notes and no others."))
            return redirect("counselling-student", found.pk)
    return show(request, "hand_over", {"student": found, "form": form}, wrong=bool(form.errors))


urlpatterns = [
    path("students/<int:student_id>/counselling/", student, name="counselling-student"),
    path("students/<int:student_id>/counselling/explain/", explain, name="counselling-explain"),
    path("students/<int:student_id>/counselling/roles/", roles, name="counselling-roles"),
    path("students/<int:student_id>/counselling/arrange/", arrange, name="counselling-arrange"),
    path("students/<int:student_id>/counselling/hand-over/", hand_over, name="counselling-hand-over"),
]
