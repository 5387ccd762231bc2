"""Lists of other offices: laid beside the roster by number, taken back as a whole; who is helped by nobody."""

import datetime

import pytest

from tongxing.ground.kernel.encryption import blind_index, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance

from ..actions.lists import ListRow, take_list, undo_list
from ..models import Listed
from ..queries import uncovered
from .school import DAY, TODAY


def number(n: int) -> str:
    first = f"3401232013091{n:04}"
    return first + check_digit(first)


@pytest.fixture
def numbered(cast):
    """周晓禾 and 苏苗苗 have numbers on record."""
    for n, student in ((1, cast.students.key), (2, cast.students.plain), (3, cast.students.far)):
        student.id_number_sealed = seal(student.key, number(n), SEALED["id_number"])
        student.id_number_index = blind_index(number(n), SEALED["id_number"])
        student.save()
    return cast


def take(cast, *rows, role="coordinator", sha256="a", **more):
    usual = {"office": "civil", "as_of": TODAY - 10 * DAY, "file_name": "民政名单.xlsx", "sha256": sha256}
    return take_list(cast.actor(role), school=cast.school, rows=rows, **usual | more)


FIRST = ListRow(2, number(1), "minimum_living", datetime.date(2027, 6, 30))
SECOND = ListRow(3, number(2), "orphan")
STRANGER = ListRow(4, number(4), "orphan")
OF_THE_OTHER_SCHOOL = ListRow(5, number(3), "orphan")


def test_only_rows_about_children_of_the_school_are_kept(numbered):
    taken = take(numbered, FIRST, SECOND, STRANGER, OF_THE_OTHER_SCHOOL)
    assert taken.others == 2
    assert [(one.student.name, one.category) for one in taken.rows.all()] == [
        ("周晓禾", "minimum_living"),
        ("苏苗苗", "orphan"),
    ]
    noted = Circumstance.objects.get(student=numbered.students.key)
    assert (noted.source, noted.since, noted.valid_until) == (
        "民政部门",
        TODAY - 10 * DAY,
        datetime.date(2027, 6, 30),
    )


def test_what_was_on_record_counts_as_looked_at(numbered):
    known = numbered.students.key.circumstances.create(
        school=numbered.school, category="minimum_living", source="家长", since=TODAY - 90 * DAY
    )
    take(numbered, FIRST)
    known.refresh_from_db()
    assert (known.checked_on, known.source) == (TODAY - 10 * DAY, "家长")
    assert Circumstance.objects.count() == 1


def test_the_same_sheet_is_one_list_and_the_same_row_one_entry(numbered):
    assert take(numbered, FIRST, FIRST) == take(numbered, FIRST, FIRST)
    assert Listed.objects.count() == 1


def test_taken_back_it_never_held(numbered):
    take(numbered, SECOND, sha256="b")
    taken = take(numbered, FIRST, SECOND, sha256="a")
    undo_list(numbered.actor("coordinator"), official=taken)
    left = Circumstance.objects.valid_on(TODAY).values_list("category", flat=True)
    assert [*left] == ["orphan"]  # another list says so too
    take(numbered, FIRST, SECOND, sha256="a")
    assert Circumstance.objects.valid_on(TODAY).count() == 2


@pytest.mark.parametrize(
    "role", ["class_teacher", "helper", "finance_maker", "county_aid_officer", "outsider"]
)
def test_only_those_who_run_the_recognition_take_lists_over(numbered, role):
    with pytest.raises(NotAllowed):
        take(numbered, FIRST, role=role)


@pytest.mark.parametrize("wrong", [{"as_of": TODAY + DAY}, {"office": "police"}, {"rows": []}])
def test_a_list_that_does_not_fit_is_refused(numbered, wrong):
    rows = [] if "rows" in wrong else [FIRST]
    with pytest.raises(Refused):
        take(numbered, *rows, **{name: value for name, value in wrong.items() if name != "rows"})


def found(story, role="coordinator"):
    return [
        (one.student.name, one.state) for one in uncovered(story.actor(role), story.cast.school, story.round)
    ]


def test_whoever_an_office_knows_and_nobody_helps_stands_on_one_list(numbered, story):
    take(numbered, SECOND, FIRST)
    numbered.students.normal.circumstances.create(school=numbered.school, category="disabled", since=TODAY)
    assert found(story) == [("孟宇航", ""), ("周晓禾", ""), ("苏苗苗", "")]
    application = story.apply()
    story.review(application, "class")
    assert found(story)[1] == ("周晓禾", "class_seen")
    assert "民政" in uncovered(story.actor("head"), numbered.school, story.round)[1].grounds[0]
    assert found(story, "class_teacher") == found(story, "helper") == []


def test_recognised_a_child_leaves_the_list(numbered, story, at_school):
    take(numbered, FIRST)
    story.decide()
    assert found(story) == [("周晓禾", "decided")]
    story.publish()
    at_school.move_to(datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC))
    story.file()
    assert found(story) == []


def test_family_situation_alone_and_what_is_over_puts_nobody_there(numbered, story):
    for category, until in (("left_behind", None), ("orphan", TODAY - DAY)):
        numbered.students.key.circumstances.create(
            school=numbered.school, category=category, since=TODAY - 9 * DAY, valid_until=until
        )
    assert found(story) == []


def test_the_list_takes_as_many_queries_for_many_as_for_few(numbered, story, django_assert_max_num_queries):
    for n in range(20):
        student = numbered.add_student(f"新同学{n}", numbered.class_one)
        student.circumstances.create(school=numbered.school, category="orphan", since=TODAY)
    with django_assert_max_num_queries(8):
        assert len(uncovered(story.actor("head"), numbered.school, story.round)) == 20
