"""Background work: tasks written in the database by a request's transaction, done here one after the other.

A worker that is killed leaves its task marked as running. `rescue` finds those and puts them back, so every task
must be safe to run twice.
"""

import argparse
import logging
import os
import secrets
import socket
from datetime import timedelta

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tongxing.ground.kernel import clock

logger = logging.getLogger(__name__)

#: A running task this old has lost its worker, wherever that was.
LONGEST_TASK = timedelta(hours=1)
#: A task that lost its worker this often is given up: it may be what kills them.
MOST_ATTEMPTS = 3


class WorkerLost(Exception):
    """The worker ended without finishing the task."""


def run(_options: argparse.Namespace) -> int:
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    rescue()
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}",
    )
    worker.configure_signals()
    worker.run()
    return 0


def rescue() -> int:
    """Put back the running tasks whose worker is gone; give up those that lost several. Returns how many."""
    lost = [task for task in DBTaskResult.objects.running() if _is_lost(task)]
    for task in lost:
        if len(task.worker_ids) < MOST_ATTEMPTS:
            again = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
            again.update(status="READY", started_at=None)
            logger.warning("task %s (%s) lost its worker and will run again", task.pk, task.task_path)
        else:
            task.set_failed(WorkerLost(f"{len(task.worker_ids)} workers ended during this task"))
            logger.error("task %s (%s) was given up", task.pk, task.task_path)
    return len(lost)


def _is_lost(task: DBTaskResult) -> bool:
    if task.started_at is None or task.started_at < clock.now() - LONGEST_TASK:
        return True
    host, process, _token = (task.worker_ids[-1] if task.worker_ids else "::").rsplit(":", 2)
    return host == socket.gethostname()[:32] and not _is_alive(int(process or 0))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
