"""Which kinds of help stood between two exams, and what came of it beside similar children: the facts for `effect`.

Invariants:
- compared are children who were not on the register at all in between and had none of these helps, not once, whoever
  gave it: nobody is compared with another kind of help;
- a meeting of a tutoring group counts for everybody ticked there, registered or not;
- results are those of this school alone, each beside everybody of the same grade who sat the same paper;
- a child's own results are shown to whoever sees them anyway; of others only what at least `MIN_N` came to together.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongxing.care.activities.queries import tutored_in_groups
from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.rules import Paper, paper_of
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, Registration, Student
from tongxing.ground.records.models import Exam, Score

from .effect import (
    MIN_N,
    NEAR,
    Beside,
    Effect,
    Moved,
    Moves,
    Sitting,
    Step,
    beside,
    estimate,
    moves,
    overall_start,
    step,
)

CAN_SCHOOL, CAN_CHILD = "effect.view", "progress.view"
HELPER_DAYS = 28


@dataclass(frozen=True, slots=True)
class Help:
    """A kind of help. `records`: it counts from so many records of this kind on; 0: a helper, from four weeks on."""

    code: str
    label: str | Promise
    means: str | Promise
    records: int = 0


HELPS = (
    Help("helper", _("A helper"), _("A helper of their own for at least four weeks in between.")),
    Help("tutoring", _("Tutoring"), _("Tutored at least four times in between, alone or in a group."), 4),
    Help("partner", _("A study partner"), _("At least two discussions with a study partner in between."), 2),
    Help("visit", _("A home visit"), _("At least one home visit in between that reached somebody."), 1),
)


@dataclass(frozen=True, slots=True)
class Two:
    """The results of one student in one subject, in both exams: points and z where there are numbers, else bands."""

    points: tuple[float, float] | None
    z: Sitting | None
    bands: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Results:
    """Everybody who sat both exams; `papers` by subject and grade of the earlier exam; `grade_of` on its day."""

    before: Exam
    after: Exam
    of: Mapping[int, Mapping[str, Two]]
    papers: Mapping[tuple[str, int | None], Paper]
    grade_of: Mapping[int, int]

    def overall(self, student_id: int) -> Sitting | None:
        """The mean z over the subjects that have one in both exams."""
        found = [two.z for two in self.of.get(student_id, {}).values() if two.z]
        if not found:
            return None
        earlier, later = (sum(z[which] for z in found) / len(found) for which in (0, 1))
        return earlier, later

    def start(self, student_id: int) -> int:
        """The overall start in bands."""
        return overall_start([two.bands[0] for two in self.of[student_id].values() if two.bands])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known about one kind of help: `effect` where there are numbers, `moved` where there are bands."""

    help: Help
    helped: int
    effect: Effect | None
    moved: Moves | None


@dataclass(frozen=True, slots=True)
class Line:
    """One subject of one child, with what similar starts came to."""

    subject: str
    earlier: str
    later: str
    way: Step | None = None
    similar: Beside | None = None
    similar_ways: Mapping[Step, int] = field(default_factory=dict)


def exams_of(actor: Actor, school: Organisation) -> QuerySet[Exam]:
    """The exams that have results, the newest first."""
    seen = Exam.objects.visible_to(actor).filter(school=school)
    return (
        seen.annotate(sat=Count("scores", filter=Q(scores__special="")))
        .filter(sat__gt=0)
        .order_by("-held_on", "-pk")
    )


def outcomes(actor: Actor, *, school: Organisation, before: Exam, after: Exam) -> list[Outcome]:
    """Each kind of help between two exams of the school. A fixed number of queries."""
    actor.require(CAN_SCHOOL, school_id=school.pk)
    found = results(before, after)
    by_help, had_some = _who_was_helped(school, before.held_on, after.held_on)
    others = set(found.of) - _registered(school, before.held_on, after.held_on) - had_some
    return [_outcome(help, by_help[help.code] & found.of.keys(), others, found) for help in HELPS]


