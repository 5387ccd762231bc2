"""The printed square: anybody leaves a request, nobody learns anything, and it stays within bounds."""

from uuid import uuid4

import pytest
from django.core.cache import cache

from tongxing.care.requests import actions, squares
from tongxing.care.requests.asking import Asked, words_of
from tongxing.care.requests.models import HelpRequest, OpenDoor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from .school import a_door, by_square, read_by


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def test_a_token_finds_its_door_and_is_not_kept(cast):
    door = a_door(cast)
    token = squares.token_of(door)
    assert squares.door_of(token) == door and len(token) >= 26
    assert squares.door_of(token[:-1] + "x") is None and squares.door_of("") is None
    kept = [str(value) for value in OpenDoor.objects.filter(pk=door.pk).values_list()[0]]
    assert not any(token in value for value in kept)


def test_a_new_square_ends_the_one_before_of_the_same_place_alone(cast):
    of_class, before = a_door(cast, cast.class_one), a_door(cast)
    after = a_door(cast)
    assert squares.door_of(squares.token_of(before)) is None
    assert squares.door_of(squares.token_of(after)) == after
    assert squares.door_of(squares.token_of(of_class)) == of_class


def test_closed_it_opens_nothing(cast):
    door = a_door(cast)
    squares.close_door(cast.actor("head"), door=door)
    assert squares.door_of(squares.token_of(door)) is None


@pytest.mark.parametrize("role", ["class_teacher", "counsellor", "student", "outsider"])
def test_no_one_else_opens_or_closes_doors(cast, role):
    door = a_door(cast)
    with pytest.raises(NotAllowed):
        squares.open_door(cast.actor(role), school=cast.school)
    with pytest.raises(NotAllowed):
        squares.close_door(cast.actor(role), door=door)


def test_a_class_of_another_school_gets_no_door(cast):
    with pytest.raises(NotAllowed):
        squares.open_door(cast.actor("coordinator"), school=cast.other_school)


def test_without_a_name_it_belongs_to_the_class_of_the_door(cast):
    request, _code = by_square(a_door(cast, cast.class_two))
    assert request.school_class == cast.class_two and request.student is None
    assert request.holder == cast.users["other_class_teacher"]


def test_a_name_that_fits_goes_to_the_people_near_that_child_and_stands_with_the_words(cast):
    request, _code = by_square(a_door(cast), name="周晓禾", class_name="初一(1)班")
    assert request.student == cast.students.key and request.holder == cast.users["helper"]
    assert "周晓禾" in words_of(request) and request.key == cast.students.key.key


@pytest.mark.parametrize(
    ("name", "where"),
    [("周晓禾", "初一2班"), ("没有这个人", "初一1班"), ("何一帆", "初二1班"), ("周晓禾", "")],
)
def test_any_other_name_stays_with_the_words_alone(cast, name, where):
    request, code = by_square(a_door(cast), name=name, class_name=where)
    assert request.student is None and name in words_of(request) and code
    assert read_by(cast, request) == {"coordinator"}


def test_neither_words_nor_a_name_leave_nobody_to_help(cast):
    with pytest.raises(Refused) as refused:
        by_square(a_door(cast), text=" ")
    assert refused.value.field == "text" and not HelpRequest.objects.exists()


def test_the_code_opens_the_answer_and_is_kept_as_a_fingerprint_alone(cast):
    request, code = by_square(a_door(cast))
    assert squares.find_by_code(code.lower().replace("-", " "), address="10.0.0.9") == request
    assert code not in str(HelpRequest.objects.filter(pk=request.pk).values())
    with pytest.raises(Refused):
        squares.find_by_code("ACD3F-HJ7KM", address="10.0.0.9")
    with pytest.raises(Refused):
        squares.find_by_code("", address="10.0.0.9")


def test_sent_twice_it_is_one_request_with_the_same_code(cast):
    door, asked = a_door(cast), Asked("studying", uuid4(), "单词背不下来")
    both = [
        squares.leave_request(door, asked=asked, name="", class_name="", address="10.0.0.9")
        for _n in range(2)
    ]
    assert both[0] == both[1] and HelpRequest.objects.count() == 1


def test_whoever_holds_the_code_says_whether_it_helped_and_nobody_without_it(cast):
    request, code = by_square(a_door(cast, cast.class_one))
    actions.solve(
        cast.actor("helper" if request.student else "class_teacher"), request=request, text="讲了一遍"
    )
    squares.say_by_code(code=code, helped="not_yet", text="", address="10.0.0.9")
    request.refresh_from_db()
    assert request.state == "asked"
    with pytest.raises(Refused):
        squares.say_by_code(code="ACD3F-HJ7KM", helped="yes", text="", address="10.0.0.9")


def test_one_address_at_one_door_is_bounded_and_no_other_is(cast, monkeypatch):
    monkeypatch.setattr(squares, "PER_ADDRESS", 3)
    door, other = a_door(cast), a_door(cast, cast.class_one)
    for number in range(3):
        by_square(door, text=f"第 {number} 件事")
    with pytest.raises(squares.TooMany):
        by_square(door, text="再来一件")
    assert by_square(door, text="别处来的", address="10.0.0.10")
    assert by_square(other, text="另一扇门")


def test_a_whole_class_behind_one_address_gets_through(cast):
    door = a_door(cast)
    for number in range(50):
        by_square(door, text=f"第 {number} 个同学")
    assert HelpRequest.objects.count() == 50


def test_a_door_is_bounded_from_all_addresses_together(cast, monkeypatch):
    monkeypatch.setattr(squares, "PER_DOOR", 4)
    door = a_door(cast)
    for number in range(4):
        by_square(door, text=f"第 {number} 件事", address=f"10.0.1.{number}")
    with pytest.raises(squares.TooMany):
        by_square(door, text="再来一件", address="10.0.2.1")


def test_guessing_codes_ends_after_a_while_from_that_address_alone(cast, monkeypatch):
    monkeypatch.setattr(squares, "WRONG_CODES", 3)
    _request, code = by_square(a_door(cast))
    for _wrong in range(3):
        with pytest.raises(Refused):
            squares.find_by_code("ACD3F-HJ7KM", address="10.0.0.9")
    with pytest.raises(squares.TooMany):
        squares.find_by_code(code, address="10.0.0.9")
    assert squares.find_by_code(code, address="10.0.0.10")


def test_the_trail_says_that_somebody_asked_and_not_from_where(cast):
    by_square(a_door(cast))
    row = AuditEntry.objects.get(action="request.ask")
    assert row.actor_kind == "public" and "10.0.0.9" not in str(row.detail)
