"""Proxy parents and volunteers: entered, checked, started for a child, ended. Who may: `pairing.manage`.

Nobody starts before three things are there: the offence-record check (未成年人保护法 62), a signed agreement whose rules
were read, and the family's consent to this purpose. A colleague then reaches the child as a helper does, no longer than that
consent holds; a volunteer has no account and reaches nobody's file.
"""

import datetime
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.actions import end_helpers, grant_helpers
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key, seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.masking import mask_phone
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Consent, Staff, Student

from .fixed_actions import ABILITY
from .models_proxies import PHONE, ProxyParent, Volunteer

CONSENT = "proxy"  # a code of consents.PURPOSES
RULES = (
    gettext_lazy("Home visits are made in twos."),
    gettext_lazy("Never alone with the child in a car."),
    gettext_lazy("The child never stays overnight."),
    gettext_lazy("What one learns about the family is told to nobody but the class teacher."),
    gettext_lazy("A worry about the child’s safety goes to the school on the same day."),
)


@transaction.atomic
def add_volunteer(
    actor: Actor, *, school: Organisation, name: str, comes_from: str, phone: str, client_id: uuid.UUID
) -> Volunteer:
    """Enter somebody from outside; the check is noted apart, once its paper was seen."""
    actor.require(ABILITY, school_id=school.pk)
    for field, value in (("name", name), ("comes_from", comes_from)):
        if not value.strip():
            raise Refused(_("This may not stay empty."), field=field)
    return once(
        lambda: Volunteer.objects.filter(client_id=client_id, school=school).first(),
        lambda: _entered(actor, school, name.strip(), comes_from.strip(), phone.strip(), client_id),
    )


def _entered(
    actor: Actor, school: Organisation, name: str, comes_from: str, phone: str, client_id: uuid.UUID
) -> Volunteer:
    key = new_key()
    key.save()
    volunteer = Volunteer.objects.create(
        school=school,
        key=key,
        name=name,
        comes_from=comes_from,
        phone_sealed=seal(key, phone, PHONE),
        phone_masked=mask_phone(phone) if phone else "",
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        client_id=client_id,
    )
    _log_volunteer(actor, "volunteer.add", volunteer)
    return volunteer


@transaction.atomic
def note_check(actor: Actor, *, volunteer: Volunteer, on: datetime.date) -> None:
    """The paper of the offence-record check was seen, of that day."""
    volunteer = _held(actor, volunteer)
    if on > clock.today():
        raise Refused(_("This day is still to come."), field="on")
    if volunteer.offence_check_on == on:
        return  # a second tap
    volunteer.offence_check_on, volunteer.offence_check_by_id = on, actor.user_id
    volunteer.save(update_fields=["offence_check_on", "offence_check_by"])
    _log_volunteer(actor, "volunteer.check", volunteer)


@transaction.atomic
def end_volunteer(actor: Actor, *, volunteer: Volunteer) -> None:
    """Comes no longer: looks after no child from this moment."""
    volunteer = _held(actor, volunteer)
    if volunteer.ended_at is not None:
        return
    for proxy in ProxyParent.objects.filter(volunteer=volunteer, ends_on=None).select_related("consent"):
        _end(actor, proxy, ProxyParent.Ended.OWN_WISH)
    volunteer.ended_at, volunteer.ended_by_id = clock.now(), actor.user_id
    volunteer.save(update_fields=["ended_at", "ended_by"])
    _log_volunteer(actor, "volunteer.end", volunteer)


@transaction.atomic
def reveal_phone(actor: Actor, *, volunteer: Volunteer, purpose: str) -> str:
    """The readable number; what it is needed for is asked and logged."""
    volunteer = _held(actor, volunteer)
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    _log_volunteer(actor, "volunteer.reveal", volunteer, purpose.strip()[:200])
    return unseal(volunteer.key, volunteer.phone_sealed, PHONE)


@transaction.atomic
def start_proxy(
    actor: Actor,
    *,
    student: Student,
    person: Staff | Volunteer,
    agreed_on: datetime.date | None,
    rules_read: bool,
    client_id: uuid.UUID,
) -> ProxyParent:
    """From today this person looks after the child. Each thing that is still missing is said beside its field."""
    actor.require(ABILITY, school_id=student.school_id, student_id=student.pk)
    _check_person(student, person)
    if agreed_on is None or agreed_on > clock.today():
        raise Refused(_("First the agreement is signed: please give the day."), field="agreed_on")
    if not rules_read:
        raise Refused(_("First read the rules together and tick that they were read."), field="rules_read")
    return once(
        lambda: ProxyParent.objects.filter(client_id=client_id, student=student).first(),
        lambda: _started(actor, student, person, agreed_on, client_id),
    )


def ready_volunteers(school_id: int) -> QuerySet[Volunteer]:
    """Who comes from outside and has the check noted: name and origin, for whoever holds something for children."""
    ready = Volunteer.objects.present().filter(school_id=school_id, offence_check_on__lte=clock.today())
    return ready.order_by("name", "pk")


def _check_person(student: Student, person: Staff | Volunteer) -> None:
    if person.school_id != student.school_id or student.status != Student.Status.ENROLLED:
        raise NotAllowed(ABILITY)
    check_ready(person, field="person")


