"""The draw and the median, as rules: anybody who repeats them gets the same."""

from hypothesis import given
from hypothesis import strategies as st

from tongxing.oversight.inspection.month import counted
from tongxing.oversight.inspection.rules import draw, fingerprint, shares, ticket, usual

populations = st.dictionaries(
    st.integers(0, 40), st.sets(st.integers(1, 10_000), max_size=30), max_size=12
).map(lambda found: {key: sorted(rows) for key, rows in found.items()})
sizes = st.integers(1, 40)
words = st.text(min_size=2, max_size=20)


@given(populations, sizes, words)
def test_the_same_list_size_and_word_give_the_same_sample_whatever_the_order(population, size, word):
    turned = {key: population[key][::-1] for key in reversed(list(population))}
    assert draw(population, size, word) == draw(turned, size, word)
    assert fingerprint(population) == fingerprint(turned)


@given(populations, sizes, words)
def test_as_many_are_drawn_as_asked_or_as_there_are_each_once_from_its_class(population, size, word):
    drawn = draw(population, size, word)
    assert len(drawn) == min(size, sum(map(len, population.values())))
    assert len({(one.class_id, one.record) for one in drawn}) == len(drawn)
    assert all(one.record in population[one.class_id] for one in drawn)
    assert all(one.ticket == ticket(word, one.record) for one in drawn)


@given(populations, sizes, words)
def test_of_a_class_the_smallest_tickets_are_drawn(population, size, word):
    drawn = draw(population, size, word)
    for class_id, records in population.items():
        taken = [one.ticket for one in drawn if one.class_id == class_id]
        left = [ticket(word, one) for one in records if ticket(word, one) not in taken]
        assert taken == sorted(taken) and (not taken or not left or max(taken) < min(left))


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 60), max_size=12), sizes)
def test_every_class_with_records_is_drawn_from_while_the_sample_is_large_enough(many, size):
    found = shares(many, size)
    assert sum(found.values()) == min(size, sum(many.values()))
    assert all(found[key] <= many[key] for key in found)
    if size >= sum(map(bool, many.values())):
        assert all(found[key] >= 1 for key in many if many[key])
    assert all(found[big] >= found[small] for big in found for small in found if many[big] > many[small])


@given(populations, st.integers(1, 10_000))
def test_another_record_on_the_list_is_another_fingerprint(population, record):
    more = population | {99: [record]}
    assert fingerprint(more) != fingerprint(population)


def test_the_draw_can_be_repeated_by_hand():
    """printf %s '新学期第一课/7' | sha256sum"""
    assert ticket("新学期第一课", 7) == "8886aa4048b1d5909257ef62887478a90259536636acd6802037773ff8167cf5"


def test_what_is_usual_is_the_middle_one_and_nothing_below_three_people():
    assert usual({1: 10, 2: 90, 3: 20}) == 20
    assert usual({1: 10, 2: 20, 3: 30, 4: 90}) == 25
    assert usual({1: 10, 2: 20}) is None and usual({}) is None
    assert usual({1: 10, 2: 20, 3: 0}) is None, "who wrote nothing was asked nothing"


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(3, 20))))
def test_the_burden_counts_people_records_and_the_middle_of_their_fields(rows):
    found = counted(rows)
    people = {person for person, _fields in rows}
    assert (found.people, found.records) == (len(people), len(rows))
    if len(people) < 3:
        assert found.usual is None
    else:
        sums = [sum(many for who, many in rows if who == person) for person in people]
        assert min(sums) <= found.usual <= max(sums)
