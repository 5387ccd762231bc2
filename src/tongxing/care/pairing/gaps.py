"""Registered children whose parents work away and who have no proxy parent: for whoever manages pairing.

The parents' being away is read with what this actor may see; the helper is named, since that colleague is asked first.
"""

import datetime

from django.db.models import Exists, OuterRef

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Circumstance, Consent, Registration, Student

from .models import Pair, ProxyParent
from .proxies import CONSENT

AWAY = (Circumstance.Category.LEFT_BEHIND, Circumstance.Category.LEFT_BEHIND_CIVIL)


def without_second_carer(actor: Actor, school: Organisation, on: datetime.date) -> list[Student]:
    """By class, each with `helper_name` (or None) and `agreed`: whether the family agrees already. One query."""
    mine = {"student": OuterRef("pk")}
    entries = Registration.objects.visible_to(actor).on(on).filter(**mine)
    away = Circumstance.objects.visible_to(actor).valid_on(on).filter(category__in=AWAY, **mine)
    helper = Pair.objects.on(on).of_first_helpers().filter(**mine).values("helper__name")[:1]
    standing = Consent.objects.standing().filter(purpose=CONSENT, **mine)
    found = Student.objects.visible_to(actor, "care").enrolled().filter(school=school).with_class(on)
    found = found.filter(
        Exists(entries), Exists(away), ~Exists(ProxyParent.objects.open().filter(**mine))
    ).annotate(helper_name=helper, agreed=Exists(standing))
    return list(found.order_by("class_grade", "class_number", "pinyin", "pk"))
