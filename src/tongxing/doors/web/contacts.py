"""Writing down a talk in twenty seconds, reading a record, correcting and withdrawing it."""

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts import actions, drafts, thanks
from tongxing.care.contacts.agreed import Goal, appointments, goal_of, usual
from tongxing.care.contacts.attachments import attach, take_away
from tongxing.care.contacts.kinds import KINDS, Kind
from tongxing.care.contacts.models import Attachment, Contact
from tongxing.care.contacts.queries import (
    addressed_to_counsellor,
    answers_of,
    last_times,
    may_read,
    openings,
    unsealed,
)
from tongxing.care.safety.queries import raised_from
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Guardian, Student
from tongxing.paper.documents.form_actions import has_form

from .contact_forms import FIELD_OF, Reach, RecordForm, initial_of, typed_of
from .files import contents_of
from .page import page, say
from .record_taking import beginning, form_of, guardians_of, keep, proxy_of, say_thanks, student_of


def _contact(request: Any, contact_id: int) -> Contact:
    contacts = Contact.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(contacts.select_related("student__key", "staff", "recorded_by"), pk=contact_id)


def _kinds(request: Any, student: Student) -> list[Kind]:
    psych = request.actor.sees("psych", school_id=student.school_id, student_id=student.pk)
    return [kind for kind in KINDS.values() if psych or not kind.restricted]


@page(can="contact.write", gives_back=True)
def new(request: Any, student_id: int) -> HttpResponse:
    """The form (GET), the same form for another kind with what was typed (POST with `switch`), or saving it."""
    student = student_of(request, student_id)
    code = request.POST.get("switch") or request.POST.get("kind") or request.GET.get("kind", "")
    kind = KINDS.get(code, KINDS["talk"])
    if "later" in request.POST:
        return _keep_for_later(request, student, kind)
    form = _form(request, student, kind)
    if form.is_valid():
        try:
            return _save(request, student, form)
        except Refused as refusal:
            _show(form, refusal)
    return _new(request, student, form)


def _keep_for_later(request: Any, student: Student, kind: Kind) -> HttpResponse:
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED}
    drafts.keep(request.actor, student=student, kind=kind.code, typed=typed)
    say(request, _("Kept for later, for you alone. You find it on your week."))
    if drafts.speaks_of_danger(typed):  # said at once, above the draft
        return _to_form(student, kind)
    return redirect("week") if request.actor.may("week.view") else redirect("student", student.pk)


def _take_up(request: Any, student: Student, form: RecordForm) -> None:
    """A fresh form begins where one's own draft of this kind stopped."""
    found = drafts.find(request.actor, student, form.kind.code) if request.method == "GET" else None
    if found:
        form.draft, typed = found
        form.in_danger = drafts.speaks_of_danger(typed)
        form.initial.update(
            (name, values if name == "reached" else values[-1]) for name, values in typed.items() if values
        )


@page(can="contact.write")
@require_POST
def forget_draft(request: Any, student_id: int) -> HttpResponse:
    student, kind = student_of(request, student_id), KINDS.get(request.POST.get("kind", ""), KINDS["talk"])
    if drafts.lay_aside(request.actor, student=student, kind=kind.code):
        undo = f"{reverse('draft-bring-back', args=[student.pk])}?kind={kind.code}"
        say(request, _("The draft is gone."), undo=undo)
    return _to_form(student, kind)


@page(can="contact.write")
@require_POST
def bring_draft_back(request: Any, student_id: int) -> HttpResponse:
    student, kind = student_of(request, student_id), KINDS.get(request.POST.get("kind", ""), KINDS["talk"])
    drafts.bring_back(request.actor, student=student, kind=kind.code)
    return _to_form(student, kind)


def _to_form(student: Student, kind: Kind) -> HttpResponse:
    return redirect(f"{reverse('record-new', args=[student.pk])}?kind={kind.code}")


