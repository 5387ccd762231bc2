"""How an obligation stands, in words: the chips of my week and of the student's page."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.agreed import Appointment
from tongxing.care.programme.queries import Duty
from tongxing.ground.kernel import clock

from .jinja import day

#: Teaching weeks: what has more time left is shown calmly.
SOON = 6


def chips(duties: Iterable[Duty], most: int = 99) -> list[tuple[str, str]]:
    """(look, words) for each duty, what waits first; attempts in vain stand once, behind the first they were for."""
    shown = list(duties)[:most]
    found = [(_chip(duty), duty) for duty in shown]
    tried = next((duty for duty in shown if _is_tried(duty)), None)
    return [one for chip, duty in found for one in (chip, *([_attempts(duty)] if duty is tried else []))]


def agreed_chip(one: Appointment) -> tuple[str, str]:
    """The next time that was agreed: calm before its day, then asking."""
    today, when = clock.today(), day(one.on)
    if one.on > today:
        return "rest", _("agreed for %(day)s") % {"day": when}
    if one.on == today:
        return "due", _("agreed for today")
    return "due", _("agreed for %(day)s, not met yet") % {"day": when}


def _chip(duty: Duty) -> tuple[str, str]:
    what, weeks = duty.label, duty.obligation.weeks
    if duty.state == "due" and duty.is_talk and not duty.season:
        return "due", _("Time for a talk")
    if duty.state == "done_late" and duty.obligation.done_on:
        return "later", _("%(what)s ✓ done later, %(day)s") % {
            "what": what,
            "day": date_format(duty.obligation.done_on, "MONTH_DAY_FORMAT"),
        }
    if duty.state == "overdue" and len(weeks) == 1 and not duty.season:
        return "late", _("week %(week)s: %(what)s not written down yet") % {"what": what, "week": weeks[0]}
    words = {
        "due": ("due" if duty.weeks_left <= SOON else "rest", f"{what} · {_left(duty)}"),
        "overdue": ("late", _("%(what)s: not written down yet") % {"what": what}),
        "upcoming": ("rest", f"{what} · {_left(duty)}"),
        "recorded_later": ("later", _("%(what)s: written down later") % {"what": what}),
        "exempt": ("exempt", _("%(what)s: rests for now") % {"what": what}),
    }
    return words.get(duty.state, ("done", f"{what} ✓"))


def _left(duty: Duty) -> str:
    if duty.weeks_left <= 1:
        return _("this week")
    return ngettext("%(n)s week left", "%(n)s weeks left", duty.weeks_left) % {"n": duty.weeks_left}


def _is_tried(duty: Duty) -> bool:
    return bool(duty.obligation.attempts) and duty.state in {"due", "overdue"}


def _attempts(duty: Duty) -> tuple[str, str]:
    times = len(duty.obligation.attempts)
    return "rest", ngettext("tried once", "tried %(n)s times", times) % {"n": times}
