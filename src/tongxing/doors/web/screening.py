"""Looking at every child: the round and its candidates; and the support register."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.pairing.models import Pair
from tongxing.care.screening import actions, queries
from tongxing.care.screening.evidence import records_behind
from tongxing.care.screening.models import Looked, Round
from tongxing.care.screening.nominations import open_nominations
from tongxing.care.screening.visits import classes_without_visit
from tongxing.care.screening.wording import REASON_NAMES
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.doors.web.safety import after_writing
from tongxing.doors.web.screening_forms import DecisionForm, EnterForm, LeaveForm, LookForm
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import leave_register
from tongxing.ground.people.actions import register as enter_register
from tongxing.ground.people.models import Registration, SchoolClass, Student

DECISIONS = {*Looked.Decision.values, "confirmed"}


def _round(request: Any) -> Round:
    """The current term's round; 404 where none was opened yet."""
    round = queries.current_round(request.actor, request.term)
    if round is None:
        raise Http404
    return round


def _may(request: Any, ability: str) -> bool:
    return request.actor.may(ability, school_id=request.school.pk)


@page(can="screening.nominate")
@require_safe
def overview(request: Any) -> HttpResponse:
    """The whole school; a class teacher is led to the own class."""
    if not _may(request, "screening.view"):
        return redirect("screening-classes")
    round = queries.current_round(request.actor, request.term)
    shown: dict[str, Any] = {
        "round": round,
        "manages": _may(request, "screening.manage"),
        "waiting": open_nominations(request.actor, request.school.pk),
    }
    if round is not None:
        registered = queries.register(request.actor, request.school, clock.today())
        shown |= {
            "seen": queries.coverage(request.actor, round),
            "classes": queries.classes(request.actor, round),
            "reasons": _by_reason(request, round),
            "registered": len(registered),
            "registered_key": sum(entry.level == "key" for entry in registered),
            "approves": _may(request, "screening.approve"),
            "without_visit": classes_without_visit(request.actor, round.term),
        }
    return render(request, "screening/overview.html", shown)


def _by_reason(request: Any, round: Round) -> list[tuple[str, str, int]]:
    counts = queries.candidates_by_reason(request.actor, round)
    return [(code, str(REASON_NAMES[code]), count) for code, count in counts.items()]


@page(can="screening.manage")
@require_POST
def run(request: Any) -> HttpResponse:
    if request.term is None:
        raise Refused(_("Please create the school year and its terms first."))
    actions.run_round(request.actor, term=request.term)
    say(request, _("Everyone has been looked at with what is on record today."))
    return redirect("screening")


@page(can="screening.view")
@require_safe
def candidates(request: Any) -> HttpResponse:
    round, asked = _round(request), request.GET
    class_id = int(asked["class"]) if asked.get("class", "").isdecimal() else None
    decision = asked.get("decision", "") if asked.get("decision") in DECISIONS else ""
    lists = queries.candidates(
        request.actor, round, class_id=class_id, reason=asked.get("reason", ""), decision=decision
    )
    shown = {
        "round": round,
        "lists": lists,
        "pending": sum(one.pending for one in lists),
        "reasons": _by_reason(request, round),
        "asked": {"class": class_id, "reason": asked.get("reason", ""), "decision": decision},
        "query": f"?{asked.urlencode()}" if asked else "",
        "manages": _may(request, "screening.manage"),
    }
    return render(request, "screening/candidates.html", shown)


@page(can="screening.view")
@require_safe
def why(request: Any, student_id: int) -> HttpResponse:
    """One candidate: every reason with the records behind it."""
    round = _round(request)
    students = Student.objects.visible_to(request.actor).filter(school_id=round.school_id)
    student = get_object_or_404(students.with_class(clock.today()), pk=student_id)
    row = queries.candidate(request.actor, round, student)
    if row is None:
        raise Http404
    shown = {
        "row": row,
        "reasons": records_behind(request.actor, row.reasons),
        "manages": _may(request, "screening.manage"),
        "query": "",
    }
    return render(request, "screening/why.html", shown)


@page(can="screening.manage")
@require_POST
def decide(request: Any) -> HttpResponse:
    """One student (level or set aside with a reason) or the ticked students of a class list."""
    round, form, begun = _round(request), DecisionForm(request.POST), clock.now()
    if not form.is_valid():
        raise Refused(_("Please choose at least one student."))
    if form.cleaned_data["aside"]:
        student = get_object_or_404(
            Student.objects.visible_to(request.actor),
            pk=form.cleaned_data["aside"],
            school_id=round.school_id,
        )
        actions.set_aside(request.actor, round=round, student=student, reason=form.cleaned_data["reason"])
        say(request, _("Written down. The reason stays with the list."))
    else:
        count = actions.confirm(request.actor, round=round, levels=form.cleaned_data["levels"])
        say(request, ngettext("%(n)s student confirmed.", "%(n)s students confirmed.", count) % {"n": count})
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return after_writing(request, begun) or redirect(reverse("screening-candidates") + query)


