"""Gifts by name, gifts from outside, goods, the private address of a giver."""

import datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions.entries import check
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import gifts
from ..actions.gifts import FromOutside, Named
from ..actions.money import Row, correct
from ..models import Gift
from .school import DAY

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def share(told, cast):
    return told.hand_over("class_teacher", Row(cast.class_one, 2, 20_000)).shares.get()


def name(cast, share, giver, fen, role="class_teacher", **said):
    said = {"wants_thanks": True} | said
    return gifts.name_gift(
        cast.actor(role), share=share, client_id=client_id(), named=Named(giver, fen, **said)
    )


def test_a_name_is_noted_only_for_a_receipt_or_thanks(cast, share):
    with pytest.raises(Refused, match="without names"):
        name(cast, share, cast.students.key, 100, wants_thanks=False)
    name(cast, share, cast.students.key, 100, wants_thanks=False, receipt_number="No 0012")
    assert Gift.objects.get().receipt_number == "No 0012"


def test_names_never_add_up_to_more_than_was_handed_over(cast, share):
    name(cast, share, cast.students.key, 4_000)
    with pytest.raises(Refused, match=r"only 200\.00"):
        name(cast, share, cast.students.normal, 16_001, consent_by="父亲")


def test_only_who_belongs_to_the_class_is_named_in_it(cast, share):
    with pytest.raises(Refused, match="belongs to it"):
        name(cast, share, cast.students.plain, 100)
    with pytest.raises(Refused, match="belongs to it"):
        name(cast, share, cast.staff["helper"], 100)


def test_a_guardian_is_asked_from_the_line_on_and_hands_it_in_below_eight(told, cast, share):
    child = cast.students.key
    with pytest.raises(Refused, match="ask a guardian"):
        name(cast, share, child, told.campaign.consent_from)
    name(cast, share, child, told.campaign.consent_from, consent_by="奶奶 周桂兰")
    child.birth_date = datetime.date(2019, 1, 1)
    child.save()
    with pytest.raises(Refused, match="Under eight"):
        name(cast, share, child, 100, consent_by="奶奶")
    name(cast, share, child, 100, by_guardian=True)


def test_a_colleague_is_named_within_a_department(told, cast):
    share = told.hand_over("finance_maker", Row(told.departments[0], 1, 10_000)).shares.get()
    name(cast, share, cast.staff["helper"], 10_000, role="finance_maker", receipt_number="No 1")
    assert not Gift.objects.visible_to(cast.actor("head")).exists()
    assert not Gift.objects.visible_to(cast.actor("helper")).exists()
    with pytest.raises(NotAllowed):
        name(cast, share, cast.staff["helper"], 1, role="coordinator")


def test_names_are_taken_back_before_what_they_belong_to_is_corrected(told, cast, share):
    gift = name(cast, share, cast.students.key, 100)
    teacher = cast.actor("class_teacher")
    facts = {
        "handed": share.handed,
        "counted": told.counted(),
        "rows": [Row(cast.class_one, 1, 100)],
        "reason": "错",
    }
    with pytest.raises(Refused, match="take those back first"):
        correct(teacher, client_id=client_id(), **facts)
    gifts.end_gift(teacher, gift=gift, reason="不要收据了")
    correct(teacher, client_id=client_id(), **facts)


def outside(told, **said):
    usual = {
        "who": "alumni", "name": "九八届校友", "amount": 300_000, "day": datetime.date(2026, 11, 5), "fund": told.fund,
        "through": "县教育基金会", "reference": "JJ2611-008",
    }  # fmt: skip
    return FromOutside(**(usual | said))


def take(told, cast, role="finance_maker", sent=None, **said):
    return gifts.take_gift(
        cast.actor(role), school=cast.school, client_id=sent or client_id(), told=outside(told, **said)
    )


