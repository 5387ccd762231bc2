"""`tongxing up` and `tongxing demo`: from a data folder, perhaps empty, to pages that answer."""

import argparse
import hashlib
import importlib
import importlib.util
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils.translation import gettext as _

from tongxing import __version__
from tongxing.care.contacts import note_index
from tongxing.ground.access.founding import first_run_token
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.errors import Refused

from . import lan
from .supervisor import Supervisor

DEMO = "tongxing.doors.cli.demo"


def run(options: argparse.Namespace) -> int:
    try:
        network = lan.find(options) if options.lan else None
        options.host = options.host or (lan.EVERYWHERE if network else "127.0.0.1")
        need_ports(options, network)
    except Refused as refusal:
        say(refusal.message)
        return 1
    prepare()
    if settings.MODE == "demo" and Organisation.objects.filter(is_demo=False).exists():
        say(_("This folder holds a real school. The demo needs a folder of its own: --data."))
        return 1
    base = network.base if network else f"http://{options.host}:{options.port}"
    lines = [where_to_go(base), *(lan.open_to(network, options.host) if network else [])]
    threading.Thread(
        target=announce, args=(base, [*lines, _("Ctrl-C ends everything.")], network), daemon=True
    ).start()
    connections.close_all()
    command = [sys.executable, "-P", "-m", "tongxing.doors.cli"]
    served = ["--host", options.host, "--port", str(options.port), *(["--lan"] if network else [])]
    Supervisor(
        {
            "web": [*command, "web", *served],
            "worker": [*command, "worker"],
            "schedule": [*command, "schedule"],
        }
    ).run()
    return 0


def need_ports(options: argparse.Namespace, network: lan.Network | None) -> None:
    """Refused in words when a port of this start belongs to another program."""
    if not port_is_free(options.host, options.port):
        raise Refused(
            _(
                "Port %(port)s is taken by another program. Choose another: --port 8001, or make run PORT=8001."
            )
            % {"port": options.port}
        )
    if network and not port_is_free(options.host, network.first_visit_port):
        raise Refused(
            _("Port %(port)s is taken by another program. Choose another: --first-visit-port 8081.")
            % {"port": network.first_visit_port}
        )


def port_is_free(host: str, port: int) -> bool:
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def prepare() -> None:
    """Bring tables, cache, static files and, in the demo, the demo school to where this version needs them."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step(_("Preparing the database")):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            note_index.fill()
    collect_static()
    if settings.MODE == "demo" and not Organisation.objects.exists() and importlib.util.find_spec(DEMO):
        load_demo()


def load_demo() -> None:
    with step(_("Building the demo school")):
        importlib.import_module(DEMO).load()


def collect_static() -> None:
    """Put the pages' files where the web server serves them from, when the version or a file has changed."""
    note = settings.STATIC_ROOT / ".fingerprint"
    now = static_fingerprint()
    if note.exists() and note.read_text() == now:
        return
    with step(_("Preparing the pages")):
        note.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        note.write_text(now)


def static_fingerprint() -> str:
    seen = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def where_to_go(base: str) -> str:
    if Organisation.objects.exists():
        return _("Tongxing 同行 is open at %(address)s") % {"address": base}
    link = base + reverse("first-run", args=[first_run_token()])
    return _("Set up your school with this link. It works once, for three days:") + f"\n\n    {link}\n"


def announce(base: str, lines: list[str], network: lan.Network | None) -> None:
    """Say where to go as soon as the pages answer; a small computer that is busy may need a minute."""
    trust = network.trust() if network else None
    for _attempt in range(900):
        if answers(base, trust):
            break
        time.sleep(0.1)
    say("\n".join(lines))


def answers(address: str, trust: ssl.SSLContext | None = None) -> bool:
    try:
        urllib.request.urlopen(address, timeout=10, context=trust).close()  # noqa: S310 our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def step(name: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"{name} …", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def say(text: str) -> None:
    print(text, flush=True)
