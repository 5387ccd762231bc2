"""Writing a circular, changing it by a new version, taking it back; opening, confirming, reminding those missing."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send

from .belonging import MANAGE
from .models_circulars import CHANGED, TEXT, TITLE, Circular, CircularVersion, Reading
from .queries import missing

REMIND = gettext_lazy("The school asks you to read something and to confirm it.")


@dataclass(frozen=True, slots=True)
class To:
    """Whom it is addressed to; a county writes `schools`. `asks`: to be confirmed, perhaps `by` a day."""

    group: str = ""
    grade: int | None = None
    families: bool = False
    schools: bool = False
    asks: bool = True
    by: datetime.date | None = None


@transaction.atomic
def publish(
    actor: Actor,
    *,
    office: Organisation,
    client_id: UUID,
    kind: str,
    title: str,
    text: str,
    to: To,
    based_on: Circular | None = None,
) -> Circular:
    """Write a circular of this office; it stands with those it is addressed to from this moment."""
    user_id = _person(actor, office.pk)
    title, text = _words(title, text)
    if kind not in Circular.Kind:
        raise Refused(_("Please choose what it is."), field="kind")
    _check_addressed(office, to)
    if to.by and (not to.asks or to.by < clock.today()):
        raise Refused(
            _("The day to confirm by lies ahead, and only where confirming is asked for."), field="by"
        )
    if based_on is not None and not _may_pass_on(actor, office, based_on):
        raise NotAllowed(MANAGE)
    found = Circular.objects.filter(school=office, client_id=client_id)

    def written() -> Circular:
        made = Circular.objects.create(
            school=office, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), kind=kind,
            group=to.group, grade=to.grade, to_families=to.families, to_schools=to.schools, asks=to.asks,
            confirm_by=to.by, based_on=based_on,
        )  # fmt: skip
        _version(made, user_id, client_id, title, text, number=1)
        _log(actor, "circular.publish", made, kind=kind)
        return made

    return once(found.first, written)


def _check_addressed(office: Organisation, to: To) -> None:
    is_county = office.kind == Organisation.Kind.COUNTY
    if to.schools != is_county or (is_county and (to.group or to.families or to.grade is not None)):
        raise Refused(
            _("A county writes to its schools, a school to colleagues and families."), field="group"
        )
    if to.group not in Circular.Group:
        raise Refused(_("Please choose for whom it is."), field="group")
    if not is_county and not to.group and not to.families:
        raise Refused(_("Please choose for whom it is."), field="group")


def _may_pass_on(actor: Actor, office: Organisation, source: Circular) -> bool:
    """A school passes on what its own county wrote to its schools."""
    is_from_county = source.to_schools and source.school_id == office.parent_id
    return is_from_county and Circular.objects.visible_to(actor).filter(pk=source.pk).exists()


@transaction.atomic
def write_anew(
    actor: Actor, *, circular: Circular, client_id: UUID, title: str, text: str, changed: str, asks_anew: bool
) -> CircularVersion:
    """A new version; the old ones stay. `asks_anew`: whoever confirmed before is asked once more."""
    user_id = _person(actor, circular.school_id)
    title, text = _words(title, text)
    changed = " ".join(changed.split())
    if not changed:
        raise Refused(_("Please say in a line what is new, so that nobody has to compare."), field="changed")
    if len(changed) > CHANGED:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": CHANGED}, field="changed")
    circular = _standing(circular)
    found = circular.versions.filter(client_id=client_id)

    def written() -> CircularVersion:
        number = circular.versions.latest("number").number + 1
        made = _version(
            circular, user_id, client_id, title, text, number=number, changed=changed, asks_anew=asks_anew
        )
        _log(actor, "circular.version", circular, number=number, asks_anew=asks_anew)
        return made

    return once(found.first, written)


def _version(
    circular: Circular,
    user_id: int,
    client_id: UUID,
    title: str,
    text: str,
    *,
    number: int,
    changed: str = "",
    asks_anew: bool = True,
) -> CircularVersion:
    return CircularVersion.objects.create(
        school_id=circular.school_id, circular=circular, client_id=client_id, number=number, title=title,
        text=text, changed=changed, asks_anew=asks_anew, written_by_id=user_id, written_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def take_back(actor: Actor, *, circular: Circular, reason: str) -> None:
    """It stands with nobody any more; the office keeps it with the reason."""
    user_id = _person(actor, circular.school_id)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why it is taken back."), field="reason")
    circular = _standing(circular)
    circular.end(user_id, reason)
    _log(actor, "circular.back", circular)


@transaction.atomic
def put_back(actor: Actor, *, circular: Circular) -> None:
    """Taken back by mistake a moment ago: it stands again."""
    _person(actor, circular.school_id)
    held = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    if held.ended_at is None:
        return
    held.end_no_more(_("It was taken back a while ago. Please write it anew."))
    _log(actor, "circular.put-back", held)


@transaction.atomic
def open_it(actor: Actor, *, circular: Circular) -> Reading:
    """Whoever it is addressed to has opened the newest version; kept once for each, no trail of looking."""
    user_id, newest = _reader(actor, circular), circular.current.number
    mine = Reading.objects.filter(circular=circular, user=user_id)

    def opened() -> Reading:
        return Reading.objects.create(
            school_id=circular.school_id,
            circular=circular,
            user_id=user_id,
            opened=newest,
            opened_at=clock.now(),
        )

    found = once(mine.first, opened)
    if found.opened < newest:
        mine.filter(opened__lt=newest).update(opened=newest, opened_at=clock.now())
        found.refresh_from_db()
    return found


@transaction.atomic
def confirm(actor: Actor, *, circular: Circular, number: int) -> None:
    """“I have read it”, said of the version that was on the page."""
    circular = _standing(circular)
    if number != circular.current.number:
        raise Refused(_("A newer version has come meanwhile. Please read that one."))
    found = open_it(actor, circular=circular)
    if found.confirmed == number:
        return
    found.confirmed, found.confirmed_at = number, clock.now()
    found.save(update_fields=["confirmed", "confirmed_at"])
    _log(actor, "circular.confirm", circular, number=number)


@transaction.atomic
def not_yet(actor: Actor, *, circular: Circular) -> None:
    """Confirmed by mistake a moment ago."""
    mine = Reading.objects.select_for_update(of=("self",)).filter(circular=circular, user=actor.user_id)
    found = mine.first()
    if found is None or found.confirmed_at is None:
        return
    if not is_recent(found.confirmed_at):
        raise Refused(_("This was confirmed a while ago."))
    found.confirmed = found.confirmed_at = None
    found.save(update_fields=["confirmed", "confirmed_at"])
    _log(actor, "circular.not-yet", circular)


@transaction.atomic
def remind(actor: Actor, *, circular: Circular) -> int:
    """A message to each colleague who has not confirmed, and to nobody else; once a day at most."""
    _person(actor, circular.school_id)
    circular = _standing(circular)
    users = missing(circular)
    if not users:
        raise Refused(_("Everybody has confirmed. Nobody is reminded."))
    for user in User.objects.filter(pk__in=users).order_by("pk"):
        send(
            to=user,
            school=circular.school,
            code="circular",
            subject=REMIND,
            link=("circular", [circular.pk]),
            key=f"circular.{circular.pk}.{clock.today().isoformat()}",
        )
    _log(actor, "circular.remind", circular, people=len(users))
    return len(users)


def _words(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.strip()
    if not title:
        raise Refused(_("Please give it a title."), field="title")
    if not text:
        raise Refused(_("Please write what it says."), field="text")
    for words, longest, field in ((title, TITLE, "title"), (text, TEXT, "text")):
        if len(words) > longest:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=field)
    return title, text


def _person(actor: Actor, school_id: int) -> int:
    """Whose name stands under it."""
    actor.require(MANAGE, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _reader(actor: Actor, circular: Circular) -> int:
    if actor.user_id is None or not Circular.objects.visible_to(actor).filter(pk=circular.pk).exists():
        raise NotAllowed("circular.read")
    return actor.user_id


def _standing(circular: Circular) -> Circular:
    """As it stands now, held."""
    held = Circular.objects.select_for_update(of=("self",)).select_related("school")
    found = held.prefetch_related("versions").get(pk=circular.pk)
    if found.ended_at is not None:
        raise Refused(_("It was taken back meanwhile."))
    return found


def _log(actor: Actor, action: str, circular: Circular, **detail: object) -> None:
    subject = ("circular", circular.pk)
    audit.record(actor, action, school_id=circular.school_id, subject=subject, detail=detail)
