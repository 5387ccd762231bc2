"""Reading a round and the register. The number of queries never depends on the number of students.

Coverage is derived from enrolment: enrolled = candidates + cleared + not yet looked at, always.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Circumstance, Registration, Student, Term
from tongxing.ground.people.search import find_students

from .models import ClassDone, Looked, Round, RoundQuerySet
from .rules import AREA
from .wording import tell


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a round stands. `unseen`: enrolled and not yet looked at, whenever they joined."""

    enrolled: int
    candidates: int
    cleared: int
    pending: int
    normal: int
    key: int
    set_aside: int

    @property
    def looked(self) -> int:
        return self.candidates + self.cleared

    @property
    def unseen(self) -> int:
        return self.enrolled - self.looked

    @property
    def confirmed(self) -> int:
        return self.normal + self.key

    @property
    def is_complete(self) -> bool:
        return self.unseen == 0 and self.pending == 0


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as this reader may see it, with the records behind it."""

    code: str
    severity: str
    sentence: str
    sources: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    student: Student
    reasons: tuple[Told, ...]
    level: str
    decision: str
    note: str
    decided_by: str
    has_news: bool
    registered: str
    class_id: int | None
    class_name: str

    @property
    def is_pending(self) -> bool:
        return self.decision == Looked.Decision.PENDING


@dataclass(frozen=True, slots=True)
class ClassList:
    """One class of a round: its counts, and its candidates where they were asked for."""

    class_id: int | None
    name: str
    enrolled: int = 0
    candidates: int = 0
    pending: int = 0
    unseen: int = 0
    done: ClassDone | None = None
    rows: tuple[Candidate, ...] = ()


def current_round(actor: Actor, term: Term | None) -> Round | None:
    """The term's newest round, or None where none was opened or this actor does not look at screening."""
    if term is None:
        return None
    return rounds(actor, term.school_id).filter(term=term).first()


def rounds(actor: Actor, school_id: int) -> RoundQuerySet:
    """Every round of the school, the newest first."""
    found = Round.objects.visible_to(actor).filter(school_id=school_id).newest_first()
    return found.select_related("approved_by", "opened_by", "term__year")


def history(actor: Actor, school_id: int) -> list[tuple[Round, Counter[str]]]:
    """Every round of the school with its counts by outcome and decision, the newest first. Two queries."""
    counts: dict[int, Counter[str]] = {}
    rows = Looked.objects.visible_to(actor).filter(school_id=school_id)
    for round_id, outcome, decision, n in rows.values_list("round", "outcome", "decision").annotate(
        n=Count("pk")
    ):
        counts.setdefault(round_id, Counter()).update({outcome: n, decision or "none": n})
    return [(round, counts.get(round.pk, Counter())) for round in rounds(actor, school_id)]


def subjects_of_need(actor: Actor, term: Term | None) -> dict[int, frozenset[str]]:
    """student id → the subjects that the term's newest round found to need support."""
    rows = Looked.objects.visible_to(actor).in_newest_round()
    rows = rows.filter(round__term=term, outcome=Looked.Outcome.CANDIDATE)
    return {
        student: frozenset(subject for reason in reasons for subject in reason["figures"].get("subjects", ()))
        for student, reasons in rows.values_list("student_id", "reasons")
    }


def coverage(actor: Actor, round: Round) -> Coverage:
    """Counts over everyone enrolled at this moment."""
    enrolled = Student.objects.visible_to(actor).filter(school_id=round.school_id).enrolled().count()
    looked = Looked.objects.visible_to(actor).filter(round=round, student__status="enrolled")
    counts: Counter[str] = Counter()
    for outcome, decision in looked.values_list("outcome", "decision"):
        counts[outcome] += 1
        counts[decision] += 1
    return Coverage(
        enrolled=enrolled,
        candidates=counts[Looked.Outcome.CANDIDATE],
        cleared=counts[Looked.Outcome.CLEARED],
        pending=counts[Looked.Decision.PENDING],
        normal=counts[Looked.Decision.NORMAL],
        key=counts[Looked.Decision.KEY],
        set_aside=counts[Looked.Decision.SET_ASIDE],
    )


