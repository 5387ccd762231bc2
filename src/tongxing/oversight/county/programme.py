"""The county's programme: drafting and publishing a version; taking it over; saying why one point is different."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.programme import actions as promising
from tongxing.care.programme import versions
from tongxing.care.programme.builtin import BUILTINS, Builtin
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.versions import Terms
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once

from .comparing import Line, lines_of
from .models_programme import Adaptation, CountyPoint, CountyVersion, Takeover
from .nameless import one_line, without_names
from .scoping import MANAGE, TITLE, WORDS
from .telling import tell

#: Whoever changes what the school promises takes the county's over.
PROMISES = "settings.manage"
#: What a first draft begins with.
FIRST = ("six_ones", "three_conversations")
PUBLISHED = gettext_lazy(
    "The county has published its programme. Please look at what it means for your school."
)
COLUMNS = (
    "code", "label_zh", "label_en", "record_as", "to", "by", "needs_circumstance", "every", "n", "due_from", "reached",
    "channels", "topics", "min_days",
)  # fmt: skip


@transaction.atomic
def begin(actor: Actor, *, county: Organisation, client_id: UUID, name: str) -> CountyVersion:
    """Draft the next version from the one before; the first from what the product brings."""
    user_id = _person(actor, MANAGE, county.pk)
    name = one_line(name, "name", TITLE, _("Please give it a name."))
    mine = CountyVersion.objects.filter(school=county)

    def begun() -> CountyVersion:
        if mine.filter(published_at=None).exists():
            raise Refused(_("A draft stands already. Please go on with that one."))
        before = mine.first()
        made = CountyVersion.objects.create(
            school=county, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), name=name,
            number=before.number + 1 if before else 1,
        )  # fmt: skip
        rows = before.points.filter(left_out=False) if before else ()
        columns = [columns_of(one) for one in rows] if before else _first_columns()
        CountyPoint.objects.bulk_create(
            CountyPoint(school=county, version=made, position=place, **of) for place, of in enumerate(columns)
        )
        _log(actor, "county.programme-draft", made)
        return made

    return once(mine.filter(client_id=client_id).first, begun)


def columns_of(one: Any) -> dict[str, Any]:
    """What is asked, as values to write elsewhere."""
    return {name: getattr(one, name) for name in COLUMNS}


def _first_columns() -> list[dict[str, Any]]:
    """Those of the product that name no way of the school's own."""
    rows = [row for code in FIRST for row in BUILTINS[code].commitments]
    return [columns_of(Commitment(**row)) for row in rows]


@transaction.atomic
def add_point(actor: Actor, *, version: CountyVersion, client_id: UUID, terms: Terms) -> CountyPoint:
    """One point more in the draft, with a code of its own."""
    _person(actor, MANAGE, version.school_id)
    draft, code = _draft(version), f"county-{client_id.hex[:20]}"
    versions.check(terms)
    found = draft.points.filter(code=code)

    def added() -> CountyPoint:
        place = draft.points.count()
        made = CountyPoint.objects.create(
            school_id=draft.school_id, version=draft, code=code, position=place, **versions.values(terms)
        )
        _log(actor, "county.programme-point", draft, code=code)
        return made

    return once(found.first, added)


@transaction.atomic
def change_point(actor: Actor, *, point: CountyPoint, terms: Terms) -> CountyPoint:
    """Ask it in another way, in the draft."""
    _person(actor, MANAGE, point.school_id)
    draft = _draft(point.version)
    versions.check(terms)
    values = versions.values(terms, point)
    for name, value in values.items():
        setattr(point, name, value)
    point.save(update_fields=list(values))
    _log(actor, "county.programme-point", draft, code=point.code)
    return point


@transaction.atomic
def leave_out(actor: Actor, *, point: CountyPoint, left_out: bool = True) -> None:
    """Take a point out of the draft, or put it back."""
    _person(actor, MANAGE, point.school_id)
    draft = _draft(point.version)
    CountyPoint.objects.filter(pk=point.pk).update(left_out=left_out)
    _log(actor, "county.programme-point", draft, code=point.code, left_out=left_out)


@transaction.atomic
def publish(actor: Actor, *, version: CountyVersion, changed: str = "") -> CountyVersion:
    """From now on the schools see it; it is never changed again."""
    user_id, draft = _person(actor, MANAGE, version.school_id), _draft(version)
    if draft.number > 1:
        changed = one_line(
            changed, "changed", WORDS, _("Please say in a line what is new, so that nobody has to compare.")
        )
    if not draft.points.filter(left_out=False).exists():
        raise Refused(_("Nothing is asked for in it yet."))
    draft.changed = " ".join(changed.split())[:WORDS]
    draft.published_at, draft.published_by_id = clock.now(), user_id
    draft.save()
    _log(actor, "county.programme-publish", draft, points=draft.points.filter(left_out=False).count())
    schools = Organisation.objects.filter(parent=draft.school_id, kind=Organisation.Kind.SCHOOL)
    tell(schools, PUBLISHED, ("county-taken", []), f"county.programme.{draft.pk}", ability=PROMISES)
    return draft


