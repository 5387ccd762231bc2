import datetime

import pytest
from tests.cast import NOW, TERM_START

from tongxing.ground.access.queries import actor_for, held_by, taught_by
from tongxing.ground.people.models import Staff

DAY = datetime.timedelta(days=1)
TODAY = NOW.date()


@pytest.mark.parametrize("query", [held_by, taught_by], ids=["held", "taught"])
def test_remembered_sql_finds_what_the_query_set_finds_for_everybody_on_any_day(cast, query):
    cast.teach("subject_teacher", cast.class_one)
    Staff.objects.filter(code="helper").update(ends_on=TODAY)
    found = 0
    for user in cast.users.values():
        for day in (
            TERM_START - DAY,
            TERM_START,
            TODAY,
            TODAY + DAY,
            cast.term.ends_on,
            cast.term.ends_on + DAY,
        ):
            rows = query(user.pk, day)
            assert rows == list(query.compose(user.pk, day, NOW)), (user.login, day)
            found += len(rows)
    assert found


def test_remembered_sql_asks_for_the_one_person_and_day(cast):
    first, other = (held_by(cast.users[name].pk, TODAY) for name in ("class_teacher", "other_class_teacher"))
    assert first != other
    assert held_by(cast.users["class_teacher"].pk, TERM_START - DAY) == []


def test_the_actor_takes_two_queries_and_a_third_for_classes(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        actor_for(cast.users["head"])
    with django_assert_num_queries(3):
        actor_for(cast.users["class_teacher"])
