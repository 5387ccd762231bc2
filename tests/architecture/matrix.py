"""Every page of the product, found in the URL resolver, with its address for each of its examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tongxing.doors.web.page import Permission
from tongxing.ground.access.roles import TABLE

from ..cast import Cast
from .examples import OBJECTS


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    permission: Permission | None
    parameters: tuple[str, ...]

    def addresses(self, cast: Cast) -> dict[str, str]:
        """The page's addresses by whose objects they name; one that names nothing is everybody's own."""
        examples = {name: OBJECTS[name](cast) for name in self.parameters}
        return {
            whose: reverse(self.name, kwargs={name: found[whose] for name, found in examples.items()})
            for whose in (("own", "class", "far") if self.parameters else ("own",))
        }


def pages() -> list[Page]:
    return sorted(_walk(get_resolver().url_patterns), key=lambda page: page.name)


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Page]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
            continue
        parameters = tuple(pattern.pattern.regex.groupindex)
        yield Page(
            pattern.name or str(pattern.pattern), getattr(pattern.callback, "permission", None), parameters
        )


def readers(browsers: Mapping[str, Client], page: Page, address: str) -> Iterator[tuple[str, HttpResponse]]:
    """Who of them gets to read it, in their order, with what they read; what only takes forms is read by nobody."""
    can = page.permission.can if page.permission else ""
    for role, browser in browsers.items():
        if can and (role not in TABLE or can not in TABLE[role].can):
            continue
        answer = browser.get(address)
        if answer.status_code == 405:
            return
        if answer.status_code == 200:
            yield role, answer