def test_a_gift_from_outside_names_the_lawful_account_and_is_posted_once(told, cast):
    for missing in ("through", "reference", "name"):
        with pytest.raises(Refused):
            take(told, cast, **{missing: " "})
    for code in ("班主任微信收款码", "https://qr.alipay.com/fkx1"):
        with pytest.raises(Refused, match="to pay with") as refusal:
            take(told, cast, through=code)
        assert refusal.value.field == "through"
    with pytest.raises(Refused, match="who gave"):
        take(told, cast, who="student")
    sent = client_id()
    gift = take(told, cast, sent=sent)
    assert take(told, cast, sent=sent).pk == gift.pk
    entry = Entry.objects.get()
    assert (entry.source_id, entry.reference, gift.name_masked) == (str(gift.pk), "JJ2611-008", "九**")
    assert "九八届" not in entry.narrative and bytes(gift.name_sealed) != b""
    check(told.books.checker, entry=entry)
    assert told.books.balance("1002") == 300_000
    with pytest.raises(NotAllowed):
        take(told, cast, role="head")
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(through="")


def test_a_gift_that_was_wrong_ends_and_is_reversed_in_the_books(told, cast):
    gift = take(told, cast)
    check(told.books.checker, entry=Entry.objects.get())
    gifts.end_gift(cast.actor("finance_maker"), gift=gift, reason="基金会记错")
    check(told.books.checker, entry=Entry.objects.get(kind="reversal"))
    assert told.books.balance("1002") == 0
    with pytest.raises(NotAllowed):
        gifts.end_gift(cast.actor("head"), gift=gift, reason="…")


def test_a_private_address_opens_one_gift_until_another_takes_its_place(told, cast):
    cache.clear()
    maker, gift = cast.actor("finance_maker"), take(told, cast)
    first = gifts.token_of(gifts.open_link(maker, gift=gift))
    assert gifts.link_of(first, address="10.0.0.1").gift == gift
    second = gifts.token_of(gifts.open_link(maker, gift=gift))
    assert gifts.link_of(first, address="10.0.0.1") is None
    assert first not in second and len(second) >= 26
    gifts.close_link(maker, gift=gift)
    assert gifts.link_of(second, address="10.0.0.1") is None
    with pytest.raises(NotAllowed):
        gifts.open_link(cast.actor("head"), gift=gift)


def test_the_address_ends_with_the_gift(told, cast):
    cache.clear()
    maker, gift = cast.actor("finance_maker"), take(told, cast)
    token = gifts.token_of(gifts.open_link(maker, gift=gift))
    gifts.end_gift(maker, gift=gift, reason="误记")
    assert gifts.link_of(token, address="10.0.0.1") is None


def test_looking_too_often_is_stopped_for_an_hour(told, cast, monkeypatch):
    cache.clear()
    monkeypatch.setattr(gifts, "PER_LINK", 3)
    token = gifts.token_of(gifts.open_link(cast.actor("finance_maker"), gift=take(told, cast)))
    for _n in range(3):
        assert gifts.link_of(token, address="10.0.0.1")
    with pytest.raises(gifts.TooMany):
        gifts.link_of(token, address="10.0.0.2")


def test_goods_go_on_without_names_and_never_more_than_came(told, cast):
    teacher = cast.actor("class_teacher")
    goods = gifts.note_goods(
        teacher, campaign=told.campaign, client_id=client_id(), what="字典", count=12, unit="本", day=DAY
    )
    on = {"goods": goods, "day": datetime.date(2026, 10, 30)}
    gifts.pass_on(teacher, client_id=client_id(), count=10, to_whom="初一住校生", **on)
    with pytest.raises(Refused, match="still 2"):
        gifts.pass_on(teacher, client_id=client_id(), count=3, to_whom="图书角", **on)
    with pytest.raises(NotAllowed):
        gifts.pass_on(
            cast.actor("other_class_teacher"), client_id=client_id(), count=1, to_whom="图书角", **on
        )
    with pytest.raises(Refused, match="How many"):
        gifts.note_goods(
            teacher, campaign=told.campaign, client_id=client_id(), what="笔", count=0, unit="支", day=DAY
        )
    gifts.pass_on(cast.actor("finance_maker"), client_id=client_id(), count=2, to_whom="图书角", **on)
