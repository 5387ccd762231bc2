"""What must hold before a pair starts: read once for any number of pairs, with the helpers' rows locked."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Staff, Student

from .models import Exclusion, Pair


@dataclass(slots=True)
class Standing:
    """`ending` are first helpers whose last day is noted and has not passed. `helpers` are those at work that day; `first` and `also` (student id, helper id) grow with `take`: a bulk
    start keeps the capacity."""

    helpers: dict[int, Staff]
    registered: set[int]
    first: dict[int, Staff]
    ending: dict[int, Staff]
    also: set[tuple[int, int]]
    loads: Counter[int]
    exclusions: set[tuple[int, int]]

    @classmethod
    def of(cls, school: Organisation, helpers: Iterable[int], on: datetime.date | None = None) -> "Standing":
        day = on or clock.today()
        staff = (
            Staff.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(pk__in=list(helpers), school=school)
            .order_by("pk")
        )
        at_work = set(Staff.objects.active(day).filter(school=school).values_list("pk", flat=True))
        registered = Registration.objects.on(day).filter(
            school=school, student__status=Student.Status.ENROLLED
        )
        pairs = list(Pair.objects.open().filter(school=school).select_related("helper"))
        ending = Pair.objects.on(day).of_first_helpers().filter(school=school).exclude(ends_on=None)
        return cls(
            {one.pk: one for one in staff if one.pk in at_work and one.user.is_active},
            set(registered.values_list("student_id", flat=True)),
            {pair.student_id: pair.helper for pair in pairs if pair.role == Pair.Role.FIRST},
            {pair.student_id: pair.helper for pair in ending.select_related("helper")},
            {(pair.student_id, pair.helper_id) for pair in pairs if pair.role == Pair.Role.ALSO},
            Counter(pair.helper_id for pair in pairs),
            set(Exclusion.objects.filter(school=school).values_list("student_id", "helper_id")),
        )

    def release(self, pair: Pair) -> None:
        """Count as if this pair had ended."""
        self.also.discard((pair.student_id, pair.helper_id))
        if pair.role == Pair.Role.FIRST:
            self.first.pop(pair.student_id, None)
        self.loads[pair.helper_id] -= 1

    def take(self, student: int, helper: int, role: str = Pair.Role.FIRST) -> None:
        if role == Pair.Role.FIRST:
            self.loads[helper] -= (student, helper) in self.also
            self.also.discard((student, helper))
            self.first[student] = self.helpers[helper]
        else:
            self.also.add((student, helper))
        self.loads[helper] += 1

    def refusal(
        self, student: int, helper: int, role: str = Pair.Role.FIRST, *, may_exceed: bool = False
    ) -> str | None:
        """The sentence that says why this pair cannot start; None when it can. Who also helps may become the
        first helper. `may_exceed`: somebody said why this helper takes more students than there is room for."""
        staff = self.helpers.get(helper)
        if staff is None:
            return _("This colleague does not work at the school at present.")
        if student not in self.registered:
            return _("This student is not on the register at present.")
        first = self.first.get(student) or (role == Pair.Role.FIRST and self.ending.get(student)) or None
        if first == staff or (role == Pair.Role.ALSO and (student, helper) in self.also):
            return _("%(helper)s accompanies this student already.") % {"helper": staff.name}
        if role == Pair.Role.FIRST and first:
            return _("%(helper)s is this student's first helper already.") % {"helper": first.name}
        if (student, helper) in self.exclusions:
            return _("%(helper)s has been ruled out for this student.") % {"helper": staff.name}
        if staff.offence_check_on is None:
            return _("The offence-record check of %(helper)s has not been noted yet.") % {
                "helper": staff.name
            }
        if not may_exceed and self._is_full(student, staff):
            return ngettext(
                "%(helper)s accompanies %(n)d student already; there is no more room.",
                "%(helper)s accompanies %(n)d students already; there is no more room.",
                self.loads[helper],
            ) % {"helper": staff.name, "n": self.loads[helper]}
        return None

    def _is_full(self, student: int, staff: Staff) -> bool:
        return self.loads[staff.pk] - ((student, staff.pk) in self.also) >= staff.pairing_capacity

    def check(
        self, student: int, helper: int, role: str = Pair.Role.FIRST, *, may_exceed: bool = False
    ) -> None:
        if sentence := self.refusal(student, helper, role, may_exceed=may_exceed):
            raise Refused(sentence, field="helper")
