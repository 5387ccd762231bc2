"""Every page declares who may open it; a page that declares nothing does not exist (a test sees to it).

`@page(can=…)` – the actor holds that ability in the current school; `@page(signed_in=True)` – anyone who signed in;
`@page(public=True)` – anyone. The view finds `request.actor`, `request.school` (the actor's organisation of the
moment, or None) and `request.term`.
"""

import errno
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import PUBLIC, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.queries import current_term

from . import errors

log = logging.getLogger(__name__)
#: Hidden fields of a form.
NOT_TYPED = {"csrfmiddlewaretoken", "client_id"}
SHORTEST_SENTENCE = 3
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Permission:
    can: str = ""
    signed_in: bool = False
    public: bool = False


def page(
    *, can: str = "", signed_in: bool = False, public: bool = False, gives_back: bool = False
) -> Callable[[View], View]:
    """Declare a view's permission and enforce it before the view runs.

    `gives_back`: whoever was signed out while writing sees the own words again instead of losing them.
    """
    permission = Permission(can, signed_in, public)
    if sum([bool(can), signed_in, public]) != 1:
        raise ValueError("a page declares exactly one of can, signed_in, public")

    def declare(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            furnish(request)
            if not public and request.actor.kind == "public":
                if gives_back and (texts := _typed(request)):
                    return render(request, "signin/signed_out.html", {"texts": texts}, status=403)
                return redirect_to_login(request.get_full_path())
            school_id = request.school.pk if request.school else None
            if can and not (school_id and request.actor.may(can, school_id=school_id)):
                raise NotAllowed(can)
            request.term = current_term(request.school, clock.today()) if request.school else None
            try:
                response = view(request, *args, **kwargs)
            except Refused as refusal:
                response = _refused(request, refusal)
            except (OperationalError, OSError) as failure:
                response = _unavailable(request, failure)
            if not public:
                response.headers.setdefault("Cache-Control", "no-store")
            _say_it_arrived(request, response)
            return response

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the permission test
        return guarded

    return declare


def _say_it_arrived(request: HttpRequest, response: HttpResponse) -> None:
    """A download leaves its form standing; this cookie tells the form (`work.js`) that the answer has come."""
    sent = request.POST.get("arrives", "")
    if sent.isdigit() and response.headers.get("Content-Disposition"):
        response.set_cookie("arrived", sent, max_age=60, samesite="Lax")


def _typed(request: HttpRequest) -> list[str]:
    """The sentences of a form; what it sends besides them is shorter and has no blank or full stop."""
    sent = [
        text.strip() for name in request.POST for text in request.POST.getlist(name) if name not in NOT_TYPED
    ]
    return [text for text in sent if len(text) > SHORTEST_SENTENCE and not _is_code(text)]


def _is_code(text: str) -> bool:
    return text.isascii() and " " not in text


def furnish(request: Any) -> None:
    """Put actor and school on the request: what decides whether the page opens."""
    user = request.user
    request.actor = actor_for(user) if user.is_authenticated else PUBLIC
    request.school = _school(request, request.actor)


def _school(request: HttpRequest, actor: Actor) -> Organisation | None:
    """The organisation chosen in this session, or the first of the actor's."""
    mine = sorted(actor.organisations)
    if not mine:
        return None
    chosen = request.session.get("school")
    return Organisation.objects.get(pk=chosen if chosen in mine else mine[0])


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no and the view had no form to show it on: a page with the sentence and the way back."""
    return render(request, "refused.html", {"message": refusal.message}, status=422)


def _unavailable(request: HttpRequest, failure: Exception) -> HttpResponse:
    """The disk is full, or the database cannot be reached: the action's transaction took everything back."""
    log.error("could not finish a request: %s", type(failure).__name__)
    if isinstance(failure, OSError) and failure.errno != errno.ENOSPC:
        raise failure
    is_full = isinstance(failure, OSError) or "full" in str(failure) or "No space" in str(failure)
    return errors.no_space(request) if is_full else errors.busy(request)


def apply_refusal(form: Any, refusal: Refused) -> None:
    """Show a refusal beside the field it belongs to, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """A short message on the next page. `undo`: the address that takes it back, with what it is sent (`/x/?keep=1`)."""
    messages.success(request, text, extra_tags=undo)
