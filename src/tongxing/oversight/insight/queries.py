"""The overview of a school or class, the facts of the term summary, and each figure by its code.

Both come from one reading of the school's facts: for the same moment their figures are equal.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongxing.care.programme.rules import Obligation
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import Responsibility, Student, Term

from . import counts
from .beside import beside
from .counts import duties_behind, overview_figures, term_figures, week_figures
from .counts_beside import aid_counts
from .definitions import OF_AID
from .facts import facts_for
from .figures import Figure, Figures
from .school import SchoolFacts
from .term_facts import Promise, TermFacts
from .weekmap import WeekMap, week_map

LEADING = ("head", "party_secretary", "deputy", "coordinator")
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """`silent` and `waiting` are the first names behind those figures, for readers who may see them; `map` is
    there for those who lead the whole school's support alone."""

    as_of: datetime.datetime
    week: Week | None
    figures: Figures
    map: WeekMap | None
    silent: tuple[str, ...]
    waiting: tuple[str, ...]


def overview(
    actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime, class_id: int | None = None
) -> Overview:
    """The overview of the school, or of one class."""
    facts = facts_for(actor, school, term, as_of, class_id)
    figures = overview_figures(facts)
    first = _first_names(actor, figures, "silent", "week_talks_waiting")
    return Overview(
        as_of,
        facts.calendar.week_of(facts.day),
        figures,
        week_map(facts) if actor.may("overview.map", school_id=school.pk) else None,
        first["silent"],
        first["week_talks_waiting"],
    )


def _first_names(actor: Actor, figures: Figures, *codes: str) -> dict[str, tuple[str, ...]]:
    behind = {code: {number for _model, number in figures[code].records} for code in codes}
    names = dict(
        Student.objects.visible_to(actor)
        .filter(pk__in={number for numbers in behind.values() for number in numbers})
        .order_by("pinyin", "pk")
        .values_list("pk", "name")
    )
    return {
        code: tuple(name for number, name in names.items() if number in numbers)[:NAMES_SHOWN]
        for code, numbers in behind.items()
    }


def term_summary_facts(
    actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime, next_steps: str = ""
) -> TermFacts:
    facts = facts_for(actor, school, term, as_of)
    figures = Figures((*term_figures(facts).rows, *_aid(actor, school, term, facts)))
    return TermFacts(
        school=school.name,
        term=term_name(term),
        as_of=as_of,
        posts=_leading(actor, school, day_of(as_of)),
        promises=tuple(Promise(promise.code, promise.name) for promise in facts.promises),
        figures=figures,
        next_steps=next_steps,
    )


def _aid(actor: Actor, school: Organisation, term: Term, facts: SchoolFacts) -> tuple[Figure, ...]:
    """Whom aid reaches, for whoever sees every child's hardship; a school that granted nothing says nothing of it."""
    sees = any(
        "hardship" in one.zones and one.organisation == school.pk and one.students is None
        for one in actor.scopes
    )
    if not sees and not actor.is_system:
        return ()
    counted = aid_counts(facts, beside(actor, school, term, facts.calendar, facts.enrolled, facts.as_of))
    found = counts.figures(facts, {code: of for code, of in counted.items() if of is not None})
    return found.rows if found["aid_students"].value or found.get("recognised") else ()


def term_name(term: Term) -> str:
    """2026—2027学年第一学期, as it stands in official documents."""
    first, second = term.year.starts_on.year, term.year.ends_on.year
    return _("%(first)s—%(second)s school year, %(term)s") % {
        "first": first, "second": second, "term": term.get_number_display(),
    }  # fmt: skip


def _leading(actor: Actor, school: Organisation, day: datetime.date) -> tuple[tuple[str, str], ...]:
    """Who leads the school and organises its support, one line per post."""
    holders = (
        Responsibility.objects.visible_to(actor)
        .on(day)
        .filter(school=school, post__in=LEADING)
        .order_by("staff__pinyin", "staff_id")
        .values_list("post", "staff__name")
    )
    by_post: dict[str, list[str]] = {}
    for post, name in holders:
        by_post.setdefault(post, []).append(name)
    labels = dict(Responsibility.Post.choices)
    return tuple((str(labels[post]), _(", ").join(by_post[post])) for post in LEADING if post in by_post)


#: Figures that are read beside each other: from each one leads a way to the others.
TOGETHER = (
    ("enrolled", "looked_at", "not_looked_at"),
    ("registered", "key", "paired", "unpaired", "silent"),
    ("week_talks_asked", "week_talks_done", "week_talks_waiting"),
    ("home_visits_asked", "home_visits_done"),
    ("recognised", "covered", "not_covered"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure and, where it counts duties, each of them; `beside`: the figures it is read beside."""

    figure: Figure
    duties: tuple[Obligation, ...]
    names: Mapping[str, str]
    """What each commitment is called."""
    beside: tuple[Figure, ...] = ()


def figure(
    actor: Actor,
    school: Organisation,
    term: Term,
    code: str,
    as_of: datetime.datetime,
    class_id: int | None = None,
    week: int | None = None,
) -> Found | None:
    """One figure of the overview or the summary by its code; `week`: of that teaching week's talks."""
    facts = facts_for(actor, school, term, as_of, class_id)
    of = next((one for one in facts.calendar.weeks if one.number == week), None)
    known = week_figures(facts, of) if week else term_figures(facts)
    if code in OF_AID and class_id is None:
        known = Figures(_aid(actor, school, term, facts))
    found = known.get(code)
    together = next((codes for codes in TOGETHER if code in codes), ())
    beside = tuple(one for other in together if other != code and (one := known.get(other)))
    names = {promise.code: promise.name for promise in facts.promises}
    return Found(found, duties_behind(facts, code, of), names, beside) if found else None
