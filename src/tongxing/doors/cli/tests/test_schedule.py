"""Daily jobs come once a day, also after a night switched off; tasks of a killed worker are not lost."""

import datetime
import os
import socket

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tongxing.doors.cli import jobs, schedule, worker
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

EVENING = datetime.datetime(2026, 10, 18, 21, 0, tzinfo=clock.SCHOOL_TIME)


@pytest.fixture(autouse=True)
def tasks_are_stored(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_every_job_gets_its_next_time_and_only_one():
    assert len(schedule.tick(EVENING)) == len(schedule.JOBS)
    assert schedule.tick(EVENING + datetime.timedelta(minutes=1)) == []
    chain = DBTaskResult.objects.get(task_path=jobs.verify_audit_chain.module_path)
    assert chain.run_after == datetime.datetime(2026, 10, 19, 2, 30, tzinfo=clock.SCHOOL_TIME)


def test_a_job_with_many_times_gets_the_nearest():
    schedule.tick(EVENING + datetime.timedelta(minutes=10))
    asking = DBTaskResult.objects.get(task_path=jobs.ask_for_children.module_path)
    assert asking.run_after == datetime.datetime(2026, 10, 18, 21, 30, tzinfo=clock.SCHOOL_TIME)


def test_a_finished_job_is_given_again_for_the_next_day():
    schedule.tick(EVENING)
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert len(schedule.tick(EVENING + datetime.timedelta(hours=6))) == len(schedule.JOBS)


@pytest.mark.parametrize(("hour", "day"), [(1, 19), (2, 20), (23, 20)])
def test_the_next_time_is_at_school_and_in_the_future(hour, day):
    moment = datetime.datetime(2026, 10, 19, hour, 30, tzinfo=clock.SCHOOL_TIME)
    expected = datetime.datetime(2026, 10, day, 2, 30, tzinfo=clock.SCHOOL_TIME)
    assert schedule.next_time(datetime.time(2, 30), moment.astimezone(datetime.UTC)) == expected


def running(worker_id: str, *, attempts: int = 1, minutes: int = 1) -> DBTaskResult:
    task = jobs.clear_leftovers.enqueue().db_result
    task.status, task.worker_ids = "RUNNING", [worker_id] * attempts
    task.started_at = timezone.now() - datetime.timedelta(minutes=minutes)
    task.save()
    return task


HERE = socket.gethostname()[:32]
GONE = f"{HERE}:{2**22 + 1}:ab"


def test_a_task_whose_worker_was_killed_runs_again():
    task = running(GONE)
    assert worker.rescue() == 1
    task.refresh_from_db()
    assert task.status == "READY"


def test_a_task_whose_worker_lives_is_left_alone():
    running(f"{HERE}:{os.getpid()}:ab")
    running("another-machine:1:ab")
    assert worker.rescue() == 0


def test_a_task_that_runs_for_hours_has_lost_its_worker_wherever_it_was():
    running("another-machine:1:ab", minutes=61)
    assert worker.rescue() == 1


def test_a_task_that_kills_its_workers_is_given_up():
    task = running(GONE, attempts=worker.MOST_ATTEMPTS)
    worker.rescue()
    task.refresh_from_db()
    assert task.status == "FAILED"


def test_the_nightly_walk_finds_a_changed_audit_entry():
    audit.record(SYSTEM, "test.write", school_id=None)
    assert jobs.verify_audit_chain.call() == {"entries": 1}
    AuditEntry.objects.update(action="test.other")
    with pytest.raises(jobs.ChainBroken):
        jobs.verify_audit_chain.call()


def test_old_finished_tasks_go_and_recent_ones_stay():
    old, recent = running(GONE), running(GONE)
    old.finished_at = timezone.now() - datetime.timedelta(days=15)
    recent.finished_at = timezone.now()
    for task in (old, recent):
        task.status = "FAILED"
        task.save()
    assert jobs.clear_leftovers.call()["tasks"] == 1
    assert list(DBTaskResult.objects.all()) == [recent]
