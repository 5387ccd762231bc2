"""What somebody is here to do is at most three taps away from their first page: rows A5–A14 of the work, for the right person."""

import re
from collections import deque
from functools import cache

import pytest
from django.urls import Resolver404, resolve, reverse

TAPS = 3
#: Who does it, and the pages (URL names) on which it is done.
WITHIN_REACH = {
    "four things first: places, and safety before breaks": ("coordinator", ["activities", "break"]),
    "why a place came first, in the child's own file": ("helper", ["student-activities"]),
    "three lines of communication": ("class_teacher", ["three-lines", "calls"]),
    "one helper for each child": ("coordinator", ["pairing", "register"]),
    "my children": ("helper", ["week", "student", "record-new"]),
    "two who share a child": ("coordinator", ["proxies"]),
    "the people around one child": ("helper", ["student-around"]),
    "partners and friends": ("class_teacher", ["partners", "friends", "deeds"]),
    "a bright moment": ("subject_teacher", ["highlights"]),
    "a teacher of the class asks for a child": ("subject_teacher", ["request-for-whom", "request-for"]),
    "the counselling room": ("counsellor", ["counselling", "counselling-week"]),
    "competitions and visits": ("coordinator", ["event-new"]),
    "asked for help": ("helper", ["requests"]),
    "successes are congratulated": ("class_teacher", ["good-news"]),
    "the file, the plan, the goals": (
        "class_teacher",
        ["student-file", "student-term-plan", "student-goals", "surveys"],
    ),
    "who is at school this morning": ("class_teacher", ["attendance"]),
    "did it help": ("head", ["effects"]),
    "what the figures say, and the records behind them": (
        "head",
        ["indicators", "indicator", "indicator-figure"],
    ),
    "what the county asks and is asked": ("head", ["county-office", "county-hand-new"]),
    "a county and its schools": (
        "county_supervisor",
        ["county-months", "county-programme", "county-reports", "county-report-new", "county-need-new"],
    ),
    "names behind a need": ("county_data_officer", ["county-needs", "county-emergency"]),
    "the door of a family": ("class_teacher", ["invitations", "student-door", "unanswered"]),
    "a guardian at home": (
        "guardian",
        ["family-home", "family-consents", "family-stored", "family-words", "request-ask"],
    ),
    "a student at home": ("student", ["mine", "request-ask", "counselling-ask", "clubs"]),
}
LINK = re.compile(r'href="(/[^"#]*)')


def reached(client) -> dict[str, int]:
    """Each page by its name, with the number of taps that lead there; of each kind of page the first three are opened."""
    found: dict[str, int] = {}
    opened: dict[str, int] = {}
    todo = deque([(reverse("home"), 0)])
    while todo:
        address, taps = todo.popleft()
        name = _name(address)
        if name is None or opened.get(name, 0) >= 3:
            continue
        opened[name] = opened.get(name, 0) + 1
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            opened[name] = 3
            continue
        found.setdefault(name, taps)
        if answer.redirect_chain and (at := _name(answer.redirect_chain[-1][0])):
            found.setdefault(at, taps)
        if taps < TAPS:
            page = answer.content.decode()
            todo.extend((href.replace("&amp;", "&"), taps + 1) for href in dict.fromkeys(LINK.findall(page)))
    return found


@cache
def _name(address: str) -> str | None:
    try:
        return resolve(address.partition("?")[0]).url_name
    except Resolver404:
        return None


@pytest.fixture
def people(promised):
    promised.teach("subject_teacher", promised.class_one)
    return promised


@pytest.mark.parametrize("role", sorted({role for role, _pages in WITHIN_REACH.values()}))
def test_what_one_is_here_for_is_three_taps_away(people, role):
    found = reached(people.client(role))
    wanted = {name for who, names in WITHIN_REACH.values() if who == role for name in names}
    assert wanted - found.keys() == set(), sorted(found)


@pytest.mark.parametrize("role", ["guardian", "student", "subject_teacher"])
def test_and_no_link_leads_them_into_the_rooms_of_others(people, role):
    rooms = {"register", "pairing", "counselling", "effects", "safety", "student-term-plan", "settings-audit"}
    assert not rooms & reached(people.client(role)).keys()
