"""Documents: issuing the term summary and tracing its figures; registers and student files to download."""

import uuid
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.oversight.inspection.queries import months
from tongxing.paper.documents import actions
from tongxing.paper.documents.heads import letterhead_of
from tongxing.paper.documents.inspection import month_name
from tongxing.paper.documents.models import IssuedDocument
from tongxing.paper.documents.summary import part_labels, summary_document

from .fields import offer_rows
from .overview import listed
from .page import apply_refusal, page, say

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What do you need it for?"),
        max_length=200,
        help_text=gettext_lazy("The purpose is written into the audit trail."),
    )


class ClassForm(PurposeForm):
    """For what is made of the whole school or of one class."""

    school_class = forms.ModelChoiceField(
        label=gettext_lazy("Class"),
        queryset=SchoolClass.objects.none(),
        required=False,
        empty_label=gettext_lazy("The whole school"),
    )
    field_order: tuple[str, ...] = ("school_class", "purpose")

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "school_class", classes)


class SummaryForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    next_steps = forms.CharField(
        label=gettext_lazy("What the school will do next"),
        required=False,
        max_length=actions.LONGEST_STEPS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In your own words; everything else comes from the records."),
    )
    with_number = forms.BooleanField(
        label=gettext_lazy("With the office’s next document number"), required=False
    )


def attachment(file: bytes, name: str, kind: str) -> HttpResponse:
    """A download. The name is a plain file name; nothing is kept by browsers or proxies on the way."""
    return HttpResponse(
        file,
        content_type=TYPES[kind],
        headers={
            "Content-Disposition": content_disposition_header(True, f"{name}.{kind}") or "",
            "Cache-Control": "no-store",
        },
    )


@page(can="document.make")
def documents(request: Any) -> HttpResponse:
    return _documents(request)


def _documents(request: Any, **forms_: PurposeForm) -> HttpResponse:
    issued = IssuedDocument.objects.visible_to(request.actor).filter(school=request.school)
    context: dict[str, Any] = {
        "issued": issued.defer("facts", "file").select_related("term__year", "made_by")
    }
    for name in ("register", "pairing", "volume"):
        field = f"{name}_form"
        context[field] = forms_.get(field) or _form(request, field, None, f"{name}-%s")
    begun = months(request.school, request.term, clock.now()) if request.term else []
    context["months"] = [(f"{month:%Y-%m}", month_name(month)) for month in begun]
    return render(request, "documents/documents.html", context, status=422 if forms_ else 200)


