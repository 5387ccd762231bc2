"""Writing a scheme, publishing and ending it, naming the committee."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import SchoolYear, Staff
from tongxing.ground.publicity.actions import for_everybody
from tongxing.oversight.notices.models import Circular

from . import rules
from .evidence import KINDS
from .models import CommitteeMember, Criterion, Scheme
from .models_schemes import ABOUT, LINE, MANAGE, NAME, VIEW

MOST_CRITERIA = 8


@dataclass(frozen=True, slots=True)
class Asks:
    """One criterion. `evidence`: a code of `evidence.KINDS`, or nothing."""

    words: str
    weight: int = Criterion.Weight.MORE
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scheme says. `starts_on` to `until`: the time that is looked at."""

    kind: str
    name: str
    about: str
    starts_on: datetime.date
    until: datetime.date
    open_until: datetime.date
    circular: Circular | None = None


@transaction.atomic
def write(
    actor: Actor,
    *,
    school: Organisation,
    year: SchoolYear,
    client_id: UUID,
    facts: Facts,
    criteria: Sequence[Asks],
    scheme: Scheme | None = None,
) -> Scheme:
    """A draft, new or (`scheme`) changed: nobody but those who lead reads it before it is published."""
    user_id = person(actor, MANAGE, school.pk)
    sent = Scheme.objects.filter(school=school, client_id=client_id)
    if scheme is None and (twin := sent.first()):
        return twin
    columns, asks = _checked(school, year, facts, scheme), _asked(facts.kind, criteria)
    if scheme is not None:
        scheme = held(scheme)
        if not scheme.is_draft:
            raise Refused(_("This scheme is published. End it and write another one."))
        for name, value in columns.items():
            setattr(scheme, name, value)
        scheme.save(update_fields=list(columns))
        _put(scheme, asks)
        log(actor, "honour.scheme-change", scheme)
        return scheme

    def written() -> Scheme:
        made = Scheme.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), year=year, **columns
        )  # fmt: skip
        _put(made, asks)
        log(actor, "honour.scheme", made)
        return made

    return once(sent.first, written)


def _checked(
    school: Organisation, year: SchoolYear, facts: Facts, scheme: Scheme | None
) -> dict[str, object]:
    if facts.kind not in Scheme.Kind:
        raise Refused(_("Please choose who is honoured."), field="kind")
    if year.school_id != school.pk or (facts.circular and facts.circular.school_id != school.pk):
        raise Refused(_("This belongs to another school."))
    name = for_everybody(few_words(facts.name, most=NAME, field="name"), field="name")
    about = for_everybody(facts.about.strip(), field="about")
    if not about or len(about) > ABOUT:
        raise Refused(_("Please write it in at most %(n)s characters.") % {"n": ABOUT}, field="about")
    if facts.until < facts.starts_on:
        raise Refused(_("The last day lies before the first."), field="until")
    if facts.open_until < clock.today():
        raise Refused(_("The last day for proposals is today or later."), field="open_until")
    same = Scheme.objects.filter(year=year, name=name, ended_at=None)
    if same.exclude(pk=scheme.pk if scheme else None).exists():
        raise Refused(_("A title of this name is given this year already."), field="name")
    return {
        "kind": facts.kind, "name": name, "about": about, "starts_on": facts.starts_on, "until": facts.until,
        "open_until": facts.open_until, "circular": facts.circular,
    }  # fmt: skip


def _asked(kind: str, criteria: Sequence[Asks]) -> list[Asks]:
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise Refused(
            _("Between one and %(n)s criteria, please.") % {"n": MOST_CRITERIA}, field="criterion_1"
        )
    found = []
    for number, one in enumerate(criteria, 1):
        field = f"criterion_{number}"
        words = for_everybody(few_words(one.words, most=LINE, field=field), field=field)
        if one.evidence and (one.evidence not in KINDS or kind not in KINDS[one.evidence].of):
            raise Refused(_("This cannot show anything about those who are honoured here."), field=field)
        if one.weight not in Criterion.Weight.values:
            raise Refused(_("Please choose how much it matters."), field=field)
        found.append(Asks(words, one.weight, one.evidence))
    if len({one.words for one in found}) != len(found):
        raise Refused(_("Each criterion is named once."), field="criterion_1")
    return found


def _put(scheme: Scheme, asks: Sequence[Asks]) -> None:
    """A draft says what was written last; nobody has relied on it yet."""
    scheme.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(
            school_id=scheme.school_id,
            scheme=scheme,
            words=one.words,
            weight=one.weight,
            evidence=one.evidence,
        )
        for one in asks
    )


