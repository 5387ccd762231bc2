"""What the school promises: the list, the editor with its preview, the programmes that can be added."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.programme import actions, promises, versions, wording
from tongxing.care.programme.builtin import BUILTINS, FIRST
from tongxing.care.programme.models import Commitment, Programme
from tongxing.care.programme.preview import Preview, preview
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .page import apply_refusal, page, say
from .promise_forms import TermsForm


def _commitment(request: Any, commitment_id: int) -> Commitment:
    mine = Commitment.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "programme"), pk=commitment_id)


@page(can="settings.manage")
def commitments(request: Any) -> HttpResponse:
    rows = [(one, wording.sentence(one)) for one in promises.current(request.school)]
    context = {
        "rows": rows,
        "today": clock.today(),
        "others": promises.not_installed(request.school),
        "first": [BUILTINS[code] for code in FIRST],
    }
    return render(request, "commitments/list.html", context)


@require_POST
@page(can="settings.manage")
def install(request: Any) -> HttpResponse:
    """The programmes that every school begins with."""
    actions.install(request.actor, school=request.school)
    say(request, _("The promises are there. Please check how often."))
    return redirect("settings-commitments")


@page(can="settings.manage")
def programme(request: Any, programme_code: str) -> HttpResponse:
    """A built-in programme: what it would ask for (GET), and adding it (POST)."""
    builtin = BUILTINS.get(programme_code)
    if builtin is None:
        raise Http404
    if request.method == "POST":
        actions.install(request.actor, school=request.school, programmes=[programme_code])
        say(request, _("“%(what)s” is there. Everything in it can be changed.") % {"what": builtin.name})
        return redirect("settings-commitments")
    new = versions.of_builtin(request.school, builtin)
    context = {
        "builtin": builtin,
        "rows": [(one, wording.sentence(one)) for one in new],
        "seen": shown(request, new) if new else None,
    }
    return render(request, "commitments/programme.html", context)


def shown(request: Any, new: list[Any], **more: Any) -> Preview | None:
    """What it would ask for; without a term there is nothing to count yet."""
    return preview(request.actor, request.term, new, **more) if request.term else None


@page(can="settings.manage")
def new(request: Any) -> HttpResponse:
    return _edit(request, None)


@page(can="settings.manage")
def change(request: Any, commitment_id: int) -> HttpResponse:
    return _edit(request, _commitment(request, commitment_id))


def _edit(request: Any, one: Commitment | None) -> HttpResponse:
    """Look at what it would ask for (GET), then keep it (POST)."""
    form, seen, draft = TermsForm.asked(request, one), None, None
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _save(request, form, one)
            draft = _draft(request, form, one)
            seen = shown(request, [draft])
        except Refused as refusal:
            apply_refusal(form, refusal)
    context = {
        "form": form,
        "one": one,
        "seen": seen,
        "draft": draft,
        "sentence": wording.sentence,
        "history": promises.history(one) if one else [],
    }
    return render(request, "commitments/edit.html", context, status=422 if form.errors else 200)


def _draft(request: Any, form: TermsForm, one: Commitment | None) -> Commitment:
    terms, starts_on = form.terms(), form.cleaned_data["starts_on"]
    if one is None:
        return versions.draft_new(request.school, "draft", terms, starts_on)
    return versions.draft_change(one, terms, starts_on)


def _save(request: Any, form: TermsForm, one: Commitment | None) -> HttpResponse:
    said = {"terms": form.terms(), **{name: form.cleaned_data[name] for name in ("starts_on", "reason")}}
    if one is None:
        client_id = form.cleaned_data["client_id"]
        actions.add(request.actor, school=request.school, client_id=client_id, **said)
        say(request, _("Added. It begins with its next window."))
    else:
        kept = actions.change(request.actor, commitment=one, **said)
        say(request, _("Changed: %(what)s. What was asked until now stays as it was.") % {"what": kept.label})
    return redirect("settings-commitments")


@require_POST
@page(can="settings.manage")
def switch(request: Any, commitment_id: int) -> HttpResponse:
    """Stop a promise, saying why, or keep it again."""
    one = _commitment(request, commitment_id)
    if request.POST.get("keep") == "1":
        actions.resume(request.actor, commitment=one)
        say(request, _("This is asked for again."))
    else:
        actions.stop(request.actor, commitment=one, reason=request.POST.get("reason", ""))
        undo = f"{reverse('settings-commitment-switch', args=[one.pk])}?keep=1"
        say(request, _("This is not asked for from tomorrow on."), undo=undo)
    return redirect("settings-commitments")


@require_POST
@page(can="settings.manage")
def stop_programme(request: Any, programme_id: int) -> HttpResponse:
    mine = Programme.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=programme_id)
    actions.stop_programme(request.actor, programme=found, reason=request.POST.get("reason", ""))
    say(request, _("Nothing of “%(what)s” is asked for from tomorrow on.") % {"what": found})
    return redirect("settings-commitments")


urlpatterns = [
    path("settings/commitments/", commitments, name="settings-commitments"),
    path("settings/commitments/install/", install, name="settings-commitments-install"),
    path("settings/commitments/new/", new, name="settings-commitment-new"),
    path("settings/commitments/<int:commitment_id>/", change, name="settings-commitment"),
    path("settings/commitments/<int:commitment_id>/switch/", switch, name="settings-commitment-switch"),
    path("settings/programmes/<str:programme_code>/", programme, name="settings-programme"),
    path("settings/programmes/<int:programme_id>/stop/", stop_programme, name="settings-programme-stop"),
]
