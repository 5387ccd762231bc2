"""The one-time code on a slip of paper: how it is made, read and kept. Pure but for the installation's keys.

Invariants:
- twenty signs of which no two look alike in print or handwriting; ten of them, 43 bits;
- only a keyed fingerprint is stored; the code itself stands on paper alone;
- one batch gives one person the same code again, so a page of slips that is loaded twice stays true.
"""

import unicodedata
from uuid import UUID

from django.utils.crypto import salted_hmac

from tongxing.ground.kernel.encryption import blind_index

ALPHABET = "ACDEFHJKMNPRTWXY3479"
SIGNS = 10


def code_for(batch: UUID, user_id: int) -> str:
    """The code that `batch` gives to this person, as printed: ACD3F-HJ7KM."""
    number = int.from_bytes(
        salted_hmac("tongxing.start-code", f"{batch}:{user_id}", algorithm="sha256").digest()
    )
    signs = ""
    for _place in range(SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return f"{signs[:5]}-{signs[5:]}"


def tidy(text: str) -> str:
    """What was typed, without blanks and hyphens, in capitals; full-width signs are understood."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def fingerprint(code: str) -> str:
    return blind_index(tidy(code), "accounts_startcode.code")
