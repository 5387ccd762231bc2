import pytest
from django.db import transaction

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.models import AuditEntry


@pytest.fixture
def chain(db):
    with transaction.atomic():
        for number in range(5):
            audit.record(
                SYSTEM,
                "test.write",
                school_id=1,
                subject=("thing", number),
                purpose="家访",
                detail={"n": number},
            )


def test_an_untouched_chain_verifies(chain):
    assert audit.verify() == audit.Verdict(5)


def test_an_empty_chain_verifies(db):
    assert audit.verify().intact


def _tamper(entries: list[AuditEntry], how: str) -> int:
    """Damage the chain; returns the id at which it must be noticed (0: at the end)."""
    first, second, third = entries[1:4]
    if how == "change":
        AuditEntry.objects.filter(pk=second.pk).update(purpose="别的")
        return second.pk
    if how == "delete":
        second.delete()
        return third.pk
    if how == "cut":
        entries[-1].delete()
        return 0
    if how == "swap":
        AuditEntry.objects.filter(pk=first.pk).update(detail=second.detail, subject_id=second.subject_id)
        AuditEntry.objects.filter(pk=second.pk).update(detail=first.detail, subject_id=first.subject_id)
        return first.pk
    AuditEntry.objects.filter(pk=entries[-1].pk).update(mac="0" * 64)
    return entries[-1].pk


@pytest.mark.parametrize("how", ["change", "delete", "cut", "swap", "forge"])
def test_every_kind_of_tampering_is_found_where_it_happened(chain, how):
    expected = _tamper(list(AuditEntry.objects.order_by("pk")), how)
    assert audit.verify().broken_at == expected


def test_an_entry_outside_its_actions_transaction_is_refused(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(SYSTEM, "test.write", school_id=1)


def written(number: int) -> None:
    audit.record(SYSTEM, "test.write", school_id=1, subject=("thing", number))


def test_entries_of_a_story_are_written_together_and_stand_in_the_same_chain(chain):
    with audit.gathering():
        for number in range(3):
            written(number)
        assert AuditEntry.objects.count() == 5 and audit.position()[0] == 8
    with transaction.atomic():
        written(9)
    assert audit.verify() == audit.Verdict(9)
    assert [entry.subject_id for entry in AuditEntry.objects.order_by("pk")][5:] == [0, 1, 2, 9]


def test_a_story_that_breaks_off_leaves_no_entry(chain):
    with pytest.raises(ZeroDivisionError), audit.gathering():
        written(1)
        raise ZeroDivisionError
    with transaction.atomic():
        written(2)
    assert audit.verify() == audit.Verdict(6)
