"""One plan of a term with everything it says: its versions, its measures with who answers for them, its reviews.

The number of queries grows neither with the versions nor with the reviews.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from tongxing.care.contacts.models import Contact, ContactSet
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Student, Term

from . import facts
from .measures import Held, held
from .models import PlanMeasure, PlanReview, PlanVersion, TermPlan
from .term_plan_queries import PlanRow, row_of
from .term_plan_rules import Measure, PlanText, Stage
from .term_plan_texts import measure_of, note_of, reason_of, review_of, text_of, why_ended

By = PlanMeasure.By


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure as people read it, with who answers for it by name (empty: nobody yet). `held`: how it stands with
    the colleague of whom a plan in force asks it."""

    measure: Measure
    who: str
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class ShownVersion:
    version: PlanVersion
    text: PlanText
    measures: tuple[ShownMeasure, ...]
    reason: str
    note: str

    @property
    def writers(self) -> str:
        return "、".join(user.name for user in self.version.writers.all())


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A look back in words; `recorded`: what the family said in the record that was chosen."""

    review: PlanReview
    helped: str
    next: str
    teacher: str
    family: str
    recorded: str

    @property
    def from_family(self) -> str:
        return " ".join(part for part in (self.recorded, self.family) if part)


@dataclass(frozen=True, slots=True)
class WholePlan:
    """The newest version and the newest review come first."""

    row: PlanRow
    versions: tuple[ShownVersion, ...]
    reviews: tuple[ShownReview, ...]
    ended_reason: str

    @property
    def plan(self) -> TermPlan:
        return self.row.plan

    @property
    def stage(self) -> Stage:
        return self.row.stage

    @property
    def shown(self) -> ShownVersion:
        return self.versions[0]

    @property
    def in_force(self) -> ShownVersion | None:
        return next((one for one in self.versions if one.version.state == PlanVersion.State.APPROVED), None)

    @property
    def first_in_force(self) -> ShownVersion | None:
        """What stood at the beginning: the first version that was approved."""
        return next((one for one in reversed(self.versions) if one.version.was_approved), None)


def whole(actor: Actor, plan: TermPlan) -> WholePlan:
    """plan: from `visible_to`. Opens what is sealed."""
    day = plan.ended_on or clock.today()
    student = (
        Student.objects.visible_to(actor, "care")
        .with_class(day)
        .select_related("key")
        .get(pk=plan.student_id)
    )
    measures = PlanMeasure.objects.select_related("person")
    people = ("handed_in_by", "approved_by", "sent_back_by")
    prefetched = TermPlan.objects.visible_to(actor).prefetch_related(
        Prefetch(
            "versions",
            PlanVersion.objects.select_related(*people).prefetch_related(
                Prefetch("measures", measures), "writers"
            ),
        ),
        Prefetch("reviews", PlanReview.objects.select_related("recorded_by")),
    )
    plan = prefetched.select_related("term", "ended_by").get(pk=plan.pk)
    names = _answering(student, day)
    now = {one.row.pk: one for one in held([plan], plan.term)}
    said = family_said(actor, (one.family_record_id for one in plan.reviews.all()))
    return WholePlan(
        row_of(plan, student, clock.today()),
        tuple(_version(student.key, one, names, now) for one in plan.versions.all()),
        tuple(_review(student.key, one, said) for one in plan.reviews.all()),
        why_ended(student.key, plan),
    )


def _answering(student: Student, day: datetime.date) -> dict[str, str]:
    """Who answers today as helper and as class teacher."""
    helper = facts.helpers_on([student.pk], day).get(student.pk)
    teachers = facts.class_teachers_on(student.class_id, day)
    return {By.HELPER: helper.name if helper else "", By.CLASS_TEACHER: "、".join(teachers)}


def _version(
    key: SubjectKey, version: PlanVersion, names: dict[str, str], now: dict[int, Held]
) -> ShownVersion:
    measures = tuple(_measure(key, one, names, now.get(one.pk)) for one in version.measures.all())
    return ShownVersion(
        version, text_of(key, version), measures, reason_of(key, version), note_of(key, version)
    )


def _measure(key: SubjectKey, one: PlanMeasure, names: dict[str, str], now: Held | None) -> ShownMeasure:
    person = now.holder if now else one.person
    return ShownMeasure(measure_of(key, one), person.name if person else names.get(one.by, ""), now)


def _review(key: SubjectKey, review: PlanReview, said: dict[int, "FamilySaid"]) -> ShownReview:
    body = review_of(key, review)
    found = said.get(review.family_record_id or 0)
    helped, later, teacher, family = (body.get(name, "") for name in ("helped", "next", "teacher", "family"))
    return ShownReview(review, helped, later, teacher, family, found.words if found else "")


@dataclass(frozen=True, slots=True)
class FamilySaid:
    """What the family said, as a record of a visit or a call keeps it."""

    contact_id: int
    on: datetime.date
    kind: str
    words: str


def family_said(actor: Actor, contact_ids: Iterable[int | None]) -> dict[int, FamilySaid]:
    ids = [one for one in contact_ids if one]
    return _said(Contact.objects.of_team(actor).filter(pk__in=ids)) if ids else {}


def family_said_in(actor: Actor, student: Student, term: Term) -> list[FamilySaid]:
    """What the family said in this term's visits and calls, the newest first. Two queries."""
    since = clock.start_of(term.starts_on)
    found = Contact.objects.of_team(actor).filter(student=student, happened_at__gte=since, made=True)
    return list(_said(found.filter(kind__in=["visit", "call"])).values())


def _said(contacts: ContactSet) -> dict[int, FamilySaid]:
    found: dict[int, FamilySaid] = {}
    for contact in contacts.prefetch_related("revisions").order_by("-happened_at", "-pk"):
        words = list(contact.revisions.all())[-1].body.get("family_view", "")
        if words:
            kind = str(contact.asks.label)
            found[contact.pk] = FamilySaid(contact.pk, clock.day_of(contact.happened_at), kind, words)
    return found
