"""Giving and ending roles. Pairing gives the helper's role through here, and takes it back."""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Consent, Responsibility, SchoolClass, Staff, Student

from .models import Grant
from .roles import Role

#: Roles that only the head or a system administrator may give.
HIGH = {Role.HEAD, Role.DEPUTY, Role.COORDINATOR, Role.SYSTEM_ADMIN, Role.COUNSELLOR, Role.SAFETY}
#: The post that goes with a role: given and ended with it.
POST_OF = {
    Role.HEAD: Responsibility.Post.HEAD,
    Role.DEPUTY: Responsibility.Post.DEPUTY,
    Role.COORDINATOR: Responsibility.Post.COORDINATOR,
    Role.COUNSELLOR: Responsibility.Post.COUNSELLOR,
    Role.CLASS_TEACHER: Responsibility.Post.CLASS_TEACHER,
}
#: Roles that come with a pair or a post; every other is given by whoever manages accounts.
GIVEN_WITH = {
    Role.HELPER: "pairing.manage",
    Role.SAFETY: "safety.name",
    Role.COUNTY_NAMED: "county.names",  # held in no school: given through `named` alone
}


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
    actor.require(GIVEN_WITH.get(Role(role), "account.manage"), school_id=school.pk)
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
        consent=None,
        ends_on=None,
        defaults={"starts_on": starts_on or clock.today()},
    )
    if created:
        if role in HIGH:  # a slip made by somebody of lower rank opens no leading account
            user.start_codes.all().end()
        audit.record(
            actor, "access.grant", school_id=school.pk, subject=("grant", found.pk), detail=_detail(found)
        )
    _answer_for(found)
    return found


@transaction.atomic
def grant_helpers(
    actor: Actor,
    *,
    school: Organisation,
    given: Iterable[tuple[int, int]],
    starts_on: datetime.date | None = None,
    consent: Consent | None = None,
) -> None:
    """Give many helpers their students at once: (user id, student id), both of this school. `consent`: what the right
    rests on, where it is a proxy parent's. The action that pairs them writes the audit row; the queries do not grow
    with the number of pairs."""
    actor.require("pairing.manage", school_id=school.pk)
    pairs = set(given)
    students = {student for _user, student in pairs}
    if Student.objects.filter(pk__in=students).exclude(school=school).exists():
        raise Refused(_("This belongs to another school."))
    held = Grant.objects.filter(school=school, role=Role.HELPER, ends_on=None, student__in=students)
    held = held.filter(consent=consent)
    day = starts_on or clock.today()
    Grant.objects.bulk_create(
        Grant(
            school=school,
            user_id=user,
            role=Role.HELPER,
            student_id=student,
            consent=consent,
            starts_on=day,
        )
        for user, student in sorted(pairs - set(held.values_list("user_id", "student_id")))
    )


@transaction.atomic
def end_helpers(
    actor: Actor,
    *,
    school: Organisation,
    taken: Iterable[tuple[int, int]],
    last_day: datetime.date | None = None,
    consent: Consent | None = None,
) -> None:
    """Take helpers' rights to their students back, (user id, student id): after `last_day`, or from this moment;
    those of pairs, or what rests on this `consent`: who is both keeps the other. The action that ends the pairs writes the audit row; the queries do not grow with the number of pairs."""
    pairs = set(taken)
    for _user, student in pairs:
        actor.require("pairing.manage", school_id=school.pk, student_id=student)
    yesterday = clock.today() - datetime.timedelta(days=1)
    last = max(last_day or yesterday, yesterday)
    held = Grant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=last),  # also one that ends with a colleague's last day
        school=school,
        role=Role.HELPER,
        consent=consent,
        student__in={student for _user, student in pairs},
    )
    ended = [pk for pk, *pair in held.values_list("pk", "user_id", "student_id") if tuple(pair) in pairs]
    Grant.objects.filter(pk__in=ended).update(ends_on=last)


@transaction.atomic
def end_grant(actor: Actor, *, grant: Grant) -> None:
    """Take a role back: it holds no longer, from this moment."""
    actor.require(GIVEN_WITH.get(Role(grant.role), "account.manage"), school_id=grant.school_id)
    _check_rank(actor, grant.role, grant.school)
    grant.ends_on = clock.today() - datetime.timedelta(days=1)
    grant.save(update_fields=["ends_on"])
    _answer_no_longer(grant)
    audit.record(
        actor, "access.end", school_id=grant.school_id, subject=("grant", grant.pk), detail=_detail(grant)
    )


