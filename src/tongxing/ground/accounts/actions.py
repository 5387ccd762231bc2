"""Sign-in with a lock-out that stops guessing and never locks out a whole school; starting with a one-time code.

Rule: five failures of one account from one address within 15 minutes lock that pair;
thirty failures of one account from anywhere lock the account for those 15 minutes, two hundred in a day for the day:
a family's PIN may have six digits only.
A shared address is never locked for other accounts.
A start code is looked for among 20^10: forty wrong ones from one address within 15 minutes end the trying from there.
"""

import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import Refused

from . import start_codes
from .models import FailedSignIn, StartCode, User

WINDOW = datetime.timedelta(minutes=15)
DAY = datetime.timedelta(days=1)
PER_ADDRESS = 5
PER_ACCOUNT = 30
PER_DAY = 200
WRONG_CODES = 40


def sign_in(login: str, password: str, *, address: str) -> User:
    """The user whose login and password fit, or Refused with a sentence that does not say which was wrong."""
    account, place = blind_index(login.strip().casefold(), "login"), blind_index(address, "address")
    _check_lock(account, place)
    user = authenticate(username=login.strip(), password=password)
    if not isinstance(user, User):
        FailedSignIn.objects.create(login=account, address=place, at=clock.now())
        raise Refused(_("The name or the password is not right. Please try again."))
    with transaction.atomic():
        FailedSignIn.objects.filter(login=account, address=place).delete()
        audit.record(Actor("person", user.pk), "account.sign-in", school_id=None, subject=("user", user.pk))
    return user


def _check_lock(account: str, place: str) -> None:
    recent = FailedSignIn.objects.filter(login=account, at__gt=clock.now() - WINDOW)
    if recent.filter(address=place).count() >= PER_ADDRESS or recent.count() >= PER_ACCOUNT:
        raise Refused(
            _("Too many tries. Please wait a quarter of an hour, or ask the coordinator for a new slip.")
        )
    if FailedSignIn.objects.filter(login=account, at__gt=clock.now() - DAY).count() >= PER_DAY:
        raise Refused(
            _("Too many tries today. Please come again tomorrow, or ask the school for a new slip.")
        )


def clear_old_failures() -> int:
    """Forget failures older than a day."""
    return FailedSignIn.objects.filter(at__lt=clock.now() - datetime.timedelta(days=1)).delete()[0]


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Set one's own password; other sessions end, since they carry the old password's fingerprint."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(Actor("person", user.pk), "account.password", school_id=None, subject=("user", user.pk))


def check_tries(kind: str, *, address: str, field: str) -> None:
    """Refused once too many codes of this kind from one address were wrong."""
    wrong = FailedSignIn.objects.filter(**_place(kind, address), at__gt=clock.now() - WINDOW)
    if wrong.count() >= WRONG_CODES:
        raise Refused(_("Too many wrong codes from here. Please wait a quarter of an hour."), field=field)


def note_wrong_try(kind: str, *, address: str) -> None:
    FailedSignIn.objects.create(**_place(kind, address), at=clock.now())


def _place(kind: str, address: str) -> dict[str, str]:
    return {"login": blind_index(kind, "start-code"), "address": blind_index(address, "address")}


def find_start_code(text: str, *, address: str) -> StartCode:
    """The code that was typed, if it can still be used; otherwise Refused with what to do."""
    check_tries("start code", address=address, field="code")
    known = StartCode.objects.select_related("user", "school")
    code = known.filter(fingerprint=start_codes.fingerprint(text)).first()
    if code is None:
        note_wrong_try("start code", address=address)
        raise Refused(
            _("This code is not right. Please compare it with your slip, sign by sign."), field="code"
        )
    check_start_code(code)
    return code


def check_start_code(code: StartCode) -> None:
    """Refused unless the code can still be used."""
    if code.used:
        raise Refused(
            _("This code has been used. If that was not you, please tell the coordinator today."),
            field="code",
        )
    if code.ended_at:
        raise Refused(_("There is a newer slip for you; this one no longer works."), field="code")
    if code.expires_at <= clock.now():
        raise Refused(
            _("This slip has run out. Please ask the coordinator for a new one; it takes a minute."),
            field="code",
        )
    if not code.user.is_active:
        raise Refused(_("This account is closed. Please ask the coordinator."), field="code")


@transaction.atomic
def start(code: StartCode, *, password: str, login: str = "") -> User:
    """Choose a password, and the first time a login too; the code is used up. An empty login keeps the present one."""
    code = StartCode.objects.select_for_update(of=("self",)).select_related("user").get(pk=code.pk)
    check_start_code(code)
    user = code.user
    if user.last_login is None and login.strip():
        user.login = _free_login(user, login)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="new") from error
    user.set_password(password)
    user.save(update_fields=["login", "password"])
    code.used, code.ended_at = True, clock.now()
    code.save(update_fields=["used", "ended_at"])
    audit.record(
        Actor("person", user.pk), "account.start", school_id=code.school_id, subject=("user", user.pk)
    )
    return user


def _free_login(user: User, wanted: str) -> str:
    login = wanted.strip().lower()
    if any(sign.isspace() for sign in login):
        raise Refused(_("A sign-in name has no blanks."), field="login")
    if User.objects.filter(login=login).exclude(pk=user.pk).exists():
        raise Refused(_("This sign-in name is taken."), field="login")
    return login
