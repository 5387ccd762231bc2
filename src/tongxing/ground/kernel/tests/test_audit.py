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
