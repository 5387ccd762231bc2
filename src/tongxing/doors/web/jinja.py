"""The Jinja2 environment of the pages."""

from jinja2 import Environment


def environment(**options) -> Environment:
    return Environment(**{"autoescape": True, **options})  # noqa: S701


def frame(request) -> dict:
    return {}
