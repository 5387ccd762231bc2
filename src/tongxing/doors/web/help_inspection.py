"""Help for the pages of the whole inspection and of the review of a term."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INSPECTION: dict[str, str | Promise] = {
    "inspection-plan": _(
        "Plan before the month begins or on the way: what is looked at, who goes, where and when. Whoever goes finds it on the own week and writes what was seen there; thanks and points follow in the month's inspection."
    ),
    "inspection-stop": _(
        "Write what you saw or counted, the good first. It can be corrected for a week. Nobody is graded; what needs a hand becomes a point with somebody who sees to it."
    ),
    "inspection-sample": _(
        "First the list is fixed and gets its fingerprint, then a word from outside decides. So nobody can choose whose records are looked at, and anybody can repeat the draw. Tap a record to say how it compares with the paper or the person."
    ),
}
