"""What a promise asks for, as one form says it; what cannot be; and the next version that would follow.

Invariants:
- preview and saving draft the same version here, so what was shown is what is kept;
- a version begins where the next window begins, so that nothing already asked for is cut in two;
- a promise that no record could ever fulfil is refused, saying what stands in the way.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tongxing.care.contacts.kinds import KINDS, Kind, Reached
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import Circumstance
from tongxing.ground.people.queries import current_term, term_calendar

from .builtin import Builtin
from .models import Asked, Commitment, Promise
from .windows import Cadence, Every, windows

DAY = datetime.timedelta(days=1)
MOST_WEEKS = 10
MOST_DUE_FROM = 20
LONGEST_LABEL = 20
#: Cadences of a whole term or break: they change as a whole, so that what is done in it still counts.
WHOLE = {"term", "term_start", "break"}
#: Fewest days that count in a window; a month needs more of them than a week.
FEWEST_DAYS = {"month": 8}
USUAL_FEWEST = 3
FAMILY = {
    Reached.FATHER,
    Reached.MOTHER,
    Reached.AWAY_PARENT,
    Reached.SECOND_GUARDIAN,
    Reached.PROXY_PARENT,
    Reached.OTHER,
}
#: Which kind's form a promise opens, of those that can fulfil it.
OPENS_FIRST = ("talk", "call", "visit")
AnyPromise = TypeVar("AnyPromise", bound=Promise)


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom, by whom, how often and what counts; empty `reached`, `channels` and `topics` accept anything."""

    label: str
    every: str
    n: int = 1
    due_from: int = 1
    to: str = "registered"
    needs_circumstance: str = ""
    by: str = "helper"
    reached: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @classmethod
    def of(cls, one: Asked) -> "Terms":
        lists = (tuple(one.reached), tuple(one.channels), tuple(one.topics))
        return cls(one.label, one.every, one.n, one.due_from, one.to, one.needs_circumstance, one.by, *lists)

    @property
    def cadence(self) -> Cadence:
        return Cadence(cast(Every, self.every), self.n, self.due_from)

    def same_as(self, other: "Terms") -> bool:
        """Whether both say the same; the order in which they list things does not matter."""
        return _sorted(self) == _sorted(other)


def _sorted(terms: Terms) -> Terms:
    reached, channels, topics = (tuple(sorted(one)) for one in (terms.reached, terms.channels, terms.topics))
    return replace(terms, reached=reached, channels=channels, topics=topics)


def check(terms: Terms) -> None:
    """Refuse what cannot be, in words and beside its field."""
    if not terms.label.strip():
        raise Refused(_("Please give it a short name."), field="label")
    if len(terms.label) > LONGEST_LABEL:
        raise Refused(
            _("A name of %(n)d characters at most fits on a card.") % {"n": LONGEST_LABEL}, field="label"
        )
    if terms.to not in Promise.To.values or terms.by not in Promise.By.values:
        raise Refused(_("Choose for whom and by whom."), field="to")
    if terms.needs_circumstance and terms.needs_circumstance not in Circumstance.FAMILY:
        raise Refused(_("Choose one of the family situations."), field="needs_circumstance")
    _check_cadence(terms)
    _check_counts(terms)


def _check_cadence(terms: Terms) -> None:
    if terms.every not in Promise.Every.values or terms.every == Promise.Every.NEVER:
        raise Refused(_("Choose how often."), field="every")
    if not 1 <= terms.n <= MOST_WEEKS:
        raise Refused(_("Choose between 1 and %(n)d weeks.") % {"n": MOST_WEEKS}, field="n")
    if not 1 <= terms.due_from <= MOST_DUE_FROM:
        raise Refused(_("Choose a week between 1 and %(n)d.") % {"n": MOST_DUE_FROM}, field="due_from")
    longest = {"week": 1, "weeks": terms.n, "break_weeks": terms.n, "term_start": terms.n, "month": 4}
    if terms.due_from > longest.get(terms.every, MOST_DUE_FROM):
        raise Refused(
            _("There are only %(n)d weeks in it, so it cannot be asked for from week %(week)d on.")
            % {"n": longest[terms.every], "week": terms.due_from},
            field="due_from",
        )


