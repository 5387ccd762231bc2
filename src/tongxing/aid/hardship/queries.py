"""Reading a round: who waits for what, class by class; what holds; who is on a list and helped by nobody.

Every list is in the order of classes and names. Nothing here puts children in an order of need.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Circumstance, SchoolClass, Student
from tongxing.ground.publicity.models import Objection

from . import rules
from .actions.applications import GROUPS
from .actions.deciding import ready_to_file
from .actions.rounds import levels_of
from .content import Content
from .models import Application, Level, Listed, OfficialList, Recognition, Review, Round
from .models_applications import WORDS, RecognitionSet
from .models_rounds import REVIEW

State = Application.State
BY_CLASS = ("class_grade", "class_number", "pinyin", "pk")


def rounds(actor: Actor, school: Organisation):
    return (
        Round.objects.visible_to(actor).filter(school=school).select_related("year", "term__year", "school")
    )


def current_round(actor: Actor, school: Organisation) -> Round | None:
    """The one that is open."""
    return rounds(actor, school).open().first()


@dataclass(frozen=True, slots=True)
class Row:
    """One child on a list, with what it is listed for."""

    student: Student
    application: Application | None = None
    recognition: Recognition | None = None


def in_review(actor: Actor, round: Round) -> list[Row]:
    """Applications on the way to a decision that this actor sees, by class and name."""
    found = Application.objects.visible_to(actor).filter(round=round, state__in=Application.IN_REVIEW)
    return _rows({one.student_id: one for one in found.defer("content_sealed")})


def _rows(of: dict[int, Application]) -> list[Row]:
    return [Row(student, of[student.pk]) for student in _by_class(of)]


def _by_class(pks: Iterable[int]) -> list[Student]:
    return list(Student.objects.filter(pk__in=list(pks)).with_class(clock.today()).order_by(*BY_CLASS))


@dataclass(frozen=True, slots=True)
class ClassLine:
    """How a class stands: handed in, and of these waiting for the class, for the school, for the decision."""

    school_class: SchoolClass
    handed_in: int
    class_waits: int
    school_waits: int
    decision_waits: int


def by_class(actor: Actor, round: Round) -> list[ClassLine]:
    """Every class of the year whose children this actor reviews, also those without an application."""
    today = clock.today()
    pupils = Student.objects.visible_to(actor).filter(
        actor.students_where(REVIEW, student="pk"), school=round.school
    )
    placed = dict(pupils.enrolled().with_class(today).values_list("pk", "class_id"))
    counts: dict[int | None, Counter[str]] = defaultdict(Counter)
    states = Application.objects.standing().filter(round=round, student__in=pupils)
    for student_id, state in states.values_list("student_id", "state"):
        counts[placed.get(student_id)][state] += 1
    classes = SchoolClass.objects.visible_to(actor).filter(
        year=round.year, pk__in={one for one in placed.values() if one}
    )
    return [
        ClassLine(one, counts[one.pk].total(), *(counts[one.pk][state] for state in Application.IN_REVIEW))
        for one in classes
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """An application with its text open; `suggested`: the level the answers speak for, with the reasons."""

    application: Application
    content: Content
    groups: list[str]
    official: list[str]
    answers: list[tuple[str, str]]
    suggested: Level | None
    reasons: list[str]
    reviews: list[tuple[Review, str]]


def opened(application: Application) -> Opened:
    """Everything of one application. Whoever calls has come to it by `visible_to`."""
    content, names = application.content, category_names()
    levels = levels_of(application.school)
    thresholds = [rules.Threshold(one.pk, one.from_points) for one in levels]
    day = clock.day_of(application.handed_in_at)
    known = Circumstance.objects.filter(student=application.student, category__in=GROUPS).valid_on(day)
    official = list(known.values_list("category", "source").order_by("pk"))
    groups = {*content.groups, *(category for category, _source in official)}
    suggestion = rules.suggest(content.answers, groups, application.round.points, thresholds)
    questions = rules.ready()["questions"]
    reviews = application.reviews.standing().select_related("level", "written_by").prefetch_related("present")
    return Opened(
        application,
        content,
        [names[one] for one in content.groups],
        [f"{names[category]}（{source}）" if source else names[category] for category, source in official],
        [
            (questions[q]["text"], questions[q]["options"][a][0])
            for q, a in content.answers.items()
            if q in questions
        ],
        next((one for one in levels if one.pk == suggestion.level), None),
        [rules.in_words(one, names) for one in suggestion.reasons],
        [(one, unseal(application.student.key, one.words_sealed, WORDS)) for one in reviews],
    )


def category_names() -> dict[str, str]:
    return {one.value: str(one.label) for one in Circumstance.Category}


def holding(actor: Actor, school: Organisation, on: datetime.date) -> RecognitionSet:
    """What holds on that day."""
    return (
        Recognition.objects.visible_to(actor)
        .holding()
        .filter(school=school, starts_on__lte=on, ends_on__gte=on)
    )


def recognised(actor: Actor, school: Organisation) -> list[Row]:
    held = {
        one.student_id: one
        for one in holding(actor, school, clock.today()).select_related("level", "round__year")
    }
    return [Row(student, recognition=held[student.pk]) for student in _by_class(held)]


def waiting(actor: Actor, round: Round) -> list[Row]:
    """Decided and not filed yet."""
    found = (
        Recognition.objects.visible_to(actor).waiting().filter(round=round).select_related("level", "notice")
    )
    held = {one.student_id: one for one in found}
    return [Row(student, recognition=held[student.pk]) for student in _by_class(held)]


def to_publish(actor: Actor, round: Round) -> list[Student]:
    """Who goes on the next notice."""
    found = Recognition.objects.visible_to(actor).to_publish().filter(round=round)
    return _by_class(found.values_list("student_id", flat=True))


def open_objections(round: Round) -> int:
    return Objection.objects.open().filter(notice__in=round.recognitions.values("notice")).count()


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A child that an office knows of and whom nothing is recognised for. `state`: how far an application has come."""

    student: Student
    grounds: list[str]
    state: str
    application: Application | None