@page(can="screening.manage")
def unseen(request: Any) -> HttpResponse:
    round = _round(request)
    waiting = queries.unseen(request.actor, round)
    form = LookForm(request.POST or None, students=waiting)
    if request.method == "POST" and form.is_valid():
        begun = clock.now()
        try:
            count = actions.look_at(
                request.actor, round=round, students=form.chosen, note=form.cleaned_data["note"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            said = ngettext("%(n)s student looked at.", "%(n)s students looked at.", count)
            say(request, said % {"n": count})
            onward = "screening-unseen" if len(waiting) > count else "screening"
            return after_writing(request, begun) or redirect(onward)
    return render(
        request,
        "screening/unseen.html",
        {"round": round, "waiting": waiting, "form": form},
        status=422 if form.errors else 200,
    )


@page(can="screening.approve")
@require_POST
def approve(request: Any) -> HttpResponse:
    done = actions.approve(request.actor, round=_round(request))
    sentence = _(
        "Approved: %(entered)s entered the register, %(changed)s changed level, %(kept)s stay as they are."
    )
    say(request, sentence % {"entered": done.entered, "changed": done.changed, "kept": done.kept})
    return redirect("register")


@page(can="register.view")
@require_safe
def register(request: Any) -> HttpResponse:
    asked, today = request.GET, clock.today()
    class_id = int(asked["class"]) if asked.get("class", "").isdecimal() else None
    level = asked.get("level", "") if asked.get("level") in Registration.Level.values else ""
    everyone = queries.register(request.actor, request.school, today)
    entries = queries.register(
        request.actor, request.school, today, class_id=class_id, level=level, text=asked.get("q", "")
    )
    pairs = Pair.objects.visible_to(request.actor).open().of_first_helpers().filter(school=request.school)
    shown = {
        "entries": entries,
        "total": len(everyone),
        "key": sum(entry.level == "key" for entry in everyone),
        "helpers": {pair.student_id: pair.helper.name for pair in pairs.select_related("helper")},
        "classes": _classes_on_register(request, everyone),
        "asked": {"class": class_id, "level": level, "q": asked.get("q", "")},
        "approves": _may(request, "screening.approve"),
        "left": _left(request),
    }
    return render(request, "screening/register.html", shown)


def _left(request: Any) -> list[Registration]:
    """Who has left the register this term."""
    return (
        queries.left_register(request.actor, request.school, request.term.starts_on) if request.term else []
    )


def _classes_on_register(request: Any, entries: list[queries.Entry]) -> list[SchoolClass]:
    wanted = {entry.class_id for entry in entries}
    return list(SchoolClass.objects.visible_to(request.actor).filter(pk__in=wanted))


@page(can="screening.approve")
def leave(request: Any, student_id: int) -> HttpResponse:
    """Taking someone off the register: a deliberate step with its reason, never a side effect."""
    entries = Registration.objects.visible_to(request.actor).filter(school=request.school, ends_on=None)
    entry = get_object_or_404(entries.select_related("student"), student=student_id)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leave_register(request.actor, entry=entry, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("%(name)s has left the register; the history stays.") % {"name": entry.student.name},
            )
            return redirect("register")
    return render(
        request, "screening/leave.html", {"entry": entry, "form": form}, status=422 if form.errors else 200
    )


@page(can="screening.approve")
def enter(request: Any, student_id: int) -> HttpResponse:
    """Between two rounds, or again: a child enters the register by itself, with the reason and what was before."""
    students = Student.objects.visible_to(request.actor).filter(school=request.school).enrolled()
    student = get_object_or_404(students.with_class(clock.today()), pk=student_id)
    entries = Registration.objects.visible_to(request.actor).filter(student=student).order_by("-starts_on")
    form = EnterForm(request.POST or None, initial={"level": entries[0].level} if entries else None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_register(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s is on the register now.") % {"name": student.name})
            return redirect("student", student.pk)
    shown = {"student": student, "form": form, "entries": entries}
    return render(request, "screening/enter.html", shown, status=422 if form.errors else 200)


urlpatterns = [
    path("screening/", overview, name="screening"),
    path("screening/run/", run, name="screening-run"),
    path("screening/candidates/", candidates, name="screening-candidates"),
    path("screening/candidates/decide/", decide, name="screening-decide"),
    path("screening/candidates/<int:student_id>/", why, name="screening-why"),
    path("screening/unseen/", unseen, name="screening-unseen"),
    path("screening/approve/", approve, name="screening-approve"),
    path("register/", register, name="register"),
    path("register/<int:student_id>/enter/", enter, name="register-enter"),
    path("register/<int:student_id>/leave/", leave, name="register-leave"),
]
