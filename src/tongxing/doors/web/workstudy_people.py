"""Work-study: who asks for a post, who is chosen, who stops; what a student's own file says of it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.workstudy import rules
from tongxing.aid.workstudy.actions import selection as actions
from tongxing.aid.workstudy.models import Application, Assignment, Post
from tongxing.aid.workstudy.models_posts import MANAGE
from tongxing.aid.workstudy.queries import people as queries
from tongxing.aid.workstudy.queries.posts import posts_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Student
from tongxing.paper.documents import workstudy as documents

from .by_class import chosen_class, classes_for_choice, students_for
from .contact_forms import DayInput
from .documents import attachment
from .fields import offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say
from .workstudy import post_of


class ApplyForm(SentOnce):
    student = forms.ModelChoiceField(Student.objects.none(), label=gettext_lazy("Who asks"))
    words = forms.CharField(
        label=gettext_lazy("In the student’s own words"),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "Why this post, when there is time. The family’s circumstances are not asked again."
        ),
    )


def _year(request: Any) -> Any:
    if request.term is None:
        raise Refused(_("Please enter the school year first: a post is asked for by the year."))
    return request.term.year


@page(can=MANAGE, gives_back=True)
def apply(request: Any, post_id: int) -> HttpResponse:
    """Keyed in from the paper, class by class."""
    post = post_of(request, post_id)
    classes, _taught = classes_for_choice(request, MANAGE)
    chosen = chosen_class(request, classes)
    form = ApplyForm(request.POST if "client_id" in request.POST else None)
    found = students_for(request, MANAGE).filter(class_id=chosen.pk if chosen else None)
    offer_rows(form, "student", found.order_by("pinyin", "pk"))
    if form.is_valid() and _applied(request, form, post):
        return redirect("workstudy-selection", post.pk)
    context = {"post": post, "classes": classes, "chosen": chosen, "form": form}
    return render(request, "workstudy/apply.html", context, status=422 if form.errors else 200)


def _applied(request: Any, form: forms.Form, post: Post) -> bool:
    try:
        asked = actions.apply(request.actor, post=post, year=_year(request), **form.cleaned_data)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    back = reverse("workstudy-withdraw", args=[asked.pk])
    say(request, _("%(name)s asks for this post.") % {"name": asked.student.name}, undo=back)
    return True


@page(can=MANAGE)
def selection(request: Any, post_id: int) -> HttpResponse:
    """Who waits for this post; reasons are seen here and in the student's own file alone."""
    post = post_of(request, post_id)
    context = {
        "post": post,
        "waiting": queries.selection(request.actor, post),
        "decided": queries.decided(request.actor, post),
        "free": max(0, post.places - post.taken),
    }
    return render(request, "workstudy/selection.html", context)


class ChooseForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("First day of work"), widget=DayInput())
    agreed_on = forms.DateField(label=gettext_lazy("Agreement signed on"), widget=DayInput())
    reason = forms.CharField(
        label=gettext_lazy("Why this student begins first"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only where a hardship student waits for the same post."),
    )


class NotNowForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why not this time"),
        max_length=200,
        help_text=gettext_lazy("As you would say it to the student."),
    )


def _application(request: Any, asked_id: int) -> Application:
    mine = Application.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("post__school", "student__key", "year"), pk=asked_id)


