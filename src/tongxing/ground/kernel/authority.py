"""The school's own certificate authority, for HTTPS inside its network (docs/decisions/0060-school-network.md).

Invariants:
- the authority vouches for private addresses, this machine's name and `.local`, and for nothing else (critical name
  constraints): whoever steals its key cannot pose as a bank or as anybody outside the school's network;
- a key and its certificate are one file, readable by its owner alone and replaced in one step;
- the authority lives ten years, a server certificate 397 days at most and never longer than its authority.
"""

import datetime
import ipaddress
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: Networks of a school: private ones, those of a provider behind one address, and those of laboratories.
NETWORKS = tuple(
    map(
        ipaddress.IPv4Network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.2.0/24", "127.0.0.0/8"),
    )
)
AUTHORITY_LIFE = datetime.timedelta(days=3653)
SERVER_LIFE = datetime.timedelta(days=397)
#: A certificate with less than this left is made anew.
SPARE = datetime.timedelta(days=30)
#: A certificate is valid a little earlier: phones' clocks are not exact.
SLACK = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its private key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def read(cls, path: Path) -> Self | None:
        if not path.exists():
            return None
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(key, x509.load_pem_x509_certificate(pem))

    def write(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + self.certificate.public_bytes(serialization.Encoding.PEM)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def authority_path(keys: Path) -> Path:
    return keys / "school-authority.pem"


def server_path(keys: Path) -> Path:
    return keys / "school-server.pem"


def in_a_school(address: str) -> bool:
    """Whether an IPv4 address belongs to a network of which the authority may speak."""
    return any(ipaddress.IPv4Address(address) in network for network in NETWORKS)


def names_of(host: str) -> list[str]:
    """What a machine is called in certificates; a host name in Chinese signs has no form there and is left out."""
    label = host.split(".")[0].lower()
    own = [label, f"{label}.local"] if re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) else []
    return list(dict.fromkeys([*own, "localhost"]))


def certify(keys: Path, *, host: str, addresses: Sequence[str], now: datetime.datetime) -> Signed:
    """Make what is missing or due in the folder of keys; returns the authority."""
    authority = Signed.read(authority_path(keys))
    if authority is None or runs_out(authority.certificate, now):
        authority = found_authority(host, now)
        authority.write(authority_path(keys))
    wanted = permitted(authority.certificate, [*addresses, *names_of(host), "127.0.0.1"])
    server = Signed.read(server_path(keys))
    if server is None or is_due(server.certificate, authority.certificate, wanted, now):
        issue(authority, wanted, now).write(server_path(keys))
    return authority


def runs_out(certificate: x509.Certificate, now: datetime.datetime) -> bool:
    return certificate.not_valid_after_utc - now < SPARE


def is_due(
    server: x509.Certificate, authority: x509.Certificate, wanted: Iterable[str], now: datetime.datetime
) -> bool:
    """Whether a server certificate must be made anew: it runs out, speaks for other names, or another signed it."""
    try:
        server.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):  # another authority's
        return True
    return runs_out(server, now) or set(names_in(server)) != set(wanted)


def names_in(server: x509.Certificate) -> list[str]:
    """The names and addresses a server certificate speaks for."""
    found = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [
        *map(str, found.get_values_for_type(x509.IPAddress)),
        *found.get_values_for_type(x509.DNSName),
    ]


def permitted(authority: x509.Certificate, names: Iterable[str]) -> list[str]:
    """Those names the authority may vouch for, each once: after the machine is renamed, the old authority stays."""
    allowed = (
        authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    )
    domains = [one.value for one in allowed if isinstance(one, x509.DNSName)]
    return [
        name
        for name in dict.fromkeys(names)
        if (in_a_school(name) if _is_address(name) else any(f".{name}".endswith(f".{d}") for d in domains))
    ]


def found_authority(host: str, now: datetime.datetime) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _called(f"同行 Tongxing ({names_of(host)[0]})")
    domains = dict.fromkeys([*names_of(host), "local"])
    limits = [*map(x509.IPAddress, NETWORKS), *map(x509.DNSName, domains)]
    usage = dict.fromkeys(_USAGES, False) | {"key_cert_sign": True, "crl_sign": True}
    builder = (
        _begun(name, name, key, now, now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.NameConstraints(limits, None), critical=True)
    )
    return Signed(key, builder.sign(key, hashes.SHA256()))


def issue(authority: Signed, names: Sequence[str], now: datetime.datetime) -> Signed:
    """A server certificate for these names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(now - SLACK + SERVER_LIFE, authority.certificate.not_valid_after_utc)
    usage = dict.fromkeys(_USAGES, False) | {"digital_signature": True}
    builder = (
        _begun(_called("Tongxing"), authority.certificate.subject, key, now, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(spoken(names)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
    )
    return Signed(key, builder.sign(authority.key, hashes.SHA256()))


def spoken(names: Iterable[str]) -> list[x509.GeneralName]:
    """Names and addresses as they stand in a certificate."""
    return [
        x509.IPAddress(ipaddress.ip_address(name)) if _is_address(name) else x509.DNSName(name)
        for name in names
    ]


_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime.datetime,
    ends: datetime.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What a person compares: phones show the first, the window of Windows the second."""

    sha256: str
    sha1: str


def fingerprints(certificate: x509.Certificate) -> Fingerprints:
    return Fingerprints(
        *(
            certificate.fingerprint(kind).hex(":").upper()
            for kind in (hashes.SHA256(), hashes.SHA1())  # noqa: S303  # Windows shows only this one
        )
    )
