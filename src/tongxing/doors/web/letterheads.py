"""How an office's papers look: letterhead, and the list of the numbers that it gave (发文登记)."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices.belonging import MANAGE
from tongxing.oversight.notices.models import Circular
from tongxing.paper.documents import heads
from tongxing.paper.documents.content import Document, Paragraph
from tongxing.paper.documents.models import Letterhead, Outgoing
from tongxing.paper.documents.models_head import ADDRESS, MARK, NAME, PEOPLE, number_text
from tongxing.paper.documents.school_papers import circular_document

from .page import apply_refusal, page, say

SHOWN = 30


class LetterheadForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name in print"),
        max_length=NAME,
        required=False,
        help_text=gettext_lazy("As it stands in the coloured head. Empty: the name of the office."),
    )
    mark = forms.CharField(
        label=gettext_lazy("Sign of the numbers"),
        max_length=MARK,
        required=False,
        help_text=gettext_lazy(
            "Such as 和中 in 和中〔2026〕18号. Year and running number come by themselves."
        ),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=ADDRESS, required=False)
    colour = forms.ChoiceField(
        label=pgettext_lazy("letterhead", "Colour of the head"),
        choices=Letterhead.Colour.choices,
        widget=forms.RadioSelect,
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP. It stands small above the name."),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Without the logo from now on"), required=False)

    @property
    def look(self) -> heads.Look:
        sent = self.cleaned_data["logo"]
        logo = sent.read(LARGEST_PICTURE + 1) if sent else b""
        return heads.Look(**(self.cleaned_data | {"logo": logo}))


class NumberForm(forms.Form):
    addressed_to = forms.CharField(
        label=gettext_lazy("Addressed to"),
        max_length=PEOPLE,
        required=False,
        help_text=gettext_lazy("Stands above the text, such as: all classes, all groups of teachers."),
    )
    copies_to = forms.CharField(
        label=gettext_lazy("Copies to"),
        max_length=PEOPLE,
        required=False,
        help_text=gettext_lazy("Stands at the foot of the last page. Empty: no such line."),
    )


@page(can=MANAGE)
def letterhead(request: Any) -> HttpResponse:
    kept = heads.letterhead_of(request.school)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {name: getattr(kept, name) for name in ("name", "mark", "address", "colour")}
    form = LetterheadForm(*sent, initial=initial)
    if form.is_valid():
        try:
            heads.set_letterhead(request.actor, office=request.school, look=form.look)
        except Refused as refusal:
            apply_refusal(form, Refused(refusal.message, field=_field_of(refusal)))
        else:
            say(request, _("Papers look like this from now on."))
            return redirect("letterhead")
    if not kept.logo:
        del form.fields["no_logo"]
    context = {"form": form, "kept": kept, "document": _example(request)}
    return render(request, "documents/letterhead.html", context, status=422 if form.errors else 200)


def _field_of(refusal: Refused) -> str:
    """What examines a picture calls it a file."""
    return "logo" if refusal.field == "files" else refusal.field or ""


def _example(request: Any) -> Document:
    """The head as it stands now, above nothing yet."""
    kept, today = heads.letterhead_of(request.school), clock.today()
    return Document(
        _("Title of the notice"),
        (Paragraph(_("The text stands here.")),),
        issuer=request.school.name,
        dated=today,
        number=number_text(kept.mark, today.year, 1) if kept.mark else "",
        head=heads.head_of(request.school),
    )


@page(can=MANAGE)
def outgoing(request: Any) -> HttpResponse:
    """The numbers that were given, the newest first, each with what it belongs to."""
    found = Outgoing.objects.visible_to(request.actor).filter(school=request.school)
    found = found.select_related("circular", "document__term__year", "given_by")
    shown = Paginator(found.prefetch_related("circular__versions"), SHOWN).get_page(request.GET.get("page"))
    return render(request, "documents/outgoing.html", {"shown": shown})


def number_context(request: Any, found: Circular, form: NumberForm | None = None) -> dict[str, Any]:
    """What the printed page of a circular needs to show it and to number it."""
    writes = request.actor.may(MANAGE, school_id=found.school_id) and found.ended_at is None
    sent = Outgoing.objects.filter(circular=found).first()
    initial = {"addressed_to": sent.addressed_to, "copies_to": sent.copies_to} if sent else _usual(found)
    return {
        "circular": found,
        "document": circular_document(found),
        "sent": sent,
        "writes": writes,
        "has_mark": writes and bool(heads.letterhead_of(found.school).mark),
        "form": form or NumberForm(initial=initial),
    }


def _usual(found: Circular) -> dict[str, str]:
    """Whom such a circular is usually addressed to."""
    if found.to_schools:
        return {"addressed_to": _("All schools")}
    return {"addressed_to": str(found.get_group_display())} if found.group else {}


@require_POST
@page(can=MANAGE)
def number(request: Any, circular_id: int) -> HttpResponse:
    """Give the circular the office's next number, or say anew whom it names."""
    mine = Circular.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.prefetch_related("versions").select_related("school"), pk=circular_id)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return render(request, "circulars/sheet.html", number_context(request, found, form), status=422)
    given = heads.number_circular(request.actor, circular=found, **form.cleaned_data)
    say(request, _("It carries the number %(number)s.") % {"number": given.text})
    return redirect("circular-sheet", found.pk)


urlpatterns = [
    path("documents/letterhead/", letterhead, name="letterhead"),
    path("documents/outgoing/", outgoing, name="outgoing"),
    path("circulars/<int:circular_id>/number/", number, name="circular-number"),
]
