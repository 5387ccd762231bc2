"""How a reading is said in a sentence and drawn as a line: plain SVG by the server, one scale for all that is compared."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.ground.kernel.clock import end_of
from tongxing.oversight.insight.reckoning import Reading
from tongxing.oversight.insight.spans import Span

from .jinja import month_name

WIDTH, HEIGHT, EDGE = 300, 72, 6
MOMENT = datetime.timedelta(seconds=1)
#: Shares from here on are told in whole percent.
WHOLE_FROM = 10


def value_text(reading: Reading) -> str:
    """The value as people read it: 93 %, 2 days, 2 students; empty where there is none to show."""
    return "" if reading.value is None else told_value(reading, reading.value)


def told_value(reading: Reading, value: Fraction) -> str:
    """A value in the unit of this reading."""
    if reading.indicator.unit == "share":
        return percent(value)
    number = int(value)
    if reading.indicator.unit == "days":
        return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
    return ngettext("%(n)s student", "%(n)s students", number) % {"n": number}


def percent(share: Fraction) -> str:
    """93 %; small shares with one decimal; nothing but all is 100 %, nothing but none 0 %."""
    exact = share * 100
    digits = 0 if exact >= WHOLE_FROM else 1
    told = round(float(exact), digits)
    if 0 < share < 1:
        told = min(max(told, 0.1), 99)
    return f"{told:g}%"


def says(reading: Reading) -> str:
    """What it says, in one sentence; never more than was recorded."""
    of, out_of = reading.of.value, reading.out_of.value
    if reading.hidden:
        return _("Worked out from fewer than ten, it would speak of single people: it is not shown.")
    if of is None or out_of is None:
        return _("There are no records yet to count this from.")
    if not out_of:
        return _("There is nothing to count here yet.")
    if reading.value is None:
        return _("Of %(out_of)s, none yet.") % {"out_of": f"{out_of:,}"}
    told = {"of": f"{of:,}", "out_of": f"{out_of:,}", "value": int(reading.value)}
    return str(reading.indicator.says) % told


def span_name(span: Span) -> str:
    if span.kind == "month":
        return month_name(span.first)
    return _("Week %(n)s") % {"n": span.weeks[0]} if span.weeks else _("The term so far")


@dataclass(frozen=True, slots=True)
class Dot:
    """`running`: of a week or month that is not over, so it says less than the others."""

    x: float
    y: float
    words: str
    running: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`lines`: points of each stretch without a gap; `ahead`: of the way into the days that are still running; `scale`:
    from where to where it is drawn; `words`: what the picture shows, for whoever does not see it."""

    lines: tuple[str, ...]
    ahead: str
    dots: tuple[Dot, ...]
    first: str
    last: str
    scale: str
    words: str


def chart(readings: Sequence[Reading], top: Fraction | None = None) -> Chart:
    """`top`: the value at the upper edge, the same for all charts that stand together."""
    top = top or top_of(readings)
    step = (WIDTH - 2 * EDGE) / max(len(readings) - 1, 1)
    stretches: list[list[Dot]] = [[]]
    for place, reading in enumerate(readings):
        if reading.value is None:
            stretches.append([])
            continue
        x = round(EDGE + place * step, 1)
        y = round(HEIGHT - EDGE - float(reading.value / top) * (HEIGHT - 2 * EDGE), 1)
        stretches[-1].append(Dot(x, y, _told(reading), _is_running(reading)))
    dots = [dot for stretch in stretches for dot in stretch]
    over = [[dot for dot in stretch if not dot.running] for stretch in stretches]
    names = [span_name(one.span) for one in readings]
    return Chart(
        lines=tuple(_points(stretch) for stretch in over if len(stretch) > 1),
        ahead=_points(stretches[-1][-2:]) if stretches[-1] and stretches[-1][-1].running else "",
        dots=tuple(dots),
        first=names[0] if names else "",
        last=names[-1] if len(names) > 1 else "",
        scale=_("0 to %(top)s") % {"top": told_value(readings[0], top)} if readings else "",
        words="; ".join(one.words for one in dots) or _("There are no records yet to count this from."),
    )


def _points(dots: Iterable[Dot]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


def _told(reading: Reading) -> str:
    name = span_name(reading.span)
    name = _("%(when)s, still running") % {"when": name} if _is_running(reading) else name
    return f"{name}: {value_text(reading)}"


def _is_running(reading: Reading) -> bool:
    """Of what belongs to days: whether these days are not over."""
    return reading.indicator.over == "days" and end_of(reading.span.last) > reading.of.as_of + MOMENT


def top_of(readings: Iterable[Reading]) -> Fraction:
    """A share is drawn as far as it is declared; days and children to the highest of them."""
    found = list(readings)
    values = [one.value for one in found if one.value is not None]
    if found and found[0].indicator.unit == "share":
        return max([Fraction(found[0].indicator.up_to, 100), *values])
    return max([Fraction(1), *values])
