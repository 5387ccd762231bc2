"""What is asked at the family's door, and the PIN that is chosen there. Pure.

Invariants:
- an answer is understood however it is written: full-width digits, 2013年5月6日, 20130506, 2013-5-6;
- a PIN that anybody would try first (one digit repeated, a run, the birthday, the phone) is none.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

SHORTEST_PIN = 6  # digits
SHORTEST_WORDS = 8  # signs of a password that is more than digits
LAST_DIGITS = 4
RUN = "01234567890"
Fault = Literal["", "short", "simple", "known"]


def digits_of(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())


def read_day(text: str) -> datetime.date | None:
    """The day that was typed; None if it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = re.fullmatch(r"(\d{4})(?:\D+(\d{1,2})\D+(\d{1,2})\D*|(\d{2})(\d{2}))", plain)
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts.groups() if part)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def fits(text: str, *, birth_date: datetime.date | None, phone: str) -> bool:
    """Whether the answer is the child's date of birth, or the last four digits of the phone on record."""
    if birth_date is not None and read_day(text) == birth_date:
        return True
    known = digits_of(phone)
    return len(known) >= LAST_DIGITS and unicodedata.normalize("NFKC", text).strip() == known[-LAST_DIGITS:]


def fault_of(secret: str, known: Iterable[str]) -> Fault:
    """Why this is no good PIN or password; `known`: digits that others know too, such as the phone's."""
    if not secret.isdecimal():
        return "short" if len(secret) < SHORTEST_WORDS else ""
    if len(secret) < SHORTEST_PIN:
        return "short"
    if len(set(secret)) == 1 or secret in RUN or secret[::-1] in RUN:
        return "simple"
    if any(secret in digits or digits in secret for digits in known if len(digits) >= SHORTEST_PIN):
        return "known"
    return ""


def birth_digits(born: datetime.date | None) -> list[str]:
    """How a birthday is written as digits: 20130506."""
    return [f"{born:%Y%m%d}"] if born else []
