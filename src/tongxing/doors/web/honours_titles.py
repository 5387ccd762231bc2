"""From the committee's word to the title: asking those concerned, the notice, giving the title, certificates, the export."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.publicity.actions import Said
from tongxing.oversight.recognition import awarding, consenting, queries
from tongxing.oversight.recognition.models import Asked
from tongxing.oversight.recognition.models_schemes import AWARD, MANAGE, PROPOSE
from tongxing.paper.documents import certificates as papers

from .documents import PurposeForm, attachment
from .honours_schemes import scheme_of
from .honours_way import commendation_of
from .notice_form import NoticeForm
from .page import apply_refusal, page, say


class HonourNoticeForm(NoticeForm):
    """The title always stands beside the name: it is what the notice is about."""

    with_level = None  # type: ignore[assignment]  # not asked here

    def said(self) -> Said:
        return replace(super().said(), with_level=True)


@require_POST
@page(can=MANAGE)
def ask(request: Any, commendation_id: int) -> HttpResponse:
    one = commendation_of(request, commendation_id)
    people = consenting.ask(request.actor, commendation=one)
    words = ngettext("%(n)s person is asked.", "%(n)s people are asked.", people)
    say(request, words % {"n": people} if people else _("Everybody concerned is asked already."))
    return redirect("honour", one.pk)


@require_POST
@page(can=PROPOSE, gives_back=True)
def note(request: Any, question_id: int) -> HttpResponse:
    """What a family or a child said on paper or in a talk, to whoever leads or looks after the child; `not`: rather not."""
    mine = Asked.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("commendation"), pk=question_id)
    given_by = request.POST.get("given_by", "")
    consenting.note_answer(request.actor, asked=found, yes="not" not in request.POST, given_by=given_by)
    say(request, _("Noted."))
    if not request.actor.may(MANAGE, school_id=found.school_id):
        return redirect("honours-mine")
    return redirect("honour", found.commendation_id)


@page(can=MANAGE, gives_back=True)
def public(request: Any, scheme_id: int) -> HttpResponse:
    """One notice for everybody who meets it and agreed."""
    found = scheme_of(request, scheme_id)
    form = HonourNoticeForm(request.POST or None, initial=_first(found.name, found.year.name))
    if form.is_valid():
        try:
            notice = awarding.make_public(
                request.actor, scheme=found, said=form.said(), client_id=form.cleaned_data["client_id"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Published. It is gone by itself after its last day."))
            return redirect("notice", notice.pk)
    context = {"form": form, "scheme": found, "waiting": queries.to_publish(found)}
    return render(request, "honours/public.html", context, status=422 if form.errors else 200)


def _first(title: str, year: str) -> dict[str, Any]:
    words = _(
        "After proposals and a word of the committee, those below are to be honoured as “%(title)s”. All of them have agreed. Whoever sees it differently tells the office while this notice stands; every word is looked into and answered."
    )
    return {
        "title": _("Honours %(year)s: for your information") % {"year": year},
        "words": words % {"title": title},
        "first_day": clock.today(),
        "on_board": True,
    }


@require_POST
@page(can=AWARD)
def award(request: Any, scheme_id: int) -> HttpResponse:
    found = scheme_of(request, scheme_id)
    given = awarding.award(request.actor, scheme=found)
    words = ngettext("The title is given to %(n)s.", "The title is given to %(n)s of them.", given)
    say(request, words % {"n": given})
    return redirect("honour-scheme", found.pk)


class CertificateForm(forms.Form):
    size = forms.ChoiceField(
        label=pgettext_lazy("certificate", "Paper"),
        choices=papers.SIZES,
        widget=forms.RadioSelect,
        initial="a4",
    )
    number = forms.CharField(
        label=gettext_lazy("Document number"), max_length=40, required=False,
        help_text=gettext_lazy("As the school numbers its papers; it may stay empty. The certificate’s own number follows it."),
    )  # fmt: skip


@page(can=MANAGE)
def certificates(request: Any, scheme_id: int) -> HttpResponse:
    """All certificates of a title in one file, or (`one`) a single one."""
    found = scheme_of(request, scheme_id)
    form = CertificateForm(request.POST or None, initial={"size": "a4"})
    rows = queries.with_title(request.actor, found)
    if form.is_valid():
        kind = "docx" if "word" in request.POST else "pdf"
        wanted = request.POST.get("one", "")
        chosen = rows.filter(pk=wanted) if wanted.isdecimal() else rows
        file = papers.certificates(
            request.actor, scheme=found, rows=list(chosen), kind=kind, **form.cleaned_data
        )
        return attachment(file, " ".join([found.name, _("Certificates")]), kind)
    context = {"form": form, "scheme": found, "rows": rows}
    return render(request, "honours/certificates.html", context, status=422 if form.errors else 200)


@page(can=MANAGE)
def export(request: Any, scheme_id: int) -> HttpResponse:
    """Who holds a title and their stories, for a file of the school: with the purpose."""
    found = scheme_of(request, scheme_id)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        try:
            file = papers.stories(request.actor, scheme=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return attachment(file, f"{found.name} {found.year.name}", "docx")
    context = {"form": form, "scheme": found}
    return render(request, "honours/export.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("honours/<int:commendation_id>/ask/", ask, name="honour-ask"),
    path("honours/asked/<int:question_id>/note/", note, name="honour-note"),
    path("honours/schemes/<int:scheme_id>/notice/", public, name="honour-notice"),
    path("honours/schemes/<int:scheme_id>/award/", award, name="honour-award"),
    path("honours/schemes/<int:scheme_id>/certificates/", certificates, name="honour-certificates"),
    path("honours/schemes/<int:scheme_id>/export/", export, name="honour-export"),
]
