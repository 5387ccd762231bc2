"""The indicators, declared once as data: which figure of which, how it is read, who may read it for whom. No query.

`reckoning.py` reads all of them; adding one is a line here, and a figure in `definitions.py` where it counts something new.

Invariants:
- an indicator names figures and counts nothing itself;
- none is a score: none adds up others, none orders people, classes or schools;
- each says in words what it does not say.
"""

from typing import Literal, NamedTuple

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.kernel.actor import Zone

from .definitions import DEFINITIONS, STAFF

Unit = Literal["share", "days", "load"]
Dimension = Literal["county", "school", "grade", "class"]
EVERYWHERE: tuple[Dimension, ...] = ("school", "grade", "class")
#: In sums over a county and school by school besides, roughly: worked out from counts in tens (`county_shares`).
FROM_AFAR: tuple[Dimension, ...] = ("county", *EVERYWHERE)
#: What is worked out from fewer tells of single people: a median of three waits tells of three children.
FEWEST = 10


class Privacy(NamedTuple):
    """Read by whoever may see every child of the place in `zone`, and holds `ability` where one is named.
    `few`: worked out from fewer than ten, it is hidden from everybody: it would speak of single people."""

    zone: Zone
    ability: str = ""
    few: bool = False


class Indicator(NamedTuple):
    """`of` and `out_of`: codes of `definitions.DEFINITIONS`; `rest`: what is left between them, where it has a name.

    `over` a moment: as it stood then; over days: what belongs to these days, as known at the moment of asking; `now`
    says which days the figure of now is about. `unit`: a share of `out_of` · the median days of waiting · the students
    that most helpers accompany. `says` is filled with `of`, `out_of` and `value`; a share is drawn from 0 to `up_to` percent.
    """

    code: str
    name: str | Lazy
    of: str
    out_of: str
    says: str | Lazy
    says_not: str | Lazy
    over: Literal["moment", "days"]
    privacy: Privacy
    by: tuple[Dimension, ...] = EVERYWHERE
    unit: Unit = "share"
    rest: str = ""
    now: Literal["term", "week"] = "term"
    up_to: int = 100

    @property
    def figures(self) -> tuple[str, ...]:
        """What can be opened, in the order in which it is shown: records about children. School days are no records, and
        an indicator names no colleague."""
        codes = (self.of, self.rest, self.out_of)
        return tuple(code for code in codes if code and DEFINITIONS[code].counts not in ("", STAFF))


# fmt: off
_ALL = (
    Indicator("looked", _("Looked at every child"), "looked_at", "enrolled",
        _("Of %(out_of)s enrolled students, %(of)s were looked at in this term’s latest round."),
        _("Whether the right children were found stands in no figure: talk about those whom nobody named."),
        "moment", Privacy("roster"), FROM_AFAR, rest="not_looked_at"),
    Indicator("helper", pgettext_lazy("indicator", "A helper for everybody"), "paired", "registered",
        _("Of %(out_of)s students on the register, %(of)s have a helper."),
        _("A name on the list is not yet somebody to talk to. How well the two get on stands in no figure."),
        "moment", Privacy("care"), FROM_AFAR, rest="unpaired"),
    Indicator("talk", _("The talk of the week"), "week_talks_done", "week_talks_asked",
        _("Of %(out_of)s talks with key students this week, %(of)s are written down."),
        _("Counting talks proves nothing about what they were like; one that is not written down may have been held all the same."),
        "days", Privacy("care"), rest="week_talks_waiting", now="week"),
    Indicator("in-time", _("In the time that was promised"), "in_time", "settled",
        _("Of %(out_of)s promised contacts, %(of)s were made and written down in time."),
        _("Late is better than never, and not written down is not the same as not done. It is no measure of anybody’s work."),
        "days", Privacy("care")),
    Indicator("later", _("Written down later"), "written_later", "contacts",
        _("Of %(out_of)s contacts, %(of)s were written down two days or more after they happened."),
        _("Writing it down later is welcome: the day on which it happened stands beside it. A busy week or a bad line look just the same."),
        "days", Privacy("care")),
    Indicator("silent", _("No contact in 14 days"), "silent", "registered",
        _("Of %(out_of)s students on the register, nobody was reached for %(of)s in the last 14 days."),
        _("Holidays and illness are in it, and what nobody wrote down. It asks for a word with the child, not for a reason from the helper."),
        "moment", Privacy("care"), FROM_AFAR),
    Indicator("wait", _("From asking for help to an answer"), "answered", "requests",
        _("Of %(out_of)s requests, %(of)s were answered; half of these within %(value)s days."),
        _("What stands with those who answer for safety is not in it. A quick answer is not yet help: whether it helped is said by whoever asked."),
        "days", Privacy("roster", "request.oversee", few=True), by=("school",), unit="days"),
    Indicator("aid", pgettext_lazy("indicator", "Aid reaches whom it is for"), "covered", "recognised",
        _("Of %(out_of)s students whose hardship is recognised, something was granted to %(of)s this term."),
        _("Who never applied is not in it, and granted is not yet received. Whether it is enough stands in no figure."),
        "moment", Privacy("hardship"), rest="not_covered"),
    Indicator("away", _("Days away from school"), "days_away", "school_days",
        _("Of %(out_of)s school days of all children, %(of)s were days away."),
        _("Leave and illness are in it. A morning on which nobody called the roll counts as there, so a low figure can also be a roll not called."),
        "days", Privacy("academic"), up_to=20),
    Indicator("load", _("How many children one helper accompanies"), "paired", "helpers",
        _("%(out_of)s helpers accompany %(of)s students; half of the helpers accompany %(value)s or fewer."),
        _("It names nobody and orders nobody. Two children can be more than five: ask before you give anybody another one."),
        "moment", Privacy("care", few=True), by=("school",), unit="load"),
)
# fmt: on
INDICATORS: dict[str, Indicator] = {one.code: one for one in _ALL}
