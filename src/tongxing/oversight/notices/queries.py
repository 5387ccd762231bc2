"""Circulars as they are read: what came to me, what waits for my confirmation, who has confirmed and who has not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, SchoolClass, Student

from .belonging import MANAGE, addressed_q, belongings
from .models_circulars import Circular, Reading
from .rules import ASKS_FOR, State, state_of

#: The newest that a list of what somebody received holds.
RECEIVED = 60
#: The ability of whoever keeps in touch with families.
FAMILIES = "family.door"


@dataclass(frozen=True, slots=True)
class Received:
    """A circular in somebody's hands. `asked`: this person is asked to confirm it."""

    circular: Circular
    state: State
    asked: bool

    @property
    def waits(self) -> bool:
        return self.asked and self.state != "confirmed"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    state: State
    class_name: str = ""


@dataclass(slots=True)
class Overview:
    """Who has confirmed and who has not, of colleagues or of families; `no_door`: whom only paper or a call reaches."""

    waiting: list[Person] = field(default_factory=list)
    confirmed: list[Person] = field(default_factory=list)
    no_door: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class School:
    """A school under the county: how far the county's circular has come there."""

    school: Organisation
    state: State
    has_head: bool
    passed_on: tuple[Circular, ...]


def circulars(actor: Actor) -> QuerySet[Circular]:
    """Those this actor may read, with what every page shows of them."""
    return _whole(Circular.objects.visible_to(actor))


def _whole(found: QuerySet[Circular]) -> QuerySet[Circular]:
    return found.select_related("school", "entered_by").prefetch_related("versions")


def received(actor: Actor) -> list[Received]:
    """What is addressed to this person today, the newest first."""
    mine = _whole(Circular.objects.filter(addressed_q(actor)))
    return _with_state(actor, mine[:RECEIVED])


def _with_state(actor: Actor, mine: QuerySet[Circular]) -> list[Received]:
    own = Prefetch("readings", Reading.objects.filter(user=actor.user_id), "mine")
    found = mine.prefetch_related(own)
    return [Received(one, _state(one, one.mine), is_asked(actor, one)) for one in found]  # type: ignore[attr-defined]  # prefetched


def is_asked(actor: Actor, circular: Circular) -> bool:
    """Of those it reaches: a county asks the heads of its schools, and what is old asks nobody any more."""
    lately = circular.current.written_at >= clock.now() - ASKS_FOR
    return circular.asks and lately and (not circular.to_schools or Role.HEAD in actor.roles)


def _state(circular: Circular, readings: Iterable[Reading]) -> State:
    one = next(iter(readings), None)
    if one is None:
        return "received"
    return state_of(one.opened, one.confirmed, circular.counts_from)


def waiting(actor: Actor) -> list[Received]:
    """What this person is asked to confirm, the earliest day first; nobody's posts are asked for while nothing is."""
    if actor.user_id is None or not Circular.objects.asking().exists():
        return []
    mine = _whole(Circular.objects.asking().filter(addressed_q(actor)))
    found = [one for one in _with_state(actor, mine) if one.waits]
    return sorted(
        found, key=lambda one: (one.circular.confirm_by is None, one.circular.confirm_by, one.circular.pk)
    )


def reading_of(actor: Actor, circular: Circular) -> State:
    return _state(circular, circular.readings.filter(user=actor.user_id))


def is_addressed(actor: Actor, circular: Circular) -> bool:
    return Circular.objects.filter(addressed_q(actor), pk=circular.pk).exists()


def recipients(circular: Circular) -> set[int]:
    """The accounts of the colleagues it reaches today; a county's: of the heads of its schools."""
    day = clock.today()
    if circular.to_schools:
        heads = Grant.objects.on(day).filter(role=Role.HEAD, school__parent=circular.school_id)
        return set(heads.filter(user__is_active=True).values_list("user_id", flat=True))
    if not circular.group:
        return set()
    everybody = belongings(circular.school, day)
    return {user for user, one in everybody.items() if one.is_addressed(circular.group, circular.grade)}


def missing(circular: Circular) -> set[int]:
    """The colleagues who are asked and have not confirmed what counts."""
    if not circular.asks:
        return set()
    done = circular.readings.filter(confirmed__gte=circular.counts_from)
    return recipients(circular) - set(done.values_list("user_id", flat=True))


def overview(actor: Actor, circular: Circular) -> Overview:
    """The colleagues, in the order of names, for the office that wrote it."""
    actor.require(MANAGE, school_id=circular.school_id)
    by_user = {one.user_id: one for one in circular.readings.all()}
    found = Overview()
    people = User.objects.filter(pk__in=recipients(circular)).order_by("staff__pinyin", "name", "pk")
    for user in people:
        person = Person(user.name, _state(circular, filter(None, [by_user.get(user.pk)])))
        (found.confirmed if person.state == "confirmed" else found.waiting).append(person)
    return found


def families(actor: Actor, circular: Circular) -> Overview:
    """Class by class, of the children whose families this person keeps in touch with. A family has confirmed as soon
    as one of its guardians has."""
    by_user = {one.user_id: one for one in circular.readings.all()}
    found = Overview()
    mine = Student.objects.visible_to(actor).filter(actor.students_where(FAMILIES, student="pk"))
    children = mine.filter(school=circular.school_id).enrolled().with_class(clock.today())
    if circular.grade is not None:
        children = children.filter(class_grade=circular.grade)
    doors: dict[int, list[int]] = {}
    there = Guardian.objects.present().filter(school=circular.school_id, user__isnull=False)
    for student_id, user_id in there.values_list("student_id", "user_id"):
        doors.setdefault(student_id, []).append(user_id)
    for child in children.order_by("class_grade", "class_number", "pinyin", "pk"):
        users = doors.get(child.pk, [])
        states = {_state(circular, filter(None, [by_user.get(user)])) for user in users}
        person = Person(child.name, max(states, key=_ORDER.index, default="received"), child.class_name or "")
        if person.state == "confirmed":
            found.confirmed.append(person)
        else:
            (found.waiting if users else found.no_door).append(person)
    return found


_ORDER: tuple[State, ...] = ("received", "opened", "again", "confirmed")


def schools_of(actor: Actor, circular: Circular) -> list[School]:
    """A county's circular, school by school in the order of names: read by the head, passed on as what."""
    actor.require(MANAGE, school_id=circular.school_id)
    heads: dict[int, list[int]] = {}
    held = Grant.objects.on(clock.today()).filter(role=Role.HEAD, school__parent=circular.school_id)
    for school_id, user_id in held.filter(user__is_active=True).values_list("school_id", "user_id"):
        heads.setdefault(school_id, []).append(user_id)
    by_user = {one.user_id: one for one in circular.readings.all()}
    own: dict[int, list[Circular]] = {}
    for one in _whole(circular.passed_on.standing()):
        own.setdefault(one.school_id, []).append(one)
    found = []
    for school in Organisation.objects.filter(parent=circular.school_id).order_by("name", "pk"):
        users = heads.get(school.pk, [])
        states = {_state(circular, filter(None, [by_user.get(user)])) for user in users}
        state: State = max(states, key=_ORDER.index, default="received")
        found.append(School(school, state, bool(users), tuple(own.get(school.pk, ()))))
    return found


def grades_of(school: Organisation) -> list[int]:
    """The grades one can narrow to."""
    today = clock.today()
    found = SchoolClass.objects.filter(school=school, year__starts_on__lte=today, year__ends_on__gte=today)
    return sorted(set(found.values_list("grade", flat=True)))
