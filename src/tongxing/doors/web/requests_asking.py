"""Asking for help in two taps: what it is about, then send. And what became of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.requests import actions, asking, queries, ways
from tongxing.care.requests.models import HelpRequest
from tongxing.care.requests.topics import TOPICS, Reader
from tongxing.care.safety.queries import words_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .by_class import chosen_class, classes_for_choice, students_for
from .files import contents_of
from .page import apply_refusal, page, say
from .request_forms import SignedInForm, not_read_by


@page(can="request.ask", gives_back=True)
def ask(request: Any) -> HttpResponse:
    """A student about themselves, a guardian about one of the children."""
    children = list(queries.own_children(request.actor, request.school.pk).with_class(clock.today()))
    chosen = {str(child.pk): child for child in children}.get(request.GET.get("child", ""))
    if not children:
        raise Refused(_("No child is entrusted to you here. Please ask the school."))
    child = chosen or children[0]
    answer = _asking(request, child, children if len(children) > 1 else [], asking.ask_oneself)
    return answer or redirect("request-mine")


@page(can="request.for", gives_back=True)
def ask_for(request: Any, student_id: int) -> HttpResponse:
    """A colleague for a child they see; below, what is known of earlier requests."""
    student = child(request, student_id)
    answer = _asking(request, student, [], asking.ask_for, before=queries.of_student(request.actor, student))
    return answer or redirect(_after(request, student))


def child(request: Any, student_id: int) -> Student:
    """A child for whom this colleague asks."""
    seen = Student.objects.visible_to(request.actor).filter(school=request.school)
    seen = seen.filter(request.actor.students_where("request.for", student="pk"))
    return get_object_or_404(seen.with_class(clock.today()).select_related("key", "school"), pk=student_id)


def _after(request: Any, student: Student) -> str:
    """Where a colleague goes on."""
    opens = request.actor.may("student.view", school_id=student.school_id, student_id=student.pk)
    return reverse("student", args=[student.pk]) if opens else reverse("request-for-whom")


@page(can="request.for")
def for_whom(request: Any) -> HttpResponse:
    """For whom a colleague asks: the children of a class, by name alone; and how earlier requests stand."""
    classes, _taught = classes_for_choice(request, "request.for")
    chosen = chosen_class(request, classes)
    students = students_for(request, "request.for").filter(class_id=chosen.pk if chosen else None)
    asked = HelpRequest.objects.asked_by_me(request.actor).filter(school=request.school)
    context = {
        "classes": classes,
        "chosen": chosen,
        "students": students.order_by("pinyin", "pk"),
        "own": queries.outcomes(asked.open().filter(student__isnull=False)),
    }
    return render(request, "requests/for_whom.html", context)


def _asking(
    request: Any, student: Student, children: list[Student], act: Any, before: Any = ()
) -> HttpResponse | None:
    """The topics, or the form of the one that was tapped; None once it is asked."""
    topic = TOPICS.get(request.POST.get("topic") or request.GET.get("about", ""))
    near = ways.people_near(student.school, student=student)
    readers = [] if topic is None or topic.harm else ways.readers_said(student.school, topic.code, near)
    form = SignedInForm(request.POST or None, readers=not_read_by(readers), topic=topic.code if topic else "")
    if request.method == "POST" and form.is_valid():
        try:
            asked = act(request.actor, student=student, asked=form.asked(files=contents_of(request)))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, thanks(asked))
            return None
    context = {
        "student": student,
        "children": children,
        "own": act is asking.ask_oneself,
        "topics": TOPICS,
        "topic": topic,
        "readers": readers,
        "roles": dict(Reader.choices),
        "form": form,
        "lines": words_for(student.school).lines,
        "before": before,
        "after": _after(request, student),
    }
    return render(request, "requests/ask.html", context, status=422 if form.errors else 200)


def thanks(asked: HelpRequest) -> str:
    if asked.in_safety:
        return _("Thank you for saying it. Somebody who answers for children’s safety reads it today.")
    return _("It has arrived. You are not alone with it.")


@page(can="request.ask")
def mine(request: Any) -> HttpResponse:
    """What became of what one asked, in words."""
    rows = HelpRequest.objects.asked_by_me(request.actor).filter(school=request.school)
    context = {"outcomes": queries.outcomes(rows), "lines": words_for(request.school).lines}
    return render(request, "requests/mine.html", context)


@page(can="request.ask", gives_back=True)
@require_POST
def said(request: Any, request_id: int) -> HttpResponse:
    """Whether it helped."""
    return _said(request, request_id, "request-mine")


@page(can="request.for", gives_back=True)
@require_POST
def said_for(request: Any, request_id: int) -> HttpResponse:
    """Whether it helped the child, says the colleague who asked."""
    return _said(request, request_id, "request-for-whom")


def _said(request: Any, request_id: int, back: str) -> HttpResponse:
    rows = HelpRequest.objects.asked_by_me(request.actor).filter(school=request.school)
    found = get_object_or_404(rows, pk=request_id)
    helped, text = request.POST.get("helped", ""), request.POST.get("text", "")[:500]
    actions.say_whether_it_helped(request.actor, request=found, helped=helped, text=text)
    say(
        request,
        _("Thank you for telling. It goes on.") if helped == "not_yet" else _("Thank you for telling."),
    )
    return redirect(back)


urlpatterns = [
    path("help/", ask, name="request-ask"),
    path("help/for/", for_whom, name="request-for-whom"),
    path("help/for/<int:request_id>/said/", said_for, name="request-said-for"),
    path("help/mine/", mine, name="request-mine"),
    path("help/<int:request_id>/said/", said, name="request-said"),
    path("students/<int:student_id>/request/", ask_for, name="request-for"),
]
