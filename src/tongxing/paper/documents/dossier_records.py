"""From the database to what a child's file prints: only what the actor may see. For many children what can be read at
once is read once: reasons and promises.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.care.contacts.kinds import Reached
from tongxing.care.contacts.queries import Entry, timeline
from tongxing.care.pairing.models import Pair
from tongxing.care.profiles.queries import traits_of
from tongxing.care.programme.queries import obligations
from tongxing.care.programme.rules import LATER, MET
from tongxing.care.screening.why import why
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.models import Guardian, Registration, Student, Term
from tongxing.ground.people.queries import term_calendar
from tongxing.oversight.insight.facts import counted, held, promises
from tongxing.oversight.insight.queries import term_name

from . import dossier_around
from .dossier import DossierFacts, TermPromise, TimelineLine
from .records import level_of
from .statutory import relation_of

#: A student with `class_name`, as `StudentSet.with_class` gives it.
Placed = Any


def dossier_facts(actor: Actor, student: Student, term: Term, as_of: datetime.datetime) -> DossierFacts:
    return next(many_dossiers(actor, [student.pk], term, as_of))


def many_dossiers(
    actor: Actor, student_ids: Sequence[int], term: Term, as_of: datetime.datetime
) -> Iterator[DossierFacts]:
    """The files of these students, by class and name; who is not visible is left out."""
    day = day_of(as_of)
    found = Student.objects.visible_to(actor).filter(pk__in=student_ids).with_class(day)
    placed = list(found.select_related("school").order_by("class_grade", "class_number", "pinyin", "pk"))
    ids = [one.pk for one in placed]
    reasons, promised, by = why(actor, term, placed, day), _promises(actor, ids, term, as_of), _maker(actor)
    for one in placed:
        yield _facts(actor, one, term, as_of, by, reasons.get(one.pk, ()), promised.get(one.pk, ()))


def _facts(
    actor: Actor,
    placed: Placed,
    term: Term,
    as_of: datetime.datetime,
    by: str,
    reasons: Iterable[str],
    promised: tuple[TermPromise, ...],
) -> DossierFacts:
    contact = actor.sees("contact", school_id=placed.school_id, student_id=placed.pk)
    entries = [
        one for one in timeline(actor, placed) if not (one.contact.restricted or one.contact.withdrawn)
    ]
    return DossierFacts(
        school=placed.school.name,
        term=term_name(term),
        as_of=as_of,
        made_by=by,
        name=placed.name,
        class_name=placed.class_name or "",
        essentials=(*_essentials(placed, contact), *_traits(actor, placed)),
        guardians=_guardians(actor, placed) if contact else None,
        support=(*_support(actor, placed, as_of, reasons), *dossier_around.people(actor, placed)),
        plan=dossier_around.plan(actor, placed, term),
        promises=promised,
        timeline=tuple(_line(entry) for entry in entries),
        goals=tuple((_day(entry), _text(entry)) for entry in entries if entry.contact.kind == "goal"),
    )


def _maker(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).name if actor.user_id else _("Tongxing")


def _essentials(student: Student, contact: bool) -> tuple[tuple[str, str], ...]:
    born = student.birth_date.isoformat() if student.birth_date else str(student.birth_year or "")
    boarding = {True: _("boards at school"), False: _("goes home every day"), None: ""}[student.boarding]
    rows = (
        (_("Student number"), student.code),
        (_("Sex"), str(student.get_sex_display()) if student.sex else ""),
        (_("Born"), born),
        (_("Ethnic group"), student.ethnicity),
        (_("Boarding"), boarding),
        (pgettext("document", "Village"), student.village),
    )
    if not contact:
        return rows
    return (
        *rows,
        (_("ID number"), student.id_number_masked),
        (_("Phone"), student.phone_masked),
        (_("Address"), student.address_masked),
    )


def _traits(actor: Actor, student: Student) -> tuple[tuple[str, str], ...]:
    known = traits_of(actor, student)
    return tuple((label, "、".join(one.words for one in of_kind)) for label, of_kind in known.items())


def _guardians(actor: Actor, student: Student) -> tuple[tuple[str, str, str, str], ...]:
    home = _("lives with the student")
    return tuple(
        (one.name, relation_of(one), home if one.lives_with else one.away_place, one.phone_masked)
        for one in Guardian.objects.visible_to(actor).filter(student=student)
    )


def _support(
    actor: Actor, student: Student, as_of: datetime.datetime, reasons: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    entries = Registration.objects.visible_to(actor).filter(student=student)
    entry = held(entries, as_of, "recorded_at").order_by("-starts_on").first()
    pairs = list(
        Pair.objects.visible_to(actor).filter(student=student).select_related("helper").order_by("pk")
    )
    now = {pair.pk for pair in held(Pair.objects.filter(student=student), as_of, "confirmed_at")}
    since = _("%(what)s since %(day)s")
    current = [since % {"what": one.helper.name, "day": one.starts_on} for one in pairs if one.pk in now]
    earlier = [one.helper.name for one in pairs if one.pk not in now]
    return (
        (
            pgettext("document", "Support"),
            since % {"what": level_of(entry), "day": entry.starts_on} if entry else "",
        ),
        (_("Helper"), _("; ").join(current)),
        (pgettext("document", "Reason"), _("; ").join(reasons)),
        (_("Earlier helpers"), _(", ").join(dict.fromkeys(earlier))),
    )


def _promises(
    actor: Actor, student_ids: Sequence[int], term: Term, as_of: datetime.datetime
) -> Mapping[int, tuple[TermPromise, ...]]:
    """student id → only commitments that were asked of this student by now."""
    states: defaultdict[int, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    calendar = term_calendar(term)
    promised = promises(term, calendar.until)
    for duty in counted(obligations(actor, term, as_of, student_ids, calendar), promised):
        if duty.starts <= day_of(as_of) and duty.state != "exempt":
            states[duty.student_id][duty.commitment][duty.state] += 1
    return {
        student: tuple(_promise(one.name, of[one.code]) for one in promised if one.code in of)
        for student, of in states.items()
    }


def _promise(name: str, states: Counter[str]) -> TermPromise:
    return TermPromise(
        name=name,
        asked=states.total(),
        done=sum(states[state] for state in MET),
        later=sum(states[state] for state in LATER),
        open=states["due"] + states["upcoming"],
        missing=states["overdue"],
    )


def _line(entry: Entry) -> TimelineLine:
    contact = entry.contact
    reached = _(", ").join(_whom(contact.reached)) if contact.made else _("nobody reached")
    return TimelineLine(_day(entry), str(entry.kind.label), contact.staff.name, reached, _text(entry))


def _day(entry: Entry) -> datetime.date:
    return day_of(entry.contact.happened_at)


def _whom(codes: Iterable[str]) -> list[str]:
    labels = dict(Reached.choices)
    return [str(labels.get(code, code)) for code in codes]


def _text(entry: Entry) -> str:
    """The answer alone, or several with their questions."""
    if len(entry.answers) == 1:
        return entry.answers[0][1]
    return " ".join(
        _("%(label)s: %(value)s") % {"label": question, "value": answer} for question, answer in entry.answers
    )
