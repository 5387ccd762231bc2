"""Photos and scans that come with a request: kept as they came, opened one by one, never taken away."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.actions import content_of, fingerprint, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .log import record
from .models import Evidence, HelpRequest

MOST_FILES = 4


@transaction.atomic
def add(actor: Actor, request: HelpRequest, contents: Sequence[bytes]) -> list[Evidence]:
    """Keep these files with a request; the same file is kept once. Each one's fingerprint goes into the chained
    trail, so that a file changed in the database no longer fits it."""
    kept = list(dict.fromkeys(examine(content) for content in contents))
    known = list(request.evidence.values_list("file__fingerprint", flat=True))
    new = [one for one in kept if fingerprint(one) not in known]
    if len(known) + len(new) > MOST_FILES:
        raise Refused(_("A request can hold up to %(n)d files.") % {"n": MOST_FILES}, field="files")
    added = [
        Evidence.objects.create(
            school_id=request.school_id,
            request=request,
            file=keep(school=request.school, key=request.key, kept=one),
            added_by_id=actor.user_id,
            added_at=clock.now(),
        )
        for one in new
    ]
    if added:
        record(
            actor,
            "request.attach",
            request,
            files={str(one.pk): one.file.fingerprint for one in added},
        )
    return added


@transaction.atomic
def open_file(actor: Actor, *, one: Evidence) -> tuple[bytes, str]:
    """Content and type, for whoever reads the request; the opening is logged. The caller has found it through
    `Evidence.objects.visible_to`, or answers the request's flag."""
    record(actor, "request.file", one.request, evidence=one.pk)
    return content_of(one.file), one.file.media_type
