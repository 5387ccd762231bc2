"""The school's certificate authority: what it vouches for, and when a certificate is made anew."""

import datetime
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tongxing.ground.kernel import authority

NOW = datetime.datetime(2026, 11, 25, 8, 0, tzinfo=datetime.UTC)
HOME = ["192.168.1.20"]


def certify(keys: Path, host: str = "school-pc", addresses: list[str] = HOME, now=NOW) -> x509.Certificate:
    authority.certify(keys, host=host, addresses=addresses, now=now)
    server = authority.Signed.read(authority.server_path(keys))
    assert server
    return server.certificate


def issuer(keys: Path) -> x509.Certificate:
    found = authority.Signed.read(authority.authority_path(keys))
    assert found
    return found.certificate


def test_the_keys_are_readable_by_their_owner_alone(tmp_path):
    certify(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"school-authority.pem": 0o600, "school-server.pem": 0o600}


def test_the_certificate_speaks_for_address_host_name_and_local_name_and_lives_397_days_at_most(tmp_path):
    server = certify(tmp_path)
    assert set(authority.names_in(server)) == {
        "192.168.1.20", "127.0.0.1", "school-pc", "school-pc.local", "localhost",
    }  # fmt: skip
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=397)
    assert server.not_valid_before_utc < NOW
    life = issuer(tmp_path).not_valid_after_utc - NOW
    assert timedelta(days=3650) < life < timedelta(days=3660)


def test_nothing_is_made_anew_while_it_fits(tmp_path):
    first = certify(tmp_path)
    assert certify(tmp_path, now=NOW + timedelta(days=300)) == first


@pytest.mark.parametrize(
    ("days", "renewed"), [(0, False), (365, False), (367, True), (500, True)], ids=lambda value: str(value)
)
def test_a_certificate_with_less_than_thirty_days_left_is_renewed(tmp_path, days, renewed):
    first, root = certify(tmp_path), issuer(tmp_path)
    again = certify(tmp_path, now=NOW + timedelta(days=days))
    assert (again != first) is renewed
    assert issuer(tmp_path) == root, "phones need not trust anew"


def test_another_address_means_another_certificate_from_the_same_authority(tmp_path):
    first, root = certify(tmp_path), issuer(tmp_path)
    moved = certify(tmp_path, addresses=["10.0.3.7"])
    assert moved != first
    assert "10.0.3.7" in authority.names_in(moved)
    assert "192.168.1.20" not in authority.names_in(moved)
    assert issuer(tmp_path) == root


def test_a_renamed_machine_keeps_its_authority_and_goes_by_its_local_name(tmp_path):
    certify(tmp_path)
    root = issuer(tmp_path)
    names = authority.names_in(certify(tmp_path, host="library-pc"))
    assert "library-pc.local" in names
    assert "library-pc" not in names, "the authority may not vouch for it"
    assert issuer(tmp_path) == root


def test_an_authority_at_its_end_is_founded_anew_and_signs_again(tmp_path):
    certify(tmp_path)
    root, late = issuer(tmp_path), NOW + timedelta(days=3630)
    server = certify(tmp_path, now=late)
    assert issuer(tmp_path) != root
    server.verify_directly_issued_by(issuer(tmp_path))


def test_no_server_certificate_outlives_its_authority():
    root = authority.found_authority("school-pc", NOW)
    server = authority.issue(root, HOME, NOW + timedelta(days=3500)).certificate
    assert server.not_valid_after_utc == root.certificate.not_valid_after_utc


def test_a_certificate_of_another_authority_is_due():
    one, other = (authority.found_authority("school-pc", NOW) for _ in range(2))
    server = authority.issue(one, HOME, NOW).certificate
    assert not authority.is_due(server, one.certificate, HOME, NOW)
    assert authority.is_due(server, other.certificate, HOME, NOW)


@pytest.mark.parametrize("name", ["8.8.8.8", "bank.example.cn", "notlocal", "evil-school-pc"])
def test_the_authority_vouches_for_nobody_outside_the_school(name):
    root = authority.found_authority("school-pc", NOW).certificate
    assert authority.permitted(root, [name, "192.168.1.20", "school-pc"]) == ["192.168.1.20", "school-pc"]
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical


def believed(root: authority.Signed, address: str) -> bool:
    """Whether somebody who trusts `root` believes a certificate that its key signed for `address`."""
    forged = authority.issue(root, [address], NOW).certificate
    trusting = PolicyBuilder().store(Store([root.certificate])).time(NOW)
    verifier = trusting.build_server_verifier(authority.spoken([address])[0])
    try:
        verifier.verify(forged, [])
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "accepted"),
    [("192.168.1.20", True), ("school-pc", True), ("pc.local", True), ("8.8.8.8", False), ("bank.cn", False)],
)
def test_whoever_steals_the_authoritys_key_is_believed_inside_the_school_alone(name, accepted):
    assert believed(authority.found_authority("school-pc", NOW), name) is accepted


def test_a_host_name_in_chinese_signs_is_left_out():
    assert authority.names_of("教务处-PC") == ["localhost"]
    assert authority.names_of("School-PC.lan") == ["school-pc", "school-pc.local", "localhost"]


def test_a_person_compares_pairs_of_signs(tmp_path):
    certify(tmp_path)
    shown = authority.fingerprints(issuer(tmp_path))
    assert len(shown.sha256.split(":")) == 32
    assert len(shown.sha1.split(":")) == 20
