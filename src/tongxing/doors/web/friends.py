"""Friends of a class (知心朋友): keying in who signed up, bringing two together."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.peers import friends
from tongxing.care.peers.models import FriendSignUp
from tongxing.care.peers.queries import FriendsOfClass, friends_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.paper.documents.friends_sheet import friends_sheet

from .around import class_chosen
from .contact_forms import DayInput
from .documents import attachment
from .fields import offer_rows
from .page import apply_refusal, page, say
from .safety import after_writing

CAN = friends.CAN


class SignUpForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    student = forms.ModelChoiceField(Student.objects.none(), label=gettext_lazy("Who signed up"))
    wish = forms.CharField(
        label=gettext_lazy("What it would like to do with somebody"), max_length=120, required=False
    )
    on = forms.DateField(label=gettext_lazy("Day of the slip"), required=False, widget=DayInput())

    def __init__(self, data: Any, students: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        offer_rows(self, "student", students)


class SheetForm(forms.Form):
    """The sheet of a class: a tick for each child that signed up, and what it wrote."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(
        label=gettext_lazy("Day of the sheet"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: today."),
    )

    def __init__(self, data: Any, students: list[Student]) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        self.students = students
        for one in students:
            self.fields[f"tick-{one.pk}"] = forms.BooleanField(label=one.name, required=False)
            wish = forms.CharField(label=_("Would like to"), max_length=120, required=False)
            self.fields[f"wish-{one.pk}"] = wish

    @property
    def rows(self) -> list[tuple[Student, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"tick-{one.pk}"], self[f"wish-{one.pk}"]) for one in self.students]

    def slips(self) -> list[tuple[Student, str]]:
        """Whoever is ticked, or has a wish beside the name."""
        told = self.cleaned_data
        said = [(one, told[f"tick-{one.pk}"], told[f"wish-{one.pk}"]) for one in self.students]
        return [(one, wish) for one, ticked, wish in said if ticked or wish.strip()]


class MatchForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    one = forms.ModelChoiceField(Student.objects.none(), label=gettext_lazy("One of the two"))
    partner = forms.ModelChoiceField(Student.objects.none(), label=gettext_lazy("The other one"))

    def __init__(self, data: Any, students: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        for name in ("one", "partner"):
            offer_rows(self, name, students)


def _choice(students: Any) -> Any:
    found = Student.objects.filter(pk__in=[one.pk for one in students])
    return found.select_related("key", "school").order_by("pinyin", "pk")


def _found(request: Any) -> tuple[list[SchoolClass], SchoolClass | None, FriendsOfClass]:
    classes, chosen = class_chosen(request, CAN)
    none = FriendsOfClass((), (), (), ())
    return classes, chosen, friends_of(request.actor, chosen, clock.today()) if chosen else none


@page(can=CAN, gives_back=True)
def of_class(request: Any) -> HttpResponse:
    """Who signed up and who goes together; one more slip (POST)."""
    classes, chosen, found = _found(request)
    form = SignUpForm(request.POST if request.method == "POST" else None, _choice(found.students))
    if request.method == "POST" and form.is_valid():
        try:
            signed = friends.sign_up(request.actor, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            back = reverse("friend-end", args=[signed.pk])
            say(request, _("%(name)s has signed up.") % {"name": signed.student.name}, undo=back)
            return redirect(_here(chosen))
    return _show(request, classes, chosen, found, form=form)


@page(can=CAN, gives_back=True)
def grid(request: Any) -> HttpResponse:
    """The sheet of a class, keyed in at once."""
    classes, chosen, found = _found(request)
    signed = {one.sign_up.student_id for one in found.signed}
    left = [one for one in found.students if one.pk not in signed]
    form = SheetForm(request.POST if request.method == "POST" else None, left)
    if request.method == "POST" and form.is_valid():
        begun, told = clock.now(), form.cleaned_data
        try:
            made = friends.sign_up_all(
                request.actor, slips=form.slips(), page_id=told["client_id"], on=told["on"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            names = _(", ").join(one.student.name for one in made)
            say(request, _("On the list now: %(names)s.") % {"names": names})
            return after_writing(request, begun) or redirect(_here(chosen))
    context = {"form": form, "classes": classes, "chosen": chosen}
    return render(request, "around/friends_grid.html", context, status=422 if form.errors else 200)


@page(can=CAN)
@require_POST
def sheet(request: Any) -> HttpResponse:
    """The empty sheet, to print and let go round."""
    _classes, chosen, found = _found(request)
    if chosen is None:
        raise Refused(_("Choose a class."))
    file = friends_sheet(request.actor, school_class=chosen, size=len(found.students))
    return attachment(file, " ".join((chosen.name, _("Friends"))), "pdf")


def _here(chosen: SchoolClass | None) -> str:
    return f"{reverse('friends')}?class={chosen.pk if chosen else ''}"


def _show(request: Any, classes: Any, chosen: Any, found: FriendsOfClass, **more: Any) -> HttpResponse:
    signed = [one.sign_up.student for one in found.signed]
    context: dict[str, Any] = {
        "form": SignUpForm(None, _choice(found.students)),
        "match": MatchForm(None, _choice(signed)),
    }
    context |= more
    context |= {"classes": classes, "chosen": chosen, "found": found}
    wrong = context["form"].errors or context["match"].errors
    return render(request, "around/friends.html", context, status=422 if wrong else 200)


@page(can=CAN)
@require_POST
def match(request: Any) -> HttpResponse:
    """These two spend time together from today."""
    classes, chosen, found = _found(request)
    form = MatchForm(request.POST, _choice(one.sign_up.student for one in found.signed))
    if form.is_valid():
        told = form.cleaned_data
        try:
            friends.match(request.actor, one=told["one"], other=told["partner"], client_id=told["client_id"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("From today these two spend time together."))
            return redirect(_here(chosen))
    return _show(request, classes, chosen, found, match=form)


@page(can=CAN)
@require_POST
def end_sign_up(request: Any, friend_id: int) -> HttpResponse:
    """The child would rather not; with `again` the way back."""
    mine = FriendSignUp.objects.visible_to(request.actor).filter(school=request.school)
    signed = get_object_or_404(mine.select_related("student"), pk=friend_id)
    again = "again" in request.POST
    friends.end_sign_up(request.actor, signed=signed, again=again)
    said = _("%(name)s has signed up.") if again else _("%(name)s is no longer on the list.")
    undo = "" if again else f"{reverse('friend-end', args=[signed.pk])}?again=1"
    say(request, said % {"name": signed.student.name}, undo=undo)
    return redirect("friends")


urlpatterns = [
    path("around/friends/", of_class, name="friends"),
    path("around/friends/grid/", grid, name="friends-grid"),
    path("around/friends/sheet/", sheet, name="friends-sheet"),
    path("around/friends/match/", match, name="friends-match"),
    path("around/friends/<int:friend_id>/end/", end_sign_up, name="friend-end"),
]
