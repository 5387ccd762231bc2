"""Publishing a notice inside the school, taking it down early, noting and answering what is said against it."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key, seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.calendar import holidays_known, suggest_special_days
from tongxing.ground.people.models import CalendarDay, Student

from . import rules
from .models import ANSWER, BY, LONGEST_SAID, PUBLISH, SAID, WORDS, Notice, NoticeLine, Objection

DAY = datetime.timedelta(days=1)
LONGEST_TITLE, LONGEST_REASON = 60, 200
#: The longest stretch in which the working days of a notice are looked for.
AHEAD = 120 * DAY
WHY = {
    "number": gettext_lazy("a number of a person, a phone or a card"),
    "birth": gettext_lazy("a date of birth or an age"),
    "address": gettext_lazy("an address"),
    "category": gettext_lazy("a category of the family"),
    "reason": gettext_lazy("a reason"),
    "relative": gettext_lazy("a member of a family"),
    "money": gettext_lazy("an amount of money"),
    "name": gettext_lazy("the name of a child, who stands in the list below"),
    "level": gettext_lazy("a level, though it is to be shown without"),
    "known": gettext_lazy("something that the school keeps about one of these children"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says and when it stands."""

    title: str
    words: str
    first_day: datetime.date
    working_days: int = 5
    with_level: bool = False
    on_board: bool = True


def last_day(school: Organisation, first: datetime.date, working_days: int) -> datetime.date:
    """By the school's calendar; where it says nothing, by the official holidays as far as they are known."""
    until = first + AHEAD
    official = [
        one
        for year in range(first.year, until.year + 1)
        if holidays_known(year)
        for one in suggest_special_days(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    ]
    kinds: dict[datetime.date, str] = {one.date: one.kind for one in official}
    kinds |= dict(
        CalendarDay.objects.filter(school=school, date__range=(first, until)).values_list("date", "kind")
    )
    off = {day for day, kind in kinds.items() if kind == "off"}
    try:
        return rules.last_day(first, working_days, off, kinds.keys() - off)
    except ValueError:
        raise Refused(
            _("A notice stands for 1 to %(most)s working days.") % {"most": rules.MOST_WORKING_DAYS},
            field="working_days",
        ) from None


@dataclass(frozen=True, slots=True)
class On:
    """Who stands on a notice, each with the school's word for the level: students by id, all others by name."""

    levels: Mapping[int, str] = dataclasses.field(default_factory=dict)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)


@transaction.atomic
def publish(
    actor: Actor, *, school: Organisation, kind: str, said: Said, levels: Mapping[int, str], client_id: UUID
) -> Notice:
    """`levels`: the students on it by id, each with the school's word for its level."""
    return publish_all(actor, school=school, kind=kind, said=said, on=On(levels), client_id=client_id)


@transaction.atomic
def publish_all(
    actor: Actor, *, school: Organisation, kind: str, said: Said, on: On, client_id: UUID
) -> Notice:
    """Students, and also colleagues, classes and offices by their name."""
    user_id, levels = _person(actor, school.pk), on.levels
    if not levels and not on.labels:
        raise Refused(_("There is nobody to put on a notice."))
    if said.first_day < clock.today():
        raise Refused(_("A notice begins today or later."), field="first_day")
    title, text = " ".join(said.title.split()), said.words.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(_("Please give the notice a short title."), field="title")
    if not text or len(text) > WORDS:
        raise Refused(
            _("Please write what the notice is about, at most %(n)s characters.") % {"n": WORDS},
            field="words",
        )
    students = list(
        Student.objects.filter(school=school, pk__in=levels)
        .select_related("key")
        .prefetch_related("guardians")
        .with_class(said.first_day)
    )
    if len(students) != len(levels):
        raise Refused(_("Only students of this school stand on its notices."))
    _check_words(said, title, text, students, levels)
    _check_labels(said, on.labels)
    ends = last_day(school, said.first_day, said.working_days)
    found = Notice.objects.filter(school=school, client_id=client_id)
    return once(
        found.first,
        lambda: _published(actor, school, kind, said, ends, on, client_id, user_id),
    )