def _form(request: Any, student: Student, kind: Kind) -> RecordForm:
    asked_for = [one for one in guardians_of(request, student) if str(one.pk) == request.GET.get("guardian")]
    reached = [f"g{guardian.pk}" for guardian in asked_for] or request.GET.getlist("reached")[:1]
    initial = beginning(kind) | {"reached": reached}
    initial |= usual(request.actor, student, kind.code)
    switching = "switch" in request.POST
    if switching:
        typed = request.POST.dict()
        initial |= {name: text for name, text in typed.items() if text and name not in {"reached", "channel"}}
    data = request.POST if request.method == "POST" and not switching else None
    form = form_of(request, student, kind, data, initial=initial)
    _take_up(request, student, form)
    return form


#: What a form sends along that nobody typed.
NOT_TYPED = {"csrfmiddlewaretoken", "client_id", "kind", "later", "switch"}


def _save(request: Any, student: Student, form: RecordForm) -> HttpResponse:
    contact = keep(request, form, student, files=contents_of(request) if request.FILES else ())
    if raised := raised_from(request.actor, ("contact", contact.pk)):
        return redirect("safety-caught", raised.pk)
    say_thanks(request, contact)
    return redirect(_after(request, student))


def _after(request: Any, student: Student) -> str:
    """Where one goes on after writing: the own week, or the student's page."""
    return reverse("week") if _is_near(request, student) else reverse("student", args=[student.pk])


def _is_near(request: Any, student: Student) -> bool:
    """Whether this student's duties stand on one's own week: as helper or class teacher."""
    near = [scope for scope in request.actor.scopes if scope.students and "week.view" in scope.can]
    return any(scope.reaches(student.school_id, student.pk) for scope in near)


def _show(form: RecordForm, refusal: Refused) -> None:
    """A refusal beside its field; a form that was saved before gets a new id, so that its text is not lost."""
    field = FIELD_OF.get(refusal.field or "", refusal.field)
    if field == "client_id":
        form.renew()
    form.add_error(field if field in form.fields and field != "client_id" else None, refusal.message)


def _new(request: Any, student: Student, form: RecordForm) -> HttpResponse:
    kept = _kept(request, form)
    context = {
        "student": student,
        "kind": form.kind,
        "kinds": _kinds(request, student),
        "form": form,
        "last": last_times(request.actor, [student.pk]).get(student.pk),
        "agreed": appointments(request.actor, [student.pk]).get(student.pk),
        "goal": goal_of(request.actor, student),
        "kept": kept,
        "secret": not ASKED_IN_SECRET.isdisjoint(kept),
        "after": _after(request, student),
    }
    return render(request, "contacts/new.html", context, status=422 if form.errors else 200)


#: The questions of the counsellor's own kinds: what answers them is never kept on a device.
ASKED_IN_SECRET = {question.code for kind in KINDS.values() if kind.restricted for question in kind.questions}


def _kept(request: Any, form: RecordForm) -> dict[str, str]:
    """Texts typed under another kind: they travel along, so that switching back shows them again."""
    asked = {question.code for kind in KINDS.values() for question in kind.questions} - form.fields.keys()
    return {name: text for name, text in request.POST.items() if name in asked and text}


@page(can="contact.read")
def record(request: Any, contact_id: int) -> HttpResponse:
    return _record(request, _contact(request, contact_id))


@page(can="contact.read")
@require_POST
def open_record(request: Any, contact_id: int) -> HttpResponse:
    """The text of a restricted record, once, for its author and the counsellor; the opening is logged."""
    contact = _contact(request, contact_id)
    purpose = request.POST.get("own_words", "").strip() or request.POST.get("purpose", "")
    try:
        texts = actions.open_texts(request.actor, contact=contact, purpose=purpose)
    except Refused as refusal:
        return _record(request, contact, purpose_error=refusal.message)
    return _record(request, contact, texts)


