"""What went well this week, class by class: a card for the child, words for the family, a line for the notice board."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts.recent import GoodNews, good_news, good_records, told_of
from tongxing.care.family.good_news import doors_to, send_home, sent_of, words_for
from tongxing.care.family.models import STAFF
from tongxing.ground.access.queries import classes_for
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from .contact_forms import guardian_label
from .page import page, say

CAN, BOARD = STAFF, "board.view"
OWN = "own"
DAYS = datetime.timedelta(days=6)
MOST = 40


@page(can=CAN)
def of_week(request: Any) -> HttpResponse:
    """The good news of the last seven days: of one class, or of the children one accompanies."""
    classes = list(classes_for(request.actor, BOARD, request.term)) if request.term else []
    own, asked = _accompanied(request), request.GET.get("class", "")
    chosen = {str(one.pk): one for one in classes}.get(asked)
    school_class = None if asked == OWN and own else chosen or next(iter(classes), None)
    students = _students(request, school_class, own)
    news = good_news(request.actor, students, clock.today() - DAYS, MOST) if students else []
    doors = doors_to(request.actor, students) if news else {}
    context = {
        "classes": classes,
        "may_be_own": bool(own),
        "school_class": school_class,
        "news": [(one, students[one.student_id]) for one in news],
        "doors": doors,
        "sent": sent_of(news, doors) if news else set(),
        **_notice(request, school_class, news, students),
    }
    return render(request, "requests/good_news.html", context)


def _accompanied(request: Any) -> set[int]:
    """The children this person accompanies, as helper or as proxy parent."""
    scopes = [scope for scope in request.actor.scopes if scope.role == Role.HELPER]
    return set().union(*(scope.students or () for scope in scopes))


def _students(request: Any, school_class: SchoolClass | None, own: set[int]) -> dict[int, Student]:
    seen = Student.objects.visible_to(request.actor, "care").filter(school=request.school).enrolled()
    if school_class is None:
        return {student.pk: student for student in seen.filter(pk__in=own)} if own else {}
    members = ClassMembership.objects.on(clock.today()).filter(school_class=school_class)
    return {student.pk: student for student in seen.filter(pk__in=members.values("student"))}


def _notice(
    request: Any, school_class: SchoolClass | None, news: list[GoodNews], students: dict[int, Student]
) -> dict[str, Any]:
    """What a class could put up; children of several classes have no notice board together."""
    if school_class is None:
        return {"board": "", "unnamed": 0}
    named = with_consent([one.student_id for one in news], "praise")
    unnamed = len({one.student_id for one in news} - named)
    return {"board": notice(news, students, named), "unnamed": unnamed}


def notice(news: list[GoodNews], students: dict[int, Student], named: set[int]) -> str:
    """Lines for a notice: by name only where the family agrees to praise by name."""
    return "\n".join(
        _("%(who)s: %(what)s")
        % {
            "who": students[one.student_id].name if one.student_id in named else _("Somebody of the class"),
            "what": one.text,
        }
        for one in news
        if one.text
    )


@page(can=CAN)
def card(request: Any, contact_id: int) -> HttpResponse:
    """A card to print and hand over: it belongs to the child, so it bears the name."""
    mine = good_records(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student", "staff"), pk=contact_id)
    news, doors = told_of(found), doors_to(request.actor, [found.student_id])
    context = {
        "news": news,
        "student": found.student,
        "doors": doors.get(found.student_id, []),
        "sent": found.pk in sent_of([news], doors),
        "words": words_for(news, found.student),
    }
    return render(request, "requests/card.html", context)


@page(can=CAN)
@require_POST
def send(request: Any, contact_id: int) -> HttpResponse:
    """One tap: the words go to the doors of the family."""
    mine = good_records(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student"), pk=contact_id)
    sent = send_home(request.actor, contact_id=found.pk)
    whom = _(", ").join(guardian_label(one.guardian) for one in sent)
    say(request, _("Sent to %(whom)s. You see on the child’s page when it has been read.") % {"whom": whom})
    return redirect("good-news-card", found.pk)


urlpatterns = [
    path("good-news/", of_week, name="good-news"),
    path("good-news/<int:contact_id>/card/", card, name="good-news-card"),
    path("good-news/<int:contact_id>/send/", send, name="good-news-send"),
]
