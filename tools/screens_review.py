"""Whose stops, samples and words of a review the pictures of the demo school show."""

from tools.screens_aid import Values, newest

from tongxing.oversight.inspection.models import Check, Proof, Sample, Stop
from tongxing.oversight.review.models import FeedbackRound, NextStep, Recognition, RecognitionFile

REVIEW: dict[str, Values] = {
    "feedback_id": newest(FeedbackRound),
    "recognition_file_id": newest(RecognitionFile),
    "recognition_id": newest(Recognition),
    "next_step_id": newest(NextStep),
    "paper_kind": lambda: ["docx"],
    "check_id": newest(Check),
    "proof_id": newest(Proof),
    "sample_id": newest(Sample),
    "stop_id": newest(Stop),
}
