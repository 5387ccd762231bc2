"""`up --lan`: HTTPS with the school's own authority, the page of the first visit, and no in words."""

import argparse
import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tongxing.doors.cli import first_visit, lan
from tongxing.ground.kernel import authority, clock
from tongxing.ground.kernel.errors import Refused

from .test_up import command, read_until


class Unredirected(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


@pytest.fixture
def ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for probe in (one, two):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@pytest.fixture
def visit():
    """The server of the first visit alone, as `host:port`."""
    root = authority.found_authority("school-pc", clock.now()).certificate
    server = first_visit.Server(
        ("127.0.0.1", 0), first_visit.Visit(root, 8443, ["192.168.1.20", "school-pc"])
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", root
    server.shutdown()
    server.server_close()


def asked(
    host: str, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_a_school_is_reached_over_https_by_whoever_trusts_its_authority_and_by_nobody_else(tmp_path, ports):
    port, second_port = ports
    data = tmp_path / "data"
    arguments = ("up", "--lan", "--host", "127.0.0.1", "--data", data, "--port", port)
    process = subprocess.Popen(
        **command(*arguments, "--first-visit-port", second_port), start_new_session=True
    )
    patience = threading.Timer(90, process.kill)
    patience.start()
    try:
        link = read_until(process, rf"https://127\.0\.0\.1:{port}/first-run/\S+")
        said = read_until(process, r"([0-9A-F]{2}:){15}[0-9A-F]{2}:\n +([0-9A-F]{2}:){15}[0-9A-F]{2}")
        answer, der = asked(f"127.0.0.1:{second_port}", first_visit.CERTIFICATE)
        root = x509.load_der_x509_certificate(der)
        assert authority.fingerprints(root).sha256 in re.sub(r"\s", "", said)
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(link, timeout=10)
        trust = ssl.create_default_context(cadata=root.public_bytes(Encoding.PEM).decode())
        page = urllib.request.urlopen(link, timeout=10, context=trust)
        text = page.read().decode()
        assert "Strict-Transport-Security" not in page.headers
        assert "Secure" in page.headers["Set-Cookie"]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token
        cookie = page.headers["Set-Cookie"].split(";")[0]
        for origin, status in ((f"https://127.0.0.1:{port}", 422), ("https://elsewhere.cn", 403)):
            assert sent(link, trust, cookie, token.group(1), origin) == status
        spoofed = urllib.request.Request(link, headers={"Host": "elsewhere.cn"})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(spoofed, timeout=10, context=trust)
        taken = subprocess.run(**command(*arguments, "--first-visit-port", second_port), timeout=30)
        assert (taken.returncode, f"Port {port} is taken" in taken.stdout) == (1, True), taken.stdout
    finally:
        patience.cancel()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def sent(link: str, trust: ssl.SSLContext, cookie: str, token: str, origin: str) -> int:
    """The status of an empty form sent from a page of `origin`."""
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()
    headers = {"Cookie": cookie, "Origin": origin, "Referer": origin}
    try:
        request = urllib.request.Request(link, form, headers)
        return urllib.request.urlopen(request, timeout=10, context=trust).status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_the_plain_port_gives_the_page_and_the_certificate(visit):
    host, root = visit
    answer, der = asked(host, "/tongxing-ca.crt")
    assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(der) == root
    answer, page = asked(host, "/")
    assert answer.status == 200
    assert authority.fingerprints(root).sha256 in re.sub(r"<[^>]+>|\s", "", page.decode())
    assert b"<script" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/",
        "/?next=x",
        "/static/web/app.css",
        "/../keys/school-authority.pem",
        "//elsewhere.cn/",
        "/week/",
    ],
)
def test_everything_else_on_the_plain_port_leads_to_https_and_repeats_nothing(visit, path):
    answer, body = asked(visit[0], path)
    assert (answer.status, answer.headers["Location"], body) == (302, "https://192.168.1.20:8443/", b"")


def test_what_is_sent_to_the_plain_port_is_not_read(visit):
    answer, body = asked(visit[0], "/sign-in/", "POST")
    assert (answer.status, answer.headers["Location"], body) == (303, "https://192.168.1.20:8443/", b"")


def test_the_way_to_https_keeps_a_name_of_ours_and_no_other(visit):
    for host, name in (("school-pc:8001", "school-pc"), ("elsewhere.cn", "192.168.1.20")):
        assert asked(visit[0], "/week/", Host=host)[0].headers["Location"] == f"https://{name}:8443/"


@pytest.mark.parametrize(
    ("browser", "opened"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "iPhone 和 iPad"),
        ("Mozilla/5.0 (Linux; Android 14; …) MicroMessenger/8.0", "安卓和鸿蒙手机"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows 电脑"),
    ],
)
def test_the_steps_of_ones_own_device_are_open(visit, browser, opened):
    page = asked(visit[0], "/", **{"User-Agent": browser.encode().decode("latin-1")})[1].decode()
    assert re.findall(r"<details[^>]* open><summary><b>([^<]+)", page) == [opened]
    assert ("您正在微信里" in page) is ("MicroMessenger" in browser)


def test_the_page_speaks_the_language_of_the_device(visit):
    assert "Compare the fingerprint" in asked(visit[0], "/", **{"Accept-Language": "en-GB"})[1].decode()
    assert "核对指纹" in asked(visit[0], "/", **{"Accept-Language": "zh-CN"})[1].decode()


def options(host: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(host=host, port=8000, first_visit_port=None)


def test_the_addresses_of_the_school_are_found_and_those_of_the_world_left_out(monkeypatch):
    monkeypatch.setattr(
        lan, "_seen", lambda: ["127.0.1.1", "8.8.8.8", "192.168.1.20", "10.0.3.7", "192.168.1.20"]
    )
    assert lan.own_addresses() == ["192.168.1.20", "10.0.3.7"]


def test_without_an_address_in_a_network_the_start_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(lan, "_seen", lambda: ["127.0.0.1"])
    with pytest.raises(Refused, match="没有校园网"):
        lan.find(options())


@pytest.mark.parametrize("host", ["8.8.8.8", "::1", "care.example.cn"])
def test_an_address_of_the_world_is_refused_in_words(host):
    with pytest.raises(Refused, match=re.escape(host)):
        lan.find(options(host))


def test_either_a_proxy_speaks_https_or_this_server_never_both(settings):
    settings.HTTPS = True
    with pytest.raises(Refused, match="TONGXING_HTTPS"):
        lan.find(options())


def test_a_taken_port_of_the_first_visit_is_named(tmp_path, ports):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        second = taken.getsockname()[1]
        refused = subprocess.run(
            **command(
                *("up", "--lan", "--host", "127.0.0.1", "--data", tmp_path, "--port", ports[0]),
                *("--first-visit-port", second),
            ),
            timeout=30,
        )
    assert (refused.returncode, "--first-visit-port" in refused.stdout) == (1, True), refused.stdout


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TONGXING_LAN", "http://192.168.1.20:8001", "True 0 None"),
        ("TONGXING_HTTPS", "1", "True 31536000 ('HTTP_X_FORWARDED_PROTO', 'https')"),
    ],
)
def test_what_a_proxy_says_of_https_is_believed_and_kept_by_browsers_only_behind_one(
    tmp_path, name, value, expected
):
    shown = (
        "from tongxing.config import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER)"
    )
    start = command()
    start["args"] = [sys.executable, "-c", shown]
    start["env"] |= {name: value, "TONGXING_DATA": str(tmp_path)}
    assert subprocess.run(**start, timeout=30).stdout.strip() == expected
