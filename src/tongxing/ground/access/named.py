"""Names that a county opens for hours: a grant for each child, held by the data officer, which ends by itself.

The room that decides about it (`oversight.county`) writes the audit row and tells the school.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student

from .models import Grant
from .roles import Role

NAMES = "county.names"


@transaction.atomic
def open_names(
    actor: Actor, *, school: Organisation, students: Iterable[int], until: datetime.datetime
) -> None:
    """This data officer sees these children of a school under the own bureau by name and class until that moment."""
    user_id = _officer(actor, school)
    ids = set(students)
    if Student.objects.filter(pk__in=ids).exclude(school=school).exists():
        raise Refused(_("This belongs to another school."))
    Grant.objects.bulk_create(
        Grant(
            school=school,
            user_id=user_id,
            role=Role.COUNTY_NAMED,
            student_id=student,
            starts_on=clock.today(),
            ends_on=clock.day_of(until),
            until=until,
        )
        for student in sorted(ids)
    )


@transaction.atomic
def close_names(
    school: Organisation, *, user_id: int, students: Iterable[int], until: datetime.datetime
) -> None:
    """What was opened until that moment is closed now. The caller has asked whether the actor may."""
    held = Grant.objects.filter(
        school=school, user=user_id, role=Role.COUNTY_NAMED, student__in=list(students), until=until
    )
    held.filter(until__gt=clock.now()).update(until=clock.now())


def _officer(actor: Actor, school: Organisation) -> int:
    if school.parent_id is None or actor.user_id is None:
        raise NotAllowed(NAMES)
    actor.require(NAMES, school_id=school.parent_id)
    return actor.user_id
