"""Papers that went out, how they look, and their numbers."""

from .models_head import Letterhead, Outgoing
from .models_issued import IssuedDocument

__all__ = ("IssuedDocument", "Letterhead", "Outgoing")
