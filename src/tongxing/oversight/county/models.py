"""What stands between a county bureau and its schools; the invariants stand with each part."""

from .models_hands import Hand
from .models_needs import Need, NeedChild
from .models_programme import Adaptation, CountyPoint, CountyVersion, Takeover
from .models_reports import CountyReport, ReportDue, Sending

__all__ = [
    "Adaptation",
    "CountyPoint",
    "CountyReport",
    "CountyVersion",
    "Hand",
    "Need",
    "NeedChild",
    "ReportDue",
    "Sending",
    "Takeover",
]
