"""Reading the room: who comes next, what waits, what was written – opened one by one, never in a list."""

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import ClassMembership, Responsibility, Staff, Student, Teaching
from tongxing.ground.people.queries import current_term, term_calendar

from . import rules
from .models import (
    Appointment,
    ClosedDay,
    DualRole,
    Explained,
    GlassOpening,
    GuardianTold,
    Note,
    NoteVersion,
    OpeningHours,
    OutsideReferral,
    Referral,
    ToolResult,
)
from .models_asked import REASON, REPLY, WISH
from .models_glass import GLASS_REASON, GLASS_REVIEW
from .models_notes import DUAL_REASON, TEXT
from .models_outside import LEVEL, OUTSIDE, OUTSIDE_AFTER, OUTSIDE_REPLY, TOLD

DAY = datetime.timedelta(days=1)
#: How many that are over stay on a child's page.
OVER_SHOWN = 12
#: How far ahead a free time is looked for, and how long a talk usually takes (minutes).
DAYS_AHEAD, STEP = 14, 40


def second_roles(user_id: int, student: Student) -> list[str]:
    """What else this counsellor is to the child today: teaches it, is its class teacher, its helper. Four queries."""
    today = clock.today()
    classes = ClassMembership.objects.on(today).filter(student=student).values("school_class")
    lessons = Teaching.objects.filter(
        staff__user=user_id, school_class__in=classes, term__starts_on__lte=today, term__ends_on__gte=today
    )
    grants = Grant.objects.on(today).filter(user=user_id)
    leads = Responsibility.objects.on(today).filter(
        staff__user=user_id, post=Responsibility.Post.CLASS_TEACHER, school_class__in=classes
    )
    found = {
        "teaches": lessons.exists(),
        "class_teacher": leads.exists()
        or grants.filter(role=Role.CLASS_TEACHER, school_class__in=classes).exists(),
        "helper": grants.filter(role=Role.HELPER, student=student).exists(),
    }
    return [role for role, holds in found.items() if holds]


def roles_weighed(user_id: int, student: Student, roles: Collection[str]) -> bool:
    """Whether this counsellor has said about all of these roles why the talks go on all the same."""
    weighed = DualRole.objects.filter(counsellor=user_id, student=student).values_list("roles", flat=True)
    return set(roles) <= {role for row in weighed for role in row}


def understood(user_id: int, student: Student) -> bool:
    """Whether the child has heard from this counsellor what stays between them, and made something of it."""
    told = Explained.objects.filter(counsellor=user_id, student=student)
    return told.exclude(understood=Explained.Understood.NOT_YET).exists()


@dataclass(frozen=True, slots=True)
class Text:
    answers: dict[str, str]
    reason: str = ""


def text_of(note: Note, version: NoteVersion | None = None) -> Text:
    """A note's answers, as they stand or stood. note: with student and key."""
    version = version or note.versions.latest("number")
    answers = json.loads(unseal(note.student.key, version.text_sealed, TEXT))
    return Text(answers, answers.pop("reason", ""))


def wish_of(appointment: Appointment) -> str:
    return unseal(appointment.student.key, appointment.wish_sealed, WISH)


def reason_of(referral: Referral) -> str:
    return unseal(referral.student.key, referral.reason_sealed, REASON)


def reply_of(referral: Referral) -> str:
    return unseal(referral.student.key, referral.reply_sealed, REPLY)


def level_of(result: ToolResult) -> str:
    return unseal(result.student.key, result.level_sealed, LEVEL)


def outside_texts(referral: OutsideReferral) -> dict[str, str]:
    """to_whom, why, agreed_by, reply, after."""
    key = referral.student.key
    return {
        **json.loads(unseal(key, referral.text_sealed, OUTSIDE)),
        "reply": unseal(key, referral.reply_sealed, OUTSIDE_REPLY),
        "after": unseal(key, referral.after_sealed, OUTSIDE_AFTER),
    }


def told_text(told: GuardianTold) -> str:
    return unseal(told.student.key, told.text_sealed, TOLD)


def weighed_because(user_id: int, student: Student) -> str:
    """Why this counsellor sees the child all the same; the latest word on it."""
    row = DualRole.objects.filter(counsellor=user_id, student=student).order_by("-at", "-pk").first()
    return unseal(student.key, row.reason_sealed, DUAL_REASON) if row else ""


def glass_texts(opening: GlassOpening) -> tuple[str, str]:
    """The reason, and what whoever looked again wrote."""
    key = opening.student.key
    return unseal(key, opening.reason_sealed, GLASS_REASON), unseal(key, opening.review_sealed, GLASS_REVIEW)


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment with the child's class; `outside`: not within opening hours, or on a day without school."""

    row: Appointment
    class_name: str
    outside: bool = False

    @property
    def ends_at(self) -> datetime.datetime:
        return rules.ends_at(self.row)


