"""Whose stops, samples and words of a review the pictures of the demo school show."""

from tools.screens_aid import Values, newest

from tongxing.oversight.inspection.models import Check, Proof, Sample, Stop

REVIEW: dict[str, Values] = {
    "check_id": newest(Check),
    "proof_id": newest(Proof),
    "sample_id": newest(Sample),
    "stop_id": newest(Stop),
}
