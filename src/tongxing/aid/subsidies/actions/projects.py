"""Projects and what they give: taking the usual ones, adding, a new amount, ending.

Invariants:
- whoever manages aid in the school keeps its projects, whoever keeps aid in the county those of the county;
- an amount is never changed: another follows it from its day on, and one that was wrong is taken back with a reason.
"""

import datetime
import tomllib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.publicity.actions import for_everybody

from ..models import Project, Rate, Round
from ..models_projects import COUNTY, MANAGE, NAME, WORDS

FIRST = Path(__file__).parents[1] / "first.toml"
FIRST_ID = UUID("4b1f0e52-9d6a-4d8f-8c55-6d2c1a7f3e10")
#: Stage of a school → the stages of its grades.
STAGES = {
    Organisation.Stage.PRIMARY: {"primary"},
    Organisation.Stage.TEACHING_POINT: {"primary"},
    Organisation.Stage.NINE_YEAR: {"primary", "junior"},
    Organisation.Stage.JUNIOR: {"junior"},
    Organisation.Stage.SENIOR: {"senior"},
    Organisation.Stage.VOCATIONAL: {"senior"},
}


def person(actor: Actor, can: str, school_id: int, student_id: int | None = None) -> int:
    actor.require(can, school_id=school_id, student_id=student_id)
    if actor.user_id is None:
        raise NotAllowed(can)
    return actor.user_id


def keeper(actor: Actor, organisation: Organisation) -> int:
    """Whoever may change the projects of this school or county."""
    return person(actor, COUNTY if organisation.kind == "county" else MANAGE, organisation.pk)


def log(actor: Actor, action: str, school_id: int, subject: tuple[str, int], **detail: object) -> None:
    audit.record(actor, action, school_id=school_id, subject=subject, detail=detail)


def projects_for(school: Organisation):
    """Those of the school and of the bureau above it that have not ended."""
    above = [pk for pk in (school.pk, school.parent_id) if pk]
    return Project.objects.standing().filter(school__in=above)


@transaction.atomic
def take_usual(actor: Actor, *, organisation: Organisation) -> int:
    """Begin with the usual projects of the stages taught here; what is there already, by name, stays as it is."""
    user_id, now = keeper(actor, organisation), clock.now()
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one after the other
    there = set(projects_for(organisation).values_list("name", flat=True))
    stages = STAGES.get(Organisation.Stage(organisation.stage)) if organisation.stage else None
    added = 0
    for told in tomllib.loads(FIRST.read_text("utf-8"))["projects"]:
        of = set(told.get("stages", ()))
        if told["name"] in there or (of and stages is not None and not of & stages):
            continue
        facts = {part: told.get(part, "") for part in ("name", "kind", "payer", "asks", "apart")}
        project = Project.objects.create(
            school=organisation, client_id=uuid5(FIRST_ID, f"{organisation.pk} {told['name']} {now}"),
            added_by_id=user_id, added_at=now, **facts,
        )  # fmt: skip
        for n, rate in enumerate(told["rates"]):
            if stages is None or rate["stage"] in stages:
                facts = {part: rate.get(part, "") for part in ("stage", "boarding", "level", "source")}
                Rate.objects.create(
                    school=organisation, project=project, client_id=uuid5(project.client_id, str(n)),
                    amount=money.fen(rate["amount"]), starts_on=rate["starts_on"], set_by_id=user_id, set_at=now, **facts,
                )  # fmt: skip
        added += 1
    if added:
        log(actor, "subsidy.usual", organisation.pk, ("school", organisation.pk), projects=added)
    return added


@transaction.atomic
def add_project(
    actor: Actor,
    *,
    organisation: Organisation,
    client_id: UUID,
    name: str,
    kind: str,
    payer: str,
    asks: str,
    apart: str = "",
) -> Project:
    user_id = keeper(actor, organisation)
    name = for_everybody(few_words(name, most=NAME, field="name"), field="name")
    emergency = kind == Project.Kind.EMERGENCY
    if emergency:
        payer, asks = Project.Payer.SCHOOL, Project.Asks.NOTHING
    elif asks == Project.Asks.NOTHING:
        raise Refused(_("Only help in an emergency is decided without a recognition."), field="asks")
    if payer == Project.Payer.GOODS and kind != Project.Kind.IN_KIND:
        raise Refused(_("Only things are handed out without money."), field="payer")

    def make() -> Project:
        if projects_for(organisation).filter(name=name).exists():
            raise Refused(_("There is a project of this name already."), field="name")
        project = Project.objects.create(
            school=organisation, client_id=client_id, name=name, kind=kind, payer=payer, asks=asks,
            apart=" ".join(apart.split())[:NAME], added_by_id=user_id, added_at=clock.now(),
        )  # fmt: skip
        log(actor, "subsidy.project", organisation.pk, ("subsidy_project", project.pk))
        return project

    return once(lambda: Project.objects.filter(school=organisation, client_id=client_id).first(), make)


@transaction.atomic
def end_project(actor: Actor, *, project: Project, reason: str) -> None:
    """Nobody opens it for another term; what was granted stays."""
    user_id = keeper(actor, project.school)
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if project.ended_at:
        return
    if Round.objects.filter(project=project, closed_at=None).exists():
        raise Refused(_("It is open in a term. Close that first."))
    project.ended_at, project.ended_by_id = clock.now(), user_id
    project.ended_reason = few_words(reason, most=WORDS, field="reason")
    project.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "subsidy.project-end", project.school_id, ("subsidy_project", project.pk))


@dataclass(frozen=True, slots=True)
class RateSaid:
    """`amount`: fen for one child and term; empty words fit everybody."""

    amount: int
    starts_on: datetime.date
    source: str
    stage: str = ""
    boarding: str = ""
    level: str = ""


@transaction.atomic
def set_rate(
    actor: Actor, *, organisation: Organisation, project: Project, said: RateSaid, client_id: UUID
) -> Rate:
    """A school may set amounts of its own for its own projects, the county for those of the county."""
    user_id = keeper(actor, organisation)
    if project.school_id != organisation.pk:
        raise Refused(_("The county sets the amounts of this project."))
    if said.amount <= 0:
        raise Refused(_("An amount is more than nothing."), field="amount")
    source = few_words(said.source, most=WORDS, field="source")

    def make() -> Rate:
        rate = Rate.objects.create(
            school=organisation, project=project, client_id=client_id, stage=said.stage, boarding=said.boarding,
            level=" ".join(said.level.split())[:20], amount=said.amount, starts_on=said.starts_on, source=source,
            set_by_id=user_id, set_at=clock.now(),
        )  # fmt: skip
        log(actor, "subsidy.rate", organisation.pk, ("subsidy_rate", rate.pk))
        return rate

    return once(lambda: Rate.objects.filter(school=organisation, client_id=client_id).first(), make)


@transaction.atomic
def take_rate_back(actor: Actor, *, rate: Rate, reason: str) -> None:
    """It was entered wrongly: nothing is suggested with it any more. What was granted stays."""
    user_id = keeper(actor, rate.school)
    rate = Rate.objects.select_for_update(of=("self",)).get(pk=rate.pk)
    if rate.ended_at:
        return
    rate.ended_at, rate.ended_by_id = clock.now(), user_id
    rate.ended_reason = few_words(reason, most=WORDS, field="reason")
    rate.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "subsidy.rate-back", rate.school_id, ("subsidy_rate", rate.pk))
