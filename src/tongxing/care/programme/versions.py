"""What a promise asks for, as one form says it; what cannot be; and the next version that would follow.

Invariants:
- preview and saving draft the same version here, so what was shown is what is kept;
- a version begins where the next window begins, so that nothing already asked for is cut in two;
- a promise that no record could ever fulfil is refused, saying what stands in the way.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tongxing.care.contacts.kinds import KINDS, Kind, Reached
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Circumstance
from tongxing.ground.people.queries import current_term

from . import rules
from .builtin import Builtin
from .models import Commitment, Promise

DAY = datetime.timedelta(days=1)
MOST_WEEKS = 10
MOST_DUE_FROM = 20
LONGEST_LABEL = 20
#: Cadences of a whole term or break: they change as a whole, so that what is done in it still counts.
WHOLE = {"term", "term_start", "break"}
#: Fewest days that count in a window; a month needs more of them than a week.
FEWEST_DAYS = {"month": 8}
USUAL_FEWEST = 3
FAMILY = {Reached.FATHER, Reached.MOTHER, Reached.AWAY_PARENT, Reached.SECOND_GUARDIAN, Reached.OTHER}
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
    def of(cls, one: Promise) -> "Terms":
        lists = (tuple(one.reached), tuple(one.channels), tuple(one.topics))
        return cls(one.label, one.every, one.n, one.due_from, one.to, one.needs_circumstance, one.by, *lists)

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


def next_window(school: Organisation, every: str) -> datetime.date:
    """The day a cadence can begin without cutting what is being asked: next Monday, the first of next month or,
    for promises of a whole term or break, the term's first day, so that what is done in it still counts."""
    today = clock.today()
    if every == "month":
        return (today.replace(day=1) + 32 * DAY).replace(day=1)
    if every not in WHOLE:
        return today + DAY * (7 - today.weekday())
    term = current_term(school, today)
    return min(term.starts_on, today) if term else today


def begins(
    school: Organisation,
    cadences: Iterable[str],
    wanted: datetime.date | None = None,
    follows: datetime.date | None = None,
) -> datetime.date:
    """When a version with these cadences (the old one's and its own) begins: at the earliest, or as wanted later.

    `follows`: the first day of the old one, which is never made to begin before it did.
    """
    earliest = max([follows or datetime.date.min, *(next_window(school, every) for every in cadences)])
    if wanted and wanted < earliest:
        raise Refused(
            _("It can begin on %(day)s at the earliest: what is being asked until then stays as it is.")
            % {"day": date_format(earliest, "DATE_FORMAT")},
            field="starts_on",
        )
    return wanted or earliest


def values(terms: Terms, old: Promise | None = None) -> dict[str, Any]:
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


def draft_change(
    old: AnyPromise, terms: Terms, starts_on: datetime.date | None = None, reason: str = ""
) -> AnyPromise:
    """The version that would follow `old`, which would end on the day before."""
    check(terms)
    begin = begins(old.school, {old.every, terms.every}, starts_on, old.starts_on)
    return another(old, starts_on=begin, reason=reason.strip(), **values(terms, old))


def draft_new(
    school: Organisation, code: str, terms: Terms, starts_on: datetime.date | None = None, reason: str = ""
) -> Commitment:
    """The first version of a promise of the school's own, not saved yet."""
    check(terms)
    return Commitment(
        school=school,
        code=code,
        starts_on=begins(school, {terms.every}, starts_on),
        reason=reason.strip(),
        recorded_at=clock.now(),
        **values(terms),
    )


def day_before(new: Promise) -> datetime.date | None:
    """The last day of the version that `new` follows."""
    return new.starts_on - DAY if new.starts_on else None


def as_it_would_end(old: Promise, new: Promise) -> rules.Commitment:
    """The rule of the old version once the new one follows it."""
    return replace(old.rule, holds=old.holds._replace(ends_on=day_before(new), ended_at=new.recorded_at))


def of_builtin(school: Organisation, builtin: Builtin) -> list[Commitment]:
    """The promises of a built-in programme that the school does not have, not saved yet.

    A school's first promises hold all along; what it adds later begins with the next window of its own.
    """
    known = set(Commitment.objects.filter(school=school).values_list("code", flat=True))
    new = [promise for promise in builtin.commitments if promise["code"] not in known]
    return [
        Commitment(
            school=school,
            position=position,
            recorded_at=clock.now(),
            starts_on=next_window(school, promise["every"]) if known else None,
            **promise,
        )
        for position, promise in enumerate(new, len(known))
    ]


def end(actor: Actor, promise: Promise, last_day: datetime.date | None, reason: str) -> None:
    """The last day of a version, by whom and why it ended; the row stays."""
    promise.ends_on, promise.ended_at = last_day, clock.now()
    promise.ended_by_id, promise.ended_reason = actor.user_id, reason.strip()
    promise.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])


def need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Please say why, so that others understand it later."), field="reason")
