"""The cast that is put back for each test is the cast that was told."""

import pytest
from django.db import transaction

from tests.cast import tell
from tests.kept import keep, rows
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.models import Student


def counts():
    return {table: len(found) for table, found in rows().items()}


def test_the_kept_cast_has_as_many_rows_in_every_table_as_the_told_one(db, at_school, kept_cast):
    empty, told_and_kept = counts(), []
    for begin in (tell, kept_cast.again):
        with transaction.atomic():
            begin()
            told_and_kept.append(counts())
            transaction.set_rollback(True)
    told, kept = told_and_kept
    assert told == kept != empty


def test_what_is_kept_is_in_the_database_and_can_be_unsealed(cast):
    for student in vars(cast.students).values():
        assert Student.objects.get(pk=student.pk).name == student.name
    key = Student.objects.get(pk=cast.students.key.pk)
    assert unseal(key.key, key.phone_sealed, SEALED["phone"]) == "13812345678"


def test_a_new_row_takes_no_kept_ones_place(cast):
    known = set(Student.objects.values_list("pk", flat=True))
    assert cast.add_student("新同学", cast.class_one).pk not in known


def test_every_test_has_objects_of_its_own(cast, kept_cast):
    cast.students.key.name = "别人"
    assert kept_cast.world().students.key.name == "周晓禾"


def test_keeping_a_world_leaves_nothing_behind(db, at_school):
    before = rows()
    keep(tell)
    assert rows() == before


def test_a_world_that_changes_standing_rows_cannot_be_kept(cast):
    def changes():
        cast.school.name = "另一所"
        cast.school.save()

    with pytest.raises(ValueError, match="accounts_organisation"):
        keep(changes)
