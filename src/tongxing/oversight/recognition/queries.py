"""Schemes, proposals and honours as they are read. Nothing is ordered by a figure, and no figure stands beside a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tongxing.care.peers.models import Together
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import (
    ClassMembership,
    Responsibility,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.people.queries import staff_of
from tongxing.ground.publicity.models import NoticeLine, Objection

from . import rules
from .evidence import about
from .models import Asked, Commendation, Criterion, Review, Scheme
from .models_schemes import MANAGE, PROPOSE, SchemeSet
from .models_way import SAID, CommendationSet, SelfCheckSet, asked_q, asks_for_child_q
from .near import able, stands_back
from .whom import OFFICES, Whom


@dataclass(frozen=True, slots=True)
class Shown:
    """A criterion with what the records show; `count` None: people judge it by what they know."""

    criterion: Criterion
    count: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """What one of the committee said, for the committee."""

    review: Review
    words: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One proposal as the committee sees it. `mine`: what this person has said; `near`: this person stands back and
    sees neither figures nor words, also one who leads."""

    shown: tuple[Shown, ...]
    words: tuple[Word, ...]
    able: int
    sits: bool
    near: bool
    mine: Word | None

    @property
    def outcome(self) -> rules.Outcome:
        return rules.outcome([one.review.meets for one in self.words], self.able)


def schemes(actor: Actor, school: Organisation) -> SchemeSet:
    return Scheme.objects.visible_to(actor).filter(school=school).select_related("year", "circular")


def current_year(school: Organisation) -> SchoolYear | None:
    """The school year of today, else the one before."""
    begun = SchoolYear.objects.filter(school=school, starts_on__lte=clock.today())
    return begun.order_by("-starts_on").first()


def shown_by_records(scheme: Scheme, whom: Whom) -> tuple[Shown, ...]:
    """Criterion by criterion, what matters most first. Whoever calls has asked whether it may be seen."""
    one = about(scheme.school, whom, scheme.kind, scheme.starts_on, scheme.until)
    return tuple(
        Shown(criterion, criterion.kind.count(one) if criterion.kind else None)
        for criterion in scheme.criteria.all()
    )


def own_parts(actor: Actor, scheme: Scheme) -> list[Whom]:
    """For whom this colleague may look at the own work: the own person, office, class."""
    staff, today = staff_of(actor.user_id), clock.today()
    if staff is None or staff.school_id != scheme.school_id:
        return []
    if scheme.kind == rules.COLLEAGUE:
        return [Whom(staff=staff)]
    leads = Grant.objects.on(today).filter(user=actor.user_id, role=Role.CLASS_TEACHER)
    classes = SchoolClass.objects.filter(school=scheme.school_id, year=scheme.year_id)
    led = Q(pk__in=leads.values("school_class"))
    if scheme.kind == rules.CLASS:
        return [Whom(school_class=one) for one in classes.filter(led)]
    if scheme.kind != rules.GROUP:
        return []
    lessons = Teaching.objects.filter(staff=staff, term__starts_on__lte=today, term__ends_on__gte=today)
    posts = Responsibility.objects.on(today).filter(staff=staff, post__in=OFFICES)
    held = [Whom(office=post) for post in sorted(set(posts.values_list("post", flat=True)))]
    return held + [
        Whom(school_class=one) for one in classes.filter(led | Q(pk__in=lessons.values("school_class")))
    ]


def to_choose(actor: Actor, scheme: Scheme) -> QuerySet:
    """Whom this actor may propose, as rows by name; offices come besides (`OFFICES`)."""
    school, today = scheme.school_id, clock.today()
    if scheme.kind == rules.COLLEAGUE:
        found = Staff.objects.active(today).filter(school=school, user__is_active=True)
        return found.exclude(user=actor.user_id).order_by("pinyin", "name", "pk")
    if scheme.kind == rules.PROGRESS:
        mine = Student.objects.enrolled().filter(actor.students_where(PROPOSE, student="pk"), school=school)
        return mine.with_class(today).order_by("class_grade", "class_number", "pinyin", "pk")
    if scheme.kind == rules.PARTNERS:
        both = actor.students_where(PROPOSE) & actor.students_where(PROPOSE, student="partner")
        going = Together.objects.running().filter(both, school=school)
        return going.select_related("student__key", "partner__key").order_by("student__pinyin", "pk")
    return SchoolClass.objects.visible_to(actor).filter(school=school, year=scheme.year_id)


def of_class(rows: QuerySet, scheme: Scheme, school_class: SchoolClass) -> QuerySet:
    """Of children, or of two of them, those of one class today."""
    placed = ClassMembership.objects.on(clock.today()).filter(school_class=school_class).values("student")
    return rows.filter(**{"pk__in" if scheme.kind == rules.PROGRESS else "student__in": placed})


def with_title(actor: Actor, scheme: Scheme) -> CommendationSet:
    """Who holds this title, in the order in which it was given, for certificates; whoever took the yes back does not."""
    found = Commendation.objects.visible_to(actor).awarded().agreed().filter(scheme=scheme)
    return found.with_whom().order_by("number")


