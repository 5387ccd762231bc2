"""Every page × every role × {own, other class, other school}, from the URL resolver: nobody reaches too far."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongxing.ground.access.roles import TABLE
from tongxing.ground.people.models import Student

from .matrix import OBJECTS, pages

PAGES = pages()
ROLES = [
    *("head", "deputy", "coordinator", "class_teacher", "other_class_teacher", "helper", "other_teacher"),
    *("counsellor", "finance_maker", "finance_checker", "system_admin", "deactivated"),
    *(
        "county_supervisor",
        "county_aid_officer",
        "county_data_officer",
        "guardian",
        "student",
        "outsider",
        "nobody",
    ),
]
SEEN, AWAY = {200, 204, 302, 303, 405, 409, 422}, {302, 403, 404}
SECRETS = ("13812345678", "13900001111", "13700002222", "柳溪村三组12号")


def visitor(cast, role):
    return Client() if role == "nobody" else cast.client(role)


def reach(cast, role):
    """Names of the students whom the table of roles lets this person see."""
    if role in {"nobody", "deactivated"}:
        return set()
    return set(Student.objects.visible_to(cast.actor(role)).values_list("name", flat=True))


def abilities(cast, role):
    if role in {"nobody", "deactivated"}:
        return set()
    return {ability for scope in cast.actor(role).scopes for ability in TABLE[scope.role].can}


def test_every_page_declares_who_may_open_it():
    assert [page.name for page in PAGES if page.permission is None] == []


def test_every_name_in_an_address_has_an_own_and_a_foreign_example():
    assert {name for page in PAGES for name in page.parameters} - OBJECTS.keys() == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_opens_for_anyone_without_the_right(cast, page, role):
    names = {student.name for student in vars(cast.students).values()}
    hidden = names - reach(cast, role)
    browser, can = visitor(cast, role), abilities(cast, role)
    signed_in = role not in {"nobody", "deactivated"}
    for whose in ("own", "class", "far") if page.parameters else ("own",):
        for method in ("get", "post"):
            address = page.address(cast, whose)
            browser.raise_request_exception = True
            before = _state()
            response = getattr(browser, method)(address)
            body = _text(response)
            where = f"{method} {address} as {role}: {response.status_code}"
            granted = (
                page.permission.public
                or (page.permission.signed_in and signed_in)
                or (page.permission.can and page.permission.can in can)
            )
            if not granted:
                assert response.status_code in AWAY, where
                assert response.status_code != 302 or "/sign-in/" in response["Location"], where
            if not granted:
                assert _state() == before, f"{where} wrote something"
            if "student_id" in page.parameters and not page.permission.public:
                of = {"own": "周晓禾", "class": "苏苗苗", "far": "何一帆"}[whose]
                if of in hidden:
                    assert response.status_code in AWAY | {405}, where
            assert response.status_code < 500, where
            leaked = [name for name in hidden if name in body]
            assert not leaked, f"{where} shows {leaked}"
            assert not [secret for secret in SECRETS if secret in body], f"{where} shows a sealed value"


def _text(response) -> str:
    if response.streaming:
        return ""
    return re.sub(r"<title>.*?</title>", "", response.content.decode("utf-8", "replace"), flags=re.S)


def _state() -> list[int]:
    """How many rows each table of the product holds."""
    with connection.cursor() as cursor:
        tables = [
            t
            for t in connection.introspection.table_names(cursor)
            if not t.startswith(("django_", "sqlite_"))
        ]
        union = " UNION ALL ".join(f"SELECT {n}, count(*) FROM {t}" for n, t in enumerate(sorted(tables)))  # noqa: S608
        cursor.execute(f"SELECT * FROM ({union}) AS counts ORDER BY 1")
        return [row[1] for row in cursor.fetchall()]


@pytest.mark.parametrize("page", [p for p in PAGES if not p.parameters], ids=lambda page: page.name)
def test_query_counts_do_not_grow_with_rows(cast, page):
    browser = cast.client("head")
    with CaptureQueriesContext(
        connection,
    ) as few:
        if browser.get(page.address(cast, "own")).status_code != 200:
            pytest.skip("not a page that the head reads")
    for number in range(12):
        cast.add_student(f"新同学{number}", cast.class_one, "normal", pinyin="xintongxue")
    with CaptureQueriesContext(connection) as many:
        browser.get(page.address(cast, "own"))
    assert len(many) <= len(few) + 2, [query["sql"][:120] for query in many.captured_queries]
