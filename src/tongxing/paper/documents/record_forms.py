"""A talk or a home visit as the form that schools keep of it: 谈心谈话记录 and 家访记录. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.care.contacts.kinds import HOME
from tongxing.care.contacts.models import Contact
from tongxing.care.programme.wording import topic_labels
from tongxing.ground.kernel.clock import SCHOOL_TIME

from .forms import Form, boxes, line, long_line, signatures

Answers = Mapping[str, str]


def talk_record(contact: Contact, student: Any, body: Answers, over: str, foot: str) -> Form:
    """谈心谈话记录. `student` with `class_name`."""
    labels = topic_labels()
    topics = [labels[one] for one in contact.topics if one in labels and one != "talk"]
    return Form(
        _("Record of a talk"),
        over,
        (
            line((_("Student"), student.name), (_("Class"), student.class_name or ""), (_("Time"), _when(contact))),
            line((_("Place"), contact.place), (_("Teacher"), contact.staff.name)),
            long_line(_("Topic"), "、".join(topics)),
            long_line(pgettext("form", "What is on the mind"), body.get("thoughts", "")),
            long_line(pgettext("form", "What is hard in learning"), body.get("difficulties", "")),
            long_line(pgettext("form", "Ways to improve"), body.get("improvement", "")),
            long_line(pgettext("form", "What was promised"), body.get("promise", "")),
            long_line(pgettext("form", "Besides"), _besides(body, ("life", "safety"))),
            signatures(
                (_("Next time"), contact.next_on.isoformat() if contact.next_on else ""),
                (_("Signature"), ""),
            ),
        ),
        foot,
    )  # fmt: skip


def visit_record(contact: Contact, student: Any, body: Answers, over: str, foot: str) -> Form:
    """家访记录. `student` with `class_name`."""
    ways = [(channel, channel.label) for channel in HOME]
    return Form(
        _("Record of a home visit"),
        over,
        (
            line((_("Student"), student.name), (_("Class"), student.class_name or ""), (_("Date"), _when(contact))),
            line((pgettext("form", "How"), boxes(ways, contact.channel))),
            line((_("Visited by"), contact.staff.name), (_("Accompanied by"), body.get("companion", ""))),
            long_line(_("Whom they met, relation"), body.get("met_whom", "")),
            long_line(pgettext("form", "At home"), body.get("at_home", "")),
            long_line(pgettext("form", "Homework"), body.get("homework", "")),
            long_line(pgettext("form", "Weekend plan"), body.get("weekend", "")),
            long_line(pgettext("form", "What the family says"), body.get("family_view", "")),
            long_line(pgettext("form", "Problems and measures"), body.get("measures", "")),
            long_line(pgettext("form", "Besides"), _besides(body, ("safety",))),
            signatures((_("Signature of the family"), ""), (_("Signature of the visitors"), "")),
        ),
        foot,
    )  # fmt: skip


def _when(contact: Contact) -> str:
    return f"{contact.happened_at.astimezone(SCHOOL_TIME):%Y-%m-%d %H:%M}"


def _besides(body: Answers, codes: tuple[str, ...]) -> str:
    return "\n".join(body[code] for code in codes if body.get(code))


#: By the kind of the record.
FORMS: dict[str, Callable[[Contact, Any, Answers, str, str], Form]] = {
    "talk": talk_record,
    "visit": visit_record,
}