def proposals(actor: Actor, scheme: Scheme) -> CommendationSet:
    """In the order in which they came."""
    found = Commendation.objects.visible_to(actor).filter(scheme=scheme)
    return found.with_whom().select_related("entered_by").prefetch_related("asked")


def self_checks(actor: Actor, scheme: Scheme) -> SelfCheckSet:
    found = scheme.self_checks.visible_to(actor).filter(ended_at=None)
    return found.select_related("key", "school_class", "staff", "entered_by")


def sits(actor: Actor, scheme: Scheme) -> bool:
    return scheme.committee.filter(
        ended_at=None, staff__user=actor.user_id, staff__user__isnull=False
    ).exists()


def looked_at(actor: Actor, one: Commendation) -> Looked:
    """For the committee and those who lead: the one place where figures and reasons are read."""
    member = sits(actor, one.scheme)
    if not member and not actor.may(MANAGE, school_id=one.school_id):
        raise NotAllowed(MANAGE)
    near, staff = stands_back(one), staff_of(actor.user_id)
    if staff is not None and staff.pk in near:
        return Looked((), (), 0, member, True, None)
    allowed = able(one, near)
    said = one.reviews.filter(staff__in=allowed).select_related("staff").prefetch_related("met")
    words = tuple(Word(row, unseal(one.key, row.words_sealed, SAID)) for row in said)
    mine = next((word for word in words if staff and word.review.staff_id == staff.pk), None)
    return Looked(shown_by_records(one.scheme, one.whom), words, len(allowed), member, False, mine)


def to_publish(scheme: Scheme) -> CommendationSet:
    """Meets, everybody agreed, and no notice that counts."""
    found = Commendation.objects.standing().agreed().filter(scheme=scheme, outcome="meets", awarded_on=None)
    waiting = Q(notice=None) | Q(notice__taken_down_at__isnull=False)
    return found.filter(waiting).with_whom().order_by("pk")


def to_award(scheme: Scheme) -> CommendationSet:
    """The notice stood its days and nobody’s objection waits; whoever was left out of it is not among them."""
    found = Commendation.objects.standing().agreed().filter(scheme=scheme, awarded_on=None)
    over = found.filter(notice__last_day__lt=clock.today(), notice__taken_down_at=None)
    waits = Objection.objects.open().filter(notice=OuterRef("notice"))
    rows = over.filter(~Exists(waits)).with_whom().order_by("pk")
    lines = NoticeLine.objects.shown().filter(notice__in=rows.values("notice"))
    hanging = set(lines.values_list("notice_id", "student_id", "label"))
    fits = [one.pk for one in rows if _lines_of(one) <= hanging]
    return rows.filter(pk__in=fits)


def _lines_of(one: Commendation) -> set[tuple[int | None, int | None, str]]:
    if one.students:
        return {(one.notice_id, student.pk, "") for student in one.students}
    return {(one.notice_id, None, one.label)}


@dataclass(frozen=True, slots=True)
class Title:
    """Those who hold one title, in the order in which it was given: nobody stands before anybody else by more than that."""

    scheme: Scheme
    held_by: tuple[Commendation, ...]


def honours(actor: Actor, school: Organisation, year: SchoolYear) -> list[Title]:
    """What shows on the school's page today, of this school year."""
    found = Commendation.objects.visible_to(actor).shown().filter(school=school, scheme__year=year)
    rows = found.with_whom().order_by("scheme__kind", "scheme", "number")
    return [Title(scheme, tuple(some)) for scheme, some in groupby(rows, key=lambda one: one.scheme)]


def asked_of(actor: Actor) -> list[Asked]:
    """What this person is asked or has answered about what still goes on, the open ones first."""
    whole = Prefetch("commendation", Commendation.objects.with_whom())
    found = Asked.objects.filter(asked_q(actor)).of_standing().prefetch_related(whole)
    return sorted(found.select_related("staff", "student"), key=lambda one: (bool(one.answer), one.pk))


def to_ask(actor: Actor) -> list[Asked]:
    """Open questions to children, and their families, whom this person looks after: most have no door of their own.
    Those who lead find them on the page of each honour."""
    whole = Prefetch("commendation", Commendation.objects.with_whom())
    found = Asked.objects.filter(asks_for_child_q(actor), answer="").of_standing()
    found = found.exclude(actor.school_q(MANAGE)).exclude(asked_q(actor))
    return list(found.prefetch_related(whole).select_related("student").order_by("student__pinyin", "pk"))


def waiting(asked: Iterable[Asked]) -> list[Asked]:
    return [one for one in asked if not one.answer]


def open_to_check(actor: Actor, school: Organisation) -> list[Scheme]:
    """Schemes under which this colleague may look at the own work today."""
    found = schemes(actor, school).standing().filter(open_until__gte=clock.today())
    return [one for one in found if own_parts(actor, one)]
