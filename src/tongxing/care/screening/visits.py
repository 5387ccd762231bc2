"""Reading the visits to classes: which there were this term, which classes still wait for one."""

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Responsibility, SchoolClass, Staff, Term

from .models import ClassVisit, Nomination

#: Posts of those who go to the classes.
LEADING = (
    Responsibility.Post.HEAD,
    Responsibility.Post.PARTY_SECRETARY,
    Responsibility.Post.DEPUTY,
    Responsibility.Post.COORDINATOR,
    Responsibility.Post.TEACHING_OFFICE,
    Responsibility.Post.GENERAL_OFFICE,
    Responsibility.Post.GRADE_LEADER,
)


def visits_of(actor: Actor, term: Term) -> list[ClassVisit]:
    """This term's visits, the latest first, with who went. Withdrawn ones are among them."""
    found = ClassVisit.objects.visible_to(actor).of_term(term)
    found = found.select_related("school_class", "written_by", "withdrawn_by")
    return list(found.prefetch_related("visitors__staff").order_by("-visited_on", "-pk"))


def named_on(actor: Actor, visits: list[ClassVisit]) -> dict[int, list[Nomination]]:
    """visit id → the children named on it."""
    rows = Nomination.objects.visible_to(actor).filter(visit__in=visits).select_related("student")
    found: dict[int, list[Nomination]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.visit_id or 0, []).append(row)
    return found


def classes_without_visit(actor: Actor, term: Term) -> list[SchoolClass]:
    """The classes of the term's year to which nobody has gone this term."""
    visited = ClassVisit.objects.visible_to(actor).of_term(term).standing().values("school_class")
    classes = SchoolClass.objects.visible_to(actor).filter(school_id=term.school_id, year_id=term.year_id)
    return list(classes.exclude(pk__in=visited))


def those_who_go(school_id: int) -> list[Staff]:
    """Colleagues with a leading post today; where no post is noted, every colleague."""
    active = Staff.objects.active(clock.today()).filter(school_id=school_id).order_by("pinyin", "code")
    posts = Responsibility.objects.on(clock.today()).filter(school_id=school_id, post__in=LEADING)
    leading = list(active.filter(pk__in=posts.values("staff")))
    return leading or list(active)
