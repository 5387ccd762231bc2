"""The jobs and their times of day. Nothing is stored but the tasks themselves.

At each tick every job that has no task waiting or running gets one for its next time. So a machine that was off
at night does the job when it is switched on, and two schedules do no harm beyond a job done twice.
"""

import argparse
import datetime
import logging
import signal
import threading
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections, transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from tongxing.ground.kernel import clock

from . import jobs
from .worker import rescue

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TICKS = 30


class Job(NamedTuple):
    task: Task
    at: tuple[datetime.time, ...]  # the school's times of day


EVERY_HALF_HOUR = tuple(datetime.time(hour, minute) for hour in range(24) for minute in (0, 30))
JOBS = (
    Job(jobs.verify_audit_chain, (datetime.time(2, 30),)),
    Job(jobs.clear_leftovers, (datetime.time(3, 0),)),
    Job(jobs.remind, (datetime.time(6, 45),)),
    Job(jobs.remind_of_requests, (datetime.time(6, 50),)),
    Job(jobs.ask_for_children, EVERY_HALF_HOUR),
    Job(jobs.watch_attendance, EVERY_HALF_HOUR),
    Job(jobs.settle_what_ended, EVERY_HALF_HOUR),
)


def next_time(at: datetime.time, moment: datetime.datetime) -> datetime.datetime:
    """The next moment after `moment` with this time of day at school."""
    local = moment.astimezone(clock.SCHOOL_TIME)
    today = datetime.datetime.combine(local.date(), at, clock.SCHOOL_TIME)
    return today if today > moment else today + datetime.timedelta(days=1)


@transaction.atomic
def tick(moment: datetime.datetime) -> list[str]:
    """Give every job without a pending task its next one; returns the paths of those given."""
    pending = set(
        DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).values_list("task_path", flat=True)
    )
    due = [job for job in JOBS if job.task.module_path not in pending]
    for job in due:
        job.task.using(run_after=min(next_time(at, moment) for at in job.at)).enqueue()
    return [job.task.module_path for job in due]


def run(_options: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        close_old_connections()
        try:
            rescue()
            tick(clock.now())
        except DatabaseError:
            logger.exception("the schedule could not reach the database; it tries again")
        stop.wait(SECONDS_BETWEEN_TICKS)
    return 0