@page(can=MANAGE)
def decide(request: Any, asked_id: int) -> HttpResponse:
    """One student who waits: begin (POST), or not this time."""
    found = _application(request, asked_id)
    form = ChooseForm(
        request.POST if request.method == "POST" else None, initial={"starts_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(request.actor, application=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            words = {"name": found.student.name, "post": found.post.name}
            say(request, _("%(name)s has a place at “%(post)s”.") % words)
            return redirect("workstudy-selection", found.post_id)
    return _show(request, found, form, NotNowForm(auto_id="not-%s"))


def _show(request: Any, found: Application, form: forms.Form, not_form: forms.Form) -> HttpResponse:
    mine = Application.objects.visible_to(request.actor).filter(pk=found.pk)
    context = {
        "one": queries.readings(request.actor, mine)[0],
        "form": form,
        "not_form": not_form,
        "needs_family": rules.needs_guardian(found.student.birth_date, clock.today()),
        "agrees": bool(with_consent([found.student_id], actions.CONSENT)),
        "passes_over": not found.outcome and actions.passes_over(found),
    }
    wrong = form.errors or not_form.errors
    return render(request, "workstudy/decide.html", context, status=422 if wrong else 200)


@require_POST
@page(can=MANAGE)
def not_now(request: Any, asked_id: int) -> HttpResponse:
    found, form = _application(request, asked_id), NotNowForm(request.POST, auto_id="not-%s")
    if form.is_valid():
        actions.not_now(request.actor, application=found, **form.cleaned_data)
        say(request, _("Noted. Please tell the student in person."))
        return redirect("workstudy-selection", found.post_id)
    return _show(request, found, ChooseForm(initial={"starts_on": clock.today()}), form)


@require_POST
@page(can=MANAGE)
def withdraw(request: Any, asked_id: int) -> HttpResponse:
    found = _application(request, asked_id)
    actions.withdraw(request.actor, application=found)
    say(request, _("Taken off the list."))
    return redirect("workstudy-selection", found.post_id)


@page(can=MANAGE)
def agreement(request: Any, asked_id: int, file_kind: str) -> HttpResponse:
    """The agreement to sign, filled in as far as is known."""
    found = _application(request, asked_id)
    if file_kind not in documents.AGREEMENT_KINDS:
        raise Http404
    file = documents.agreement(request.actor, application=found, kind=file_kind)
    return attachment(file, _("Work-study agreement"), file_kind)


class StopForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("Last day of work"), widget=DayInput())
    reason = forms.CharField(label=pgettext_lazy("work-study", "Why it ends"), max_length=200)


@page(can=MANAGE)
def stop(request: Any, work_place_id: int) -> HttpResponse:
    """A place is given back, with its last day."""
    mine = Assignment.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("post", "student"), pk=work_place_id)
    form = StopForm(request.POST or None, initial={"last_day": clock.today()})
    if form.is_valid():
        try:
            actions.end_assignment(request.actor, assignment=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Ended. Thank you to %(name)s.") % {"name": found.student.name})
            return redirect("workstudy-post", found.post_id)
    context = {"place": found, "form": form}
    return render(request, "workstudy/stop.html", context, status=422 if form.errors else 200)


class AskForm(SentOnce):
    post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("Which post"))
    words = forms.CharField(label=gettext_lazy("In the student’s own words"), max_length=200, required=False)


@page(can=MANAGE, gives_back=True)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """What this student asked for, where it works; asking for a post (POST)."""
    student = get_object_or_404(students_for(request, MANAGE).select_related("school"), pk=student_id)
    form = AskForm(request.POST if request.method == "POST" else None)
    offer_rows(form, "post", posts_of(request.actor, request.school).open())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"student": student, "year": _year(request)}
        try:
            actions.apply(request.actor, **said)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. The selection shows it."))
            return redirect("student-work", student.pk)
    work = queries.work_of(request.actor, student)
    context = {"student": student, "form": form, "asked": work.asked, "works_at": work.places}
    context["has_posts"] = posts_of(request.actor, request.school).open().exists()
    return render(request, "workstudy/student.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("work/<int:post_id>/apply/", apply, name="workstudy-apply"),
    path("work/<int:post_id>/selection/", selection, name="workstudy-selection"),
    path("work/asked/<int:asked_id>/", decide, name="workstudy-decide"),
    path("work/asked/<int:asked_id>/not-now/", not_now, name="workstudy-not-now"),
    path("work/asked/<int:asked_id>/withdraw/", withdraw, name="workstudy-withdraw"),
    path("work/asked/<int:asked_id>/agreement/<str:file_kind>/", agreement, name="workstudy-agreement"),
    path("work/places/<int:work_place_id>/end/", stop, name="workstudy-stop"),
    path("students/<int:student_id>/work/", of_student, name="student-work"),
]
