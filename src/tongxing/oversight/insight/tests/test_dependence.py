"""Changing one record changes the figures that depend on it, and no other, for the children it is about alone."""

import random

import pytest

from tongxing.ground.kernel import clock
from tongxing.oversight.insight.counts import term_figures
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.reckoning import Reckoning

from .kinds import School

pytestmark = pytest.mark.usefixtures("promised")

#: By kind of record: the class of the child it is about, the figures that depend on it, and the indicators.
DEPENDS = {
    "contact": (
        "class_one",
        "silent talk.done talk.open week_talks_done week_talks_waiting",
        "in-time later silent talk",
    ),
    "contact_written_later": ("class_one", "missing talk.done talk.later talk.missing", "later talk"),
    "visit": (
        "class_one",
        "home_visits_done reached.second_guardian silent visit.done visit.open visited visits",
        "in-time later silent",
    ),
    "pair": ("class_one", "helpers paired unpaired", "helper load"),
    "looked": ("class_two", "looked_at not_looked_at", "looked"),
    "registration": (
        "class_two",
        "home_visits_asked registered talk_others.asked talk_others.open unpaired visit.asked visit.open",
        "helper silent",
    ),
    "absence": ("class_one", "", "away"),
    "asked": ("class_one", "", "wait"),
    "answered": ("class_one", "", "wait"),
    "subsidy": ("class_one", "", "aid"),
}


@pytest.fixture
def school(cast):
    return School(cast)


def everything(cast, class_id=None) -> dict[str, object]:
    """Every figure of the summary and every reading of an indicator that the head sees, by its code."""
    head = cast.actor("head")
    facts = facts_for(head, cast.school, cast.term, clock.now(), class_id)
    found: dict[str, object] = {one.code: (one.value, one.records) for one in term_figures(facts).rows}
    reckoning = Reckoning(head, cast.school, cast.term, clock.now())
    place = reckoning.place("class", class_id) if class_id else reckoning.place()
    for one in reckoning.of(place):
        readings = [
            reckoning.read(one, place),
            *(each for by in ("week", "month") for each in reckoning.trend(one, place, by)),
        ]
        found[f"indicator {one.code}"] = [
            (each.value, each.of.value, each.of.records, each.out_of.value, each.out_of.records, each.loads)
            for each in readings
        ]
    return found


def changed(before, after) -> set[str]:
    assert before.keys() == after.keys()
    return {code for code in after if before[code] != after[code]}


def depending(kind: str) -> set[str]:
    _where, figures, indicators = DEPENDS[kind]
    return {*figures.split(), *(f"indicator {code}" for code in indicators.split())}


@pytest.mark.parametrize("kind", DEPENDS)
def test_one_record_changes_exactly_the_figures_that_depend_on_it(cast, school, kind):
    where = DEPENDS[kind][0]
    other = {"class_one": "class_two", "class_two": "class_one"}[where]
    places = {name: getattr(cast, name).pk for name in (where, other)} | {"school": None}
    before = {name: everything(cast, pk) for name, pk in places.items()}
    getattr(school, kind)()
    found = {name: changed(before[name], everything(cast, pk)) for name, pk in places.items()}
    assert found["school"] == depending(kind)
    assert found[other] == set()
    of_the_class = {code for code in depending(kind) if code not in ("indicator wait", "indicator load")}
    assert found[where] == of_the_class, "help asked for and the caseload are read of the whole school alone"


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_they_come_nothing_else_changes(cast, school, seed):
    chosen = random.Random(seed).sample(sorted(DEPENDS), 4)
    before = everything(cast)
    for kind in chosen:
        getattr(school, kind)()
    assert changed(before, everything(cast)) <= set().union(*map(depending, chosen))


def test_every_indicator_depends_on_some_kind_of_record():
    assert set(INDICATORS) == {code for _where, _of, codes in DEPENDS.values() for code in codes.split()}


def test_what_is_recorded_later_changes_nothing_that_was_read_before(cast, school, at_school):
    head, then = cast.actor("head"), clock.now()

    def readings():
        reckoning = Reckoning(head, cast.school, cast.term, then)
        return [reckoning.read(one, reckoning.place()) for one in reckoning.of(reckoning.place())]

    before = readings()
    at_school.shift(60)
    for kind in ("contact", "contact_written_later", "absence", "asked", "answered", "subsidy", "looked"):
        getattr(school, kind)()
    assert readings() == before
