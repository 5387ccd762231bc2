"""The class board: Wednesday 2026-11-25, teaching week 12; 唐雨 has 初一(1), 邵明 has 初一(2)."""

import datetime
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.promised import pair, talk

from tongxing.care.contacts.thanks import thank
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Registration
from tongxing.oversight.insight.board import Board, class_board, needed_first

pytestmark = pytest.mark.usefixtures("promised")
DAY = datetime.timedelta(days=1)


def board(cast, role="class_teacher", school_class=None) -> Board:
    return class_board(cast.actor(role), school_class or cast.class_one, cast.term, clock.now())


def names(cards) -> list[str]:
    return [card.student.name for card in cards]


def at(month, day):
    return datetime.datetime(2026, month, day, 15, 40, tzinfo=clock.SCHOOL_TIME)


def test_who_would_like_a_talk_comes_first_and_nobodys_child_before_others(cast):
    found = board(cast)
    assert names(found.first) == ["孟宇航", "周晓禾"]
    assert [card.helper and card.helper.name for card in found.first] == [None, "林岚"]
    assert all(card.wants_talk for card in found.first)


def test_who_was_talked_with_stands_among_those_looked_after(cast):
    talk(cast)
    found = board(cast)
    assert names(found.calm) == ["周晓禾"]
    assert names(found.first) == ["孟宇航"], "a child without a helper still needs somebody"


def test_the_order_says_what_is_needed_never_who_did_less(cast):
    """周晓禾 was talked with every week until now, the other never: both wait for this week's talk, by name."""
    other = cast.add_student("安小朵", cast.class_one, "key", pinyin="anxiaoduo")
    pair(cast, other, "other_teacher")
    for weeks in range(1, 10):
        when = at(11, 25) - weeks * 7 * DAY
        talk(cast, happened_at=when, recorded_at=when)
    assert names(board(cast).first)[1:] == ["安小朵", "周晓禾"]
    talk(cast, other, happened_at=at(11, 18), recorded_at=at(11, 18), helper="other_teacher")
    assert names(board(cast).first)[1:] == ["安小朵", "周晓禾"], "what was done before moves nobody"


def test_the_order_asks_four_things_and_nothing_else(cast):
    class Seen:
        """A card that tells what it is asked for."""

        def __init__(self):
            self.asked = set()

        def __getattr__(self, name):
            self.asked.add(name)
            return False

    card = Seen()
    needed_first(card)
    assert card.asked == {"wants_talk", "waits", "helper", "is_key"}


def test_newcomers_are_named_for_two_weeks(cast):
    came = cast.add_student("温小满", cast.class_one, pinyin="wenxiaoman")
    came.memberships.update(starts_on=at(11, 20).date())
    Registration.objects.filter(student=cast.students.normal).update(starts_on=at(11, 16).date())
    told = [(one.student.name, one.how) for one in board(cast).newcomers]
    assert told == [("孟宇航", "registered"), ("温小满", "came")]
    came.memberships.update(starts_on=at(11, 10).date())
    assert [one.student.name for one in board(cast).newcomers] == ["孟宇航"]


def test_at_the_start_of_the_term_nobody_is_called_new(cast, at_school):
    at_school.move_to(at(9, 7))
    assert all(one.how == "registered" for one in board(cast).newcomers)


def test_an_agreed_date_stands_until_it_is_kept(cast):
    tuesday = at(11, 24).date()
    talk(cast, happened_at=at(11, 17), recorded_at=at(11, 17), next_on=tuesday)
    assert [(student.name, one.on) for student, one in board(cast).dates] == [("周晓禾", tuesday)]
    talk(cast, happened_at=at(11, 24), recorded_at=at(11, 24))
    assert board(cast).dates == ()


def test_bright_moments_are_told_and_restricted_words_never(cast):
    talk(cast, kind="highlight", channel="activity", reached=[], body={"seen": "主动举手回答"})
    cast.staff["counsellor"].refresh_from_db()
    talk(
        cast,
        kind="counselling",
        helper="counsellor",
        body={"heard": "说到想念父母", "agreed": "下周再来"},
        next_on=at(11, 27).date(),
    )
    found = board(cast)
    assert [(student.name, one.text) for student, one in found.good] == [("周晓禾", "主动举手回答")]
    assert found.dates == (), "a date with the counsellor is not the team's"


def test_thanks_among_colleagues_are_told_and_never_counted(cast):
    thank(cast.actor("class_teacher"), contact=talk(cast), words="谢谢您这么上心")
    ((student, said),) = board(cast).thanks
    assert (student.name, said.staff.name, said.contact.staff.name) == ("周晓禾", "唐雨", "林岚")
    assert board(cast, "head", cast.class_two).thanks == ()


@pytest.mark.parametrize("role", ["head", "deputy", "coordinator"])
def test_those_who_lead_the_school_open_every_class(cast, role):
    assert board(cast, role).first
    assert board(cast, role, cast.class_two).is_empty


@pytest.mark.parametrize(
    "role", ["other_class_teacher", "helper", "counsellor", "system_admin", "outsider", "county_supervisor"]
)
def test_nobody_else_opens_a_class(cast, role):
    with pytest.raises(NotAllowed):
        board(cast, role)


def test_a_class_in_ones_charge_no_longer_is_closed(cast):
    cast.users["class_teacher"].grants.update(ends_on=clock.today() - DAY)
    with pytest.raises(NotAllowed):
        board(cast)


def test_a_class_teacher_sees_no_child_of_another_class_even_as_its_helper(cast):
    cast.grant("class_teacher", "helper", student=cast.students.plain)
    Registration.objects.create(
        school=cast.school,
        student=cast.students.plain,
        level="key",
        starts_on=at(9, 7).date(),
        recorded_at=at(9, 7),
    )
    assert "苏苗苗" not in names(itertools.chain(board(cast).first, board(cast).calm))


def test_the_number_of_queries_does_not_grow(cast):
    talk(cast, kind="highlight", channel="activity", reached=[], body={"seen": "主动举手回答"})

    def made() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            board(cast)
        return len(queries)

    before = made()
    for number in range(5):
        student = cast.add_student(f"同学{number}", cast.class_one, "key")
        pair(cast, student, "other_teacher")
        talk(cast, student, kind="highlight", channel="activity", reached=[], body={"seen": "帮助同学"})
    assert made() == before
