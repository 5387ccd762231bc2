"""What the addresses between a county and its schools name: a version and its points, a report, a hand, a need."""

from typing import Any
from uuid import UUID

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.people.models import Registration
from tongxing.oversight.county import hands, needs, programme, reports
from tongxing.oversight.county.comparing import newest
from tongxing.oversight.county.models import (
    Adaptation,
    CountyPoint,
    CountyReport,
    CountyVersion,
    Hand,
    Need,
    ReportDue,
)

from ..cast import NOW, Cast
from . import rows


def _who(cast: Cast, school: Organisation) -> str:
    return "coordinator" if school == cast.school else "outsider"


def draft(cast: Cast) -> CountyVersion:
    versions = CountyVersion.objects.filter(school=cast.county)
    return versions.filter(published_at=None).first() or programme.begin(
        cast.actor("county_supervisor"), county=cast.county, client_id=UUID(int=60_000 + versions.count()),
        name="百千万工程",
    )  # fmt: skip


def point(cast: Cast) -> CountyPoint:
    return draft(cast).points.earliest("pk")


def published(cast: Cast) -> CountyVersion:
    return newest(cast.county) or programme.publish(cast.actor("county_supervisor"), version=draft(cast))


def adaptation(cast: Cast, school: Organisation) -> Adaptation:
    return programme.adapt(
        cast.actor("head" if school == cast.school else "outsider"), school=school,
        point=published(cast).points.earliest("pk"), client_id=UUID(int=61_000 + school.pk), reason="山路远",
    )  # fmt: skip


def hand(cast: Cast, school: Organisation) -> Hand:
    return hands.ask(
        cast.actor(_who(cast, school)), school=school, client_id=UUID(int=62_000 + school.pk), kind="people",
        words="想请县里帮忙找一位音乐老师",
    )  # fmt: skip


def report(cast: Cast) -> CountyReport:
    return reports.set_report(
        cast.actor("county_supervisor"), county=cast.county, client_id=UUID(int=63_000), title="十一月情况",
        parts=["everyone", "register"], due_on=NOW.date(), schools=[cast.school.pk, cast.other_school.pk],
    )  # fmt: skip


def due(cast: Cast, school: Organisation) -> ReportDue:
    return ReportDue.objects.get(report=report(cast), school=school)


def need(cast: Cast, school: Organisation) -> Need:
    """Opened by the data officer until the evening."""
    Registration.objects.filter(recorded_at__gt=NOW).update(recorded_at=NOW)
    found = needs.ask(
        cast.actor("county_supervisor"), school=school, client_id=UUID(int=64_000 + school.pk), kind="unvisited",
        reason="想请师范学院的同学结对", hours=8,
    )  # fmt: skip
    officer = cast.actor("county_data_officer")
    return needs.open_it(officer, need=found) if found.state == "waits" else found


def _everywhere(row: Any) -> dict[str, int]:
    return dict.fromkeys(("own", "class", "far"), row.pk)


EXAMPLES: dict[str, Any] = {
    "county_version_id": lambda cast: _everywhere(draft(cast)),
    "county_point_id": lambda cast: _everywhere(point(cast)),
    "county_asked_id": lambda cast: _everywhere(published(cast).points.earliest("pk")),
    "county_report_id": lambda cast: _everywhere(report(cast)),
    "hand_id": lambda cast: rows.of_schools(cast, lambda school: hand(cast, school).pk),
    "adaptation_id": lambda cast: rows.of_schools(cast, lambda school: adaptation(cast, school).pk),
    "report_due_id": lambda cast: rows.of_schools(cast, lambda school: due(cast, school).pk),
    "need_id": lambda cast: rows.of_schools(cast, lambda school: need(cast, school).pk),
}
