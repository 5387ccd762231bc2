"""The frame of the family's and the student's door: one column, large letters, no app, nothing kept on the device.

`render_door` adds whether icons and few words are wanted: chosen on this device, else what the school knows about the
reader (`Guardian.reads`). Ways to other rooms are one table; a way is there when its page is, and may be opened.
"""

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from tongxing.care.family.models import CHILD, GUARDIAN
from tongxing.care.family.rules import LONGEST
from tongxing.care.requests.topics import TOPICS, Topic
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, Student

FEW_WORDS = "few-words"  # cookie: 1 or 0
#: (URL name without parameters, icon, title, one sentence); the first that can be opened of a shared icon is shown.
FAMILY_WAYS = (
    (
        "request-mine",
        "mail",
        gettext_noop("What became of it"),
        gettext_noop("The answers to what you asked for."),
    ),
    (
        "counselling-talk",
        "message-circle",
        gettext_noop("Talk with the counsellor"),
        gettext_noop("How to be with your child, for example."),
    ),
    (
        "family-hardship",
        "heart",
        gettext_noop("Help with the costs of school"),
        gettext_noop("Ask for it here while the school's round is open."),
    ),
    (
        "family-aid",
        "coin",
        gettext_noop("Has the aid money come?"),
        gettext_noop("What the school has paid for your child, and a tap to say whether it is there."),
    ),
    (
        "family-feedback",
        "checklist",
        gettext_noop("Three questions from the school"),
        gettext_noop("A tap each, without your name."),
    ),
    (
        "screening-ask",
        "eye-heart",
        gettext_noop("The child needs a hand"),
        gettext_noop("Write down what you notice; the class teacher and the leading group read it."),
    ),
    (
        "family-honours",
        "trophy",
        gettext_noop("May the school praise in public?"),
        gettext_noop("It asks here first; without a yes nothing is shown."),
    ),
)
STUDENT_WAYS = (
    (
        "request-mine",
        "mail",
        gettext_noop("What became of it"),
        gettext_noop("The answers to what you asked for."),
    ),
    (
        "counselling-ask",
        "lock",
        gettext_noop("Talk with the counsellor"),
        gettext_noop("Only the counsellor knows of it, except when somebody is in danger."),
    ),
    ("clubs", "star", gettext_noop("Clubs and groups"), gettext_noop("Look what there is, and join in.")),
    (
        "mine-honours",
        "trophy",
        gettext_noop("May the school praise in public?"),
        gettext_noop("It asks here first; without a yes nothing is shown."),
    ),
)


class WordsForm(forms.Form):
    """A few words, sent once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_id": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


def render_door(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, context | {"few_words": few_words(request)}, status=status)


def few_words(request: Any) -> bool:
    chosen = request.COOKIES.get(FEW_WORDS)
    if chosen is None and request.user.is_authenticated:
        return Guardian.objects.present().filter(user=request.user, reads=False).exists()
    return chosen == "1"


def children(actor: Actor) -> Any:
    """Those whose guardian this actor is, with the class of today."""
    mine = Student.objects.visible_to(actor).filter(actor.students_where(GUARDIAN, student="pk"))
    return mine.with_class(clock.today()).select_related("key", "school").order_by("-class_grade", "pk")


def child(request: Any, student_id: int) -> Student:
    return get_object_or_404(children(request.actor), pk=student_id)


def for_which_child(request: Any, address: str) -> HttpResponse:
    """Which child it is about; with one child its page (`address`) at once."""
    mine = list(children(request.actor))
    if len(mine) == 1:
        return redirect(address, mine[0].pk)
    return render_door(request, "door/for_child.html", {"children": mine, "address": address})


def myself(request: Any) -> Student:
    """The student who signed in."""
    mine = Student.objects.visible_to(request.actor).filter(request.actor.students_where(CHILD, student="pk"))
    return get_object_or_404(mine.with_class(clock.today()).select_related("key", "school"))


def topics(actor: Actor, student: Student) -> dict[str, Topic]:
    """What one may ask help for about this child, a tap each on the first page: the next page says who reads it, and
    sends. Nothing is sent from here, since a child sees first who would read it and may leave somebody out."""
    may = actor.may("request.ask", school_id=student.school_id, student_id=student.pk)
    return TOPICS if may else {}


def ways(actor: Actor, table: tuple[tuple[str, str, str, str], ...]) -> list[dict[str, str]]:
    """Those that lead somewhere and that this actor may open; two ways with one icon lead to the same thing."""
    found: dict[str, dict[str, str]] = {}
    for name, icon, title, text in table:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if actor.may(resolve(address).func.permission.can):  # type: ignore[attr-defined]  # put there by @page
            found.setdefault(icon, {"href": address, "icon": icon, "title": _(title), "text": _(text)})
    return list(found.values())
