"""Taking in a new record, whether it comes from the page or from a phone that had no network."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tongxing.care.contacts import actions, drafts
from tongxing.care.contacts.attachments import attach
from tongxing.care.contacts.kinds import Kind
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.pairing.models import ProxyParent
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian, Staff, Student

from .contact_forms import RecordForm
from .page import say

Found = TypeVar("Found")


def once_a_request(look: Callable[[Any, Any], Found]) -> Callable[[Any, Any], Found]:
    """Looked up once while one request is answered: a phone sends twenty records about the same few children."""

    @wraps(look)
    def found(request: Any, key: Any) -> Found:
        kept: dict[Any, Found] = request.__dict__.setdefault("looked_up", {})
        if (look, key) not in kept:
            kept[look, key] = look(request, key)
        return kept[look, key]

    return found


@once_a_request
def student_of(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    students = mine.with_class(clock.today()).select_related("key", "school")
    return get_object_or_404(students, pk=student_id)


@once_a_request
def guardians_of(request: Any, student: Student) -> list[Guardian]:
    return list(Guardian.objects.visible_to(request.actor).filter(student=student))


@once_a_request
def proxy_of(request: Any, student: Student) -> str:
    """The name of the child's proxy parent, now or the last one."""
    mine = ProxyParent.objects.visible_to(request.actor).filter(student=student).with_names()
    latest = mine.order_by("-pk").first()
    return latest.name if latest else ""


@once_a_request
def colleagues_of(request: Any, student: Student) -> QuerySet[Staff]:
    """In whose name this person may key in: nobody's, without `contact.manage`."""
    if not request.actor.may("contact.manage", school_id=student.school_id, student_id=student.pk):
        return Staff.objects.none()
    active = Staff.objects.filter(school_id=student.school_id).active(clock.today())
    return active.exclude(user_id=request.actor.user_id).order_by("pinyin", "name")


def form_of(
    request: Any, student: Student, kind: Kind, data: QueryDict | None = None, **more: Any
) -> RecordForm:
    """A new record's form for this student and this writer, filled with `data` when it was sent."""
    more |= {"proxy": proxy_of(request, student)}
    form = RecordForm(data, kind=kind, guardians=guardians_of(request, student), **more)
    return _for_new(request, form, colleagues_of(request, student))


def blank_form(request: Any, kind: Kind, guardians: Sequence[Guardian] = ()) -> RecordForm:
    """A new record's form as it begins, before it is known for whom."""
    form = RecordForm(kind=kind, guardians=guardians, initial=beginning(kind))
    return _for_new(request, form, Staff.objects.none())


def _for_new(request: Any, form: RecordForm, colleagues: QuerySet[Staff]) -> RecordForm:
    del form.fields["reason"]
    form.key_in_for(colleagues)
    term, today = request.term, clock.today()
    form.holidays = term is not None and not term.starts_on <= today <= term.ends_on
    return form


def beginning(kind: Kind) -> dict[str, Any]:
    """What a new form of this kind says before anything is typed."""
    return {
        "client_id": uuid4(),
        "made": "1",
        "channel": kind.channels[0],
        "when": "now",
        "day": clock.today(),
        "next": "",
        "visibility": Visibility.TEAM,
    }


def keep(
    request: Any,
    form: RecordForm,
    student: Student,
    *,
    client_id: UUID | None = None,
    files: Sequence[bytes] = (),
    waited: datetime.timedelta = datetime.timedelta(),
) -> Contact:
    """Save what a valid form tells, with its files, and drop the draft it came from."""
    with transaction.atomic():
        contact = actions.write_contact(
            request.actor,
            student=student,
            client_id=client_id or form.cleaned_data["client_id"],
            kind=form.kind.code,
            told=replace(form.told(), waited=waited),
            visibility=form.cleaned_data.get("visibility") or Visibility.TEAM,
            staff=form.cleaned_data.get("staff"),
        )
        if files:
            attach(request.actor, contact=contact, contents=files)
        drafts.drop(request.actor, student=student, kind=form.kind.code)
    return contact


def say_thanks(request: Any, contact: Contact) -> None:
    said = _("Written down for %(name)s. Thank you.") % {"name": contact.student.name}
    say(request, said, undo=reverse("record-undo", args=[contact.pk]))
