"""Handing out a record's file: to its readers, one by one, so that a browser shows it and does nothing else with it."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from tongxing.care.contacts.attachments import MOST_FILES, open_file
from tongxing.care.contacts.models import Attachment
from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused

from .page import page

ENDING = {"image/jpeg": "jpg", "application/pdf": "pdf"}


def contents_of(request: Any) -> list[bytes]:
    """What was sent along with a form."""
    return read(file for file in request.FILES.getlist("files") if file.name)


def read(files: Iterable[UploadedFile]) -> list[bytes]:
    """The contents of these files, read only as far as they could be kept."""
    sent = list(files)
    if len(sent) > MOST_FILES:
        raise Refused(_("A record can hold up to %(n)d files.") % {"n": MOST_FILES}, field="files")
    return [file.read(LARGEST_PICTURE + 1) for file in sent]


@page(can="contact.read")
def record_file(request: Any, attachment_id: int) -> HttpResponse:
    found = Attachment.objects.visible_to(request.actor).filter(school=request.school, file__isnull=False)
    attachment = get_object_or_404(
        found.select_related("file__key", "contact__student__key", "contact__staff"), pk=attachment_id
    )
    try:
        content, media_type = open_file(request.actor, attachment=attachment)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, media_type, str(attachment.pk))


def handed_out(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A picture is shown, anything else saved; nothing in it runs and no other site shows it."""
    how = "inline" if media_type.startswith("image/") else "attachment"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'{how}; filename="{name}.{ENDING[media_type]}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


urlpatterns = [path("files/<int:attachment_id>/", record_file, name="record-file")]
