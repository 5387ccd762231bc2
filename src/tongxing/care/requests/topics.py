"""What somebody can ask help about, as data: the tap, its icon, and who reads it first unless the school says otherwise.

Invariants:
- a code, once used, is never given another meaning: old requests keep it;
- a way names roles, the first of them answers; nobody there: coordinator, deputy head, head;
- what `harm` marks goes to those who answer for children's safety, whatever a school has edited.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reader(TextChoices):
    HELPER = "helper", _("the helper")
    CLASS_TEACHER = "class_teacher", _("the class teacher")
    COUNSELLOR = "counsellor", _("the counsellor")
    COORDINATOR = "coordinator", _("the student affairs office")


@dataclass(frozen=True, slots=True)
class Topic:
    """`urgent`: answered within the shorter time. `private`: what comes of it is for writer and counsellor alone."""

    code: str
    label: str | Promise
    icon: str
    way: tuple[str, ...] = ()
    urgent: bool = False
    private: bool = False
    harm: bool = False


HELPER, TEACHER = Reader.HELPER, Reader.CLASS_TEACHER
TOPICS: dict[str, Topic] = {
    topic.code: topic
    for topic in (
        Topic("studying", _("Studying"), "book", (HELPER, TEACHER)),
        Topic("home", _("Something at home"), "home", (TEACHER, HELPER)),
        Topic("money", _("Money, things I need"), "coin", (Reader.COORDINATOR,)),
        Topic("friend", _("A friend, a classmate"), "friends", (TEACHER, HELPER)),
        Topic("low", _("I feel low"), "cloud-rain", (Reader.COUNSELLOR,), urgent=True, private=True),
        Topic("body", _("My body"), "first-aid-kit", (TEACHER,), urgent=True, private=True),
        Topic("hurt", _("Somebody hurts me"), "lifebuoy", urgent=True, private=True, harm=True),
        Topic("other", pgettext_lazy("help", "Something else"), "message-circle", (TEACHER, HELPER)),
    )
}
#: Whose ways a school may edit.
EDITABLE = tuple(code for code, topic in TOPICS.items() if not topic.harm)
