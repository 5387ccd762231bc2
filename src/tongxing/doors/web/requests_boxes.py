"""Locked letter boxes: the log of openings, keying slips in, and blank slips to print."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.requests import asking, boxes
from tongxing.care.requests.models import BoxOpening, HelpRequest, LetterBox
from tongxing.care.safety.queries import student_called, words_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Staff

from .fields import offer_rows
from .files import contents_of
from .page import apply_refusal, page, say
from .request_forms import SlipForm
from .requests import IN_SAFETY

OPENINGS_SHOWN = 40
BLANK_SLIPS = 2


class BoxForm(forms.Form):
    place = forms.CharField(label=gettext_lazy("Where it hangs"), max_length=60)
    every = forms.IntegerField(
        label=gettext_lazy("Opened at least every … school days"),
        min_value=1,
        max_value=boxes.MOST_EVERY,
        initial=3,
    )
    opener = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who has the key"), empty_label=gettext_lazy("please choose")
    )

    def __init__(self, *args: Any, staff: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "opener", staff)


class OpeningForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    opened_on = forms.DateField(
        label=gettext_lazy("Opened on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    slips = forms.IntegerField(
        label=gettext_lazy("How many slips were in it?"),
        min_value=0,
        max_value=boxes.MOST_SLIPS,
        help_text=gettext_lazy("None counts too."),
    )


@page(can="request.answer")
def all_boxes(request: Any) -> HttpResponse:
    """The boxes one opens or sees to, what is to be opened first."""
    found = boxes.boxes_now(request.actor, request.school)
    may_manage = request.actor.may("request.manage", school_id=request.school.pk)
    return render(request, "requests/boxes.html", {"boxes": found, "may_manage": may_manage})


def _box(request: Any, box_id: int) -> LetterBox:
    rows = LetterBox.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(rows.select_related("school"), pk=box_id)


@page(can="request.answer", gives_back=True)
def box(request: Any, box_id: int) -> HttpResponse:
    """The log of one box, and that it was opened (POST)."""
    found = _box(request, box_id)
    form = OpeningForm(request.POST or None, initial={"client_id": uuid4(), "opened_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            opening = boxes.note_opening(request.actor, box=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return _opened(request, opening)
    opener = found.openers.filter(ends_on=None).select_related("staff").first()
    context = {
        "box": found,
        "form": form,
        "opener": opener,
        "opens": opener is not None and opener.staff.user_id == request.actor.user_id and not found.ends_on,
        "openings": found.openings.select_related("opened_by")[:OPENINGS_SHOWN],
        "openers": found.openers.select_related("staff").order_by("-starts_on", "-pk"),
        "may_manage": request.actor.may("request.manage", school_id=request.school.pk),
    }
    return render(request, "requests/box.html", context, status=422 if form.errors else 200)


def _opened(request: Any, opening: BoxOpening) -> HttpResponse:
    if opening.slips:
        say(request, _("Noted. Now key the slips in, one by one."))
        return redirect("box-slip", opening.box_id)
    say(request, _("Noted: nothing in it. Thank you for looking."))
    return redirect("box", opening.box_id)


@page(can="request.answer", gives_back=True)
def slip(request: Any, box_id: int) -> HttpResponse:
    """One slip: word for word, with a name or without."""
    found = _box(request, box_id)
    form = SlipForm(request.POST or None, classes=_classes(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = _keyed_in(request, found, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _arrived(asked))
            return redirect("box-slip", found.pk)
    context = {"box": found, "form": form}
    return render(request, "requests/slip.html", context, status=422 if form.errors else 200)


def _keyed_in(request: Any, found: LetterBox, form: SlipForm) -> HelpRequest:
    told = form.cleaned_data
    school_class, student = told["school_class"], None
    if told["name"].strip():
        student = student_called(found.school, told["name"], school_class.name if school_class else "")
        if student is None:
            raise Refused(
                _("Nobody of this name in this class. If you are not sure, leave the name with the words."),
                field="name",
            )
    return asking.key_in_slip(
        request.actor,
        box=found,
        asked=form.asked(files=contents_of(request)),
        student=student,
        school_class=school_class,
    )


def _arrived(asked: HelpRequest) -> str:
    if asked.in_safety:
        return str(IN_SAFETY)
    return _("It is with %(name)s now. The next slip?") % {"name": asked.holder.name if asked.holder else ""}


def _classes(request: Any) -> QuerySet[SchoolClass]:
    classes = SchoolClass.objects.filter(school=request.school)
    return classes.filter(year=request.term.year) if request.term else classes.none()


@page(can="request.manage")
def change(request: Any, box_id: int = 0) -> HttpResponse:
    """Hang up a box, or change where it hangs and who opens it."""
    found = (
        get_object_or_404(LetterBox.objects.visible_to(request.actor), pk=box_id, school=request.school)
        if box_id
        else None
    )
    form = BoxForm(request.POST or None, staff=_may_open(request), initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if found is None:
                found = boxes.hang_up(request.actor, school=request.school, **told)
            else:
                boxes.change(request.actor, box=found, **told)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved."))
            return redirect("box", found.pk)
    return render(
        request, "requests/box_form.html", {"form": form, "box": found}, status=422 if form.errors else 200
    )


def _may_open(request: Any) -> QuerySet[Staff]:
    staff = Staff.objects.filter(school=request.school, user__is_active=True).active(clock.today())
    return staff.select_related("user").order_by("pinyin", "name")


def _initial(found: LetterBox | None) -> dict[str, Any]:
    if found is None:
        return {}
    opener = found.openers.filter(ends_on=None).first()
    return {"place": found.place, "every": found.every, "opener": opener.staff_id if opener else None}


@page(can="request.manage")
@require_POST
def take_down(request: Any, box_id: int) -> HttpResponse:
    found = get_object_or_404(LetterBox.objects.visible_to(request.actor), pk=box_id, school=request.school)
    boxes.take_down(request.actor, box=found, reason=request.POST.get("reason", ""))
    say(request, _("The box is off the list; its log stays."))
    return redirect("boxes")


@page(can="request.answer")
def blank(request: Any) -> HttpResponse:
    """Slips to print, two on a sheet of A4."""
    context = {"lines": words_for(request.school).lines, "copies": range(BLANK_SLIPS)}
    return render(request, "requests/blank_slips.html", context)


urlpatterns = [
    path("boxes/", all_boxes, name="boxes"),
    path("boxes/new/", change, name="box-new"),
    path("boxes/slips/", blank, name="box-blank-slips"),
    path("boxes/<int:box_id>/", box, name="box"),
    path("boxes/<int:box_id>/slip/", slip, name="box-slip"),
    path("boxes/<int:box_id>/change/", change, name="box-change"),
    path("boxes/<int:box_id>/take-down/", take_down, name="box-take-down"),
]
