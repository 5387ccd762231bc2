"""The daily jobs, as tasks: each may run twice without harm and returns what it did as numbers."""

import calendar
import datetime
import logging
from importlib import import_module

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from tongxing.care.activities.actions import give_up_places
from tongxing.care.activities.photos import take_down_without_consent
from tongxing.care.attendance_watch.watch import watch
from tongxing.care.contacts.drafts import forget_drafts
from tongxing.care.programme.reminders import Reminder, reminders_of
from tongxing.care.requests.danger import ask_next_in_line as ask_for_unnamed
from tongxing.care.requests.leavers import see_to_leavers
from tongxing.care.requests.reminding import remind as remind_of_waiting
from tongxing.care.safety.actions import ask_next_in_line
from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.actions import clear_old_failures
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.outbox.actions import forget_old, send
from tongxing.ground.outbox.models import MailAddress
from tongxing.paper.exchange.actions import KEPT, forget_content
from tongxing.paper.exchange.transfer_in import forget_waiting
from tongxing.paper.exchange.undo import forget_traces

logger = logging.getLogger(__name__)

#: Finished tasks are kept this long, so that a failure of the weekend is still there on Monday.
FINISHED_KEPT = datetime.timedelta(days=14)


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
def remind() -> dict[str, int]:
    """A morning message to those who asked for mail: on Mondays who waits this week, on any day whom to meet."""
    today, sent = clock.today(), 0
    for known in MailAddress.objects.filter(confirmed_at__isnull=False).select_related("user"):
        waiting = reminders_of(actor_for(known.user), clock.now())
        with translation.override(known.user.language or settings.LANGUAGE_CODE):
            sent += _send_reminder(known.user, waiting, today)
    return {"sent": sent}


def _send_reminder(user: User, waiting: list[Reminder], today: datetime.date) -> int:
    agreed = {one.student.pk for one in waiting if one.agreed and one.on == today}
    number = len(agreed or {one.student.pk for one in waiting if not one.agreed})
    if not number or not (agreed or today.weekday() == calendar.MONDAY):
        return 0
    if agreed:
        words = ngettext(
            "You agreed to meet %(n)s student today", "You agreed to meet %(n)s students today", number
        )
    else:
        words = ngettext(
            "%(n)s student waits for you this week", "%(n)s students wait for you this week", number
        )
    send(
        to=user,
        school=waiting[0].student.school,
        code="week",
        subject=words % {"n": number},
        link=("reminders", []),
        key=f"week:{today}",
    )
    return 1


@task()
def ask_for_children() -> dict[str, int]:
    """Safety matters that nobody took on in time go to the next in line; who was asked before is asked again each day."""
    return ask_next_in_line(clock.now()) | {"unnamed": ask_for_unnamed(clock.now())}


@task()
def remind_of_requests() -> dict[str, int]:
    """In the morning: who asked for help and hopes for a word today, which letter box is to be opened."""
    return remind_of_waiting()


@task()
def settle_what_ended() -> dict[str, int]:
    """What follows from an end noted elsewhere, however it was noted: places of children who left, requests that
    stand with colleagues who left, photos without a consent."""
    places = [
        give_up_places(SYSTEM, school_id=pk)
        for pk in Organisation.objects.filter(kind=Organisation.Kind.SCHOOL).values_list("pk", flat=True)
    ]
    return {"places": sum(places), "requests": see_to_leavers(), "photos": take_down_without_consent()}


@task()
def watch_attendance() -> dict[str, int]:
    """Whoever nobody knows of goes to coordinator and head in time; who may be staying away is noticed."""
    return watch(clock.now())


@task()
def clear_leftovers() -> dict[str, int]:
    """Forget expired sessions, old failed sign-ins, old messages, uploads that were never taken over and finished tasks."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    finished = DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - FINISHED_KEPT)
    return {
        "failures": clear_old_failures(),
        "drafts": forget_drafts(),
        "uploads": forget_content(older_than=KEPT),
        "traces": forget_traces(),
        "transfers": forget_waiting(),
        "messages": forget_old(),
        "tasks": finished.delete()[0],
    }
