"""The family in words: nobody is lost, nobody stands twice, the first to call comes first."""

from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.people.family_map import family_map
from tongxing.ground.people.models import Guardian


def person(name="周桂兰", relation="grandparent", **facts):
    return Guardian(name=name, relation=relation, **facts)


people = st.builds(
    Guardian,
    name=st.text("甲乙丙丁", min_size=1, max_size=3),
    relation=st.sampled_from(Guardian.Relation.values),
    order=st.integers(1, 6),
    lives_with=st.sampled_from([True, False, None]),
    away_place=st.sampled_from(["", " ", "昆山", "苏州"]),
    phone_masked=st.sampled_from(["", "139****1111"]),
)


@given(st.lists(people, max_size=6))
def test_everybody_stands_in_exactly_one_place(guardians):
    found = family_map(guardians)
    assert sorted(map(id, found.everybody)) == sorted(map(id, guardians))


@given(st.lists(people, max_size=6))
def test_calls_are_in_order_and_only_who_has_a_number(guardians):
    calls = family_map(guardians).calls
    assert [one.order for one in calls] == sorted(one.order for one in guardians if one.phone_masked)


def test_a_family_with_both_parents_away():
    grandma = person(lives_with=True, reads=False, entrusted=True, order=1)
    father = person("周建军", "father", away_place="昆山", lives_with=False, order=2)
    mother = person("陈玉", "mother", away_place="昆山", order=3)
    found = family_map([mother, grandma, father])
    assert found.at_home == (grandma,) and found.away == (("昆山", (father, mother)),)
    assert found.entrusted == found.cannot_read == (grandma,)
    assert found.parents_away is True


def test_what_nobody_said_is_not_guessed():
    father = person("周建军", "father")
    found = family_map([father])
    assert found.unknown == (father,) and found.parents_away is None
    mother = person("陈玉", "mother", lives_with=True)
    assert family_map([father, mother]).parents_away is None
    assert family_map([person("周建军", "father", away_place="昆山"), mother]).parents_away is False
