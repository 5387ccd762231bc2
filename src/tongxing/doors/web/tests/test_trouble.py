"""A full disk, a busy database, a second click: nothing half-written, nothing double, a clear word."""

import re
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from tongxing.care.contacts.models import Contact, ContactRevision
from tongxing.doors.web import calendar as calendar_pages
from tongxing.ground.kernel import audit
from tongxing.ground.people.models import CalendarDay

DAYS = {"first": "2026-10-01", "last": "2026-10-07", "kind": "off", "name": "国庆"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the disk of a PostgreSQL server is not ours to fill"
)
def test_a_full_disk_saves_nothing_by_halves_and_says_so(cast):
    browser, address = cast.client("helper"), reverse("record-new", args=[cast.students.key.pk])
    talk = {"kind": "talk", "when": "now", "thoughts": "写" * 3900, "visibility": "team"}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no free pages left over from other tests
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        answers = [
            browser.post(f"{address}?kind=talk", {**talk, "client_id": str(uuid4())}) for _ in range(60)
        ]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    saved = [answer for answer in answers if answer.status_code == 302]
    refused = [answer for answer in answers if answer.status_code == 507]
    assert refused, {answer.status_code for answer in answers}
    assert "没有保存" in refused[-1].content.decode()
    assert Contact.objects.count() == ContactRevision.objects.count() == len(saved)
    assert audit.verify().intact


def test_a_busy_database_is_told_in_words(cast, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(calendar_pages.calendar_actions, "set_days", busy)
    response = cast.client("coordinator").post(reverse("settings-days"), DAYS)
    assert response.status_code == 503
    assert not CalendarDay.objects.filter(school=cast.school).exists()


def test_a_second_click_on_save_is_one_record(cast):
    browser, address = cast.client("helper"), reverse("record-new", args=[cast.students.key.pk])
    page = browser.get(f"{address}?kind=talk").content.decode()
    client_id = re.search(r'name="client_id"[^>]*value="([^"]+)"', page).group(1)
    talk = {"client_id": client_id, "kind": "talk", "thoughts": "愿意在校内把作业写完", "visibility": "team"}
    for _ in range(2):
        assert browser.post(f"{address}?kind=talk", talk).status_code in {302, 422}
    assert Contact.objects.filter(student=cast.students.key).count() == 1
