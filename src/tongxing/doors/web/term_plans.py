"""A student's plan of a term: the list of plans, writing one, its way to approval, looking at it again, its paper."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme import term_plan_queries, term_plan_reading, wording
from tongxing.care.programme import term_plan_words as words
from tongxing.care.programme.following import Following, following
from tongxing.care.programme.measure_actions import who_can_take
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_reading import WholePlan, family_said_in
from tongxing.care.screening.why import subjects_of, why
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Student, Term
from tongxing.paper.documents import plan_form
from tongxing.paper.documents.form_file import KINDS

from .commitments import shown as previewed
from .documents import attachment
from .duties import chips
from .page import apply_refusal, page, say
from .term_plan_forms import LookForm, PlanForms

WRITE, APPROVE, END = writing.WRITE, deciding.APPROVE, deciding.END


@page(can=WRITE)
def plans(request: Any) -> HttpResponse:
    """Who needs a plan and where each plan stands; what waits for this person first."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    context = {
        "board": term_plan_queries.board(request.actor, request.term),
        "chips": words.STAGE_CHIPS,
        "decides": request.actor.may(APPROVE, school_id=request.school.pk),
        "term": request.term,
    }
    return render(request, "term_plans/list.html", context)


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    found = get_object_or_404(mine.with_class(clock.today()).select_related("school", "key"), pk=student_id)
    request.actor.require(WRITE, school_id=found.school_id, student_id=found.pk)
    return found


def _plan(request: Any, plan_id: int) -> WholePlan:
    mine = TermPlan.objects.visible_to(request.actor).filter(school=request.school)
    plan = get_object_or_404(mine, pk=plan_id)
    request.actor.require(WRITE, school_id=plan.school_id, student_id=plan.student_id)
    return term_plan_reading.whole(request.actor, plan)


@page(can=WRITE, gives_back=True)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """The student's plan of this term, or the form that begins it."""
    student = _student(request, student_id)
    if request.term is None:
        return render(request, "overview/no_term.html")
    plan = TermPlan.objects.visible_to(request.actor).filter(student=student, term=request.term).first()
    if plan and request.method == "GET":
        return redirect("term-plan", plan.pk)
    if not Registration.objects.visible_to(request.actor).on(clock.today()).filter(student=student).exists():
        return render(request, "term_plans/not_registered.html", {"student": student})
    return _write(request, student, request.term, None)


@page(can=WRITE, gives_back=True)
def write(request: Any, plan_id: int) -> HttpResponse:
    """Go on with a draft, or begin the next version."""
    found = _plan(request, plan_id)
    return _write(request, found.row.student, found.plan.term, found)


