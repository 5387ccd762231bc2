"""The first visit without encryption: one page that explains, and the certificate to trust. Nothing else is here.

Every other address leads to the encrypted pages; nothing of the request is repeated, nothing is read from a body.
"""

import http.server
import re
import socketserver
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.template.loader import render_to_string
from django.utils import translation

from tongxing.ground.kernel import authority

CERTIFICATE = "/tongxing-ca.crt"
MEDIA_TYPE = "application/x-x509-ca-cert"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Visit:
    """What the server of the first visit knows."""

    authority: x509.Certificate
    port: int  # of the encrypted pages
    names: Sequence[str]

    def secure(self, host_header: str) -> str:
        """The encrypted address under the name that was asked for, or under the first of ours."""
        asked = host_header.rsplit(":", 1)[0].lower()
        return f"https://{asked if asked in self.names else self.names[0]}:{self.port}/"

    def page(self, *, secure: str, languages: str, browser: str) -> str:
        with translation.override("en" if languages.lower().startswith("en") else "zh-hans"):
            context = {
                "secure": secure,
                "certificate": CERTIFICATE,
                "prints": authority.fingerprints(self.authority),
                "device": device(browser),
                "in_wechat": "MicroMessenger" in browser,
                "language": translation.get_language(),
            }
            return render_to_string("network/first_visit.html", context)


def device(browser: str) -> str:
    """Whose steps are open at first."""
    for sign, name in (("iPhone|iPad", "iphone"), ("Android|HarmonyOS", "android"), ("Windows", "windows")):
        if re.search(sign, browser):
            return name
    return ""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], visit: Visit) -> None:
        self.visit = visit
        super().__init__(address, Answer)

    def server_bind(self) -> None:
        """Bind without asking for this machine's full name, which takes long where no name server answers."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class Answer(http.server.BaseHTTPRequestHandler):
    timeout = 5
    server: Server

    def do_GET(self) -> None:
        visit, secure = self.server.visit, self.server.visit.secure(self.headers.get("Host", ""))
        if self.path == "/":
            text = visit.page(
                secure=secure,
                languages=self.headers.get("Accept-Language", ""),
                browser=self.headers.get("User-Agent", ""),
            )
            self._answer(200, "text/html; charset=utf-8", text.encode())
        elif self.path == CERTIFICATE:
            self._answer(200, MEDIA_TYPE, visit.authority.public_bytes(Encoding.DER))
        else:
            self._answer(302, "text/plain", b"", Location=secure)

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Somebody who typed the address without its s: nothing is read here."""
        self._answer(303, "text/plain", b"", Location=self.server.visit.secure(self.headers.get("Host", "")))

    def _answer(self, status: int, media_type: str, body: bytes, **more: str) -> None:
        self.send_response_only(status)
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Connection": "close",
            **more,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Visits are not written down."""
