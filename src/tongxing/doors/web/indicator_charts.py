"""How a reading is said in a sentence and drawn as a line: plain SVG by the server, one scale for all that is compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.oversight.insight.reckoning import Reading
from tongxing.oversight.insight.spans import Span

from .jinja import month_name

WIDTH, HEIGHT, EDGE = 300, 72, 6
#: Shares from here on are told in whole percent.
WHOLE_FROM = 10


def value_text(reading: Reading) -> str:
    """The value as people read it: 93 %, 2 days, 2 students; empty where there is none to show."""
    if reading.value is None:
        return ""
    if reading.indicator.unit == "share":
        return percent(reading.value)
    number = int(reading.value)
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
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`lines`: points of each stretch without a gap; `words`: what the picture shows, for whoever does not see it."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    first: str
    last: str
    words: str


def chart(readings: Sequence[Reading], top: Fraction | None = None) -> Chart:
    """`top`: the value at the upper edge where it is no share, the same for all charts that stand together."""
    top = top or top_of(readings)
    step = (WIDTH - 2 * EDGE) / max(len(readings) - 1, 1)
    dots: list[Dot] = []
    lines: list[list[str]] = [[]]
    for place, reading in enumerate(readings):
        if reading.value is None:
            lines.append([])
            continue
        x = round(EDGE + place * step, 1)
        y = round(HEIGHT - EDGE - float(reading.value / top) * (HEIGHT - 2 * EDGE), 1)
        dots.append(Dot(x, y, f"{span_name(reading.span)}: {value_text(reading)}"))
        lines[-1].append(f"{x},{y}")
    names = [span_name(one.span) for one in readings]
    told = "; ".join(one.words for one in dots) or _("There are no records yet to count this from.")
    return Chart(
        tuple(" ".join(line) for line in lines if len(line) > 1),
        tuple(dots),
        names[0] if names else "",
        names[-1] if len(names) > 1 else "",
        told,
    )


def top_of(readings: Iterable[Reading]) -> Fraction:
    """A share is drawn as far as it is declared; days and children to the highest of them."""
    found = list(readings)
    values = [one.value for one in found if one.value is not None]
    if found and found[0].indicator.unit == "share":
        return max([Fraction(found[0].indicator.up_to, 100), *values])
    return max([Fraction(1), *values])
