"""The county's supervisor opens every page, export and document there is, and meets nobody of a school by name."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from docx import Document

from tongxing.ground.access.roles import TABLE
from tongxing.ground.outbox.actions import open_feed
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Guardian, Staff, Student
from tongxing.oversight.county.models import Need
from tongxing.paper.exchange.export_profile import built_in

from . import county_examples
from .matrix import OBJECTS, pages
from .test_canaries import words_of
from .test_permissions import undone

#: All that a supervisor can open beside what everybody who signed in opens.
SUPERVISORS = {
    *("county", "county-months", "county-hand", "county-document"),
    *("county-programme", "county-programme-begin", "county-version", "county-version-publish"),
    *("county-point", "county-point-new"),
    *("county-reports", "county-report", "county-report-new", "county-report-back"),
    *("county-needs", "county-need", "county-need-new", "county-need-review"),
    *("circulars", "circular-new", "letterhead", "outgoing"),
}


NEW = 12


@pytest.fixture
def county(cast):
    """Both schools have taken something over, asked for a hand, sent a report; names of both are open to the officer."""
    cache.clear()
    cast.teach("subject_teacher", cast.class_one)
    for number in range(NEW):
        cast.add_student(f"花名{number:02}号", cast.class_one, "normal")
    for make in county_examples.EXAMPLES.values():
        make(cast)
    return cast


def names(cast):
    """Everybody at a school or at home, by name."""
    found = {
        one for model in (Student, Guardian, Staff) for one in model.objects.values_list("name", flat=True)
    }
    assert len(found) > 30
    return found


def met(cast, answer):
    words = words_of(answer)
    return sorted(name for name in names(cast) if name in words)


def addresses(cast, role):
    """What the role's abilities open; that nothing else does, the permission matrix shows."""
    can = TABLE[role].can
    for page in pages():
        if page.permission.can and page.permission.can not in can:
            continue
        objects = {name: OBJECTS[name](cast) for name in page.parameters}
        for whose in ("own", "class", "far") if objects else ("own",):
            yield page, reverse(page.name, kwargs={name: of[whose] for name, of in objects.items()})


def test_a_supervisor_opens_every_page_and_meets_nobody(county):
    browser, seen, opened = county.client("county_supervisor"), {}, set()
    for page, address in addresses(county, "county_supervisor"):
        for method in ("get", "post"):
            with undone():
                answer = getattr(browser, method)(address)
            if answer.status_code in (200, 422) and page.permission.can:
                opened.add(page.name)
            if answer.status_code in (200, 422) and (found := met(county, answer)):
                seen[method, address] = found
    assert not seen
    assert opened >= SUPERVISORS
    assert opened - SUPERVISORS <= {"circular-anew", "circular-read", "circular-back", "circular-remind"}


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_nor_in_the_document_over_all_schools(county, kind):
    answer = county.client("county_supervisor").post(reverse("county-document"), {"kind": kind})
    words = words_of(answer)
    assert "attachment" in answer["Content-Disposition"] and county.school.name in words.replace("\n", "")
    assert met(county, answer) == []


def test_the_document_holds_tens_alone(county):
    """Fifteen at one school, one at the other: neither fifteen, sixteen nor one stands anywhere."""
    answer = county.client("county_supervisor").post(reverse("county-document"), {"kind": "docx"})
    cells = [
        cell.text
        for table in Document(io.BytesIO(answer.content)).tables
        for row in table.rows[1:]
        for cell in row.cells[1:]
    ]
    assert "10 以上" in cells and "不足 10" in cells
    assert not {"15", "14", "16"} & set(cells)


def test_no_export_and_no_file_of_a_school_opens_for_a_supervisor(county):
    browser = county.client("county_supervisor")
    for code in built_in():
        answer = browser.post(reverse("export", args=[code]), {"purpose": "县里要用"})
        assert answer.status_code == 403, code


def test_no_message_and_no_feed_of_the_county_names_anybody(county):
    for role in ("county_supervisor", "county_data_officer"):
        feed = county.client(role).get(reverse("feed", args=[open_feed(county.actor(role))]))
        assert feed.status_code == 200 and met(county, feed) == []
    told = "".join(Message.objects.values_list("subject", flat=True))
    assert not [name for name in names(county) if name in told]


def test_the_data_officer_meets_the_requested_children_on_one_page_and_nobody_else_anywhere(county):
    browser, seen = county.client("county_data_officer"), {}
    for page, address in addresses(county, "county_data_officer"):
        for method in ("get", "post"):
            with undone():
                answer = getattr(browser, method)(address)
            if answer.status_code in (200, 422) and (found := met(county, answer)):
                seen.setdefault(page.name, set()).update(found)
    requested = Student.objects.filter(pk__in=Need.objects.values("children__student"))
    assert seen == {"county-need-names": set(requested.values_list("name", flat=True))}
    assert county.students.plain.name not in seen["county-need-names"]
