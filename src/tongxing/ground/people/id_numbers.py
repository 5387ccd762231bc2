"""The citizen's ID number (GB 11643-1999) and the national student number. Pure."""

import datetime
import re

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
_NATIONAL_CODE = re.compile(r"[GJL]\d{15,18}[0-9X]?")


def check_digit(first_seventeen: str) -> str:
    return CHECK[
        sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True)) % 11
    ]


def is_id_number(text: str) -> bool:
    """Whether the 18 signs fit together. Area codes that no longer exist pass, since old numbers keep them."""
    return (
        bool(re.fullmatch(r"\d{17}[\dX]", text))
        and check_digit(text[:17]) == text[17]
        and birth_date(text) is not None
    )


def birth_date(text: str) -> datetime.date | None:
    """The date of birth inside an ID number, or None if those eight digits are no date."""
    try:
        return datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def sex(text: str) -> str:
    """female or male, by the seventeenth digit."""
    return "male" if int(text[16]) % 2 else "female"


def is_national_code(text: str) -> bool:
    """学籍号: G (from the ID number), J (provisional) or L (left the roster and came back), then digits."""
    return bool(_NATIONAL_CODE.fullmatch(text))
