"""What a device takes along beside the records: the own classes to call the roll in and to ask help for, the own groups,
and the form of a visit to a class. Of a class it holds the names alone, and only of the own ones.

A set is a form with blanks (⟦name⟧) by what its address asks for; the blanks of an address say whose set it is.
"""

from types import SimpleNamespace
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.activities import queries, rights
from tongxing.care.activities.models import Part, SignUp
from tongxing.care.attendance_watch.models_absence import MARK
from tongxing.care.attendance_watch.queries.today import Place
from tongxing.care.peers import deeds as good_deeds
from tongxing.care.requests.topics import TOPICS
from tongxing.care.safety.queries import words_for
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass, Student, Teaching

from . import deeds
from .by_class import students_for
from .request_forms import SignedInForm, any_reader
from .screening_visits import visit_form

Pages = dict[str, str]
#: What leads to them from my week.
WAYS = (
    ("attendance", gettext_lazy("Who is not there?")),
    ("activities", gettext_lazy("Groups")),
    ("deeds", gettext_lazy("A good deed a day")),
    ("request-for-whom", gettext_lazy("Ask for help for a child")),
    ("screening-visits", gettext_lazy("Visits to the classes")),
)
NOBODY_YET = SimpleNamespace(pk=0, name="⟦name⟧", class_name="⟦class⟧")


def taken_along(request: Any, students: list[Student]) -> dict[str, Any]:
    """Pages, the ways to them, sets of forms and blanks; `students`: those of my week. The queries do not grow with the children."""
    own = _own_classes(request)
    asked = _children(request, own, students)
    visited = _classes_to_visit(request)
    pages = {
        **_rolls(request, own),
        **_groups(request),
        **_deeds(request, own),
        **_for_whom(request, own, asked),
        **_visits(request, visited),
    }
    return {
        "pages": pages,
        "ways": [(reverse(name), label) for name, label in WAYS if reverse(name) in pages],
        "sets": {
            "requests": _requests(request) if asked else {},
            "visits": {"": _visit(request)} if visited else {},
        },
        "blanks": {
            **{reverse("request-for", args=[one.pk]): _about(one, students) for one in asked},
            **{
                reverse("screening-visit", args=[one.pk]): {
                    "set": "visits",
                    "id": str(one.pk),
                    "name": escape(one.name),
                }
                for one in visited
            },
        },
    }


def _bare(request: Any, template: str, context: dict[str, Any]) -> str:
    return render_to_string(template, context | {"layout": "bare.html"}, request)


def _own_classes(request: Any) -> list[SchoolClass]:
    """The classes one teaches or has charge of."""
    if request.term is None:
        return []
    user, today = request.actor.user_id, clock.today()
    taught = Teaching.objects.filter(term=request.term, staff__user=user).values("school_class")
    charge = Grant.objects.on(today).filter(user=user, school_class__isnull=False).values("school_class")
    classes = SchoolClass.objects.visible_to(request.actor).filter(
        Q(pk__in=taught) | Q(pk__in=charge), school=request.school, year=request.term.year
    )
    return list(classes.order_by("grade", "number", "name"))


def _choose(request: Any, title: str, links: list[tuple[str, str]], icon: str) -> str:
    return _bare(request, "offline/choose.html", {"title": title, "links": links, "icon": icon})


def _rolls(request: Any, own: list[SchoolClass]) -> Pages:
    """The morning: each own class with its names, whoever is away or on leave untold."""
    if not own or not request.actor.may(MARK):
        return {}
    mine = set(classes_for(request.actor, MARK, request.term).values_list("pk", flat=True))
    classes = [one for one in own if one.pk in mine]
    pages = {}
    of_class = students_for(request, MARK).filter(class_id__in=[one.pk for one in classes])
    places = [Place(one, None, None) for one in of_class.order_by("pinyin", "pk")]
    for one in classes:
        shown = {
            "school_class": one,
            "there": [place for place in places if place.student.class_id == one.pk],
            "chosen": set(),
            "is_school_day": True,
        }
        pages[reverse("attendance-class", args=[one.pk])] = _bare(request, "attendance/class.html", shown)
    if not pages:
        return {}
    links = [(reverse("attendance-class", args=[one.pk]), one.name) for one in classes]
    return {reverse("attendance"): _choose(request, _("Which class is it?"), links, "users"), **pages}


