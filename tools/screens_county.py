"""Whose versions, reports, hands and needs the pictures of the demo school show."""

from tools.screens_aid import Values, keys, newest

from tongxing.oversight.county.models import (
    Adaptation,
    CountyPoint,
    CountyReport,
    CountyVersion,
    Hand,
    Need,
    ReportDue,
)

COUNTY: dict[str, Values] = {
    "adaptation_id": newest(Adaptation),
    "county_point_id": lambda: keys(CountyPoint.objects.filter(version__published_at=None).order_by("pk")),
    "county_asked_id": lambda: keys(CountyPoint.objects.exclude(version__published_at=None).order_by("-pk")),
    "county_report_id": newest(CountyReport),
    "county_version_id": newest(CountyVersion),
    "hand_id": newest(Hand),
    "need_id": lambda: keys(Need.objects.order_by("-until", "-pk")),
    "report_due_id": newest(ReportDue),
}
