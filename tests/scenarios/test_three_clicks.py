"""Rows A1–A3, A5–A14, B2 and B3 of the work: each is told over HTTP with its refusals, and each page is at most three clicks from the
first page of the person who does it. The links are followed one by one, as they stand on the pages."""

import datetime
import re
from dataclasses import dataclass
from importlib import import_module
from uuid import uuid4

import pytest
from django.urls import Resolver404, resolve, reverse

from tongxing.care.activities import actions as activities
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM

CLICKS = 3
WEB = "tongxing.doors.web.tests"
HERE = "tests.scenarios"


@dataclass(frozen=True)
class Row:
    """`told`: module and test of the story; `ways`: role and the pages whose links are followed from the first page."""

    what: str
    told: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, tuple[str, ...]], ...]


ROWS = {
    "A1": Row(
        "the leading group",
        ((f"{WEB}.test_leading_group", "test_what_nobody_holds_stands_out_with_the_way_to_name_somebody"),),
        (
            ("coordinator", ("circulars", "leading-group", "group-name")),
            ("helper", ("circulars", "leading-group")),
        ),
    ),
    "A2": Row(
        "from the county to the school, a plan of the own, a kick-off",
        (
            (f"{WEB}.test_circulars", "test_from_the_county_to_the_school_with_the_link_kept"),
            (f"{WEB}.test_meetings", "test_from_the_call_to_minutes_decision_and_done"),
        ),
        (
            ("head", ("circulars", "circular-new")),
            ("county_supervisor", ("circulars", "circular-new")),
            ("head", ("circulars", "meetings", "meeting-new")),
        ),
    ),
    "A3": Row(
        "publicity; plan and rules reach every teacher, with proof",
        (
            (f"{WEB}.test_circulars", "test_it_stands_on_the_week_until_it_is_confirmed"),
            (
                f"{WEB}.test_circulars",
                "test_the_list_of_those_missing_is_without_blame_and_the_text_without_names",
            ),
            (f"{WEB}.test_publicity", "test_a_line_is_noted_counted_photographed_and_taken_back"),
        ),
        (
            ("coordinator", ("circulars", "publicity", "display-new")),
            ("helper", ("circulars", "suggestions")),
        ),
    ),
    "A5": Row(
        "four things first",
        (
            (f"{WEB}.test_activities", "test_an_art_group_by_talent_from_the_offer_to_the_place"),
            (
                f"{WEB}.test_attendance",
                "test_before_a_break_each_class_has_its_lesson_and_who_missed_it_gets_it_later",
            ),
        ),
        (
            ("coordinator", ("activities", "activity", "activity-names")),
            ("helper", ("student", "student-activities")),
            ("class_teacher", ("attendance", "break")),
        ),
    ),
    "A6": Row(
        "three conversations",
        ((f"{HERE}.test_people_around", "test_a_call_is_arranged_not_answered_arranged_again_and_done"),),
        (
            ("class_teacher", ("around", "three-lines", "student-around")),
            ("class_teacher", ("around", "calls")),
            ("helper", ("student", "record-new")),
        ),
    ),
    "A7": Row(
        "one teacher for each child",
        (
            (f"{HERE}.test_key_student", "test_the_term_of_a_key_student"),
            (f"{WEB}.test_pairing", "test_a_helpers_students_are_handed_over_with_what_was_promised"),
        ),
        (
            ("coordinator", ("pairing",)),
            ("head", ("register",)),
            ("helper", ("week", "student", "record-new")),
        ),
    ),
    "A8": Row(
        "class teacher and proxy parent together",
        (
            (
                f"{HERE}.test_people_around",
                "test_a_proxy_parent_comes_only_after_check_agreement_and_consent_and_goes_with_the_consent",
            ),
            (
                f"{HERE}.test_people_around",
                "test_the_two_who_share_the_child_tell_each_other_and_find_it_on_their_week",
            ),
        ),
        (("coordinator", ("around", "proxies")), ("helper", ("student", "student-around"))),
    ),
    "A9": Row(
        "friends",
        (
            (
                f"{WEB}.test_around",
                "test_classmates_sign_up_and_are_brought_together_once_both_families_agree",
            ),
            (
                f"{HERE}.test_people_around",
                "test_a_partner_is_proposed_agreed_to_and_a_talk_fulfils_the_promise",
            ),
        ),
        (("class_teacher", ("around", "friends")), ("class_teacher", ("around", "partners"))),
    ),
    "A10": Row(
        "chances to shine, groups by talent",
        (
            (
                f"{WEB}.test_highlights",
                "test_the_first_page_of_a_subject_teacher_is_the_class_and_one_tap_notes",
            ),
            (f"{WEB}.test_highlights", "test_lessons_open_no_page_of_the_file"),
            (f"{WEB}.test_activities", "test_an_art_group_by_talent_from_the_offer_to_the_place"),
        ),
        (
            ("subject_teacher", ("highlights",)),
            ("subject_teacher", ("activities", "activity")),
            ("student", ("clubs",)),
        ),
    ),
    "A11": Row(
        "the counselling room",
        (
            (f"{WEB}.test_counselling", "test_the_story_of_a_child_at_risk_from_the_wish_to_the_follow_up"),
            (f"{WEB}.test_counselling_days", "test_closing_a_day_lists_who_has_a_time_and_each_is_moved"),
        ),
        (
            ("counsellor", ("counselling", "counselling-week")),
            ("counsellor", ("counselling-days",)),
            ("student", ("counselling-ask",)),
            ("guardian", ("counselling-talk",)),
        ),
    ),
    "A12": Row(
        "choir, competitions, prizes",
        (
            (f"{WEB}.test_events", "test_a_choir_from_the_weekly_meeting_to_the_prize_and_the_card"),
            (
                f"{WEB}.test_event_photos",
                "test_a_photo_is_added_with_its_ticks_seen_by_colleagues_and_gone_with_a_consent",
            ),
        ),
        (
            ("subject_teacher", ("activities", "activity", "event-new")),
            ("coordinator", ("activities", "event-new")),
        ),
    ),
    "A13": Row(
        "a difficulty reaches the teacher first; successes are congratulated",
        (
            (f"{WEB}.test_requests", "test_taken_on_done_and_not_yet_it_comes_back"),
            (f"{HERE}.test_at_risk", "test_from_a_morning_without_the_child_to_somebody_who_stays_near"),
        ),
        (
            ("student", ("request-ask",)),
            ("guardian", ("request-ask",)),
            ("helper", ("requests",)),
            ("class_teacher", ("good-news",)),
        ),
    ),
    "A14": Row(
        "saying thanks, a visit to old people",
        (
            (f"{WEB}.test_events", "test_a_visit_to_the_old_people_where_one_family_says_no"),
            (f"{WEB}.test_events", "test_thanks_are_voluntary_for_the_whole_class_and_the_page_says_so"),
        ),
        (("class_teacher", ("activities", "event-new")), ("coordinator", ("activities", "event-new"))),
    ),
    "B2": Row(
        "meetings of the leadership, of all teachers, of the class cadres",
        (
            (f"{WEB}.test_meetings", "test_the_leadership_meets_among_itself"),
            (f"{WEB}.test_meetings", "test_the_list_narrows_to_a_kind_and_keeps_its_queries"),
        ),
        (("deputy", ("circulars", "meetings", "meeting-new")),),
    ),
    "B3": Row(
        "column, radio, class meetings on a theme",
        (
            (
                f"{WEB}.test_meetings",
                "test_a_class_teacher_keeps_the_pack_of_a_class_meeting_and_another_class_takes_it",
            ),
            (f"{WEB}.test_publicity", "test_a_line_is_noted_counted_photographed_and_taken_back"),
        ),
        (
            ("class_teacher", ("circulars", "meetings", "meeting-new")),
            ("class_teacher", ("circulars", "publicity", "display-new")),
        ),
    ),
}
WAYS = [(row, role, way) for row, told in ROWS.items() for role, way in told.ways]
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')


