"""Stories of thanks, and help among classmates."""

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.encryption import destroy
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.consents import give_consent, withdraw_consent

from ..actions import thanks
from ..models import HelpOffer, Honour
from ..queries.campaigns import thanked

pytestmark = pytest.mark.usefixtures("english")


def thank(told, cast, who, story="每天放学等同学一起走", role="coordinator", **said):
    return thanks.thank(
        cast.actor(role), campaign=told.campaign, client_id=client_id(), who=who, story=story, **said
    )


def test_a_class_is_thanked_by_a_story_of_what_it_did(told, cast):
    honour = thank(told, cast, cast.class_one)
    assert "放学" not in str(bytes(honour.story_sealed))
    (found,) = thanked(told.campaign)
    assert (found.name, found.story) == ("初一(1)班", "每天放学等同学一起走")
    with pytest.raises(NotAllowed):
        thank(told, cast, cast.class_one, role="class_teacher")


def test_never_by_money_or_share(told, cast):
    for story in ("捐了 300 元", "参与率 98%"):
        with pytest.raises(Refused, match="without amounts"):
            thank(told, cast, cast.class_one, story)
    assert not Honour.objects.exists()


def test_a_child_is_named_while_the_family_agrees(told, cast):
    child = cast.students.key
    with pytest.raises(Refused, match="has not agreed"):
        thank(told, cast, child)
    consent = give_consent(
        cast.actor("class_teacher"), student=child, purpose="praise", given_by="奶奶", student_agreed=True
    )
    thank(told, cast, child)
    assert [one.name for one in thanked(told.campaign)] == [child.name]
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    assert thanked(told.campaign) == []


def test_a_child_s_story_is_gone_with_the_child_s_key(told, cast):
    child = cast.students.key
    give_consent(
        cast.actor("class_teacher"), student=child, purpose="praise", given_by="奶奶", student_agreed=True
    )
    thank(told, cast, child)
    destroy(child.key)
    assert thanked(told.campaign) == []


def test_a_colleague_is_asked_first_and_a_story_ends_without_a_question(told, cast):
    with pytest.raises(Refused, match="ask the colleague"):
        thank(told, cast, cast.staff["helper"])
    honour = thank(told, cast, cast.staff["helper"], asked=True)
    with pytest.raises(NotAllowed):
        thanks.end_thanks(cast.actor("helper"), honour=honour)
    thanks.end_thanks(cast.actor("coordinator"), honour=honour)
    assert thanked(told.campaign) == []


def test_somebody_from_outside_is_asked_first_and_the_name_is_sealed(told, cast):
    neighbour = thanks.Guest("  石秀兰  阿姨 ")
    with pytest.raises(Refused, match="named first") as refusal:
        thank(told, cast, neighbour)
    assert refusal.value.field == "asked"
    for wrong in ("", "长" * 61, "捐了一万元的石总"):
        with pytest.raises(Refused) as refusal:
            thank(told, cast, thanks.Guest(wrong), asked=True)
        assert refusal.value.field == "guest"
    with pytest.raises(Refused, match="without amounts"):
        thank(told, cast, neighbour, "捐了五千元", asked=True)
    honour = thank(told, cast, neighbour, "每周三来教竹编", asked=True)
    assert [(one.name, one.story) for one in thanked(told.campaign)] == [("石秀兰 阿姨", "每周三来教竹编")]
    assert "石秀兰".encode() not in bytes(Honour.objects.get().guest_sealed)
    for wrong_row in ({"asked": False}, {"staff": cast.staff["helper"]}, {"guest_sealed": b""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Honour.objects.update(**wrong_row)
    destroy(honour.key)
    assert thanked(told.campaign) == []


def test_a_child_offers_help_to_the_own_class_once_and_stops_when_it_likes(cast):
    teacher = cast.actor("class_teacher")
    offer = thanks.offer_help(
        teacher, school_class=cast.class_one, student=cast.students.key, kind="umbrella"
    )
    again = thanks.offer_help(
        teacher, school_class=cast.class_one, student=cast.students.key, kind="umbrella"
    )
    assert again == offer
    with pytest.raises(Refused, match="of this class"):
        thanks.offer_help(
            cast.actor("head"), school_class=cast.class_one, student=cast.students.plain, kind="umbrella"
        )
    with pytest.raises(NotAllowed):
        thanks.offer_help(teacher, school_class=cast.class_two, student=cast.students.plain, kind="homework")
    with pytest.raises(NotAllowed):
        thanks.end_help(cast.actor("other_class_teacher"), offer=offer)
    thanks.end_help(teacher, offer=offer)
    offer.refresh_from_db()
    assert offer.ends_on


def test_help_is_never_money(cast):
    with pytest.raises(Refused):
        thanks.offer_help(
            cast.actor("class_teacher"), school_class=cast.class_one, student=cast.students.key, kind="money"
        )
    assert not {"money", "cash", "loan"} & set(HelpOffer.Kind.values)
