"""The projects of a term class by class, the lists, what one child has, and whom nothing reaches."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tongxing.aid.hardship.queries import BY_CLASS
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Responsibility, Student, Term

from .. import rules
from ..models import Card, PayLine, PayList, Project, Rate, Round, Subsidy
from .eligible import Line, OfClass, levels_on, suggestions, within


def rounds_of(actor: Actor, school: Organisation) -> QuerySet[Round]:
    """With how many children were granted how much (fen) so far."""
    found = (
        Round.objects.visible_to(actor)
        .filter(school=school)
        .select_related("project", "term__year", "school")
    )
    counts = Q(subsidies__ended_at=None, subsidies__granted=True)
    counts &= ~Q(project__kind="emergency") | Q(subsidies__agreed_at__isnull=False)
    return found.annotate(
        children=Count("subsidies", counts, distinct=True), granted=Sum("subsidies__amount", filter=counts)
    )


def projects_of(actor: Actor, organisation: Organisation) -> QuerySet[Project]:
    of_both = Q(school=organisation) | Q(school=organisation.parent_id)
    return Project.objects.visible_to(actor).filter(of_both).select_related("school")


def rates_of(actor: Actor, project: Project) -> QuerySet[Rate]:
    return Rate.objects.visible_to(actor).filter(project=project).select_related("school", "set_by")


def classes_of(actor: Actor, round: Round) -> list[OfClass]:
    """Every child that is suggested or was decided about, by class and name, with who answers for the class."""
    day = within(clock.today(), round)
    decided = Subsidy.objects.visible_to(actor).standing().filter(round=round)
    done = {
        one.student_id: one for one in decided.select_related("decided_by", "student__key", "round__project")
    }
    said = {
        pk: one
        for pk, one in suggestions(round).items()
        if one.fits or pk in done or "boarding_unknown" in one.reasons
    }
    seen = Student.objects.visible_to(actor, "hardship").filter(pk__in={*said, *done}).with_class(day)
    found: dict[int | None, OfClass] = {}
    answer = responsible(round.school, day)
    nothing = rules.Suggestion(0, ("not_recognised",))
    for student in seen.select_related("key").order_by(*BY_CLASS):
        names = answer.get(student.class_id or 0, "")
        of = found.setdefault(
            student.class_id, OfClass(student.class_name or "", student.class_id, names)
        )  # fmt: skip
        of.lines.append(Line(student, said.get(student.pk, nothing), done.get(student.pk)))
    return list(found.values())


def responsible(school: Organisation, day: datetime.date) -> dict[int, str]:
    """Class → its class teachers' names."""
    found = Responsibility.objects.on(day).filter(
        school=school, post="class_teacher", school_class__isnull=False
    )
    names: dict[int, list[str]] = defaultdict(list)
    for class_id, name in found.order_by("pk").values_list("school_class", "staff__name"):
        names[class_id].append(name)
    return {pk: "、".join(dict.fromkeys(found)) for pk, found in names.items()}


def lists_of(actor: Actor, school: Organisation) -> QuerySet[PayList]:
    """With how many `people` stand on each, how many answered, and whether its payment was `reversed`."""
    found = PayList.objects.visible_to(actor).with_reversed().filter(school=school)
    found = found.annotate(
        people=Count("lines"), received=Count("lines", Q(lines__answer="received")),
        not_there=_counted(PayLine.objects.standing().filter(answer="not")),
        back=_counted(PayLine.objects.back()),
    )  # fmt: skip
    related = ("school", "made_by", "ended_by", "entry__posting", "round__project", "round__term__year")
    return found.select_related(*related)


def _counted(lines: QuerySet[PayLine]) -> Coalesce:
    """How many of these lines stand on the list that is asked about."""
    of_list = lines.filter(pay_list=OuterRef("pk")).order_by().values("pay_list")
    return Coalesce(Subquery(of_list.annotate(n=Count("pk")).values("n")), 0)


def stand(one: PayList) -> str:
    """How a list of `lists_of` stands: back, open, reversed, written, posted or handed."""
    if one.ended_at:
        return "back"
    if one.handed_on:
        return "handed"
    if one.entry is None or one.entry.ended_at:
        return "open"
    if one.reversed:  # type: ignore[attr-defined]  # annotated by `lists_of`
        return "reversed"
    return "posted" if one.entry.is_posted else "written"


def lines_of(pay_list: PayList, actor: Actor) -> list[tuple[PayLine, Student]]:
    """Whoever is on it, with the class of today, in the order of classes and names."""
    lines = {
        one.student_id: one
        for one in PayLine.objects.visible_to(actor)
        .filter(pay_list=pay_list)
        .with_back()
        .select_related("subsidy")
    }
    found = Student.objects.filter(pk__in=lines).with_class(clock.today()).select_related("key")
    return [(lines[one.pk], one) for one in found.order_by(*BY_CLASS)]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Recognised, and nothing reaches the child this term. `refused`: somebody decided so; `suggested`: what it could
    have today; `boarding`: a project only waits for whether it boards."""

    student: Student
    level: str
    refused: str
    suggested: Sequence[Round]
    boarding: bool


def uncovered(actor: Actor, school: Organisation, term: Term) -> list[Uncovered]:
    """In the order of classes and names."""
    today = clock.today()
    levels = levels_on(school, today)
    reached = Subsidy.objects.granted().filter(school=school, term=term).values("student")
    pupils = Student.objects.visible_to(actor, "hardship").enrolled().filter(school=school, pk__in=levels)
    missing = list(pupils.exclude(pk__in=reached).with_class(today).order_by(*BY_CLASS))
    pks = [one.pk for one in missing]
    said, waits = defaultdict(list), set()
    open_rounds = Round.objects.visible_to(actor).filter(school=school, term=term, closed_at=None)
    for one in open_rounds.select_related("project", "term", "school"):
        for pk, suggestion in suggestions(one, Q(student__in=pks)).items():
            if suggestion.fits:
                said[pk].append(one)
            elif "boarding_unknown" in suggestion.reasons:
                waits.add(pk)
    no = Subsidy.objects.visible_to(actor).standing().filter(term=term, granted=False, student__in=pks)
    reasons = {one.student_id: one.reason for one in no.select_related("student__key")}
    return [
        Uncovered(one, levels[one.pk], reasons.get(one.pk, ""), said[one.pk], one.pk in waits)
        for one in missing
    ]


@dataclass(frozen=True, slots=True)
class AidOfChild:
    subsidies: list[Subsidy]
    lines: list[PayLine]
    has_card: bool


def aid_of(actor: Actor, student: Student) -> AidOfChild:
    found = Subsidy.objects.visible_to(actor).filter(student=student)
    related = ("round__project", "term__year", "decided_by", "agreed_by", "student__key")
    on_lists = PayLine.objects.visible_to(actor).standing().filter(student=student)
    lines = on_lists.select_related("pay_list__entry__posting")
    card = Card.objects.visible_to(actor).standing().filter(student=student)
    return AidOfChild(list(found.select_related(*related).order_by("-pk")), list(lines), card.exists())


def paid_out(actor: Actor, student: Student) -> list[PayLine]:
    """What a family is asked about at its door: paid and checked, or handed out; nothing of others, no category."""
    paid = PayList.objects.with_reversed().filter(entry__posting__isnull=False, reversed=False)
    out = Q(pay_list__handed_on__isnull=False) | Q(pay_list__in=paid)
    found = PayLine.objects.of_family(actor).standing().filter(out, student=student, pay_list__ended_at=None)
    related = ("pay_list__entry", "subsidy__round__project", "subsidy__term__year")
    return list(found.select_related(*related).order_by("-pk"))
