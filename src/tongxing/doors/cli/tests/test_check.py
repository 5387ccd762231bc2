"""`tongxing check` says in words what is sound and what is not."""

import secrets

import pytest

from tongxing.aid.ledger.models import Account
from tongxing.aid.ledger.tests.books import books
from tongxing.doors.cli import check
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import new_key
from tongxing.ground.kernel.models import AuditEntry, SubjectKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def used(db):
    """An installation in which something happened."""
    for _count in range(3):
        audit.record(SYSTEM, "test.write", school_id=None)
    new_key().save()


def test_a_sound_installation_is_called_sound(used, capsys):
    assert check.run(None) == 0
    assert capsys.readouterr().out.count("✓") == 4


def test_an_empty_installation_is_sound(db):
    assert check.run(None) == 0


def test_a_changed_entry_is_named(used, capsys):
    second = AuditEntry.objects.order_by("pk")[1]
    AuditEntry.objects.filter(pk=second.pk).update(purpose="another purpose")
    assert check.run(None) == 1
    assert str(second.pk) in capsys.readouterr().out


def test_a_chain_cut_off_at_its_end_is_noticed(used):
    AuditEntry.objects.order_by("-pk").first().delete()
    assert [finding.ok for finding in check.findings()] == [True, False, True, True]


def test_a_key_of_another_installation_is_noticed(used):
    SubjectKey.objects.create(wrapped=secrets.token_bytes(60))
    assert [finding.ok for finding in check.findings()] == [True, True, False, True]


def test_a_destroyed_key_is_no_damage(used):
    SubjectKey.objects.create(wrapped=None)
    assert check.run(None) == 0


def test_an_amount_that_somebody_changed_by_hand_is_named(cast, used, capsys):
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    told.received(500)
    assert check.run(None) == 0
    Account.objects.filter(code="1002").update(balance=501)
    assert check.run(None) == 1
    assert "✗" in capsys.readouterr().out
