"""The classes of a school year: names, class teachers, who teaches what."""

from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.access.actions import set_class_teacher
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import class_actions
from tongxing.ground.people.models import Responsibility, SchoolClass, Staff, Student, Teaching

from .fields import offer_rows
from .page import apply_refusal, page, say


class ClassesForm(forms.Form):
    names = forms.CharField(
        label=gettext_lazy("Classes, one per line"),
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("For example 初一(1)班, 七年级2班 or 四年级1班."),
    )


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the class"), max_length=40)


class TeacherForm(forms.Form):
    staff = forms.ModelChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("Class teacher"),
        required=False,
        empty_label=gettext_lazy("nobody at present"),
    )

    def __init__(self, *args: Any, staff: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "staff", staff)


class LessonForm(TeacherForm):
    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Colleague"), empty_label=gettext_lazy("please choose")
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=30)


def _classes(request: Any) -> QuerySet[SchoolClass]:
    """This school's classes with how many students they have today and who leads them."""
    today = clock.today()
    leads = Responsibility.objects.on(today).filter(post=Responsibility.Post.CLASS_TEACHER)
    member = Q(memberships__starts_on__lte=today) & (
        Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today)
    )
    enrolled = Q(memberships__student__status=Student.Status.ENROLLED)
    found = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    found = found.annotate(students=Count("memberships", filter=member & enrolled, distinct=True))
    return found.prefetch_related(Prefetch("responsible", leads.select_related("staff"), "leading"))


def _colleagues(request: Any) -> QuerySet[Staff]:
    return Staff.objects.active(clock.today()).filter(school=request.school).order_by("pinyin", "pk")


@page(can="settings.manage")
def classes(request: Any) -> HttpResponse:
    """Every class of this school year; new ones by their names."""
    year = request.term.year if request.term else None
    form = ClassesForm(request.POST or None)
    if request.method == "POST" and year and form.is_valid():
        try:
            names = form.cleaned_data["names"].replace("，", "\n").replace("、", "\n").splitlines()
            class_actions.add_classes(request.actor, year=year, names=names)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The classes are there. Next: their class teachers."))
            return redirect("classes")
    taught = Teaching.objects.filter(term=request.term, school_class=OuterRef("pk"))
    found = _classes(request).filter(year=year).annotate(taught=Exists(taught))
    context = {"form": form, "year": year, "classes": found}
    return render(request, "classes/list.html", context, status=422 if form.errors else 200)


@page(can="settings.manage")
def school_class(request: Any, class_id: int) -> HttpResponse:
    """One class: its name (POST), its class teacher, its lessons."""
    found = get_object_or_404(_classes(request), pk=class_id)
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            class_actions.rename_class(request.actor, school_class=found, name=form.cleaned_data["name"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The name is changed."))
            return redirect("class", found.pk)
    return _class(request, found, name=form)


def _class(request: Any, found: Any, **given: forms.Form) -> HttpResponse:
    staff = _colleagues(request)
    leading = [post.staff_id for post in found.leading]
    lessons = Teaching.objects.filter(school_class=found, term=request.term).select_related("staff")
    context = {
        "name": NameForm(initial={"name": found.name}),
        "teacher": TeacherForm(staff=staff, initial={"staff": leading[0] if leading else None}),
        "lesson": LessonForm(staff=staff, auto_id="lesson-%s"),
        "lessons": lessons.order_by("subject", "staff__pinyin"),
        "found": found,
        "is_current": request.term is not None and found.year_id == request.term.year_id,
    }
    wrong = any(form.errors for form in given.values())
    return render(request, "classes/class.html", context | given, status=422 if wrong else 200)


@require_POST
@page(can="account.manage")
def class_teacher(request: Any, class_id: int) -> HttpResponse:
    found = get_object_or_404(_classes(request), pk=class_id)
    form = TeacherForm(request.POST, staff=_colleagues(request))
    if not form.is_valid():
        return _class(request, found, teacher=form)
    chosen = form.cleaned_data["staff"]
    set_class_teacher(request.actor, school_class=found, staff=chosen)
    say(request, _("The class teacher is noted and sees the class from now on.") if chosen else _("Noted."))
    return redirect("class", found.pk)


@require_POST
@page(can="settings.manage")
def teach(request: Any, class_id: int) -> HttpResponse:
    found = get_object_or_404(_classes(request), pk=class_id)
    form = LessonForm(request.POST, staff=_colleagues(request), auto_id="lesson-%s")
    if form.is_valid():
        try:
            class_actions.teach(request.actor, term=request.term, school_class=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect(f"{reverse('class', args=[found.pk])}#lessons")
    return _class(request, found, lesson=form)


@require_POST
@page(can="settings.manage")
def stop_teaching(request: Any, class_id: int) -> HttpResponse:
    lessons = Teaching.objects.filter(school=request.school, school_class=class_id, term=request.term)
    asked = request.POST.get("teaching", "")
    teaching = get_object_or_404(lessons, pk=asked if asked.isdecimal() else None)
    class_actions.stop_teaching(request.actor, teaching=teaching)
    return redirect(f"{reverse('class', args=[class_id])}#lessons")


urlpatterns = [
    path("settings/classes/", classes, name="classes"),
    path("settings/classes/<int:class_id>/", school_class, name="class"),
    path("settings/classes/<int:class_id>/teacher/", class_teacher, name="class-teacher"),
    path("settings/classes/<int:class_id>/lessons/", teach, name="class-teach"),
    path("settings/classes/<int:class_id>/lessons/end/", stop_teaching, name="class-stop-teaching"),
]