@pytest.fixture
def people(promised):
    """The school with its promises; a colleague with lessons leads a group."""
    leader = promised.teach("subject_teacher", promised.class_one)
    type(leader).objects.filter(pk=leader.pk).update(offence_check_on=promised.term.starts_on)
    leader.refresh_from_db()
    facts = {"kind": "art", "name": "剪纸社", "leader": leader, "weekday": 2, "places": 9, "grades": []}
    facts["wishes_until"] = clock.today() + datetime.timedelta(days=1)
    activities.make_offer(SYSTEM, term=promised.term, facts=facts, client_id=uuid4())
    return promised


def links(answer) -> dict[str, str]:
    """The links of a page by the name of the page they lead to, the first of each."""
    found: dict[str, str] = {}
    for href in LINK.findall(answer.content.decode()):
        address = href.replace("&amp;", "&")
        try:
            name = resolve(address.partition("?")[0]).url_name
        except Resolver404:
            continue
        found.setdefault(name, address)
    return found


def followed(client, way):
    """Home, then link after link; says where one is missing."""
    answer = client.get(reverse("home"), follow=True)
    for name in way:
        here = links(answer)
        assert name in here, f"no link to {name} on {answer.request['PATH_INFO']}: {sorted(here)}"
        answer = client.get(here[name], follow=True)
        assert answer.status_code == 200, (here[name], answer.status_code)
    return answer


@pytest.mark.parametrize(
    ("row", "role", "way"), WAYS, ids=lambda one: "-".join(one) if isinstance(one, tuple) else one
)
def test_three_clicks_lead_there(people, row, role, way):
    assert len(way) <= CLICKS
    followed(people.client(role), way)


def test_a_link_that_is_not_there_is_noticed(people):
    with pytest.raises(AssertionError, match="no link to pairing"):
        followed(people.client("guardian"), ("pairing",))


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_told_over_http(row):
    for module, test in ROWS[row].told:
        assert callable(getattr(import_module(module), test)), (module, test)
    assert ROWS[row].told


def test_no_row_is_missing():
    assert list(ROWS) == [f"A{number}" for number in range(1, 15) if number != 4] + ["B2", "B3"]
