"""Build the icon sprite from an unpacked @tabler/icons package: python tools/assets/icons.py PACKAGE_FOLDER

Only the icons named here are kept. Licence: MIT, beside the sprite.
"""

import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "src/tongxing/doors/web/static/web"
NAMES = [
    "adjustments",
    "alert-circle",
    "arrow-right",
    "bell",
    "book",
    "calendar",
    "calendar-event",
    "calendar-week",
    "check",
    "checklist",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "clipboard-check",
    "clock",
    "cloud-off",
    "cloud-rain",
    "coin",
    "download",
    "eye",
    "eye-heart",
    "file-text",
    "files",
    "first-aid-kit",
    "flag",
    "friends",
    "heart",
    "heart-handshake",
    "history",
    "home",
    "info-circle",
    "language",
    "layout-dashboard",
    "lifebuoy",
    "lock",
    "logout",
    "mail",
    "menu-2",
    "message-circle",
    "moon",
    "notebook",
    "palette",
    "paperclip",
    "pencil",
    "phone",
    "pin",
    "plus",
    "printer",
    "qrcode",
    "refresh",
    "school",
    "search",
    "settings",
    "shield-check",
    "star",
    "sun",
    "table-import",
    "target-arrow",
    "trophy",
    "upload",
    "user-check",
    "users",
    "volume",
    "x",
]


def main(package: Path) -> None:
    symbols = []
    for name in NAMES:
        svg = (package / "icons" / "outline" / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
        paths = re.findall(r"<(?:path|circle|rect|line)[^>]*>", inner.group(1) if inner else "")
        kept = "".join(path for path in paths if 'stroke="none"' not in path)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{kept}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (STATIC / "icons.svg").write_text(sprite)
    shutil.copy(package / "LICENSE", STATIC / "icons.LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
