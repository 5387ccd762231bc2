"""What a report can ask for: parts of a few figures each, all of them figures of the overview and the term summary."""

import datetime
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.queries import current_term
from tongxing.oversight.insight.counts import term_figures
from tongxing.oversight.insight.definitions import DEFINITIONS
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.figures import Figure

#: Each figure counts children or contacts with them; the county reads all of them in tens.
PARTS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "everyone": (gettext_lazy("Looking at every child"), ("enrolled", "looked_at")),
    "register": (gettext_lazy("The register"), ("registered", "key")),
    "helpers": (gettext_lazy("Helpers"), ("paired", "silent")),
    "talks": (
        gettext_lazy("Talks"),
        ("reached.student", "reached.away_parent", "reached.second_guardian"),
    ),
    "visits": (gettext_lazy("Home visits"), ("visits", "visited")),
}


def codes_of(parts: Iterable[str]) -> tuple[str, ...]:
    """The figures of these parts, in the order of `PARTS`."""
    asked = set(parts)
    return tuple(code for part, (_label, codes) in PARTS.items() if part in asked for code in codes)


def label_of(code: str) -> str:
    return str(DEFINITIONS[code].label)


def figures_of(
    actor: Actor, school: Organisation, parts: Iterable[str], as_of: datetime.datetime
) -> tuple[Figure, ...]:
    """What the school's records say at that moment, for whoever may see the whole overview."""
    term = current_term(school, day_of(as_of))
    if term is None:
        raise Refused(_("There is no term yet: enter its dates in the settings first."))
    found = term_figures(facts_for(actor, school, term, as_of))
    return tuple(found[code] for code in codes_of(parts))
