"""What of the records may show that a criterion is met: a closed list, each counted from records by one function.

Never on it: gains in scores, gifts, log-ins, the length or number of words (慈善法 32, 2019 两办意见). What is counted is
shown to those it is about and to the committee, nowhere else, beside nobody else's, and decides nothing alone.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongxing.care.activities.models import Offer
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.family.models import OwnGoal
from tongxing.care.pairing.models import Pair
from tongxing.care.peers.models import SharedGoal
from tongxing.care.programme.models import MeasureOutcome, PlanReview
from tongxing.care.programme.queries import obligations
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import ClassMembership, Staff, Term
from tongxing.oversight.insight.counts import AT_HOME, FAMILY
from tongxing.oversight.notices.models import Decision, Meeting

from . import rules
from .whom import Whom, classes_of, members


@dataclass(frozen=True, slots=True)
class About:
    """Whose records: those that colleagues made, or those about these students. `first` to `last`: both included."""

    school: Organisation
    first: datetime.date
    last: datetime.date
    staff: frozenset[int] = frozenset()
    students: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    together: int | None = None

    def within(self, name: str) -> dict[str, Any]:
        """The days, for a column with a moment."""
        return {f"{name}__gte": clock.start_of(self.first), f"{name}__lt": clock.end_of(self.last)}

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Kind:
    """`of`: the kinds of schemes in which it can show something."""

    label: str | Promise
    means: str | Promise
    of: frozenset[str]
    count: Callable[[About], int] = field(compare=False)


def about(school: Organisation, one: Whom, kind: str, first: datetime.date, last: datetime.date) -> About:
    """Those who belong to it on the last day that is looked at, or today."""
    on = min(last, clock.today())
    staff = frozenset(members(school, one, kind, on))
    students = frozenset(student.pk for student in one.students)
    classes = frozenset(classes_of(one, on)) if kind == rules.CLASS else frozenset[int]()
    if classes:
        placed = ClassMembership.objects.on(on).filter(school_class__in=classes)
        students = frozenset(placed.values_list("student_id", flat=True))
    return About(school, first, last, staff, students, classes, one.together.pk if one.together else None)


def _contacts(one: About) -> Any:
    """What stands and the whole team may read: what is kept between two people is not counted."""
    found = Contact.objects.standing().filter(
        school=one.school, made=True, visibility=Visibility.TEAM, **one.within("happened_at")
    )
    return found.filter(staff__in=one.staff) if one.staff else found.filter(student__in=one.students)


def _promised(one: About) -> int:
    """Talks and visits that did what a promise asked for, also those made or written down later."""
    students = set(one.students)
    if one.staff:
        students |= set(Pair.objects.filter(helper__in=one.staff).values_list("student_id", flat=True))
    if not students:
        return 0
    terms = Term.objects.filter(school=one.school, starts_on__lte=one.last, ends_on__gte=one.first)
    duties = [duty for term in terms for duty in obligations(SYSTEM, term, clock.now(), students=students)]
    kept = {
        duty.evidence_id
        for duty in duties
        if duty.done_on is not None
        and one.first <= duty.done_on <= one.last
        and (not one.staff or duty.helper_id in one.staff)
    }
    return sum(1 for _contact in kept)  # one talk that kept two promises is one talk


def _visits(one: About) -> int:
    return _contacts(one).filter(channel=AT_HOME).count()


def _families(one: About) -> int:
    return sum(not FAMILY.isdisjoint(reached) for reached in _contacts(one).values_list("reached", flat=True))


def _goals(one: About) -> int:
    return _contacts(one).filter(kind="goal_outcome").count()


def _reflections(one: About) -> int:
    """How a measure went, also what did not come about, and looking at a plan again."""
    users = Staff.objects.filter(pk__in=one.staff).values("user")
    said = MeasureOutcome.objects.standing().filter(staff__in=one.staff, happened_on__range=one.days)
    looked = PlanReview.objects.filter(recorded_by__in=users, looked_on__range=one.days)
    return said.count() + looked.count()


def _offers(one: About) -> int:
    led = Offer.objects.filter(leader__in=one.staff, ended_on=None, term__starts_on__lte=one.last)
    return led.filter(term__ends_on__gte=one.first).count()


def _decisions(one: About) -> int:
    return Decision.objects.filter(person__in=one.staff, ended_at=None, done_on__range=one.days).count()


def _class_meetings(one: About) -> int:
    held = Meeting.objects.filter(kind=Meeting.Kind.THEME, ended_at=None, day__range=one.days)
    return held.exclude(minutes="").filter(school_class__in=one.classes).count()


def _own_goals(one: About) -> int:
    return OwnGoal.objects.filter(student__in=one.students, reached=True, **one.within("ended_at")).count()


def _shared_goals(one: About) -> int:
    return SharedGoal.objects.filter(together=one.together, reached_on__range=one.days).count()


_PEOPLE = frozenset({rules.GROUP, rules.COLLEAGUE})
_CLASS = frozenset({rules.CLASS})
_CHILD = frozenset({rules.PROGRESS})
# fmt: off
KINDS: dict[str, Kind] = {
    "promised": Kind(_("Talks and visits done as promised"), _("Contacts that did what a promise of the school or of a plan asked for."), _PEOPLE | _CLASS, _promised),
    "visits": Kind(_("Families visited at home"), _("Home visits in which somebody was met."), _PEOPLE | _CLASS, _visits),
    "families": Kind(_("Words with families"), _("Calls, messages, letters and visits that reached a family."), _PEOPLE | _CLASS, _families),
    "goals": Kind(_("Goals of students seen through"), _("Goals of the month with what became of them."), _PEOPLE | _CLASS | _CHILD, _goals),
    "reflections": Kind(_("Looking back on what was tried"), _("How measures of plans went, also what did not come about, and plans looked at again."), _PEOPLE, _reflections),
    "offers": Kind(_("Groups and tutoring led"), _("Art groups, clubs and tutoring of these terms."), _PEOPLE, _offers),
    "decisions": Kind(_("What meetings asked, seen to"), _("Decisions of meetings that were noted as done."), _PEOPLE, _decisions),
    "meetings": Kind(_("Class meetings on a theme"), _("Class meetings that were held, with their minutes."), _CLASS, _class_meetings),
    "own_goals": Kind(_("Own goals reached"), _("Goals in the child’s own words that the child has reached."), _CHILD, _own_goals),
    "shared": Kind(_("Goals the two reached together"), _("Goals of the two that they have reached."), frozenset({rules.PARTNERS}), _shared_goals),
}
# fmt: on
CODES = tuple(KINDS)
choices = [(code, kind.label) for code, kind in KINDS.items()]
