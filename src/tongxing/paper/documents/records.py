"""From the database to the plain rows that registers print: only what the actor may see.

The number of queries does not grow with the rows.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.care.pairing import words
from tongxing.care.pairing.models import Pair, Proposal, ProxyParent
from tongxing.care.profiles.models import Trait
from tongxing.care.profiles.queries import essentials_of, traits_by_student
from tongxing.care.screening.why import why
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.family_map import family_map
from tongxing.ground.people.models import (
    Circumstance,
    Guardian,
    Registration,
    Responsibility,
    Student,
    Teaching,
    Term,
)
from tongxing.ground.people.models_care import CircumstanceSet
from tongxing.oversight.insight.facts import held

from .registers import PairRow, ProposalRow, RegisterRow
from .statutory import relation_of

#: A student with `class_name`, `class_grade` and `class_number`, as `StudentSet.with_class` gives them.
Placed = Any


def register_rows(actor: Actor, term: Term, as_of: datetime.datetime) -> tuple[RegisterRow, ...]:
    """The register of the day, by class. Read as by somebody who sees no hardship, whoever asks: it is handed on."""
    actor = actor.without("hardship")
    school, day = term.school, day_of(as_of)
    entries = held(Registration.objects.visible_to(actor).filter(school=school), as_of, "recorded_at")
    by_student = {entry.student_id: entry for entry in entries.order_by("starts_on")}
    students = (
        Student.objects.visible_to(actor)
        .enrolled()
        .filter(pk__in=by_student)
        .with_class(day)
        .prefetch_related(
            Prefetch("guardians", Guardian.objects.visible_to(actor)),
            Prefetch("pairs", Pair.objects.visible_to(actor).on(day).select_related("helper")),
            Prefetch("circumstances", _family_situation(actor, day)),
            Prefetch("proxies", ProxyParent.objects.visible_to(actor).with_names().order_by("pk")),
        )
        .order_by("class_grade", "class_number", "pinyin", "pk")
    )
    contact = _sees(actor, "contact", school)
    found, ids = why(actor, term, students, day), [one.pk for one in students]
    traits, told = traits_by_student(actor, ids), essentials_of(actor, ids)
    return tuple(
        _register_row(
            one,
            by_student[one.pk],
            found.get(one.pk, ()),
            contact,
            Known(traits.get(one.pk, {}), told.get(one.pk, [])),
        )
        for one in students
    )


def _family_situation(actor: Actor, day: datetime.date) -> CircumstanceSet:
    found = Circumstance.objects.visible_to(actor).valid_on(day)
    return found.filter(category__in=Circumstance.FAMILY)


def _sees(actor: Actor, zone: str, school: Organisation) -> bool:
    return actor.is_system or any(
        zone in scope.zones and scope.organisation == school.pk for scope in actor.scopes
    )


class Known(NamedTuple):
    """What the profile says of one student: traits by kind, essentials of what was answered in forms."""

    traits: dict[str, list[str]]
    told: list[str]

    @property
    def likes(self) -> str:
        kinds = [kind for kind in Trait.Kind if kind != Trait.Kind.HEALTH]
        return "、".join(word for kind in kinds for word in self.traits.get(kind, ()))


def _register_row(
    student: Placed, entry: Registration, reasons: tuple[str, ...], contact: bool, known: Known
) -> RegisterRow:
    guardians = list(student.guardians.all())
    situation = _("; ").join(str(one.get_category_display()) for one in student.circumstances.all())
    return RegisterRow(
        class_name=student.class_name or "",
        code=student.code,
        name=student.name,
        sex=str(student.get_sex_display()) if student.sex else "",
        level=level_of(entry),
        since=entry.starts_on,
        reason=_("; ").join(reasons),
        family=_("; ").join(_guardian(one) for one in guardians),
        village=student.village,
        address=student.address_masked if contact else "",
        contact=next((one.phone_masked for one in guardians if one.phone_masked), student.phone_masked)
        if contact
        else "",
        helper=_(", ").join(pair.helper.name for pair in student.pairs.all()),
        proxy=_(", ").join(one.name for one in student.proxies.all() if one.until is None),
        situation=situation,
        first_call=_first_call(guardians),
        likes=known.likes,
        health="、".join(known.traits.get(Trait.Kind.HEALTH, ())),
        told=_("; ").join(known.told),
    )


def _first_call(guardians: list[Guardian]) -> str:
    """Whom to call first and when."""
    first = next(iter(family_map(guardians).calls), None)
    return " ".join(filter(None, (relation_of(first), first.name, first.best_time))) if first else ""


def level_of(entry: Registration) -> str:
    return pgettext("level", "key") if entry.level == Registration.Level.KEY else pgettext("level", "normal")


def _guardian(guardian: Guardian) -> str:
    where = _(", in %(place)s") % {"place": guardian.away_place} if guardian.away_place else ""
    where += _(", entrusted") if guardian.entrusted else ""
    where += _(", cannot read") if guardian.reads is False else ""
    return _("%(name)s (%(relation)s%(where)s)") % {
        "name": guardian.name,
        "relation": relation_of(guardian),
        "where": where,
    }


def pair_rows(actor: Actor, term: Term, as_of: datetime.datetime) -> tuple[PairRow, ...]:
    """Every pair that held on some day of the term up to now, those that ended with their reason."""
    day = day_of(as_of)
    pairs = list(
        Pair.objects.visible_to(actor)
        .filter(Q(ends_on=None) | Q(ends_on__gte=term.starts_on), school=term.school, starts_on__lte=day)
        .select_related("helper")
        .order_by("pk")
    )
    wanted = {pair.student_id for pair in pairs}
    students: dict[int, Placed] = {
        one.pk: one for one in Student.objects.visible_to(actor).filter(pk__in=wanted).with_class(day)
    }
    entries = Registration.objects.visible_to(actor).filter(student__in=wanted, starts_on__lte=day)
    levels = {entry.student_id: level_of(entry) for entry in entries.order_by("starts_on")}
    posts, proxies = _posts(actor, term, day), _proxies(actor, term, wanted)
    pairs.sort(key=lambda pair: _by_class(students[pair.student_id]) + (pair.starts_on.isoformat(), pair.pk))
    return tuple(
        PairRow(
            class_name=students[pair.student_id].class_name or "",
            student=students[pair.student_id].name,
            level=levels.get(pair.student_id, ""),
            helper=pair.helper.name,
            post=_(", ").join(filter(None, (posts.get(pair.helper_id, ""), _also(pair)))),
            starts_on=pair.starts_on,
            ends_on=pair.ends_on,
            ended_reason=str(pair.get_ended_reason_display()) if pair.ended_reason else "",
            proxy=_("; ").join(proxies.get(pair.student_id, ())),
        )
        for pair in pairs
    )


def _proxies(actor: Actor, term: Term, students: Iterable[int]) -> dict[int, list[str]]:
    """Who looked after each student besides on some day of the term; of those who no longer do, from when to when."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = ProxyParent.objects.visible_to(actor).filter(student__in=students).with_names()
    for one in rows.order_by("starts_on", "pk"):
        if one.until is None:
            found[one.student_id].append(one.name)
        elif one.until >= term.starts_on:
            days = f"{one.starts_on:%Y-%m-%d}–{one.until:%Y-%m-%d}"
            found[one.student_id].append(f"{one.name} {days}")
    return found