def uncovered(actor: Actor, school: Organisation, round: Round | None) -> list[Uncovered]:
    """应助未助: on an official list or with such a circumstance today, without a recognition that holds."""
    today, names = clock.today(), category_names()
    grounds: dict[int, dict[str, None]] = defaultdict(dict)
    listed = Listed.objects.visible_to(actor).standing().filter(school=school, circumstance__isnull=False)
    for one in listed.select_related("sheet", "circumstance").order_by("-sheet__as_of", "pk"):
        if one.circumstance and (one.circumstance.valid_until or today) >= today:
            words = f"{names[one.category]}（{one.sheet.get_office_display()} {one.sheet.as_of:%Y-%m-%d}）"
            grounds[one.student_id].setdefault(words)
    known = Circumstance.objects.visible_to(actor).valid_on(today).filter(school=school, category__in=GROUPS)
    for circumstance in known.exclude(pk__in=listed.values("circumstance")).order_by("pk"):
        grounds[circumstance.student_id].setdefault(_ground(circumstance, names))
    for pk in holding(actor, school, today).values_list("student_id", flat=True):
        grounds.pop(pk, None)
    last = _last_applications(actor, round, grounds) if round else {}
    pupils = (
        Student.objects.enrolled().filter(pk__in=grounds, school=school).with_class(today).order_by(*BY_CLASS)
    )
    return [
        Uncovered(one, list(grounds[one.pk]), last[one.pk].state if one.pk in last else "", last.get(one.pk))
        for one in pupils
    ]


def _ground(circumstance: Circumstance, names: dict[str, str]) -> str:
    source = f"（{circumstance.source}）" if circumstance.source else ""
    return names[circumstance.category] + source


def _last_applications(actor: Actor, round: Round, pks: Iterable[int]) -> dict[int, Application]:
    found = Application.objects.visible_to(actor).standing().filter(round=round, student__in=list(pks))
    return {one.student_id: one for one in found.defer("content_sealed")}


def history(actor: Actor, student: Student) -> Sequence[Recognition]:
    """Everything decided about one child, the newest first."""
    found = Recognition.objects.visible_to(actor).filter(student=student, dropped_at=None)
    return list(found.select_related("level", "round__year", "student__key", "decided_by"))


def result_for_family(actor: Actor, student: Student) -> Recognition | None:
    """What was decided last for the own child, once it is filed."""
    found = Recognition.objects.of_family(actor).filter(student=student).select_related("level")
    return found.order_by("-filed_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many wait for what, from handing in to filing; `ready`: the notice is over, nothing is said against them."""

    class_waits: int
    school_waits: int
    decision_waits: int
    to_publish: int
    on_notice: int
    ready: int
    objections: int

    @property
    def nobody_waits(self) -> bool:
        return not (
            self.class_waits + self.school_waits + self.decision_waits + self.to_publish + self.on_notice
        )


def progress(actor: Actor, round: Round) -> Progress:
    """Of the whole school, for whoever runs the round."""
    states = Counter(
        Application.objects.visible_to(actor).filter(round=round).values_list("state", flat=True)
    )
    decided = Recognition.objects.visible_to(actor).waiting().filter(round=round)
    to_publish = decided.to_publish().count()
    return Progress(
        *(states[state] for state in Application.IN_REVIEW),
        to_publish=to_publish,
        on_notice=decided.count() - to_publish,
        ready=len(ready_to_file(round, clock.today())),
        objections=open_objections(round),
    )


def listed(actor: Actor, official: OfficialList) -> list[tuple[Student, list[str]]]:
    """Who of this school stands on a list, and as what."""
    names, said = category_names(), defaultdict(list)
    for student_id, category in (
        Listed.objects.visible_to(actor).filter(sheet=official).values_list("student_id", "category")
    ):
        said[student_id].append(names[category])
    return [(one, said[one.pk]) for one in _by_class(said)]
