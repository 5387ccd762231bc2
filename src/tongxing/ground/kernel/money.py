"""Money is an integer number of fen, everywhere: no float, no rounding. Pure.

Invariants:
- what people type is read exactly or refused in words; more than two decimals are never cut off;
- what is shown has always two decimals, so that 3 and 3.00 are not two things.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from .errors import Refused

#: 100 million yuan: more is a slip of the finger in a school.
MOST_FEN = 10_000_000_000
_TYPED = re.compile(r"(?P<sign>[-−]?)(?P<yuan>\d+)(?:\.(?P<fen>\d{1,2}))?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def fen(text: str) -> int:
    """1234, 1,234.5, ￥1,234.50, 1234.50元 → fen; refused in words otherwise."""
    plain = re.sub(
        r"[\s,，元¥￥]", "", text.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
    )
    found = _TYPED.fullmatch(plain)
    if not found:
        raise Refused(_("Please write an amount in yuan, such as 1250 or 38.50."), field="amount")
    value = int(found["yuan"]) * 100 + int((found["fen"] or "0").ljust(2, "0"))
    if value > MOST_FEN:
        raise Refused(_("This amount is too large to be true."), field="amount")
    return -value if found["sign"] else value


def yuan(value: int) -> str:
    """123450 → 1,234.50; a true minus sign in front of what is taken away."""
    whole, rest = divmod(abs(value), 100)
    return f"{'−' if value < 0 else ''}{whole:,}.{rest:02d}"


def decimal(value: int) -> Decimal:
    """For a spreadsheet's cell."""
    return Decimal(value) / 100


def in_words(value: int) -> str:
    """As amounts stand on vouchers: 123405 → 壹仟贰佰叁拾肆元零伍分; 100000 → 壹仟元整."""
    whole, rest = divmod(abs(value), 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole_in_words(whole)}元" if whole else ""
    if not rest:
        words = f"{words or '零元'}整"
    elif not jiao:
        words += f"{'零' if whole else ''}{_DIGITS[cents]}分"
    else:
        zero = "零" if whole and whole % 10 == 0 else ""
        words += f"{zero}{_DIGITS[jiao]}角{f'{_DIGITS[cents]}分' if cents else '整'}"
    return f"负{words}" if value < 0 else words


def _whole_in_words(number: int) -> str:
    """Groups of four digits; a run of zeros inside is said once, at the end of a group not at all."""
    words, group, zero = "", 0, False
    while number:
        number, four = divmod(number, 10_000)
        part = _four_in_words(four)
        if part:
            words = part + _GROUPS[group] + ("零" if zero and words else "") + words
        zero = (zero and not part) or (0 < four < 1000)
        group += 1
    return words


def _four_in_words(number: int) -> str:
    words, zero = "", False
    for place in range(4):
        number, digit = divmod(number, 10)
        if digit:
            words = _DIGITS[digit] + _UNITS[place] + ("零" if zero and words else "") + words
        zero = not digit
    return words
