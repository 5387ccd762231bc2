"""The installation's keys: files of the data folder, readable by its owner alone, never in the database."""

import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys of 32 bytes, each with one use."""

    database: bytes  # encrypts the SQLite file
    installation: bytes  # wraps each student's key
    index: bytes  # blind indexes
    audit: bytes  # the audit chain
    session: bytes  # Django's signatures

    def __repr__(self) -> str:
        return "<Keyring>"


def load(folder: Path) -> Keyring:
    """Read the keys from `folder`; make those that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keyring(**{field.name: _key(folder / f"{field.name}.key") for field in fields(Keyring)})


def _key(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key
