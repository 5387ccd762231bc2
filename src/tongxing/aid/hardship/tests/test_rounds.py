"""Opening and closing a round, who reviews, who stands back, the school's levels and points."""

import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import rounds
from ..models import Level, PanelMember, Recusal, Round
from ..queries import by_class, current_round
from .school import DAY, TODAY, TOLD, UNTIL, opened

WHO_OPENS = ("head", "deputy", "coordinator")


def open_(cast, role="coordinator", **more):
    usual = {"school": cast.school, "year": cast.year, "term": None, "told": TOLD, "apply_until": UNTIL}
    return rounds.open_round(cast.actor(role), **usual | more)


def test_a_round_is_opened_once_a_year_with_three_ready_levels(cast):
    made = open_(cast)
    assert current_round(cast.actor("class_teacher"), cast.school) == made
    assert [one.name for one in rounds.levels_of(cast.school)] == ["特别困难", "比较困难", "一般困难"]
    rounds.close_round(cast.actor("head"), round=made)
    with pytest.raises(Refused):
        open_(cast)
    adjustment = open_(cast, term=cast.term)
    assert adjustment.kind == Round.Kind.ADJUSTMENT
    rounds.close_round(cast.actor("head"), round=adjustment)
    with pytest.raises(Refused):
        open_(cast, term=cast.term)


@pytest.mark.parametrize(
    "role", ["class_teacher", "helper", "finance_checker", "counsellor", "guardian", "outsider"]
)
def test_only_those_who_lead_open_one(cast, role):
    with pytest.raises(NotAllowed):
        open_(cast, role)


@pytest.mark.parametrize(
    "more",
    [
        {"told": " "},
        {"apply_until": TODAY - DAY},
        {"apply_until": datetime.date(2027, 8, 1)},
        {"term": "now"},
    ],
)
def test_a_round_that_does_not_fit_is_refused(cast, more):
    with pytest.raises(Refused):
        open_(cast, **({"term": cast.term} if "term" in more else more))
    assert not Round.objects.exists()


def test_two_are_never_open_at_once(cast):
    open_(cast)
    with pytest.raises(Refused):
        open_(cast, term=cast.term)


def test_it_closes_once_nobody_waits_and_opens_again(story):
    story.apply()
    with pytest.raises(Refused):
        rounds.close_round(story.actor("coordinator"), round=story.round)
    story.round.applications.update(state="decided")
    rounds.close_round(story.actor("coordinator"), round=story.round)
    rounds.close_round(story.actor("coordinator"), round=story.round, again=True)
    assert Round.objects.open().get() == story.round


def test_the_class_teacher_names_who_reviews_in_the_own_class(cast):
    made = opened(cast.school, cast.users["coordinator"])
    both = [cast.staff["class_teacher"], cast.staff["other_teacher"]]
    rounds.name_panel(cast.actor("class_teacher"), round=made, school_class=cast.class_one, staff=both)
    with pytest.raises(Refused):
        rounds.name_panel(
            cast.actor("class_teacher"), round=made, school_class=cast.class_one, staff=both[:1]
        )
    for school_class in (cast.class_two, None):
        with pytest.raises(NotAllowed):
            rounds.name_panel(cast.actor("class_teacher"), round=made, school_class=school_class, staff=both)
    others = [cast.staff["class_teacher"], cast.staff["helper"]]
    rounds.name_panel(cast.actor("coordinator"), round=made, school_class=cast.class_one, staff=others)
    held = PanelMember.objects.filter(ended_at=None, school_class=cast.class_one)
    assert {one.staff for one in held} == set(others)
    assert PanelMember.objects.count() == 3  # whoever was named before stays readable


def test_people_stand_back_by_themselves_and_others_only_by_those_who_run_the_round(story):
    key, staff = story.cast.students.key, story.cast.staff
    args = {"round": story.round, "student": key}
    rounds.stand_back(story.actor("class_teacher"), staff=staff["class_teacher"], reason="姑姑", **args)
    with pytest.raises(NotAllowed):
        rounds.stand_back(story.actor("class_teacher"), staff=staff["helper"], reason="亲戚", **args)
    rounds.stand_back(story.actor("coordinator"), staff=staff["helper"], reason="亲戚", **args)
    with pytest.raises(Refused):
        rounds.stand_back(story.actor("coordinator"), staff=staff["deputy"], reason=" ", **args)
    with pytest.raises(NotAllowed):
        rounds.stand_back(
            story.actor("other_class_teacher"), staff=staff["other_class_teacher"], reason="亲", **args
        )
    assert Recusal.objects.count() == 2


def test_points_hold_for_rounds_opened_later(cast):
    made = open_(cast)
    rounds.set_points(cast.actor("coordinator"), school=cast.school, points={"care.one": 40})
    assert made.points["care.one"] == 15
    assert rounds.points_of(cast.school)["care.one"] == 40
    assert rounds.points_of(cast.other_school)["care.one"] == 15
    for wrong in ({"care.one": 101}, {"care.one": -1}, {"seat.front": 5}):
        with pytest.raises(Refused):
            rounds.set_points(cast.actor("coordinator"), school=cast.school, points=wrong)
    with pytest.raises(NotAllowed):
        rounds.set_points(cast.actor("class_teacher"), school=cast.school, points={"care.one": 1})


def test_a_school_has_two_levels_if_it_wants_and_what_was_stays(cast):
    made = open_(cast)
    two = [("特别困难", 50), ("一般困难", 60)]
    with pytest.raises(Refused):
        rounds.set_levels(cast.actor("coordinator"), school=cast.school, levels=two)
    rounds.close_round(cast.actor("coordinator"), round=made)
    rounds.set_levels(cast.actor("coordinator"), school=cast.school, levels=two)
    assert [(one.name, one.from_points) for one in rounds.levels_of(cast.school)] == [two[1], two[0]]
    assert Level.objects.filter(ended_on=TODAY).get().name == "比较困难"
    swapped = [("特别困难", 60), ("一般困难", 50)]
    rounds.set_levels(cast.actor("coordinator"), school=cast.school, levels=swapped)
    assert [(one.name, one.from_points) for one in rounds.levels_of(cast.school)] == swapped
    for wrong in ([], [("甲", 1), ("甲", 2)], [("甲", 1), ("乙", 1)], [("", 1)]):
        with pytest.raises(Refused):
            rounds.set_levels(cast.actor("coordinator"), school=cast.school, levels=wrong)


def test_every_class_of_the_reviewer_stands_there_with_what_waits(story):
    story.apply()
    lines = by_class(story.actor("coordinator"), story.round)
    assert [(one.school_class.name, one.handed_in, one.class_waits) for one in lines] == [
        ("初一(1)班", 1, 1),
        ("初一(2)班", 0, 0),
    ]
    assert [one.school_class.name for one in by_class(story.actor("class_teacher"), story.round)] == [
        "初一(1)班"
    ]