def _check_counts(terms: Terms) -> None:
    if not fulfilling(terms):
        why, field = _in_the_way(terms)
        raise Refused(why, field=field)
    if set(terms.reached) == {Reached.AWAY_PARENT} and not terms.needs_circumstance:
        raise Refused(
            _(
                "Not every student has a parent who works away. Ask it where parents work away only, or let "
                "others of the family count too."
            ),
            field="needs_circumstance",
        )


def fulfilling(terms: Terms) -> list[Kind]:
    """The kinds of record with which somebody could keep this promise, the one to open first in front."""
    found = [kind for kind in KINDS.values() if not kind.restricted and _fulfils(kind, terms)]
    return sorted(found, key=lambda kind: OPENS_FIRST.index(kind.code) if kind.code in OPENS_FIRST else 9)


def _fulfils(kind: Kind, terms: Terms) -> bool:
    reachable: set[str] = ({Reached.STUDENT} if kind.students else set()) | (
        FAMILY if kind.families else set()
    )
    return (
        (not terms.channels or not set(terms.channels).isdisjoint(kind.channels))
        and (not terms.reached or not reachable.isdisjoint(terms.reached))
        and set(terms.topics) <= topics_of(kind)
    )


def topics_of(kind: Kind) -> frozenset[str]:
    """Everything that a record of this kind can be about."""
    return kind.topics | {question.topic for question in kind.questions if question.topic}


def _in_the_way(terms: Terms) -> tuple[str, str]:
    """Why no record can fulfil it, and beside which field to say so."""
    if not fulfilling(replace(terms, channels=(), reached=())):
        return _("No record is about all of this at once. Choose fewer topics."), "topics"
    if fulfilling(replace(terms, channels=())):
        return _("No record of this can be made over these channels. Allow another one."), "channels"
    return _("Nobody of these can be reached this way. Let others count too, or other topics."), "reached"


def calendar_now(school: Organisation) -> TermCalendar | None:
    term = current_term(school, clock.today())
    return term_calendar(term) if term else None


def next_window(cadence: Cadence, calendar: TermCalendar | None) -> datetime.date:
    """The first day after today on which a cadence can begin without cutting one of its windows: a Monday, the first
    of a month or, for promises of a whole term or break, the term's first day, so that what is done in it counts."""
    today = clock.today()
    if cadence.every == "month":
        return (today.replace(day=1) + 32 * DAY).replace(day=1)
    if cadence.every not in WHOLE:
        return _uncut(cadence, calendar, today + DAY * (7 - today.weekday()))
    return min(calendar.starts_on, today) if calendar else today


def _uncut(cadence: Cadence, calendar: TermCalendar | None, day: datetime.date) -> datetime.date:
    """This day, or the one after the window that it would cut in two."""
    found = windows(cadence, calendar) if calendar and cadence.every not in WHOLE else ()
    return next((one.ends + DAY for one in found if one.starts < day <= one.ends), day)


def _uncut_by(
    cadences: Sequence[Cadence], calendar: TermCalendar | None, day: datetime.date
) -> datetime.date:
    """The first day from this one on that cuts no window of any of them."""
    later = max((_uncut(one, calendar, day) for one in cadences), default=day)
    return day if later == day else _uncut_by(cadences, calendar, later)


def begins(
    school: Organisation,
    held: Sequence[Promise],
    cadences: Sequence[Cadence] = (),
    wanted: datetime.date | None = None,
    follows: datetime.date | None = None,
) -> datetime.date:
    """When a version with these cadences begins: at the earliest, or as wanted later, but never inside a window of
    what is asked until then (`held`).

    `follows`: the first day of the old one, which is never made to begin before it did.
    """
    calendar, today = calendar_now(school), clock.today()
    running = [one.cadence for one in held if one.every != "never" and (one.starts_on or today) <= today]
    earliest = [next_window(one, calendar) for one in (*running, *cadences)] or [today + DAY]
    day = _uncut_by(running, calendar, max([*earliest, follows or datetime.date.min]))
    if wanted and wanted < day:
        raise Refused(
            _("It can begin on %(day)s at the earliest: what is being asked until then stays as it is.")
            % {"day": date_format(day, "DATE_FORMAT")},
            field="starts_on",
        )
    return _uncut_by(running, calendar, wanted) if wanted else day


