"""Help asked for: the one list of who waits, and the page on which a request goes its way."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.requests import actions, boxes, queries
from tongxing.care.requests.evidence import open_file
from tongxing.care.requests.models import Evidence, HelpRequest
from tongxing.care.safety.queries import student_called
from tongxing.ground.access.queries import colleagues
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student

from .files import handed_out
from .page import page, say

IN_SAFETY = gettext_lazy(
    "Those who answer for children’s safety have it now. Please talk with nobody else about it."
)


@page(can="request.answer")
def requests(request: Any) -> HttpResponse:
    """What waits for me first, then for colleagues, then for the asker's word."""
    found = queries.asked_for_help(request.actor, request.school)
    mine = HelpRequest.objects.asked_by_me(request.actor).filter(school=request.school)
    late = [one for one in boxes.boxes_now(request.actor, request.school) if one.urgency != "later"]
    context = {"found": found, "boxes": late, "own": queries.outcomes(mine.open())}
    return render(request, "requests/list.html", context)


def _request(request: Any, request_id: int) -> HelpRequest:
    seen = HelpRequest.objects.visible_to(request.actor).filter(school=request.school, in_safety=False)
    rows = seen.select_related(
        "student__key", "key", "school", "school_class", "holder", "asked_by", "box", "contact"
    )
    return get_object_or_404(rows, pk=request_id)


@page(can="request.answer")
def one(request: Any, request_id: int) -> HttpResponse:
    return _show(request, _request(request, request_id))


def _show(request: Any, found: HelpRequest, **more: Any) -> HttpResponse:
    reads = HelpRequest.objects.readable_by(request.actor).filter(pk=found.pk).exists()
    words, steps = actions.open_request(request.actor, request=found) if reads else ("", [])
    (line,) = queries.lines(request.actor, [found])
    context = {
        "request_": found,
        "line": line,
        "reads": reads,
        "words": words,
        "steps": steps,
        "evidence": found.evidence.select_related("file") if reads else (),
        "staff": _who_may_take(request, found),
        "by_child": found.door in ("slip", "square", "teacher"),
        "keeps": reads and _may_keep(request, found),
        "refused": "",
        "typed": request.POST.get("text", "") if more else "",
        "did": request.POST.get("do", "") if more else "",
    }
    status = 422 if "refused" in more else 200
    return render(request, "requests/request.html", context | more, status=status)


def _who_may_take(request: Any, found: HelpRequest) -> list[Staff]:
    """Colleagues with an account and a role, without those it is kept from; whether one may is asked of the action."""
    known = colleagues(request.school).exclude(pk__in=found.kept_from.values("pk"))
    working = Staff.objects.filter(school=request.school, user__is_active=True).active(clock.today())
    with_role = [user.pk for user in known if user.current_grants]  # type: ignore[attr-defined]  # prefetched
    return list(working.filter(user__in=with_role).exclude(user=found.holder).order_by("pinyin", "name"))


def _may_keep(request: Any, found: HelpRequest) -> bool:
    if found.student_id is None or found.state not in ("solved", "done") or found.contact_id:
        return False
    ids = {"school_id": found.school_id, "student_id": found.student_id}
    return request.actor.may("contact.write", **ids) and found.holder_id == request.actor.user_id


def _take(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.take_on(actor, request=found, text=text)
    return _("It is yours now, thank you. Whoever asked can see it.")


def _try(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.note_tried(actor, request=found, text=text)
    return _("Noted, with day and name. Thank you.")


def _solve(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.solve(actor, request=found, text=text)
    return _("Thank you. Whoever asked is now asked whether it helped.")


def _back(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.solve_not_yet(actor, request=found)
    return _("It goes on.")


def _hand(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    staff = Staff.objects.filter(
        school=found.school, pk=int(post["to"]) if post.get("to", "").isdecimal() else 0
    )
    to = staff.select_related("user").first()
    if to is None:
        raise Refused(_("Choose a colleague."), field="to")
    actions.hand_on(actor, request=found, to=to, reason=text)
    return _("Handed on to %(name)s, who finds a message.") % {"name": to.name}


def _helped(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.say_whether_it_helped(actor, request=found, helped=post.get("helped", ""), text=text)
    return _("Noted, with day and name. Thank you.")


def child_called(found: HelpRequest, post: Any) -> Student:
    """The child somebody has recognised, by name and class."""
    named = student_called(found.school, post.get("name", ""), post.get("class_name", ""))
    if named is None:
        raise Refused(_("Nobody of this name in this class."), field="name")
    return named


def _name(actor: Any, found: HelpRequest, post: Any, text: str) -> str:
    actions.name_child(actor, request=found, student=child_called(found, post))
    return _("Noted who it is about.")


STEPS = {
    "take": _take,
    "try": _try,
    "solve": _solve,
    "back": _back,
    "hand": _hand,
    "helped": _helped,
    "name": _name,
}


@page(can="request.answer", gives_back=True)
@require_POST
def step(request: Any, request_id: int) -> HttpResponse:
    """One step on."""
    found, do = _request(request, request_id), request.POST.get("do", "")
    if do not in STEPS:
        return redirect("request", found.pk)
    try:
        told = STEPS[do](request.actor, found, request.POST, request.POST.get("text", "")[:1000])
    except Refused as refusal:
        return _show(request, _request(request, request_id), refused=refusal.message)
    return _after(request, found, told, undo=do == "solve")


def _after(request: Any, found: HelpRequest, told: str, *, undo: bool) -> HttpResponse:
    """Back to the request, unless it has gone to somebody else; what told of danger is with safety now."""
    if HelpRequest.objects.filter(pk=found.pk, in_safety=True).exists():
        say(request, str(IN_SAFETY))
        return redirect("requests")
    say(request, told, undo=f"{reverse('request-step', args=[found.pk])}?do=back" if undo else "")
    still = HelpRequest.objects.visible_to(request.actor).filter(pk=found.pk)
    return redirect("request", found.pk) if still.exists() else redirect("requests")


@page(can="request.answer")
@require_POST
def keep(request: Any, request_id: int) -> HttpResponse:
    """What was done becomes a record of the child."""
    contact = actions.keep_as_record(request.actor, request=_request(request, request_id))
    say(
        request, _("It stands among the child’s records now."), undo=reverse("record-undo", args=[contact.pk])
    )
    return redirect("record", contact.pk)


@page(can="request.answer")
def evidence(request: Any, evidence_id: int) -> HttpResponse:
    rows = Evidence.objects.visible_to(request.actor).filter(school=request.school)
    return file_of(request, get_object_or_404(rows.select_related("file__key", "request"), pk=evidence_id))


def file_of(request: Any, found: Evidence) -> HttpResponse:
    try:
        content, media_type = open_file(request.actor, one=found)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, media_type, str(found.pk))


urlpatterns = [
    path("requests/", requests, name="requests"),
    path("requests/<int:request_id>/", one, name="request"),
    path("requests/<int:request_id>/step/", step, name="request-step"),
    path("requests/<int:request_id>/record/", keep, name="request-record"),
    path("requests/evidence/<int:evidence_id>/", evidence, name="request-evidence"),
]
