"""Companions with what they promised, and how each promise stands."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from tongxing.aid.ledger.models import Entry, Line
from tongxing.aid.ledger.models_entries import EntrySet
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Student

from . import rules
from .models import NOTED, WRITTEN, Companion, Kept, Letter, Promise, PromiseSet

#: The account of the books for gifts from outside (校外捐赠).
OUTSIDE = "4005"


@dataclass(frozen=True, slots=True)
class Standing:
    """A promise and its dates. `until`: the last day as it is now; `goes_on`: neither over nor stopped."""

    promise: Promise
    dues: list[rules.Due]
    until: datetime.date
    goes_on: bool

    @property
    def now(self) -> rules.Due | None:
        """What says most today: the date of this moment, else the one that ended last."""
        past = [one for one in self.dues if one.state != "later"]
        return past[-1] if past else None

    @property
    def missing(self) -> int:
        return sum(one.state == "late" for one in self.dues)


def last_day_of(promise: Promise) -> datetime.date:
    days = [promise.until, promise.last_day, promise.consent.withdrawn_on]
    return min(day for day in days if day)


def standings(actor: Actor, promises: PromiseSet) -> list[Standing]:
    """Three queries, however many they are."""
    rows = list(promises.select_related("companion__staff", "student", "consent"))
    kept = defaultdict(list)
    noted = Kept.objects.visible_to(actor).standing().filter(promise__in=[row.pk for row in rows])
    for promise_id, day in noted.values_list("promise_id", "day"):
        kept[promise_id].append(day)
    today, found = clock.today(), []
    for row in rows:
        until = last_day_of(row)
        dues = rules.dues(row.starts_on, until, row.every, kept[row.pk], today)
        goes_on = row.ended_at is None and row.consent.withdrawn_on is None and until >= today
        found.append(Standing(row, dues, until, goes_on))
    return found


def promises_of(actor: Actor, school: Organisation) -> PromiseSet:
    return Promise.objects.visible_to(actor).filter(school=school)


def of_student(actor: Actor, student: Student) -> list[Standing]:
    return standings(actor, Promise.objects.visible_to(actor).filter(student=student))


def people_of(actor: Actor, school: Organisation) -> list[Companion]:
    found = Companion.objects.visible_to(actor).present().filter(school=school)
    return list(found.select_related("staff"))


@dataclass(frozen=True, slots=True)
class Noted:
    kept: Kept
    words: str


def noted_of(actor: Actor, promise: Promise) -> list[Noted]:
    rows = Kept.objects.visible_to(actor).standing().filter(promise=promise)
    return [
        Noted(row, unseal(row.student.key, row.words_sealed, NOTED))
        for row in rows.select_related("student__key", "recorded_by", "entry")
    ]


def receipts_to_note(actor: Actor, school: Organisation) -> EntrySet:
    """Receipts that may be a companion's: checked, not reversed, of gifts from outside alone, not noted yet."""
    reversals = Entry.objects.filter(about=OuterRef("pk"), kind=Entry.Kind.REVERSAL, ended_at=None)
    sources = Line.objects.filter(entry=OuterRef("pk"), amount__lt=0)
    return (
        Entry.objects.visible_to(actor)
        .posted()
        .filter(
            ~Exists(reversals),
            Exists(sources),
            ~Exists(sources.exclude(account__code=OUTSIDE)),
            ~Exists(Kept.objects.standing().filter(entry=OuterRef("pk"))),
            school=school,
            kind=Entry.Kind.RECEIPT,
        )
    )


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """`telling`: what the office should look at before it passes the letter on."""

    letter: Letter
    text: str
    telling: list[rules.Telling]


def letters_of(actor: Actor, promise: Promise) -> list[ReadLetter]:
    rows = (
        Letter.objects.visible_to(actor).filter(promise=promise).select_related("student__key", "decided_by")
    )
    texts = [(row, unseal(row.student.key, row.text_sealed, WRITTEN)) for row in rows]
    return [ReadLetter(row, text, rules.telling(text) if not row.outcome else []) for row, text in texts]
