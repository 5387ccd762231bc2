"""Reading flags, and who answers for children's safety in a school.

Invariants:
- only `visible_to` leads to a flag; whoever raised one learns who takes it in, and nothing more;
- nobody is named: the head answers, and the settings say so.
"""

import datetime
import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import (
    ClassMembership,
    Guardian,
    Responsibility,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.people.search import class_names, plain

from . import rules
from .models import SAID, TEXT, FlagStep, RiskFlag, SafetyWords

Post = Responsibility.Post
#: Posts, and roles of the same names, by which a text may speak of a colleague.
TITLE_OF = {
    "head": "校长",
    "party_secretary": "书记",
    "deputy": "副校长",
    "coordinator": "政教主任",
    "teaching_office": "教导主任",
    "general_office": "总务主任",
    "grade_leader": "年级主任",
    "counsellor": "心理老师",
}


#: The level at which the head is asked.
HEAD = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Who is asked, one after the other. Empty groups are passed over."""

    responders: tuple[User, ...]
    deputies: tuple[User, ...]
    heads: tuple[User, ...]

    def asked(self, level: int, kept_from: frozenset[int] = frozenset()) -> list[User]:
        """Everybody asked by the time a flag has come up to `level`, without those it is kept from."""
        people: list[User] = []
        for place, group in enumerate((self.responders, self.deputies, self.heads)):
            if place > level and people:
                break
            people += [user for user in group if user.pk not in kept_from and user not in people]
        return people


def line(school: Organisation) -> Line:
    """Who answers for children's safety in this school today: named, on the staff, with an open account. Two queries."""
    today = clock.today()
    holders = Grant.objects.on(today).filter(school=school, role=Role.SAFETY)
    named = Responsibility.objects.on(today).filter(
        school=school,
        post__in=(Post.SAFETY, Post.SAFETY_DEPUTY),
        staff__in=Staff.objects.active(today),
        staff__user__is_active=True,
        staff__user__in=holders.values("user"),
    )
    by_post: defaultdict[str, list[User]] = defaultdict(list)
    for one in named.select_related("staff__user").order_by("pk"):
        by_post[one.post].append(one.staff.user)
    heads = Grant.objects.on(today).filter(school=school, role=Role.HEAD, user__is_active=True)
    return Line(
        tuple(by_post[Post.SAFETY]),
        tuple(by_post[Post.SAFETY_DEPUTY]),
        tuple(grant.user for grant in heads.select_related("user").order_by("pk")),
    )


def kept_from(student: Student, text: str) -> set[int]:
    """Whom a flag about harm by people goes past: the class teacher, adults named in the text, family on the staff."""
    in_class = student.memberships.on(clock.today()).values("school_class")
    family = Guardian.objects.filter(student=student, user__isnull=False)
    return {*family.values_list("user_id", flat=True), *_past(student.school, in_class, text)}


def kept_from_class(school: Organisation, school_class: SchoolClass | None, text: str) -> set[int]:
    """The same where no child is named: the class teacher of the class, where there is one, and adults named."""
    classes = SchoolClass.objects.filter(pk=school_class.pk if school_class else None)
    return _past(school, classes.values("pk"), text)


def _past(school: Organisation, in_class: QuerySet, text: str) -> set[int]:
    today = clock.today()
    teachers = Responsibility.objects.on(today).filter(post=Post.CLASS_TEACHER, school_class__in=in_class)
    holders = Grant.objects.on(today).filter(role=Role.CLASS_TEACHER, school_class__in=in_class)
    return {
        *teachers.values_list("staff__user_id", flat=True),
        *holders.values_list("user_id", flat=True),
        *rules.adults_named(text, _adults(school, in_class)),
    }


def _adults(school: Organisation, in_class: QuerySet) -> list[rules.Adult]:
    """Every colleague with the titles they go by; in the student's class also by what they teach there."""
    today = clock.today()
    titles: defaultdict[int, set[str]] = defaultdict(set)
    posts = Responsibility.objects.on(today).filter(school=school, post__in=TITLE_OF)
    roles = Grant.objects.on(today).filter(school=school, role__in=TITLE_OF)
    for user_id, code in [
        *posts.values_list("staff__user_id", "post"),
        *roles.values_list("user_id", "role"),
    ]:
        titles[user_id].add(TITLE_OF[code])
    lessons = Teaching.objects.filter(school_class__in=in_class).values_list("staff__user_id", "subject")
    for user_id, subject in lessons.distinct():
        titles[user_id].add(f"{subject}老师")
    staff = Staff.objects.filter(school=school).values_list("user_id", "name")
    return [rules.Adult(user_id, name, frozenset(titles[user_id])) for user_id, name in staff]


def asked_for(flag: RiskFlag) -> list[User]:
    """Who has been asked to take this flag on, the first in line first; empty when all of them are named in it."""
    return line(flag.school).asked(flag.level, frozenset(flag.kept_from.values_list("pk", flat=True)))


def answers_still(flag: RiskFlag) -> bool:
    """Whether whoever took this flag on still answers for children's safety, and for this one."""
    return flag.responder_id in {user.pk for user in in_line(flag)}


def in_line(flag: RiskFlag) -> list[User]:
    """Everybody who may come to be asked about this flag, the first in line first."""
    return line(flag.school).asked(HEAD, frozenset(flag.kept_from.values_list("pk", flat=True)))


def is_kept_from(actor: Actor, source: tuple[str, int]) -> bool:
    """Whether what this actor would read there is about themselves: a flag raised from it is kept from them."""
    return kept_sources(actor, source[0]).filter(source_id=source[1]).exists()


def kept_sources(actor: Actor, source_kind: str) -> QuerySet[RiskFlag, int | None]:
    """The ids of the sources whose flags are kept from this actor."""
    flags = RiskFlag.objects.filter(source_kind=source_kind, kept_from=actor.user_id or 0)
    return flags.values_list("source_id", flat=True)


def student_called(school: Organisation, name: str, class_name: str) -> Student | None:
    """The one enrolled student of this name in this class, for a writer who does not look after the child."""
    today = clock.today()
    meant = [
        school_class.pk
        for school_class in SchoolClass.objects.filter(
            school=school, year__starts_on__lte=today, year__ends_on__gte=today
        )
        if plain(class_name) in class_names(school_class)
    ]
    enrolled = Student.objects.enrolled().filter(school=school).select_related("key", "school")
    found = enrolled.filter(
        name=name.strip(),
        pk__in=ClassMembership.objects.on(today).filter(school_class__in=meant).values("student"),
    )
    return found[0] if len(found) == 1 else None


def raised_from(actor: Actor, source: tuple[str, int]) -> RiskFlag | None:
    """The latest flag that this actor's own writing has raised from `source`."""
    mine = RiskFlag.objects.raised_by(actor).filter(source_kind=source[0], source_id=source[1])
    return mine.order_by("-pk").first()


def raised_since(actor: Actor, moment: datetime.datetime) -> RiskFlag | None:
    """The latest flag that this actor has raised from a moment on."""
    return RiskFlag.objects.raised_by(actor).filter(raised_at__gte=moment).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    label: str
    row: FlagStep
    text: str


def said(flag: RiskFlag) -> dict[str, str]:
    """The words that were noticed and what was written by hand, opened; for one flag, never in a list."""
    text = encryption.unseal(flag.student.key, flag.said_sealed, SAID)
    return json.loads(text) if text else {"words": "", "note": ""}


def steps_of(flag: RiskFlag) -> list[Step]:
    """The timeline of one flag, opened."""
    return [
        Step(
            step.kind,
            str(step.get_kind_display()),
            step,
            encryption.unseal(flag.student.key, step.text_sealed, TEXT),
        )
        for step in flag.steps.select_related("by")
    ]


@cache
def _first_words() -> dict[str, str]:
    data = tomllib.loads(Path(__file__).with_name("report_duty.toml").read_text("utf-8"))
    return {name: text.strip() for name, text in data.items()}


def words_for(school: Organisation) -> SafetyWords:
    """What writers read in this school: its own words, else the first ones (not saved)."""
    found = SafetyWords.objects.filter(school=school).first()
    return found or SafetyWords(school=school, **_first_words())
