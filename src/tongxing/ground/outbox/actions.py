"""Sending and reading messages; where one wants them."""

import datetime
import hashlib
import secrets
from collections.abc import Collection, Sequence

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused

from . import mail
from .models import Feed, MailAddress, Message

#: Read messages are forgotten after this long.
KEPT = datetime.timedelta(days=180)
CONFIRM_WITHIN = datetime.timedelta(days=3)
_SALT = "outbox.confirm-mail"


@transaction.atomic
def send(
    *,
    to: User,
    school: Organisation,
    code: str,
    subject: str | Promise,
    link: tuple[str, Sequence[int | str]],
    key: str,
    urgent: bool = False,
) -> Message:
    """Write a message in the caller's transaction; the action that sends it leaves the audit row.

    `subject` is a lazy sentence without any student's name: it is put into the reader's language. The same `key`
    again is the message that is already there.
    """
    with translation.override(to.language or settings.LANGUAGE_CODE):
        words = str(subject)
    message, created = Message.objects.get_or_create(
        to=to,
        key=key,
        defaults={
            "school": school,
            "code": code,
            "subject": words,
            "link_name": link[0],
            "link_args": list(link[1]),
            "urgent": urgent,
            "created_at": clock.now(),
        },
    )
    if created:
        mail.put_in_post(message)
    return message


def mark_read(actor: Actor, message: Message) -> None:
    """One's own message, opened."""
    if message.to_id != actor.user_id:
        raise NotAllowed("message")
    Message.objects.unread().filter(pk=message.pk).update(read_at=clock.now())


def mark_all_read(actor: Actor) -> int:
    return Message.objects.visible_to(actor).unread().update(read_at=clock.now())


def forget_old() -> int:
    """Forget what was read long ago."""
    return Message.objects.filter(read_at__lt=clock.now() - KEPT).delete()[0]


@transaction.atomic
def set_mail(
    actor: Actor, *, address: str, quiet_from: datetime.time, quiet_until: datetime.time
) -> MailAddress:
    """Where one wants mail; a new address has to be confirmed from its own mailbox before it gets any."""
    user = _person(actor)
    if not settings.MAIL:
        raise Refused(_("This installation sends no e-mail. Messages stay on the page."))
    found = MailAddress.objects.select_for_update().filter(user=user).first() or MailAddress(user=user)
    if found.address != address:
        found.address, found.confirmed_at = address, None
    found.quiet_from, found.quiet_until = quiet_from, quiet_until
    found.save()
    audit.record(actor, "message.mail", school_id=None, subject=("user", user.pk))
    if found.confirmed_at is None:
        mail.ask_to_confirm(user, address, signing.dumps([user.pk, address], salt=_SALT))
    return found


@transaction.atomic
def confirm_mail(actor: Actor, token: str) -> MailAddress:
    """The link in the confirming mail was opened by the person who asked for it."""
    user = _person(actor)
    try:
        owner, address = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        owner, address = None, ""
    found = MailAddress.objects.select_for_update().filter(user=user, address=address).first()
    if owner != user.pk or found is None:
        raise Refused(_("This link no longer fits. Please enter the address once more."))
    found.confirmed_at = found.confirmed_at or clock.now()
    found.save(update_fields=["confirmed_at"])
    audit.record(actor, "message.mail-confirmed", school_id=None, subject=("user", user.pk))
    return found


@transaction.atomic
def stop_mail(actor: Actor) -> None:
    """No more mail; the address is forgotten."""
    user = _person(actor)
    if MailAddress.objects.filter(user=user).delete()[0]:
        audit.record(actor, "message.mail-stopped", school_id=None, subject=("user", user.pk))


@transaction.atomic
def open_feed(actor: Actor) -> str:
    """A new secret for one's calendar feed, told once; the one before opens nothing any more."""
    user = _person(actor)
    secret = secrets.token_urlsafe(32)
    Feed.objects.update_or_create(
        user=user, defaults={"fingerprint": _fingerprint(secret), "created_at": clock.now()}
    )
    audit.record(actor, "message.feed", school_id=None, subject=("user", user.pk))
    return secret


@transaction.atomic
def close_feed(actor: Actor) -> None:
    """Take the feed's secret back."""
    user = _person(actor)
    if Feed.objects.filter(user=user).delete()[0]:
        audit.record(actor, "message.feed-closed", school_id=None, subject=("user", user.pk))


def forget_ways_out(users: Collection[User]) -> None:
    """Somebody else may have had these accounts: what they could have opened outwards is taken back, feeds and
    addresses nobody has confirmed. The action that resets the accounts leaves the audit row."""
    Feed.objects.filter(user__in=users).delete()
    MailAddress.objects.filter(user__in=users, confirmed_at=None).delete()


def feed_owner(secret: str) -> User | None:
    """Whose feed the secret opens: an active colleague's, or nobody's."""
    found = Feed.objects.filter(fingerprint=_fingerprint(secret), user__is_active=True)
    feed = found.select_related("user").first()
    return feed.user if feed else None


def _fingerprint(secret: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _person(actor: Actor) -> User:
    if actor.kind != "person":
        raise NotAllowed("message")
    return User.objects.get(pk=actor.user_id)
