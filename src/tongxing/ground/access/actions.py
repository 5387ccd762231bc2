"""Giving and ending roles. Pairing gives the helper's role through here, and takes it back."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import SchoolClass, Staff, Student

from .models import Grant
from .roles import Role

#: Roles that only the head or a system administrator may give.
HIGH = {Role.HEAD, Role.DEPUTY, Role.COORDINATOR, Role.SYSTEM_ADMIN, Role.COUNSELLOR}


@transaction.atomic
def grant(
    actor: Actor,
    *,
    school: Organisation,
    user: User,
    role: str,
    starts_on: datetime.date | None = None,
    student: Student | None = None,
    school_class: SchoolClass | None = None,
) -> Grant:
    """Give a role; the same open grant twice is one grant."""
    ability = "pairing.manage" if role == Role.HELPER else "account.manage"
    actor.require(ability, school_id=school.pk)
    _check_rank(actor, role, school)
    for owned in (student, school_class):
        if owned is not None and owned.school_id != school.pk:
            raise Refused(_("This belongs to another school."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a second click waits and finds the first
    found, created = Grant.objects.get_or_create(
        school=school,
        user=user,
        role=role,
        student=student,
        school_class=school_class,
        ends_on=None,
        defaults={"starts_on": starts_on or clock.today()},
    )
    if created:
        audit.record(
            actor, "access.grant", school_id=school.pk, subject=("grant", found.pk), detail=_detail(found)
        )
    return found


@transaction.atomic
def grant_helpers(
    actor: Actor,
    *,
    school: Organisation,
    given: Iterable[tuple[int, int]],
    starts_on: datetime.date | None = None,
) -> None:
    """Give many helpers their students at once: (user id, student id), both of this school. The action that
    pairs them writes the audit row; the queries do not grow with the number of pairs."""
    actor.require("pairing.manage", school_id=school.pk)
    pairs = set(given)
    students = {student for _user, student in pairs}
    if Student.objects.filter(pk__in=students).exclude(school=school).exists():
        raise Refused(_("This belongs to another school."))
    held = Grant.objects.filter(school=school, role=Role.HELPER, ends_on=None, student__in=students)
    day = starts_on or clock.today()
    Grant.objects.bulk_create(
        Grant(school=school, user_id=user, role=Role.HELPER, student_id=student, starts_on=day)
        for user, student in sorted(pairs - set(held.values_list("user_id", "student_id")))
    )


@transaction.atomic
def end_helper(actor: Actor, *, school: Organisation, user_id: int, student_id: int) -> None:
    """Take a helper's right to one student back, from this moment; the action that ends the pair writes the
    audit row."""
    actor.require("pairing.manage", school_id=school.pk, student_id=student_id)
    held = Grant.objects.filter(
        school=school, user=user_id, role=Role.HELPER, student=student_id, ends_on=None
    )
    held.update(ends_on=clock.today() - datetime.timedelta(days=1))


@transaction.atomic
def end_grant(actor: Actor, *, grant: Grant) -> None:
    """Take a role back: it holds no longer, from this moment."""
    ability = "pairing.manage" if grant.role == Role.HELPER else "account.manage"
    actor.require(ability, school_id=grant.school_id)
    _check_rank(actor, grant.role, grant.school)
    grant.ends_on = clock.today() - datetime.timedelta(days=1)
    grant.save(update_fields=["ends_on"])
    audit.record(
        actor, "access.end", school_id=grant.school_id, subject=("grant", grant.pk), detail=_detail(grant)
    )


@transaction.atomic
def set_active(actor: Actor, *, school: Organisation, user: User, active: bool) -> None:
    """Close a colleague's account, or open it again; open sessions end with their next request."""
    _check_account(actor, school, user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = "account.open" if active else "account.close"
    audit.record(actor, action, school_id=school.pk, subject=("user", user.pk))


@transaction.atomic
def activation_token(actor: Actor, *, school: Organisation, user: User) -> str:
    """A one-time token with which a colleague chooses a password; it ends with its use or after three days."""
    _check_account(actor, school, user)
    if not user.is_active:
        raise Refused(_("This account is closed. Open it first."))
    audit.record(actor, "account.activation", school_id=school.pk, subject=("user", user.pk))
    return default_token_generator.make_token(user)


def _check_account(actor: Actor, school: Organisation, user: User) -> None:
    """Only accounts of this school, never one's own, nobody above one's own rank, in whatever organisation."""
    actor.require("account.manage", school_id=school.pk)
    if user.pk == actor.user_id:
        raise Refused(_("For your own account please use “Change password”."))
    held = Grant.objects.on(clock.today()).filter(user=user).select_related("school")
    if not (held.filter(school=school).exists() or Staff.objects.filter(user=user, school=school).exists()):
        raise NotAllowed("account.manage")
    for grant in held.exclude(role__in=(Role.GUARDIAN, Role.STUDENT)):
        if not actor.may("account.manage", school_id=grant.school_id):
            raise Refused(
                _("This account also works for %(where)s. Whoever manages accounts in both can change it.")
                % {"where": grant.school}
            )
        _check_rank(actor, grant.role, grant.school)


def _check_rank(actor: Actor, role: str, school: Organisation) -> None:
    if role in HIGH and not actor.may("audit.verify", school_id=school.pk):
        raise Refused(_("Only the head or a system administrator can give or end this role."), field="role")


def _detail(grant: Grant) -> dict[str, object]:
    return {
        "user": grant.user_id,
        "role": grant.role,
        "student": grant.student_id,
        "class": grant.school_class_id,
    }
