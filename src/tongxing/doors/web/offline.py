"""Without a network: the files a phone keeps, taking in what was written there, and the pages of both.

Invariants:
- one id with one content is one record, however often and in whatever order it arrives, with the same answer;
- one id with two contents: both are kept, and their writer is asked which is meant;
- each item is taken in or refused by itself, with the same form and the same rules as on the page.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongxing import __version__
from tongxing.care.contacts import highlights, versions
from tongxing.care.contacts.actions import Differs
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact, OtherVersion
from tongxing.care.contacts.queries import answers_of, unsealed
from tongxing.care.safety.queries import raised_from
from tongxing.ground.kernel.errors import Refused

from . import files, grid, offline_rooms
from .contact_forms import FIELD_OF
from .highlights import students_to_note
from .offline_item import Item, Taken, Unfilled, valid
from .page import page, say
from .record_taking import form_of, say_thanks, student_of
from .record_taking import keep as take_in

log = logging.getLogger(__name__)
#: How many items one request carries.
MOST_ITEMS = 20


#: The scripts under static/web/offline, and the colour around the page of an installed app.
SCRIPTS = ("fields", "forms", "half", "idb", "outbox", "pack", "photos", "store", "waiting")
PAPER = "#f7f5f0"


def _record(request: Any, item: Item) -> Taken:
    student = student_of(request, item.student_id)
    kind = KINDS[item.fields.get("kind") or "talk"]
    form = valid(form_of(request, student, kind, item.fields))
    keep = partial(take_in, request, form, student, files=files.read(item.files), waited=item.waited)
    return _kept(request, item, keep)


def _row(request: Any, item: Item) -> Taken:
    """A row of the sheet “from paper”."""
    sheet = grid.sheet_of(request, item.fields.get("staff", ""))
    if sheet is None:
        raise Http404
    if item.student_id not in {student.pk for student in sheet.students}:
        raise Http404
    row = valid(grid.RowForm(item.fields, students=sheet.students))
    return _kept(request, item, partial(grid.keep_row, request, sheet, row, waited=item.waited))


def _kept(request: Any, item: Item, keep: Callable[..., Contact]) -> Taken:
    """Keep it under its id, or beside what came under the same id with other words."""
    try:
        return _contact(request, keep(client_id=item.id))
    except Differs as differs:
        second = keep(client_id=differs.other_id)
    versions.keep_beside(request.actor, client_id=item.id, second=second)
    return _contact(request, second, 409)


def _contact(request: Any, contact: Contact, status: int = 200) -> Taken:
    raised = raised_from(request.actor, ("contact", contact.pk))
    return Taken(contact.pk, status, reverse("safety-caught", args=[raised.pk]) if raised else "")


def _highlight(request: Any, item: Item) -> Taken:
    student = students_to_note(request).filter(pk=item.student_id).first()
    if student is None:
        raise Http404
    seen = highlights.seen(item.fields.get("phrase", ""), item.fields.get("words", ""))
    noted = highlights.note(request.actor, student=student, client_id=item.id, seen=seen, waited=item.waited)
    return _contact(request, noted)


#: What can be written without a network, by the name its form carries.
TAKES: dict[str, Callable[[Any, Item], Taken]] = {
    "record": _record,
    "row": _row,
    "highlight": _highlight,
    "roll": offline_rooms.roll,
    "request": offline_rooms.help_request,
    "visit": offline_rooms.class_visit,
    "tick": offline_rooms.tick,
    "measure": offline_rooms.measure,
    "deed": offline_rooms.deed,
}


@page(signed_in=True)
@require_POST
def send(request: Any) -> HttpResponse:
    """Take in up to `MOST_ITEMS` items in their order; one answer for each, by its id. 401: somebody else signed in."""
    if request.POST.get("user") != str(request.user.pk):
        return JsonResponse({}, status=401)
    try:
        sent = json.loads(request.POST.get("items", ""))
        ids = [str(UUID(one["id"])) for one in sent[:MOST_ITEMS]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"said": _("That was not understood")}, status=400)
    answers, told = [], []
    for one, id in zip(sent, ids, strict=False):
        taken = _taken(request, one, id)
        if isinstance(taken, Taken):
            told.append((one["form"], id, taken))
            answers.append(
                {"id": id, "status": taken.status, "record": taken.record, "leads_to": taken.leads_to}
            )
        else:
            answers.append({"id": id, **taken})
    _say_thanks(request, told)
    return JsonResponse({"items": answers})


def _say_thanks(request: Any, answers: list[tuple[str, str, Taken]]) -> None:
    """For the next page, where the writer looks on (`tell`); what calls for help has a page of its own."""
    looked_on = request.POST.get("tell", "").split(",")
    told = [
        (form, taken)
        for form, id, taken in answers
        if id in looked_on and taken.status == 200 and not taken.leads_to
    ]
    for _form, taken in told:
        if taken.said:
            say(request, taken.said, undo=taken.undo)
    records = [taken.record for form, taken in told if form == "record"]
    for contact in Contact.objects.filter(pk__in=records).select_related("student"):
        say_thanks(request, contact)
    if rows := [taken for form, taken in told if form == "row"]:
        grid.say_saved(request, len(rows))


def _taken(request: Any, sent: dict[str, Any], id: str) -> Taken | dict[str, Any]:
    """What became of one item; or why not: 422, 403, 400 refused · 503 try again."""
    try:
        item = Item(sent, request.FILES.getlist(f"files-{id}"))
        return TAKES[item.form](request, item)
    except Unfilled as refusal:
        return {"status": 422, "said": refusal.message, "fields": refusal.fields}
    except Refused as refusal:
        at = {FIELD_OF.get(refusal.field, refusal.field): refusal.message} if refusal.field else {}
        return {"status": 422, "said": refusal.message, "fields": at}
    except (Http404, PermissionDenied):
        said = _("You no longer look after this student. Please give what you wrote to the coordinator.")
        return {"status": 403, "said": said}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"status": 400, "said": _("That was not understood")}
    except Exception as failure:  # the others of the batch do not wait for this one
        log.error("could not take in an item: %s", type(failure).__name__)
        return {"status": 503, "said": _("The school's computer is busy. It will be sent again.")}


@page(signed_in=True)
@require_safe
def waiting(request: Any) -> HttpResponse:
    """What lies on this device: the script fills it in, the server does not know it."""
    return render(request, "offline/waiting.html")


@page(can="contact.write")
def differs(request: Any, version_id: int) -> HttpResponse:
    """Two versions of one record: their writer says which is meant."""
    found = OtherVersion.objects.visible_to(request.actor).filter(school=request.school)
    other = get_object_or_404(
        found.select_related("first__student__key", "second__student__key"), pk=version_id
    )
    if request.method == "POST":
        versions.settle(request.actor, other=other, keep=request.POST.get("keep", ""))
        say(request, _("Thank you, that is settled."))
        return redirect("week")
    both = [(keep, one, _answers(one)) for keep, one in (("first", other.first), ("second", other.second))]
    return render(request, "offline/differs.html", {"other": other, "versions": both})


def _answers(contact: Contact) -> tuple[tuple[str, str], ...]:
    body = {} if contact.restricted else unsealed(contact, contact.revisions.latest("number"))
    return answers_of(contact.asks, body)


def _language(request: Any) -> str:
    """Asked for in the address: a service worker's own requests tell of no choice."""
    wanted = request.GET.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


