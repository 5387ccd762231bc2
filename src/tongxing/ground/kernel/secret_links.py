"""Addresses that nobody can guess, for pages without an account, and bounds on how much comes through them.

Invariants:
- the secret stands on paper or in a message alone: it is derived from a row's seed under the installation's key, and a
  fingerprint (`encryption.blind_index`) finds the row;
- counters hold no address and no secret, and are forgotten once their time is over.
"""

import base64
from uuid import UUID

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from .encryption import blind_index

TOKEN_BYTES = 20


def token(seed: UUID, what: str) -> str:
    """The secret in an address: 160 bits. `what` names the kind of page, so that no secret opens another kind."""
    secret = salted_hmac(f"tongxing.{what}", str(seed), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(secret[:TOKEN_BYTES]).decode().rstrip("=")


def counted(what: str) -> int:
    """How often it was counted within its time."""
    return cache.get(what, 0)


def counter(what: str, where: str) -> str:
    """The name of a counter, which tells nobody whose it is."""
    return f"bound:{blind_index(what, where)}"


def within(name: str, most: int, seconds: int) -> bool:
    """Count one more; whether it is still within bounds. `name`: from `counter`."""
    if cache.add(name, 1, seconds):
        return True
    try:
        return cache.incr(name) <= most
    except ValueError:  # forgotten between the two
        return cache.add(name, 1, seconds) or True
