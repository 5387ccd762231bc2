"""Where every child is: mornings, absences, bringing a child back to school, breaks, and leaving well."""

from .models_absence import Absence, AbsenceStep, RollCall, Thresholds
from .models_breaks import Break, CallPutOff, CallSwap, Lesson, MissedLesson
from .models_cases import CaseStep, MonthTable, ReturnCase
from .models_leaving import Departure, LeavingReview, ReceivedFile, TransferFile

__all__ = [
    "Absence",
    "AbsenceStep",
    "Break",
    "CallPutOff",
    "CallSwap",
    "CaseStep",
    "Departure",
    "LeavingReview",
    "Lesson",
    "MissedLesson",
    "MonthTable",
    "ReceivedFile",
    "ReturnCase",
    "RollCall",
    "Thresholds",
    "TransferFile",
]
