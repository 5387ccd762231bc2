"""Whom one could propose as a study partner."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongxing.care.peers.rules import MOST, Child, Result, propose, shared, shines

#: A machine at work for others is slow; that says nothing about the rule.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SUBJECTS, LIKES = ("语文", "数学", "英语"), ("羽毛球", "剪纸", "画画")


def some_of(words):
    """Any of these words, as one small number: cheap to draw."""
    chosen = st.integers(0, 2 ** len(words) - 1)
    return chosen.map(lambda bits: frozenset(word for n, word in enumerate(words) if bits >> n & 1))


A_CHILD = st.tuples(
    st.booleans(), st.booleans(), some_of(SUBJECTS), some_of(SUBJECTS), some_of(LIKES), st.integers(0, MOST)
)


def child(number, drawn):
    key, flag, needs, shining, likes, learns_with = drawn
    return Child(
        number,
        key=key,
        registered=key or flag,
        needs=needs if key else frozenset(),
        shines=shining,
        likes=likes,
        learns_with=0 if key else learns_with,
        has_partner=key and flag,
    )


def classes():
    return st.lists(A_CHILD, max_size=8).map(lambda rows: [child(n, one) for n, one in enumerate(rows)])


@patiently
@given(classes())
def test_two_who_carry_most_are_never_together_and_nobody_has_more_than_two(children):
    known = {child.id: child for child in children}
    result = propose(children)
    partners = [one.partner for one in result.proposed]
    for one in result.proposed:
        assert known[one.student].key and not known[one.partner].key
        assert one.student != one.partner and (one.subjects or one.likes)
        assert known[one.partner].learns_with + partners.count(one.partner) <= MOST


@patiently
@given(classes())
def test_every_key_student_without_a_partner_is_proposed_one_or_named_as_left(children):
    result = propose(children)
    asked = sorted(child.id for child in children if child.key and not child.has_partner)
    assert sorted([*(one.student for one in result.proposed), *result.left]) == asked


@patiently
@given(classes())
def test_nobody_is_left_who_could_take_a_free_place(children):
    result = propose(children)
    known = {child.id: child for child in children}
    taken = [one.partner for one in result.proposed]
    for left in result.left:
        for other in children:
            if not other.key and other.room > taken.count(other.id):
                both = shared(known[left], other)
                assert not (both.subjects or both.likes)


@patiently
@given(classes(), st.randoms(use_true_random=False))
def test_the_order_of_the_class_list_changes_nothing(children, random):
    mixed = children[:]
    random.shuffle(mixed)
    assert propose(mixed) == propose(children)


@patiently
@given(classes())
def test_two_for_whom_it_was_not_right_are_not_proposed_again(children):
    first = propose(children)
    apart = {frozenset({one.student, one.partner}) for one in first.proposed}
    again = propose(children, apart)
    assert not apart & {frozenset({one.student, one.partner}) for one in again.proposed}


def test_who_shines_where_a_hand_is_needed_comes_before_who_likes_the_same():
    seeker = Child(1, key=True, needs=frozenset({"数学"}), likes=frozenset({"剪纸"}))
    alike, strong = Child(2, likes=frozenset({"剪纸"})), Child(3, shines=frozenset({"数学"}))
    (one,) = propose([seeker, alike, strong]).proposed
    assert (one.partner, one.subjects, one.likes) == (3, ("数学",), ())


def test_partners_are_spread_before_anybody_gets_a_second_one():
    seekers = [Child(n, key=True, likes=frozenset({"剪纸"})) for n in (1, 2)]
    partners = [Child(n, likes=frozenset({"剪纸"})) for n in (3, 4)]
    assert {one.partner for one in propose([*seekers, *partners]).proposed} == {3, 4}


def test_of_an_empty_class_nothing_is_proposed():
    assert propose([]) == Result()


def test_a_result_speaks_for_explaining_with_the_best_grade_or_from_85_percent():
    assert shines(None, None, "A") and shines(None, None, "优") and shines(102, 120, "")
    assert shines(85, None, "") and not shines(84.5, None, "")
    assert not shines(None, None, "") and not shines(99, None, "B")
