"""Importing: hand files in, look at what they would change, take them over or set them aside."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.activities.actions import give_up_places
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import actions, sheets
from tongxing.paper.exchange.kinds import KINDS
from tongxing.paper.exchange.models import ImportBatch, ImportProfile
from tongxing.paper.exchange.reader import MAX_BYTES
from tongxing.paper.exchange.undo import may_be_undone

from .settings import DateInput

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 20
SHOWN_IMPORTS = 10


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; of each at most one byte more than may be, so that a giant never fills the memory."""

    widget = SeveralFiles(attrs={"accept": ".xlsx,.xls,.csv,.toml", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[actions.Upload]:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(_("Please choose at least one file."))
        return [actions.Upload(one.name, one.read(MAX_BYTES + 1)) for one in files]


class FilesForm(forms.Form):
    uploads = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("xlsx, xls or csv, several at once; up to 20 MB each."),
    )
    exam_name = forms.CharField(label=gettext_lazy("Name of the exam"), max_length=80, required=False)
    held_on = forms.DateField(
        label=gettext_lazy("Day of the exam"),
        required=False,
        widget=DateInput(),
    )


@page(can="import.run")
def hand_in(request: Any) -> HttpResponse:
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            batch = actions.preview(
                request.actor,
                school=request.school,
                uploads=said["uploads"],
                exam_name=said["exam_name"],
                held_on=said["held_on"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("import-batch", batch.pk)
    return _start(request, form)


def _start(request: Any, form: FilesForm) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.actor).filter(school=request.school)
    shown = {
        "form": form,
        "kinds": KINDS.values(),
        "profiles": ImportProfile.objects.visible_to(request.actor).filter(school=request.school),
        "batches": batches.defer("content", "problems", "trace").select_related("created_by")[:SHOWN_IMPORTS],
    }
    return render(request, "imports/hand_in.html", shown, status=422 if form.errors else 200)


def batch_of(request: Any, batch_id: int) -> ImportBatch:
    found = ImportBatch.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(found.select_related("created_by", "school"), pk=batch_id)


@page(can="import.run")
@require_safe
def batch(request: Any, batch_id: int) -> HttpResponse:
    return _show(request, batch_of(request, batch_id))


def _show(request: Any, found: ImportBatch, trouble: str = "") -> HttpResponse:
    shown = {
        "batch": found,
        "kinds": {kind.code: kind.name for kind in KINDS.values()},
        "problems": found.problems[:SHOWN_PROBLEMS],
        "read_as": {table["place"]: table["profile"] for file in found.files for table in file["tables"]}
        if found.is_open
        else {},
        "trouble": trouble,
        "unknown": _unknown(found),
        "may_be_undone": may_be_undone(found),
    }
    return render(request, "imports/batch.html", shown, status=422 if trouble else 200)


def _unknown(found: ImportBatch) -> int | None:
    """The first sheet that nobody has explained yet, where no sheet at all was recognised."""
    places = [table["place"] for file in found.files for table in file["tables"] if _is_unknown(table)]
    return places[0] if places and found.is_open and not found.counts else None


def _is_unknown(table: dict[str, Any]) -> bool:
    return not table["kind"] and not table.get("aside", False)


@page(can="import.run")
@require_POST
def take_over(request: Any, batch_id: int) -> HttpResponse:
    found = batch_of(request, batch_id)
    try:
        actions.commit(request.actor, batch=found)
        give_up_places(request.actor, school_id=found.school_id)
    except Refused as refusal:
        return _show(request, found, refusal.message)
    say(request, _("Everything has been taken over."))
    return redirect("import-batch", batch_id)


@page(can="import.run")
@require_POST
def set_aside(request: Any, batch_id: int) -> HttpResponse:
    actions.discard(request.actor, batch=batch_of(request, batch_id))
    say(request, _("Set aside. Nothing was changed."))
    return redirect("import")


@page(can="import.run")
@require_safe
def problems_xlsx(request: Any, batch_id: int) -> HttpResponse:
    return _file(sheets.problems_xlsx(batch_of(request, batch_id)), _("rows to correct") + ".xlsx", XLSX)


@page(can="import.run")
@require_safe
def problems_csv(request: Any, batch_id: int) -> HttpResponse:
    return _file(sheets.problems_csv(batch_of(request, batch_id)), _("rows to correct") + ".csv", "text/csv")


@page(can="import.run")
@require_safe
def template(request: Any, sheet_kind: str) -> HttpResponse:
    kind = sheets.kind_named(sheet_kind)
    if kind is None:
        raise Http404
    return _file(sheets.template(kind), f"{kind.name}.xlsx", XLSX)


def _file(content: bytes, name: str, type_: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or ""
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": disposition})


urlpatterns = [
    path("import/", hand_in, name="import"),
    path("import/<int:batch_id>/", batch, name="import-batch"),
    path("import/<int:batch_id>/take-over/", take_over, name="import-take-over"),
    path("import/<int:batch_id>/set-aside/", set_aside, name="import-set-aside"),
    path("import/<int:batch_id>/problems.xlsx", problems_xlsx, name="import-problems-xlsx"),
    path("import/<int:batch_id>/problems.csv", problems_csv, name="import-problems-csv"),
    path("import/templates/<slug:sheet_kind>.xlsx", template, name="import-template"),
]
