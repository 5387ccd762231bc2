"""Correcting what is known about colleagues. It stands above people since it asks for the rank that roles give."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff
from tongxing.ground.people.pinyin import pinyin

from .actions import out_of_reach


def why_not(actor: Actor, staff: Staff) -> str:
    """Why this actor may not correct this colleague's entry, in words; empty where nothing stands against it."""
    if staff.user_id == actor.user_id:
        return ""
    return next(iter(out_of_reach(actor, school=staff.school, users=[staff.user_id]).values()), "")


@transaction.atomic
def edit_staff(actor: Actor, *, staff: Staff, name: str, code: str, **facts: object) -> None:
    """Correct what is known about a colleague, oneself too, but nobody above the own rank: the account carries the
    same name, and others go by it."""
    actor.require("account.manage", school_id=staff.school_id)
    if reason := why_not(actor, staff):
        raise Refused(reason)
    if not name.strip() or not code.strip():
        raise Refused(
            _("Name and staff number are both needed."), field="name" if not name.strip() else "code"
        )
    others = Staff.objects.filter(school=staff.school_id, code=code.strip()).exclude(pk=staff.pk)
    if others.exists():
        raise Refused(_("This staff number is there already."), field="code")
    staff.name, staff.code = name.strip(), code.strip()
    staff.pinyin, staff.initials = pinyin(staff.name)
    for field, value in facts.items():
        setattr(staff, field, value)
    staff.save(update_fields=["name", "code", "pinyin", "initials", *facts])
    User.objects.filter(pk=staff.user_id).update(name=staff.name)
    audit.record(actor, "staff.edit", school_id=staff.school_id, subject=("staff", staff.pk))
