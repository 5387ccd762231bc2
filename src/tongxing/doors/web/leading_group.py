"""The leading group: who answers for what as of a day, what nobody holds; naming colleagues and student cadres."""

import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme.models import Programme
from tongxing.ground.access import posts
from tongxing.ground.access.posts import MANAGE, PLAIN
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Responsibility, Staff, Student
from tongxing.ground.people.models_calendar import grade_name
from tongxing.oversight.notices import group, queries, seats
from tongxing.oversight.notices.belonging import STAFFROOM
from tongxing.oversight.notices.models import Seat
from tongxing.oversight.notices.models_group import WORDS

from .by_class import chosen_class, classes_for_choice, students_for
from .contact_forms import DayInput
from .fields import offer, offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

CADRE = "student.manage"


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("As of"), widget=DayInput())


class StaffForm(SentOnce):
    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who"), empty_label=gettext_lazy("please choose")
    )
    starts_on = forms.DateField(label=gettext_lazy("From which day"), widget=DayInput())

    def __init__(self, request: Any, initial: dict[str, Any]) -> None:
        super().__init__(request.POST or None, initial={"starts_on": clock.today()} | initial)
        found = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=request.school)
        offer_rows(self, "staff", found.order_by("pinyin", "pk"))


class PostForm(StaffForm):
    post = forms.ChoiceField(
        label=pgettext_lazy("leading group", "Post"), choices=[(one, one.label) for one in PLAIN]
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("Which grade"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("Only for a grade leader."),
    )  # fmt: skip
    field_order = ("client_id", "post", "grade", "staff", "starts_on")

    def __init__(self, request: Any) -> None:
        super().__init__(request, {name: request.GET.get(name, "") for name in ("post", "grade")})
        grades = [(grade, grade_name(grade)) for grade in queries.grades_of(request.school)]
        offer(self, "grade", [("", _("no grade")), *grades])


class SeatForm(StaffForm):
    words = forms.CharField(
        label=pgettext_lazy("leading group", "What for"), max_length=WORDS, required=False,
        help_text=gettext_lazy("For example: publicity, or the files."),
    )  # fmt: skip
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("Or for a whole programme"), required=False,
        empty_label=pgettext_lazy("leading group", "none"),
    )  # fmt: skip
    field_order = ("client_id", "staff", "words", "programme", "starts_on")

    def __init__(self, request: Any) -> None:
        super().__init__(request, {"programme": request.GET.get("programme", "")})
        offer_rows(self, "programme", Programme.objects.filter(school=request.school))


class CadreForm(SentOnce):
    student = forms.ModelChoiceField(
        Student.objects.none(), label=gettext_lazy("Student"), empty_label=gettext_lazy("please choose")
    )
    words = forms.CharField(
        label=pgettext_lazy("leading group", "What for"), max_length=WORDS,
        help_text=gettext_lazy("Something to organise: the radio, the book corner. A cadre sees no file of anybody."),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("From which day"), widget=DayInput())


def _shown(request: Any) -> dict[str, Any]:
    """As of today, or of the day that was asked for."""
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": clock.today()})
    day: datetime.date = form.cleaned_data["on"] if form.is_valid() else clock.today()
    return {
        "group": group.leading_group(request.actor, request.school, day),
        "day": day,
        "form": form,
        "names": request.actor.may(MANAGE, school_id=request.school.pk) and day == clock.today(),
    }


@page(can=STAFFROOM)
def leading_group(request: Any) -> HttpResponse:
    return render(request, "group/group.html", _shown(request))


@page(can=STAFFROOM)
def sheet(request: Any) -> HttpResponse:
    """One page to hang up or to file."""
    return render(request, "group/sheet.html", _shown(request))


@page(can=MANAGE)
def name(request: Any) -> HttpResponse:
    """A colleague gets a post that comes without a right."""
    form = PostForm(request)
    if form.is_valid():
        told = dict(form.cleaned_data)
        del told["client_id"]
        try:
            made = posts.name_to_post(request.actor, school=request.school, **told)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request, _("%(name)s: %(post)s.") % {"name": made.staff.name, "post": made.get_post_display()}
            )
            return redirect("leading-group")
    return _form(request, form, _("Name a colleague to a post"))


def _form(request: Any, form: forms.Form, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title} | more
    return render(request, "group/name.html", context, status=422 if form.errors else 200)


@page(can=MANAGE)
def seat(request: Any) -> HttpResponse:
    """A colleague becomes a member, or answers for a programme."""
    form = SeatForm(request)
    if form.is_valid() and _seated(request, form):
        return redirect("leading-group")
    return _form(request, form, _("A member, or who answers for a programme"))


@page(can=CADRE)
def cadre(request: Any) -> HttpResponse:
    """A student cadre: first the class, then the student."""
    classes, _taught = classes_for_choice(request, CADRE)
    chosen = chosen_class(request, classes)
    form = CadreForm(request.POST or None, initial={"starts_on": clock.today()})
    found = students_for(request, CADRE).filter(class_id=chosen.pk if chosen else None)
    offer_rows(form, "student", found.order_by("pinyin", "pk"))
    if form.is_valid() and _seated(request, form):
        return redirect("leading-group")
    return _form(request, form, _("A student cadre"), classes=classes, chosen=chosen)


def _seated(request: Any, form: forms.Form) -> bool:
    told = dict(form.cleaned_data)
    what = seats.What(told["starts_on"], told["words"], told.get("programme"))
    try:
        made = seats.seat(
            request.actor, school=request.school, client_id=told["client_id"], what=what,
            staff=told.get("staff"), student=told.get("student"),
        )  # fmt: skip
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    say(request, _("%(name)s stands in the leading group.") % {"name": made.holder.name})
    return True


@require_POST
@page(can=MANAGE)
def leave(request: Any, seat_id: int) -> HttpResponse:
    """A place ends with its reason; with `back` the way back."""
    mine = Seat.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=seat_id)
    if "back" in request.POST:
        seats.stay(request.actor, place=found)
        say(request, _("It stands there again."))
    else:
        seats.leave(request.actor, place=found, reason=request.POST.get("reason", ""))
        say(request, _("Ended, with thanks."), undo=f"{reverse('seat-leave', args=[found.pk])}?back=1")
    return redirect("leading-group")


@require_POST
@page(can=MANAGE)
def end_post(request: Any, duty_id: int) -> HttpResponse:
    mine = Responsibility.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine, pk=duty_id)
    if "back" in request.POST:
        posts.hold_again(request.actor, held=found)
        say(request, _("It stands there again."))
    else:
        posts.end_post(request.actor, held=found)
        say(request, _("Ended, with thanks."), undo=f"{reverse('group-post-end', args=[found.pk])}?back=1")
    return redirect("leading-group")


urlpatterns = [
    path("leading-group/", leading_group, name="leading-group"),
    path("leading-group/sheet/", sheet, name="leading-group-sheet"),
    path("leading-group/name/", name, name="group-name"),
    path("leading-group/member/", seat, name="group-seat"),
    path("leading-group/cadre/", cadre, name="group-cadre"),
    path("leading-group/posts/<int:duty_id>/end/", end_post, name="group-post-end"),
    path("leading-group/seats/<int:seat_id>/leave/", leave, name="seat-leave"),
]