def _published(
    actor: Actor,
    school: Organisation,
    kind: str,
    said: Said,
    ends: datetime.date,
    on: On,
    client_id: UUID,
    user_id: int,
) -> Notice:
    key = new_key()
    key.save()
    notice = Notice.objects.create(
        school=school, kind=kind, key=key, client_id=client_id, title=" ".join(said.title.split()),
        words=said.words.strip(), on_board=said.on_board, with_level=said.with_level, first_day=said.first_day,
        working_days=said.working_days, last_day=ends, published_by_id=user_id, published_at=clock.now(),
    )  # fmt: skip
    told: list[tuple[int | None, str, str]] = [(one, "", level) for one, level in sorted(on.levels.items())]
    told += [(None, label, level) for label, level in sorted(on.labels.items())]
    NoticeLine.objects.bulk_create(
        NoticeLine(
            school=school, notice=notice, student_id=one, label=label, level=level if said.with_level else ""
        )
        for one, label, level in told
    )
    counts = {"students": len(on.levels), "others": len(on.labels)}
    _log(actor, "notice.publish", notice, {what: number for what, number in counts.items() if number})
    return notice


def _check_words(
    said: Said, title: str, text: str, students: list[Student], levels: Mapping[int, str]
) -> None:
    """Refuse a notice with anything on it that is nobody else's business, and say which kind of thing it is."""
    known = {one for student in students for one in _kept(student)}
    names = {student.name for student in students}
    unsaid = () if said.with_level else set(levels.values())
    for field, words in (("title", title), ("words", text)):
        found = rules.not_allowed(words, year=said.first_day.year, levels=unsaid, known=known, names=names)
        if found:
            raise Refused(
                _("This may not stand on a notice: %(what)s.")
                % {"what": "、".join(str(WHY[one]) for one in found)},
                field=field,
            )
    shown = [(student.class_name or "", levels[student.pk]) for student in students]
    told = [rules.not_allowed(part, year=said.first_day.year) for parts in shown for part in parts]
    # A child may be called 去病: in a name only figures are looked for.
    told += [{"number"} & set(rules.not_allowed(name, year=said.first_day.year)) for name in names]
    if any(told):
        raise Refused(_("A name, a class or a level has something in it that may not stand on a notice."))


def _check_labels(said: Said, labels: Mapping[str, str]) -> None:
    """A colleague may be called 去病, too: in a name only figures are looked for."""
    year = said.first_day.year
    told = [{"number"} & set(rules.not_allowed(label, year=year)) for label in labels]
    if any(told) or any(rules.not_allowed(level, year=year) for level in labels.values()):
        raise Refused(_("A name, a class or a level has something in it that may not stand on a notice."))


def for_everybody(text: str, *, field: str | None) -> str:
    """Words that many will read, such as the name of a fund: as they are, or refused with what belongs to one person."""
    if found := rules.of_a_person(text, year=clock.today().year):
        raise Refused(
            _("Many people read this, so it may not hold %(what)s.")
            % {"what": "、".join(str(WHY[one]) for one in found)},
            field=field,
        )
    return text


def _kept(student: Student) -> Iterable[str]:
    """What the school keeps of one child and never shows: opened here to be compared with, and for nothing else."""
    for field in ("id_number", "phone", "address"):
        yield unseal(student.key, getattr(student, f"{field}_sealed"), SEALED[field])
    for guardian in student.guardians.all():
        yield unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE)
    if student.birth_date:
        yield from rules.birth_words(student.birth_date)


@transaction.atomic
def take_down(actor: Actor, *, notice: Notice, reason: str) -> None:
    """Before its day, with the reason."""
    user_id, notice = _held(actor, notice)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Please write down why it is taken down."), field="reason")
    if notice.taken_down_at:
        return
    notice.taken_down_at, notice.taken_down_by_id, notice.taken_down_reason = clock.now(), user_id, reason
    notice.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_reason"])
    _log(actor, "notice.down", notice)


@transaction.atomic
def put_back(actor: Actor, *, notice: Notice) -> None:
    """The way back of `take_down`, for a moment."""
    _user, notice = _held(actor, notice)
    if notice.taken_down_at is None:
        return
    if not is_recent(notice.taken_down_at):
        raise Refused(_("This was a while ago. Please publish it anew."))
    notice.taken_down_at, notice.taken_down_by, notice.taken_down_reason = None, None, ""
    notice.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_reason"])
    _log(actor, "notice.back", notice)


