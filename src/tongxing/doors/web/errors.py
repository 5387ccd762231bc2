"""Error pages in words. They stand alone: no database, no session, so that they work when nothing else does."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _plain(status: int, title: str, text: str) -> HttpResponse:
    return HttpResponse(render_to_string("error.html", {"heading": title, "text": text}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(400, _("That was not understood"), _("Please go back and try again. Nothing was changed."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        403, _("This is not yours to open"), _("If you need it for your work, please ask the coordinator.")
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _plain(
        403,
        _("The page was open for too long"),
        _("Please go back, load the page again and send it once more. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(404, _("Nothing is here"), _("The page has moved, or it is not meant for this account."))


def broken(request: HttpRequest) -> HttpResponse:
    return _plain(
        500,
        _("Something went wrong on our side"),
        _("Nothing was half-saved. Please try again in a moment; if it stays, tell the administrator."),
    )