@transaction.atomic
def take_over(actor: Actor, *, school: Organisation, version: CountyVersion, client_id: UUID) -> Takeover:
    """Make the county's points promises of the school: what is missing is added, what asks for less is raised, what asks
    for more or has its reason stays. Each begins with its next window, as every change of a promise does. The day of the
    first time stays; what has fallen behind since is taken over by doing it again."""
    user_id = _person(actor, PROMISES, school.pk)
    version = _newest(school, version)
    Organisation.objects.select_for_update(of=("self",)).get(
        pk=school.pk
    )  # a second click waits and finds the first
    mine = Takeover.objects.filter(school=school)
    if found := mine.filter(client_id=client_id).first():
        return found
    before = lines_of(school, version)
    added = _add(actor, school, version, [one for one in before if one.adds])
    raised = [one for one in before if one.raises]
    for one in raised:
        _raise(actor, one)
    made = mine.filter(version=version).first() or Takeover(
        school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), version=version
    )
    made.added, made.changed = made.added + added, made.changed + len(raised)
    made.save()
    detail = {"version": version.number, "added": added, "changed": len(raised)}
    audit.record(actor, "county.take-over", school_id=school.pk, subject=("takeover", made.pk), detail=detail)
    return made


def _add(actor: Actor, school: Organisation, version: CountyVersion, missing: Iterable[Line]) -> int:
    """Those whose code is new here; one that the school once had and stopped is asked for again."""
    known = {one.code: one for one in Commitment.objects.filter(school=school).order_by("pk")}
    new, added = [], 0
    for line in missing:
        if line.point.code not in known:
            new.append(columns_of(line.point))
            continue
        again = promising.resume(actor, commitment=known[line.point.code])
        if not Terms.of(again).same_as(Terms.of(line.point)):
            _change(actor, again, line.point)
        added += 1
    points = Builtin("county", version.name[:40], version.name[:60], tuple(new))
    return added + promising.take_in(actor, school=school, sets=[points])


def _raise(actor: Actor, line: Line) -> None:
    assert line.own is not None  # what asks for less is there
    _change(actor, line.own, line.point)


def _change(actor: Actor, own: Commitment, point: CountyPoint) -> None:
    """The school's own name for it stays."""
    terms = replace(Terms.of(point), label=own.label, by=own.by)
    promising.change(actor, commitment=own, terms=terms, reason=str(point.version))


@transaction.atomic
def adapt(
    actor: Actor, *, school: Organisation, point: CountyPoint, client_id: UUID, reason: str
) -> Adaptation:
    """One point is different here, and why; the county reads it."""
    user_id = _person(actor, PROMISES, school.pk)
    _newest(school, point.version)
    reason = without_names(
        one_line(reason, "reason", WORDS, _("Please say why it is different here.")), school, "reason"
    )
    mine = Adaptation.objects.filter(school=school)

    def adapted() -> Adaptation:
        for before in mine.standing().filter(point__code=point.code).select_for_update():
            before.end(user_id, _("written anew"))
        made = Adaptation.objects.create(
            school=school,
            client_id=client_id,
            entered_by_id=user_id,
            entered_at=clock.now(),
            point=point,
            reason=reason,
        )
        _log_adapted(actor, "county.adapt", made)
        return made

    return once(mine.filter(client_id=client_id).first, adapted)


@transaction.atomic
def adapt_no_more(actor: Actor, *, adaptation: Adaptation) -> None:
    """The reason is gone: the county's point is open again."""
    user_id = _person(actor, PROMISES, adaptation.school_id)
    found = Adaptation.objects.select_for_update(of=("self",)).select_related("point").get(pk=adaptation.pk)
    if found.ended_at is None:
        found.end(user_id, _("no longer so"))
        _log_adapted(actor, "county.adapt-end", found)


@transaction.atomic
def adapt_again(actor: Actor, *, adaptation: Adaptation) -> None:
    """Ended by mistake a moment ago."""
    _person(actor, PROMISES, adaptation.school_id)
    found = Adaptation.objects.select_for_update(of=("self",)).select_related("point").get(pk=adaptation.pk)
    if found.ended_at is not None:
        found.end_no_more(_("This was a while ago. Please write the reason anew."))
        _log_adapted(actor, "county.adapt", found)


def _newest(school: Organisation, version: CountyVersion) -> CountyVersion:
    newest = (
        CountyVersion.objects.published().filter(school=school.parent_id).first()
        if school.parent_id
        else None
    )
    if newest is None or newest.pk != version.pk:
        raise Refused(_("The county has published a newer version meanwhile. Please look at that one."))
    return newest


def _draft(version: CountyVersion) -> CountyVersion:
    found = CountyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if found.published_at is not None:
        raise Refused(_("This version is published and stays as it is. Please begin the next one."))
    return found


def _person(actor: Actor, ability: str, organisation: int) -> int:
    actor.require(ability, school_id=organisation)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def _log(actor: Actor, action: str, version: CountyVersion, **detail: object) -> None:
    subject = ("county-version", version.pk)
    audit.record(
        actor,
        action,
        school_id=version.school_id,
        subject=subject,
        detail={"number": version.number, **detail},
    )


def _log_adapted(actor: Actor, action: str, one: Adaptation) -> None:
    subject, detail = ("adaptation", one.pk), {"code": one.point.code}
    audit.record(actor, action, school_id=one.school_id, subject=subject, detail=detail)