@transaction.atomic
def leave_out(actor: Actor, *, notice: Notice, student: Student | None = None, label: str = "") -> None:
    """What was decided about this child (or whoever stands there as `label`) was taken back: it is on the notice no
    longer, whoever reads or prints it."""
    user_id, notice = _held(actor, notice)
    _leave_out(actor, user_id, notice, student, label)


@transaction.atomic
def no_longer_agreed(
    actor: Actor, *, notice: Notice, student: Student | None = None, label: str = ""
) -> None:
    """Somebody who stands on it with consent agrees no more. The caller has asked who speaks: a family, a child and a
    colleague hold no right to publish, and their no counts at once."""
    if actor.user_id is None:
        raise NotAllowed(PUBLISH)
    _leave_out(actor, actor.user_id, notice, student, label)


def _leave_out(actor: Actor, user_id: int, notice: Notice, student: Student | None, label: str) -> None:
    lines = NoticeLine.objects.filter(notice=notice, student=student, label=label, left_out_at=None)
    gone = list(lines.values_list("pk", flat=True))
    if gone:
        lines.update(left_out_at=clock.now(), left_out_by=user_id)
        _log(actor, "notice.leave-out", notice, {"student": student.pk} if student else {"line": gone[0]})


@transaction.atomic
def object_to(
    actor: Actor,
    *,
    notice: Notice,
    student: Student | None,
    by: str,
    text: str,
    said_on: datetime.date,
    client_id: UUID,
) -> Objection:
    """Note what somebody said against it; `by` may stay empty: people may stay unnamed."""
    user_id, notice = _held(actor, notice)
    text = text.strip()[:LONGEST_SAID]
    if not text:
        raise Refused(_("Please write down what was said."), field="text")
    if not notice.first_day <= said_on <= clock.today():
        raise Refused(_("The day lies between the first day of the notice and today."), field="said_on")
    if student is not None and not notice.lines.filter(student=student).exists():
        raise Refused(_("This student does not stand on the notice."), field="student")
    key = student.key if student else notice.key
    found = Objection.objects.filter(notice=notice, client_id=client_id)

    def noted() -> Objection:
        made = Objection.objects.create(
            school_id=notice.school_id, notice=notice, student=student, client_id=client_id,
            by_sealed=seal(key, by.strip()[:60], BY), said_sealed=seal(key, text, SAID), said_on=said_on,
            noted_by_id=user_id, noted_at=clock.now(),
        )  # fmt: skip
        _log(actor, "notice.object", notice, {"objection": made.pk})
        return made

    return once(found.first, noted)


@transaction.atomic
def answer(actor: Actor, *, objection: Objection, text: str, outcome: str) -> None:
    """What was found out, and what follows; the answer stays as it is. A notice that is wrong as a whole is taken down."""
    user_id, notice = _held(actor, objection.notice)
    held = Objection.objects.select_for_update(of=("self",)).select_related("student__key", "notice__key")
    objection = held.get(pk=objection.pk)
    text = text.strip()[:LONGEST_SAID]
    if outcome not in Objection.Outcome:
        raise Refused(_("Please choose what follows from it."), field="outcome")
    if not text:
        raise Refused(_("Please write down what was found out."), field="answer")
    if objection.answered_at:
        raise Refused(_("This is answered already."))
    objection.answer_sealed, objection.outcome = seal(objection.key, text, ANSWER), outcome
    objection.answered_by_id, objection.answered_at = user_id, clock.now()
    objection.save(update_fields=["answer_sealed", "outcome", "answered_by", "answered_at"])
    _log(actor, "notice.answer", notice, {"objection": objection.pk, "outcome": outcome})
    if objection.student is None and outcome == Objection.Outcome.CHANGES:
        take_down(actor, notice=notice, reason=_("An objection to it was right."))


def _person(actor: Actor, school_id: int) -> int:
    """Whose name stands under a notice."""
    actor.require(PUBLISH, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(PUBLISH)
    return actor.user_id


def _held(actor: Actor, notice: Notice) -> tuple[int, Notice]:
    user_id = _person(actor, notice.school_id)
    return user_id, Notice.objects.select_for_update(of=("self",)).select_related("key").get(pk=notice.pk)


def _log(actor: Actor, action: str, notice: Notice, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=notice.school_id, subject=("notice", notice.pk), detail=detail or {}
    )
