"""Every table of the review in one place; the invariants stand with each part."""

from .models_feedback import FeedbackRound, FeedbackWords, SlipBatch
from .models_recognition import Recognition, RecognitionFile
from .models_reflection import Reflection
from .models_steps import NextStep

__all__ = [
    "FeedbackRound",
    "FeedbackWords",
    "NextStep",
    "Recognition",
    "RecognitionFile",
    "Reflection",
    "SlipBatch",
]
