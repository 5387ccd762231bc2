"""A campaign: begun, changed, made known, ended."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.models import Fund
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import SchoolClass
from tongxing.ground.publicity.actions import for_everybody

from .. import rules
from ..models import Campaign, Department, Step
from ..models_campaigns import APPEAL, MANAGE, NAME, WORDS, Ended
from ..queries.campaigns import still_waits

MOST_DEPARTMENTS = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign says. `counted_on`: the day whose roster counts; `consent_from` in fen."""

    name: str
    appeal: str
    starts_on: datetime.date
    ends_on: datetime.date
    counted_on: datetime.date
    fund: Fund
    slogan: str = ""
    shows_share: bool = True
    consent_from: int = 5_000


def person(actor: Actor, ability: str, school_id: int) -> int:
    """Whose name stands under it; money always has somebody who answers for it."""
    actor.require(ability, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def tidy(text: str, most: int, field: str) -> str:
    """One line that says something."""
    plain = " ".join(text.split())
    if not plain or len(plain) > most:
        raise Refused(_("Please write a few words, up to %(n)d signs.") % {"n": most}, field=field)
    return plain


def check_free(words: str, field: str) -> None:
    """Whether and how much to give is for each to decide, whatever is written beside it."""
    if rules.presses(words):
        raise Refused(
            _(
                "Giving is for each to decide: here stands no amount, no least, no goal and no list of who gave."
            ),
            field=field,
        )
    check_no_code(words, field)


def check_no_code(words: str, field: str) -> None:
    if rules.pays_by_code(words):
        raise Refused(
            _(
                "No code and no address to pay with: money is counted by two, or comes through a lawful account."
            ),
            field=field,
        )


def log(actor: Actor, action: str, school_id: int, what: str, pk: int, /, **detail: object) -> None:
    audit.record(actor, action, school_id=school_id, subject=(what, pk), detail=detail)


def end(row: Ended, user_id: int, reason: str) -> None:
    """From now on it counts no longer; it stays readable."""
    row.ended_at, row.ended_by_id = clock.now(), user_id
    row.ended_reason = tidy(reason, WORDS, "reason")
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])


@transaction.atomic
def begin(actor: Actor, *, school: Organisation, client_id: UUID, plan: Plan) -> Campaign:
    """A new campaign, with its appeal and the fund its money belongs to."""
    user_id = person(actor, MANAGE, school.pk)
    facts = _facts(school.pk, plan)

    def make() -> Campaign:
        made = Campaign.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), **facts
        )
        log(actor, "donation.begin", school.pk, "campaign", made.pk)
        return made

    return once(lambda: Campaign.objects.filter(school=school, client_id=client_id).first(), make)


def _facts(school_id: int, plan: Plan) -> dict[str, object]:
    if plan.ends_on < plan.starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")
    if not plan.starts_on <= plan.counted_on <= plan.ends_on:
        raise Refused(_("This day lies outside the campaign."), field="counted_on")
    if plan.fund.school_id != school_id or plan.fund.memo or plan.fund.ended_on:
        raise Refused(_("Please choose which money it is."), field="fund")
    appeal = plan.appeal.strip()
    if not appeal or len(appeal) > APPEAL:
        raise Refused(_("Please write a few words, up to %(n)d signs.") % {"n": APPEAL}, field="appeal")
    for field, words in (("name", plan.name), ("slogan", plan.slogan), ("appeal", appeal)):
        check_free(words, field)
    return {
        "name": for_everybody(tidy(plan.name, NAME, "name"), field="name"),
        "slogan": for_everybody(" ".join(plan.slogan.split())[:NAME], field="slogan"),
        "appeal": for_everybody(appeal, field="appeal"),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "counted_on": plan.counted_on,
        "fund": plan.fund,
        "shows_share": plan.shows_share,
        "consent_from": plan.consent_from,
    }


