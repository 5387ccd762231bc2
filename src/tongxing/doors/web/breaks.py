"""Before a break: the safety lesson of each class, the letter home, who calls which child in which week."""

import datetime
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch.actions import breaks as actions
from tongxing.care.attendance_watch.models import Absence, Break, MissedLesson
from tongxing.care.attendance_watch.models_absence import AWAY, FOLLOW, MANAGE, MARK
from tongxing.care.attendance_watch.models_breaks import Topic
from tongxing.care.attendance_watch.queries.breaks import (
    calls,
    classes_ready,
    gap_on,
    gaps_of,
    reader_of,
)
from tongxing.care.attendance_watch.rules import Gap
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import Guardian, SchoolClass, Staff, Student
from tongxing.ground.people.queries import staff_of

from .attendance import colleagues, marked_class
from .contact_forms import DayInput
from .page import apply_refusal, page, say


class LessonForm(forms.Form):
    held_on = forms.DateField(label=gettext_lazy("Day of the lesson"), widget=DayInput())
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What it was about"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    missed = forms.ModelMultipleChoiceField(
        Student.objects.none(),
        label=gettext_lazy("Who was not there? They get it later."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any, students: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        cast(forms.ModelMultipleChoiceField, self.fields["missed"]).queryset = students


def name_of(gap: Gap) -> str:
    """寒假 / Winter break, or the holiday's own name."""
    if gap.season == Break.Season.HOLIDAY and gap.name:
        return gap.name
    return str(Break.Season(gap.season).label)


def _gap(request: Any, break_day: str) -> Gap:
    try:
        day = datetime.date.fromisoformat(break_day)
    except ValueError:
        raise Http404 from None
    found = gap_on(request.term, day) if request.term else None
    if found is None:
        raise Http404
    return found


@page(can=FOLLOW)
def one(request: Any, break_day: str) -> HttpResponse:
    """How far the preparation has come; the other breaks of the term below."""
    gap = _gap(request, break_day)
    ready = classes_ready(request.actor, request.term, gap)
    called = calls(request.actor, request.school, request.term, gap)
    context = {
        "gap": gap,
        "name": name_of(gap),
        "ready": ready,
        "waiting": [one for one in ready if one.lesson is None],
        "missed": [(one.school_class, row) for one in ready for row in one.missed],
        "calls": called,
        "holes": [call for call in called if call.caller is None],
        "gaps": [(other, name_of(other)) for other in gaps_of(request.term) if other != gap],
        "today": clock.today(),
    }
    return render(request, "breaks/break.html", context)


@page(can=MARK)
def lesson(request: Any, break_day: str, class_id: int) -> HttpResponse:
    gap, school_class = _gap(request, break_day), marked_class(request, class_id)
    ready = next(
        one for one in classes_ready(request.actor, request.term, gap) if one.school_class == school_class
    )
    form = LessonForm(request.POST or None, _students(school_class), _first(ready, school_class))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = {"held_on": said["held_on"], "topics": said["topics"]}
        missed = [one.pk for one in said["missed"]]
        try:
            actions.note_lesson(request.actor, school_class=school_class, gap=gap, missed=missed, **told)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. Whoever missed it stands on the page until they have had it."))
            return redirect("break", break_day)
    context = {"form": form, "school_class": school_class, "gap": gap, "name": name_of(gap)}
    return render(request, "breaks/lesson.html", context, status=422 if form.errors else 200)


def _students(school_class: SchoolClass) -> Any:
    today = clock.today()
    members = school_class.memberships.on(today)
    return Student.objects.enrolled().filter(memberships__in=members).order_by("pinyin", "pk")


def _first(ready: Any, school_class: SchoolClass) -> dict[str, Any]:
    """What is noted already; else today, all four, and whoever is away today."""
    if ready.lesson:
        missed = [one.student_id for one in ready.missed]
        return {"held_on": ready.lesson.held_on, "topics": ready.lesson.topics, "missed": missed}
    away = Absence.objects.filter(
        student__in=_students(school_class), day=clock.today(), reason__in=AWAY
    ).values_list("student_id", flat=True)
    return {"held_on": clock.today(), "topics": Topic.values, "missed": list(away)}


@page(can=MARK)
@require_POST
def caught_up(request: Any, missed_id: int) -> HttpResponse:
    rows = MissedLesson.objects.filter(request.actor.students_where(MARK), school=request.school)
    missed = get_object_or_404(rows.select_related("lesson__recess", "student"), pk=missed_id)
    undone = "undone" in request.POST
    actions.caught_up(request.actor, missed=missed, undone=undone)
    back = reverse("break-caught-up", args=[missed.pk])
    words = _("%(name)s has had it now.") % {"name": missed.student.name}
    if undone:
        say(request, _("As it was before."))
    else:
        say(request, words, undo=f"{back}?undone=1")
    return redirect("break", missed.lesson.recess.starts_on.isoformat())


@page(can=FOLLOW)
def letter(request: Any, break_day: str) -> HttpResponse:
    """To print: the letter home, and a slip for each family to whom it is read aloud."""
    gap = _gap(request, break_day)
    mine = Student.objects.visible_to(request.actor, "contact").enrolled().filter(school=request.school)
    unable = set(
        Guardian.objects.present()
        .filter(school=request.school, reads=False)
        .values_list("student", flat=True)
    )
    students = list(
        mine.filter(pk__in=unable)
        .with_class(clock.today())
        .order_by("class_grade", "class_number", "pinyin", "pk")
    )
    people = reader_of([one.pk for one in students])
    slips = [(one, people[one.pk]) for one in students if one.pk in people]
    context = {"gap": gap, "name": name_of(gap), "slips": slips, "topics": Topic.choices}
    return render(request, "breaks/letter.html", context)


@page(can=FOLLOW)
def call_list(request: Any, break_day: str) -> HttpResponse:
    """Who calls whom in which week: one's own first; for those who lead, all, with changing by hand."""
    gap = _gap(request, break_day)
    own = staff_of(request.actor.user_id)
    found = calls(request.actor, request.school, request.term, gap)
    leads = request.actor.may(MANAGE)
    mine = [call for call in found if own and call.caller and call.caller.pk == own.pk]
    others = [call for call in found if call not in mine] if leads else []
    weeks = {call.week.number: call.week for call in others}
    shown = _week(request, list(weeks.values()))
    context = {
        "gap": gap,
        "name": name_of(gap),
        "mine": mine,
        "holes": [call for call in others if call.caller is None],
        "weeks": list(weeks.values()),
        "shown": shown,
        "others": [call for call in others if call.caller is not None and call.week == shown],
        "leads": leads,
        "asked": (asked := _call_to_change(request)),
        "staff": colleagues(request) if leads and asked else Staff.objects.none(),
        "today": clock.today(),
    }
    return render(request, "breaks/calls.html", context)


def _week(request: Any, weeks: list[Week]) -> Week | None:
    """The week that is asked for, else the one that is or the next one."""
    wanted = request.GET.get("week", "")
    asked = (one for one in weeks if str(one.number) == wanted)
    coming = (one for one in weeks if one.sunday >= clock.today())
    return next(asked, None) or next(coming, None) or (weeks[-1] if weeks else None)


def _call_to_change(request: Any) -> tuple[int, int] | None:
    """The child and the week whose caller is to be chosen anew."""
    student, _, week = request.GET.get("change", "").partition("-")
    return (int(student), int(week)) if student.isdecimal() and week.isdecimal() else None


@page(can=MANAGE)
@require_POST
def swap(request: Any, break_day: str, student_id: int) -> HttpResponse:
    """Somebody else calls this child in that week."""
    gap = _gap(request, break_day)
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("school"), pk=student_id)
    week, chosen = request.POST.get("week", ""), request.POST.get("caller", "")
    caller = get_object_or_404(colleagues(request), pk=int(chosen)) if chosen.isdecimal() else None
    called = calls(request.actor, request.school, request.term, gap)
    if not any(call.student.pk == student.pk and str(call.week.number) == week for call in called):
        raise Refused(_("No call is planned in this week. Please look at the list again."))
    actions.swap_caller(request.actor, student=student, gap=gap, week=int(week), caller=caller)
    say(
        request,
        _("Changed. The list shows it.")
        if caller
        else _("Taken off. The child stands first until somebody calls."),
    )
    return redirect(f"{reverse('break-calls', args=[break_day])}?week={week}")


urlpatterns = [
    path("breaks/<str:break_day>/", one, name="break"),
    path("breaks/<str:break_day>/letter/", letter, name="break-letter"),
    path("breaks/<str:break_day>/calls/", call_list, name="break-calls"),
    path("breaks/<str:break_day>/calls/<int:student_id>/", swap, name="break-swap"),
    path("breaks/<str:break_day>/class/<int:class_id>/", lesson, name="break-lesson"),
    path("breaks/missed/<int:missed_id>/", caught_up, name="break-caught-up"),
]
