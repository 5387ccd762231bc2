"""The donation box: two people, two counts, one receipt."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions.entries import check, reverse
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import box as actions
from ..actions.box import Counts
from ..models import BoxOpening
from ..queries.campaigns import openings_to_confirm, openings_to_post

pytestmark = pytest.mark.usefixtures("english")
DAY = datetime.date(2026, 11, 6)


@pytest.fixture
def box(told, cast):
    return actions.hang_up(
        cast.actor("coordinator"), school=cast.school, client_id=client_id(), place="教学楼一楼", fund=told.fund,
        since=datetime.date(2026, 9, 1),
    )  # fmt: skip


@pytest.fixture
def counts(cast):
    return Counts(DAY, cast.staff["coordinator"], cast.staff["helper"], 8_650, 8_650, "B-01")


def opened(cast, box, counts, role="coordinator"):
    return actions.note_opening(cast.actor(role), box=box, client_id=client_id(), counts=counts)


def test_the_two_who_open_it_are_different_people(cast, box, counts):
    with pytest.raises(Refused, match="Two different people"):
        opened(cast, box, replace(counts, second=counts.first))
    opening = opened(cast, box, counts)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoxOpening.objects.filter(pk=opening.pk).update(second=counts.first)


def test_counts_that_differ_need_an_explanation_and_an_agreed_sum(cast, box, counts):
    unlike = replace(counts, second_count=8_600)
    with pytest.raises(Refused, match="write down why"):
        opened(cast, box, unlike)
    with pytest.raises(Refused, match="lies in the bag"):
        opened(cast, box, replace(unlike, explanation="粘在一起的一张五角"))
    opening = opened(cast, box, replace(unlike, explanation="粘在一起的一张五角", agreed=8_650))
    assert opening.amount == 8_650
    with pytest.raises(IntegrityError), transaction.atomic():
        BoxOpening.objects.filter(pk=opening.pk).update(explanation="")


def test_a_bag_s_number_is_used_once_and_a_day_lies_in_the_box_s_time(cast, box, counts):
    opened(cast, box, counts)
    with pytest.raises(Refused, match="bears this number"):
        opened(cast, box, counts)
    for day in (datetime.date(2026, 8, 31), datetime.date(2026, 12, 1)):
        with pytest.raises(Refused):
            opened(cast, box, replace(counts, day=day, bag_number="B-02"))


def test_it_reaches_the_books_once_both_have_confirmed_as_one_receipt(told, cast, box, counts):
    opening, maker = opened(cast, box, counts), cast.actor("finance_maker")
    assert opening.first_confirmed_at and not opening.second_confirmed_at
    with pytest.raises(Refused, match="Both"):
        actions.into_the_books(maker, opening=opening)
    assert openings_to_confirm(cast.actor("helper"), cast.school) == [opening]
    for role in ("class_teacher", "finance_checker"):
        with pytest.raises(NotAllowed):
            actions.confirm(cast.actor(role), opening=opening)
    actions.confirm(cast.actor("helper"), opening=opening)
    assert openings_to_post(maker, cast.school) == [opening]
    entry = actions.into_the_books(maker, opening=opening)
    assert actions.into_the_books(maker, opening=opening) == entry
    assert not openings_to_post(maker, cast.school)
    check(told.books.checker, entry=entry)
    assert told.books.balance("1009") == 8_650
    with pytest.raises(NotAllowed):
        actions.into_the_books(cast.actor("head"), opening=opening)


def test_what_lies_in_the_bag_lies_between_the_two_counts(cast, box, counts):
    unlike = replace(counts, second_count=8_600, explanation="粘在一起的一张五角")
    for agreed in (8_599, 8_651, 0):
        with pytest.raises(Refused, match="between the two counts") as refusal:
            opened(cast, box, replace(unlike, agreed=agreed))
        assert refusal.value.field == "agreed"
    with pytest.raises(Refused, match="between the two counts"):
        opened(cast, box, replace(counts, agreed=8_000))  # both counted the same
    for number, agreed in enumerate((8_600, 8_625, 8_650)):
        bag = replace(unlike, agreed=agreed, bag_number=f"B-{number}")
        assert opened(cast, box, bag).amount == agreed
    with pytest.raises(IntegrityError), transaction.atomic():
        BoxOpening.objects.filter(bag_number="B-0").update(amount=9_000)


def test_a_receipt_that_was_reversed_in_the_books_is_written_anew(told, cast, box, counts):
    opening, maker = opened(cast, box, counts), cast.actor("finance_maker")
    actions.confirm(cast.actor("helper"), opening=opening)
    entry = actions.into_the_books(maker, opening=opening)
    check(told.books.checker, entry=entry)
    wrong = reverse(maker, entry=entry, day=entry.day, reason="记错", client_id=client_id())
    with pytest.raises(Refused, match="about to be reversed"):
        actions.into_the_books(maker, opening=opening)
    check(told.books.checker, entry=wrong)
    assert openings_to_post(maker, cast.school) == [opening]
    check(told.books.checker, entry=actions.into_the_books(maker, opening=opening))
    assert told.books.balance("1009") == 8_650 and not openings_to_post(maker, cast.school)


def test_a_signature_on_the_protocol_is_noted_by_finance_for_the_second_person(cast, box, counts):
    opening = opened(cast, box, counts, role="finance_maker")
    with pytest.raises(Refused, match="first of the two"):
        actions.note_signature(cast.actor("finance_maker"), opening=opening)
    actions.confirm(cast.actor("coordinator"), opening=opening)
    for role in ("class_teacher", "head"):
        with pytest.raises(NotAllowed):
            actions.note_signature(cast.actor(role), opening=opening)
    done = actions.note_signature(cast.actor("finance_checker"), opening=opening)
    assert done.is_confirmed and done.second_signed


def test_nobody_of_the_two_notes_the_signature_of_the_other(cast, box, counts):
    opening = opened(cast, box, counts)
    with pytest.raises(NotAllowed):
        actions.note_signature(cast.actor("coordinator"), opening=opening)
    staff = cast.staff
    both = replace(counts, first=staff["finance_maker"], second=staff["helper"], bag_number="B-02")
    opening = opened(cast, box, both, role="finance_maker")
    with pytest.raises(Refused, match="one of the two"):
        actions.note_signature(cast.actor("finance_maker"), opening=opening)
    opening.refresh_from_db()
    assert opening.first_confirmed_at and not opening.is_confirmed
    actions.note_signature(cast.actor("finance_checker"), opening=opening)
    own = replace(counts, first=staff["helper"], second=staff["finance_maker"], bag_number="B-03")
    opening = opened(cast, box, own)
    actions.confirm(cast.actor("helper"), opening=opening)
    with pytest.raises(Refused, match="one of the two"):  # with the own account, not on paper
        actions.note_signature(cast.actor("finance_maker"), opening=opening)


def test_an_empty_box_is_noted_and_posts_nothing(cast, box, counts):
    opening = opened(cast, box, replace(counts, first_count=0, second_count=0))
    actions.confirm(cast.actor("helper"), opening=opening)
    assert actions.into_the_books(cast.actor("finance_maker"), opening=opening) is None
    assert not Entry.objects.exists()


def test_what_was_written_down_wrongly_ends_and_the_bag_can_be_entered_anew(told, cast, box, counts):
    opening = opened(cast, box, counts)
    actions.confirm(cast.actor("helper"), opening=opening)
    entry = actions.into_the_books(cast.actor("finance_maker"), opening=opening)
    check(told.books.checker, entry=entry)
    with pytest.raises(NotAllowed):
        actions.end_opening(cast.actor("coordinator"), opening=opening, reason="袋号写错")
    actions.end_opening(cast.actor("finance_maker"), opening=opening, reason="袋号写错")
    check(told.books.checker, entry=Entry.objects.get(kind="reversal"))
    opened(cast, box, counts)
    assert told.books.balance("1009") == 0


def test_a_box_that_was_taken_down_is_opened_no_more(cast, box, counts):
    with pytest.raises(Refused):
        actions.take_down(cast.actor("head"), box=box, reason=" ")
    actions.take_down(cast.actor("head"), box=box, reason="活动结束")
    with pytest.raises(Refused, match="taken down"):
        opened(cast, box, counts)
    with pytest.raises(NotAllowed):
        actions.take_down(cast.actor("helper"), box=box, reason="…")
