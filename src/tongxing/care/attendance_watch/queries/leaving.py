"""Who leaves, what was said on parting, what came along, and the end of a term: open promises, thanks, who left the
register and why."""

from collections import defaultdict
from dataclasses import dataclass

from tongxing.care.pairing.models import Pair
from tongxing.care.programme.queries import Duty, duties_of
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Registration, Staff, Student, Term

from ..models import Departure, LeavingReview, TransferFile
from ..models_leaving import HELPED, NEXT


@dataclass(frozen=True, slots=True)
class Review:
    row: LeavingReview
    helped: str
    next_teachers: str


def reviews_of(actor: Actor, student: Student) -> list[Review]:
    """What was said on parting, the latest first; `student` with the key."""
    rows = LeavingReview.objects.visible_to(actor).filter(student=student).select_related("recorded_by")
    return [
        Review(
            row, unseal(student.key, row.helped_sealed, HELPED), unseal(student.key, row.next_sealed, NEXT)
        )
        for row in rows.order_by("-recorded_at", "-pk")
    ]


def departure_of(student: Student) -> Departure | None:
    """The latest word about where the child went on the last day."""
    rows = Departure.objects.filter(student=student, left_on=student.left_on)
    return rows.order_by("-recorded_at", "-pk").first() if student.left_on else None


def files_of(actor: Actor, student: Student) -> list[TransferFile]:
    rows = TransferFile.objects.visible_to(actor).filter(student=student).select_related("made_by")
    return list(rows.order_by("-made_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Promised:
    """A registered child with what was promised this term and is still open."""

    student: Student
    helper: Staff | None
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class TermEnd:
    """`thanks`: who accompanied whom this term, in the order of names; nobody is counted."""

    open_promises: tuple[Promised, ...]
    thanks: tuple[tuple[Staff, tuple[Student, ...]], ...]
    left_register: tuple[Registration, ...]


def term_end(actor: Actor, school: Organisation, term: Term) -> TermEnd:
    """The number of queries does not grow with the children."""
    day = min(clock.today(), term.ends_on)
    entries = Registration.objects.visible_to(actor).filter(school=school)
    current = entries.on(day).filter(student__status=Student.Status.ENROLLED).values("student")
    students = list(
        Student.objects.filter(pk__in=current)
        .with_class(day)
        .order_by("class_grade", "class_number", "pinyin", "pk")
    )
    duties = duties_of(actor, term, [one.pk for one in students], clock.now())
    pairs = Pair.objects.visible_to(actor).filter(school=school, starts_on__lte=term.ends_on)
    pairs = pairs.exclude(ends_on__lt=term.starts_on).select_related("helper", "student")
    helpers = {one.student_id: one.helper for one in pairs.open().of_first_helpers()}
    open_ones = [Promised(one, helpers.get(one.pk), _still_open(duties.get(one.pk, []))) for one in students]
    ended = entries.filter(ends_on__gte=term.starts_on).select_related("student")
    return TermEnd(
        tuple(one for one in open_ones if one.duties),
        _thanks(list(pairs)),
        tuple(ended.order_by("-ends_on", "student__pinyin", "pk")),
    )


def _still_open(duties: list[Duty]) -> tuple[Duty, ...]:
    return tuple(one for one in duties if one.state in {"due", "overdue"} and not one.season)


def _thanks(pairs: list[Pair]) -> tuple[tuple[Staff, tuple[Student, ...]], ...]:
    staff: dict[int, Staff] = {}
    students: defaultdict[int, dict[int, Student]] = defaultdict(dict)
    for pair in pairs:
        staff[pair.helper_id] = pair.helper
        students[pair.helper_id][pair.student_id] = pair.student
    order = sorted(staff.values(), key=lambda one: (one.pinyin, one.name, one.pk))
    return tuple((one, tuple(students[one.pk].values())) for one in order)
