"""What a child likes and can do: sealed, noted by those near the child, ended with a way back."""

from uuid import UUID, uuid4

import pytest

from tongxing.care.profiles.actions import LONGEST, end_trait, note_trait
from tongxing.care.profiles.models import Trait
from tongxing.care.profiles.queries import traits_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry


def note(cast, by="helper", words="剪纸", kind="talent", client_id=None):
    return note_trait(
        cast.actor(by),
        student=cast.students.key,
        kind=kind,
        words=words,
        client_id=client_id or uuid4(),
    )


def known(cast, by="class_teacher"):
    found = traits_of(cast.actor(by), cast.students.key)
    return {label: [one.words for one in of_kind] for label, of_kind in found.items()}


def test_what_several_people_note_stands_together_by_kind_and_its_words_are_sealed(cast):
    note(cast, "helper", "剪纸")
    note(cast, "counsellor", "  花生\n过敏 ", kind="health")
    trait = note(cast, "class_teacher", "讲题清楚")
    assert known(cast) == {"擅长": ["剪纸", "讲题清楚"], "在校要留意的健康情况": ["花生 过敏"]}
    assert "讲题清楚".encode() not in bytes(trait.words_sealed)
    assert "讲题" not in str(AuditEntry.objects.latest("pk").detail)


@pytest.mark.parametrize("by", ["other_teacher", "other_class_teacher", "system_admin", "outsider"])
def test_who_is_not_near_the_child_neither_notes_nor_reads(cast, by):
    note(cast)
    with pytest.raises(NotAllowed):
        note(cast, by)
    assert known(cast, by) == {}


@pytest.mark.parametrize(
    ("words", "kind"), [("", "talent"), ("字" * (LONGEST + 1), "talent"), ("剪纸", "rank")]
)
def test_empty_endless_and_unknown_are_refused(cast, words, kind):
    with pytest.raises(Refused):
        note(cast, words=words, kind=kind)
    assert not Trait.objects.exists()


def test_a_second_tap_notes_once(cast):
    assert note(cast, client_id=UUID(int=3)) == note(cast, client_id=UUID(int=3))
    assert Trait.objects.count() == 1


def test_what_no_longer_holds_is_taken_off_and_can_be_put_back(cast):
    trait = note(cast)
    end_trait(cast.actor("class_teacher"), trait=trait)
    end_trait(cast.actor("class_teacher"), trait=trait)
    assert known(cast) == {}
    end_trait(cast.actor("helper"), trait=trait, holds=True)
    assert known(cast) == {"擅长": ["剪纸"]}
    with pytest.raises(NotAllowed):
        end_trait(cast.actor("other_class_teacher"), trait=trait)


def test_words_of_danger_call_for_somebody_today(cast):
    note(cast, words="说过不想活了", kind="health")
    assert RiskFlag.objects.filter(student=cast.students.key).exists()
