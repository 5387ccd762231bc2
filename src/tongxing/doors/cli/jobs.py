"""The daily jobs, as tasks: each may run twice without harm and returns what it did as numbers."""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from tongxing.ground.accounts.actions import clear_old_failures
from tongxing.ground.kernel import audit, clock
from tongxing.ground.outbox.actions import forget_old
from tongxing.paper.exchange.actions import KEPT, forget_content

logger = logging.getLogger(__name__)

#: Finished tasks are kept this long, so that a failure of the weekend is still there on Monday.
FINISHED_KEPT = timedelta(days=14)


class ChainBroken(Exception):
    """The audit chain does not fit its entries: somebody changed the database by hand."""


@task()
def verify_audit_chain() -> dict[str, int]:
    """Walk the audit chain; a broken one makes this task fail and stands in the log."""
    verdict = audit.verify()
    if not verdict.intact:
        logger.critical("the audit chain is broken at entry %s; run `tongxing check`", verdict.broken_at)
        raise ChainBroken(f"broken at entry {verdict.broken_at}")
    return {"entries": verdict.entries}


@task()
def clear_leftovers() -> dict[str, int]:
    """Forget expired sessions, old failed sign-ins, old messages, uploads that were never taken over and finished tasks."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    finished = DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - FINISHED_KEPT)
    return {
        "failures": clear_old_failures(),
        "uploads": forget_content(older_than=KEPT),
        "messages": forget_old(),
        "tasks": finished.delete()[0],
    }