def class_names(student_ids: Collection[int]) -> dict[int, str]:
    """The class of each on this day. One query."""
    members = ClassMembership.objects.on(clock.today()).filter(student__in=student_ids)
    return dict(members.values_list("student_id", "school_class__name"))


@dataclass(frozen=True, slots=True)
class RoomDay:
    """`closed`: this counsellor keeps the day free; who has a time then stands there all the same."""

    day: datetime.date
    is_open: list[OpeningHours]
    meetings: list[Meeting]
    closed: ClosedDay | None = None


def days(actor: Actor, school: Organisation, first: datetime.date, number: int) -> list[RoomDay]:
    """The counsellor's days from `first` on. Six queries, however many meet."""
    last = first + (number - 1) * DAY
    rows = list(
        Appointment.objects.visible_to(actor)
        .filter(
            school=school,
            state__in=(Appointment.State.AGREED, Appointment.State.TOOK_PLACE),
            at__gte=clock.start_of(first),
            at__lt=clock.end_of(last),
        )
        .select_related("student")
        .order_by("at", "pk")
    )
    names = class_names({row.student_id for row in rows})
    standing = list(
        OpeningHours.objects.filter(school=school, starts_on__lte=last).filter(
            Q(ends_on=None) | Q(ends_on__gte=first)
        )
    )
    free = ClosedDay.objects.of(actor.user_id).filter(school=school, day__range=(first, last))
    closed = {one.day: one for one in free}
    term = current_term(school, first)
    calendar = term_calendar(term) if term else None
    found = []
    for day in (first + place * DAY for place in range(number)):
        opened = [
            one
            for one in standing
            if calendar is not None
            and day not in closed
            and calendar.is_school_day(day)
            and one.weekday == day.weekday()
            and one.starts_on <= day
            and (one.ends_on is None or one.ends_on >= day)
        ]
        mine = [row for row in rows if row.at and clock.day_of(row.at) == day]
        found.append(
            RoomDay(
                day,
                opened,
                [
                    Meeting(row, names.get(row.student_id, ""), not rules.is_within(opened, row))
                    for row in mine
                ],
                closed.get(day),
            )
        )
    return found


def next_free(actor: Actor, school: Organisation) -> dict[str, object]:
    """Day, time and place of the next opening hours at whose beginning nobody comes, on a day that is not kept free;
    nothing where none are noted."""
    now = clock.now()
    for found in days(actor, school, clock.today(), DAYS_AHEAD):
        for stretch in found.is_open:
            at = datetime.datetime.combine(found.day, stretch.opens, clock.SCHOOL_TIME)
            step = datetime.timedelta(minutes=STEP)
            end = datetime.datetime.combine(found.day, stretch.closes, clock.SCHOOL_TIME)
            while at + step <= end:
                taken = any(
                    one.row.at and one.row.at < at + step and one.ends_at > at for one in found.meetings
                )
                if at > now and not taken:
                    return {"day": found.day, "at": at.time(), "place": stretch.place, "minutes": STEP}
                at += step
    return {}