def _outcome(help: Help, helped: set[int], others: set[int], found: Results) -> Outcome:
    effect = estimate(_overall(found, helped), _overall(found, others))
    moved = moves(_bands(found, helped), _bands(found, others))
    return Outcome(help, len(helped), effect, moved)


def _overall(found: Results, students: set[int]) -> list[Sitting]:
    return [z for one in sorted(students) if (z := found.overall(one)) is not None]


def _bands(found: Results, students: set[int]) -> list[Moved]:
    return [
        (found.start(one), *two.bands)
        for one in sorted(students)
        for two in found.of[one].values()
        if two.bands
    ]


def results(before: Exam, after: Exam) -> Results:
    """What everybody got in the subjects of both exams. Three queries; asks no actor, see the invariants."""
    grades = {exam.pk: _grades(exam) for exam in (before, after)}
    marks: defaultdict[tuple[int, str], dict[int, tuple[float | None, str]]] = defaultdict(dict)
    points: defaultdict[tuple[int, str, int | None], list[float]] = defaultdict(list)
    sat = Score.objects.filter(exam__in=(before, after), special="").order_by("pk")
    rows = sat.values_list("exam_id", "student_id", "subject", "points", "grade")
    for exam_id, student_id, subject, number, band in rows:
        mark = None if number is None else float(number)
        marks[student_id, subject][exam_id] = mark, band
        if mark is not None:
            points[exam_id, subject, grades[exam_id].get(student_id)].append(mark)
    papers = {key: paper for key, values in points.items() if (paper := paper_of(values)).n >= MIN_N}
    of: defaultdict[int, dict[str, Two]] = defaultdict(dict)
    for (student_id, subject), both in marks.items():
        if len(both) == 2:
            found = [
                papers.get((exam.pk, subject, grades[exam.pk].get(student_id))) for exam in (before, after)
            ]
            of[student_id][subject] = _two(both[before.pk], both[after.pk], *found)
    earlier = {key[1:]: paper for key, paper in papers.items() if key[0] == before.pk}
    return Results(before, after, of, earlier, grades[before.pk])


def _two(
    earlier: tuple[float | None, str],
    later: tuple[float | None, str],
    one: Paper | None,
    other: Paper | None,
) -> Two:
    (first, band), (second, last) = earlier, later
    bands = (band, last) if band and last else None
    if first is None or second is None:
        return Two(None, None, bands)
    is_told = one and other and one.sd > 0 and other.sd > 0
    return Two((first, second), (one.z(first), other.z(second)) if is_told and one and other else None, bands)


def _grades(exam: Exam) -> dict[int, int]:
    members = ClassMembership.objects.on(exam.held_on).filter(school=exam.school_id)
    return dict(members.values_list("student_id", "school_class__grade"))


def _registered(school: Organisation, start: datetime.date, end: datetime.date) -> set[int]:
    """Those on the register on some day from `start` to `end`."""
    entries = Registration.objects.filter(school=school, starts_on__lte=end)
    return set(entries.exclude(ends_on__lt=start).values_list("student_id", flat=True))


def _who_was_helped(
    school: Organisation, start: datetime.date, end: datetime.date
) -> tuple[defaultdict[str, set[int]], set[int]]:
    """By the code of the help, and everybody who had any of it, once or for a few days. Four queries."""
    helped: defaultdict[str, set[int]] = defaultdict(set)
    pairs = Pair.objects.filter(school=school, starts_on__lte=end).exclude(ends_on__lt=start)
    had_some: set[int] = set()
    for student_id, since, until in pairs.values_list("student_id", "starts_on", "ends_on"):
        had_some.add(student_id)
        if (min(until or end, end) - max(since, start)).days >= HELPER_DAYS:
            helped["helper"].add(student_id)
    needed = {help.code: help.records for help in HELPS if help.records}
    counts = Counter(_records(school, start, end, needed))
    counts.update(("tutoring", student_id) for student_id, _day in _only_ticked(school, start, end))
    for (kind, student_id), n in counts.items():
        had_some.add(student_id)
        if n >= needed[kind]:
            helped[kind].add(student_id)
    return helped, had_some