def _write(request: Any, student: Student, term: Term, found: WholePlan | None) -> HttpResponse:
    form = PlanForms(request, student, term, found)
    if request.method == "POST" and form.is_valid():
        try:
            plan = _save(request, student, term, found, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(request, _("Kept. Hand it in once it says what you mean."))
            return redirect("term-plan", plan.pk)
    context = {"student": student, "plan": found, "form": form, **_why(request, student, term)}
    return render(request, "term_plans/write.html", context, status=422 if form.has_errors else 200)


def _save(request: Any, student: Student, term: Term, found: WholePlan | None, form: PlanForms) -> TermPlan:
    data = form.text.cleaned_data
    if found is None:
        about = {"student": student, "term": term, "client_id": data["client_id"]}
        return writing.begin_plan(request.actor, draft=form.draft(), **about)
    writing.write_plan(request.actor, plan=found.plan, seen=data["seen"], draft=form.draft())
    return found.plan


def _why(request: Any, student: Student, term: Term) -> dict[str, Any]:
    """Why this child is on the register and where a hand is needed, as far as this reader may know."""
    entry = Registration.objects.visible_to(request.actor).on(clock.today()).filter(student=student).first()
    first, newest = subjects_of(request.actor, student, term)
    return {
        "entry": entry,
        "why": why(request.actor, term, [student]).get(student.pk, ()),
        "subjects": newest,
        "subjects_before": first,
        "labels": words.SEEN,
    }


@page(can=WRITE)
def plan(request: Any, plan_id: int) -> HttpResponse:
    return _page(request, _plan(request, plan_id))


def _page(request: Any, found: WholePlan, **more: Any) -> HttpResponse:
    ids = {"school_id": found.plan.school_id, "student_id": found.plan.student_id}
    wrote = any(user.pk == request.actor.user_id for user in found.shown.version.writers.all())
    may_approve = request.actor.may(APPROVE, **ids) and not found.plan.ended_at
    context = {
        "plan": found,
        "student": found.row.student,
        "chip": words.STAGE_CHIPS[found.stage],
        "wrote": wrote,
        "may_decide": may_approve and not wrote,
        "may_send_back": may_approve and (not wrote or found.shown.version.state == "approved"),
        "may_end": request.actor.may(END, **ids) and not found.plan.ended_at,
        "often": words.often,
        "today": clock.today(),
        "refused": "",
        "sentence": wording.sentence,
        "chips": chips,
        "takers": who_can_take(found.row.student, found.plan.term) if found.in_force else (),
        **_why(request, found.row.student, found.plan.term),
        **_asks(request, found),
    }
    return render(request, "term_plans/plan.html", context | more, status=422 if more else 200)


def _asks(request: Any, found: WholePlan) -> dict[str, Any]:
    """What approving it would ask of whom, while it waits or is being written."""
    asks: Following | None = None
    seen, hindered = None, ""
    if found.shown.version.is_open and not found.plan.ended_at:
        measures = [one.measure for one in found.shown.measures]
        try:
            asks = following(found.plan, found.shown.version, measures)
            seen = previewed(request, asks.drafts, students=[found.plan.student_id]) if asks.drafts else None
        except Refused as refusal:
            hindered = refusal.message
    return {"asks": asks, "seen": seen, "hindered": hindered}


def _step(request: Any, found: WholePlan, do: Any, message: str, undo: str = "") -> HttpResponse:
    """Do one step of the way; a refusal is said on the page of the plan, with what was typed."""
    try:
        do()
    except Refused as refusal:
        return _page(request, found, refused=refusal.message)
    say(request, message, undo=undo)
    return redirect("term-plan", found.plan.pk)


@require_POST
@page(can=WRITE)
def hand_in(request: Any, plan_id: int) -> HttpResponse:
    found = _plan(request, plan_id)
    seen = request.POST.get("seen", "")
    return _step(
        request,
        found,
        lambda: writing.hand_in(request.actor, plan=found.plan, seen=seen),
        _("Handed in. You hear as soon as somebody has read it."),
        undo=reverse("term-plan-take-back", args=[plan_id]),
    )


@require_POST
@page(can=WRITE)
def take_back(request: Any, plan_id: int) -> HttpResponse:
    found = _plan(request, plan_id)
    take = lambda: writing.take_back(request.actor, plan=found.plan)  # noqa: E731  # one step of the way
    return _step(request, found, take, _("Taken back. You can write on."))


@require_POST
@page(can=APPROVE)
def approve(request: Any, plan_id: int) -> HttpResponse:
    found = _plan(request, plan_id)
    seen = request.POST.get("seen", "")
    return _step(
        request,
        found,
        lambda: deciding.approve(request.actor, plan=found.plan, seen=seen),
        _("Approved. What it asks now stands in the weeks of those who answer for it."),
    )


@require_POST
@page(can=APPROVE)
def send_back(request: Any, plan_id: int) -> HttpResponse:
    found = _plan(request, plan_id)
    sentence, seen = request.POST.get("sentence", ""), request.POST.get("seen", "")
    return _step(
        request,
        found,
        lambda: deciding.send_back(request.actor, plan=found.plan, sentence=sentence, seen=seen),
        _("Sent back with your sentence."),
    )


@require_POST
@page(can=END)
def end(request: Any, plan_id: int) -> HttpResponse:
    found = _plan(request, plan_id)
    reason = request.POST.get("reason", "")
    return _step(
        request,
        found,
        lambda: deciding.end_plan(request.actor, plan=found.plan, reason=reason),
        _("The plan has ended. It stays readable."),
    )


@page(can=WRITE, gives_back=True)
def look(request: Any, plan_id: int) -> HttpResponse:
    """Look at it again: what helped, what next."""
    found = _plan(request, plan_id)
    data = request.POST if request.method == "POST" else None
    said = family_said_in(request.actor, found.row.student, found.plan.term)
    form = LookForm(data, said, (found.in_force or found.shown).version.until)
    if request.method == "POST" and form.is_valid():
        try:
            review = deciding.look_again(
                request.actor, plan=found.plan, client_id=form.cleaned_data["client_id"], look=form.look()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return _looked(request, found, review.conclusion)
    context = {"plan": found, "student": found.row.student, "form": form, "often": words.often}
    return render(request, "term_plans/look.html", context, status=422 if form.errors else 200)


def _looked(request: Any, found: WholePlan, conclusion: str) -> HttpResponse:
    say(request, _("Kept, thank you."))
    changes = conclusion == "changes" and TermPlan.objects.filter(pk=found.plan.pk, ended_at=None).exists()
    return redirect("term-plan-write" if changes else "term-plan", found.plan.pk)


class PaperForm(forms.Form):
    paper = forms.ChoiceField(choices=[(code, code) for code in plan_form.PAPERS])
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])


@require_POST
@page(can=WRITE)
def paper(request: Any, plan_id: int) -> HttpResponse:
    """One of the plan's forms as a file to print or to keep."""
    found = _plan(request, plan_id)
    what, _dot, kind = request.POST.get("make", "").partition(".")
    form = PaperForm({"paper": what, "kind": kind})
    if not form.is_valid():
        raise Refused(_("Choose a form."))
    file = plan_form.plan_paper(request.actor, plan=found, paper=what, kind=kind)
    return attachment(file, f"{found.row.student.code} {plan_form.PAPERS[what]} {clock.today()}", kind)


urlpatterns = [
    path("plans/", plans, name="plans"),
    path("students/<int:student_id>/term-plan/", of_student, name="student-term-plan"),
    path("plans/<int:plan_id>/", plan, name="term-plan"),
    path("plans/<int:plan_id>/write/", write, name="term-plan-write"),
    path("plans/<int:plan_id>/hand-in/", hand_in, name="term-plan-hand-in"),
    path("plans/<int:plan_id>/take-back/", take_back, name="term-plan-take-back"),
    path("plans/<int:plan_id>/approve/", approve, name="term-plan-approve"),
    path("plans/<int:plan_id>/send-back/", send_back, name="term-plan-send-back"),
    path("plans/<int:plan_id>/look/", look, name="term-plan-look"),
    path("plans/<int:plan_id>/end/", end, name="term-plan-end"),
    path("plans/<int:plan_id>/paper/", paper, name="term-plan-paper"),
]
