"""Drawing records for a closer look, openly: fix the list, then name a word everybody can look up, then look."""

import datetime
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.models import Contact, ContactSet
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import ClassMembership

from . import rules
from .figures import DAY, last_of
from .models import MANAGE, Check, Inspection, Sample
from .models_sample import MOST, SEALED_AT, SENTENCE, WORD

NO_CLASS = 0


def of_month(actor: Actor, month: datetime.date) -> ContactSet:
    """The records about this month that the whole team may read; a restricted one is not taken out for a check."""
    ends = clock.start_of(last_of(month) + DAY)
    return Contact.objects.of_team(actor).filter(happened_at__gte=clock.start_of(month), happened_at__lt=ends)


@transaction.atomic
def fix(actor: Actor, *, inspection: Inspection, client_id: UUID, size: int) -> Sample:
    """Fix the list to draw from: the month's records as they were known when its figures were frozen."""
    user_id, held = _person(actor, inspection), _open(actor, inspection)
    found = Sample.objects.filter(school=held.school, client_id=client_id)
    if not 1 <= size <= MOST:
        raise Refused(_("Choose a number from 1 to %(n)s.") % {"n": MOST}, field="size")

    def fixed() -> Sample:
        if held.samples.filter(drawn_at=None).exists():
            raise Refused(_("A list is fixed already. Please name the word for it first."), field="size")
        population = _population(actor, held)
        if not population:
            raise Refused(_("There is no record of this month to draw from."), field="size")
        made = Sample.objects.create(
            school=held.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            inspection=held, size=size, population=population,
            fingerprint=rules.fingerprint({key: records for key, _name, records in population}),
        )  # fmt: skip
        _log(actor, "inspection.sample", made, records=made.total)
        return made

    return once(found.first, fixed)


def _population(actor: Actor, inspection: Inspection) -> list[list[Any]]:
    """[class id, class name, numbers ascending], in the school's own order of classes; no class last."""
    known = of_month(actor, inspection.month).filter(
        school=inspection.school, recorded_at__lte=inspection.as_of
    )
    members = ClassMembership.objects.visible_to(actor).on(clock.day_of(inspection.as_of))
    class_of = dict(members.filter(school=inspection.school).values_list("student_id", "school_class_id"))
    records: defaultdict[int, list[int]] = defaultdict(list)
    for record, student in known.order_by("pk").values_list("pk", "student_id"):
        records[class_of.get(student, NO_CLASS)].append(record)
    names = [*inspection.frozen.classes, (NO_CLASS, "")]
    return [[class_id, name, records[class_id]] for class_id, name in names if class_id in records]


@transaction.atomic
def draw(actor: Actor, *, sample: Sample, word: str, source: str) -> Sample:
    """Name the word and draw; once. The word stands where everybody can look it up."""
    _open(actor, sample.inspection)
    held = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    if held.drawn_at is not None:
        raise Refused(_("This sample is drawn already, and stays as it is."))
    held.word, held.source = _named(word, "word"), _named(source, "source")
    held.drawn_at, held.drawn_by_id = clock.now(), actor.user_id
    held.save(update_fields=["word", "source", "drawn_at", "drawn_by"])
    names, drawn = held.class_names, held.drawn()
    there = set(Contact.objects.filter(pk__in=[one.record for one in drawn]).values_list("pk", flat=True))
    Check.objects.bulk_create(
        Check(
            school_id=held.school_id, sample=held, contact_id=one.record, position=position,
            class_name=names[one.class_id],
        )
        for position, one in enumerate(drawn, 1)
        if one.record in there
    )  # fmt: skip
    _log(actor, "inspection.draw", held, drawn=len(drawn))
    return held


def _named(text: str, field: str) -> str:
    text = " ".join(text.split())
    if len(text) < 2:  # noqa: PLR2004  # one sign is no word that anybody could look up
        raise Refused(
            _("Please write a word everybody can look up, and where, such as today’s headline."), field=field
        )
    if len(text) > WORD:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": WORD}, field=field)
    return text


@transaction.atomic
def note_check(
    actor: Actor, *, check: Check, against: str, outcome: str, checked_on: datetime.date, words: str = ""
) -> Check:
    """Compared with the paper or the person. What does not agree is said in a sentence, as a fact, never as blame."""
    _open(actor, check.sample.inspection)
    rows = Check.objects.select_for_update(of=("self",))
    held = rows.select_related("contact__student__key", "contact__student__school", "contact__staff").get(
        pk=check.pk
    )
    contact, words = held.contact, " ".join(words.split())
    if contact.staff.user_id == actor.user_id:
        raise Refused(_("You wrote this record yourself: please let somebody else look."))
    if against not in Check.Against:
        raise Refused(_("Please say what you compared it with."), field="against")
    if not outcome or outcome not in Check.Outcome:
        raise Refused(_("Please choose how it stands."), field="outcome")
    if outcome != Check.Outcome.AGREES and not words:
        raise Refused(_("Please say in a sentence what you found, as a fact."), field="words")
    if len(words) > SENTENCE:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": SENTENCE}, field="words")
    if checked_on > clock.today() or checked_on < clock.day_of(check.sample.inspection.as_of):
        raise Refused(_("Choose the day on which you looked."), field="checked_on")
    held.against, held.outcome, held.checked_on = against, outcome, checked_on
    held.words_sealed = seal(contact.student.key, words, SEALED_AT)
    held.checked_at, held.checked_by_id = clock.now(), actor.user_id
    held.save()
    audit.record(
        actor, "inspection.check", school_id=held.school_id, subject=("check", held.pk),
        detail={"outcome": outcome, "contact": contact.pk},
    )  # fmt: skip
    if words:
        look_for_danger(actor, student=contact.student, text=words)
    return held


def _person(actor: Actor, inspection: Inspection) -> int:
    actor.require(MANAGE, school_id=inspection.school_id)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _open(actor: Actor, inspection: Inspection) -> Inspection:
    """Held, for a person who may inspect, while the month is open."""
    _person(actor, inspection)
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("school")
    held = rows.get(pk=inspection.pk)
    if held.is_closed:
        raise Refused(_("This month is closed and can only be read."))
    return held


def _log(actor: Actor, action: str, sample: Sample, **detail: int) -> None:
    audit.record(actor, action, school_id=sample.school_id, subject=("sample", sample.pk), detail=detail)
