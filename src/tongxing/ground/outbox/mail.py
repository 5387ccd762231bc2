"""Messages by e-mail, where the installation knows a mail server: one task per message, safe to run twice.

Mail waits for the end of its reader's quiet hours unless it is urgent. A server that cannot be reached is tried again,
later each time; after the last try the message says so on the page. It is never lost: the page always shows it.
"""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock

from .models import MailAddress, Message

logger = logging.getLogger(__name__)

#: Minutes to wait after each failed try; after the last one the mail is given up.
WAITS = (1, 5, 30, 120, 600)


def put_in_post(message: Message) -> None:
    """Where mail is set up and the reader's address is confirmed: a task for the moment it may disturb."""
    reader = _reader(message) if settings.MAIL else None
    if reader is None:
        return
    moment = clock.now() if message.urgent else reader.next_allowed(clock.now())
    Message.objects.filter(pk=message.pk).update(mail=Message.Mail.WAITING)
    deliver.using(run_after=moment).enqueue(message.pk)


@task()
def deliver(message_id: int) -> str:
    """Send one message unless it was sent, read, or its reader no longer wants mail; returns what came of it."""
    message = Message.objects.filter(pk=message_id, mail=Message.Mail.WAITING).select_related("to").first()
    if message is None:
        return "nothing to do"
    reader = _reader(message)
    if reader is None or message.read_at or not message.to.is_active:
        return _settle(message, Message.Mail.NONE)
    try:
        _letter(message, reader.address).send()
    except OSError as failure:  # every failure of smtplib and of the network is one
        return _try_later(message, failure)
    return _settle(message, Message.Mail.SENT)


def ask_to_confirm(user: User, address: str, token: str) -> None:
    """Ask at the address itself whether it belongs to this person; written when the transaction is through."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = _("Tongxing: is this your address?")
        words = _(
            "Somebody asked Tongxing to send messages here. If it was you, please open this link within three days:"
        )
        text = f"{words}\n\n{settings.ADDRESS}{reverse('mail-confirm', args=[token])}\n"
    confirm.enqueue(subject, text, address)


@task()
def confirm(subject: str, text: str, address: str) -> str:
    EmailMessage(subject, text, to=[address]).send()
    return "sent"


def _reader(message: Message) -> MailAddress | None:
    return MailAddress.objects.filter(user_id=message.to_id, confirmed_at__isnull=False).first()


def _letter(message: Message, address: str) -> EmailMessage:
    with translation.override(message.to.language or settings.LANGUAGE_CODE):
        stop = _("No more mail, or at other times:")
        here = settings.ADDRESS
        text = f"{message.subject}\n{here}{reverse('message', args=[message.pk])}\n\n{stop} {here}{reverse('reminders-settings')}\n"
    return EmailMessage(
        message.subject,
        text,
        to=[address],
        headers={"Message-ID": f"<message.{message.pk}@tongxing>", "Auto-Submitted": "auto-generated"},
    )


def _settle(message: Message, mail: str) -> str:
    Message.objects.filter(pk=message.pk).update(mail=mail)
    return mail or "not wanted"


@transaction.atomic
def _try_later(message: Message, failure: OSError) -> str:
    logger.warning("mail for message %s was not taken: %s", message.pk, type(failure).__name__)
    tries = message.mail_tries + 1
    Message.objects.filter(pk=message.pk).update(mail_tries=tries)
    if tries > len(WAITS):
        return _settle(message, Message.Mail.GIVEN_UP)
    again = clock.now() + datetime.timedelta(minutes=WAITS[tries - 1])
    deliver.using(run_after=again).enqueue(message.pk)
    return "later"
