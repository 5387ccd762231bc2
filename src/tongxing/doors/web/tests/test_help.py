"""Whoever is lost finds a few sentences at the end of the page, on every page where work is done."""

import pytest
from django.urls import reverse
from tests.architecture.matrix import OBJECTS, pages, readers

from tongxing.doors.web.help import HELP
from tongxing.doors.web.jinja import NAVIGATION

pytestmark = pytest.mark.django_db

ROLES = (
    *("coordinator", "helper", "class_teacher", "head", "system_admin", "counsellor", "finance_maker"),
    *("finance_checker", "county_supervisor", "county_aid_officer", "county_data_officer"),
    *("guardian", "student", "other_teacher"),
)
#: One question, one result, or one step of a page that has help: the line under the heading says it.
NEEDS_NONE = {
    "activity-change",
    "document",
    "document-figure",
    "donation-box-new",
    "donation-box-open",
    "donation-change",
    "donation-correct",
    "donation-gift",
    "donation-goods-passed",
    "donation-handed",
    "donation-new",
    "donation-opening",
    "donation-outside-new",
    "donation-thank",
    "event-cards",
    "event-change",
    "event-going",
    "event-list",
    "event-notice",
    "event-paper",
    "event-record",
    "event-slips",
    "event-tick",
    "export",
    "export-columns",
    "finding",
    "box-blank-slips",
    "box-change",
    "box-new",
    "gift-became",
    "help-answer",
    "help-door",
    "help-poster",
    "home",
    "impression",
    "indicator-figure",
    "finding-file",
    "feedback-alarms",
    "feedback-count",
    "feedback-new",
    "feedback-slips",
    "next-step",
    "recognition-add-file",
    "reflections",
    "inspection-check",
    "inspection-figure",
    "inspection-later",
    "inspection-sample-sheet",
    "ledger-budget",
    "ledger-budget-new",
    "offline",
    "pack",
    "pairing-also",
    "pairing-end",
    "pairing-exclude",
    "pairing-helper",
    "pairing-pin",
    "pairing-taken-over",
    "pairing-wish",
    "password",
    "proxy-end",
    "proxy-start",
    "received-file",
    "record-grid-print",
    "register-enter",
    "register-leave",
    "return-new",
    "safety-raise-any",
    "screening-ask-for",
    "screening-rules-try",
    "settings-add-colleague",
    "settings-commitment",
    "settings-commitment-new",
    "sign-in",
    "start",
    "student-dossier",
    "student-highlight",
    "student-plan-add",
    "student-plan-promise",
    "student-same",
    "survey-edit",
    "survey-fill",
    "survey-new",
    "together",
    "version-differs",
    "volunteer",
    "volunteer-new",
    "year-move-class",
    "break-lesson",
    "break-letter",
    "call",
    "call-new",
    "county-adapt",
    "county-emergency",
    "county-hand",
    "county-hand-new",
    "county-need-names",
    "county-need-new",
    "county-office-need",
    "county-point",
    "county-point-new",
    "county-report-new",
    "circular-anew",
    "circular-families",
    "group-cadre",
    "group-name",
    "group-seat",
    "leading-group-sheet",
    "decision",
    "display-enclose",
    "display-new",
    "meeting-change",
    "meeting-enclose",
    "suggestion",
    "meeting-minutes",
    "meeting-new",
    "meeting-sheet",
    "counselling-arrange",
    "counselling-explain",
    "counselling-hand-over",
    "counselling-opened",
    "counselling-outside-new",
    "counselling-result",
    "counselling-slips",
    "counselling-talk",
    "counselling-week",
}


def read_by_somebody(browsers, cast, page):
    answers = readers(browsers, page, page.addresses(cast)["own"])
    return any(b"data-user" in answer.content for _role, answer in answers)


def test_every_page_has_help_or_needs_none(cast):
    browsers = {role: cast.client(role) for role in ROLES}
    for browser in browsers.values():
        browser.raise_request_exception = False
    without = {
        page.name
        for page in pages()
        if page.name not in HELP
        and not set(page.parameters) - OBJECTS.keys()
        and read_by_somebody(browsers, cast, page)
    }
    assert without == NEEDS_NONE


def test_the_pages_one_can_go_to_from_everywhere_have_help(cast):
    assert {name for _title, of_group in NAVIGATION for name, *_ in of_group} <= HELP.keys()
    assert HELP.keys() <= {page.name for page in pages()}


def test_help_is_short_and_closed_until_it_is_asked_for(cast):
    assert all(len(str(text)) <= 280 for text in HELP.values())
    page = cast.client("helper").get(reverse("week")).content.decode()
    assert '<details class="fold help"><summary>这页怎么用</summary>' in page
    assert "这页怎么用" not in cast.client("helper").get(reverse("password")).content.decode()
