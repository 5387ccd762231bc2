"""Recognition of hardship: told → applied → reviewed by class and school → decided → made public → filed.

See the modules for the invariants. Which child needs more than another is written nowhere.
"""

from .models_applications import Application, Recognition, Review, SignedPaper
from .models_lists import Listed, OfficialList
from .models_rounds import Level, PanelMember, Recusal, Round, Weights

__all__ = [
    "Application",
    "Level",
    "Listed",
    "OfficialList",
    "PanelMember",
    "Recognition",
    "Recusal",
    "Review",
    "Round",
    "SignedPaper",
    "Weights",
]