def _made(school_id: int, start: datetime.date, end: datetime.date) -> QuerySet[Contact]:
    """The records of what was done between the two days."""
    made = Contact.objects.standing().filter(school=school_id, made=True)
    return made.filter(happened_at__gte=clock.end_of(start), happened_at__lt=clock.start_of(end))


def _records(
    school: Organisation, start: datetime.date, end: datetime.date, kinds: Iterable[str]
) -> dict[tuple[str, int], int]:
    made = _made(school.pk, start, end).filter(kind__in=list(kinds))
    counts = made.values_list("kind", "student_id").annotate(n=Count("pk")).order_by()
    return {(kind, student_id): n for kind, student_id, n in counts}


def _only_ticked(
    school: Organisation, start: datetime.date, end: datetime.date
) -> set[tuple[int, datetime.date]]:
    """Tutoring in a group that no record tells of: children off the register have none. By child and day."""
    told = _made(school.pk, start, end).filter(kind="tutoring").values_list("student_id", "happened_at")
    days = {(student_id, clock.day_of(at)) for student_id, at in told}
    return set(tutored_in_groups(school.pk, start, end)) - days


def progress(actor: Actor, *, student: Student, before: Exam, after: Exam) -> list[Line]:
    """One child's results in both exams, each beside those who started alike and had no help; by subject."""
    actor.require(CAN_CHILD, school_id=student.school_id, student_id=student.pk)
    if not Score.objects.visible_to(actor).filter(student=student, exam__in=(before, after)).exists():
        return []
    found = results(before, after)
    mine = found.of.get(student.pk, {})
    school = student.school
    _by_help, had_some = _who_was_helped(school, before.held_on, after.held_on)
    others = set(found.of) - _registered(school, before.held_on, after.held_on) - had_some - {student.pk}
    grade = found.grade_of.get(student.pk)
    others = {one for one in others if found.grade_of.get(one) == grade and _alike(found, one, student.pk)}
    return [_line(subject, two, others, found, grade) for subject, two in sorted(mine.items())]


def _alike(found: Results, one: int, other: int) -> bool:
    """Whether both started alike over all subjects: results of one subject alone swing by themselves."""
    if other not in found.of:
        return False
    mine, theirs = found.overall(one), found.overall(other)
    if mine and theirs:
        return abs(mine[0] - theirs[0]) <= NEAR
    return found.start(one) == found.start(other)


def _line(subject: str, two: Two, others: set[int], found: Results, grade: int | None) -> Line:
    theirs = [found.of[one][subject] for one in others if subject in found.of[one]]
    if two.points:
        earlier, later = two.points
        paper = found.papers.get((subject, grade))
        similar = beside(earlier, [one.points for one in theirs if one.points], paper.sd if paper else 0)
        return Line(subject, f"{earlier:g}", f"{later:g}", similar=similar)
    earlier_band, later_band = two.bands or ("", "")
    alike = [one.bands for one in theirs if one.bands and one.bands[0] == earlier_band]
    ways = Counter(way for bands in alike if (way := step(*bands)))
    similar_ways = dict(ways) if ways.total() >= MIN_N else {}
    return Line(subject, earlier_band, later_band, step(earlier_band, later_band), similar_ways=similar_ways)


def in_between(actor: Actor, *, student: Student, before: Exam, after: Exam) -> Counter[str]:
    """How often each kind of record was made for the child between the two exams, of those the team may read; with
    tutoring in a group, where no record tells of it."""
    start, end = before.held_on, after.held_on
    made = _made(student.school_id, start, end).order_by("happened_at")
    team = Contact.objects.of_team(actor).filter(student=student)
    found = Counter(made.filter(pk__in=team.values("pk")).values_list("kind", flat=True))
    ticked = [day for pk, day in _only_ticked(student.school, start, end) if pk == student.pk]
    return found + Counter(tutoring=len(ticked))


def exams_sat_by(actor: Actor, student: Student) -> QuerySet[Exam]:
    """The exams in which this student has a result, the latest first."""
    mine = Score.objects.visible_to(actor).filter(student=student, special="")
    return Exam.objects.filter(pk__in=mine.values("exam")).order_by(F("held_on").desc(), "-pk")
