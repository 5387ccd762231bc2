"""On the inspection's paper: where it went, what was drawn and how it compared, what the month has cost. No child is named."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.inspection.models import Check, Inspection, Sample, Stop
from tongxing.oversight.inspection.month import burden, recorded_later
from tongxing.oversight.inspection.queries import stops_of

from .content import Block, Heading, Paragraph, Table


def around(actor: Actor, inspection: Inspection) -> tuple[Block, ...]:
    """Only the parts there is something to say of."""
    return (*_stops(actor, inspection), *_samples(inspection), *_month(actor, inspection))


def _stops(actor: Actor, inspection: Inspection) -> tuple[Block, ...]:
    seen = [one for one in stops_of(actor, inspection.school, inspection.month) if one.happened_on]
    if not seen:
        return ()
    heads = (
        _("Day"), pgettext("inspection", "What is looked at"), pgettext("inspection", "Where"), _("Who goes"),
        pgettext("inspection", "What was seen"),
    )  # fmt: skip
    rows = tuple(
        (str(one.happened_on), one.topic, _where(one), one.goes.name, " ".join(one.seen.split()))
        for one in seen
    )
    return (Heading(_("Where the inspection went")), Table(heads, rows, (4, 5, 4, 3, 8)))


def _where(stop: Stop) -> str:
    if stop.school_class:
        return stop.school_class.name
    return stop.person.name if stop.person else str(stop.get_kind_display())


def _samples(inspection: Inspection) -> tuple[Block, ...]:
    drawn = inspection.samples.filter(drawn_at__isnull=False).prefetch_related("checks")
    lines = tuple(Paragraph(_drawn(one)) for one in drawn)
    return (Heading(_("Records looked at more closely")), *lines) if lines else ()


def _drawn(sample: Sample) -> str:
    many = Counter(check.outcome for check in sample.checks.all())
    told = _(
        "From a list of %(all)s records (fingerprint %(print)s) the word “%(word)s” (%(source)s) drew %(n)s: "
        "%(agrees)s agree, %(differs)s differ, %(missing)s were not found, %(waiting)s are not looked at yet."
    )
    return told % {
        "all": sample.total,
        "print": sample.fingerprint[:16],
        "word": sample.word,
        "source": sample.source,
        "n": sum(many.values()),
        "agrees": many[Check.Outcome.AGREES],
        "differs": many[Check.Outcome.DIFFERS],
        "missing": many[Check.Outcome.NOT_FOUND],
        "waiting": many[Check.Outcome.WAITING],
    }


def _month(actor: Actor, inspection: Inspection) -> tuple[Block, ...]:
    cost, later = burden(inspection), recorded_later(actor, inspection)
    lines = []
    if cost.usual is not None:
        lines.append(
            _(
                "A colleague filled in %(n)s fields this month (the middle one of %(people)s colleagues, %(records)s records)."
            )
            % {"n": round(cost.usual), "people": cost.people, "records": cost.records}
        )
    if later:
        kinds = _(", ").join(f"{many} × {what}" for what, many in later.kinds)
        lines.append(_("Recorded later about this month: %(what)s.") % {"what": kinds})
    if not lines:
        return ()
    return (Heading(_("What the month has cost, and what came later")), *map(Paragraph, lines))
