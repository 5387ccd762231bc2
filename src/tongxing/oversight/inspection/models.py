"""Every table of the inspection in one place: the month and its findings, the plan, samples, files."""

from .models_inspection import LONGEST, MANAGE, Finding, Inspection
from .models_plan import Stop
from .models_proofs import Proof
from .models_sample import Check, Sample

__all__ = ["LONGEST", "MANAGE", "Check", "Proof", "Finding", "Inspection", "Sample", "Stop"]
