"""Writing down a talk for the counsellor alone, and reading it again; each reading is logged."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.actions import Danger, Told
from tongxing.care.counselling.models import Appointment, Note
from tongxing.care.safety.models import Category
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .counselling import CAN, show
from .counselling_child import child_of
from .fields import offer_rows
from .page import apply_refusal, page, say
from .safety import after_writing

ASKS = ("occasion", "talked", "wants", "next")


def _lines(label: Any, rows: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=3000,
        required=required,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
    )


class NoteForm(forms.Form):
    """The short form. Nothing in it is for others."""

    occasion = _lines(gettext_lazy("Why the child came"), 2)
    talked = _lines(
        gettext_lazy("What you talked about"),
        4,
        required=True,
        hint=gettext_lazy("What was said and seen; no diagnosis. The child’s own words in quotation marks."),
    )
    wants = _lines(gettext_lazy("What the child wants"), 2)
    next = _lines(gettext_lazy("What comes next"), 2)

    def told(self) -> Told:
        return Told(**{name: self.cleaned_data[name] for name in ASKS})


class NewNoteForm(NoteForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    happened_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=300, required=False)
    appointment = forms.ModelChoiceField(
        queryset=Appointment.objects.none(), required=False, widget=forms.HiddenInput
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Is the child in danger? What is it about?"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    brief = forms.CharField(
        label=gettext_lazy("What must be known today to keep the child safe"),
        help_text=gettext_lazy("Whoever answers for safety reads this sentence and nothing of your note."),
        max_length=300,
        required=False,
    )


class CorrectNoteForm(NoteForm):
    after = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why is it corrected?"), max_length=200)


@page(can=CAN, gives_back=True)
def new(request: Any, student_id: int) -> HttpResponse:
    """Write down a talk; words of danger lead to whoever takes it in today."""
    found = child_of(request, student_id)
    mine = Appointment.objects.visible_to(request.actor).filter(student=found).exclude(at=None)
    after = mine.filter(pk=request.GET["appointment"]).first() if _is_id(request) else None
    form = NewNoteForm(request.POST or None, initial=_start(after))
    offer_rows(form, "appointment", mine.select_related("student"))
    refused = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            note = actions.write(
                request.actor,
                student=found,
                told=form.told(),
                danger=Danger(told["categories"], told["brief"]),
                **{name: told[name] for name in ("client_id", "happened_at", "minutes", "appointment")},
            )
        except Refused as refusal:
            refused = refusal.field or ""
            apply_refusal(form, refusal)
        else:
            return _written(request, note)
    context = {
        "student": found,
        "form": form,
        "refused": refused,
        "held": queries.child(request.actor, found),
    }
    return show(request, "note_new", context, wrong=bool(form.errors))


def _is_id(request: Any) -> bool:
    return bool(request.GET.get("appointment", "").isdecimal())


def _start(after: Appointment | None) -> dict[str, Any]:
    at = after.at if after and after.at and after.at <= clock.now() else clock.now()
    when = at.astimezone(clock.SCHOOL_TIME).replace(tzinfo=None, second=0, microsecond=0)
    return {"client_id": uuid4(), "happened_at": when, "appointment": after}


def _written(request: Any, note: Note) -> HttpResponse:
    if note.flag_id:
        return redirect("safety-caught", note.flag_id)
    say(request, _("Written down for you alone."))
    return redirect("counselling-student", note.student_id)


@page(can=CAN, gives_back=True)
def note(request: Any, note_id: int) -> HttpResponse:
    """One note with its versions; its writer corrects it (POST)."""
    rows = Note.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(
        rows.select_related("student__key", "student__school", "counsellor"), pk=note_id
    )
    versions = [(one, queries.text_of(found, one)) for one in found.versions.all()]
    (last, text), before = versions[-1], clock.now()
    form = CorrectNoteForm(request.POST or None, initial=text.answers | {"after": last.number})
    if form.is_valid():
        told = form.cleaned_data
        try:
            fixed = actions.correct(
                request.actor, written=found, after=told["after"], told=form.told(), reason=told["reason"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Corrected. The first version stays beside it."))
            return after_writing(request, before) or redirect("counselling-note", fixed.pk)
    actions.read(request.actor, written=found)
    context = {
        "note": found,
        "text": text,
        "labels": [(name, NoteForm.base_fields[name].label) for name in ASKS],
        "earlier": versions[-2::-1],
        "form": form,
        "own": found.counsellor_id == request.actor.user_id,
    }
    return show(request, "note", context, wrong=bool(form.errors))


urlpatterns = [
    path("students/<int:student_id>/counselling/notes/new/", new, name="counselling-note-new"),
    path("counselling/notes/<int:note_id>/", note, name="counselling-note"),
]
