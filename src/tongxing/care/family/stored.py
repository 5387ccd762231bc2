"""What is stored about a child, in plain words, for the child's own guardian (个人信息保护法 45, 未成年人网络保护条例 34).

Not in it, and the page says so: what a child confided, what protects a child, the words of talks, and other people –
another guardian is counted, never named. Numbers and addresses stay masked: parents may live apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.profiles.models import WORDS, Trait
from tongxing.care.programme.models import MeasureOutcome
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Circumstance, Guardian, Student
from tongxing.ground.records.models import AttendanceEvent, Score

from .consent_words import standing_of
from .goals import GOOD, good_of
from .messages import own_guardian
from .models import GUARDIAN


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: list[Line] = field(default_factory=list)


def stored(actor: Actor, student: Student) -> list[Part]:
    """Part by part, the empty ones left out. `student` with its key and `with_class`."""
    own = own_guardian(actor, student)
    parts = [
        Part(_("Who the child is"), _lines(_roster(student))),
        Part(_("You"), _lines(_yourself(own))),
        Part(_("The family"), _family(student)),
        Part(_("Likes and can do"), _traits(student)),
        Part(_("What went well"), _good(actor, student)),
        Part(_("Talks, visits and calls"), _records(actor, student)),
        Part(_("Done for the child as agreed in the plan"), _measures(actor, student)),
        Part(_("School life"), _school_life(student)),
        Part(_("Agreed to"), _consents(actor, student)),
    ]
    return [part for part in parts if part.lines]


def _lines(pairs: Iterable[tuple[str, object]]) -> list[Line]:
    return [Line(label, str(value)) for label, value in pairs if value not in (None, "")]


def _roster(student: Student) -> list[tuple[str, object]]:
    boards = {True: _("boards at school"), False: _("goes home every day"), None: ""}[student.boarding]
    return [
        (_("Name"), student.name),
        (_("Class"), student.class_name or ""),
        (_("Student number"), student.code),
        (_("National student number"), student.national_code),
        (_("Sex"), student.get_sex_display() if student.sex else ""),
        (_("Date of birth"), student.birth_date),
        (_("Ethnic group"), student.ethnicity),
        (_("Boards at school"), boards),
        (_("Dormitory"), student.dormitory),
        (_("Village"), student.village),
        (_("ID number"), student.id_number_masked),
        (_("Phone"), student.phone_masked),
        (_("Address"), student.address_masked),
    ]


def _yourself(own: Guardian) -> list[tuple[str, object]]:
    others = Guardian.objects.present().filter(student=own.student_id).exclude(pk=own.pk).count()
    more = ngettext("%(num)s more person", "%(num)s more people", others) % {"num": others} if others else ""
    return [
        (_("Name"), own.name),
        (_("Relation"), own.relation_text or own.get_relation_display()),
        (_("Phone"), own.phone_masked),
        (_("Works away in"), own.away_place),
        (_("Employer"), own.workplace),
        (_("Best time to call"), own.best_time),
        (_("Can read messages"), {True: _("yes"), False: _("no"), None: ""}[own.reads]),
        (_("Besides you"), more),
    ]


def _family(student: Student) -> list[Line]:
    found = Circumstance.objects.valid_on(clock.today()).filter(
        student=student, category__in=Circumstance.FAMILY
    )
    return [Line(str(one.get_category_display()), one.source) for one in found.order_by("category", "pk")]


def _traits(student: Student) -> list[Line]:
    found = Trait.objects.current().filter(student=student).order_by("kind", "pk")
    return [Line(str(one.get_kind_display()), unseal(student.key, one.words_sealed, WORDS)) for one in found]


def _good(actor: Actor, student: Student) -> list[Line]:
    return [Line(_day(good.contact), good.words) for good in good_of(actor, student, GUARDIAN)]


def _day(contact: Contact) -> str:
    return f"{clock.day_of(contact.happened_at)} · {contact.asks.label}"


def _records(actor: Actor, student: Student) -> list[Line]:
    """That something was written down, by whom and when; the words belong to those who talked."""
    mine = Contact.objects.standing().filter(actor.students_where(GUARDIAN), student=student)
    shown = mine.filter(visibility=Visibility.TEAM).exclude(kind__in=GOOD).select_related("staff")
    return [Line(_day(one), one.staff.name) for one in shown.order_by("-happened_at", "-pk")]


def _measures(actor: Actor, student: Student) -> list[Line]:
    """What colleagues did of the plan's measures, on which day and how it went; their words stay theirs."""
    mine = MeasureOutcome.objects.standing().filter(actor.students_where(GUARDIAN), student=student)
    return [
        Line(f"{one.happened_on} · {one.get_outcome_display()}", one.staff.name)
        for one in mine.select_related("staff").order_by("-happened_on", "-pk")
    ]


def _school_life(student: Student) -> list[Line]:
    kinds = (
        (_("Exam results"), Score.objects.filter(student=student).count()),
        (_("Notes of attendance"), AttendanceEvent.objects.filter(student=student).count()),
    )
    return [
        Line(label, ngettext("%(num)s entry", "%(num)s entries", n) % {"num": n}) for label, n in kinds if n
    ]


def _consents(actor: Actor, student: Student) -> list[Line]:
    return [
        Line(str(one.purpose.label), str(one.consent.given_on))
        for one in standing_of(actor, student)
        if one.consent
    ]