def _also(pair: Pair) -> str:
    """What a second helper does, "" for the first helper."""
    if pair.role == Pair.Role.FIRST:
        return ""
    return " ".join(filter(None, (str(pair.get_role_display()), pair.subject)))


def proposal_rows(actor: Actor, term: Term, as_of: datetime.datetime) -> tuple[ProposalRow, ...]:
    """Every open proposal of the term with its reasons in words; who could not be given anybody comes with why."""
    day = day_of(as_of)
    proposals = list(
        Proposal.objects.visible_to(actor).open().filter(term=term).select_related("helper", "runner_up")
    )
    wanted = {proposal.student_id for proposal in proposals}
    students: dict[int, Placed] = {
        one.pk: one for one in Student.objects.visible_to(actor).filter(pk__in=wanted).with_class(day)
    }
    entries = Registration.objects.visible_to(actor).on(day).filter(student__in=wanted)
    levels = {entry.student_id: level_of(entry) for entry in entries}
    posts = _posts(actor, term, day)
    proposals.sort(key=lambda one: (*_by_class(students[one.student_id]), one.pk))
    return tuple(_proposal_row(one, students[one.student_id], levels, posts) for one in proposals)


def _proposal_row(
    proposal: Proposal, student: Placed, levels: dict[int, str], posts: dict[int, str]
) -> ProposalRow:
    told = words.line(proposal) if proposal.helper else None
    return ProposalRow(
        class_name=student.class_name or "",
        student=student.name,
        level=levels.get(student.pk, ""),
        helper=proposal.helper.name if proposal.helper else "",
        post=posts.get(proposal.helper_id or 0, ""),
        why=told.why if told else str(proposal.get_why_none_display()),
        otherwise=told.otherwise if told else "",
    )


def _by_class(student: Placed) -> tuple[int, int, str]:
    return (student.class_grade or 0, student.class_number or 0, student.pinyin)


def _posts(actor: Actor, term: Term, day: datetime.date) -> dict[int, str]:
    """What each colleague answers for, in words: 班主任 初一(3)班; without a post the subjects taught."""
    posts: defaultdict[int, list[str]] = defaultdict(list)
    rows = Responsibility.objects.visible_to(actor).on(day).filter(school=term.school)
    for row in rows.select_related("school_class").order_by("pk"):
        of_class = f" {row.school_class.name}" if row.school_class else ""
        posts[row.staff_id].append(f"{row.get_post_display()}{of_class}")
    taught: defaultdict[int, list[str]] = defaultdict(list)
    teaching = Teaching.objects.visible_to(actor).filter(term=term).order_by("subject")
    for staff, subject in teaching.values_list("staff_id", "subject").distinct():
        taught[staff].append(_("%(subject)s teacher") % {"subject": subject})
    return {staff: _("; ").join(words) for staff, words in {**taught, **posts}.items()}