@page(public=True)
@require_safe
def shell(request: Any) -> HttpResponse:
    """What a browser shows without a network, in the language of its address; it names nobody, for it is kept."""
    with override(_language(request)):
        return render(request, "offline/shell.html")


@page(public=True)
@require_safe
def service_worker(request: Any) -> HttpResponse:
    names = [
        "web/app.css",
        "web/app.js",
        "web/smaller.js",
        "web/work.js",
        "web/icons.svg",
        "web/mark.svg",
        *(f"web/offline/{name}.js" for name in SCRIPTS),
    ]
    kept = [staticfiles_storage.url(name) for name in names]
    version = hashlib.sha256("\n".join([__version__, _language(request), *kept]).encode()).hexdigest()[:12]
    shown = f"{reverse('offline')}?language={_language(request)}"
    context = {"files": kept, "shell": shown, "version": version}
    answer = render(request, "offline/sw.js", context, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@page(public=True)
@require_safe
def manifest(request: Any) -> HttpResponse:
    icons = [
        {
            "src": staticfiles_storage.url(f"web/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    told = {
        "name": _("Tongxing"),
        "short_name": _("Tongxing"),
        "lang": get_language(),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


urlpatterns = [
    path("offline/", shell, name="offline"),
    path("offline/send/", send, name="offline-send"),
    path("waiting/", waiting, name="waiting"),
    path("versions/<int:version_id>/", differs, name="version-differs"),
    path("sw.js", service_worker, name="service-worker"),
    path("app.webmanifest", manifest, name="manifest"),
]
