"""A ZIP whose files are encrypted with AES-256 (WinZip AE-2): any common archive program opens it with the passphrase.

Key and check come from the passphrase by PBKDF2-HMAC-SHA1 with 1,000 rounds, as the format lays down; so the passphrase
itself must be long: `new_passphrase` has 24 random digits (2^79), which can be read out on the phone.
Each file carries an HMAC-SHA1 of its ciphertext, cut to ten bytes: a changed file does not open.
Source: WinZip, “AES Encryption Information: Encryption Specification AE-1 and AE-2”.
"""

import hashlib
import hmac
import secrets
import struct
import zlib
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

DIGITS, GROUP = 24, 4
SALT, CHECK, MAC, KEY, BLOCK, ROUNDS = 16, 2, 10, 32, 16, 1000
#: No file of a child's is larger; what says so inflates no further.
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 8
_AES, _DEFLATED, _UTF8_ENCRYPTED = 99, 8, 0x0801
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, _DEFLATED)
_DOS_DATE = 0x0021  # the format wants a date: 1 January 1980, so that it tells nothing


class Unreadable(Exception):
    """Not such a ZIP, or damaged on the way."""


class WrongPassphrase(Exception):
    """The passphrase does not open this file."""


def new_passphrase() -> str:
    """Six groups of four digits."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    return " ".join(digits[place : place + GROUP] for place in range(0, DIGITS, GROUP))


def digits_of(passphrase: str) -> str:
    """What counts of a passphrase, however it was typed in."""
    return "".join(str(int(sign)) for sign in passphrase if sign.isdecimal())


def pack(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """These files, encrypted, as one ZIP. The same content twice gives two different files."""
    body, directory = b"", b""
    for name, content in files.items():
        sealed = _seal(content, digits_of(passphrase))
        encoded = name.encode()
        common = _common(len(sealed), len(content), len(encoded))
        directory += b"PK\x01\x02" + struct.pack("<HH", 51, 51) + common
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + encoded + _EXTRA
        body += b"PK\x03\x04" + struct.pack("<H", 51) + common + encoded + _EXTRA + sealed
    end = struct.pack("<HHHHLLH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def _common(sealed: int, plain: int, name: int) -> bytes:
    """What the local header and the directory say alike; AE-2 leaves the checksum out."""
    return struct.pack("<HHHHLLLHH", _UTF8_ENCRYPTED, _AES, 0, _DOS_DATE, 0, sealed, plain, name, len(_EXTRA))


def unpack(archive: bytes, passphrase: str) -> dict[str, bytes]:
    """The files by name. WrongPassphrase, or Unreadable when anything about it was changed."""
    try:
        return _unpack(archive, digits_of(passphrase))
    except (struct.error, IndexError, UnicodeDecodeError, zlib.error) as error:
        raise Unreadable from error


def _unpack(archive: bytes, digits: str) -> dict[str, bytes]:
    end = archive.rfind(b"PK\x05\x06")
    if end < 0 or len(archive) > MOST_BYTES:
        raise Unreadable
    *_disks, number, size, place = struct.unpack("<HHHHLL", archive[end + 4 : end + 20])
    if number > MOST_FILES or place + size != end:
        raise Unreadable
    found: dict[str, bytes] = {}
    for _ in range(number):
        if archive[place : place + 4] != b"PK\x01\x02":
            raise Unreadable
        fields = struct.unpack("<HHHHLLLHHHHHLL", archive[place + 8 : place + 46])
        method, sealed, plain = fields[1], fields[5], fields[6]
        name_length, extra_length, comment_length, local = fields[7], fields[8], fields[9], fields[13]
        if method != _AES or plain > MOST_BYTES:
            raise Unreadable
        name = archive[place + 46 : place + 46 + name_length].decode()
        found[name] = _open(_content(archive, local, sealed), digits, plain)
        place += 46 + name_length + extra_length + comment_length
    return found


def _content(archive: bytes, local: int, sealed: int) -> bytes:
    if archive[local : local + 4] != b"PK\x03\x04":
        raise Unreadable
    name_length, extra_length = struct.unpack("<HH", archive[local + 26 : local + 30])
    first = local + 30 + name_length + extra_length
    content = archive[first : first + sealed]
    if len(content) != sealed or sealed < SALT + CHECK + MAC:
        raise Unreadable
    return content


def _keys(digits: str, salt: bytes) -> tuple[bytes, bytes, bytes]:
    derived = PBKDF2HMAC(hashes.SHA1(), 2 * KEY + CHECK, salt, ROUNDS).derive(digits.encode())  # noqa: S303  # the format's own
    return derived[:KEY], derived[KEY : 2 * KEY], derived[2 * KEY :]


def _crypt(key: bytes, content: bytes) -> bytes:
    """AES in counter mode as the format counts: from 1, little-endian."""
    blocks = -(-len(content) // BLOCK)
    counters = b"".join(number.to_bytes(BLOCK, "little") for number in range(1, blocks + 1))
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(counters)  # noqa: S305  # the key stream of CTR
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))


def _seal(content: bytes, digits: str) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    salt = secrets.token_bytes(SALT)
    key, mac, check = _keys(digits, salt)
    sealed = _crypt(key, deflate.compress(content) + deflate.flush())
    return salt + check + sealed + _mac(mac, sealed)


def _open(content: bytes, digits: str, plain: int) -> bytes:
    salt, given = content[:SALT], content[SALT : SALT + CHECK]
    key, mac, check = _keys(digits, salt)
    if not hmac.compare_digest(given, check):
        raise WrongPassphrase
    sealed, seen = content[SALT + CHECK : -MAC], content[-MAC:]
    if not hmac.compare_digest(seen, _mac(mac, sealed)):
        raise Unreadable
    inflate = zlib.decompressobj(-15)
    opened = inflate.decompress(_crypt(key, sealed), plain + 1)
    if len(opened) != plain or not inflate.eof:
        raise Unreadable
    return opened


def _mac(key: bytes, sealed: bytes) -> bytes:
    return hmac.new(key, sealed, hashlib.sha1).digest()[:MAC]
