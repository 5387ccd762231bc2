"""The school's people and its calendar: facts that every floor above reads.

Invariants:
- every row carries its school; nothing links rows of two schools;
- memberships, responsibilities, circumstances and registrations have dates and are ended, never deleted;
- a student is reached only through `Student.objects.visible_to(actor)`;
- id numbers, phones and addresses are sealed under the student's own key, with the masked form beside them.
"""

from .models_calendar import CalendarDay, SchoolClass, SchoolYear, Term
from .models_care import Circumstance, Consent, Registration
from .models_people import (
    ClassMembership,
    Guardian,
    Likeness,
    OtherNumber,
    Responsibility,
    Staff,
    Student,
    Teaching,
)

__all__ = [
    "CalendarDay",
    "Circumstance",
    "ClassMembership",
    "Consent",
    "Guardian",
    "Likeness",
    "OtherNumber",
    "Registration",
    "Responsibility",
    "SchoolClass",
    "SchoolYear",
    "Staff",
    "Student",
    "Teaching",
    "Term",
]