def unseen(actor: Actor, round: Round) -> list[Student]:
    """Enrolled students nobody has looked at, by class."""
    looked = Looked.objects.filter(round=round).values("student")
    students = Student.objects.visible_to(actor).filter(school_id=round.school_id).enrolled()
    return list(
        students.exclude(pk__in=looked)
        .with_class(clock.today())
        .order_by("class_grade", "class_number", "pinyin", "code")
    )


def candidates_by_reason(actor: Actor, round: Round) -> dict[str, int]:
    """How many candidates each reason has brought (a candidate may have several), as far as this actor sees."""
    looked = Looked.objects.visible_to(actor).filter(
        round=round, outcome=Looked.Outcome.CANDIDATE, student__status="enrolled"
    )
    counts: Counter[str] = Counter()
    for student_id, reasons in looked.values_list("student_id", "reasons"):
        seen = {
            reason["code"]
            for reason in reasons
            if actor.sees(zone_of(reason), school_id=round.school_id, student_id=student_id)
        }
        counts.update(seen)
    return {code: counts[code] for code in AREA if counts[code]}


def classes(actor: Actor, round: Round) -> list[ClassList]:
    """Every class with what is still to do in it, and who went through it; where something waits comes first."""
    students = Student.objects.visible_to(actor).filter(school_id=round.school_id).enrolled()
    fields = ("pk", "class_id", "class_name", "class_grade", "class_number")
    looked = dict(Looked.objects.visible_to(actor).filter(round=round).values_list("student_id", "decision"))
    gone_through = ClassDone.objects.visible_to(actor).filter(round=round).select_related("by")
    done = {one.school_class_id: one for one in gone_through}
    names: dict[int | None, tuple] = {}
    counts: Counter[tuple[int | None, str]] = Counter()
    for student_id, class_id, name, grade, number in students.with_class(clock.today()).values_list(*fields):
        names[class_id] = (grade is None, grade or 0, number or 0, name or _("not in a class yet"))
        decision = looked.get(student_id)
        counts[class_id, "enrolled"] += 1
        counts[class_id, "unseen"] += decision is None
        counts[class_id, "candidates"] += bool(decision)
        counts[class_id, "pending"] += decision == Looked.Decision.PENDING
    lists = [
        ClassList(
            class_id,
            names[class_id][-1],
            counts[class_id, "enrolled"],
            counts[class_id, "candidates"],
            counts[class_id, "pending"],
            counts[class_id, "unseen"],
            done.get(class_id or 0),
        )
        for class_id in sorted(names, key=lambda one: names[one])
    ]
    return sorted(lists, key=lambda one: (not (one.pending or one.unseen), one.done is not None))


def candidates(
    actor: Actor, round: Round, *, class_id: int | None = None, reason: str = "", decision: str = ""
) -> list[ClassList]:
    """Candidates by class, reasons told in words; those who wait first, never in an order of need.

    class_id 0: not in a class; decision: one of Looked.Decision, or “confirmed” for both levels.
    """
    looked = Looked.objects.visible_to(actor).filter(round=round, outcome=Looked.Outcome.CANDIDATE)
    if decision == "confirmed":
        looked = looked.filter(decision__in=(Looked.Decision.NORMAL, Looked.Decision.KEY))
    elif decision:
        looked = looked.filter(decision=decision)
    rows = {row.student_id: row for row in looked.select_related("decided_by")}
    students = Student.objects.visible_to(actor).filter(pk__in=rows).enrolled().with_class(clock.today())
    if class_id is not None:
        students = students.filter(class_id=class_id or None)
    students = students.order_by("class_grade", "class_number", "pinyin", "code")
    levels = levels_on_register(actor, round.school_id, clock.today())
    lists: dict[int | None, list[Candidate]] = {}
    for student in students:
        told = candidate_of(actor, rows[student.pk], student, levels.get(student.pk, ""))
        if not reason or any(one.code == reason for one in told.reasons):
            lists.setdefault(told.class_id, []).append(told)
    return [
        ClassList(
            key,
            rows[0].class_name,
            candidates=len(rows),
            pending=sum(row.is_pending for row in rows),
            rows=tuple(sorted(rows, key=lambda row: not row.is_pending)),
        )
        for key, rows in lists.items()
    ]


