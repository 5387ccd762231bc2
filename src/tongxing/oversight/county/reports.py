"""Setting a report, sending it from the school's records, taking it back."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once

from .models_reports import CountyReport, ReportDue, Sending
from .nameless import one_line
from .report_parts import PARTS, figures_of
from .scoping import ANSWER, MANAGE, TITLE, WORDS
from .telling import tell

ASKED = gettext_lazy(
    "The county asks for a report. It fills itself from your records; please check it and send it."
)
#: What was checked is sent as it was: for so long after looking.
CHECKED_FOR = datetime.timedelta(hours=2)


@transaction.atomic
def set_report(
    actor: Actor,
    *,
    county: Organisation,
    client_id: UUID,
    title: str,
    parts: Collection[str],
    due_on: datetime.date,
    schools: Collection[int],
) -> CountyReport:
    """Ask these schools for a report by a day."""
    user_id = _person(actor, MANAGE, county.pk)
    title = one_line(title, "title", TITLE, _("Please give it a title."))
    if not parts or not set(parts) <= PARTS.keys():
        raise Refused(_("Please choose what it is about."), field="parts")
    if due_on < clock.today():
        raise Refused(_("The day lies in the past."), field="due_on")
    chosen = list(Organisation.objects.filter(parent=county, kind=Organisation.Kind.SCHOOL, pk__in=schools))
    if not chosen:
        raise Refused(_("Please choose at least one school."), field="schools")
    mine = CountyReport.objects.filter(school=county)

    def made() -> CountyReport:
        report = CountyReport.objects.create(
            school=county, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), title=title,
            parts=[part for part in PARTS if part in parts], due_on=due_on,
        )  # fmt: skip
        ReportDue.objects.bulk_create(ReportDue(school=school, report=report) for school in chosen)
        _log(actor, "county.report", report, schools=len(chosen))
        tell(chosen, ASKED, ("county-office", []), f"county.report.{report.pk}")
        return report

    return once(mine.filter(client_id=client_id).first, made)


@transaction.atomic
def take_back(actor: Actor, *, report: CountyReport, reason: str) -> None:
    """The county asks for it no longer; what was sent stays."""
    user_id = _person(actor, MANAGE, report.school_id)
    reason = one_line(reason, "reason", WORDS, _("Please say why it is taken back."))
    found = CountyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.ended_at is not None:
        raise Refused(_("It was taken back meanwhile."))
    found.end(user_id, reason)
    _log(actor, "county.report-back", found)


@transaction.atomic
def put_back(actor: Actor, *, report: CountyReport) -> None:
    """Taken back by mistake a moment ago."""
    _person(actor, MANAGE, report.school_id)
    found = CountyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.ended_at is not None:
        found.end_no_more(_("It was taken back a while ago. Please set it anew."))
        _log(actor, "county.report", found)


@transaction.atomic
def send_it(actor: Actor, *, due: ReportDue, client_id: UUID, as_of: datetime.datetime) -> Sending:
    """Send the figures as they stood at the moment they were looked at; nothing in them is typed."""
    user_id, now = _person(actor, ANSWER, due.school_id), clock.now()
    held = ReportDue.objects.select_for_update(of=("self",)).select_related("report", "school").get(pk=due.pk)
    if held.report.ended_at is not None:
        raise Refused(_("The county asks for it no longer."))
    if not now - CHECKED_FOR <= as_of <= now:
        raise Refused(_("You looked at it a while ago. Please look once more at the figures, then send."))
    mine = Sending.objects.filter(school=held.school)

    def sent() -> Sending:
        figures = figures_of(actor, held.school, held.report.parts, as_of)
        made = Sending.objects.create(
            school=held.school, client_id=client_id, entered_by_id=user_id, entered_at=now, due=held, as_of=as_of,
            figures={one.code: one.value for one in figures},
        )  # fmt: skip
        detail = {"report": held.report_id, "figures": len(figures)}
        audit.record(
            actor, "county.report-send", school_id=held.school_id, subject=("sending", made.pk), detail=detail
        )
        return made

    return once(mine.filter(client_id=client_id).first, sent)


def _person(actor: Actor, ability: str, organisation: int) -> int:
    actor.require(ability, school_id=organisation)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def _log(actor: Actor, action: str, report: CountyReport, **detail: object) -> None:
    subject = ("county-report", report.pk)
    audit.record(actor, action, school_id=report.school_id, subject=subject, detail=detail)
