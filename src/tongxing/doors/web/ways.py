"""From a student's page to the rooms in which more is kept about this child: one line each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongxing.care.requests.topics import TOPICS
from tongxing.ground.people.models import Student

ASKS = "request-for"
#: (URL name that takes the student's id, ability, icon, title, one sentence).
WAYS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "request-for",
        "request.for",
        "mail",
        gettext_noop("Ask for help for this child"),
        gettext_noop("The right person reads it; you see what becomes of it."),
    ),
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
    (
        "student-door",
        "family.door",
        "message-circle",
        gettext_noop("Door for the family"),
        gettext_noop("Who has come in, words, what was agreed, own goals."),
    ),
    (
        "student-around",
        "contact.write",
        "friends",
        gettext_noop("People around this child"),
        gettext_noop("Proxy parent, calls with the parents, partner, a line to each other."),
    ),
    (
        "student-leaving",
        "attendance.follow",
        "school",
        gettext_noop("Changing school"),
        gettext_noop("What helped, where to, what goes along, what came along."),
    ),
    (
        "student-progress",
        "progress.view",
        "school",
        gettext_noop("From one exam to the next"),
        gettext_noop("Results beside those who started alike."),
    ),
    (
        "student-activities",
        "activity.sign_up",
        "palette",
        gettext_noop("Groups and activities"),
        gettext_noop("What the child takes part in, and what was held."),
    ),
    (
        "student-term-plan",
        "plan.write",
        "target-arrow",
        gettext_noop("Plan of this term"),
        gettext_noop("What was seen, where it should lead, what is done for it."),
    ),
    (
        "student-goals",
        "contact.read",
        "checklist",
        gettext_noop("Goals of the months"),
        gettext_noop("Month by month: the goal, how it went, what shows it."),
    ),
    (
        "student-hardship",
        "hardship.manage",
        "heart",
        gettext_noop("Recognition of hardship"),
        gettext_noop("What was decided, since when, and what offices say."),
    ),
    (
        "student-aid",
        "subsidy.manage",
        "coin",
        gettext_noop("Aid"),
        gettext_noop("What the student gets this term; help in an emergency."),
    ),
    (
        "student-work",
        "workstudy.manage",
        "notebook",
        gettext_noop("Work-study"),
        gettext_noop("What was asked for, where the student works."),
    ),
    (
        "student-companions",
        "companion.manage",
        "heart-handshake",
        gettext_noop("Companions"),
        gettext_noop("Who stands by the student for a year, and how it goes."),
    ),
    (
        "student-file",
        "contact.read",
        "files",
        gettext_noop("The whole file"),
        gettext_noop("The family at a glance, what was asked and seen, forms to print."),
    ),
)


def ways(request: Any, student: Student) -> list[dict[str, Any]]:
    """Those that are open to this actor for this student; asking for help with its topics, a tap each (`picks`)."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return [
        {
            "href": reverse(name, args=[student.pk]),
            "icon": icon,
            "title": _(title),
            "text": _(text),
            "picks": TOPICS.values() if name == ASKS else (),
        }
        for name, ability, icon, title, text in WAYS
        if request.actor.may(ability, **ids)
    ]
