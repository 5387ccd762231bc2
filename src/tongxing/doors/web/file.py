"""One file per child (一生一档): what is known, the family at a glance, what was answered and seen, and its forms."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts.models import Contact
from tongxing.care.profiles.queries import askings_of, surveys_in_use, told_of, traits_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Student
from tongxing.paper.documents import form_actions
from tongxing.paper.documents.forms import Form
from tongxing.paper.documents.models import WordTemplate
from tongxing.paper.documents.statutory import basic_record, left_behind_register, values_of

from .documents import attachment
from .page import page

#: In the order in which they stand on the page.
TITLES = {"basic": basic_record, "left-behind": left_behind_register}


def student_near(request: Any, student_id: int) -> Student:
    """A student whose records this person reads, with class and key."""
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    found = mine.select_related("key", "school").with_class(clock.today())
    return get_object_or_404(found, pk=student_id)


@page(can=form_actions.CAN)
def student_file(request: Any, student_id: int) -> HttpResponse:
    return _file(request, student_near(request, student_id))


def _file(request: Any, student: Student, *, refused: str = "", code: str = "") -> HttpResponse:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    values = values_of(request.actor, student, clock.today(), full=False)
    forms = {form: make(values, "", "") for form, make in TITLES.items()}
    context = {
        "student": student,
        "facts": _known(forms["basic"]),
        "family": values.family,
        "traits": traits_of(request.actor, student),
        "told": told_of(request.actor, student),
        "askings": askings_of(request.actor, student),
        "surveys": surveys_in_use(request.actor, student.school_id),
        "agreed": bool(with_consent([student.pk], "survey")),
        "forms": [(form, made.title) for form, made in forms.items()],
        "may_write": request.actor.may("contact.write", **ids),
        "may_correct": request.actor.may("student.manage", **ids),
        "may_family": request.actor.may("family.write", **ids) and request.actor.sees("contact", **ids),
        "may_reveal": request.actor.may("reveal", **ids) and request.actor.sees("contact", **ids),
        "templates": WordTemplate.objects.visible_to(request.actor)
        .standing()
        .filter(school=request.school, unit=WordTemplate.Unit.STUDENT)
        .only("name"),
        "refused": refused,
        "refused_form": code,
    }
    return render(request, "students/file.html", context, status=422 if refused else 200)


def _known(form: Form) -> list[tuple[str, str]]:
    """What stands in the basic record, without boxes to tick and the lines of the guardians."""
    cells = form.cells
    first = next((n for n, cell in enumerate(cells) if cell.label == _("Guardian %(n)s") % {"n": 1}), None)
    return [(cell.label, cell.text) for cell in cells[1:first] if cell.text and "□" not in cell.text]


@page(can=form_actions.CAN)
@require_POST
def student_form(request: Any, student_id: int, form_code: str) -> HttpResponse:
    """One of the forms to print or to edit (`make`); with `full` and a purpose nothing on it is hidden."""
    student, kind = student_near(request, student_id), request.POST.get("make", "")
    full, purpose = "full" in request.POST, request.POST.get("purpose", "")
    try:
        file = form_actions.student_form(
            request.actor, student=student, code=form_code, kind=kind, full=full, purpose=purpose
        )
    except Refused as refusal:
        return _file(request, student, refused=refusal.message, code=form_code)
    return attachment(file, f"{student.code} {form_code} {clock.today()}", kind)


@page(can=form_actions.CAN)
@require_POST
def record_form(request: Any, contact_id: int) -> HttpResponse:
    """The form of a talk or a home visit, to print or to edit (`make`)."""
    contacts = Contact.objects.visible_to(request.actor).filter(school=request.school)
    found = contacts.select_related("student__key", "student__school", "school", "staff")
    contact = get_object_or_404(found, pk=contact_id)
    kind = request.POST.get("make", "")
    file = form_actions.record_form(request.actor, contact=contact, kind=kind)
    name = f"{contact.student.code} {contact.asks.label} {clock.day_of(contact.happened_at)}"
    return attachment(file, name, kind)


urlpatterns = [
    path("students/<int:student_id>/file/", student_file, name="student-file"),
    path("students/<int:student_id>/forms/<str:form_code>/", student_form, name="student-form"),
    path("records/<int:contact_id>/form/", record_form, name="record-form"),
]
