"""A plan of a term read aloud: its fields, its stages, how often something is done and what my week asks for it."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxing.care.contacts.kinds import KINDS
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import today
from tongxing.ground.people.models import Student

from . import wording
from .following import ASKS
from .models import Commitment, PlanItem
from .promises import plan_of
from .term_plan_actions import RHYTHMS
from .term_plan_rules import Measure, Stage

#: The four fields of what was seen, in the order of `PlanText.seen`.
SEEN: dict[str, str | Lazy] = {
    "knowledge": gettext_lazy("Knowledge"),
    "habits": gettext_lazy("Habits"),
    "thinking": gettext_lazy("Thinking"),
    "motivation": gettext_lazy("Motivation and feelings"),
}
#: (look of the chip, words) of each stage.
STAGE_CHIPS: dict[Stage, tuple[str, str | Lazy]] = {
    "to_approve": ("due", gettext_lazy("waits for approval")),
    "sent_back": ("due", gettext_lazy("came back")),
    "draft": ("rest", gettext_lazy("being written")),
    "to_review": ("due", gettext_lazy("time to look at it again")),
    "in_force": ("done", pgettext_lazy("plan", "in force")),
    "to_begin": ("rest", gettext_lazy("approved, begins soon")),
    "ended": ("rest", pgettext_lazy("plan", "ended")),
}


def often(measure: Measure) -> str:
    """How often, in words."""
    if not measure.every:
        return measure.often
    return wording.rhythm(PlanItem(every=measure.every, n=measure.n, due_from=1))


def rhythms() -> list[tuple[str, str]]:
    """What a form offers: (every-n, words)."""
    steps = [("week", 1), ("weeks", 2), ("weeks", 3), ("weeks", 4), ("month", 1), ("term", 1)]
    return [(f"{every}-{n}", wording.rhythm(PlanItem(every=every, n=n, due_from=1))) for every, n in steps]


def asked_choices(actor: Actor, student: Student) -> list[tuple[str, str]]:
    """What my week can ask for a measure: nothing, one of the school's promises in this rhythm, or one more."""
    kept = [line.school for line in plan_of(actor, student, today()) if line.school]
    return [
        ("", _("nothing: it stands in the plan alone")),
        *((f"promise-{one.code}", _instead(one)) for one in kept if one.every in RHYTHMS),
        *((f"record-{code}", _("one more: %(what)s") % {"what": KINDS[code].label}) for code in ASKS),
    ]


def _instead(one: Commitment) -> str:
    return _("in place of “%(what)s” (%(rhythm)s)") % {"what": one.label, "rhythm": wording.rhythm(one)}
