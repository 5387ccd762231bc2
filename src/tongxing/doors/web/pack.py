"""What a device takes along for days without a network: my week, my students, and the forms of what can be written.

The pages are rendered once, by their own templates, in `bare.html` and under one frame; a form leaves blanks (⟦name⟧)
where it differs from student to student. Never in it: what is restricted or written for the counsellor, hardship and
its papers, telephone numbers, addresses.
"""

import datetime
from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from tongxing.care.contacts.agreed import goals_of
from tongxing.care.contacts.highlights import phrases
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.profiles.queries import likes_of
from tongxing.care.programme.queries import MyWeek
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian, Student

from . import grid, highlights, pack_rooms, week
from .duties import agreed_chip, chips
from .page import page
from .record_taking import blank_form

#: What a device may keep: the kinds of record that are not the counsellor's own.
KEPT = [kind for kind in KINDS.values() if not kind.restricted]
#: The two questions “whom did you reach”: of the families alone, or of the student as well.
ASKED = {kind.students: kind for kind in KEPT if kind.families}
NOBODY_YET = SimpleNamespace(pk=0, name="⟦name⟧")
#: How far back a goal still is one.
GOALS_SINCE = datetime.timedelta(days=200)


@page(can="week.view")
@require_safe
def pack(request: Any) -> HttpResponse:
    """Pages and forms by their address. The number of queries does not grow with the number of students."""
    shown = week.shown(request)
    students = _students(request, shown["week"])
    written = [one for one in students if one["may_write"]]
    rooms = pack_rooms.taken_along(request, [one["student"] for one in students])
    taken = {
        "day": clock.today().isoformat(),
        "frame": render_to_string("offline/frame.html", {}, request),
        "pages": {
            reverse("week"): _bare(request, "week/week.html", shown | {"taken_along": rooms["ways"]}),
            reverse("waiting"): _bare(request, "offline/waiting.html", {}),
            **_sheet(request),
            **_classes(request),
            **rooms["pages"],
            **dict(_page_of(request, one) for one in students),
        },
        "forms": {kind.code: _form(request, kind) for kind in KEPT} if written else {},
        "sets": rooms["sets"],
        "blanks": {**dict(_blanks(request, one) for one in written), **rooms["blanks"]},
    }
    return JsonResponse(taken, json_dumps_params={"ensure_ascii": False})


def _students(request: Any, found: MyWeek | None) -> list[dict[str, Any]]:
    """What is told of each student of my week."""
    cards = [*found.mine, *found.also, *found.of_class] if found else []
    ids = [card.student.pk for card in cards]
    goals = goals_of(request.actor, ids, clock.today() - GOALS_SINCE)
    guardians, likes = _guardians(request, ids), likes_of(request.actor, ids)
    return [
        {
            "card": card,
            "student": card.student,
            "last": card.last,
            "agreed": card.agreed,
            "goal": goals.get(card.student.pk),
            "guardians": guardians[card.student.pk],
            "likes": likes.get(card.student.pk, []),
            "may_write": _may(request, "contact.write", card.student),
            "may_note": _may(request, "highlight.write", card.student),
            "may_ask": _may(request, "request.for", card.student),
        }
        for card in cards
    ]


def _guardians(request: Any, student_ids: list[int]) -> dict[int, list[Guardian]]:
    by_student: defaultdict[int, list[Guardian]] = defaultdict(list)
    for guardian in Guardian.objects.visible_to(request.actor).filter(student__in=student_ids):
        by_student[guardian.student_id].append(guardian)
    return by_student


def _may(request: Any, ability: str, student: Student) -> bool:
    return bool(request.actor.may(ability, school_id=student.school_id, student_id=student.pk))


def _bare(request: Any, template: str, context: dict[str, Any]) -> str:
    return render_to_string(template, context | {"layout": "bare.html"}, request)


def _page_of(request: Any, about: dict[str, Any]) -> tuple[str, str]:
    """The short page of one student, with its address."""
    tools = {"kinds": KEPT, "chips": chips, "agreed_chip": agreed_chip}
    noting = {"phrases": phrases(), "page_id": uuid4(), "just_noted": []}
    page = _bare(request, "offline/student.html", about | tools | noting)
    return reverse("student", args=[about["student"].pk]), page


def _sheet(request: Any) -> dict[str, str]:
    """The sheet for several records at once."""
    sheet = grid.sheet_of(request, "")
    if not (sheet and sheet.students and request.actor.may("contact.write")):
        return {}
    address = reverse("record-grid")
    due = grid.talks_due(request, sheet)
    shown = {address: grid.blank_sheet(request, sheet, due)}
    shown[f"{address}?all=1"] = grid.blank_sheet(request, sheet, back=f"{address}?all=1")
    return {place: _bare(request, "contacts/grid.html", one) for place, one in shown.items()}


def _classes(request: Any) -> dict[str, str]:
    """Bright moments: the classes one teaches; the first of them, where no other is asked for."""
    if not request.actor.may("highlight.write"):
        return {}
    _all, taught = highlights.classes_to_note(request)
    address = reverse("highlights")
    pages = {
        f"{address}?class={one.pk}": _bare(
            request, "highlights/class.html", highlights.shown(request, taught, one) | {"just_noted": []}
        )
        for one in taught
    }
    return {address: next(iter(pages.values())), **pages} if pages else {}


def _form(request: Any, kind: Any) -> str:
    context = {
        "blank": True,
        "student": NOBODY_YET,
        "kind": kind,
        "kinds": KEPT,
        "form": blank_form(request, kind),
        "kept": {},
        "after": reverse("week"),
    }
    return _bare(request, "contacts/new.html", context)


def _blanks(request: Any, about: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The address of this student's form, and what stands in the blanks there: all of it HTML."""
    student = about["student"]
    filled = {
        "id": str(student.pk),
        "name": escape(student.name),
        "last": render_to_string("contacts/last_time.html", about, request),
    }
    for students, kind in ASKED.items():
        asked = {"field": blank_form(request, kind, about["guardians"])["reached"]}
        filled[f"reached{int(students)}"] = render_to_string("offline/reached.html", asked, request)
    return reverse("record-new", args=[student.pk]), filled


urlpatterns = [path("offline/pack/", pack, name="pack")]
