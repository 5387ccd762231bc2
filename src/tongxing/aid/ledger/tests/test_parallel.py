"""Many who pay from one budget at the same moment: it is never overspent, and no number is missing."""

import datetime
import threading
import time

import pytest
from django.db import DatabaseError, OperationalError, connection, connections
from django.utils import translation

from tongxing.ground.kernel.errors import Refused

from ..actions.books import set_budget
from ..actions.entries import check
from ..auditor import complaints
from ..models import Budget, Posting
from .books import books, client_id

#: (threads, payments of each). The long test asks as many as a county may have at its worst moment.
CROWD = {"sqlite": (8, 10), "postgresql": (8, 10)}
HARD = {"sqlite": (8, 500), "postgresql": (64, 200)}

TRIES = 20
#: Seconds. SQLite does not queue whoever waits: they look again after a tenth of a second, and one who began again
#: before that would always be the first.
PAUSE = 0.12


def one_payment(told) -> None:
    """Written and checked, or refused by the budget; whoever finds SQLite busy for 20 seconds tries again."""
    day, sent = datetime.date(2026, 11, 3), client_id()
    for _ in range(TRIES):
        try:
            check(told.checker, entry=told.pays(100, day=day, client_id=sent))
        except Refused as refusal:
            assert "left" in refusal.message, refusal.message
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            continue
        return
    raise AssertionError("never got its turn")


def crowd(told, threads: int, each: int) -> list[str]:
    """All try at once; what went wrong otherwise than by a refusal."""
    trouble: list[str] = []
    start = threading.Barrier(threads)

    def pay() -> None:
        try:
            start.wait()
            with translation.override("en"):
                for _ in range(each):
                    one_payment(told)
                    time.sleep(PAUSE)
        except (AssertionError, DatabaseError) as error:
            trouble.append(repr(error))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=pay) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return trouble


def overspends(cast, threads: int, each: int) -> None:
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    told.received(100 * threads * each)
    allowed = threads * each // 2
    budget = set_budget(
        told.checker, fund=told.fund, purpose=told.purposes["生活补助"], starts_on=datetime.date(2026, 9, 1),
        ends_on=datetime.date(2027, 1, 31), amount=100 * allowed, client_id=client_id(),
    )  # fmt: skip
    assert crowd(told, threads, each) == []
    assert Budget.objects.get(pk=budget.pk).spent == 100 * allowed
    assert Posting.objects.count() == allowed + 1
    assert complaints() == []


def test_parallel_payments_never_overspend_a_budget(transactional_db, cast):
    overspends(cast, *CROWD[connection.vendor])


@pytest.mark.long
def test_a_whole_county_that_pays_at_once_never_overspends_a_budget(transactional_db, cast):
    overspends(cast, *HARD[connection.vendor])
