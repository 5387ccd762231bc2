"""From a student's page to the rooms in which more is kept about this child: one line each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongxing.ground.people.models import Student

#: (URL name that takes the student's id, ability, icon, title, one sentence).
WAYS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "student-file",
        "contact.read",
        "files",
        gettext_noop("The whole file"),
        gettext_noop("The family at a glance, what was asked and seen, forms to print."),
    ),
    (
        "consents",
        "consent.keep",
        "clipboard-check",
        gettext_noop("What the family agreed to"),
        gettext_noop("Purpose by purpose; withdrawn at any time."),
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
