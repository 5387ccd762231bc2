"""Reading what the school promises: the latest versions, the history of one, what could be added."""

from tongxing.ground.accounts.models import Organisation

from .builtin import BUILTINS, Builtin
from .models import Commitment


def current(school: Organisation) -> list[Commitment]:
    """The latest version of every promise, in the school's order; one that was stopped has an `ends_on`."""
    found = Commitment.objects.filter(school=school).select_related("programme").order_by("pk")
    return sorted({one.code: one for one in found}.values(), key=lambda one: (one.programme_id, one.position))


def history(one: Commitment) -> list[Commitment]:
    """Every version of this promise, the newest first, with who began and ended it."""
    found = Commitment.objects.filter(school_id=one.school_id, code=one.code)
    return list(found.select_related("recorded_by", "ended_by").order_by("-pk"))


def not_installed(school: Organisation) -> list[Builtin]:
    """The built-in programmes of which the school lacks a promise."""
    known = set(Commitment.objects.filter(school=school).values_list("code", flat=True))
    return [
        one for one in BUILTINS.values() if any(promise["code"] not in known for promise in one.commitments)
    ]
