"""Papers that went out, how they look, and their numbers."""

from .models_head import Letterhead, Outgoing
from .models_issued import IssuedDocument
from .models_templates import WordTemplate

__all__ = ("IssuedDocument", "Letterhead", "Outgoing", "WordTemplate")