def _answer_for(grant: Grant) -> None:
    """Who holds a leading right or a class teacher's also answers for it: the head accompanies a child first, leaders
    visit classes, what is asked of class teachers goes to them."""
    staff = Staff.objects.filter(user=grant.user_id, school=grant.school_id).first()
    if staff is not None and grant.role in POST_OF:
        Responsibility.objects.get_or_create(
            school_id=grant.school_id,
            staff=staff,
            post=POST_OF[Role(grant.role)],
            school_class_id=grant.school_class_id,
            ends_on=None,
            defaults={"starts_on": grant.starts_on},
        )


def _answer_no_longer(grant: Grant) -> None:
    held = Responsibility.objects.filter(
        school=grant.school_id,
        staff__user=grant.user_id,
        post=POST_OF.get(Role(grant.role), ""),
        school_class=grant.school_class_id,
    ).filter(Q(ends_on=None) | Q(ends_on__gt=grant.ends_on))
    held.filter(starts_on__gt=grant.ends_on).delete()  # never held a day
    held.update(ends_on=grant.ends_on, ended_at=clock.now())


@transaction.atomic
def set_class_teacher(actor: Actor, *, school_class: SchoolClass, staff: Staff | None) -> None:
    """This colleague leads the class from today; whoever led it before does no longer."""
    actor.require("account.manage", school_id=school_class.school_id)
    if staff is not None and staff.school_id != school_class.school_id:
        raise Refused(_("This belongs to another school."))
    held = Grant.objects.on(clock.today()).filter(role=Role.CLASS_TEACHER, school_class=school_class)
    for before in held.select_related("school").select_for_update(of=("self",)):
        if staff is None or before.user_id != staff.user_id:
            end_grant(actor, grant=before)
    if staff is not None:
        user = User.objects.get(pk=staff.user_id)
        grant(
            actor, school=school_class.school, user=user, role=Role.CLASS_TEACHER, school_class=school_class
        )


@transaction.atomic
def set_active(actor: Actor, *, school: Organisation, user: User, active: bool) -> None:
    """Close a colleague's account, or open it again; open sessions end with their next request."""
    check_accounts(actor, school=school, users=[user])
    user.is_active = active
    user.save(update_fields=["is_active"])
    user.start_codes.all().end()
    action = "account.open" if active else "account.close"
    audit.record(actor, action, school_id=school.pk, subject=("user", user.pk))


def out_of_reach(actor: Actor, *, school: Organisation, users: Collection[int]) -> dict[int, str]:
    """Why this actor may not touch some of these accounts, by user id: never one's own, nobody above one's own
    rank, in whatever organisation, today or from a later day on. One query."""
    held = Grant.objects.filter(user__in=users).exclude(role__in=(Role.GUARDIAN, Role.STUDENT))
    reasons: dict[int, str] = {}
    for grant in held.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today())).select_related("school"):
        if not actor.may("account.manage", school_id=grant.school_id):
            reasons[grant.user_id] = _(
                "This account also works for %(where)s. Whoever manages accounts in both can change it."
            ) % {"where": grant.school}
        elif _is_above(actor, grant.role, grant.school_id):
            reasons[grant.user_id] = _(
                "Only the head or a system administrator can do this for this colleague."
            )
    if actor.user_id is not None and actor.user_id in users:
        reasons[actor.user_id] = _("For your own account please use “Change password”.")
    return reasons


def check_accounts(actor: Actor, *, school: Organisation, users: Collection[User]) -> None:
    """Only accounts of this school, and none that is out of reach."""
    actor.require("account.manage", school_id=school.pk)
    ids = {user.pk for user in users}
    held = Grant.objects.on(clock.today()).filter(user__in=ids, school=school)
    working = held.exclude(role__in=(Role.GUARDIAN, Role.STUDENT, Role.COUNTY_NAMED)).values_list(
        "user", flat=True
    )
    employed = Staff.objects.filter(user__in=ids, school=school).values_list("user", flat=True)
    if ids - {*working, *employed}:
        raise NotAllowed("account.manage")
    for reason in out_of_reach(actor, school=school, users=ids).values():
        raise Refused(reason)


def roles_above(actor: Actor, school_id: int) -> Collection[str]:
    """The roles that this actor neither gives nor ends in this school."""
    return () if actor.may("audit.verify", school_id=school_id) else HIGH


def _is_above(actor: Actor, role: str, school_id: int) -> bool:
    return role in roles_above(actor, school_id)


def _above() -> str:
    return _("Only the head or a system administrator can give or end this role.")


def _check_rank(actor: Actor, role: str, school: Organisation) -> None:
    if _is_above(actor, role, school.pk):
        raise Refused(_above(), field="role")


def _detail(grant: Grant) -> dict[str, object]:
    return {
        "user": grant.user_id,
        "role": grant.role,
        "student": grant.student_id,
        "class": grant.school_class_id,
    }
