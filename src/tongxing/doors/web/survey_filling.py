"""Filling in a form: for one child on the phone, or a round on paper for a whole class, each child saved by itself."""

from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tongxing.care.profiles import survey_actions
from tongxing.care.profiles.models import Survey, SurveyAnswers
from tongxing.care.profiles.queries import filled_in
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import SchoolClass, Student

from .page import apply_refusal, page, say
from .safety import after_writing
from .survey_forms import AnswersForm, DayForm
from .surveys import students_to_ask, survey_of


@page(can=survey_actions.FILL_IN, gives_back=True)
def fill(request: Any, student_id: int, survey_id: int) -> HttpResponse:
    """One form for one child; without the family's word the page says how to note it."""
    student = get_object_or_404(students_to_ask(request), pk=student_id)
    found = survey_of(request, survey_id)
    data = request.POST if request.method == "POST" else None
    day, form = DayForm(data), AnswersForm(found.current.questions, data)
    if request.method == "POST" and day.is_valid() and form.is_valid():
        begun = clock.now()
        try:
            _fill(request, found, student, day, form)
        except Refused as refusal:
            apply_refusal(day if refusal.field == "asked_on" else form, refusal)
        else:
            return after_writing(request, begun) or redirect("student-file", student.pk)
    agreed = not found.needs_consent or bool(with_consent([student.pk], survey_actions.PURPOSE))
    context = {"student": student, "survey": found, "version": found.current, "day": day, "form": form}
    context["agreed"] = agreed
    return render(request, "surveys/fill.html", context, status=422 if day.errors or form.errors else 200)


def _fill(request: Any, found: Survey, student: Student, day: DayForm, form: AnswersForm) -> None:
    told = survey_actions.fill_in(
        request.actor,
        student=student,
        version=found.current,
        said=form.said,
        asked_on=day.cleaned_data["asked_on"],
        client_id=day.page_id,
    )
    say(request, _("Written down."), undo=reverse("answers-back", args=[told.pk]))


@page(can=survey_actions.FILL_IN, gives_back=True)
def of_class(request: Any, survey_id: int, class_id: int) -> HttpResponse:
    """A round on paper: a card for each child of the class; empty cards stay away."""
    found, school_class = survey_of(request, survey_id), _class(request, class_id)
    students = list(students_to_ask(request).filter(class_id=school_class.pk).order_by("pinyin", "pk"))
    day, cards = DayForm(request.POST if request.method == "POST" else None), _cards(request, found, students)
    saved: list[Student] = []
    if request.method == "POST" and day.is_valid():
        begun = clock.now()
        saved = [
            student for student, form in cards if form.is_bound and _save(request, found, day, student, form)
        ]
        if saved and not any(form.errors for _student, form in cards):
            say(request, _words(len(saved)))
            return after_writing(request, begun) or redirect("survey-class", found.pk, school_class.pk)
    return _class_page(request, found, school_class, students, day, cards, saved)


def _class(request: Any, class_id: int) -> SchoolClass:
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(classes, pk=class_id)


def _cards(request: Any, found: Survey, students: list[Student]) -> list[tuple[Student, AnswersForm]]:
    """A form for each child whose family agrees; one without a word stays unbound."""
    agreed = {student.pk for student in students}
    if found.needs_consent:
        agreed = with_consent([student.pk for student in students], survey_actions.PURPOSE)
    topics = found.current.questions
    cards = []
    for student in students:
        prefix = f"s{student.pk}"
        typed = any(request.POST.get(f"{prefix}-{topic.code}", "").strip() for topic in topics)
        data = request.POST if typed else None
        if student.pk in agreed:
            cards.append((student, AnswersForm(topics, data, prefix=prefix, compact=True)))
    return cards


def _save(request: Any, found: Survey, day: DayForm, student: Student, form: AnswersForm) -> bool:
    if not form.is_valid():
        return False
    try:
        survey_actions.fill_in(
            request.actor,
            student=student,
            version=found.current,
            said=form.said,
            asked_on=day.cleaned_data["asked_on"],
            client_id=_card_id(day.page_id, student),
            from_paper=True,
        )
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


def _card_id(page_id: UUID, student: Student) -> UUID:
    """The same card sent twice is one record."""
    return uuid5(page_id, str(student.pk))


def _words(number: int) -> str:
    return ngettext("%(n)s child is written down.", "All %(n)s children are written down.", number) % {
        "n": number
    }


def _class_page(
    request: Any,
    found: Survey,
    school_class: SchoolClass,
    students: list[Student],
    day: DayForm,
    cards: list[tuple[Student, AnswersForm]],
    saved: list[Student],
) -> HttpResponse:
    asked = {student.pk for student, _form in cards}
    wrong = bool(day.errors) or any(form.errors for _student, form in cards)
    context = {
        "survey": found,
        "version": found.current,
        "school_class": school_class,
        "day": day,
        "cards": [(student, form) for student, form in cards if student not in saved],
        "done": filled_in(request.actor, found, [student.pk for student in students]),
        "not_agreed": [student for student in students if student.pk not in asked],
        "saved": saved,
        "wrong": wrong,
    }
    return render(request, "surveys/class.html", context, status=422 if wrong else 200)


@page(can=survey_actions.FILL_IN)
@require_POST
def take_back(request: Any, answers_id: int) -> HttpResponse:
    """Answers that were written down by mistake; later with a reason."""
    mine = SurveyAnswers.objects.visible_to(request.actor).filter(school=request.school)
    answers = get_object_or_404(mine, pk=answers_id)
    survey_actions.take_back(request.actor, answers=answers, reason=request.POST.get("reason", ""))
    say(request, _("Taken back."))
    return redirect("student-file", answers.student_id)


urlpatterns = [
    path("students/<int:student_id>/surveys/<int:survey_id>/", fill, name="survey-fill"),
    path("surveys/<int:survey_id>/classes/<int:class_id>/", of_class, name="survey-class"),
    path("survey-answers/<int:answers_id>/back/", take_back, name="answers-back"),
]
