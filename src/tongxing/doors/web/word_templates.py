"""A school's own Word files with placeholders: handed in, shown, filled for a child or a class, ended."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.documents import templates as actions
from tongxing.paper.documents.models import WordTemplate
from tongxing.paper.documents.models_templates import NAME, USE
from tongxing.paper.documents.template_check import LARGEST
from tongxing.paper.documents.template_fields import names_for

from .documents import ClassForm, attachment, classes_of
from .file import student_near
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

MAKE = actions.MAKE


class HandInForm(SentOnce):
    name = forms.CharField(
        label=pgettext_lazy("template", "Name"),
        max_length=NAME,
        help_text=gettext_lazy("As colleagues know it, such as: letter before the parents’ meeting."),
    )
    unit = forms.ChoiceField(
        label=pgettext_lazy("template", "Filled for"),
        choices=WordTemplate.Unit.choices,
        widget=forms.RadioSelect,
        initial=WordTemplate.Unit.STUDENT,
    )
    file = forms.FileField(
        label=gettext_lazy("Word file (docx)"),
        help_text=gettext_lazy("Write {{姓名}} where the name is to stand, and so on with the fields below."),
    )

    @property
    def handed(self) -> actions.Handed:
        told = self.cleaned_data
        return actions.Handed(told["name"], told["unit"], told["file"].read(LARGEST + 1))


class FillForm(ClassForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_class"]
        field.required = True
        field.empty_label = "—"  # type: ignore[attr-defined]  # of the rows a class offers


class EndForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@page(can=USE)
def templates(request: Any) -> HttpResponse:
    found = WordTemplate.objects.visible_to(request.actor).standing().filter(school=request.school)
    may = request.actor.may(MAKE, school_id=request.school.pk)
    return render(request, "documents/templates.html", {"templates": found.defer("file"), "may_hand_in": may})


@page(can=MAKE)
def new(request: Any) -> HttpResponse:
    form = HandInForm(request.POST or None, files=request.FILES or None)
    if form.is_valid():
        client_id, handed = form.cleaned_data["client_id"], form.handed
        try:
            made = actions.hand_in(request.actor, school=request.school, client_id=client_id, handed=handed)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The template is kept and can be filled."))
            return redirect("word-template", made.pk)
    context = {"form": form, "student_fields": names_for("student"), "class_fields": names_for("class")}
    return render(request, "documents/template_new.html", context, status=422 if form.errors else 200)


def _template(request: Any, word_template_id: int) -> WordTemplate:
    mine = WordTemplate.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "ended_by", "entered_by"), pk=word_template_id)


@page(can=USE)
def template(request: Any, word_template_id: int) -> HttpResponse:
    return _shown(request, _template(request, word_template_id))


def _shown(
    request: Any, found: WordTemplate, *, form: FillForm | None = None, end_form: EndForm | None = None
) -> HttpResponse:
    context = {
        "template": found,
        "form": form or FillForm(None, classes=classes_of(request)),
        "end_form": end_form or EndForm(),
        "may_end": request.actor.may(MAKE, school_id=found.school_id) and found.ended_at is None,
    }
    return render(request, "documents/template.html", context, status=422 if form or end_form else 200)


@page(can=MAKE)
def original(request: Any, word_template_id: int) -> HttpResponse:
    """The file as it was handed in."""
    found = _template(request, word_template_id)
    return attachment(bytes(found.file), found.name, "docx")


@require_POST
@page(can=USE)
def fill_class(request: Any, word_template_id: int) -> HttpResponse:
    found = _template(request, word_template_id)
    form = FillForm(request.POST, classes=classes_of(request))
    if form.is_valid():
        try:
            file = actions.fill_for_class(request.actor, template=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            name = f"{form.cleaned_data['school_class'].name} {found.name} {clock.today()}"
            return attachment(file, name, "docx")
    return _shown(request, found, form=form)


@require_POST
@page(can=USE)
def fill_student(request: Any, student_id: int, word_template_id: int) -> HttpResponse:
    student, found = student_near(request, student_id), _template(request, word_template_id)
    full, purpose = "full" in request.POST, request.POST.get("purpose", "")
    file = actions.fill_for_student(
        request.actor, template=found, student=student, full=full, purpose=purpose
    )
    return attachment(file, f"{student.code} {found.name} {clock.today()}", "docx")


@require_POST
@page(can=MAKE)
def end(request: Any, word_template_id: int) -> HttpResponse:
    """Used no more; with `back` the way back."""
    found = _template(request, word_template_id)
    if "back" in request.POST:
        actions.take_up_again(request.actor, template=found)
        say(request, _("The template can be filled again."))
        return redirect("word-template", found.pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, end_form=form)
    actions.end_template(request.actor, template=found, reason=form.cleaned_data["reason"])
    undo = f"{reverse('word-template-end', args=[found.pk])}?back=1"
    say(request, _("The template is used no more."), undo=undo)
    return redirect("word-templates")


urlpatterns = [
    path("documents/templates/", templates, name="word-templates"),
    path("documents/templates/new/", new, name="word-template-new"),
    path("documents/templates/<int:word_template_id>/", template, name="word-template"),
    path("documents/templates/<int:word_template_id>/file/", original, name="word-template-file"),
    path("documents/templates/<int:word_template_id>/fill/", fill_class, name="word-template-fill"),
    path("documents/templates/<int:word_template_id>/end/", end, name="word-template-end"),
    path(
        "students/<int:student_id>/templates/<int:word_template_id>/", fill_student, name="student-template"
    ),
]