@page(can="contact.read")
@require_POST
def thank(request: Any, contact_id: int) -> HttpResponse:
    contact = _contact(request, contact_id)
    said = thanks.thank(request.actor, contact=contact, words=request.POST.get("words", ""))
    undo = reverse("record-thank-undo", args=[contact.pk]) if is_recent(said.at) else ""
    say(request, _("%(name)s will read it on the own week.") % {"name": contact.staff.name}, undo=undo)
    return redirect("record", contact.pk)


@page(can="contact.read")
@require_POST
def take_thanks_back(request: Any, contact_id: int) -> HttpResponse:
    contact = _contact(request, contact_id)
    thanks.take_back(request.actor, contact=contact)
    say(request, _("Taken back: nothing was said."))
    return redirect("record", contact.pk)


@page(can="restricted.read")
def restricted(request: Any) -> HttpResponse:
    """What colleagues wrote for the counsellor alone; each is opened by itself."""
    found = addressed_to_counsellor(request.actor).filter(school=request.school)
    shown = Paginator(found, 30).get_page(request.GET.get("page"))
    return render(request, "contacts/restricted.html", {"page": shown})


def _record(
    request: Any, contact: Contact, opened: dict[int, dict[str, str]] | None = None, **more: Any
) -> HttpResponse:
    revisions = list(contact.revisions.select_related("by"))
    texts = opened or ({} if contact.restricted else {r.number: unsealed(contact, r) for r in revisions})
    author = request.actor.user_id in {contact.staff.user_id, contact.recorded_by_id}
    ids = {"school_id": contact.school_id, "student_id": contact.student_id}
    writes = request.actor.may("contact.write", **ids) and not contact.withdrawn
    context = {
        "contact": contact,
        "withdraw_error": "",
        "file_error": "",
        "attachments": contact.attachments.select_related("file").defer("file__sealed"),
        "may_attach": writes and author,
        "purpose_error": "",
        "purposes": [_("Helping the student now"), _("Preparing a talk"), _("A question of safety")],
        "openings": openings(contact) if contact.restricted and may_read(request.actor, contact) else [],
        "thanks": [] if contact.restricted and not opened else contact.thanks.select_related("staff"),
        "may_thank": thanks.may_thank(request.actor, contact),
        "is_author": author,
        "goal": _goal_before(request, contact),
        "revisions": [(r, answers_of(contact.asks, texts.get(r.number, {}))) for r in revisions],
        "closed": contact.restricted and not opened,
        "may_open": may_read(request.actor, contact),
        "may_correct": writes and author,
        "has_form": has_form(contact),
        "may_withdraw": writes and (author or request.actor.may("contact.manage", **ids)),
    }
    return render(request, "contacts/record.html", context | more, status=422 if more else 200)


def _goal_before(request: Any, contact: Contact) -> Goal | None:
    """Which goal an outcome is about."""
    if contact.kind != "goal_outcome":
        return None
    return goal_of(request.actor, contact.student, at=contact.happened_at)


@page(can="contact.write")
@require_POST
def add_file(request: Any, contact_id: int) -> HttpResponse:
    contact = _contact(request, contact_id)
    try:
        added = attach(request.actor, contact=contact, contents=contents_of(request))
    except Refused as refusal:
        return _record(request, contact, file_error=refusal.message)
    if added:
        say(request, _("The file is kept with the record."))
    return redirect("record", contact.pk)