@transaction.atomic
def name_committee(actor: Actor, *, scheme: Scheme, staff: Collection[Staff]) -> None:
    """Who looks at what is proposed: exactly these from now on."""
    user_id = person(actor, MANAGE, scheme.school_id)
    scheme = standing(scheme)
    if len({one.pk for one in staff}) < rules.FEWEST:
        raise Refused(_("At least %(n)s people look at it together.") % {"n": rules.FEWEST}, field="staff")
    if any(one.school_id != scheme.school_id for one in staff):
        raise Refused(_("This belongs to another school."), field="staff")
    for one in staff:
        if not actor_for(one.user).may(VIEW, school_id=scheme.school_id):
            raise Refused(
                _("%(name)s has neither lessons nor a role yet, and could not open this page.")
                % {"name": one.name},
                field="staff",
            )
    wanted = {one.pk for one in staff}
    sitting = scheme.committee.filter(ended_at=None)
    sitting.exclude(staff__in=wanted).update(ended_at=clock.now(), ended_by=user_id)
    fresh = wanted - set(sitting.values_list("staff_id", flat=True))
    CommitteeMember.objects.bulk_create(
        CommitteeMember(
            school_id=scheme.school_id, scheme=scheme, staff_id=one, named_by_id=user_id, named_at=clock.now()
        )
        for one in sorted(fresh)
    )
    log(actor, "honour.committee", scheme, staff=sorted(wanted))


@transaction.atomic
def publish(actor: Actor, *, scheme: Scheme) -> None:
    """From now on every colleague reads it, checks the own work and proposes."""
    user_id = person(actor, MANAGE, scheme.school_id)
    scheme = standing(scheme)
    if scheme.published_at:
        return
    asks = list(scheme.criteria.all())
    if not asks or all(one.evidence for one in asks):
        raise Refused(
            _(
                "At least one criterion is judged by people, without counting: please add one without evidence."
            )
        )
    if scheme.open_until < clock.today():
        raise Refused(_("Its last day for proposals is over. Please choose another one."))
    if scheme.committee.filter(ended_at=None).count() < rules.FEWEST:
        raise Refused(_("Please name the committee first."))
    scheme.published_at, scheme.published_by_id = clock.now(), user_id
    scheme.save(update_fields=["published_at", "published_by"])
    log(actor, "honour.scheme-publish", scheme)


@transaction.atomic
def back_to_draft(actor: Actor, *, scheme: Scheme) -> None:
    """Published by mistake a moment ago, and nobody has written anything yet."""
    person(actor, MANAGE, scheme.school_id)
    scheme = standing(scheme)
    if scheme.published_at is None:
        return
    used = scheme.commendations.exists() or scheme.self_checks.exists()
    if used or not is_recent(scheme.published_at):
        raise Refused(_("It has been public for a while. End it with its reason instead."))
    scheme.published_at, scheme.published_by = None, None
    scheme.save(update_fields=["published_at", "published_by"])
    log(actor, "honour.scheme-draft", scheme)


@transaction.atomic
def end(actor: Actor, *, scheme: Scheme, reason: str) -> None:
    """No proposals any more; what was given stays."""
    user_id = person(actor, MANAGE, scheme.school_id)
    scheme = standing(scheme)
    scheme.end(user_id, few_words(reason, most=200, field="reason"))
    log(actor, "honour.scheme-end", scheme)


@transaction.atomic
def go_on(actor: Actor, *, scheme: Scheme) -> None:
    """Ended by mistake a moment ago."""
    person(actor, MANAGE, scheme.school_id)
    scheme = held(scheme)
    if scheme.ended_at is None:
        return
    scheme.end_no_more(_("It ended a while ago. Please write another one."))
    log(actor, "honour.scheme-on", scheme)


def person(actor: Actor, ability: str, school_id: int, student_id: int | None = None) -> int:
    """Whose name stands under it: who is honoured is decided by people."""
    actor.require(ability, school_id=school_id, student_id=student_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def held(scheme: Scheme) -> Scheme:
    found = Scheme.objects.select_for_update(of=("self",)).select_related("school")
    return found.get(pk=scheme.pk)


def standing(scheme: Scheme) -> Scheme:
    scheme = held(scheme)
    if scheme.ended_at is not None:
        raise Refused(_("This scheme has ended."))
    return scheme


def open_now(scheme: Scheme) -> Scheme:
    """Published, and still time for self-checks and proposals."""
    scheme = standing(scheme)
    if scheme.published_at is None:
        raise Refused(_("This scheme is not published yet."))
    if scheme.open_until < clock.today():
        raise Refused(_("The time for proposals is over."))
    return scheme


def log(actor: Actor, action: str, scheme: Scheme, **detail: object) -> None:
    audit.record(
        actor, action, school_id=scheme.school_id, subject=("honour-scheme", scheme.pk), detail=detail
    )
