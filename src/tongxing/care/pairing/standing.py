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
    """`helpers` are those at work today; `pairs` grows with `take`: a bulk start keeps the capacity."""

    helpers: dict[int, Staff]
    registered: set[int]
    pairs: set[tuple[int, int]]
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
        pairs = set(Pair.objects.open().filter(school=school).values_list("student_id", "helper_id"))
        return cls(
            {one.pk: one for one in staff if one.pk in at_work and one.user.is_active},
            set(registered.values_list("student_id", flat=True)),
            pairs,
            Counter(helper for _student, helper in pairs),
            set(Exclusion.objects.filter(school=school).values_list("student_id", "helper_id")),
        )

    def take(self, student: int, helper: int) -> None:
        self.pairs.add((student, helper))
        self.loads[helper] += 1

    def refusal(self, student: int, helper: int) -> str | None:
        """The sentence that says why this pair cannot start; None when it can."""
        staff = self.helpers.get(helper)
        if staff is None:
            return _("This colleague does not work at the school at present.")
        if student not in self.registered:
            return _("This student is not on the register at present.")
        if (student, helper) in self.pairs:
            return _("%(helper)s accompanies this student already.") % {"helper": staff.name}
        if (student, helper) in self.exclusions:
            return _("%(helper)s has been ruled out for this student.") % {"helper": staff.name}
        if staff.offence_check_on is None:
            return _("The offence-record check of %(helper)s has not been noted yet.") % {
                "helper": staff.name
            }
        if self.loads[helper] >= staff.pairing_capacity:
            return ngettext(
                "%(helper)s accompanies %(n)d student already; there is no more room.",
                "%(helper)s accompanies %(n)d students already; there is no more room.",
                self.loads[helper],
            ) % {"helper": staff.name, "n": self.loads[helper]}
        return None

    def check(self, student: int, helper: int) -> None:
        if sentence := self.refusal(student, helper):
            raise Refused(sentence, field="helper")
