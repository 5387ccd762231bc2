"""The pages: granian, WSGI, two processes of four threads (a synchronous ORM is fastest so)."""

import argparse

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tongxing.ground.kernel.authority import server_path


def run(options: argparse.Namespace) -> int:
    certificate = server_path(options.data / "keys") if options.lan else None
    Granian(
        "tongxing.config.wsgi:application",
        address=options.host or "127.0.0.1",
        port=options.port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        respawn_failed_workers=True,
        ssl_cert=certificate,  # with its key, in one file
        ssl_key=certificate,
        log_level=LogLevels.warning,
    ).serve()
    return 0
