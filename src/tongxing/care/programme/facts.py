"""From the school's records to what `rules` asks for: the same few queries for any number of students."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from tongxing.care.pairing.models import Pair, ProxyParent
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Guardian,
    Registration,
    Responsibility,
    Staff,
    Term,
)

from .models import Commitment, Exemption, PlanItem
from .rules import Commitment as Rule
from .rules import Exempted, Span, Supported

Spans = dict[int, list[Span]]
ONE_DAY = timedelta(days=1)


def promises(term: Term, until: date) -> list[Commitment]:
    """Every version of every commitment that touches the term or the break until that day, in the school's order."""
    found = Commitment.objects.filter(school_id=term.school_id).select_related("programme")
    return [one for one in found if (one.starts_on or date.min) <= until]


def plans(term: Term, until: date, students: Iterable[int] | None = None) -> list[PlanItem]:
    """Every version in the students' own plans that touches the term or the break until that day."""
    found = PlanItem.objects.filter(school_id=term.school_id).exclude(starts_on__gt=until)
    return list(found if students is None else found.filter(student__in=list(students)))


def supported(
    actor: Actor, term: Term, until: date, rules: Iterable[Rule], students: Iterable[int] | None = None
) -> list[Supported]:
    """The students on the register from the term's start until that day whom the actor sees, with carers and
    circumstances.

    Whether a promise applies must not depend on who asks: beyond the choice of students, nothing here is
    narrowed to the actor.
    """
    rules = list(rules)
    entries = Registration.objects.visible_to(actor).filter(school_id=term.school_id)
    entries = entries.filter(starts_on__lte=until).exclude(ends_on__lt=term.starts_on)
    if students is not None:
        entries = entries.filter(student__in=list(students))
    levels = _spans(
        entries.values_list("student_id", "level", "starts_on", "ends_on", "recorded_at", "ended_at")
    )
    helpers = _helpers(levels)
    circumstances = _circumstances(levels, {one.needs_circumstance for one in rules} - {None})
    teachers = _class_teachers(levels) if any(one.by == "class_teacher" for one in rules) else {}
    proxies = _proxies(levels) if any(one.by == "proxy_parent" for one in rules) else {}
    return [
        Supported(
            one,
            levels[one],
            helpers.get(one, ()),
            circumstances.get(one, ()),
            teachers.get(one, ()),
            proxies.get(one, ()),
        )
        for one in sorted(levels)
    ]


def _helpers(students: Iterable[int]) -> Spans:
    """Who went along as first helper. A pair ended on its first day was a slip: it held until that was recorded."""
    pairs = Pair.objects.of_first_helpers().filter(student__in=list(students))
    return _spans(
        (student_id, helper_id, begins, begins - ONE_DAY if ends == begins else ends, *known)
        for student_id, helper_id, begins, ends, *known in pairs.values_list(
            "student_id", "helper_id", "starts_on", "ends_on", "confirmed_at", "ended_at"
        )
    )


def _proxies(students: Iterable[int]) -> Spans:
    """The colleagues who were proxy parents. One whose consent was withdrawn looked after the child until the day
    before, as the right to the file did; who ended on the first day held on none."""
    rows = ProxyParent.objects.of_colleagues().filter(student__in=list(students)).select_related("consent")
    return _spans(
        (
            one.student_id,
            one.staff_id,
            one.starts_on,
            one.until and one.until - ONE_DAY,
            one.recorded_at,
            one.ended_at,
        )
        for one in rows.order_by("pk")
    )


def exempted(term: Term, until: date, students: Iterable[int]) -> list[Exempted]:
    rows = Exemption.objects.filter(school_id=term.school_id, student__in=list(students))
    return [one.rule for one in rows.filter(starts_on__lte=until)]


def _circumstances(students: Iterable[int], needed: set[str | None]) -> Spans:
    if not needed:
        return {}
    rows = Circumstance.objects.filter(student__in=list(students), category__in=needed)
    return _spans(rows.values_list("student_id", "category", "since", "valid_until", "recorded_at"))


def _class_teachers(students: Iterable[int]) -> Spans:
    """A class teacher answers for a student while both belong to the class, as far as was written down by then."""
    memberships = list(
        ClassMembership.objects.filter(student__in=list(students)).values_list(
            "school_class_id", "student_id", "starts_on", "ends_on"
        )
    )
    posts = _spans(
        Responsibility.objects.filter(
            post=Responsibility.Post.CLASS_TEACHER, school_class__in={row[0] for row in memberships}
        ).values_list("school_class_id", "staff_id", "starts_on", "ends_on", "recorded_at", "ended_at")
    )
    found: Spans = defaultdict(list)
    for class_id, student_id, starts_on, ends_on in memberships:
        for post in posts.get(class_id, ()):
            begins, ends = max(post.starts_on or starts_on, starts_on), _earlier(post.ends_on, ends_on)
            if ends_on is None or begins <= ends_on:
                span = Span(post.of, begins, ends, post.recorded_at, post.ended_at, planned=ends_on)
                found[student_id].append(span)
    return found


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _spans(rows: Iterable[tuple]) -> Spans:
    found: Spans = defaultdict(list)
    for key, *span in rows:
        found[key].append(Span(*span))
    return found


def cared_for_by(staff: Staff, day: date) -> Q:
    """Rows about students whom this colleague accompanies or is proxy parent of, or whose class is in their charge."""
    pairs = Pair.objects.on(day).filter(helper=staff)
    classes = Responsibility.objects.on(day).filter(staff=staff, post=Responsibility.Post.CLASS_TEACHER)
    members = ClassMembership.objects.on(day).filter(school_class__in=classes.values("school_class_id"))
    proxied = ProxyParent.objects.open().filter(staff=staff)
    return (
        Q(student__in=pairs.values("student_id"))
        | Q(student__in=members.values("student_id"))
        | Q(student__in=proxied.values("student_id"))
    )


def proxied_by(staff: Staff) -> set[int]:
    """Students whose proxy parent this colleague is."""
    return set(ProxyParent.objects.open().filter(staff=staff).values_list("student_id", flat=True))


def also_helped_by(staff: Staff, day: date) -> set[int]:
    """Students whom this colleague helps beside their first helper."""
    pairs = Pair.objects.on(day).filter(helper=staff, role=Pair.Role.ALSO)
    return set(pairs.values_list("student_id", flat=True))


def helpers_on(students: Iterable[int], day: date) -> dict[int, Staff]:
    """The first helpers, of whom the promises are asked."""
    pairs = Pair.objects.on(day).of_first_helpers().filter(student__in=list(students))
    pairs = pairs.select_related("helper")
    return {pair.student_id: pair.helper for pair in pairs.order_by("starts_on", "pk")}


def keys_on(students: Iterable[int], day: date) -> set[int]:
    entries = Registration.objects.on(day).filter(student__in=list(students), level=Registration.Level.KEY)
    return set(entries.values_list("student_id", flat=True))


def away(actor: Actor, students: Iterable[int]) -> dict[int, Guardian]:
    """The first guardian of each student who works away from home."""
    guardians = Guardian.objects.visible_to(actor).filter(student__in=list(students)).exclude(away_place="")
    return {guardian.student_id: guardian for guardian in guardians.order_by("-order", "-pk")}


def class_teachers_on(class_id: int | None, day: date) -> list[str]:
    """The names of those who lead this class on that day."""
    if class_id is None:
        return []
    posts = Responsibility.objects.on(day).filter(
        post=Responsibility.Post.CLASS_TEACHER, school_class=class_id
    )
    return list(posts.order_by("starts_on", "pk").values_list("staff__name", flat=True))