def candidate(actor: Actor, round: Round, student: Any) -> Candidate | None:
    """One student of the list (from `with_class`), or None where the student is no candidate."""
    row = Looked.objects.visible_to(actor).filter(
        round=round, student=student, outcome=Looked.Outcome.CANDIDATE
    )
    found = row.select_related("decided_by").first()
    levels = levels_on_register(actor, round.school_id, clock.today())
    return candidate_of(actor, found, student, levels.get(student.pk, "")) if found else None


def candidate_of(actor: Actor, row: Looked, student: Any, registered: str) -> Candidate:
    return Candidate(
        student=student,
        reasons=tuple(told(actor, student, row.reasons)),
        level=row.level or "normal",
        decision=row.decision,
        note=row.note,
        decided_by=row.decided_by.name if row.decided_by else "",
        has_news=row.has_news,
        registered=registered,
        class_id=student.class_id,
        class_name=student.class_name or _("not in a class yet"),
    )


def told(actor: Actor, student: Student, reasons: Iterable[Mapping[str, Any]]) -> Iterable[Told]:
    """The reasons whose zone this actor sees for this student; the others are left out without a trace."""
    names = {category.value: str(category.label) for category in Circumstance.Category}
    for reason in reasons:
        if actor.sees(zone_of(reason), school_id=student.school_id, student_id=student.pk):
            sources = tuple((model, pk) for model, pk in reason["sources"])
            sentence = tell(reason["code"], reason["figures"], names)
            yield Told(reason["code"], reason["severity"], sentence, sources)


def zone_of(reason: Mapping[str, Any]) -> Zone:
    """The right that opens a reason."""
    area = AREA[reason["code"]]
    if area == "home":
        return "care" if reason["figures"].get("category") in Circumstance.FAMILY else "hardship"
    return "academic" if area in {"study", "attendance", "conduct"} else "care"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register."""

    student: Student
    level: str
    since: date
    class_id: int | None
    class_name: str


def register(
    actor: Actor,
    school: Organisation,
    on: date,
    *,
    class_id: int | None = None,
    level: str = "",
    text: str = "",
) -> list[Entry]:
    """Who is on the register that day, by class and name."""
    entries = Registration.objects.visible_to(actor).on(on).filter(school=school)
    if level:
        entries = entries.filter(level=level)
    held = {entry.student_id: entry for entry in entries}
    students = Student.objects.visible_to(actor).filter(pk__in=held).with_class(on)
    if class_id is not None:
        students = students.filter(class_id=class_id)
    students = find_students(students, text, classes=(), on=on)
    ordered: Iterable[Any] = students.order_by("class_grade", "class_number", "pinyin", "code")
    return [
        Entry(
            student,
            held[student.pk].level,
            held[student.pk].starts_on,
            student.class_id,
            student.class_name or _("not in a class yet"),
        )
        for student in ordered
    ]


def left_register(actor: Actor, school: Organisation, since: date) -> list[Registration]:
    """Who has left the register since that day and is not on it now, the latest first, each once."""
    held = Registration.objects.visible_to(actor).filter(school=school)
    ended = held.filter(ends_on__gte=since).exclude(student__in=held.filter(ends_on=None).values("student"))
    latest: dict[int, Registration] = {}
    for entry in ended.select_related("student").order_by("-ends_on", "-pk"):
        latest.setdefault(entry.student_id, entry)
    return list(latest.values())


def levels_on_register(actor: Actor, school_id: int, on: date) -> dict[int, str]:
    """student id → the level on the register that day."""
    entries = Registration.objects.visible_to(actor).on(on).filter(school_id=school_id)
    return dict(entries.values_list("student_id", "level"))
