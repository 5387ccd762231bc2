"""Figures of the overview and the summary: Wednesday 2026-11-25, teaching week 12."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.promised import pair, talk

from tongxing.care.contacts.models import Contact
from tongxing.care.screening.actions import run_round
from tongxing.care.screening.queries import coverage
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.definitions import DEFINITIONS

pytestmark = pytest.mark.usefixtures("promised")


def moment(month, day, hour=15):
    return datetime.datetime(2026, month, day, hour, 40, tzinfo=clock.SCHOOL_TIME)


def overview(cast, role="head", as_of=None):
    return queries.overview(cast.actor(role), cast.school, cast.term, as_of or clock.now())


def summary(cast, role="head", as_of=None):
    return queries.term_summary_facts(cast.actor(role), cast.school, cast.term, as_of or clock.now())


def values(cast, *codes):
    figures = overview(cast).figures
    return tuple(figures[code].value for code in codes)


def test_the_school_from_the_roster_to_each_child(cast):
    screened = coverage(SYSTEM, run_round(SYSTEM, term=cast.term))
    assert values(cast, "enrolled", "registered", "key") == (3, 2, 1)
    assert values(cast, "looked_at", "not_looked_at") == (screened.looked, screened.unseen)
    assert values(cast, "paired", "unpaired", "helpers") == (1, 1, 1)


def test_what_nobody_recorded_has_no_value(cast):
    figures = summary(cast).figures
    for code in (
        "looked_at",
        "not_looked_at",
        "visits",
        "visited",
        "family_calls",
        "talk.done",
        "home_visits_done",
    ):
        assert figures[code].value is None
        assert figures[code].text == "无记录"


def test_the_same_moment_gives_the_same_figures_in_overview_and_summary(cast):
    talk(cast)
    for as_of in (clock.now(), moment(11, 2), moment(9, 1)):
        told = summary(cast, as_of=as_of).figures
        for figure in overview(cast, as_of=as_of).figures.rows:
            assert told[figure.code] == figure


def test_every_figure_counts_exactly_the_records_it_lists(cast):
    talk(cast)
    for figure in summary(cast).figures.rows:
        assert figure.value is None or figure.value == len(figure.records)
        assert figure.definition


def test_a_promise_asked_is_done_open_or_missing(cast):
    talk(cast)
    facts = summary(cast)
    for promise in facts.promises:
        asked, done, open_, missing = (
            facts.figures[f"{promise.code}.{part}"].value for part in ("asked", "done", "open", "missing")
        )
        assert asked == done + open_ + missing


def test_a_talk_written_down_turns_the_week_done(cast):
    assert values(cast, "week_talks_asked", "week_talks_done", "week_talks_waiting") == (1, 0, 1)
    assert overview(cast).waiting == ("周晓禾",)
    talk(cast)
    assert values(cast, "week_talks_asked", "week_talks_done", "week_talks_waiting") == (1, 1, 0)
    assert overview(cast).waiting == ()


def test_a_record_made_later_does_not_change_an_earlier_moment(cast):
    before = clock.now() - datetime.timedelta(minutes=1)
    talk(cast, happened_at=moment(11, 24), recorded_at=clock.now())
    assert overview(cast, as_of=before).figures["week_talks_done"].value == 0


def test_fourteen_days_without_reaching_anybody_are_named(cast):
    assert overview(cast).silent == ("孟宇航", "周晓禾")
    talk(cast, happened_at=moment(11, 12), recorded_at=moment(11, 12, 18))
    assert overview(cast).silent == ("孟宇航",)
    assert values(cast, "silent") == (1,)


def test_who_joined_within_the_fourteen_days_is_not_silent(cast):
    cast.students.normal.registrations.update(starts_on=datetime.date(2026, 11, 12))
    assert overview(cast).silent == ("周晓禾",)


def test_the_map_says_the_most_urgent_state_of_each_class_and_week(cast):
    talk(cast, happened_at=moment(11, 17), recorded_at=moment(11, 18))
    talk(cast, happened_at=moment(11, 10), recorded_at=moment(11, 24))
    (row,) = overview(cast).map.rows
    states = {cell.week: (cell.state, cell.done, cell.asked) for cell in row.cells}
    assert row.name == "初一(1)班"
    assert states[12] == ("due", 0, 1)
    assert states[11] == ("done", 1, 1)
    assert states[10] == ("later", 1, 1)
    assert states[9] == ("late", 0, 1)
    assert states[4][0] in {"late", "rest"}


@pytest.mark.parametrize(
    "role",
    ["class_teacher", "helper", "counsellor", "finance_maker", "county_supervisor", "outsider", "guardian"],
)
def test_only_those_who_lead_the_school_get_its_overview(cast, role):
    with pytest.raises(NotAllowed):
        overview(cast, role)


def test_the_records_behind_a_figure_are_the_readers_own(cast):
    found = queries.figure(cast.actor("head"), cast.school, cast.term, "registered", clock.now())
    assert {student.name for student, _times in queries.behind(cast.actor("head"), found).students} == {
        "周晓禾",
        "孟宇航",
    }
    assert queries.behind(cast.actor("helper"), found).shown == 1
    assert queries.behind(cast.actor("outsider"), found).shown == 0


def test_the_records_of_each_kind_open(cast):
    talk(cast)
    head = cast.actor("head")
    figures = summary(cast).figures
    assert queries.behind(head, figures["week_talks_done"]).contacts == tuple(Contact.objects.all())
    assert [one.name for one in queries.behind(head, figures["helpers"]).staff] == ["林岚"]
    assert queries.behind(head, figures["visits"]).shown == 0


def test_the_number_of_queries_does_not_grow_with_the_rows(cast):
    def queries_made():
        with CaptureQueriesContext(
            connection,
        ) as made:
            overview(cast)
        return len(made)

    talk(cast)
    before = queries_made()
    for number in range(6):
        student = cast.add_student(f"同学{number}", cast.class_two, "key")
        pair(cast, student, "other_teacher")
    assert queries_made() == before


def test_every_definition_says_what_it_counts(cast):
    for definition in DEFINITIONS.values():
        assert str(definition.means).endswith("。") and not any(
            word in str(definition.means) for word in ("学困", "贫困", "排查")
        )


def test_the_overview_and_the_summary_go_on_in_the_holidays(cast, at_school):
    at_school.move_to(moment(2, 3).replace(year=2027))
    talk(cast, kind="call", channel="phone", body={"said": "都好", "safety": "防溺水"})
    seen, told = overview(cast), summary(cast)
    assert seen.week is None and seen.figures["week_talks_asked"].value is None
    assert seen.figures["silent"].value == 1, "the call of the holidays is heard"
    for figure in seen.figures.rows:
        assert told.figures[figure.code] == figure
    parts = [told.figures[f"holiday_talk.{part}"].value for part in ("asked", "done", "open", "missing")]
    assert parts == [1, 1, 0, 0]


def test_what_was_done_late_is_done_and_no_longer_missing(cast):
    before = summary(cast).figures["book.missing"].value
    talk(cast, kind="book", body={"title": "草房子"}, happened_at=moment(11, 24))
    told = summary(cast).figures
    parts = [told[f"book.{part}"].value for part in ("asked", "done", "later", "open", "missing")]
    assert before == 1 and parts == [1, 1, 1, 0, 0]
