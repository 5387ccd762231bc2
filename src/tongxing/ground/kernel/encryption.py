"""Field encryption: AES-256-GCM under a key of the student's own, wrapped by the installation's key.

Invariants:
- a sealed value opens only at the place it was sealed for (`where` = "table.column" is authenticated with it);
- destroying a student's key makes every sealed value about that student unreadable, in backups too;
- lists never open anything: the masked form is stored beside each sealed column.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from . import clock
from .models import SubjectKey

NONCE_BYTES = 12


class Unreadable(Exception):
    """The value cannot be opened: wrong key, wrong place, damaged, or the key was destroyed."""


def _encrypt(key: bytes, text: bytes, where: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, where.encode())


def _decrypt(key: bytes, sealed: bytes, where: str) -> bytes:
    sealed = bytes(sealed)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], where.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(where) from error


def new_key() -> SubjectKey:
    """An unsaved key for one student; save it before or together with the student."""
    return SubjectKey(wrapped=_encrypt(settings.KEYRING.installation, secrets.token_bytes(32), "subject-key"))


def _open(key: SubjectKey) -> bytes:
    if key.wrapped is None:
        raise Unreadable("key destroyed")
    return _decrypt(settings.KEYRING.installation, bytes(key.wrapped), "subject-key")


def destroy(key: SubjectKey) -> None:
    """Everything sealed under this key is gone for good, in backups too; the row stays and says since when."""
    key.wrapped, key.destroyed_at = None, key.destroyed_at or clock.now()
    key.save(update_fields=["wrapped", "destroyed_at"])


def verify_key(key: SubjectKey) -> None:
    """Raise Unreadable unless the installation's key opens this one; a destroyed key is fine."""
    if key.wrapped is not None:
        _open(key)


def seal(key: SubjectKey, text: str, where: str) -> bytes:
    """Encrypt `text` for the column `where` ("table.column"); the empty text stays empty."""
    return _encrypt(_open(key), text.encode(), where) if text else b""


def seal_bytes(key: SubjectKey, content: bytes, where: str) -> bytes:
    """Encrypt a whole file; unlike text, the empty one is sealed too."""
    return _encrypt(_open(key), content, where)


def unseal_bytes(key: SubjectKey, sealed: bytes | memoryview, where: str) -> bytes:
    return _decrypt(_open(key), bytes(sealed), where)


def unseal(key: SubjectKey, sealed: bytes | memoryview | None, where: str) -> str:
    return _decrypt(_open(key), bytes(sealed), where).decode() if sealed else ""


def blind_index(text: str, where: str) -> str:
    """A keyed fingerprint, so that equal values can be found without being readable. Empty stays empty."""
    if not text:
        return ""
    return hmac.new(settings.KEYRING.index, f"{where}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]
