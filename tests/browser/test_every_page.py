"""Every page that somebody can open, found in the URL resolver: axe finds nothing, nothing is cut off at 390 px."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.architecture.matrix import OBJECTS, pages

from .conftest import DESKTOP, PHONE, axe_problems, overflow

#: One after the other; a page is looked at with the first two of them who may open it.
ROLES = (
    *("coordinator", "helper", "class_teacher", "head", "system_admin", "counsellor"),
    *("county_supervisor", "county_data_officer", "guardian", "student", "other_teacher", "nobody"),
)


def addresses(cast) -> list[tuple[str, str, str]]:
    """(role, page's name, address) for each page and the first two roles that get to read it."""
    clients = {role: Client() if role == "nobody" else cast.client(role) for role in ROLES}
    for client in clients.values():
        client.raise_request_exception = False
    found = []
    for page in pages():
        if set(page.parameters) - OBJECTS.keys():
            continue  # the permission matrix asks for its examples
        address = page.addresses(cast)["own"]
        readers = (role for role in ROLES if _reads(clients[role], address))
        found += [(role, page.name, address) for role, _ in zip(readers, range(2), strict=False)]
    return found


def _reads(client: Client, address: str) -> bool:
    response = client.get(address)
    return response.status_code == 200 and response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "dark desktop"])
def test_every_page_can_be_read_by_everyone(cast, open_as, look, settings, size, dark):
    settings.MODE = "demo"
    windows, problems = {}, []
    for role, name, address in addresses(cast):
        if role not in windows:
            windows[role] = open_as("" if role == "nobody" else role, width=size[0], dark=dark)
        page = windows[role]
        page.goto(address)
        problems += [f"{role}: {problem}" for problem in axe_problems(page)]
        if wider := overflow(page):
            problems.append(f"{role}: {address} is {wider} px wider than the window")
        if size == PHONE:
            look(page, f"{name}-{role}")
    assert not problems, "\n".join(problems)


def test_error_pages_can_be_read_by_everyone(open_as, settings, check_axe, look):
    settings.MODE = "demo"
    page = open_as()
    for kind in ("400", "403", "404", "500", "csrf"):
        page.goto(reverse("styleguide-error", args=[kind]))
        check_axe(page)
        look(page, f"error-{kind}")


def test_the_styleguide_shows_every_component(open_as, live_server, settings, check_axe, look):
    settings.MODE = "demo"
    page = open_as()
    for language in ("zh-hans", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.goto(reverse("styleguide"))
        check_axe(page)
        look(page, f"styleguide-{language}")


def test_the_theme_switch_works_without_scripts(open_as):
    page = open_as("head", scripts=False, width=DESKTOP[0])
    page.goto(reverse("password"))
    page.get_by_role("button", name="深色").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="浅色").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_the_styleguide_does_not_exist_in_a_school(db):
    assert settings.MODE == "school"
    assert Client().get(reverse("styleguide")).status_code == 404