@page(can="document.make")
def new_summary(request: Any) -> HttpResponse:
    _term(request)
    form = SummaryForm(request.POST or None, initial={"client_id": uuid.uuid4()})
    if not letterhead_of(request.school).mark:
        del form.fields["with_number"]
    if request.method == "POST" and form.is_valid():
        try:
            issued = actions.issue_summary(request.actor, term=request.term, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The summary is ready."))
            return redirect("document", issued.pk)
    facts = actions.summary_facts(request.actor, request.term, clock.now())
    context = {"form": form, "document": summary_document(facts), "facts": facts, "parts": part_labels()}
    context["before"] = actions.figures_before(request.actor, request.term)
    return render(request, "documents/new.html", context, status=422 if form.errors else 200)


def _term(request: Any) -> None:
    if request.term is None:
        raise Refused(_("There is no term yet: enter its dates in the settings first."))


def _issued(request: Any, document_id: int) -> IssuedDocument:
    return get_object_or_404(
        IssuedDocument.objects.visible_to(request.actor).select_related("school", "term__year", "made_by"),
        pk=document_id,
        school=request.school,
    )


@page(can="document.make")
def document(request: Any, document_id: int) -> HttpResponse:
    issued = _issued(request, document_id)
    facts = issued.told
    shown = actions.document_of(issued)
    context = {"issued": issued, "facts": facts, "document": shown, "parts": part_labels()}
    context["before"] = actions.figures_before(request.actor, issued.term)
    return render(request, "documents/document.html", context)


@page(can="document.make")
def document_figure(request: Any, document_id: int, code: str) -> HttpResponse:
    issued = _issued(request, document_id)
    found = issued.told.figures.get(code)
    if found is None:
        raise Http404
    return render(
        request, "overview/figure.html", {"figure": found, "issued": issued, **listed(request, found)}
    )


@page(can="document.make")
def document_word(request: Any, document_id: int) -> HttpResponse:
    issued = _issued(request, document_id)
    return attachment(bytes(issued.file), _summary_name(issued), "docx")


@page(can="document.make")
def document_pdf(request: Any, document_id: int) -> HttpResponse:
    issued = _issued(request, document_id)
    return attachment(actions.summary_pdf(issued), _summary_name(issued), "pdf")


def _summary_name(issued: IssuedDocument) -> str:
    return " ".join([issued.facts["school"], issued.facts["term"], _("Term summary")])


@require_POST
@page(can="document.make")
def register_volume(request: Any) -> HttpResponse:
    return _with_purpose(
        request, "register_form", "register-%s", actions.register_volume, pgettext("document", "Register")
    )


@require_POST
@page(can="document.make")
def volume(request: Any) -> HttpResponse:
    """The files of all registered students, or of a class, in one PDF."""
    return _with_purpose(
        request, "volume_form", "volume-%s", actions.dossier_volume, _("Files of supported students"), "pdf"
    )


@require_POST
@page(can="document.make")
def pairing_table(request: Any) -> HttpResponse:
    kind = request.POST.get("make", "xlsx")
    make = partial(actions.pairing_table, kind=kind)
    return _with_purpose(request, "pairing_form", "pairing-%s", make, _("Pairing table"), kind)


def _with_purpose(
    request: Any, field: str, auto_id: str, make: Any, name: str, kind: str = "xlsx"
) -> HttpResponse:
    _term(request)
    form = _form(request, field, request.POST, auto_id)
    if form.is_valid():
        try:
            file = make(request.actor, term=request.term, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return attachment(file, f"{request.school.name} {name} {clock.today()}", kind)
    return _documents(request, **{field: form})


def _form(request: Any, field: str, data: Any, auto_id: str) -> PurposeForm:
    if field == "volume_form":
        return ClassForm(data, auto_id=auto_id, classes=classes_of(request))
    return PurposeForm(data, auto_id=auto_id)


def classes_of(request: Any) -> Any:
    """The classes of the school, of this year if there is one."""
    classes = SchoolClass.objects.filter(school=request.school)
    return classes.filter(year=request.term.year) if request.term else classes


@page(can="contact.read", gives_back=True)
def dossier(request: Any, student_id: int) -> HttpResponse:
    """One child's file for a meeting: whoever reads the file may print it, with the purpose."""
    _term(request)
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    student = get_object_or_404(mine, pk=student_id)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        try:
            file = actions.dossier(request.actor, student=student, term=request.term, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return attachment(file, " ".join([student.code, _("Student file"), str(clock.today())]), "pdf")
    context = {"form": form, "student": student}
    return render(request, "documents/dossier.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("documents/", documents, name="documents"),
    path("documents/summary/", new_summary, name="summary-new"),
    path("documents/register/", register_volume, name="document-register"),
    path("documents/volume/", volume, name="document-volume"),
    path("documents/pairing/", pairing_table, name="document-pairing"),
    path("documents/<int:document_id>/", document, name="document"),
    path("documents/<int:document_id>/word/", document_word, name="document-word"),
    path("documents/<int:document_id>/pdf/", document_pdf, name="document-pdf"),
    path("documents/<int:document_id>/figures/<str:code>/", document_figure, name="document-figure"),
    path("students/<int:student_id>/dossier/", dossier, name="student-dossier"),
]