def resumes(last: Promise) -> datetime.date:
    """When a stopped promise is asked for again: from today on, but from the beginning of a window that the stop has
    cut and that is not over yet (a whole term or break too), so that it is asked for once and what is done counts."""
    today, calendar = clock.today(), calendar_now(last.school)
    starts, stopped = today, last.ends_on or today
    if last.every in WHOLE:
        starts = next_window(last.cadence, calendar)
    elif calendar:
        found = windows(last.cadence, calendar)
        starts = next((one.starts for one in found if one.starts <= stopped and today <= one.ends), today)
    return max(starts, last.starts_on or starts)


def values(terms: Terms, old: Asked | None = None) -> dict[str, Any]:
    """The columns of a version that asks for this. A name that was not changed keeps both its languages."""
    label = terms.label.strip()
    kept = old is not None and old.label == label
    kinds = [kind.code for kind in fulfilling(terms)]
    return {
        "label_zh": old.label_zh if old and kept else label,
        "label_en": old.label_en if old and kept else label,
        "record_as": old.record_as if old and old.record_as in kinds else kinds[0],
        "to": terms.to,
        "by": terms.by,
        "needs_circumstance": terms.needs_circumstance,
        "every": terms.every,
        "n": terms.n,
        "due_from": terms.due_from,
        "reached": list(terms.reached),
        "channels": list(terms.channels),
        "topics": list(terms.topics),
        "min_days": FEWEST_DAYS.get(terms.every, USUAL_FEWEST),
    }


def another(old: AnyPromise, **changes: Any) -> AnyPromise:
    """A further version of a promise, not saved yet."""
    kept = {field.attname: getattr(old, field.attname) for field in old._meta.concrete_fields}
    fresh = dict.fromkeys(("id", "ends_on", "ended_at", "ended_by_id"))
    new = {"ended_reason": "", "recorded_at": clock.now()}
    return type(old)(**(kept | fresh | new | changes))


def only_name(old: Promise, terms: Terms) -> bool:
    """Whether nothing that is asked for changes: then the name changes at once, without a new version."""
    return terms.same_as(replace(Terms.of(old), label=terms.label))


def draft_change(
    old: AnyPromise, terms: Terms, starts_on: datetime.date | None = None, reason: str = ""
) -> AnyPromise:
    """The version that would follow `old`, which would end on the day before; or `old` by its new name."""
    check(terms)
    if only_name(old, terms):
        return another(old, **values(terms, old))
    begin = begins(old.school, [old], [terms.cadence], starts_on, old.starts_on)
    return another(old, starts_on=begin, reason=reason.strip(), **values(terms, old))


def draft_new(
    school: Organisation, code: str, terms: Terms, starts_on: datetime.date | None = None, reason: str = ""
) -> Commitment:
    """The first version of a promise of the school's own, not saved yet."""
    check(terms)
    return Commitment(
        school=school,
        code=code,
        starts_on=begins(school, (), [terms.cadence], starts_on),
        reason=reason.strip(),
        recorded_at=clock.now(),
        **values(terms),
    )


def day_before(new: Promise) -> datetime.date | None:
    """The last day of the version that `new` follows."""
    return new.starts_on - DAY if new.starts_on else None


def of_builtin(school: Organisation, builtin: Builtin) -> list[Commitment]:
    """The promises of a built-in programme that the school does not have, not saved yet.

    A school's first promises hold all along; what it adds later begins with the next window of its own.
    """
    known = set(Commitment.objects.filter(school=school).values_list("code", flat=True))
    rows = [promise for promise in builtin.commitments if promise["code"] not in known]
    new = [
        Commitment(school=school, position=position, recorded_at=clock.now(), **promise)
        for position, promise in enumerate(rows, len(known))
    ]
    calendar = calendar_now(school) if known else None
    for one in new:
        one.starts_on = next_window(one.cadence, calendar) if known else None
    return new


def end(actor: Actor, promise: Promise, last_day: datetime.date | None, reason: str) -> None:
    """The last day of a version, by whom and why it ended; the row stays."""
    promise.ends_on, promise.ended_at = last_day, clock.now()
    promise.ended_by_id, promise.ended_reason = actor.user_id, reason.strip()
    promise.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])


def need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Please say why, so that others understand it later."), field="reason")
