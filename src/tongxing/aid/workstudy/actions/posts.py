"""Posts opened, handed to another supervisor and ended; the least that is paid.

Invariants:
- a paid post is opened only where the school's stage allows it and its pay reaches the floor of its first day;
- a supervisor has a role here and the offence-record check noted.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff

from .. import rules
from ..models import Assignment, FloorRow, Month, Post, WorkedHours
from ..models_posts import FLOOR, HOURS, MANAGE, NAME, WORDS
from ..queries.posts import floors_of

MOST_PLACES = 200


def person(actor: Actor, ability: str, school_id: int, student_id: int | None = None) -> int:
    """Whose name stands under it: work and money are answered for by somebody, never by the installation."""
    actor.require(ability, school_id=school_id, student_id=student_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def log(actor: Actor, action: str, school_id: int, subject: tuple[str, int | None], **detail: object) -> None:
    audit.record(actor, action, school_id=school_id, subject=subject, detail=detail)


@transaction.atomic
def open_post(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    name: str,
    kind: str,
    place: str,
    work: str,
    care_taken: str,
    times: str,
    supervisor: Staff,
    places: int,
    rate: int | None,
    starts_on: datetime.date,
) -> Post:
    """`rate`: fen an hour, or for 40 hours of a month; nothing for unpaid posts."""
    user_id = person(actor, MANAGE, school.pk)
    post = Post(
        school=school, client_id=client_id, kind=kind, rate=rate or 0, places=places, supervisor=supervisor,
        name=few_words(name, most=NAME, field="name"),
        place=few_words(place, most=NAME, field="place"),
        work=few_words(work, most=WORDS, field="work"),
        care_taken=few_words(care_taken, most=WORDS, field="care_taken"),
        times=" ".join(times.split())[:WORDS],
        starts_on=starts_on, opened_by_id=user_id, opened_at=clock.now(),
    )  # fmt: skip

    def make() -> Post:
        _check_post(post)
        post.save(force_insert=True)
        _tell(post)
        log(actor, "workstudy.open", school.pk, ("post", post.pk), kind=str(kind), places=places)
        return post

    return once(lambda: Post.objects.filter(school=school, client_id=client_id).first(), make)


def _check_post(post: Post) -> None:
    if Post.objects.open().filter(school_id=post.school_id, name=post.name).exists():
        raise Refused(_("There is an open post of this name already."), field="name")
    if not 1 <= post.places <= MOST_PLACES:
        raise Refused(_("How many students can work there?"), field="places")
    check_supervisor(post.school_id, post.supervisor)
    if not post.is_paid:
        if post.rate:
            raise Refused(_("Unpaid posts have no pay. Please choose another kind."), field="rate")
        return
    if post.school.is_compulsory:
        raise Refused(
            _(
                "Here nobody is paid for work: primary and junior schools keep labour education or volunteering."
            ),
            field="kind",
        )
    if post.rate <= 0:
        raise Refused(_("What is paid for it?"), field="rate")
    check_floor(post, post.starts_on, field="rate")


def check_floor(post: Post, day: datetime.date, field: str | None = None) -> None:
    """The pay of a post reaches what is asked on that day."""
    floor = rules.floor_on(floors_of(post.school), post.kind, day)
    if floor is None:
        raise Refused(
            _(
                "Please first enter the local minimum wage or the subsistence line: it is the least for 40 hours."
            ),
            field=field,
        )
    if post.rate < floor:
        raise Refused(
            _("From %(day)s at least %(floor)s yuan are paid for this; “%(post)s” pays %(rate)s.")
            % {
                "day": f"{day:%Y-%m-%d}",
                "floor": money.yuan(floor),
                "post": post.name,
                "rate": money.yuan(post.rate),
            },
            field=field,
        )


def check_supervisor(school_id: int, staff: Staff) -> None:
    if staff.school_id != school_id:
        raise NotAllowed(MANAGE)
    name = {"name": staff.name}
    if not Staff.objects.active(clock.today()).filter(pk=staff.pk).exists():
        raise Refused(_("%(name)s does not work here any more.") % name, field="supervisor")
    if staff.offence_check_on is None:
        raise Refused(
            _("For %(name)s the offence-record check is not noted yet. Nobody starts with children before.")
            % name,
            field="supervisor",
        )
    if not actor_for(staff.user).may(HOURS, school_id=school_id):
        raise Refused(
            _("%(name)s has neither lessons nor a role yet, and could not open this page.") % name,
            field="supervisor",
        )


def _tell(post: Post) -> None:
    send(
        to=post.supervisor.user,
        school=post.school,
        code="workstudy.supervise",
        subject=gettext_lazy("You look after a post of students: here you write down their hours"),
        link=("workstudy-post", [post.pk]),
        key=f"workstudy.supervise {post.pk} {post.supervisor_id}",
    )


@transaction.atomic
def hand_over(actor: Actor, *, post: Post, supervisor: Staff) -> Post:
    """Somebody else looks after the post from now on."""
    person(actor, MANAGE, post.school_id)
    post = Post.objects.select_for_update(of=("self",)).select_related("school").get(pk=post.pk)
    if post.ended_at:
        raise Refused(_("This post has ended."))
    check_supervisor(post.school_id, supervisor)
    if post.supervisor_id == supervisor.pk:
        return post
    post.supervisor = supervisor
    post.save(update_fields=["supervisor"])
    _tell(post)
    log(actor, "workstudy.hand-over", post.school_id, ("post", post.pk), staff=supervisor.pk)
    return post


@transaction.atomic
def end_post(actor: Actor, *, post: Post, reason: str) -> Post:
    """Nobody works there any more; hours that are written down are still handed in and paid."""
    user_id = person(actor, MANAGE, post.school_id)
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if post.ended_at:
        return post
    reason = few_words(reason, most=WORDS, field="reason")
    today = clock.today()
    ended = {"ended_at": clock.now(), "ended_by_id": user_id, "ended_reason": reason}
    for one in Assignment.objects.standing().filter(post=post).select_for_update():
        one.last_day = max(today, one.starts_on)
        for name, value in ended.items():
            setattr(one, name, value)
        one.save(update_fields=["last_day", "ended_at", "ended_by", "ended_reason"])
    for name, value in ended.items():
        setattr(post, name, value)
    post.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "workstudy.end", post.school_id, ("post", post.pk))
    return post


@transaction.atomic
def set_floor(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    unit: str,
    amount: int,
    starts_on: datetime.date,
    source: str,
) -> FloorRow:
    """The least that is paid from a day on; earlier days keep what held then. `school`: a school or a bureau."""
    user_id = person(actor, _sets_floors(school), school.pk)
    source = few_words(source, most=WORDS, field="source")
    if unit not in rules.PAID_UNIT:
        raise Refused(_("Please choose what it is for."), field="unit")
    if amount <= 0:
        raise Refused(_("An amount is more than nothing."), field="amount")

    def make() -> FloorRow:
        row = FloorRow.objects.create(
            school=school, client_id=client_id, unit=unit, amount=amount, starts_on=starts_on, source=source,
            set_by_id=user_id, set_at=clock.now(),
        )  # fmt: skip
        log(actor, "workstudy.floor", school.pk, ("floor", row.pk), unit=unit)
        return row

    return once(lambda: FloorRow.objects.filter(school=school, client_id=client_id).first(), make)


def _sets_floors(organisation: Organisation) -> str:
    """In a bureau its aid officer, in a school whoever manages work-study."""
    return FLOOR if organisation.kind == Organisation.Kind.COUNTY else MANAGE


@transaction.atomic
def take_floor_back(actor: Actor, *, row: FloorRow, reason: str) -> None:
    """It was written down wrongly: it holds no longer; what was paid by it stays as it was."""
    user_id = person(actor, _sets_floors(row.school), row.school_id)
    row = FloorRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at:
        return
    row.ended_at, row.ended_by_id = clock.now(), user_id
    row.ended_reason = few_words(reason, most=WORDS, field="reason")
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "workstudy.floor-back", row.school_id, ("floor", row.pk))


def unhanded(post: Post, month: datetime.date) -> bool:
    """Whether the month of a post still takes hours."""
    return not Month.objects.standing().filter(post=post, month=month).exists()


def has_hours(assignment: Assignment, after: datetime.date) -> bool:
    return WorkedHours.objects.standing().filter(assignment=assignment, day__gt=after).exists()
