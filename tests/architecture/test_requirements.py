"""What users install is used: each package costs them a download and somebody's attention."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Used by Django from a name in the settings, never imported here.
THROUGH_DJANGO = {"argon2-cffi", "psycopg"}


def test_every_package_that_users_install_is_used():
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("src", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if "tests" not in path.parts
    )
    modules: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            modules.setdefault(package.lower().replace("_", "-"), set()).add(module)
    wanted = re.findall(r"^[\w-]+", (ROOT / "requirements.in").read_text("utf-8"), re.MULTILINE)
    unused = [
        name
        for name in wanted
        if name not in THROUGH_DJANGO
        and not any(
            re.search(rf"\b{module}\b", code)
            for module in modules.get(name.lower().replace("_", "-"), {name})
        )
    ]
    assert not unused
