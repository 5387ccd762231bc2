"""Figures of the overview and the summary: Wednesday 2026-11-25, teaching week 12."""

import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.promised import pair, talk

from tongxing.care.contacts.models import Contact
from tongxing.care.programme.plan_actions import Because, besides
from tongxing.care.programme.versions import Terms
from tongxing.care.screening.actions import run_round
from tongxing.care.screening.queries import coverage
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Registration, Term
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.behind import behind
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


def test_a_pair_confirmed_by_mistake_counts_only_until_it_is_ended_the_same_day(cast):
    slip = pair(cast, cast.students.normal, "other_teacher", starts_on=clock.today())
    slip.confirmed_at = moment(11, 25, 17)
    slip.ends_on, slip.ended_at = slip.starts_on, moment(11, 25, 19)
    slip.save()
    before, after = (overview(cast, as_of=moment(11, 25, hour)).figures for hour in (18, 20))
    assert (before["paired"].value, after["paired"].value) == (2, 1)
    waiting = behind(cast.actor("head"), after["unpaired"])
    assert [student for student, _times in waiting.students] == [cast.students.normal]
    assert not waiting.helpers


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
    seen = {
        role: {student.name for student, _times in behind(cast.actor(role), found.figure).students}
        for role in ("head", "helper", "outsider")
    }
    assert seen == {"head": {"周晓禾", "孟宇航"}, "helper": {"周晓禾"}, "outsider": set()}


def test_the_records_of_each_kind_open(cast):
    talk(cast)
    head = cast.actor("head")
    figures = summary(cast).figures
    assert behind(head, figures["week_talks_done"]).contacts == tuple(Contact.objects.all())
    (helper,) = behind(head, figures["helpers"]).staff
    assert (helper[0].name, [student.name for student in helper[1]]) == ("林岚", ["周晓禾"])
    assert behind(head, figures["visits"]).shown == 0


def test_every_figure_lists_as_many_records_as_it_counts(cast):
    """A duty asked of one student in twelve weeks is twelve lines, each with its week and how it stands."""
    talk(cast)
    head, school, now = cast.actor("head"), cast.school, clock.now()
    for figure in summary(cast).figures.rows:
        found = queries.figure(head, school, cast.term, figure.code, now)
        assert found.figure == figure
        assert behind(head, found.figure, found.duties).shown == (figure.value or 0), figure.code
    missing = queries.figure(head, school, cast.term, "talk.missing", now)
    lines = behind(head, missing.figure, missing.duties).duties
    assert {line.duty.state for line in lines} == {"overdue"}
    assert [line.duty.weeks for line in lines] == [(number,) for number in range(1, 12)]


def test_every_cell_of_the_map_opens_its_talks(cast):
    talk(cast, happened_at=moment(11, 17), recorded_at=moment(11, 18))
    talk(cast, happened_at=moment(11, 10), recorded_at=moment(11, 24))
    for row in overview(cast).map.rows:
        for cell in row.cells:
            asked, done = (
                queries.figure(
                    cast.actor("head"),
                    cast.school,
                    cast.term,
                    f"week_talks_{part}",
                    clock.now(),
                    row.class_id,
                    cell.week,
                ).figure.value
                for part in ("asked", "done")
            )
            assert (done, asked) == (cell.done, cell.asked)


def test_a_class_has_the_same_figures_for_its_teacher_and_the_head(cast):
    talk(cast)
    for role, one in (("class_teacher", cast.class_one), ("other_class_teacher", cast.class_two)):
        mine, heads = (
            queries.overview(cast.actor(who), cast.school, cast.term, clock.now(), one.pk)
            for who in (role, "head")
        )
        assert mine.figures == heads.figures


def test_a_class_where_nobody_is_registered_has_none_and_a_school_without_a_register_does_not_know(cast):
    def registered():
        found = queries.overview(
            cast.actor("other_class_teacher"), cast.school, cast.term, clock.now(), cast.class_two.pk
        )
        return found.figures["registered"].value

    assert registered() == 0
    Registration.objects.all().delete()
    assert registered() is None


def test_the_classes_together_are_the_school(cast):
    talk(cast)
    for figure in overview(cast).figures.rows:
        of_classes = [
            queries.overview(cast.actor("head"), cast.school, cast.term, clock.now(), one.pk).figures[
                figure.code
            ]
            for one in (cast.class_one, cast.class_two)
        ]
        assert sorted(record for one in of_classes for record in one.records) == sorted(figure.records)


@pytest.mark.parametrize("role", ["class_teacher", "deputy"])
def test_the_map_is_for_head_and_coordinator(cast, role):
    found = queries.overview(cast.actor(role), cast.school, cast.term, clock.now(), cast.class_one.pk)
    assert found.map is None and found.figures["registered"].value == 2
    for leader in ("head", "coordinator"):
        assert overview(cast, leader).map is not None


def test_a_class_teacher_gets_neither_the_school_nor_another_class(cast):
    for class_id in (None, cast.class_two.pk):
        with pytest.raises(NotAllowed):
            queries.overview(cast.actor("class_teacher"), cast.school, cast.term, clock.now(), class_id)


def test_a_class_teachers_figures_hold_no_child_of_another_class_even_as_its_helper(cast):
    cast.grant("class_teacher", "helper", student=cast.students.plain)
    found = queries.overview(
        cast.actor("class_teacher"), cast.school, cast.term, clock.now(), cast.class_one.pk
    )
    assert found.figures["enrolled"].value == 2


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


def test_what_single_students_are_promised_besides_counts_together_and_names_nothing(cast, at_school):
    assert "plans.asked" not in {figure.code for figure in summary(cast).figures.rows}
    besides(
        cast.actor("head"),
        student=cast.students.key,
        client_id=uuid4(),
        terms=Terms("陪读", "week", topics=("tutoring",)),
        because=Because("父母年前回不来", datetime.date(2027, 1, 4)),
    )
    at_school.move_to(moment(12, 9))
    told = summary(cast)
    parts = [told.figures[f"plans.{part}"].value for part in ("asked", "done", "open", "missing")]
    assert parts == [2, None, 1, 1] and "陪读" not in str(told.as_json())
    missing = sum(told.figures[f"{promise.code}.missing"].value for promise in told.promises)
    assert overview(cast).figures["missing"].value == missing


def test_who_was_called_in_the_break_is_not_silent_when_the_next_term_begins(cast, at_school):
    spring = Term.objects.create(
        school=cast.school,
        year=cast.year,
        number=2,
        starts_on=datetime.date(2027, 2, 22),
        ends_on=datetime.date(2027, 7, 9),
        week_one=datetime.date(2027, 2, 22),
    )
    at_school.move_to(moment(2, 24).replace(year=2027))
    called = moment(2, 19).replace(year=2027)
    talk(cast, kind="call", channel="phone", body={"said": "都好"}, happened_at=called)
    seen = queries.overview(cast.actor("head"), cast.school, spring, clock.now())
    assert [number for _model, number in seen.figures["silent"].records] == [cast.students.normal.pk]
