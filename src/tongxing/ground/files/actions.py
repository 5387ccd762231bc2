"""Keeping, reading and forgetting a file. Who may is asked by the record that owns it, in the same transaction."""

import hashlib

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock, encryption
from tongxing.ground.kernel.models import SubjectKey

from .models import StoredFile
from .rules import Kept

SEALED_AT = "files_storedfile.sealed"


def fingerprint(kept: Kept) -> str:
    return encryption.blind_index(hashlib.sha256(kept.content).hexdigest(), SEALED_AT)


def keep(*, school: Organisation, key: SubjectKey, kept: Kept) -> StoredFile:
    """Store an examined file, sealed under a student's key or one of its own."""
    return StoredFile.objects.create(
        school=school,
        key=key,
        media_type=kept.media_type,
        size=len(kept.content),
        fingerprint=fingerprint(kept),
        sealed=encryption.seal_bytes(key, kept.content, SEALED_AT),
        stored_at=clock.now(),
    )


def content_of(file: StoredFile) -> bytes:
    """The content; raises `encryption.Unreadable` once the student's key is destroyed."""
    return encryption.unseal_bytes(file.key, file.sealed, SEALED_AT)


def seal_anew(file: StoredFile, key: SubjectKey) -> None:
    """The same content under another key: it has become known whom it is about."""
    content = content_of(file)
    file.key, file.sealed = key, encryption.seal_bytes(key, content, SEALED_AT)
    file.save(update_fields=["key", "sealed"])