@page(can="contact.write")
@require_POST
def take_file_away(request: Any, attachment_id: int) -> HttpResponse:
    found = Attachment.objects.visible_to(request.actor).filter(school=request.school)
    attachment = get_object_or_404(found.select_related("contact"), pk=attachment_id)
    try:
        take_away(request.actor, attachment=attachment, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        return _record(request, _contact(request, attachment.contact_id), file_error=refusal.message)
    say(request, _("The file is deleted. The record says that it was there, and why it is gone."))
    return redirect("record", attachment.contact_id)


@page(can="contact.write", gives_back=True)
def correct(request: Any, contact_id: int) -> HttpResponse:
    contact = _contact(request, contact_id)
    form = _correction(request, contact)
    if request.method == "POST" and form.is_valid():
        try:
            after = _number(request.POST.get("after", ""))
            reason = form.cleaned_data["reason"]
            actions.revise_contact(
                request.actor, contact=contact, after=after, told=form.told(), reason=reason
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            say(request, _("The record is corrected. The earlier text stays readable."))
            if raised := raised_from(request.actor, ("contact", contact.pk)):
                return redirect("safety-caught", raised.pk)
            return redirect("record", contact.pk)
    after = request.POST.get("after") or contact.revisions.count()
    context = {
        "contact": contact,
        "student": contact.student,
        "kind": form.kind,
        "form": form,
        "after": after,
    }
    return render(request, "contacts/correct.html", context, status=422 if form.errors else 200)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _correction(request: Any, contact: Contact) -> RecordForm:
    actions.check_correctable(request.actor, contact)
    guardians = guardians_of(request, contact.student)
    initial = _as_typed(request, contact, guardians) | {"client_id": contact.client_id}
    kind, proxy = contact.asks, proxy_of(request, contact.student)
    form = RecordForm(request.POST or None, kind=kind, guardians=guardians, proxy=proxy, initial=initial)
    for name in [
        name
        for name in form.fields
        if name in ("visibility", "staff") or name.startswith(("quick_", "start_"))
    ]:
        del form.fields[name]
    return form


def _as_typed(request: Any, contact: Contact, guardians: list[Guardian]) -> dict[str, Any]:
    """What the form of this record held."""
    last = contact.revisions.latest("number")
    text = last.body
    if contact.restricted:
        text = actions.open_texts(request.actor, contact=contact)[last.number]
    return initial_of(contact, text, Reach(contact.asks, guardians, proxy_of(request, contact.student)))


@page(can="contact.write")
@require_POST
@transaction.atomic
def undo(request: Any, contact_id: int) -> HttpResponse:
    """Take back what was just written: it counts no longer, and its words stand in the form again."""
    contact = _contact(request, contact_id)
    if contact.withdrawn:
        return _to_form(contact.student, contact.asks)
    actions.check_correctable(request.actor, contact)
    typed = typed_of(contact, _as_typed(request, contact, guardians_of(request, contact.student)))
    actions.take_back(request.actor, contact=contact)
    drafts.keep(request.actor, student=contact.student, kind=contact.kind, typed=typed)
    say(request, _("Taken back: it does not count. Your words stand here again."))
    return _to_form(contact.student, contact.asks)


@page(can="contact.write")
@require_POST
def withdraw(request: Any, contact_id: int) -> HttpResponse:
    contact = _contact(request, contact_id)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.withdraw_contact(request.actor, contact=contact, reason=reason)
    except Refused as refusal:
        return _record(request, contact, withdraw_error=refusal.message)
    say(request, _("The record is withdrawn. It stays readable and counts no longer."))
    return redirect("record", contact.pk)


urlpatterns = [
    path("students/<int:student_id>/record/", new, name="record-new"),
    path("students/<int:student_id>/record/forget-draft/", forget_draft, name="draft-forget"),
    path("students/<int:student_id>/record/bring-draft-back/", bring_draft_back, name="draft-bring-back"),
    path("records/restricted/", restricted, name="restricted"),
    path("records/<int:contact_id>/files/", add_file, name="record-file-add"),
    path("files/<int:attachment_id>/take-away/", take_file_away, name="file-take-away"),
    path("records/<int:contact_id>/thanks/", thank, name="record-thank"),
    path("records/<int:contact_id>/thanks/undo/", take_thanks_back, name="record-thank-undo"),
    path("records/<int:contact_id>/undo/", undo, name="record-undo"),
    path("records/<int:contact_id>/", record, name="record"),
    path("records/<int:contact_id>/open/", open_record, name="record-open"),
    path("records/<int:contact_id>/correct/", correct, name="record-correct"),
    path("records/<int:contact_id>/withdraw/", withdraw, name="record-withdraw"),
]