@transaction.atomic
def change(actor: Actor, *, campaign: Campaign, plan: Plan) -> Campaign:
    """Other words or days. Once something was handed over, the day that counts and the fund stay."""
    person(actor, MANAGE, campaign.school_id)
    facts = _facts(campaign.school_id, plan)
    campaign = held(campaign)
    if campaign.handed.filter(ended_at=None).exists():
        if plan.counted_on != campaign.counted_on:
            raise Refused(_("Something was handed over already: this day stays."), field="counted_on")
        if plan.fund.pk != campaign.fund_id:
            raise Refused(_("Something was handed over already: the fund stays."), field="fund")
    for name, value in facts.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(facts))
    log(actor, "donation.change", campaign.school_id, "campaign", campaign.pk)
    return campaign


def held(campaign: Campaign) -> Campaign:
    """As it stands now, held until the transaction ends; refused once it is over for good."""
    found = (
        Campaign.objects.select_for_update(of=("self",)).select_related("school", "fund").get(pk=campaign.pk)
    )
    if found.ended_at:
        raise Refused(_("This campaign is closed."))
    return found


@transaction.atomic
def close(actor: Actor, *, campaign: Campaign, reason: str) -> None:
    """Nothing more is entered in it; everything stays readable."""
    user_id = person(actor, MANAGE, campaign.school_id)
    campaign = held(campaign)
    if still_waits(campaign):
        raise Refused(_("Some of what was handed over is not in the books yet. Finance receives it first."))
    end(campaign, user_id, reason)
    log(actor, "donation.close", campaign.school_id, "campaign", campaign.pk)


@transaction.atomic
def set_departments(actor: Actor, *, school: Organisation, names: Sequence[str]) -> list[Department]:
    """The rows of the staff's part of the grid, one after the other; what is left out ends and keeps its figures."""
    person(actor, MANAGE, school.pk)
    wanted = list(dict.fromkeys(tidy(name, NAME, "departments") for name in names if name.strip()))
    if len(wanted) > MOST_DEPARTMENTS:
        raise Refused(_("This is too long."), field="departments")
    open_ones = Department.objects.select_for_update().filter(school=school, ended_on=None)
    known = {one.name: one for one in open_ones}
    gone = [one.pk for one in known.values() if one.name not in wanted]
    Department.objects.filter(pk__in=gone).update(ended_on=clock.today())
    for name in wanted:
        if name not in known:
            known[name] = Department.objects.create(school=school, name=name)
    log(actor, "donation.departments", school.pk, "school", school.pk, rows=len(wanted))
    return [known[name] for name in wanted]


@transaction.atomic
def note_step(
    actor: Actor,
    *,
    campaign: Campaign,
    client_id: UUID,
    kind: str,
    day: datetime.date,
    words: str = "",
    school_class: SchoolClass | None = None,
) -> Step:
    """A meeting that was held, or one way in which the appeal was made known."""
    user_id = person(actor, MANAGE, campaign.school_id)
    if kind not in Step.Kind.values:
        raise Refused(_("Please choose what it was."), field="kind")
    if day > clock.today():
        raise Refused(_("This day has not come yet."), field="day")
    check_free(words, "words")
    if school_class and school_class.school_id != campaign.school_id:
        raise NotAllowed(MANAGE)

    def make() -> Step:
        made = Step.objects.create(
            school_id=campaign.school_id, client_id=client_id, campaign=campaign, kind=kind, day=day,
            words=" ".join(words.split())[:WORDS], school_class=school_class, entered_by_id=user_id,
            entered_at=clock.now(),
        )  # fmt: skip
        log(actor, "donation.step", campaign.school_id, "campaign", campaign.pk, kind=kind)
        return made

    return once(lambda: Step.objects.filter(school_id=campaign.school_id, client_id=client_id).first(), make)


@transaction.atomic
def take_step_back(actor: Actor, *, step: Step, reason: str = "") -> None:
    """It was not so; the line stays with its reason."""
    user_id = person(actor, MANAGE, step.school_id)
    step = Step.objects.select_for_update().get(pk=step.pk)
    if step.ended_at is None:
        end(step, user_id, reason or _("taken back"))
        log(actor, "donation.step-back", step.school_id, "campaign", step.campaign_id)
