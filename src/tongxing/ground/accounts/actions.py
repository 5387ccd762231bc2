"""Sign-in with a lock-out that stops guessing and never locks out a whole school.

Rule: five failures of one account from one address within 15 minutes lock that pair;
thirty failures of one account from anywhere lock the account for those 15 minutes.
A shared address is never locked for other accounts.
"""

import datetime

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import Refused

from .models import FailedSignIn, User

WINDOW = datetime.timedelta(minutes=15)
PER_ADDRESS = 5
PER_ACCOUNT = 30


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
            _("Too many tries. Please wait a quarter of an hour, or ask the coordinator for a new password.")
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
