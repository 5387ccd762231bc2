"""From a student's page to the rooms in which more is kept about this child: one line each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongxing.ground.people.models import Student

#: (URL name that takes the student's id, ability, icon, title, one sentence).
WAYS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "consents",
        "consent.keep",
        "clipboard-check",
        gettext_noop("What the family agreed to"),
        gettext_noop("Purpose by purpose; withdrawn at any time."),
    ),
    (
        "counselling-student",
        "counselling.keep",
        "message-circle",
        gettext_noop("Counselling"),
        gettext_noop("Talks, notes for you alone, what was referred."),
    ),
    (
        "counselling-refer",
        "counselling.refer",
        "message-circle",
        gettext_noop("Ask the counsellor"),
        gettext_noop("Say what you have seen; an answer comes back here."),
    ),
    (
        "counselling-open",
        "counselling.emergency",
        "lock",
        gettext_noop("In an emergency: open the counselling notes"),
        gettext_noop("For the child’s safety, with a reason; others learn of it at once."),
    ),
)


def ways(request: Any, student: Student) -> list[dict[str, str]]:
    """Those that are open to this actor for this student."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return [
        {"href": reverse(name, args=[student.pk]), "icon": icon, "title": _(title), "text": _(text)}
        for name, ability, icon, title, text in WAYS
        if request.actor.may(ability, **ids)
    ]
