"""The very first step of an installation: one school, its calendar and its administrator, by a one-time link.

Invariants:
- the link is signed with the installation's own key and ages; nothing about it is stored;
- it opens nothing once there is an organisation, so it works once.
"""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar_actions import TermDates, open_year_with_holidays

from .actions import grant
from .roles import Role

LINK_LIVES = timedelta(days=3)
_SALT = "tongxing.first-run"


def first_run_token() -> str:
    return signing.dumps("first run", salt=_SALT)


def first_run_is_open(token: str) -> bool:
    """Whether this link may still set up the first school."""
    try:
        signing.loads(token, salt=_SALT, max_age=LINK_LIVES)
    except signing.BadSignature:
        return False
    return not Organisation.objects.exists()


@transaction.atomic
def found_school(
    actor: Actor,
    *,
    name: str,
    stage: str,
    year: str,
    first: TermDates,
    second: TermDates,
    administrator: str,
    login: str,
    password: str,
    short_name: str = "",
) -> User:
    """The first school with its calendar and its administrator; refused as soon as there is an organisation."""
    if Organisation.objects.exists():
        raise Refused(_("A school has already been set up here."))
    if User.objects.filter(login=login.strip().lower()).exists():
        raise Refused(_("This sign-in name is taken."), field="login")
    try:
        validate_password(password, User(login=login, name=administrator))
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    school = Organisation.objects.create(
        kind=Organisation.Kind.SCHOOL, name=name.strip(), short_name=short_name.strip(), stage=stage
    )
    open_year_with_holidays(actor, school=school, year=year, first=first, second=second)
    user = User.objects.create_user(login, administrator, password)
    grant(actor, school=school, user=user, role=Role.SYSTEM_ADMIN)
    audit.record(actor, "school.found", school_id=school.pk, subject=("organisation", school.pk))
    return user
