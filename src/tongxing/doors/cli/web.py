"""The pages: granian, WSGI, two processes of four threads (a synchronous ORM is fastest so)."""

import argparse

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def run(options: argparse.Namespace) -> int:
    Granian(
        "tongxing.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()
    return 0
