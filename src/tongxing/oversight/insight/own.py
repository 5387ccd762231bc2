"""What one helper did in a term, counted from the own records; for that helper's eyes, never beside others'.

The definitions are those of a single person: whom one accompanies, what one wrote down. No rank, no average.
"""

import datetime

from django.utils.translation import gettext as _

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Staff, Term

from .counts import AT_HOME, FAMILY, FROM_AFAR
from .definitions import CONTACT, STUDENT
from .facts import held_pairs
from .figures import Figures, counted


def own_figures(staff: Staff, term: Term, as_of: datetime.datetime) -> Figures:
    """Two queries. A restricted record counts as one, nothing in it is read."""
    pairs = held_pairs(Pair.objects.filter(helper=staff, school=term.school_id), as_of)
    rows = Contact.objects.standing().filter(
        staff=staff, school=term.school_id, made=True, recorded_at__lte=as_of,
        happened_at__gte=clock.start_of(term.starts_on), happened_at__lt=clock.end_of(term.ends_on),
    )  # fmt: skip
    told = list(rows.values_list("pk", "student_id", "channel", "reached"))
    with_child = [pk for pk, _student, _channel, reached in told if "student" in reached]
    at_home = [pk for pk, _student, channel, reached in told if channel == AT_HOME and reached]
    from_afar = [pk for pk, _s, channel, reached in told if channel in FROM_AFAR and FAMILY & set(reached)]
    lines = (
        ("own.accompanied", _("Children I accompany"), _("Pairs that hold today."), STUDENT, pairs.values_list("student_id", flat=True)),
        ("own.talks", _("Times with the child"), _("My records of this term that reached the child."), CONTACT, with_child),
        ("own.visits", _("Visits at their home"), _("My records of this term at the family’s home."), CONTACT, at_home),
        ("own.calls", _("Calls and messages with the family"), _("My records of this term that reached a family from afar."), CONTACT, from_afar),
    )  # fmt: skip
    return Figures(
        tuple(counted(code, label, means, as_of, model, ids) for code, label, means, model, ids in lines)
    )
