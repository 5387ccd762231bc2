"""A family's circumstances by hand: each kind with its own right, its source and its days."""

import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.circumstances import (
    categories_for,
    end_circumstance,
    look_again,
    note_circumstance,
    set_end,
)
from tongxing.ground.people.models import Circumstance

TODAY = datetime.date(2026, 11, 25)
SINCE = datetime.date(2026, 9, 1)


def note(cast, by="helper", category="migrant", source="家访", since=SINCE, **more):
    return note_circumstance(
        cast.actor(by),
        student=cast.students.plain if by == "other_class_teacher" else cast.students.key,
        category=category,
        source=source,
        since=since,
        **more,
    )


def today(cast, by="head"):
    rows = Circumstance.objects.visible_to(cast.actor(by)).valid_on(TODAY)
    return set(rows.filter(student=cast.students.key).values_list("category", flat=True))


@pytest.mark.parametrize("by", ["helper", "class_teacher", "coordinator", "deputy", "head"])
def test_who_knows_the_family_notes_its_situation_with_the_source(cast, by):
    noted = note(cast, by)
    assert (noted.source, noted.checked_on) == ("家访", TODAY)
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "circumstance.note" and "migrant" not in str(entry.detail)


@pytest.mark.parametrize("by", ["helper", "class_teacher"])
def test_hardship_is_noted_only_by_those_who_see_it(cast, by):
    with pytest.raises(NotAllowed):
        note(cast, by, category="minimum_living")
    assert "minimum_living" not in dict(categories_for(cast.actor(by), cast.students.key))
    note(cast, "coordinator", category="minimum_living", source="民政局")
    assert "minimum_living" in today(cast) and "minimum_living" not in today(cast, by)


@pytest.mark.parametrize("by", ["other_teacher", "counsellor", "system_admin", "outsider"])
def test_others_note_nothing(cast, by):
    with pytest.raises(NotAllowed):
        note(cast, by)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": "  "}, "source"),
        ({"since": TODAY + datetime.timedelta(days=1)}, "since"),
        ({"valid_until": SINCE - datetime.timedelta(days=1)}, "valid_until"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(cast, facts, field):
    before = Circumstance.objects.count()
    with pytest.raises(Refused) as refusal:
        note(cast, **facts)
    assert (refusal.value.field, Circumstance.objects.count()) == (field, before)


def test_one_circumstance_stands_once_and_the_same_form_again_changes_nothing(cast):
    first = note(cast)
    assert note(cast) == first
    with pytest.raises(Refused) as refusal:
        note(cast, source="班会")
    assert refusal.value.field == "category"


def test_what_still_holds_is_looked_at_and_what_no_longer_holds_keeps_its_days(cast):
    noted = note(cast)
    Circumstance.objects.filter(pk=noted.pk).update(checked_on=SINCE)
    look_again(cast.actor("class_teacher"), circumstance=noted)
    end_circumstance(cast.actor("class_teacher"), circumstance=noted)
    noted.refresh_from_db()
    assert (noted.checked_on, noted.valid_until) == (TODAY, TODAY - datetime.timedelta(days=1))
    assert "migrant" not in today(cast)
    set_end(cast.actor("class_teacher"), circumstance=noted, valid_until=None)
    assert "migrant" in today(cast)
    with pytest.raises(NotAllowed):
        end_circumstance(cast.actor("other_class_teacher"), circumstance=noted)


def test_what_held_once_may_be_noted_anew(cast):
    end_circumstance(cast.actor("helper"), circumstance=note(cast))
    assert note(cast, since=TODAY).valid_until is None
