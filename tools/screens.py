#!/usr/bin/env python3
"""Pictures of every page, 390 and 1,280 px wide, light and dark, from a fresh demo school: `make screens`.

    screens.py                    into docs/screens/, with a list of them in its README.md
    screens.py --out DIR --only week,overview --data KEPT_FOLDER

The pages are found in the URL resolver; each is shown to the first of `ROLES` who may read it, or to whom `SHOWN_TO`
names. One that nobody here gets to read fails the command: give it an example in `tools/screens_school.py`.
The school's clock stands still, so that a picture changes only when its page does.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))

import chinese_fonts

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--lang=zh-CN",
]
#: Width, height, how much of a long page is shown, and how wide the picture is.
SIZES = ((390, 844, 1600, 390), (1280, 860, 1000, 896))
#: How large beside that: the dark one shows colours, the light one is read.
SCHEMES = {"light": 1.0, "dark": 0.6}
QUALITY = 25  # of WebP


@dataclass(frozen=True, slots=True)
class Shot:
    """One page or state: who looks at it, where, and what is done there first; last of all what others would show."""

    name: str
    user: Any  # None: nobody has signed in
    address: str
    do: Callable[[Page], None] = lambda page: None
    last: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--only", default="", help="names of pages, comma-separated")
    parser.add_argument("--data", type=Path, help="a folder that keeps the demo school for the next time")
    options = parser.parse_args()
    chinese_fonts.offer()
    only = set(filter(None, options.only.split(",")))
    folder = (options.data or Path(tempfile.mkdtemp(prefix="tongxing-screens-"))).resolve()
    try:
        with school(folder) as base, sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, NAMES)))
            browser = playwright.chromium.launch(
                executable_path=found, args=FLAGS, env=os.environ | {"LANGUAGE": "zh_CN"}
            )
            take(browser, base, options.out, only)
            browser.close()
    finally:
        if not options.data:
            shutil.rmtree(folder)


@contextmanager
def school(folder: Path) -> Iterator[str]:
    """The demo school in this process, served on a free port at a moment that stands still."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tongxing.config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's event loop lives in this thread
        "TONGXING_DATA": str(folder),
        "TONGXING_MODE": "demo",
    }
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import django

    django.setup()
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from tools.screens_steps import MOMENT

    from tongxing.doors.cli import up
    from tongxing.ground.kernel import clock

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    def pages(environ: Any, start_response: Any) -> Any:
        with clock.telling(MOMENT):
            return application(environ, start_response)

    with clock.telling(MOMENT):
        up.prepare()
        application = get_wsgi_application()
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(pages)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def take(browser: Browser, base: str, out: Path, only: set[str]) -> None:
    from tools.screens_school import every_page, states

    shots, missing = every_page(only)
    shots += [state for state in states() if not only or state.name in only]
    if missing:
        sys.exit(f"no picture of {', '.join(missing)}: give an example in tools/screens_school.py")
    out.mkdir(parents=True, exist_ok=True)
    if not only:
        for old in [*out.glob("*.webp"), *out.glob("*.png")]:
            old.unlink()
    lines = []
    for shot in sorted(shots, key=lambda shot: (shot.last, shot.name)):
        lines.append(pictures(browser, base, shot, out))
        print(shot.name, flush=True)
    if not only:
        (out / "README.md").write_text(index(sorted(lines)), encoding="utf-8")


def pictures(browser: Browser, base: str, shot: Shot, out: Path) -> str:
    """Four pictures, and the page's line in the list of them."""
    with window(browser, base, shot.user) as context:
        page = context.new_page()
        page.goto(base + shot.address)
        shot.do(page)
        links = []
        for width, height, most, wide in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(whole, most)})
            for scheme, scale in SCHEMES.items():
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                name = f"{shot.name}-{width}-{scheme}.webp"
                picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
                picture.thumbnail((wide * scale, most * scale))
                picture.save(out / name, quality=QUALITY, method=6)
                links.append(f"[{width} {scheme}]({name})")
        return f"| {shot.name} | {page.title().replace('|', '·')} | {' · '.join(links)} |"


@contextmanager
def window(browser: Browser, base: str, user: Any) -> Iterator[BrowserContext]:
    from tools.screens_steps import MOMENT

    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(20_000)
    context.clock.set_fixed_time(MOMENT)
    if user:
        context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": base}])
    yield context
    context.close()


def session_of(user: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


def index(lines: list[str]) -> str:
    head = "# Every page\n\nMade by `make screens` from the demo school; none of these people exists.\n"
    return "\n".join([head, "| page | title | pictures |", "|---|---|---|", *lines, ""])


if __name__ == "__main__":
    sys.modules["tools.screens"] = sys.modules["__main__"]
    main()
