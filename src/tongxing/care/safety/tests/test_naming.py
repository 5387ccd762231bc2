"""The head names who answers for children's safety; nobody else does."""

import pytest

from tongxing.care.safety import naming, queries
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Responsibility

from .school import HIT, asked, by_hand, note, seen_by


def test_the_head_names_and_the_one_before_sees_nothing_from_that_moment(named):
    by_hand(named)
    naming.name_responder(
        named.actor("head"), school=named.school, post="safety", staff=named.staff["helper"]
    )
    assert seen_by(named) == {"helper", "deputy", "head"}
    naming.name_responder(named.actor("head"), school=named.school, post="safety", staff=None)
    assert seen_by(named) == {"deputy", "head"}
    assert queries.line(named.school).responders == ()


def test_naming_the_same_person_again_changes_nothing(named):
    rows = Responsibility.objects.count(), Grant.objects.count()
    naming.name_responder(
        named.actor("head"), school=named.school, post="safety", staff=named.staff["counsellor"]
    )
    assert rows == (Responsibility.objects.count(), Grant.objects.count())


@pytest.mark.parametrize(
    "role", ["deputy", "coordinator", "counsellor", "system_admin", "helper", "outsider"]
)
def test_nobody_but_the_head_names(named, role):
    with pytest.raises(NotAllowed):
        naming.name_responder(
            named.actor(role), school=named.school, post="safety", staff=named.staff["helper"]
        )


def test_two_people_share_it_and_both_are_of_this_school(named):
    for who, field in (("counsellor", "staff"), ("outsider", "staff")):
        with pytest.raises(Refused) as no:
            naming.name_responder(
                named.actor("head"), school=named.school, post="safety_deputy", staff=named.staff[who]
            )
        assert no.value.field == field


def test_a_responder_whose_account_is_closed_is_passed_over(named):
    user = named.users["counsellor"]
    user.is_active = False
    user.save()
    note(named, HIT)
    assert asked(named) == ["deputy"]


def test_what_writers_read_can_be_edited(named):
    assert "12356" in queries.words_for(named.school).lines
    naming.set_words(named.actor("head"), school=named.school, duty="先保证安全", lines="12355 团县委")
    assert queries.words_for(named.school).lines == "12355 团县委"
    with pytest.raises(NotAllowed):
        naming.set_words(named.actor("coordinator"), school=named.school, duty="…", lines="…")
