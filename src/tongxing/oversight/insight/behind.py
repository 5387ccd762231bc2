"""The records behind a figure, as far as a reader may see them. No text of any contact is read.

Invariants:
- what the reader may not see is not listed, only that it was counted; figures of aid open with the hardship zone;
- the number of queries does not depend on what the figure counts.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.rules import Obligation
from tongxing.care.requests.models import HelpRequest
from tongxing.care.requests.queries import Line, lines
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.models import Registration, Staff, Student

from .definitions import CONTACT, OF_AID, REQUEST, STAFF, STUDENT
from .facts import held_pairs
from .figures import Figure


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of a student; `helper`: who answered for it (None: nobody)."""

    student: Student
    duty: Obligation
    helper: Staff | None


@dataclass(frozen=True, slots=True)
class Behind:
    """`times` counts a student's duties; `staff` come with the students whom they accompanied that day, `students`
    with the names of their helpers, by the student's id."""

    students: tuple[tuple[Student, int], ...] = ()
    duties: tuple[DutyLine, ...] = ()
    staff: tuple[tuple[Staff, tuple[Student, ...]], ...] = ()
    contacts: tuple[Contact, ...] = ()
    requests: tuple[Line, ...] = ()
    key: frozenset[int] = frozenset()
    helpers: Mapping[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[object]:
        """What is listed, of whichever kind it is."""
        return self.students or self.duties or self.staff or self.contacts or self.requests

    def part(self, first: int, end: int) -> "Behind":
        """These rows alone."""
        return replace(
            self,
            students=self.students[first:end],
            duties=self.duties[first:end],
            staff=self.staff[first:end],
            contacts=self.contacts[first:end],
            requests=self.requests[first:end],
        )

    @property
    def shown(self) -> int:
        """How many of the figure's records are listed."""
        students = sum(times for _student, times in self.students)
        return students + len(self.duties) + len(self.staff) + len(self.contacts) + len(self.requests)


def behind(actor: Actor, figure: Figure, duties: Iterable[Obligation] = ()) -> Behind:
    """The records of a figure; of one that counts duties, the duties where they are given."""
    times: dict[int, int] = defaultdict(int)
    for _model, number in figure.records:
        times[number] += 1
    model = figure.records[0][0] if figure.records else ""
    if model == STAFF:
        return Behind(staff=_helpers(actor, times, figure.as_of))
    if model == CONTACT:
        contacts = Contact.objects.visible_to(actor).filter(pk__in=times).select_related("student", "staff")
        return Behind(contacts=tuple(contacts.order_by("-happened_at", "-pk")))
    if model == REQUEST:
        asked = HelpRequest.objects.visible_to(actor).filter(pk__in=times, in_safety=False)
        asked = asked.select_related("student", "school_class", "holder")
        return Behind(requests=tuple(lines(actor, asked.order_by("asked_on", "pk"))))
    if model != STUDENT:
        return Behind()
    day, duties = day_of(figure.as_of), tuple(duties)
    students = {
        student.pk: student
        for student in Student.objects.visible_to(actor, "hardship" if figure.code in OF_AID else "roster")
        .filter(pk__in=times)
        .with_class(day)
        .order_by("class_grade", "class_number", "pinyin", "pk")
    }
    registered = Registration.objects.visible_to(actor).on(day).filter(student__in=times, level="key")
    key = frozenset(registered.values_list("student_id", flat=True))
    if duties:
        return Behind(duties=_lines(students, duties), key=key)
    listed = tuple((one, times[pk]) for pk, one in students.items())
    return Behind(students=listed, key=key, helpers=_names(actor, students, figure.as_of))


def _lines(students: dict[int, Student], duties: tuple[Obligation, ...]) -> tuple[DutyLine, ...]:
    """By class and name, then by date."""
    staff = Staff.objects.in_bulk({duty.helper_id for duty in duties if duty.helper_id})
    order = {pk: place for place, pk in enumerate(students)}
    mine = sorted((one for one in duties if one.student_id in order), key=lambda one: order[one.student_id])
    return tuple(DutyLine(students[one.student_id], one, staff.get(one.helper_id or 0)) for one in mine)


def _names(actor: Actor, student_ids: Iterable[int], as_of: datetime.datetime) -> dict[int, str]:
    """Who accompanied each of these students, the first helper first."""
    pairs = held_pairs(Pair.objects.visible_to(actor).filter(student__in=list(student_ids)), as_of)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for student_id, name in pairs.order_by("-role", "pk").values_list("student_id", "helper__name"):
        names[student_id].append(name)
    return {student_id: "、".join(of_one) for student_id, of_one in names.items()}


def _helpers(
    actor: Actor, ids: Iterable[int], as_of: datetime.datetime
) -> tuple[tuple[Staff, tuple[Student, ...]], ...]:
    pairs = held_pairs(Pair.objects.visible_to(actor).filter(helper__in=list(ids)), as_of)
    of_helper: dict[int, list[Student]] = defaultdict(list)
    for pair in pairs.select_related("student").order_by("student__pinyin", "student_id"):
        of_helper[pair.helper_id].append(pair.student)
    staff = Staff.objects.visible_to(actor).filter(pk__in=list(ids)).order_by("pinyin", "pk")
    return tuple((one, tuple(of_helper[one.pk])) for one in staff)
