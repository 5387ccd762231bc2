"""Opening and closing a round, who reviews in it, who stands back; the school's levels and weights."""

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, SchoolYear, Staff, Student, Term
from tongxing.ground.publicity.actions import for_everybody

from .. import rules
from ..models import Application, Level, PanelMember, Recognition, Recusal, Round, Weights
from ..models_rounds import MANAGE, NAME, REASON, REVIEW, TOLD

MOST_LEVELS = 4


def person(actor: Actor, ability: str, school_id: int, student_id: int | None = None) -> int:
    """Whose name stands under it: what a child gets is decided by people."""
    actor.require(ability, school_id=school_id, student_id=student_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def levels_of(school: Organisation) -> list[Level]:
    """Those that stand, the one suggested first at the top."""
    return list(Level.objects.filter(school=school, ended_on=None))


def points_of(school: Organisation) -> dict[str, int]:
    """The weights that stand: the ready ones until the school sets its own."""
    newest = Weights.objects.filter(school=school).first()
    return rules.ready_weights() | (newest.points if newest else {})


@transaction.atomic
def open_round(
    actor: Actor,
    *,
    school: Organisation,
    year: SchoolYear,
    term: Term | None,
    told: str,
    apply_until: datetime.date,
) -> Round:
    """`term`: for an adjustment in that term; without one the recognition of the year."""
    user_id = person(actor, MANAGE, school.pk)
    Organisation.objects.select_for_update().get(pk=school.pk)  # one after the other
    told = told.strip()
    if not told or len(told) > TOLD:
        raise Refused(
            _("Please write what families are told, at most %(n)s characters.") % {"n": TOLD}, field="told"
        )
    if not clock.today() <= apply_until <= year.ends_on:
        raise Refused(
            _("The last day lies between today and the end of the school year."), field="apply_until"
        )
    if Round.objects.open().filter(school=school).exists():
        raise Refused(_("A round is open already. It is closed before the next begins."))
    same = Round.objects.filter(year=year, term=term, school=school)
    if same.exists():
        raise Refused(
            _("This round was held already. What changes now belongs into an adjustment."), field="kind"
        )
    if term is not None and not Round.objects.filter(year=year, kind=Round.Kind.YEARLY).exists():
        raise Refused(_("The recognition of the year comes first."), field="kind")
    _ready_levels(school)
    opened = Round.objects.create(
        school=school, year=year, term=term, kind=Round.Kind.ADJUSTMENT if term else Round.Kind.YEARLY, told=told,
        apply_until=apply_until, points=points_of(school), opened_by_id=user_id, opened_at=clock.now(),
    )  # fmt: skip
    _log(actor, "hardship.open", opened)
    return opened


def _ready_levels(school: Organisation) -> None:
    if not Level.objects.filter(school=school).exists():
        Level.objects.bulk_create(
            Level(school=school, name=one["name"], from_points=one["from_points"])
            for one in rules.ready()["levels"]
        )


@transaction.atomic
def close_round(actor: Actor, *, round: Round, again: bool = False) -> None:
    """Once nobody waits in it; `again`: the way back."""
    user_id = person(actor, MANAGE, round.school_id)
    round = Round.objects.select_for_update().get(pk=round.pk)
    if again == (round.closed_at is None):
        return
    if again and Round.objects.open().filter(school_id=round.school_id).exists():
        raise Refused(_("Another round is open by now."))
    waits = round.applications.filter(state__in=Application.IN_REVIEW).exists()
    if not again and (waits or Recognition.objects.waiting().filter(round=round).exists()):
        raise Refused(_("Somebody still waits in this round: for a review, a decision, or to be filed."))
    round.closed_at, round.closed_by_id = (None, None) if again else (clock.now(), user_id)
    round.save(update_fields=["closed_at", "closed_by"])
    _log(actor, "hardship.reopen" if again else "hardship.close", round)


def reviews_class(actor: Actor, school_class: SchoolClass) -> bool:
    """Whether somebody reviews for this class: for the whole school, or as its class teacher."""
    if actor.may_all(REVIEW, school_id=school_class.school_id):
        return True
    mine = ClassMembership.objects.on(clock.today()).filter(school_class=school_class)
    return mine.filter(actor.students_where(REVIEW)).exists()


@transaction.atomic
def name_panel(
    actor: Actor, *, round: Round, school_class: SchoolClass | None, staff: Collection[Staff]
) -> None:
    """Who reviews, for a class or (none) for the school: exactly these from now on."""
    user_id = person(actor, REVIEW, round.school_id)
    allowed = (
        reviews_class(actor, school_class) if school_class else actor.may(MANAGE, school_id=round.school_id)
    )
    if not allowed:
        raise NotAllowed(REVIEW)
    if any(one.school_id != round.school_id for one in staff):
        raise Refused(_("This belongs to another school."), field="staff")
    if len(staff) < 2:
        raise Refused(_("At least two people review together."), field="staff")
    held = PanelMember.objects.filter(round=round, school_class=school_class, ended_at=None)
    wanted = {one.pk for one in staff}
    held.exclude(staff__in=wanted).update(ended_at=clock.now())
    fresh = wanted - set(held.values_list("staff_id", flat=True))
    PanelMember.objects.bulk_create(
        PanelMember(
            school_id=round.school_id, round=round, school_class=school_class, staff_id=one,
            named_by_id=user_id, named_at=clock.now(),
        )
        for one in sorted(fresh)
    )  # fmt: skip
    _log(
        actor,
        "hardship.panel",
        round,
        {"class": school_class.pk if school_class else None, "staff": sorted(wanted)},
    )


@transaction.atomic
def stand_back(actor: Actor, *, round: Round, student: Student, staff: Staff, reason: str) -> Recusal:
    """From one child: anybody for themselves, whoever runs the round for others too."""
    user_id = person(actor, REVIEW, round.school_id, student.pk)
    if staff.user_id != user_id:
        actor.require(MANAGE, school_id=round.school_id)
    if staff.school_id != round.school_id or student.school_id != round.school_id:
        raise Refused(_("This belongs to another school."), field="staff")
    reason = " ".join(reason.split())[:REASON]
    if not reason:
        raise Refused(_("Please write in a few words why, such as: a relative."), field="reason")
    made, fresh = Recusal.objects.get_or_create(
        round=round,
        student=student,
        staff=staff,
        defaults={
            "school_id": round.school_id,
            "reason": reason,
            "noted_by_id": user_id,
            "noted_at": clock.now(),
        },
    )
    if fresh:
        _log(actor, "hardship.recuse", round, {"student": student.pk, "staff": staff.pk})
    return made


@transaction.atomic
def set_points(actor: Actor, *, school: Organisation, points: Mapping[str, int]) -> None:
    """For rounds that are opened from now on; what is not named stays."""
    user_id = person(actor, MANAGE, school.pk)
    known = rules.ready_weights()
    if points.keys() - known.keys() or any(not 0 <= one <= rules.MOST_POINTS for one in points.values()):
        raise Refused(_("Points go from 0 to %(most)s.") % {"most": rules.MOST_POINTS})
    stand = points_of(school) | dict(points)
    if stand == points_of(school):
        return
    Weights.objects.create(school=school, points=stand, set_by_id=user_id, set_at=clock.now())
    audit.record(actor, "hardship.weights", school_id=school.pk, subject=("school", school.pk))


@transaction.atomic
def set_levels(actor: Actor, *, school: Organisation, levels: Sequence[tuple[str, int]]) -> None:
    """The school's levels by name, each with the points from which on it is suggested; one that is left out ends."""
    person(actor, MANAGE, school.pk)
    names = [for_everybody(" ".join(name.split()), field=None) for name, _points in levels]
    if not 1 <= len(names) <= MOST_LEVELS or not all(names) or len(set(names)) != len(names):
        raise Refused(_("One to four levels, each with a name of its own."))
    if any(len(name) > NAME for name in names):
        raise Refused(_("A level's name has at most %(n)s characters.") % {"n": NAME})
    if len({points for _name, points in levels}) != len(levels):
        raise Refused(_("Each level is suggested from other points on."))
    if Round.objects.open().filter(school=school).exists():
        raise Refused(_("Levels change between two rounds, so that all are judged alike."))
    held = {one.name: one for one in Level.objects.select_for_update().filter(school=school, ended_on=None)}
    for name, one in held.items():
        one.ended_on = None if name in names else clock.today()
        one.save(update_fields=["ended_on"])
    wanted = dict(zip(names, (points for _name, points in levels), strict=True))
    stay = [held[name] for name in names if name in held]
    for turn in (1000, 0):  # two steps, so that two levels may change places
        for one in stay:
            one.from_points = wanted[one.name] + turn
            one.save(update_fields=["from_points"])
    Level.objects.bulk_create(
        Level(school=school, name=name, from_points=points)
        for name, points in wanted.items()
        if name not in held
    )
    audit.record(actor, "hardship.levels", school_id=school.pk, detail={"levels": len(names)})


def _log(actor: Actor, action: str, round: Round, detail: dict[str, object] | None = None) -> None:
    audit.record(actor, action, school_id=round.school_id, subject=("round", round.pk), detail=detail or {})
