"""The county's report over all its schools: sums in tens, the programme, the months, who asked for a hand.

It holds what the county's pages show and nothing else: no name of a person, no order but that of the schools' names.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.oversight.county.comparing import SchoolLines, newest, schools_with
from tongxing.oversight.county.models_programme import CountyVersion
from tongxing.oversight.county.queries import Needing, needing_a_hand
from tongxing.oversight.county.scoping import VIEW
from tongxing.oversight.insight.county import CountySums, county_sums
from tongxing.oversight.insight.county_counts import MONTHLY, SUMS
from tongxing.oversight.insight.county_months import Months, county_months
from tongxing.oversight.insight.tens import Tens

from .content import Appendix, Block, Document, Heading, Paragraph, Table, dated_text, moment_text
from .pdf import pdf_file
from .word import word_file

NAME, CELL = 6, 2  # widths


@transaction.atomic
def county_report(actor: Actor, county: Organisation, as_of: datetime.datetime, kind: str) -> bytes:
    """As `docx` or `pdf`, for whoever sees the county's sums."""
    actor.require(VIEW, school_id=county.pk)
    document = county_document(actor, county, as_of)
    file = pdf_file(document) if kind == "pdf" else word_file(document)
    audit.record(
        actor, "county.document", school_id=county.pk, subject=("county-report", None), detail={"kind": kind}
    )
    return file


def county_document(actor: Actor, county: Organisation, as_of: datetime.datetime) -> Document:
    sums, version = county_sums(actor, county, as_of), newest(county)
    taken = schools_with(actor, county, version) if version else []
    months = [county_months(actor, county, code, as_of) for code in MONTHLY]
    return Document(
        title=_("%(county)s\nReport on support for students in its schools") % {"county": county.name},
        blocks=(
            *_whole(sums, as_of),
            *_programme(version, taken),
            *_months(months),
            *_needing(needing_a_hand(actor, county, sums)),
        ),
        issuer=county.name,
        dated=day_of(as_of),
        appendix=_by_school(sums),
    )


def in_words(one: Tens) -> str:
    """A figure as it is printed."""
    words = {"few": _("fewer than 10"), "hidden": _("not shown"), "unknown": _("no records")}
    return words.get(one.kind) or _("%(n)s or more") % {"n": one.value}


def _whole(sums: CountySums, as_of: datetime.datetime) -> tuple[Block, ...]:
    schools = len(sums.schools)
    rows = tuple(
        (str(label), in_words(sums.totals[code]), f"{sums.known[code]} / {schools}")
        for code, label in SUMS.items()
    )
    return (
        Heading(_("All schools together")),
        Paragraph(
            _(
                "Counted from the records of %(schools)s up to %(moment)s. Counts of children stand in tens, so that none "
                "below ten can be worked out; the attachment says how it stands in each school."
            )
            % {"schools": _schools(schools), "moment": moment_text(as_of)}
        ),
        Table((_("Figure"), _("All schools"), _("Schools with records")), rows, (NAME, 3, 3)),
    )


def _schools(number: int) -> str:
    return ngettext("%(num)s school", "%(num)s schools", number) % {"num": number}


def _programme(version: CountyVersion | None, schools: Sequence[SchoolLines]) -> tuple[Block, ...]:
    if version is None or version.published_at is None:
        return (Heading(_("The county’s programme")), Paragraph(_("No programme has been published yet.")))
    told = {"name": version.name, "n": version.number, "day": dated_text(day_of(version.published_at))}
    rows = tuple(
        (one.school.name, _taken(one, version), str(len(one.open)), _adapted(one)) for one in schools
    )
    return (
        Heading(_("The county’s programme")),
        Paragraph(
            _("“%(name)s”, version %(n)s of %(day)s. It says what every school asks for at least.") % told
        ),
        Table(
            (
                _("School"),
                pgettext("county", "Taken over"),
                _("Points still open"),
                _("Different here, and why"),
            ),
            rows,
            (4, 3, 2, 6),
        ),
    )


def _taken(one: SchoolLines, version: CountyVersion) -> str:
    if one.taken is None:
        return pgettext("programme", "not yet")
    day = dated_text(day_of(one.taken.entered_at))
    if one.taken.version_id == version.pk:
        return day
    return _("%(day)s (version %(n)s)") % {"day": day, "n": one.taken.version.number}


def _adapted(one: SchoolLines) -> str:
    told = (
        {"what": line.point.label, "why": line.adaptation.reason} for line in one.adapted if line.adaptation
    )
    return _("; ").join(_("%(what)s: %(why)s") % each for each in told) or "—"


def _months(found: Sequence[Months]) -> tuple[Block, ...]:
    heads = (
        _("All schools together"),
        *(date_format(first, "YEAR_MONTH_FORMAT") for first in found[0].firsts),
    )
    rows = tuple((str(MONTHLY[one.code]), *map(in_words, one.totals)) for one in found)
    return (Heading(_("From month to month")), Table(heads, rows, (NAME, *[3] * len(found[0].firsts))))


def _needing(found: Sequence[Needing]) -> tuple[Block, ...]:
    if not found:
        return ()
    rows = tuple(
        (
            one.school.name,
            _("; ").join(hand.words for hand in one.hands) or "—",
            _(", ").join(one.without) or "—",
        )
        for one in found
    )
    return (
        Heading(_("Schools that need a hand")),
        Paragraph(_("Who has asked for it, and where there is no record yet; in the order of names.")),
        Table((_("School"), pgettext("county", "Asked for"), _("No records of")), rows, (4, 6, 5)),
    )


def _by_school(sums: CountySums) -> Appendix:
    rows = tuple((one.school.name, *(in_words(one.of[code]) for code in SUMS)) for one in sums.schools)
    return Appendix(
        _("Sums by school"),
        (Table((_("School"), *map(str, SUMS.values())), rows, (NAME, *[CELL + 1] * len(SUMS))),),
    )
