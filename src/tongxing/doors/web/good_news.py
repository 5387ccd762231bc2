"""What went well this week, class by class: a card for the child, words for the family, a line for the notice board."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _

from tongxing.care.contacts.recent import GoodNews, good_news, good_records, told_of
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from .page import page

VIEW = "board.view"
DAYS = datetime.timedelta(days=6)
MOST = 40


@page(can=VIEW)
def of_week(request: Any) -> HttpResponse:
    """The good news of the last seven days of one class."""
    classes = list(classes_for(request.actor, VIEW, request.term)) if request.term else []
    chosen = {str(one.pk): one for one in classes}.get(request.GET.get("class", ""))
    school_class = chosen or (classes[0] if classes else None)
    students = _students(request, school_class)
    news = good_news(request.actor, students, clock.today() - DAYS, MOST) if students else []
    named = with_consent([one.student_id for one in news], "praise")
    context = {
        "classes": classes,
        "school_class": school_class,
        "news": [(one, students[one.student_id]) for one in news],
        "board": notice(news, students, named),
        "unnamed": len({one.student_id for one in news} - named),
    }
    return render(request, "requests/good_news.html", context)


def _students(request: Any, school_class: SchoolClass | None) -> dict[int, Student]:
    if school_class is None:
        return {}
    members = ClassMembership.objects.on(clock.today()).filter(school_class=school_class)
    seen = Student.objects.visible_to(request.actor, "care").enrolled()
    return {student.pk: student for student in seen.filter(pk__in=members.values("student"))}


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


@page(can=VIEW)
def card(request: Any, contact_id: int) -> HttpResponse:
    """A card to print and hand over: it belongs to the child, so it bears the name."""
    mine = good_records(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student", "staff"), pk=contact_id)
    return render(request, "requests/card.html", {"news": told_of(found), "student": found.student})


urlpatterns = [
    path("good-news/", of_week, name="good-news"),
    path("good-news/<int:contact_id>/card/", card, name="good-news-card"),
]
