"""Who answers for children's safety: named by the head, with the right that goes with the post; and what writers read."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.access import actions as access
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Responsibility, Staff

from .models import SafetyWords

Post = Responsibility.Post
POSTS = (Post.SAFETY, Post.SAFETY_DEPUTY)


@transaction.atomic
def name_both(actor: Actor, *, school: Organisation, responder: Staff | None, deputy: Staff | None) -> None:
    """Name both at once; the two may also change places."""
    if responder is not None and responder == deputy:
        raise Refused(_("Two people share this: the deputy is somebody else."), field="deputy")
    chosen = {Post.SAFETY: responder, Post.SAFETY_DEPUTY: deputy}
    held = Responsibility.objects.filter(school=school, post__in=POSTS, ends_on=None)
    for one in held.select_related("staff"):
        if chosen[Post(one.post)] != one.staff:
            name_responder(actor, school=school, post=one.post, staff=None)
    for post, staff in chosen.items():
        if staff is not None:
            name_responder(actor, school=school, post=post, staff=staff)


@transaction.atomic
def name_responder(actor: Actor, *, school: Organisation, post: str, staff: Staff | None) -> None:
    """Name the responder or the deputy responder, or nobody; the one before answers no longer."""
    actor.require("safety.name", school_id=school.pk)
    if post not in POSTS:
        raise Refused(_("Choose which post this is about."), field="post")
    if staff is not None and (staff.school_id != school.pk or not staff.user.is_active):
        raise Refused(_("This colleague belongs to another school."), field="staff")
    posts = Responsibility.objects.select_for_update(of=("self",)).filter(school=school, ends_on=None)
    if staff is not None and posts.filter(post__in=POSTS, staff=staff).exclude(post=post).exists():
        raise Refused(_("Two people share this: the deputy is somebody else."), field="staff")
    if staff is not None and posts.filter(post=post, staff=staff).exists():
        return
    for before in posts.filter(post=post).select_related("staff__user"):
        _end(actor, before)
    if staff is not None:
        Responsibility.objects.create(school=school, staff=staff, post=post, starts_on=clock.today())
        access.grant(actor, school=school, user=staff.user, role=Role.SAFETY)
    audit.record(
        actor,
        "safety.name",
        school_id=school.pk,
        subject=("staff", staff.pk if staff else None),
        detail={"post": post},
    )


def _end(actor: Actor, responsibility: Responsibility) -> None:
    """The post ends, its right from this moment on; `queries.line` asks for both."""
    responsibility.ends_on = max(clock.today() - datetime.timedelta(days=1), responsibility.starts_on)
    responsibility.ended_at = clock.now()
    responsibility.save(update_fields=["ends_on", "ended_at"])
    held = Grant.objects.filter(
        school=responsibility.school_id, user=responsibility.staff.user_id, role=Role.SAFETY, ends_on=None
    )
    for grant in held.select_related("school"):
        access.end_grant(actor, grant=grant)


@transaction.atomic
def set_words(actor: Actor, *, school: Organisation, duty: str, lines: str) -> None:
    """Edit what writers read after noting danger."""
    actor.require("safety.name", school_id=school.pk)
    if not duty.strip() or not lines.strip():
        raise Refused(_("Please keep both: what the law asks of us, and whom one can call."), field="lines")
    SafetyWords.objects.update_or_create(
        school=school, defaults={"duty": duty.strip(), "lines": lines.strip()}
    )
    audit.record(actor, "safety.words", school_id=school.pk)
