"""What a meeting asks for beside a child's essentials: who is around the child, and the plan of the term in force.

Read as this reader may see it; what is not visible stays out without a trace.
"""

from django.utils.translation import gettext as _

from tongxing.care.pairing.models import ProxyParent
from tongxing.care.peers.models import Together
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_reading import ShownMeasure, whole
from tongxing.care.programme.term_plan_words import often
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student, Term


def people(actor: Actor, student: Student) -> tuple[tuple[str, str], ...]:
    """The proxy parent and the study partner of today; nothing where there is none. Three queries."""
    since = _("%(what)s since %(day)s")
    proxies = ProxyParent.objects.visible_to(actor).open().filter(student=student).with_names()
    rows = Together.objects.visible_to(actor).running().partners().with_both()
    found = [*rows.filter(student=student), *rows.filter(partner=student)]
    partners = [
        since
        % {"what": (one.partner if one.student_id == student.pk else one.student).name, "day": one.starts_on}
        for one in found
    ]
    named = [since % {"what": one.name, "day": one.starts_on} for one in proxies]
    told = ((_("Proxy parent"), _("; ").join(named)), (_("Study partner"), _("; ").join(partners)))
    return tuple((label, words) for label, words in told if words)


def plan(actor: Actor, student: Student, term: Term) -> tuple[tuple[str, str], ...]:
    """The plan in force: its goal, the signs by which one will know, each measure with who and how often."""
    found = TermPlan.objects.visible_to(actor).filter(student=student, term=term, ended_on=None).first()
    shown = whole(actor, found).in_force if found else None
    if shown is None:
        return ()
    told = [(_("Goal of the term"), shown.text.goal), (_("By these signs"), shown.text.signs)]
    told += [(_("Measure"), _measure(one)) for one in shown.measures]
    return tuple((label, words) for label, words in told if words)


def _measure(one: ShownMeasure) -> str:
    return " · ".join(part for part in (one.measure.what, one.who, often(one.measure)) if part)
