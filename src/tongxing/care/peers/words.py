"""Why two could go together, in words that say nothing about either of them that is not good."""

from django.utils.translation import gettext as _

from .rules import Proposed


def why(proposed: Proposed) -> str:
    """“could talk about maths together; both like badminton”."""
    said = []
    if proposed.subjects:
        said.append(_("could talk about %(subjects)s together") % {"subjects": _joined(proposed.subjects)})
    if proposed.likes:
        said.append(_("both: %(likes)s") % {"likes": _joined(proposed.likes)})
    return _("; ").join(said)


def _joined(words: tuple[str, ...]) -> str:
    return _(", ").join(words)
