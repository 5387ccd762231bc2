"""`--lan`: this machine's addresses in the school's network, its certificates, and what the terminal says of them.

What the web, worker and schedule processes must know is handed on in their environment.
"""

import argparse
import io
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

import segno
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _

from tongxing.ground.kernel import authority, clock
from tongxing.ground.kernel.errors import Refused

from . import first_visit

EVERYWHERE = "0.0.0.0"  # noqa: S104  # the school's network is what --lan is for
#: Nobody is called there: asking the system for the way shows which address of ours it would use.
FAR_POINTS = ("192.0.2.1", "10.255.255.255", "172.31.255.255", "192.168.255.255")


@dataclass(frozen=True, slots=True)
class Network:
    addresses: list[str]  # the first is the one that is shown
    host: str
    port: int
    first_visit_port: int
    authority: authority.Signed

    @property
    def base(self) -> str:
        return f"https://{self.addresses[0]}:{self.port}"

    @property
    def first_visit(self) -> str:
        return f"http://{self.addresses[0]}:{self.first_visit_port}"

    @property
    def names(self) -> list[str]:
        return [*self.addresses, *authority.names_of(self.host), "127.0.0.1"]

    def trust(self) -> ssl.SSLContext:
        pem = self.authority.certificate.public_bytes(Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)


def find(options: argparse.Namespace) -> Network:
    """The addresses to serve, with certificates that fit them; refused in words where there is none."""
    if settings.HTTPS:
        raise Refused(
            _(
                "TONGXING_HTTPS=1 says that a proxy in front speaks HTTPS; --lan speaks it itself. Please use one."
            )
        )
    addresses = chosen(options.host) if options.host not in {None, EVERYWHERE} else own_addresses()
    host = socket.gethostname()
    root = authority.certify(settings.DATA / "keys", host=host, addresses=addresses, now=clock.now())
    return Network(addresses, host, options.port, options.first_visit_port or options.port + 1, root)


def chosen(host: str) -> list[str]:
    with suppress(ValueError):
        if authority.in_a_school(host):
            return [host]
    raise Refused(
        _(
            "%(host)s is no IPv4 address of a school's network, such as 192.168.1.20. For an address in the open Internet see docs/serving.md."
        )
        % {"host": host}
    )


def own_addresses() -> list[str]:
    """This machine's addresses in the school's network, the most used first."""
    found = [address for address in dict.fromkeys(_seen()) if authority.in_a_school(address)]
    found = [address for address in found if not address.startswith("127.")]
    if not found:
        raise Refused(
            _(
                "This computer has no address in a school's network. Connect it by cable or Wi-Fi and start again."
            )
        )
    return found


def _seen() -> Iterator[str]:
    for point in FAR_POINTS:
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as way, suppress(OSError):
            way.connect((point, 9))  # a datagram socket sends nothing here
            yield way.getsockname()[0]
    with suppress(OSError):
        for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM):
            yield str(found[4][0])


def open_to(network: Network, listen: str) -> list[str]:
    """Hand on what the other processes must know, serve the first visit; returns what the terminal says."""
    hosts = [*settings.ALLOWED_HOSTS, *network.names]
    os.environ["TONGXING_LAN"] = network.first_visit
    os.environ["TONGXING_HOSTS"] = ",".join(dict.fromkeys(hosts))
    os.environ.setdefault("TONGXING_ADDRESS", network.base)
    visit = first_visit.Visit(authority=network.authority.certificate, port=network.port, names=network.names)
    server = first_visit.Server((listen, network.first_visit_port), visit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return said(network)


def said(network: Network) -> list[str]:
    fingerprint = authority.fingerprints(network.authority.certificate).sha256
    others = [f"https://{address}:{network.port}" for address in network.addresses[1:]]
    return [
        *([_("also at %(addresses)s") % {"addresses": " · ".join(others)}] if others else []),
        "",
        _("The first time, every phone and computer learns to trust this server. Open there, or scan:"),
        f"\n    {network.first_visit}\n",
        _square(network.first_visit),
        _("Fingerprint of the school's certificate authority, to compare:"),
        f"    {fingerprint[:47]}:\n    {fingerprint[48:]}\n",
        *(
            [_("In the demo anybody on this network may take any role. Never bring in real data.")]
            if settings.MODE == "demo"
            else []
        ),
    ]


def _square(address: str) -> str:
    """The address as a QR code of half-block signs."""
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue()
