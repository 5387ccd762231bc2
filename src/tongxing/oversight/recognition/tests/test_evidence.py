"""What the records show: counted from what stands, of one's own alone, within the time that is looked at."""

import datetime
from uuid import uuid4

import pytest
from tests.cast import NOW, TERM_START
from tests.promised import talk

from tongxing.care.contacts.actions import withdraw_contact
from tongxing.care.family.models import OwnGoal
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.oversight.notices import meetings
from tongxing.oversight.recognition import evidence
from tongxing.oversight.recognition.evidence import KINDS
from tongxing.oversight.recognition.whom import Whom

DAY = datetime.timedelta(days=1)
TODAY = NOW.date()


def counted(cast, code, whom, kind="colleague", first=TERM_START, last=TODAY):
    return KINDS[code].count(evidence.about(cast.school, whom, kind, first, last))


def visit(cast, who="helper", days=0):
    return talk(
        cast, helper=who, kind="visit", channel="at_home", reached=["second_guardian"],
        happened_at=NOW - days * DAY, body={"companion": "唐雨", "at_home": "会帮奶奶做饭"},
    )  # fmt: skip


@pytest.fixture
def helper(cast):
    return Whom(staff=cast.staff["helper"])


def test_words_with_families_and_visits_are_those_of_the_colleague(cast, helper):
    talk(cast, kind="call", channel="phone", reached=["second_guardian"], body={"said": "天冷了加衣服"})
    visit(cast)
    visit(cast, who="class_teacher")
    talk(cast)  # with the child alone
    assert counted(cast, "families", helper) == 2
    assert counted(cast, "visits", helper) == 1
    assert counted(cast, "visits", Whom(school_class=cast.class_one), "class") == 2


def test_what_was_withdrawn_or_lies_before_is_not_counted(cast, helper):
    gone = visit(cast)
    visit(cast, days=40)
    withdraw_contact(SYSTEM, contact=gone, reason="写错了孩子")
    assert counted(cast, "visits", helper, first=TODAY - 30 * DAY) == 0
    assert counted(cast, "visits", helper) == 1


def test_promises_kept_are_those_of_one_s_own_students(promised, helper):
    assert counted(promised, "promised", helper) == 0
    talk(promised)
    assert counted(promised, "promised", helper) == 1
    assert counted(promised, "promised", Whom(staff=promised.staff["class_teacher"])) == 0
    assert counted(promised, "promised", Whom(school_class=promised.class_one), "class") == 1
    assert counted(promised, "promised", Whom(school_class=promised.class_two), "class") == 0


def test_decisions_seen_to_within_the_time(cast, helper):
    office = cast.actor("coordinator")
    facts = {"title": "启动会", "day": TODAY, "led_by": cast.staff["head"]}
    meeting = meetings.call(office, school=cast.school, client_id=uuid4(), kind="staff", facts=facts)
    told = {"text": "印好方案", "person": cast.staff["helper"], "due_on": TODAY}
    one = meetings.decide(office, meeting=meeting, client_id=uuid4(), **told)
    assert counted(cast, "decisions", helper) == 0
    meetings.see_to(cast.actor("helper"), decision=one, words="印好了")
    assert counted(cast, "decisions", helper) == 1
    assert counted(cast, "decisions", helper, last=TODAY - DAY) == 0


def test_own_goals_are_those_the_child_has_reached(cast):
    child = Whom(student=cast.students.key)
    told = {
        "school": cast.school,
        "student": cast.students.key,
        "words_sealed": b"",
        "set_by": cast.users["student"],
    }
    OwnGoal.objects.create(set_at=NOW, client_id=uuid4(), **told)
    assert counted(cast, "own_goals", child, "progress") == 0
    OwnGoal.objects.create(set_at=NOW, client_id=uuid4(), ended_at=NOW, reached=True, **told)
    assert counted(cast, "own_goals", child, "progress") == 1
    assert counted(cast, "own_goals", Whom(student=cast.students.normal), "progress") == 0


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_kind_counts_nothing_where_nothing_was_recorded(cast, code):
    for kind in KINDS[code].of:
        whom = {
            "group": Whom(office="teaching_office"),
            "colleague": Whom(staff=cast.staff["helper"]),
            "class": Whom(school_class=cast.class_one),
            "progress": Whom(student=cast.students.key),
            "partners": Whom(),
        }[kind]
        assert counted(cast, code, whom, kind) == 0
