#!/usr/bin/env python3
"""The icons of the installed app, drawn from mark.svg on the page's paper colour: app_icons.py [chromium]"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parents[2] / "src/tongxing/doors/web/static/web"
STYLE = (
    "body{margin:0;background:#f7f5f0;display:grid;place-items:center;height:100vh}svg{width:70%;height:70%}"
)


def main(browser: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for size in (192, 512):
            page = chromium.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>{STYLE}</style>{(STATIC / 'mark.svg').read_text()}")
            page.screenshot(path=STATIC / f"icon-{size}.png")
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
