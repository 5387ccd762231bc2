"""The school's interview and survey forms: chosen, defined, changed, printed empty."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.profiles import survey_actions
from tongxing.care.profiles.models import Survey
from tongxing.care.profiles.queries import surveys_in_use
from tongxing.care.profiles.ready_surveys import READY
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.paper.documents.survey_papers import survey_paper

from .documents import attachment
from .page import apply_refusal, page, say
from .survey_forms import SurveyForm, topic_forms


def survey_of(request: Any, survey_id: int) -> Survey:
    mine = Survey.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.prefetch_related("versions"), pk=survey_id)


def students_to_ask(request: Any) -> Any:
    """Those for whom this person may fill in a form, with their class and key."""
    may = request.actor.students_where(survey_actions.FILL_IN, student="pk")
    mine = Student.objects.visible_to(request.actor, "care").filter(may, school=request.school)
    return mine.enrolled().with_class(clock.today()).select_related("key", "school")


def classes_to_ask(request: Any) -> list[SchoolClass]:
    """The classes in which there is somebody to ask."""
    if request.term is None:
        return []
    classes = SchoolClass.objects.visible_to(request.actor).filter(year=request.term.year)
    asked = students_to_ask(request).values("class_id")
    return list(classes.filter(pk__in=asked))


@page(can=survey_actions.FILL_IN)
def surveys(request: Any) -> HttpResponse:
    """The forms in use; whoever leads the work also finds those that come with the product and those that ended."""
    may_define = request.actor.may(survey_actions.DEFINE, school_id=request.school.pk)
    in_use = surveys_in_use(request.actor, request.school.pk)
    taken = {survey.ready for survey in in_use}
    ended = Survey.objects.visible_to(request.actor).filter(school=request.school, ended_on__isnull=False)
    context = {
        "surveys": in_use,
        "may_define": may_define,
        "ready": [one for one in READY.values() if one.code not in taken] if may_define else [],
        "ended": ended.prefetch_related("versions") if may_define else [],
    }
    return render(request, "surveys/list.html", context)


@page(can=survey_actions.FILL_IN)
def survey(request: Any, survey_id: int) -> HttpResponse:
    """What a form asks, its earlier wordings, and where to go on with it."""
    found = survey_of(request, survey_id)
    context = {
        "survey": found,
        "version": found.current,
        "versions": found.versions.all(),
        "classes": classes_to_ask(request),
        "may_define": request.actor.may(survey_actions.DEFINE, school_id=found.school_id),
    }
    return render(request, "surveys/survey.html", context)


@page(can=survey_actions.DEFINE, gives_back=True)
def new(request: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, topics = SurveyForm(data, initial={"client_id": uuid4()}), topic_forms(data)
    if request.method == "POST" and form.is_valid() and topics.is_valid():
        try:
            made = survey_actions.define_survey(
                request.actor,
                school=request.school,
                topics=[one.topic for one in topics if one.has_changed()],
                **form.cleaned_data,
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The form is ready."))
            return redirect("survey", made.pk)
    return _edit(request, form, topics)


@page(can=survey_actions.DEFINE, gives_back=True)
def edit(request: Any, survey_id: int) -> HttpResponse:
    found = survey_of(request, survey_id)
    last, data = found.current, request.POST if request.method == "POST" else None
    form = SurveyForm(data, initial={"client_id": uuid4(), "title": last.title, "asked": found.asked})
    del form.fields["asked"]  # whoever was asked once, was asked
    topics = topic_forms(data, last)
    if request.method == "POST" and form.is_valid() and topics.is_valid():
        try:
            _change(request, found, form, topics)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("survey", found.pk)
    return _edit(request, form, topics, survey=found, version=last)


def _change(request: Any, found: Survey, form: Any, topics: Any) -> None:
    after = request.POST.get("after", "")
    last = found.current
    made = survey_actions.change_survey(
        request.actor,
        survey=found,
        after=int(after) if after.isdecimal() else 0,
        title=form.cleaned_data["title"],
        topics=[one.topic for one in topics if one.cleaned_data],
    )
    say(
        request,
        _("Nothing was different.") if made == last else _("Changed. Earlier answers keep their wording."),
    )


def _edit(request: Any, form: Any, topics: Any, **more: Any) -> HttpResponse:
    wrong = form.errors or topics.is_bound and not topics.is_valid()
    return render(
        request, "surveys/edit.html", {"form": form, "topics": topics, **more}, status=422 if wrong else 200
    )


@page(can=survey_actions.DEFINE)
@require_POST
def take_ready(request: Any) -> HttpResponse:
    taken = survey_actions.take_ready(
        request.actor, school=request.school, code=request.POST.get("ready", "")
    )
    say(request, _("The form is ready. Change it as you like."))
    return redirect("survey", taken.pk)


@page(can=survey_actions.DEFINE)
@require_POST
def end(request: Any, survey_id: int) -> HttpResponse:
    """Not used any more; with `runs` the way back."""
    found = survey_of(request, survey_id)
    runs = "runs" in request.POST
    survey_actions.end_survey(request.actor, survey=found, runs=runs)
    undo = "" if runs else f"{reverse('survey-end', args=[found.pk])}?runs=1"
    said = _("The form is in use again.") if runs else _("Not used any more. What was answered stays.")
    say(request, said, undo=undo)
    return redirect("surveys")


@page(can=survey_actions.FILL_IN)
@require_POST
def paper(request: Any, survey_id: int) -> HttpResponse:
    """The empty form: one page to copy, or a page with the name of each student of a class."""
    version, chosen = survey_of(request, survey_id).current, request.POST.get("class", "")
    school_class = next((one for one in classes_to_ask(request) if str(one.pk) == chosen), None)
    students = (
        students_to_ask(request).filter(class_id=school_class.pk) if school_class else Student.objects.none()
    )
    file = survey_paper(request.actor, version=version, students=students.order_by("pinyin", "pk"))
    name = " ".join(filter(None, (version.title, school_class.name if school_class else "")))
    return attachment(file, name, "pdf")


urlpatterns = [
    path("surveys/", surveys, name="surveys"),
    path("surveys/new/", new, name="survey-new"),
    path("surveys/ready/", take_ready, name="survey-ready"),
    path("surveys/<int:survey_id>/", survey, name="survey"),
    path("surveys/<int:survey_id>/edit/", edit, name="survey-edit"),
    path("surveys/<int:survey_id>/end/", end, name="survey-end"),
    path("surveys/<int:survey_id>/paper/", paper, name="survey-paper"),
]
