"""A private PostgreSQL in a temporary folder: reached by a socket alone, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "max_connections=100",
)


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps them off the PATH, one folder a version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def private_postgres() -> Iterator[str]:
    """The database URL of a server that lives as long as this block."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="txpg-", dir="/tmp"))  # noqa: S108 a socket path must be short
    somebody = _ordinary_user(folder)
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **somebody}
    server = None
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "tongxing", "-A", "trust", "-E", "UTF8"]
            + ["--locale=C.UTF-8", "--no-sync"],
            check=True,
            **quiet,
        )
        options = [argument for setting in FAST for argument in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *options],
                stderr=log,
                **quiet,
            )
        _wait_for(folder, server)
        yield f"postgresql://tongxing@{quote(str(folder), safe='')}:5432/tongxing"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(3)  # SIGQUIT: stop at once, nothing here is worth keeping
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user(folder: Path) -> dict:
    """PostgreSQL refuses root: step down to its own user, or to nobody."""
    if os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _wait_for(folder: Path, server: subprocess.Popen) -> None:
    for _attempt in range(300):
        if (folder / ".s.PGSQL.5432").exists():
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
