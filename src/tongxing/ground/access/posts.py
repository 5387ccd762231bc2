"""Posts that come without a right: party secretary, offices, grade leaders. Those with a right are given with it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Responsibility, Staff

Post = Responsibility.Post
MANAGE = "account.manage"
PLAIN = (Post.PARTY_SECRETARY, Post.TEACHING_OFFICE, Post.GENERAL_OFFICE, Post.GRADE_LEADER)


@transaction.atomic
def name_to_post(
    actor: Actor,
    *,
    school: Organisation,
    post: str,
    staff: Staff,
    starts_on: datetime.date,
    grade: int | None = None,
) -> Responsibility:
    """This colleague holds the post from that day on; held already: nothing changes."""
    actor.require(MANAGE, school_id=school.pk)
    if post not in PLAIN:
        raise Refused(_("This post comes with a right; it is given in the settings."), field="post")
    if (post == Post.GRADE_LEADER) != (grade is not None):
        raise Refused(_("A grade leader leads one grade; no other post names a grade."), field="grade")
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if staff.school_id != school.pk or (staff.ends_on and staff.ends_on < starts_on):
        raise Refused(_("This colleague does not work here on that day."), field="staff")
    held = Responsibility.objects.filter(school=school, post=post, staff=staff, grade=grade, ends_on=None)
    if found := held.first():
        return found
    made = Responsibility.objects.create(
        school=school, post=post, staff=staff, grade=grade, starts_on=starts_on
    )
    _log(actor, "post.name", made)
    return made


@transaction.atomic
def end_post(actor: Actor, *, held: Responsibility) -> None:
    """Held until yesterday; one that began today was held for that day."""
    held = _plain(actor, held)
    if held.ends_on is not None:
        raise Refused(_("This post has ended already."))
    held.ends_on = max(clock.today() - datetime.timedelta(days=1), held.starts_on)
    held.ended_at = clock.now()
    held.save(update_fields=["ends_on", "ended_at"])
    _log(actor, "post.end", held)


@transaction.atomic
def hold_again(actor: Actor, *, held: Responsibility) -> None:
    """Ended by mistake a moment ago."""
    held = _plain(actor, held)
    if held.ended_at is None:
        return
    if not is_recent(held.ended_at):
        raise Refused(_("This ended a while ago. Please name the colleague anew."))
    held.ends_on = held.ended_at = None
    held.save(update_fields=["ends_on", "ended_at"])
    _log(actor, "post.back", held)


def _plain(actor: Actor, held: Responsibility) -> Responsibility:
    actor.require(MANAGE, school_id=held.school_id)
    if held.post not in PLAIN:
        raise Refused(_("This post comes with a right; it is given in the settings."))
    return Responsibility.objects.select_for_update(of=("self",)).get(pk=held.pk)


def _log(actor: Actor, action: str, held: Responsibility) -> None:
    detail = {"staff": held.staff_id, "post": held.post, "grade": held.grade}
    subject = ("responsibility", held.pk)
    audit.record(actor, action, school_id=held.school_id, subject=subject, detail=detail)