def _groups(request: Any) -> Pages:
    """The groups one leads, each with those who have a place."""
    if request.term is None or not request.actor.may(rights.VIEW):
        return {}
    offers = [
        one
        for one in queries.offers(request.actor, request.term)
        if one.leader.user_id == request.actor.user_id and one.given_at
    ]
    if not offers:
        return {}
    placed = SignUp.objects.placed().filter(offer__in=offers).values_list("offer_id", "student_id")
    students = (
        Student.objects.filter(pk__in={student for _offer, student in placed})
        .with_class(clock.today())
        .order_by("pinyin", "name", "pk")
    )
    pages = {}
    for offer in offers:
        there = {student for offer_id, student in placed if offer_id == offer.pk}
        rows = [queries.Row(one, Part.State.PRESENT, None) for one in students if one.pk in there]
        shown = {"offer": offer, "rows": rows, "states": Part.State.choices[1:]}
        pages[reverse("activity", args=[offer.pk])] = _bare(request, "activities/tick.html", shown)
    links = [(reverse("activity", args=[one.pk]), one.name) for one in offers]
    return {reverse("activities"): _choose(request, _("Which group meets?"), links, "palette"), **pages}


def _deeds(request: Any, own: list[SchoolClass]) -> Pages:
    if not own or not request.actor.may(good_deeds.CAN):
        return {}
    address = reverse("deeds")
    pages = {
        f"{address}?class={one.pk}": _bare(request, "around/deeds.html", deeds.shown(request, own, one))
        for one in own
    }
    return {address: next(iter(pages.values())), **pages}


def _children(request: Any, own: list[SchoolClass], students: list[Student]) -> list[Student]:
    """For whom help can be asked on the way: the students of my week and the children of the own classes."""
    if not request.actor.may("request.for"):
        return []
    ids = [one.pk for one in students]
    wanted = Q(class_id__in=[one.pk for one in own]) | Q(pk__in=ids)
    return list(students_for(request, "request.for").filter(wanted).order_by("pinyin", "pk"))


def _about(student: Student, of_week: list[Student]) -> dict[str, str]:
    """What stands in the blanks of a request for this child."""
    known = student in of_week
    return {
        "set": "requests",
        "id": str(student.pk),
        "name": escape(student.name),
        "class": escape(student.class_name or ""),
        "back": reverse("student", args=[student.pk]) if known else reverse("request-for-whom"),
    }


def _for_whom(request: Any, own: list[SchoolClass], children: list[Student]) -> Pages:
    """The names of each own class, without how earlier requests stand."""
    address = reverse("request-for-whom")
    pages = {}
    for one in own if children else []:
        of_class = [child for child in children if child.class_id == one.pk]
        shown = {"classes": own, "chosen": one, "students": of_class, "own": []}
        pages[f"{address}?class={one.pk}"] = _bare(request, "requests/for_whom.html", shown)
    return {address: next(iter(pages.values())), **pages} if pages else {}


def _requests(request: Any) -> Pages:
    """What can be asked about, and the form of each; who reads it is told in general, for it differs from child to child."""
    shown = {
        "blank": True,
        "student": NOBODY_YET,
        "own": False,
        "topics": TOPICS,
        "lines": words_for(request.school).lines,
    }
    forms = {
        code: _bare(
            request,
            "requests/ask.html",
            shown | {"topic": topic, "form": SignedInForm(readers=any_reader(code), topic=code)},
        )
        for code, topic in TOPICS.items()
    }
    return {"": _bare(request, "requests/ask.html", shown), **forms}


def _classes_to_visit(request: Any) -> list[SchoolClass]:
    if request.term is None or not request.actor.may("screening.manage", school_id=request.school.pk):
        return []
    return list(classes_for(request.actor, "screening.manage", request.term).order_by("grade", "number"))


def _visits(request: Any, classes: list[SchoolClass]) -> Pages:
    if not classes:
        return {}
    links = [(reverse("screening-visit", args=[one.pk]), one.name) for one in classes]
    return {reverse("screening-visits"): _choose(request, _("Which class was visited?"), links, "users")}


def _visit(request: Any) -> str:
    """The form of a visit, without the names of the children."""
    shown = {"blank": True, "school_class": NOBODY_YET, "students": [], "form": visit_form(request, [])}
    return _bare(request, "screening/visit.html", shown)
