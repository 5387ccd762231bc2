"""The people around a child: one page that leads to all of them, one page for each child, the card on its page."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.pairing import noticed
from tongxing.care.pairing.models import Noticed, ProxyParent
from tongxing.care.pairing.proxies import RULES
from tongxing.care.peers.models import ArrangedCall, Together
from tongxing.care.peers.queries import pairs_of
from tongxing.care.programme import lines
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, SchoolClass, Staff, Student

from .contact_forms import DayInput
from .fields import offer_rows
from .page import apply_refusal, page, say

CAN = noticed.CAN


class NoticedForm(forms.Form):
    """One line for the other one who looks after the child."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ModelChoiceField(Staff.objects.none(), label=gettext_lazy("To whom"), empty_label=None)
    text = forms.CharField(
        label=gettext_lazy("What I noticed, what you should know"),
        max_length=noticed.LONGEST,
        help_text=gettext_lazy("A fact one can see, in one line."),
        widget=forms.Textarea({"rows": 2}),
    )
    happened_on = forms.DateField(
        label=gettext_lazy("When it was"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: today."),
    )

    def __init__(self, data: Any, others: list[Staff]) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        offer_rows(self, "to", Staff.objects.filter(pk__in=[one.pk for one in others]))


class NoteForm(forms.Form):
    """What a proxy parent from outside takes along on paper."""

    text = forms.CharField(
        label=gettext_lazy("What they should know"),
        max_length=noticed.LONGEST,
        help_text=gettext_lazy(
            "Facts of daily life they need: meals, health, the way home. Nothing about results."
        ),
        widget=forms.Textarea({"rows": 4}),
    )


@page(can=CAN)
def around(request: Any) -> HttpResponse:
    """Where the class teacher finds each of them, in one place."""
    waiting = noticed.lines_for(request.actor).filter(school=request.school)
    return render(request, "around/around.html", {"waiting": waiting})


def student_of(request: Any, student_id: int, can: str = CAN) -> Any:
    """A student this person looks after and for whom `can` is held; with key and class."""
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    found = get_object_or_404(mine.select_related("key", "school").with_class(clock.today()), pk=student_id)
    request.actor.require(can, school_id=found.school_id, student_id=found.pk)
    return found


def class_chosen(request: Any, ability: str) -> tuple[list[SchoolClass], SchoolClass | None]:
    """The classes in which this person may do it, and the one of the address (or the first)."""
    classes = list(classes_for(request.actor, ability, request.term)) if request.term else []
    wanted = (request.POST or request.GET).get("class", "")
    chosen = next((one for one in classes if str(one.pk) == wanted), None)
    return classes, chosen or next(iter(classes), None)


def form_id(request: Any) -> UUID:
    """The id that the form made; a form without one does not come from a page."""
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        raise Http404 from None


@page(can=CAN, gives_back=True)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """Who is around this child; a line to the other one (POST)."""
    student = student_of(request, student_id)
    others = noticed.others_of(request.actor, student, clock.today())
    form = NoticedForm(request.POST if request.method == "POST" else None, others)
    if request.method == "POST" and form.is_valid():
        try:
            line = noticed.tell(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            back = reverse("noticed-back", args=[line.pk])
            say(request, _("%(name)s will find it.") % {"name": line.to.name}, undo=back)
            return redirect("student-around", student.pk)
    context = _people(request, student) | {"form": form if others else None, "student": student}
    return render(request, "around/student.html", context, status=422 if form.errors else 200)


def _people(request: Any, student: Student) -> dict[str, Any]:
    actor = request.actor
    proxies = ProxyParent.objects.visible_to(actor).filter(student=student).with_names()
    together = Together.objects.visible_to(actor).with_both()
    rows = [*together.filter(student=student), *together.filter(partner=student)]
    calls = ArrangedCall.objects.visible_to(actor).open().filter(student=student)
    return {
        "proxies": sorted(proxies, key=lambda one: (one.until is not None, one.pk)),
        "pairs": pairs_of(sorted(rows, key=lambda one: (one.until is not None, one.pk))),
        "calls": calls.select_related("guardian").order_by("at"),
        "told": noticed.lines_of(actor, student),
        "may_pair": actor.may("peer.pair", school_id=student.school_id, student_id=student.pk),
        "today": clock.today(),
    } | card(request, student)


def card(request: Any, student: Student) -> dict[str, Any]:
    """The small card on the student's page: the lines of a registered child, and what waits for oneself."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    if not (request.actor.may(CAN, **ids) and request.actor.sees("care", **ids) and request.term):
        return {"lines": None, "waiting": []}
    entries = Registration.objects.visible_to(request.actor).on(clock.today()).filter(student=student)
    registered = student.status == Student.Status.ENROLLED and entries.exists()
    found = lines.lines_of(request.actor, [student], request.term, clock.now()) if registered else ()
    waiting = noticed.lines_for(request.actor).filter(student=student)
    return {"lines": next(iter(found), None), "waiting": waiting}


def _noticed(request: Any, noticed_id: int) -> Noticed:
    mine = Noticed.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine, pk=noticed_id)


@page(can=CAN, gives_back=True)
@require_POST
def see(request: Any, noticed_id: int) -> HttpResponse:
    line = _noticed(request, noticed_id)
    answer = request.POST.get("answer", "")
    noticed.see(request.actor, noticed=line, answer=answer)
    say(request, _("Your answer is with the other one.") if answer.strip() else _("Seen, thank you."))
    return redirect("student-around", line.student_id)


@page(can=CAN)
@require_POST
def take_back(request: Any, noticed_id: int) -> HttpResponse:
    line = _noticed(request, noticed_id)
    noticed.take_back(request.actor, noticed=line)
    say(request, _("Taken back."))
    return redirect("student-around", line.student_id)


@page(can=CAN, gives_back=True)
def note(request: Any, student_id: int) -> HttpResponse:
    """Lines on paper for a proxy parent from outside; the page to print (POST)."""
    student = student_of(request, student_id)
    mine = ProxyParent.objects.visible_to(request.actor).open().with_names()
    proxy = get_object_or_404(mine.filter(volunteer__isnull=False), student=student)
    form = NoteForm(request.POST or None)
    context = {"student": student, "proxy": proxy, "form": form, "rules": RULES, "today": clock.today()}
    if form.is_valid():
        try:
            context["words"] = noticed.print_note(request.actor, proxy=proxy, text=form.cleaned_data["text"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return render(request, "around/note_print.html", context)
    return render(request, "around/note.html", context, status=422 if form.errors else 200)


@page(can="board.view")
def three_lines(request: Any) -> HttpResponse:
    """三沟通 of a class: whom nobody reached for a while first."""
    classes, chosen = class_chosen(request, "board.view")
    found = lines.of_class(request.actor, chosen, request.term, clock.now()) if chosen else ()
    context = {"classes": classes, "chosen": chosen, "found": found, "today": clock.today()}
    return render(request, "around/lines.html", context)


urlpatterns = [
    path("around/", around, name="around"),
    path("around/lines/", three_lines, name="three-lines"),
    path("students/<int:student_id>/around/", of_student, name="student-around"),
    path("students/<int:student_id>/around/note/", note, name="proxy-note"),
    path("around/lines-told/<int:noticed_id>/seen/", see, name="noticed-seen"),
    path("around/lines-told/<int:noticed_id>/back/", take_back, name="noticed-back"),
]
