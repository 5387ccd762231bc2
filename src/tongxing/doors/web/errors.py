"""Error pages in words. They stand alone: no database, no session, so that they work when nothing else does."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


def _plain(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    facts = {
        "heading": title,
        "text": text,
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "theme": request.COOKIES.get("theme", ""),
    }
    return HttpResponse(render_to_string("error.html", facts), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        request, 400, _("That was not understood"), _("Please go back and try again. Nothing was changed.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        request,
        403,
        _("This is not yours to open"),
        _("If you need it for your work, please ask the coordinator."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _plain(
        request,
        403,
        _("The page was open for too long"),
        _("Please go back, load the page again and send it once more. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(
        request, 404, _("Nothing is here"), _("The page has moved, or it is not meant for this account.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    return _plain(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing was half-saved. Please try again in a moment; if it stays, tell the administrator."),
    )


def no_space(request: HttpRequest) -> HttpResponse:
    return _plain(
        request,
        507,
        _("The server has no space left"),
        _("Nothing was saved. Please keep your text and tell the administrator, then try again."),
    )


def busy(request: HttpRequest) -> HttpResponse:
    return _plain(
        request,
        503,
        _("The server is busy at the moment"),
        _("Nothing was saved. Please go back and send it once more in a minute."),
    )
