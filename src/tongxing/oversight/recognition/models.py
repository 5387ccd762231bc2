"""What the school honours and how; the invariants stand with each part."""

from .models_schemes import CommitteeMember, Criterion, Scheme
from .models_way import Asked, Commendation, Review, SelfCheck, StoodBack

__all__ = [
    "Asked",
    "Commendation",
    "CommitteeMember",
    "Criterion",
    "Review",
    "Scheme",
    "SelfCheck",
    "StoodBack",
]
