"""The file of the school before: opened with its passphrase, looked at, given to a student or let go."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch.models import ReceivedFile
from tongxing.care.attendance_watch.models_leaving import RECEIVE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.ground.people.search import find_students
from tongxing.paper.exchange import transfer_in
from tongxing.paper.exchange.sealed_zip import MOST_BYTES

from .page import apply_refusal, page, say
from .students import classes_of

MOST_FOUND = 10


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File from the school before"),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase"),
        max_length=60,
        help_text=gettext_lazy("24 digits, read out by the other school on the phone."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@page(can=RECEIVE)
def take_in(request: Any) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        archive = said["file"].read(MOST_BYTES + 1)
        try:
            received = transfer_in.take_in(
                request.actor, school=request.school, archive=archive, passphrase=said["passphrase"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("received-file", received.pk)
    waiting = ReceivedFile.objects.visible_to(request.actor).waiting().filter(school=request.school)
    context = {"form": form, "waiting": waiting.order_by("-received_at")}
    return render(request, "leaving/take_in.html", context, status=422 if form.errors else 200)


def _received(request: Any, received_id: int) -> ReceivedFile:
    mine = ReceivedFile.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("key", "student__key", "school"), pk=received_id)


@page(can=RECEIVE)
def received(request: Any, received_id: int) -> HttpResponse:
    """What the file says, and whose it may be; another child is found by name."""
    found = _received(request, received_id)
    if found.student_id:
        return redirect("student-leaving", found.student_id)
    told = transfer_in.content(found)
    context = {
        "received": found,
        "told": told,
        "students": _found(request, request.GET.get("q", "").strip()[:60], found, told),
        "wanted": request.GET.get("q", ""),
    }
    return render(request, "leaving/received.html", context)


def _found(request: Any, wanted: str, received: ReceivedFile, told: Any) -> list[Student]:
    if not wanted:
        return transfer_in.may_be(received, told) if told else []
    mine = Student.objects.visible_to(request.actor).filter(school=request.school).enrolled()
    found = find_students(mine, wanted, classes=list(classes_of(request, mine)), on=clock.today())
    return list(found.with_class(clock.today()).order_by("pinyin", "pk")[:MOST_FOUND])


@page(can=RECEIVE)
@require_POST
def attach(request: Any, received_id: int) -> HttpResponse:
    found, chosen = _received(request, received_id), request.POST.get("student", "")
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("key"), pk=int(chosen) if chosen.isdecimal() else 0)
    transfer_in.attach(request.actor, received=found, student=student)
    say(request, _("It stands with %(name)s now, marked as coming from elsewhere.") % {"name": student.name})
    return redirect("student-leaving", student.pk)


@page(can=RECEIVE)
@require_POST
def let_go(request: Any, received_id: int) -> HttpResponse:
    transfer_in.let_go(request.actor, received=_received(request, received_id))
    say(request, _("Let go. Nobody can read it any more."))
    return redirect("transfer-in")


urlpatterns = [
    path("transfer/", take_in, name="transfer-in"),
    path("transfer/<int:received_id>/", received, name="received-file"),
    path("transfer/<int:received_id>/attach/", attach, name="received-attach"),
    path("transfer/<int:received_id>/let-go/", let_go, name="received-let-go"),
]
