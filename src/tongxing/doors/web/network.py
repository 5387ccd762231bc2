"""The sheet for the staff room: how a phone learns to trust this server. Only where it speaks HTTPS itself (`--lan`)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.ground.kernel import authority

from .page import page
from .slips import square


@page(can="settings.manage")
def sheet(request: Any) -> HttpResponse:
    root = authority.Signed.read(authority.authority_path(settings.DATA / "keys")) if settings.LAN else None
    if root is None:
        raise Http404
    context = {
        "first_visit": settings.LAN,
        "square": square(settings.LAN),
        "secure": settings.ADDRESS or request.build_absolute_uri("/"),
        "prints": authority.fingerprints(root.certificate),
    }
    return render(request, "network/sheet.html", context)


urlpatterns = [path("settings/network/", sheet, name="settings-network")]
