"""Every page × every role × {own, other class, other school}, from the URL resolver: nobody reaches too far."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongxing.doors.web.page import Permission
from tongxing.ground.access.roles import TABLE
from tongxing.ground.people.models import Student

from ..cast import NOW, Cast, tell
from ..kept import Kept, keep
from .matrix import OBJECTS, pages

PAGES = pages()
ROLES = [
    *(
        "head",
        "deputy",
        "coordinator",
        "class_teacher",
        "other_class_teacher",
        "helper",
        "other_teacher",
        "subject_teacher",
    ),
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
AWAY = {302, 403, 404}
WRITES = re.compile(r'(?i)\s*(?:insert into|update|delete from)\s+(?!"?django_)')
SECRETS = ("13812345678", "13900001111", "13700002222", "柳溪村三组12号")
NAME_OF = {"own": "周晓禾", "class": "苏苗苗", "far": "何一帆"}


@dataclass
class Visitor:
    """One person of the cast with a browser, what the table lets them do, and whom they must never see."""

    role: str
    browser: Client
    abilities: set[str]
    hidden: set[str]

    @property
    def signed_in(self) -> bool:
        return self.role not in {"nobody", "deactivated"}

    def may_open(self, permission: Permission) -> bool:
        return (
            permission.public
            or (permission.signed_in and self.signed_in)
            or (bool(permission.can) and permission.can in self.abilities)
        )


@dataclass
class SignedIn:
    """The cast, and the browsers in which its people have signed in: their cookies by role."""

    cast: Cast
    cookies: dict[str, str] = field(default_factory=dict)

    def visitor(self, role: str) -> Visitor:
        browser = Client()
        if role in self.cookies:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[role]
        names = {student.name for student in vars(self.cast.students).values()}
        if role in {"nobody", "deactivated"}:
            return Visitor(role, browser, set(), names)
        actor = self.cast.actor(role)
        seen = set(Student.objects.visible_to(actor).values_list("name", flat=True))
        abilities = {ability for scope in actor.scopes for ability in TABLE[scope.role].can}
        return Visitor(role, browser, abilities, names - seen)


def sign_in() -> SignedIn:
    cast = tell()
    cast.teach("subject_teacher", cast.class_one)
    cookies = {
        role: cast.client(role).cookies[settings.SESSION_COOKIE_NAME].value
        for role in ROLES
        if role != "nobody"
    }
    return SignedIn(cast, cookies)


@pytest.fixture(scope="module")
def kept_visitors(django_db_setup, django_db_blocker) -> Kept[SignedIn]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        return keep(sign_in)


@pytest.fixture
def signed_in(db, at_school, kept_visitors) -> SignedIn:
    return kept_visitors.again()


def test_every_page_declares_who_may_open_it():
    assert [page.name for page in PAGES if page.permission is None] == []


def test_no_two_pages_share_a_name():
    names = [page.name for page in PAGES]
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_every_name_in_an_address_has_an_own_and_a_foreign_example():
    assert {name for page in PAGES for name in page.parameters} - OBJECTS.keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_opens_for_anyone_without_the_right(signed_in, page):
    addresses = page.addresses(signed_in.cast)
    visitors = [signed_in.visitor(role) for role in ROLES]
    for person in visitors:
        # `@page` asks for the ability before it looks at the address: without it one address stands for all
        asked = addresses if person.may_open(page.permission) else {"own": addresses["own"]}
        for whose, address in asked.items():
            for method in ("get", "post"):
                with undone() as written:
                    response = getattr(person.browser, method)(address)
                where = f"{method} {address} as {person.role}: {response.status_code}"
                _check(page, person, whose, response, written, where)


def _check(page, person, whose, response, written, where) -> None:
    status = response.status_code
    assert status < 500, where
    if not person.may_open(page.permission):
        assert status in {*AWAY, 405}, where
        assert status != 302 or "/sign-in/" in response["Location"], where
        assert not written, f"{where} wrote: {written}"
    if "student_id" in page.parameters and NAME_OF[whose] in person.hidden and not page.permission.public:
        assert status in {*AWAY, 405}, where
    body = _text(response)
    leaked = [secret for secret in (*person.hidden, *SECRETS) if secret in body]
    assert not leaked, f"{where} shows {leaked}"


@contextmanager
def undone():
    """What one request writes is gone before the next; tells what it wrote, but for the session."""
    written: list[str] = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql):
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield written
        transaction.set_rollback(True)


def test_what_is_written_is_seen(cast):
    with undone() as written:
        cast.students.key.save()
    assert written


def _text(response) -> str:
    if response.streaming:
        return ""
    return re.sub(r"<title>.*?</title>", "", response.content.decode("utf-8", "replace"), flags=re.S)


@pytest.mark.parametrize("page", [p for p in PAGES if not p.parameters], ids=lambda page: page.name)
def test_query_counts_do_not_grow_with_rows(cast, page):
    browser = cast.client("head")
    with CaptureQueriesContext(
        connection,
    ) as few:
        if browser.get(page.addresses(cast)["own"]).status_code != 200:
            pytest.skip("not a page that the head reads")
    for number in range(12):
        cast.add_student(f"新同学{number}", cast.class_one, "normal", pinyin="xintongxue")
    with CaptureQueriesContext(connection) as many:
        browser.get(page.addresses(cast)["own"])
    assert len(many) <= len(few) + 2, [query["sql"][:120] for query in many.captured_queries]
