"""Little travels: pages compressed (but not for other sites), static files once and for ever, nothing unused among them."""

import gzip
import re
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from whitenoise.middleware import WhiteNoiseMiddleware

from tongxing.doors.web.compression import CompressedPages
from tongxing.ground.people.calendar_months import State

ASKED = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}
TEXT = "同行" * 400
PACKAGE = settings.PACKAGE
STATIC = PACKAGE / "doors" / "web" / "static" / "web"


def answered(response: HttpResponse, **headers):
    return CompressedPages(lambda request: response)(RequestFactory().get("/", **ASKED | headers))


def test_a_page_travels_compressed_and_says_so(cast):
    client = cast.client("helper")
    plain, packed = client.get(reverse("week")), client.get(reverse("week"), **ASKED)
    assert not plain.has_header("Content-Encoding") and packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b"<title>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


def test_a_page_that_another_site_asked_for_is_not_compressed(cast):
    client = cast.client("helper")
    address = reverse("search") + "?q=x"
    for site in ("cross-site", "same-site"):
        assert not client.get(address, HTTP_SEC_FETCH_SITE=site, **ASKED).has_header("Content-Encoding")
    for site in ("same-origin", "none"):
        assert (
            client.get(address, HTTP_SEC_FETCH_SITE=site, **ASKED).headers.get("Content-Encoding") == "gzip"
        )


def test_the_length_of_the_same_page_tells_little():
    lengths = {len(answered(HttpResponse(TEXT)).content) for _ in range(60)}
    assert len(lengths) > 10


def test_the_form_token_is_another_one_in_each_answer(db):
    client = Client()
    found = {
        re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(reverse("sign-in")).text)[1]
        for _ in range(3)
    }
    assert len(found) == 3


@pytest.mark.parametrize(
    "kind", ["application/json", "application/manifest+json", "text/html; charset=utf-8"]
)
def test_data_for_scripts_is_compressed(kind):
    assert answered(HttpResponse(TEXT, content_type=kind))["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/jpeg", "application/zip", "text/calendar; charset=utf-8"]
)
def test_files_and_calendars_travel_as_they_are(kind):
    response = answered(HttpResponse(TEXT, content_type=kind))
    assert not response.has_header("Content-Encoding") and response.text == TEXT


def test_what_is_streamed_is_left_alone():
    response = answered(StreamingHttpResponse([TEXT], content_type="text/html"))
    assert not response.has_header("Content-Encoding")
    assert b"".join(response) == TEXT.encode()


def test_a_browser_that_cannot_unpack_gets_the_plain_page():
    response = CompressedPages(lambda request: HttpResponse(TEXT))(RequestFactory().get("/"))
    assert response.text == TEXT


@pytest.fixture
def collected(settings, tmp_path):
    """Static files as a school serves them."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))


@pytest.mark.parametrize("name", ["web/app.css", "web/icons.svg"])
def test_static_files_come_compressed_and_are_kept_for_ever(collected, name):
    from django.contrib.staticfiles.storage import staticfiles_storage

    request = RequestFactory().get(staticfiles_storage.url(name), **ASKED)
    response = collected(request)
    assert response.status_code == 200 and response["Content-Encoding"] == "gzip"
    assert "immutable" in response["Cache-Control"]
    assert len(b"".join(response)) < (PACKAGE / "doors/web/static" / name).stat().st_size / 2


def classes_of(css: str) -> set[str]:
    """The classes that the rules of a style sheet ask for."""
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", css, flags=re.DOTALL)
    selectors = [found for found in re.findall(r"([^{}]+)\{", bare) if not found.strip().startswith("@")]
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", " ".join(selectors)))


def words_of(*patterns: str) -> set[str]:
    files = [path for pattern in patterns for path in PACKAGE.rglob(pattern) if "tests" not in path.parts]
    return set(re.findall(r"[a-zA-Z][\w-]*", " ".join(path.read_text("utf-8") for path in files)))


#: Made up while a page is written: the level of a heading in a document, what a day of the calendar is.
MADE_UP = {"level-1", *get_args(State)}


def test_every_class_of_the_style_sheet_occurs_on_a_page():
    known = words_of("doors/web/**/*.html", "doors/web/*.py", "static/web/*.js", "paper/**/*.py") | MADE_UP
    assert sorted(classes_of((STATIC / "app.css").read_text("utf-8")) - known) == []


def test_a_class_that_no_page_uses_is_seen():
    assert classes_of('/* .old */ .card > .new:hover, a.chip { content: ".x" } @media (x) { .in { } }') == {
        *("card", "new", "chip", "in"),
    }


def test_every_icon_asked_for_by_name_is_in_the_sprite():
    icons = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    pages = " ".join(
        path.read_text("utf-8") for path in Path(PACKAGE / "doors/web/templates").rglob("*.html")
    )
    assert sorted(set(re.findall(r'icon\("([\w-]+)"', pages)) - icons) == []


#: Bytes over the wire.
FIRST_VISIT, LATER_PAGE = 120_000, 15_000


@pytest.mark.parametrize("name", ["week", "students", "reminders", "record-new"])
def test_a_first_visit_and_a_later_page_weigh_little(cast, name):
    of = [cast.students.key.pk] if name == "record-new" else []
    page = len(cast.client("helper").get(reverse(name, args=of), **ASKED).content)
    files = sum(len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.*"))
    assert page <= LATER_PAGE and page + files <= FIRST_VISIT
