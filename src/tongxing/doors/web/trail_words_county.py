"""What entries between a county and its schools say, in words."""

from django.utils.translation import gettext_lazy as _

COUNTY = {
    "county.adapt": _("said why a point of the county is different here"),
    "county.adapt-end": _("said that a point of the county is different no longer"),
    "county.document": _("made the county’s report"),
    "county.hand": _("asked the county for a hand"),
    "county.hand-answer": _("answered a school that asked for a hand"),
    "county.hand-back": _("said that a hand is still needed"),
    "county.hand-done": _("said that a hand is no longer needed"),
    "county.need-ask": _("asked for the children behind a need"),
    "county.need-close": _("closed names that the county had opened"),
    "county.need-emergency": _("opened a name because of danger to life"),
    "county.need-open": _("opened the names behind a need"),
    "county.need-read": _("read the names behind a need"),
    "county.need-refuse": _("did not open the names behind a need"),
    "county.need-review": _("looked again at names opened because of danger"),
    "county.programme-draft": _("began a version of the county’s programme"),
    "county.programme-point": _("changed a point of the county’s draft"),
    "county.programme-publish": _("published the county’s programme"),
    "county.report": _("asked the schools for a report"),
    "county.report-back": _("took a report of the county back"),
    "county.report-send": _("sent a report to the county"),
    "county.take-over": _("took the county’s programme over"),
}