def next_meeting(day: RoomDay, now: datetime.datetime) -> Meeting | None:
    """Who is in the room now, or comes next today."""
    agreed = [one for one in day.meetings if one.row.state == Appointment.State.AGREED]
    row = rules.who_next([one.row for one in agreed], now)
    return next((one for one in agreed if one.row == row), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the counsellor: each by the day it came."""

    wishes: list[Meeting]
    referrals: list[tuple[Referral, str]]
    unsettled: list[Meeting]
    follow_ups: list[tuple[OutsideReferral, str]]
    flags: list[tuple[RiskFlag, GuardianTold | None]]

    @property
    def number(self) -> int:
        return len(self.wishes) + len(self.referrals)


def waiting(actor: Actor, school: Organisation) -> Waiting:
    mine = Appointment.objects.visible_to(actor).filter(school=school).select_related("student")
    wishes = list(mine.wished().order_by("asked_at", "pk"))
    before = mine.agreed().filter(at__lt=clock.start_of(clock.today())).order_by("at", "pk")
    referrals = list(
        Referral.objects.visible_to(actor)
        .filter(school=school, replied_at=None)
        .select_related("student", "by")
        .order_by("at", "pk")
    )
    follow_ups = list(
        OutsideReferral.objects.visible_to(actor)
        .filter(school=school, followed_up_at=None, follow_up_on__lte=clock.today())
        .select_related("student")
        .order_by("follow_up_on", "pk")
    )
    unsettled = list(before)
    names = class_names(
        {row.student_id for rows in (wishes, unsettled, referrals, follow_ups) for row in rows}
    )
    return Waiting(
        [Meeting(row, names.get(row.student_id, "")) for row in wishes],
        [(row, names.get(row.student_id, "")) for row in referrals],
        [Meeting(row, names.get(row.student_id, "")) for row in unsettled],
        [(row, names.get(row.student_id, "")) for row in follow_ups],
        own_flags(actor, school),
    )


def own_flags(
    actor: Actor, school: Organisation, student: Student | None = None
) -> list[tuple[RiskFlag, GuardianTold | None]]:
    """The flags that this counsellor raised and that are not done, with what the family was told last."""
    flags = RiskFlag.objects.raised_by(actor).not_done().filter(school=school)
    if student is not None:
        flags = RiskFlag.objects.raised_by(actor).filter(student=student)
    rows = list(flags.select_related("student", "responder").order_by("-raised_at", "-pk"))
    told = GuardianTold.objects.visible_to(actor).filter(flag__in=rows).order_by("recorded_at", "pk")
    latest = {one.flag_id: one for one in told}
    return [(flag, latest.get(flag.pk)) for flag in rows]


@dataclass(frozen=True, slots=True)
class Child:
    """All that the room holds about one child and this counsellor may see; texts stay closed."""

    student: Student
    explained: Explained | None
    coming: list[Appointment]
    over: list[Appointment]
    wishes: list[Appointment]
    notes: list[Note]
    results: list[tuple[ToolResult, str]]
    outside: list[tuple[OutsideReferral, dict[str, str]]]
    flags: list[tuple[RiskFlag, GuardianTold | None]]
    roles: list[str]
    weighed: bool
    because: str
    openings: list[GlassOpening]


def child(actor: Actor, student: Student) -> Child:
    """student: with key and school."""
    mine = Appointment.objects.visible_to(actor).filter(student=student).select_related("series")
    coming = mine.agreed().filter(at__gte=clock.start_of(clock.today()))
    over = mine.filter(state__in=(Appointment.State.TOOK_PLACE, Appointment.State.DID_NOT))
    results = (
        ToolResult.objects.visible_to(actor).filter(student=student).select_related("tool", "student__key")
    )
    outside = OutsideReferral.objects.visible_to(actor).filter(student=student).select_related("student__key")
    explained = Explained.objects.visible_to(actor).filter(student=student, counsellor=actor.user_id)
    roles = second_roles(actor.user_id or 0, student)
    notes = Note.objects.visible_to(actor).filter(student=student).select_related("counsellor")
    openings = GlassOpening.objects.filter(student=student).select_related("opened_by")
    return Child(
        student,
        explained.first(),
        list(coming.order_by("at", "pk")),
        list(over.order_by("-at", "-pk")[:OVER_SHOWN]),
        list(mine.wished().order_by("asked_at", "pk")),
        list(notes),
        [(row, level_of(row)) for row in results],
        [(row, outside_texts(row)) for row in outside],
        own_flags(actor, student.school, student),
        roles,
        roles_weighed(actor.user_id or 0, student, roles) if roles else True,
        weighed_because(actor.user_id or 0, student) if roles else "",
        list(openings) if notes else [],
    )


@dataclass(frozen=True, slots=True)
class Covered:
    """What the broken glass shows: every note of the child, and what was asked."""

    notes: list[tuple[Note, Text]]
    asked: list[tuple[datetime.datetime, str]]


def covered(opening: GlassOpening) -> Covered:
    """opening: just read through `actions.read_through`, with the student's key."""
    about = {"student": opening.student}
    notes = Note.objects.filter(**about).select_related("student__key", "counsellor")
    wishes = Appointment.objects.filter(**about).exclude(wish_sealed=b"").select_related("student__key")
    reasons = Referral.objects.filter(**about).select_related("student__key")
    asked = [(row.asked_at, wish_of(row)) for row in wishes] + [(row.at, reason_of(row)) for row in reasons]
    return Covered([(note, text_of(note)) for note in notes], sorted(asked, reverse=True))


def away_from_lessons(
    actor: Actor, school: Organisation, first: datetime.date
) -> list[tuple[Appointment, str]]:
    """Who of one's students is away from a lesson in the week from `first` on, as far as teachers may know."""
    rows = (
        Appointment.objects.away_for(actor)
        .filter(school=school, at__gte=clock.start_of(first), at__lt=clock.start_of(first + 7 * DAY))
        .select_related("student")
        .order_by("at", "pk")
    )
    found = list(rows)
    names = class_names({row.student_id for row in found})
    return [(row, names.get(row.student_id, "")) for row in found]


def fellow_counsellors(actor: Actor, school: Organisation) -> list[Staff]:
    """To whom notes can be handed over."""
    grants = Grant.objects.on(clock.today()).filter(school=school, role=Role.COUNSELLOR, user__is_active=True)
    found = Staff.objects.filter(school=school, user__in=grants.values("user"))
    return list(found.exclude(user_id=actor.user_id).select_related("user").order_by("pinyin", "name"))