def check_ready(person: Staff | Volunteer, *, field: str) -> None:
    """Somebody who still comes, and whose check is noted (未成年人保护法 62)."""
    gone = (
        person.ended_at is not None
        if isinstance(person, Volunteer)
        else not Staff.objects.active(clock.today()).filter(pk=person.pk).exists()
    )
    if gone:
        raise Refused(_("%(name)s does not come any more.") % {"name": person.name}, field=field)
    if person.offence_check_on is None or person.offence_check_on > clock.today():
        raise Refused(
            _("The offence-record check of %(helper)s has not been noted yet.") % {"helper": person.name},
            field=field,
        )


def _started(
    actor: Actor,
    student: Student,
    person: Staff | Volunteer,
    agreed_on: datetime.date,
    client_id: uuid.UUID,
) -> ProxyParent:
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    consent = Consent.objects.standing().filter(student=student, purpose=CONSENT).first()
    if consent is None:
        raise Refused(
            _(
                "The family has not agreed to this yet. Please talk with them and note it on the child’s page."
            ),
            field="consent",
        )
    for before in ProxyParent.objects.withdrawn().filter(student=student).with_names():
        _end(actor, before, ProxyParent.Ended.WITHDRAWN)
    if current := ProxyParent.objects.open().with_names().filter(student=student).first():
        raise Refused(
            _("%(name)s looks after this child already. Please end that first.") % {"name": current.name},
            field="person",
        )
    is_staff = isinstance(person, Staff)
    proxy = ProxyParent.objects.create(
        school_id=student.school_id,
        student=student,
        staff=person if is_staff else None,
        volunteer=None if is_staff else person,
        consent=consent,
        agreed_on=agreed_on,
        starts_on=clock.today(),
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        client_id=client_id,
    )
    _open_file(actor, proxy)
    _log(actor, "proxy.start", proxy)
    return proxy


def _open_file(actor: Actor, proxy: ProxyParent) -> None:
    """A colleague reaches the child from now on, resting on the same consent."""
    if proxy.staff is not None:
        given = [(proxy.staff.user_id, proxy.student_id)]
        grant_helpers(actor, school=proxy.student.school, given=given, consent=proxy.consent)


@transaction.atomic
def end_proxy(actor: Actor, *, proxy: ProxyParent, reason: str) -> None:
    """It ends today, with its reason; the history stays."""
    actor.require(ABILITY, school_id=proxy.school_id, student_id=proxy.student_id)
    if reason not in ProxyParent.Ended.values:
        raise Refused(_("Please say why it ends."), field="reason")
    proxy = _standing(proxy)
    if proxy.ends_on is None:
        _end(actor, proxy, reason)


@transaction.atomic
def resume_proxy(actor: Actor, *, proxy: ProxyParent) -> None:
    """The way back of `end_proxy`, for a moment and as long as the consent stands."""
    actor.require(ABILITY, school_id=proxy.school_id, student_id=proxy.student_id)
    proxy = _standing(proxy)
    if proxy.ended_at is None:
        return
    others = ProxyParent.objects.filter(student=proxy.student_id, ends_on=None)
    if not is_recent(proxy.ended_at) or proxy.consent.withdrawn_on or others.exists():
        raise Refused(_("This can no longer be taken back. Please start it anew."))
    proxy.ends_on, proxy.ended_at, proxy.ended_by, proxy.ended_reason = None, None, None, ""
    proxy.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])
    _open_file(actor, proxy)
    _log(actor, "proxy.resume", proxy)


def _end(actor: Actor, proxy: ProxyParent, reason: str) -> None:
    """A consent that was withdrawn before has ended it on its own day."""
    withdrawn = proxy.consent.withdrawn_on
    proxy.ends_on = withdrawn or clock.today()
    proxy.ended_reason = ProxyParent.Ended.WITHDRAWN if withdrawn else reason
    proxy.ended_by_id, proxy.ended_at = actor.user_id, clock.now()
    proxy.save(update_fields=["ends_on", "ended_reason", "ended_by", "ended_at"])
    if proxy.staff is not None:
        taken = [(proxy.staff.user_id, proxy.student_id)]
        end_helpers(actor, school=proxy.student.school, taken=taken, consent=proxy.consent)
    _log(actor, "proxy.end", proxy)


def _standing(proxy: ProxyParent) -> ProxyParent:
    """As it stands now, held."""
    rows = ProxyParent.objects.select_for_update(of=("self",))
    return rows.select_related("consent", "student__school", "staff").get(pk=proxy.pk)


def _held(actor: Actor, volunteer: Volunteer) -> Volunteer:
    actor.require(ABILITY, school_id=volunteer.school_id)
    return Volunteer.objects.select_for_update(of=("self",)).select_related("key").get(pk=volunteer.pk)


def _log(actor: Actor, action: str, proxy: ProxyParent) -> None:
    detail = {"proxy": proxy.pk, "staff": proxy.staff_id, "volunteer": proxy.volunteer_id}
    audit.record(
        actor, action, school_id=proxy.school_id, subject=("student", proxy.student_id), detail=detail
    )


def _log_volunteer(actor: Actor, action: str, volunteer: Volunteer, purpose: str = "") -> None:
    audit.record(
        actor, action, school_id=volunteer.school_id, subject=("volunteer", volunteer.pk), purpose=purpose
    )
